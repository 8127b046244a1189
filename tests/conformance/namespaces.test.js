// Module namespace exotic objects (10.4.6 and 28.3).

import { conform } from './conform.js';

const plainModule = `
--- ns.mjs
export const b = 2, a = 1; export function f() {} export default 'd'; export { b as 'with space', a as 'é', a as '10', b as '9', a as '𝒳', f as B };
`;
const liveModule = `
--- ns.mjs
export let b = 2, a = 1; export function f() {} export default 'd'; export { b as 'with space', a as 'é', a as '10', b as '9', a as '𝒳', f as B };
export { set as zz }; const set = (value) => { a = b = value; }; set(1); export let hidden = 0; setTimeout(() => { hidden = 1; });
`;

/** Each expression on a namespace of constants, on one whose bindings change, and on one of the module itself. */
function each(expressions) {
  const cases = {};
  for (const expression of expressions) {
    const body = `{ const tag = Symbol.toStringTag; attempt('result', () => (${expression})); }`;
    cases[expression] = `import * as ns from './ns.mjs'; ${body} ${plainModule}`;
    cases[`${expression}, changing`] = `import * as ns from './ns.mjs'; ${body} ns.zz?.(5); ${body} ${liveModule}`;
  }
  return cases;
}

conform('namespaces', {
  '10.4.6.1 and .2, prototype': each([
    'Object.getPrototypeOf(ns)',
    'Reflect.getPrototypeOf(ns)',
    'Reflect.setPrototypeOf(ns, null)',
    'Reflect.setPrototypeOf(ns, {})',
    'Object.setPrototypeOf(ns, null) === ns',
    'Object.setPrototypeOf(ns, {})',
    'ns.__proto__',
    'ns instanceof Object',
    'ns instanceof Function',
    'Object.prototype.isPrototypeOf(ns)',
    '`${ns}`',
    'ns + 1',
    'String(ns)',
    'Object.prototype.toString.call(ns)',
    'ns.toString',
    'ns == ns && ns === Object(ns)',
  ]),
  '10.4.6.3 and .4, extensibility': each([
    'Object.isExtensible(ns)',
    'Reflect.isExtensible(ns)',
    'Reflect.preventExtensions(ns)',
    'Object.preventExtensions(ns) === ns',
    'Object.isFrozen(ns)',
    'Object.isSealed(ns)',
    'Object.seal(ns) === ns',
    'Object.freeze(ns)',
  ]),
  '10.4.6.5 [[GetOwnProperty]]': each([
    "Object.getOwnPropertyDescriptor(ns, 'a')",
    "Object.getOwnPropertyDescriptor(ns, 'default')",
    "Object.getOwnPropertyDescriptor(ns, 'nothing')",
    'Object.getOwnPropertyDescriptor(ns, tag)',
    "Reflect.getOwnPropertyDescriptor(ns, '9')",
    'Reflect.getOwnPropertyDescriptor(ns, 10)',
    'Object.keys(Object.getOwnPropertyDescriptors(ns))',
    "Object.hasOwn(ns, 'a') && Object.prototype.hasOwnProperty.call(ns, 'é')",
    "Object.hasOwn(ns, 'toString')",
    "Object.prototype.propertyIsEnumerable.call(ns, 'a')",
    'Object.prototype.propertyIsEnumerable.call(ns, tag)',
  ]),
  '10.4.6.6 [[DefineOwnProperty]]': each([
    "Reflect.defineProperty(ns, 'a', {})",
    "Reflect.defineProperty(ns, 'a', { value: ns.a })",
    "Reflect.defineProperty(ns, 'a', { value: 99 })",
    "Reflect.defineProperty(ns, 'a', { value: ns.a, writable: true, enumerable: true, configurable: false })",
    "Reflect.defineProperty(ns, 'a', { writable: false })",
    "Reflect.defineProperty(ns, 'a', { enumerable: false })",
    "Reflect.defineProperty(ns, 'a', { configurable: true })",
    "Reflect.defineProperty(ns, 'a', { get() {} })",
    "Reflect.defineProperty(ns, 'a', { set: undefined })",
    "Reflect.defineProperty(ns, 'nothing', { value: 1 })",
    'Reflect.defineProperty(ns, tag, {})',
    "Reflect.defineProperty(ns, tag, { value: 'Module' })",
    "Reflect.defineProperty(ns, tag, { value: 'Other' })",
    'Reflect.defineProperty(ns, tag, { writable: true })',
    'Reflect.defineProperty(ns, Symbol.iterator, { value: 1 })',
    "Object.defineProperty(ns, 'a', { value: 99 })",
    "Object.defineProperty(ns, 'nothing', { value: 99 })",
    "Object.defineProperty(ns, 'a', { value: ns.a }) === ns",
    'Object.defineProperties(ns, { a: { value: ns.a }, nothing: { value: 1 } })',
  ]),
  '10.4.6.7 [[HasProperty]]': each([
    "['a' in ns, 'default' in ns, 'nothing' in ns, 'toString' in ns, tag in ns, Symbol.iterator in ns, '9' in ns, 9 in ns]",
    "[Reflect.has(ns, 'with space'), Reflect.has(ns, ''), Reflect.has(ns, 'then')]",
  ]),
  '10.4.6.8 [[Get]]': each([
    "[ns.a, ns['with space'], ns.é, ns[9], ns['10'], ns['𝒳'], ns[tag], ns.nothing, ns[Symbol.iterator], ns.default]",
    "Reflect.get(ns, 'a', {})",
    "Reflect.get(Object.create(ns), 'a')",
    'Object.create(ns).a',
    'Object.create(ns).nothing',
    '(({ a, default: d, nothing = 5, ...rest }) => [a, d, nothing, Object.keys(rest)])(ns)',
    'ns?.a + ns?.["b"]',
    'Reflect.get(ns, tag, null)',
  ]),
  '10.4.6.9 [[Set]]': each([
    "Reflect.set(ns, 'a', 1)",
    "Reflect.set(ns, 'nothing', 1)",
    'Reflect.set(ns, tag, 1)',
    "Reflect.set(ns, 'a', 1, {})",
    "Reflect.set({}, 'a', 1, ns)",
    "Reflect.set(Object.create(ns), 'a', 1)",
    'Object.create(ns).a = 1',
    'Object.create(ns).nothing = 1',
    'ns.a = 1',
    'ns.nothing = 1',
    'ns[9] = 1',
    'ns[Symbol.iterator] = 1',
    'Object.assign(ns, { a: 1 })',
    'Object.assign(ns, {}) === ns',
  ]),
  '10.4.6.10 [[Delete]]': each([
    'delete ns.a',
    'delete ns.nothing',
    'delete ns[9]',
    'delete ns[tag]',
    'delete ns[Symbol.iterator]',
    "Reflect.deleteProperty(ns, 'a')",
    "Reflect.deleteProperty(ns, 'nothing')",
    'Reflect.deleteProperty(ns, tag)',
  ]),
  '10.4.6.11 [[OwnPropertyKeys]]': each([
    'Reflect.ownKeys(ns)',
    'Object.keys(ns)',
    'Object.getOwnPropertyNames(ns)',
    'Object.getOwnPropertySymbols(ns)',
    'Object.values(ns).map(String)',
    'Object.entries(ns).map(String)',
    'Object.keys({ ...ns })',
    'Object.keys(Object.assign({}, ns))',
    '(() => { const keys = []; for (const key in ns) keys.push(key); return keys; })()',
    '(() => { const keys = []; for (const key in Object.create(ns)) keys.push(key); return keys; })()',
    'JSON.stringify(ns)',
    'JSON.stringify({ ns }, null, 1)',
    'Object.fromEntries(Object.entries(ns))',
    'structuredClone(ns)',
    '[...ns]',
    'Object.groupBy?.(Object.keys(ns), (k) => k.length)',
    'ns.length',
    'ns()',
    'new ns()',
    'ns.a.b.c',
    'Array.from(ns)',
    'new Set([ns, ns]).size + new WeakSet([ns]).has(ns)',
    'new Proxy(ns, {}).a',
    'Reflect.ownKeys(new Proxy(ns, {}))',
    'Reflect.apply(ns.f, ns, [])',
    'Array.isArray(ns)',
    'typeof ns',
  ]),
  'printed by Node': each([
    'ns',
    '[ns]',
    '({ ns, deep: { deeper: { deepest: ns } } })',
    "process.getBuiltinModule?.('util').inspect(ns, { compact: false })",
    "process.getBuiltinModule?.('util').inspect(ns, { showHidden: true })",
    "process.getBuiltinModule?.('util').inspect(ns, { depth: 0 })",
    "process.getBuiltinModule?.('util').inspect(ns, { showProxy: true })",
    "process.getBuiltinModule?.('util').format('%s %o %j %O %d', ns, ns, ns, ns, 1)",
    "process.getBuiltinModule?.('util').types.isModuleNamespaceObject(ns)",
    "process.getBuiltinModule?.('util').types.isProxy(ns)",
    "process.getBuiltinModule?.('util').isDeepStrictEqual(ns, { ...ns })",
    "process.getBuiltinModule?.('assert').deepStrictEqual(ns, ns)",
    "process.getBuiltinModule?.('v8').serialize(ns).length",
  ]),
});

