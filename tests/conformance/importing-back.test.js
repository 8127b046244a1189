// What Node imports of hot modules that are being evaluated: packages among it that are in a cycle with them, which the graph,
// that ends at packages, does not have.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runAsMain } from '../differential/as-main.js';

const skip = Number(process.versions.node.split('.')[0]) < 22 && 'Node 20 does not say what packages import: see docs/limits.md';

/** @param {string} name @param {string} text @param {Record<string, string>} [others] files of its folder */
function pkg(name, text, others = {}) {
  const files = { 'package.json': JSON.stringify({ name, type: 'module', exports: './p.js' }), 'p.js': `log('${name}');\n${text}\n`, ...others };
  return Object.fromEntries(Object.entries(files).map(([path, each]) => [`node_modules/${name}/${path}`, each]));
}

const registry = `import { register, makeDefault } from '../../MODULE.mjs'; import fallback, * as ns from '../../MODULE.mjs'; import './deep.js';
log(register('pkg'), fallback.name, typeof ns); export const seen = () => [ns.list.join(), ns.n, fallback(), new ns.Entry().name];`;
const deep = "import { register } from '../../MODULE.mjs'; log('deep', register('deep'));";

/** A module that a package registers with. */
const registering = `import { seen } from 'pkg';
export function register(name) { (list ??= []).push(name); return list.length; }
export var list; export let n = 1; export class Entry { name = 'entry'; } export default function makeDefault() { return n; } export { makeDefault };
log('MODULE', seen()); n = 2; log(seen()); setTimeout(() => { n = 3; list.push('late'); log(seen()); import('./MODULE.mjs').then((ns) => log(Object.keys(ns).join(), ns.n)); });
`;

/** @param {string} module */
const registeringIn = (module) => ({
  ...pkg('pkg', registry.replaceAll('MODULE', module), { 'deep.js': deep.replace('MODULE', module) }),
  [`${module}.mjs`]: registering.replaceAll('MODULE', module),
});

/** @type {Record<string, Record<string, string>>} */
const programs = {
  'the main module': registeringIn('main'),
  'a module below the main module': { ...registeringIn('a'), 'main.mjs': "import './first.mjs'; import * as a from './a.mjs'; log('main', a.n, a.list.length);\n", 'first.mjs': "log('first');\n" },
  'a main module with a top-level await': { ...registeringIn('a'), ...pkg('pkg', "import { f } from '../../main.mjs'; log(f()); export const p = 1; export const later = () => f();"), 'main.mjs': "import { p, later } from 'pkg'; let n = 1; export function f() { return typeof f; } await null; log('main', p, later(), n);\n" },
  'a package with a top-level await': { ...pkg('pkg', "import { f } from '../../main.mjs'; log(f()); await null; log(f()); export const p = 1;"), 'main.mjs': "import { p } from 'pkg'; export function f() { return 'f'; } log('main', p);\n" },
  'through a hot module that has run by then': {
    ...pkg('pkg', "import { one } from '../../b.mjs'; log(one()); export const p = 1;"),
    'main.mjs': "import { a, get } from './a.mjs'; log('main', a, get());\n",
    'a.mjs': "import { p } from 'pkg'; import { value } from './b.mjs'; export let a = p + 1; export function early() { return 'early'; } export const get = () => value(); log('a');\n",
    'b.mjs': "import { a, early } from './a.mjs'; log('b', early()); try { log(a); } catch (error) { log(error); } export function one() { return early(); } export const value = () => a;\n",
  },
  'a member of a cycle': {
    ...pkg('pkg', "import { early } from '../../b.mjs'; log(early()); export const p = 1; export const later = () => early();"),
    'main.mjs': "import './a.mjs'; log('main');\n",
    'a.mjs': "import { p, later } from 'pkg'; import { early } from './b.mjs'; export function a() { return 'a'; } log('a', p, later(), early());\n",
    'b.mjs': "import { a } from './a.mjs'; export function early() { return a(); } log('b');\n",
  },
  'a module that throws': {
    ...pkg('pkg', "import { f } from '../../a.mjs'; log(f()); export const p = 1; setTimeout(() => log('later', f()));"),
    'main.mjs': "import('./a.mjs').catch((error) => log(error)); import('./a.mjs').catch((error) => log(error));\n",
    'a.mjs': "import 'pkg'; export function f() { return 'f'; } throw new Error('a');\n",
  },
  'a package that throws': {
    ...pkg('pkg', "import { f } from '../../a.mjs'; log(f()); throw new Error('pkg');"),
    'main.mjs': "import('./a.mjs').catch((error) => log(error)); import('./a.mjs').catch((error) => log(error));\n",
    'a.mjs': "import 'pkg'; export function f() { return 'f'; } log('never');\n",
  },
  'of two packages': {
    ...pkg('one', "import { f } from '../../a.mjs'; import { g } from '../../b.mjs'; log(f(), g()); export const p = 1;"),
    ...pkg('two', "import { f } from '../../a.mjs'; import { g } from '../../b.mjs'; import { p } from 'one'; log(f(), g(), p); export const q = 1;"),
    'main.mjs': "import { f } from './a.mjs'; import { q } from 'two'; log('main', f(), q);\n",
    'a.mjs': "import { p } from 'one'; import { g } from './b.mjs'; export function f() { return 'f'; } log('a', p, g());\n",
    'b.mjs': "import { q } from 'two'; export function g() { return 'g'; } log('b', q);\n",
  },
};

