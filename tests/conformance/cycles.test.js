// Cycles of modules with modules of other kinds in between, and cycles that fail.

import { conform } from './conform.js';

const cjs = `--- c.cjs
log('c runs'); exports.a = 'a'; exports.f = () => 1;
`;
const pkg = `--- node_modules/dep/package.json
{ "type": "module", "exports": "./index.js" }
--- node_modules/dep/index.js
log('dep runs'); export let p = 1; export const f = () => 2;
`;
const thrower = `--- node_modules/dep/package.json
{ "type": "module", "exports": "./index.js" }
--- node_modules/dep/index.js
log('dep'); globalThis.begin?.(); throw new Error('dep throws');
`;
const turns = 'let turn; globalThis.begin = async () => { for (turn = 0; turn < 40; turn++) await null; };';

/** A module of a cycle uses a namespace that another one passes on, which imports it later. @param {string} passingOn @param {string} [files] */
const passedOn = (passingOn, files = '') => `
import './index.mjs'; log('main');
--- index.mjs
import './a.mjs'; ${passingOn}
--- a.mjs
import { other } from './index.mjs'; import * as index from './index.mjs';
attempt('a', () => [typeof other, other[Symbol.toStringTag], Object.keys(other).length > 0, index.other === other]);
setTimeout(() => attempt('later', () => [other.sep, other.one, index.other === other]));
${files}`;
const commonJs = "--- c.cjs\nlog('c'); exports.one = 1;\n";
const commonJsPackage = '--- node_modules/dep/package.json\n{ "main": "./index.js" }\n--- node_modules/dep/index.js\nlog(\'dep\'); exports.one = 1;\n';
const modulePackage = '--- node_modules/dep/package.json\n{ "type": "module", "exports": "./index.js" }\n--- node_modules/dep/index.js\nlog(\'dep\'); export const one = 1;\n';

