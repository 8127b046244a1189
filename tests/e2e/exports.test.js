// Exports over updates: the keys of the namespace, star exports, bindings that change, cycles.

import { test } from 'node:test';
import { caller, createProject, expectCall } from '../harness/index.js';

/**
 * Texts of files, and what the callback prints of the namespace after each step.
 *
 * @typedef {object} Case
 * @property {Record<string, string>} files
 * @property {[Record<string, string>, unknown][]} steps
 * @property {unknown} first
 * @property {string} [print]
 */

/** @type {Record<string, Case>} */
const cases = {
  'exports that come and go': {
    files: { 'a.js': 'export const x = 1, y = 2;' },
    first: { x: 1, y: 2 },
    steps: [
      [{ 'a.js': 'export const y = 2, z = 3;' }, { y: 2, z: 3 }],
      [{ 'a.js': 'export default 1;' }, { default: 1 }],
      [{ 'a.js': '' }, {}],
      [{ 'a.js': 'export const x = 4;' }, { x: 4 }],
    ],
  },
  'exports of a dependency that come and go through export *': {
    files: { 'a.js': "export * from './b.js'; export const own = 1;", 'b.js': 'export const b = 1; export default 0;' },
    first: { b: 1, own: 1 },
    steps: [
      [{ 'b.js': 'export const b = 2, c = 3;' }, { b: 2, c: 3, own: 1 }],
      [{ 'b.js': 'export const c = 4, own = 5;' }, { c: 4, own: 1 }],
    ],
  },
  'export * from two files: an ambiguous name is no export': {
    files: {
      'a.js': "export * from './b.js'; export * from './c.js';",
      'b.js': 'export const b = 1, same = 1;',
      'c.js': 'export const c = 1;',
    },
    first: { b: 1, c: 1, same: 1 },
    steps: [
      [{ 'c.js': 'export const c = 2, same = 2;' }, { b: 1, c: 2 }],
      [{ 'b.js': 'export const b = 3;' }, { b: 3, c: 2, same: 2 }],
    ],
  },
  'export * as, and import * as': {
    files: {
      'a.js': "export * as ns from './b.js'; import * as other from './b.js'; export const keys = Object.keys(other);",
      'b.js': 'export const b = 1;',
    },
    first: { keys: ['b'], ns: { b: 1 } },
    steps: [[{ 'b.js': 'export const b = 2, c = 3;' }, { keys: ['b', 'c'], ns: { b: 2, c: 3 } }]],
  },
  'renamed and re-exported names, names that are strings': {
    files: {
      'a.js': "export { default as d, 'a b' as 'c d', x as default } from './b.js';",
      'b.js': "const v = 1; export { v as default, v as 'a b', v as x };",
    },
    first: { 'c d': 1, d: 1, default: 1 },
    steps: [[{ 'b.js': "const v = 2; export { v as default, v as 'a b', v as x };" }, { 'c d': 2, d: 2, default: 2 }]],
  },
  'export * from a package and from a builtin': {
    files: {
      'a.js': "export * from 'pkg'; export * from 'node:path/posix'; export const own = 1;",
      'node_modules/pkg/package.json': '{"type":"module","exports":"./index.js"}',
      'node_modules/pkg/index.js': 'export const p = 1; export let q = 2;',
    },
    print: 'JSON.stringify([module.p, module.q, module.own, typeof module.join, Object.keys(module).includes("sep")])',
    first: [1, 2, 1, 'function', true],
    steps: [
      [
        { 'a.js': "export * from 'pkg'; export * from 'node:path/posix'; export const own = 2, q = 3;" },
        [1, 3, 2, 'function', true],
      ],
    ],
  },
  'bindings that are assigned later are live, in namespace and importer': {
    files: {
      'a.js': `import { n, inc } from './b.js'; export { n, inc } from './b.js'; export let own = 1;
        export const bump = () => { inc(); own++; return n; };`,
      'b.js': 'export let n = 10; export const inc = () => { n += 1; };',
    },
    print: 'JSON.stringify([module.n, module.own, module.bump(), module.n, module.own])',
    first: [10, 1, 11, 11, 2],
    steps: [
      [{ 'b.js': 'export let n = 20; export const inc = () => { n += 2; };' }, [20, 1, 22, 22, 2]],
      [{ 'b.js': 'export let n = 30; export function inc() { [n] = [n + 3]; }' }, [30, 1, 33, 33, 2]],
      [{ 'b.js': 'export const n = 40; export function inc() {}' }, [40, 1, 40, 40, 2]],
    ],
  },
  'a cycle with hoisted functions': {
    files: {
      'a.js': "import { odd } from './b.js'; export function even(n) { return n === 0 ? 'even' : odd(n - 1); } export const four = even(4);",
      'b.js': "import { even } from './a.js'; export function odd(n) { return even(n - 1) + '.'; } export const three = odd(3);",
    },
    first: { four: 'even..' },
    steps: [
      [{ 'a.js': "import { odd, three } from './b.js'; export function even(n) { return n === 0 ? 'EVEN' : odd(n - 1); } export const four = even(4); export { three };" }, { four: 'EVEN..', three: 'EVEN..' }],
      [{ 'b.js': "import { even } from './a.js'; export function odd(n) { return even(n - 1) + '!'; } export const three = odd(3);" }, { four: 'EVEN!!', three: 'EVEN!!' }],
    ],
  },
  'a module that becomes part of a cycle, and leaves it': {
    files: {
      'a.js': "import { b } from './b.js'; export const a = () => 'a' + b();  export const text = a();",
      'b.js': "export const b = () => 'b';",
    },
    first: { text: 'ab' },
    steps: [
      [{ 'b.js': "import { a } from './a.js'; export function b() { return 'b' + typeof a_(); } function a_() { try { return a; } catch (e) { return 1; } }" }, { text: 'abfunction' }],
      [{ 'b.js': "export const b = () => 'B';" }, { text: 'aB' }],
    ],
  },
  'a module that imports itself': {
    files: { 'a.js': "import * as self from './a.js'; import { f as g } from './a.js'; export const keys = Reflect.ownKeys(self).slice(0, -1), x = g(); export function f() { return 1; }" },
    first: { keys: ['f', 'keys', 'x'], x: 1 },
    steps: [[{ 'a.js': "import * as self from './a.js'; export const keys = Reflect.ownKeys(self).slice(0, -1);" }, { keys: ['keys'] }]],
  },
  'JSON': {
    files: { 'a.js': "import data from './data.json' with { type: 'json' }; export { data };", 'data.json': '{"n":1}' },
    first: { data: { n: 1 } },
    steps: [
      [{ 'data.json': '{"n":2}' }, { data: { n: 2 } }],
      [{ 'data.json': '[3]' }, { data: [3] }],
    ],
  },
  'top-level await': {
    files: {
      'a.js': "import { b } from './b.js'; export const a = await Promise.resolve(b + 1);",
      'b.js': 'export const b = await new Promise((resolve) => setTimeout(resolve, 5, 1));',
    },
    first: { a: 2 },
    steps: [
      [{ 'b.js': 'export const b = await new Promise((resolve) => setTimeout(resolve, 5, 10));' }, { a: 11 }],
      [{ 'b.js': 'export const b = 20;' }, { a: 21 }],
      [{ 'b.js': 'export const b = await 30;' }, { a: 31 }],
    ],
  },
};

for (const [name, { files, first, steps, print }] of Object.entries(cases)) {
  test(name, async (t) => {
    const project = createProject(t, { 'main.js': caller(print ? { print } : {}), ...files });
    const app = project.start(['main.js']);
    await expectCall(app, first);
    await app.line(/^ready/);
    for (const [texts, expected] of steps) {
      for (const [path, text] of Object.entries(texts)) await project.write(path, text);
      await expectCall(app, expected, JSON.stringify(texts));
    }
  });
}