/** What packages import that hot code imports later, or that waits. @type {Record<string, Record<string, string>>} */
const early = {
  'whose namespace hot code takes': {
    ...pkg('pkg', "import { config } from '../../config.mjs'; import * as ns from '../../config.mjs'; log(config.x); export const same = (other) => other === ns;"),
    'main.mjs': "import { same } from 'pkg'; import * as config from './config.mjs'; log('main', same(config), config.config);\n",
    'config.mjs': "log('config'); export const config = { x: 1 };\n",
  },
  'that needs a module which waits for the package': {
    ...pkg('pkg', "import { b } from '../../b.mjs'; export const q = 1; log('pkg', b);"),
    'main.mjs': "import('./a.mjs').catch((error) => log(error.message)); import './b.mjs';\n",
    'a.mjs': "import { q } from 'pkg'; export const a = 'A'; log('a', q);\n",
    'b.mjs': "import { a } from './a.mjs'; import { q } from 'pkg'; export let b = 'B'; try { b += a; } catch (error) { log(error.message); } log('b', typeof q);\n",
  },
  'by a package that a cycle sees before it runs': {
    ...pkg('dep', "import { h } from '../../h.mjs'; log(h); export const d = 1;"),
    ...pkg('below', 'export const below = 1;'),
    'main.mjs': "import './index.mjs'; import './h.mjs';\n",
    'index.mjs': "import './a.mjs'; export * as other from 'dep';\n",
    'a.mjs': "import { other } from './index.mjs'; import * as index from './index.mjs'; log(typeof other, typeof index); setTimeout(() => log(other.d));\n",
    'h.mjs': "import { below } from 'below'; log('h'); export const h = below + 1;\n",
  },
  'which passes on functions of others': {
    ...pkg('pkg', "import * as ns from '../../e.mjs'; attempt('g', () => [typeof ns.g, ns.g(), ns.f()]);"),
    'main.mjs': "import './e.mjs'; log('main');\n",
    'e.mjs': "import 'pkg'; export { g } from './g.mjs'; import { g as own } from './g.mjs'; export function f() { return own(); }\n",
    'g.mjs': "log('g'); export function g() { return 'g'; }\n",
  },
  'beside CommonJS that throws': {
    ...pkg('pkg', "log('never');"),
    'main.mjs': "import './c.cjs'; import 'pkg'; log('never');\n",
    'c.cjs': "console.log('c'); process.exitCode = 3; throw 'c';\n",
  },
  'which a package extends': {
    ...pkg('pkg', "import { Base } from '../../base.mjs'; export class Derived extends Base {} log(new Derived() instanceof Base);"),
    'main.mjs': "import 'pkg'; import * as base from './base.mjs'; log('main', Object.keys(base));\n",
    'base.mjs': "export class Base {} log('base');\n",
  },
  'with another package below it': {
    ...pkg('pkg', "import { value } from '../../later.mjs'; log(value);"),
    ...pkg('below', 'export const below = 1;'),
    'main.mjs': "import 'pkg'; import { value } from './later.mjs'; log('main', value);\n",
    'later.mjs': "import { below } from 'below'; import './more.mjs'; log('later'); export const value = below + 1;\n",
    'more.mjs': "import 'node:path'; log('more');\n",
  },
  'with a package below it that waits': {
    ...pkg('pkg', "import { value } from '../../later.mjs'; log(value);"),
    ...pkg('below', "await null; log('waited'); export const below = 1;"),
    'main.mjs': "import 'pkg'; import { value } from './later.mjs'; log('main', value);\n",
    'later.mjs': "import { below } from 'below'; log('later'); export const value = below + 1;\n",
  },
  'that waits and imports the package': {
    ...pkg('pkg', "import * as back from '../../later.mjs'; log(typeof back); export const p = () => Object.keys(back).join();"),
    ...pkg('below', "await null; log('waited'); export const below = 1;"),
    'main.mjs': "import 'pkg'; import './later.mjs'; log('main');\n",
    'later.mjs': "import 'below'; import { p } from 'pkg'; log('later'); await 0; export const value = 1; try { log(p()); } catch (error) { log(error.message); }\n",
  },
  'without values yet': {
    ...pkg('pkg', `import { n, f, v } from '../../a.mjs'; import * as ns from '../../a.mjs'; import './deep.js'; attempt('n', () => n); attempt('f', () => f()); attempt('v', () => v); attempt('keys', () => Object.keys(ns)); log(ns);
setTimeout(() => log(n, f(), v, ns)); export const read = () => [n, ns.default];`, { 'deep.js': "import * as main from '../../main.mjs'; import { n as k } from '../../a.mjs'; attempt('m', () => main.m); attempt('k', () => k); setTimeout(() => log(main));" }),
    'main.mjs': "import { n } from './a.mjs'; log('main', n); export const m = 1; import * as a from './a.mjs'; log(a);\n",
    'a.mjs': "import './d.mjs'; import { read } from 'pkg'; log('a'); export const n = 1; export function f() { return 'f'; } export var v = 5; export { d } from './d.mjs'; export default class Q {} log(read().length);\n",
    'd.mjs': "log('d'); export const d = 'd';\n",
  },
  'the main module, with names of CommonJS': {
    'main.mjs': "export * from './c.cjs'; export const own = 1; export let q = 1; setTimeout(() => { q = 2; }, 5);\n",
    'c.cjs': "exports.a = 1;\nimport('./main.mjs').then((ns) => { log(Object.keys(ns), ns.a, ns.own); setTimeout(() => log(Object.keys(ns), ns.a, ns.q), 40); });\n",
  },
};