conform('cycles', {
  '16.2.1.6 InnerModuleEvaluation and synthetic modules': {
  'CommonJS that has not run, in a namespace': `
import { m } from './m4.mjs'; import * as n from './m4.mjs'; log(describe(n));
--- m3.mjs
import * as ns from './m4.mjs'; attempt('ns', () => Object.keys(ns)); attempt('a', () => ns.a); attempt('f', () => typeof ns.f); attempt('all', () => describe(ns)); export const late = () => describe(ns);
--- m4.mjs
import { late } from './m3.mjs'; import { a } from './c.cjs'; export { a, f } from './c.cjs'; log('m4', a, late()); export const m = 1;
${cjs}`.replace("export { a, f } from './c.cjs'; log", "export { f } from './c.cjs'; export { a }; log"),
  'CommonJS that has not run, by name': `
import { m } from './m4.mjs';
--- m3.mjs
import { a, f as g } from './m4.mjs'; attempt('a', () => a); attempt('f', () => typeof g); attempt('call', () => g()); export const late = () => [a, typeof g, g()];
--- m4.mjs
import { late } from './m3.mjs'; import { a } from './c.cjs'; export { f } from './c.cjs'; export { a }; attempt('m4', () => late()); export const m = 1;
${cjs}`,
  'a package that has not run, by name': `
import { m } from './m4.mjs';
--- m3.mjs
import { p, f as g } from './m4.mjs'; attempt('p', () => p); attempt('f', () => typeof g); attempt('call', () => g()); export const late = () => [p, typeof g, g()];
--- m4.mjs
import { late } from './m3.mjs'; import { p } from 'dep'; export { f } from 'dep'; export { p }; attempt('m4', () => late()); export const m = 1;
${pkg}`,
  'a package that has not run, in a namespace': `
import { m } from './m4.mjs'; import * as n from './m4.mjs'; log(describe(n));
--- m3.mjs
import * as ns from './m4.mjs'; attempt('ns', () => Object.keys(ns)); attempt('a', () => ns.p); attempt('f', () => typeof ns.f); attempt('all', () => describe(ns)); export const late = () => describe(ns);
--- m4.mjs
import { late } from './m3.mjs'; import { p } from 'dep'; export { f } from 'dep'; export { p }; log('m4', p, late()); export const m = 1;
${pkg}`,
  'a namespace of a package that has not run': `
import { m } from './m4.mjs'; import * as n from './m4.mjs'; log(describe(n));
--- m3.mjs
import * as ns from './m4.mjs'; attempt('ns', () => Object.keys(ns)); attempt('a', () => Object.keys(ns.p)); attempt('all', () => describe(ns)); export const late = () => describe(ns);
--- m4.mjs
import { late } from './m3.mjs'; export * as p from 'dep'; attempt('m4', () => late()); export const m = 1;
${pkg}`,
  'JSON that has not run': `
import { m } from './m4.mjs';
--- m3.mjs
import { p } from './m4.mjs'; attempt('p', () => p); export const late = () => [p];
--- m4.mjs
import { late } from './m3.mjs'; import p from './j.json' with { type: 'json' }; export { p }; attempt('m4', () => late()); export const m = 1;
--- j.json
{ "a": 1 }`,
  'CommonJS that leads back': `
import { m } from './m4.mjs';
--- m4.mjs
import c, { a } from './c.cjs'; log(a, c); export const m = 1;
--- c.cjs
exports.a = 1; import('./m4.mjs').then((ns) => log('later', ns.m)); log('c');`,
  'a builtin that is passed on': `
import { m } from './m4.mjs';
--- m3.mjs
import { p } from './m4.mjs'; attempt('p', () => typeof p); export const late = () => [p];
--- m4.mjs
import { late } from './m3.mjs'; import { isIPv4 as p } from 'node:net'; export { p }; attempt('m4', () => typeof late()); export const m = 1;`,
  'a package throws below a cycle': `
await import('./m0.mjs').catch((e) => log('1', e)); await import('./m2.mjs').catch((e) => log('2', e)); await import('./m3.mjs').catch((e) => log('3', e)); await import('./m1.mjs').catch((e) => log('4', e)); await import('./m5.mjs').catch((e) => log('5', e));
--- m0.mjs
import './m2.mjs'; import './m1.mjs'; import './m5.mjs'; log('m0');
--- m1.mjs
import 'dep'; log('m1');
--- m2.mjs
import './m3.mjs'; log('m2');
--- m3.mjs
import './m0.mjs'; log('m3');
--- m5.mjs
log('m5');
--- node_modules/dep/package.json
{ "type": "module", "exports": "./index.js" }
--- node_modules/dep/index.js
log('dep'); throw new Error('dep throws');`,
  'a module throws below a cycle': `
await import('./m0.mjs').catch((e) => log('1', e)); await import('./m2.mjs').catch((e) => log('2', e)); await import('./m3.mjs').catch((e) => log('3', e)); await import('./m1.mjs').catch((e) => log('4', e)); await import('./m5.mjs').catch((e) => log('5', e)); await import('./m6.mjs').catch((e) => log('6', e));
--- m0.mjs
import './m2.mjs'; import './m1.mjs'; import './m5.mjs'; log('m0');
--- m1.mjs
throw new Error('m1');
--- m2.mjs
import './m3.mjs'; log('m2');
--- m3.mjs
import './m0.mjs'; log('m3');
--- m5.mjs
log('m5');
--- m6.mjs
import './m7.mjs'; import './m0.mjs'; import './m8.mjs'; log('m6');
--- m7.mjs
log('m7');
--- m8.mjs
log('m8');`,
  'another entry to a failed cycle': `
await import('./a.mjs').catch((e) => log('1', e)); await import('./c.mjs').catch((e) => log('2', e));  await import('./d.mjs').catch((e) => log('3', e)); await import('./e.mjs').catch((e) => log('4', e)); await import('./f.mjs').catch((e) => log('5', e));
--- a.mjs
import './b.mjs'; import './x.mjs'; log('a');
--- b.mjs
import './c.mjs'; import './t.mjs'; import './y.mjs'; log('b');
--- c.mjs
import './z.mjs'; import './a.mjs'; import './late.mjs'; log('c');
--- d.mjs
import './y.mjs'; import './b.mjs'; import './w.mjs'; log('d');
--- e.mjs
import './w.mjs'; import './c.mjs'; log('e');
--- f.mjs
import './x.mjs'; log('f');
--- t.mjs
throw new Error('t');
--- late.mjs
log('late');
--- w.mjs
log('w');
--- x.mjs
log('x');
--- y.mjs
log('y');
--- z.mjs
log('z');`,
  'a var passed on in a cycle': `
import { x } from './m1.mjs'; log(x); import('./m2.mjs').then((ns) => log(describe(ns))); import * as m2 from './m2.mjs'; log(m2.r); export const main = 1;
--- m1.mjs
import { y } from './m2.mjs'; export var x = 'x'; log(y);
--- m2.mjs
export { x as r } from './m1.mjs'; export const y = 'y'; import('./m2.mjs').then((ns) => log(describe(ns))); setTimeout(() => import('./m2.mjs').then((ns) => log(describe(ns))));`,
  },
  '16.2.1.6 Evaluate, a package that throws': {
    'modules that wait for another package do not run': `
await import('./root.mjs').catch((e) => log('failed', e)); await new Promise((done) => setTimeout(done, 60));
--- root.mjs
import './waits.mjs'; import './fails.mjs'; log('root');
--- waits.mjs
import 'slow'; import './fails.mjs'; import './root.mjs'; log('never');
--- fails.mjs
import './root.mjs'; import './waits.mjs'; import 'dep'; log('never');
--- node_modules/slow/package.json
{ "type": "module", "exports": "./index.js" }
--- node_modules/slow/index.js
await 0; log('slow');
${thrower}`,
    'the turn in which it is told': `
${turns} await import('./root.mjs').catch((e) => log('failed', e, turn)); await import('./root.mjs').catch((e) => log('again', e));
--- root.mjs
import 'dep'; log('never');
${thrower}`,
    'the turn in which it is told, behind a module': `
${turns} await import('./root.mjs').catch((e) => log('failed', e, turn));
--- root.mjs
import './first.mjs'; import 'dep'; log('never');
--- first.mjs
log('first'); globalThis.begin(); export const x = 1;
${thrower}`,
    'CommonJS that throws, beside a module that waits': `
await import('./root.mjs').catch((e) => log('failed', e)); await new Promise((done) => setTimeout(done, 60)); await import('./root.mjs').catch((e) => log('again', e));
--- root.mjs
import './waits.mjs'; import './c.cjs'; log('never');
--- waits.mjs
await 0; log('waits'); await 0; log('ends');
--- c.cjs
log('c'); throw new Error('c throws');`,
  },
  '16.2.1.6.4 InitializeEnvironment: namespaces are there when modules are linked': {
    'that of a builtin, exported': passedOn("export * as other from 'node:path';"),
    'that of a builtin, imported and exported': passedOn("import * as other from 'node:path'; export { other };"),
    'that of CommonJS, exported': passedOn("export * as other from './c.cjs';", commonJs),
    'that of CommonJS, imported and exported': passedOn("import * as other from './c.cjs'; export { other };", commonJs),
    'that of a CommonJS package': passedOn("import * as other from 'dep'; export { other };", commonJsPackage),
    'that of a package': passedOn("export * as other from 'dep';", modulePackage),
    'that of a package, imported and exported': passedOn("import * as other from 'dep'; export { other };", modulePackage),
    'names of several stars': `
import { u } from './index.mjs'; log(u());
--- index.mjs
export * from './u.mjs'; export * from 'node:url'; export * from 'node:path'; export * from './c.cjs';
--- u.mjs
import { join, one } from './index.mjs'; export const u = () => [join('a', 'b'), one]; log('u'); attempt('join', () => typeof join);
${commonJs}`,
    'those of both': passedOn("import * as other from 'dep'; export { other }; export * as path from 'node:path'; import * as c from './c.cjs'; export { c };", modulePackage + commonJs),
  },
});