conform('namespaces', {
  '16.2.1 GetModuleNamespace': {
    'one object on all ways': `
      import * as a from './x.mjs'; import * as b from './x.mjs'; import { ns } from './re.mjs'; import { own } from './x.mjs';
      log(a === b, a === ns, a === own, a === (await import('./x.mjs')), a === (await import('./sub/../x.mjs')));
      --- re.mjs
      export * as ns from './x.mjs';
      --- x.mjs
      export * as own from './x.mjs';`,
    'the object exists before the module has run': `
      import './early.mjs'; export const x = 1; export function f() {}
      --- early.mjs
      import * as ns from './main.mjs'; import { inspect, types } from 'node:util'; log(inspect(ns), types.isModuleNamespaceObject(ns));
      log(Object.prototype.toString.call(ns), Reflect.ownKeys(ns).length, Object.isExtensible(ns)); setTimeout(() => log(ns));`,
    'printing while uninitialised': `
      import { inspect } from 'node:util'; import * as self from './main.mjs'; log(inspect(self)); export let a = 1; log(inspect(self)); export const z = 2; export class C {} log(self);`,
    'a namespace of a JSON module': `
      import * as ns from './x.json' with { type: 'json' }; log(ns, Reflect.ownKeys(ns)); attempt('set', () => { ns.default = 1; });
      --- x.json
      { "a": 1 }`,
    'a namespace of a builtin': `
      import * as ns from 'node:path'; log(Object.keys(ns).length > 5, ns.default.join === ns.join, Object.prototype.toString.call(ns)); attempt('set', () => { ns.join = 1; });`,
    'a namespace of CommonJS': `
      import * as ns from './c.cjs'; log(Object.keys(ns), ns); attempt('set', () => { ns.a = 1; }); attempt('define', () => Object.defineProperty(ns, 'a', { value: 1 }));
      --- c.cjs
      exports.a = 1;`,
    'a nested namespace prints': `
      import * as ns from './re.mjs'; log(ns); log({ ns });
      --- re.mjs
      export * as inner from './x.mjs'; export const y = 1;
      --- x.mjs
      export const x = 1;`,
    'a namespace of itself prints': `
      import * as self from './main.mjs'; export { self }; export const v = 1; log(self);`,
    'a star and a name in one namespace': `
      import * as ns from './re.mjs'; log(ns); log(Object.keys(ns));
      --- re.mjs
      export * from './x.mjs'; export const b = 1;
      --- x.mjs
      export const a = 1, c = 3;`,
    'a namespace without names prints': `
      import * as ns from './x.mjs'; log(ns, JSON.stringify(ns), Object.keys(ns), { ...ns });
      --- x.mjs
      1;`,
    'a namespace over a star of a package': `
      import * as ns from './re.mjs'; import { v } from './re.mjs'; log(ns, Object.keys(ns), v); attempt('set', () => { ns.v = 1; });
      log(Object.getOwnPropertyDescriptor(ns, 'v'));
      --- re.mjs
      export * from 'dep'; export const mine = 1;
      --- node_modules/dep/package.json
      { "name": "dep", "type": "module", "exports": "./index.js" }
      --- node_modules/dep/index.js
      export const v = 1; export default 2;`,
    'a namespace with a binding of a package is passed on, and seen before': `
      import './early.mjs'; import * as ns from './outer.mjs'; log(ns); log((await import('./outer.mjs')).inner === ns.inner);
      --- early.mjs
      import * as inner from './inner.mjs'; import { types } from 'node:util'; log(types.isModuleNamespaceObject(inner), inner); attempt('set', () => { inner.missing = 1; });
      --- outer.mjs
      import './early.mjs'; export * as inner from './inner.mjs';
      --- inner.mjs
      export { v } from 'dep';
      --- node_modules/dep/package.json
      { "name": "dep", "type": "module", "exports": "./index.js" }
      --- node_modules/dep/index.js
      export let v = 1; export const set = (value) => { v = value; };`,
    'a namespace with a binding of a package is passed on only': `
      import * as ns from './outer.mjs'; import { types } from 'node:util'; log(ns, types.isModuleNamespaceObject(ns.inner)); attempt('set', () => { ns.inner.missing = 1; });
      --- outer.mjs
      export * as inner from './inner.mjs';
      --- inner.mjs
      export { v } from 'dep'; export * from 'dep';
      --- node_modules/dep/package.json
      { "name": "dep", "type": "module", "exports": "./index.js" }
      --- node_modules/dep/index.js
      export let v = 1; export const set = (value) => { v = value; };`,
    'a namespace with CommonJS that a cycle passes on': `
      import './end.mjs'; export * as inner from './inner.mjs'; export let x = 1;
      --- end.mjs
      import('./main.mjs').then((ns) => log(ns, ns.inner));
      --- inner.mjs
      import { x } from './main.mjs'; export { f } from './c.cjs';
      --- c.cjs
      exports.f = class {};`,
    'getters of exported objects are not called': `
      import * as ns from './x.mjs'; log(Object.keys(ns)); log(ns);
      --- x.mjs
      export const o = { get boom() { throw new Error('called'); } };`,
  },
});