/**
 * Graphs that only Node can order: cycles that lead through packages.
 * @type {Record<string, Record<string, string>>}
 */
const ordered = {
  'a module that passes on names of a later package': {
    ...pkg('last', 'export let last = 1;'),
    ...pkg('pkg', "import * as back from '../../a.mjs'; log(typeof back); setTimeout(async () => log(back, back === (await import('../../a.mjs'))), 5);"),
    'main.mjs': "import('./a.mjs').then((ns) => log(ns));\n",
    'a.mjs': "import { b } from './b.mjs'; export { last } from 'last'; log('a', b());\n",
    'b.mjs': "import { c } from './c.mjs'; export function b() { return c; } log('b');\n",
    'c.mjs': "import 'pkg'; export const c = 'c'; log('c');\n",
  },
  'what has run before the package in its cycle': {
    ...pkg('pkg', "import { c } from '../../c.mjs'; log('has', c); export const p = 1;"),
    'main.mjs': "import * as b from './b.mjs'; log('main', b);\n",
    'b.mjs': "import { c } from './c.mjs'; import { p } from 'pkg'; log('b', c, p); export const value = p;\n",
    'c.mjs': "import './b.mjs'; log('c'); export const c = 'c';\n",
  },
  'stars through a cycle with a package': {
    ...pkg('pkg', "import * as back from '../../b.mjs'; log(typeof back); export default class {} setTimeout(() => log(Object.keys(back).join()), 5);"),
    'main.mjs': "import { set } from './b.mjs'; export { default as pkg } from 'pkg'; log('main'); set(2);\n",
    'b.mjs': "import * as c from './c.mjs'; export let n = 1; export function set(value) { n = value; log(c); }\n",
    'c.mjs': "export * from './main.mjs'; log('c');\n",
  },
  'packages that import each other': {
    ...pkg('one', "import * as two from 'two'; import { f } from '../../a.mjs'; log(f()); export const keys = () => Object.keys(two).join();"),
    ...pkg('two', "import { g } from '../../b.mjs'; export const two = 2; log('two', g()); setTimeout(() => log(g()));"),
    'main.mjs': "import './a.mjs'; import { keys } from 'one'; log('main', keys());\n",
    'a.mjs': "import './b.mjs'; import 'two'; export function f() { return 'f'; } log('a');\n",
    'b.mjs': "import { f } from './a.mjs'; import 'one'; let count = 0; export function g() { return f() + typeof count; } log('b');\n",
  },
  'a package that waits, in a cycle with modules that wait': {
    ...pkg('pkg', "await null; import { f } from '../../a.mjs'; log(f()); await 0; export const p = 1; log('waited');"),
    'main.mjs': "queueMicrotask(() => log('microtask')); import './a.mjs'; import './c.mjs'; log('main');\n",
    'a.mjs': "import { p } from 'pkg'; import './b.mjs'; export function f() { return 'f'; } log('a', p); await null; log('a ends');\n",
    'b.mjs': "import { f } from './a.mjs'; await null; log('b', f()); for (let n = 0; n < 3; n += 1) { await n; log('b', n); }\n",
    'c.mjs': "log('c'); await null; log('c ends');\n",
  },
  'a package that requires a module of its cycle': {
    ...pkg('pkg', "import { createRequire } from 'node:module'; import { f } from '../../main.mjs'; log(f()); log(createRequire(import.meta.url)('../../b.mjs').b);"),
    'main.mjs': "import 'pkg'; import { b } from './b.mjs'; export function f() { return typeof f; } log('main', b);\n",
    'b.mjs': "import './c.mjs'; export const b = 2; log('b');\n",
    'c.mjs': "log('c');\n",
  },
  'the place of an error of a package': {
    ...pkg('pkg', "import { f } from '../../main.mjs'; log(f());\nexport const x = f().y.z;"),
    'main.mjs': "import 'pkg'; export function f() { return 1; }\n",
  },
  'an error beside what waits': {
    ...pkg('bad', "import { a } from '../../a.mjs'; log(a);"),
    ...pkg('pkg', "import * as back from '../../a.mjs'; setTimeout(async () => { try { log(back === (await import('../../a.mjs'))); } catch (error) { log(error.message); } }, 20);"),
    'main.mjs': "import('./a.mjs').catch((error) => log('failed', error.message));\n",
    'a.mjs': "import './b.mjs'; import 'bad'; export const a = 1; log('never');\n",
    'b.mjs': "import './c.mjs'; import 'pkg'; log('b');\n",
    'c.mjs': "await new Promise((done) => setTimeout(done, 5)); log('c');\n",
  },
};

