// What exists before a module has run: functions, uninitialised bindings, cycles.

import { conform } from './conform.js';

const early = (declaration, name = 'it') => `
  import './early.mjs'; log('main runs'); ${declaration} log('main ran');
  --- early.mjs
  import * as ns from './main.mjs'; import { ${name} as named } from './main.mjs';
  attempt('value', () => describe(named)); attempt('typeof', () => typeof named); attempt('member', () => describe(ns.${name}));
  attempt('call', () => String(named()));
  attempt('in', () => '${name}' in ns); attempt('object', () => describe({ named }.named));
  attempt('later', () => setTimeout(() => attempt('at last', () => describe(named))) && 0);`;

conform('hoisting', {
  '16.2.1.7 InitializeEnvironment, read before the module has run': {
    'a function': early('export function it() { return 1; }'),
    'a generator': early('export function* it() { yield 1; }'),
    'an async function': early('export async function it() {}'),
    'an async generator': early('export async function* it() {}'),
    'a class': early('export class it {}'),
    'a const': early('export const it = 1;'),
    'a let': early('export let it = 1;'),
    'a let without value': early('export let it;'),
    'a var': early('export var it = 1;'),
    'a destructured const': early('export const { it } = { it: 1 };'),
    'a destructured var': early('export var [it] = [1];'),
    'a function exported by a list': early('function own() { return 1; } export { own as it };'),
    'a const exported by a list': early('const own = 1; export { own as it };'),
    'a default function': early('export default function () { return 1; }', 'default'),
    'a default named function': early('export default function named() { return 1; }', 'default'),
    'a default generator': early('export default function* () {}', 'default'),
    'a default async function': early('export default async function () {}', 'default'),
    'a default class': early('export default class {}', 'default'),
    'a default expression': early('export default 1;', 'default'),
    'a default arrow': early('export default () => 1;', 'default'),
    'a default function in parentheses': early('export default (function () {});', 'default'),
    'a namespace of another module': early("export * as it from './other.mjs';") + '\n--- other.mjs\nexport const x = 1;',
    'an import that is exported': early("import { x as it } from './other.mjs'; export { it };") + '\n--- other.mjs\nexport const x = 1;',
    'a function that is assigned later': early('export function it() { return 1; } it = () => 2;'),
    'a var that is declared twice': early('export var it = 1; var it = 2;'),
    'a function declared in a block': early('export let it = 0; { function it2() {} it = it2; }'),
  },
  '10.4.6.5 [[GetOwnProperty]] of an uninitialised binding': {
    'const': `
      import './early.mjs'; export const it = 1;
      --- early.mjs
      import * as ns from './main.mjs'; attempt('own', () => Object.hasOwn(ns, 'it'));
      attempt('descriptor', () => Object.getOwnPropertyDescriptor(ns, 'it'));
      attempt('keys', () => Object.keys(ns)); attempt('ownKeys', () => Reflect.ownKeys(ns).length);
      attempt('spread', () => ({ ...ns })); attempt('json', () => JSON.stringify(ns)); attempt('for in', () => { for (const key in ns) log(key); });
      attempt('enumerable', () => Object.prototype.propertyIsEnumerable.call(ns, 'it')); attempt('entries', () => Object.entries(ns));
      attempt('define', () => Reflect.defineProperty(ns, 'it', { value: 1 })); attempt('set', () => Reflect.set(ns, 'it', 1));
      attempt('delete', () => Reflect.deleteProperty(ns, 'it')); attempt('frozen', () => Object.isFrozen(ns)); attempt('sealed', () => Object.isSealed(ns));
      attempt('freeze', () => Object.freeze(ns)); attempt('seal', () => Object.seal(ns)); attempt('names', () => Object.getOwnPropertyNames(ns));
      attempt('assign', () => Object.assign({}, ns)); attempt('has', () => Reflect.has(ns, 'it')); attempt('get', () => Reflect.get(ns, 'it'));
      attempt('pattern', () => { const { it } = ns; }); attempt('rest', () => { const { ...it } = ns; });`,
  },
  '10.4.6.5 and .8, in a cycle': {
    'for in over names without a value begins with no name': `
      import './early.mjs'; export const x = 1; export default function () {}
      --- early.mjs
      import * as ns from './main.mjs'; try { for (const key in ns) log(key); } catch (error) { log(error); }`,
    'a var through a star of a module that has not run': `
      import './early.mjs'; export * from './late.mjs';
      --- early.mjs
      import * as ns from './main.mjs'; import { v } from './main.mjs'; attempt('member', () => ns.v); attempt('name', () => v); attempt('function', () => ns.f());
      --- late.mjs
      export var v = 1; export function f() { return v; }`,
    'names through a package that has not run': `
      import './early.mjs'; import { p } from 'dep'; export { p };
      --- early.mjs
      import * as dep from 'dep'; import * as ns from './main.mjs'; attempt('keys', () => Reflect.ownKeys(ns).length); attempt('p', () => ns.p); log(dep.p);
      --- node_modules/dep/package.json
      { "type": "module", "exports": "./index.js" }
      --- node_modules/dep/index.js
      log('dep'); export let p = 1;`,
  },
  'order of evaluation in cycles': {
    'two modules, entered at the first': `
      import './a.mjs'; log('main');
      --- a.mjs
      import { b } from './b.mjs'; log('a', b); export const a = 'A';
      --- b.mjs
      import { a } from './a.mjs'; attempt('b', () => a); export const b = 'B';`,
    'two modules, entered at the second': `
      import './b.mjs'; log('main');
      --- a.mjs
      import { b } from './b.mjs'; attempt('a', () => b); export const a = 'A';
      --- b.mjs
      import { a } from './a.mjs'; attempt('b', () => a); export const b = 'B';`,
    'a triangle with a tail': `
      import './a.mjs'; log('main');
      --- a.mjs
      import './b.mjs'; log('a');
      --- b.mjs
      import './c.mjs'; log('b');
      --- c.mjs
      import './a.mjs'; import './tail.mjs'; log('c');
      --- tail.mjs
      log('tail');`,
    'functions call each other over a cycle before their modules ran': `
      import { even } from './even.mjs'; log(even(10));
      --- even.mjs
      import { odd } from './odd.mjs'; export function even(n) { return n === 0 || odd(n - 1); } log('even runs', odd(3));
      --- odd.mjs
      import { even } from './even.mjs'; export function odd(n) { return n !== 0 && even(n - 1); } log('odd runs', even(3));`,
    'a hoisted function reads an uninitialised binding of its module': `
      import './b.mjs'; let state = 1; export function read() { return state; } log(read());
      --- b.mjs
      import { read } from './main.mjs'; attempt('read', read);`,
    'a hoisted function writes a var of its module': `
      import './b.mjs'; log(state); var state; export function write(value) { state = value; } log(state);
      --- b.mjs
      import { write } from './main.mjs'; write('by b');`,
    'a class extends one over a cycle': `
      import { Base } from './base.mjs'; import { Derived } from './derived.mjs'; log(new Derived() instanceof Base);
      --- base.mjs
      import { Derived } from './derived.mjs'; export class Base { make() { return new Derived(); } }
      --- derived.mjs
      import { Base } from './base.mjs'; attempt('typeof', () => typeof Base);
      attempt('class', () => class extends Base {}); export const Derived = class { static x = 1; };`,
    'a class extends one over a cycle, entered at the wrong end': `
      import './base.mjs';
      --- base.mjs
      import { Derived } from './derived.mjs'; export class Base {}
      --- derived.mjs
      import { Base } from './base.mjs'; log('derived'); export class Derived extends Base {}`,
    're-exports in a cycle read before initialisation': `
      import './a.mjs'; export const late = 1;
      --- a.mjs
      import { late } from './index.mjs'; import * as ns from './index.mjs';
      attempt('import', () => late); attempt('member', () => ns.late); attempt('keys', () => Reflect.ownKeys(ns).length);
      attempt('Object.keys', () => Object.keys(ns)); attempt('other', () => ns.other);
      --- index.mjs
      export * from './main.mjs'; export { late as other } from './main.mjs';`,
    'a namespace of the module itself': `
      import * as self from './main.mjs'; attempt('early', () => self.value); attempt('fn', () => self.fn());
      export const value = 1; export function fn() { return 'called'; } log(self.value, self.self === self); export { self };`,
    'an import of the module itself': `
      import { value as mine, fn as f, default as d } from './main.mjs';
      attempt('early', () => mine); attempt('typeof', () => typeof mine); attempt('fn', () => f()); attempt('d', () => d);
      export let value = 1; export function fn() { return 'called'; } export default 5; log(mine, d); value = 2; log(mine);`,
    'a module that imports itself for side effects runs once': `
      import './main.mjs'; import './main.mjs'; log('main');`,
    'a default function of the module itself': `
      import me from './main.mjs'; log(me.name, me()); export default function () { return 'me'; }`,
  },
  '9.4.1 uninitialised bindings': {
    'assigning to a const of another module before it is initialised': `
      import './b.mjs'; export const c = 1; export let l = 1;
      --- b.mjs
      import { c, l } from './main.mjs'; try { c = 1; } catch (error) { log(error); } try { l = 1; } catch (error) { log(error); }
      try { l++; } catch (error) { log(error); } try { l += 1; } catch (error) { log(error); }
      try { l ??= 1; } catch (error) { log(error); } try { typeof l; } catch (error) { log(error); }
      try { [l] = [1]; } catch (error) { log(error); }`,
    'a module that threw leaves its bindings uninitialised': `
      import { b } from './b.mjs'; const read = () => b; export { read };
      --- b.mjs
      import * as ns from './main.mjs'; globalThis.kept = ns; throw new Error('b throws'); export const b = 1;`,
    'a closure over an uninitialised import of a failed module': `
      const error = await import('./a.mjs').catch((e) => e); log(error); attempt('read', globalThis.reader); attempt('again', globalThis.readerX);
      --- a.mjs
      import './b.mjs'; import { b } from './c.mjs'; export let x = 1;
      --- b.mjs
      import { b } from './c.mjs'; import { x } from './a.mjs'; globalThis.reader = () => b; globalThis.readerX = () => x;
      --- c.mjs
      import './b.mjs'; log('c'); throw new Error('c'); export let b = 1;`,
    'default parameters that read an uninitialised import': `
      import './b.mjs'; export const value = 'ready';
      --- b.mjs
      import { value } from './main.mjs'; function f(v = value) { return v; } attempt('f', f); attempt('f(1)', () => f(1)); setTimeout(() => attempt('later', f));`,
    'a class field that reads an uninitialised import': `
      import './b.mjs'; export const value = 'ready';
      --- b.mjs
      import { value } from './main.mjs'; class A { field = value; } attempt('new', () => new A().field);
      attempt('static', () => class { static own = value; }); attempt('computed', () => class { [value] = 1; });
      setTimeout(() => attempt('later', () => new A().field));`,
    'destructuring defaults that read an uninitialised import': `
      import './b.mjs'; export const value = 'ready';
      --- b.mjs
      import { value } from './main.mjs'; attempt('object', () => { const { a = value } = {}; return a; });
      attempt('unused', () => { const { a = value } = { a: 1 }; return a; });`,
    'logical operators do not read what they skip': `
      import './b.mjs'; export const value = 'ready';
      --- b.mjs
      import { value } from './main.mjs'; attempt('and', () => false && value); attempt('or', () => true || value);
      attempt('coalesce', () => 1 ?? value); attempt('conditional', () => (true ? 1 : value)); attempt('comma', () => (value, 1));
      attempt('chain', () => value?.x); attempt('call', () => value?.()); attempt('void', () => void value); attempt('delete', () => delete value.x);`,
  },
});