const slow = "export let v = 'early'; await new Promise((done) => setTimeout(done, 4)); v = 'done'; log('slow ends');\n";
const importing = "import('./slow.mjs').then((ns) => log('imported', ns.v), (error) => log('failed', error));\n";

/** @type {Record<string, Record<string, string>>} */
const waiting = {
  'CommonJS, before it': { 'main.mjs': "import './x.cjs'; import './slow.mjs'; log('main');\n", 'x.cjs': importing, 'slow.mjs': slow },
  'CommonJS, after it': { 'main.mjs': "import './slow.mjs'; import './x.cjs'; log('main');\n", 'x.cjs': importing, 'slow.mjs': slow },
  'code that is made from a string': { 'main.mjs': "import './slow.mjs'; import './b.mjs'; log('main');\n", 'b.mjs': `(0, eval)(${JSON.stringify(importing.replace('./slow', '../slow'))});\n`.replace('../slow', './slow'), 'slow.mjs': slow },
  'a module above it': { 'main.mjs': "import './x.cjs'; import './slow.mjs'; log('main');\n", 'x.cjs': importing, 'slow.mjs': "import './slower.mjs'; export const v = 1;\n", 'slower.mjs': slow },
  'a package': { ...pkg('pkg', "import { v } from '../../slow.mjs'; log('pkg has', v);"), 'main.mjs': "import 'pkg'; import './slow.mjs'; log('main');\n", 'slow.mjs': slow },
  'of what fails': { 'main.mjs': "import './x.cjs'; import('./slow.mjs').catch((error) => log('main', error));\n", 'x.cjs': importing, 'slow.mjs': "await 0; throw new Error('slow');\n" },
};

for (const [what, table] of Object.entries({ 'importing early': early, 'importing what waits': waiting, 'importing back': { ...programs, ...ordered } })) {
  for (const [title, files] of Object.entries(table)) {
    test(`${what}: ${title}`, { skip }, async () => {
      const { plain, hot } = await runAsMain(files, 'main.mjs');
      assert.deepEqual(hot, plain);
    });
  }
}
