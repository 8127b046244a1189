// Imports to try, as JavaScript expressions, and the files they may lead to.

export const files = {
  'package.json': '{"type":"module","imports":{"#null":null,"#gone":"./gone.js","#dep":"./dep.js"}}',
  'dep.js': 'export let a = 1; export default 2;',
  'dir/index.js': '',
  'data.json': '{"a":1}',
  'bad.json': '{"a":',
  'empty.json': '',
  'bom.json': '\uFEFF{"a":2}',
  'x.txt': 'hello',
  noext: '',
  'x.ts': 'export const a: number = 1',
  'x.mts': 'export const a = 1',
  'x.tsx': '',
  'x.d.ts': '',
  'x.css': '',
  'x.JS': 'export {}',
  'x.wasm': 'x',
  'x.node': 'x',
  'c.cjs': 'exports.a = 1',
  'throws.cjs': 'throw new Error("cjs")',
  'syntax.cjs': 'let let',
  'throws.js': 'throw new Error("esm")',
  'syntax.js': '\n  let let;',
  'imports-missing.js': 'import "./missing.js"',
  'imports-syntax.js': 'import "./syntax.js"',
  'imports-package.js': 'import "nope"',
  'imports-bad-name.js': 'import { zip } from "./dep.js"',
  'imports-cjs-name.js': 'import { zip } from "./c.cjs"',
  'reexports-bad-name.js': 'export { zip as zap } from "./dep.js"',
  'node_modules/p/package.json': '{"type":"module","exports":{".":"./i.js","./n":null,"./bad":"bad","./gone":"./gone.js"}}',
  'node_modules/p/i.js': 'export const a = 1',
  'node_modules/old/package.json': '{}',
  'node_modules/old/lib/i.js': '',
  'node_modules/cjs/package.json': '{"main":"./m.js"}',
  'node_modules/cjs/m.js': 'exports.a = 1',
  'node_modules/ts/package.json': '{"type":"module","exports":"./i.ts"}',
  'node_modules/ts/i.ts': 'export const a: number = 1',
  'broken/package.json': '{',
  'broken/x.js': '',
  'script/package.json': '{"type":"commonjs"}',
  'script/esm.js': 'export const a = 1',
  'script/await.js': 'await 1; export {}',
  'none/package.json': '{}',
  'none/esm.js': 'export const a = 1',
  'none/cjs.js': 'exports.a = 1',
  'none/await.js': 'await 1',
  'none/both.js': 'exports.a = 1; import.meta',
  'none/require.js': 'const x = require("fs"); export {}',
  'none/require-await.js': 'const fs = require("fs"); await 1',
  'none/plain.js': '1',
  'none/meta.js': 'import.meta.url',
  'require.js': 'require("fs")',
  'exports.js': 'exports.a = 1',
  'module.js': 'module.exports = 1',
  'dirname.js': '__dirname',
  'filename.js': '__filename',
  'require-await.js': 'await 1; require("fs")',
  'exports-await.js': 'await 1; exports.a = 1',
  'module.mjs': 'module.exports = 1',
  'require.mjs': 'require("x")',
  'instances.js': `
    import * as a from './dep.js'; import * as b from './link.js'; import * as c from './dep.js?x';
    import * as d from './dep.js#x'; import * as e from './dep.js?x#x'; import * as f from './dep.js?';
    import * as g from './dep.js?x'; import * as h from './dir/../dep.js'; import * as i from './%64ep.js';
    export default [a === b, a === c, a === d, a === e, a === f, c === g, a === h, a === i].join();`,
  'meta.js': `
    const { resolve, main, ...values } = import.meta;
    const answers = ['./dep.js', './nope.js', './dir', 'node:fs', 'fs', 'nope', 'p', 'p/n', '#null', '#dep', '@a', '', './a%2fb.js', 'x:y', undefined, null, 1, {}]
      .map((specifier) => {
        try { return resolve(specifier); } catch (error) { return [error.name, error.code, error.message, error.url].join(); }
      });
    const descriptors = Object.entries(Object.getOwnPropertyDescriptors(import.meta))
      .map(([key, { writable, enumerable, configurable, value }]) => [key, writable, enumerable, configurable, typeof value]);
    let symbol; try { resolve(Symbol('x')); } catch (error) { symbol = error.message; }
    export default JSON.stringify([
      values, main, resolve.name, resolve.length, Object.getOwnPropertyNames(resolve), answers, descriptors, symbol,
      Object.getPrototypeOf(import.meta), Object.isExtensible(import.meta), import.meta === import.meta,
    ]);`,
};

export const links = { 'link.js': 'dep.js', 'dangling.js': 'nowhere', 'linked-dir': 'dir' };

/** Hot on every Node; plain Node must know it. JSX it never does. */
const typescript = process.features.typescript ? ['./x.ts', './x.mts', './x.d.ts'] : [];

const specifiers = [
  './dep.js', './missing.js', './dep', './Dep.js', './dir', './dir/', '.', '..', './', '/', './data.json', './bad.json',
  './missing.json', './x.txt', './noext', ...typescript, './x.css', './x.JS', './x.wasm',
  './x.node', './c.cjs', './throws.cjs', './syntax.cjs', './throws.js', './syntax.js', './imports-missing.js',
  './imports-syntax.js', './imports-package.js', 'p', 'p/n', 'p/bad', 'p/gone', 'p/none', 'p/i.js', 'old', 'old/lib',
  'old/lib/i', 'old/lib/i.js', 'cjs', 'cjs/m', 'ts', 'nope', 'nope/x', '@x', '@x/y', '', '#null', '#gone', '#dep',
  '#none', '#', './broken/x.js', './script/esm.js', './script/await.js', './none/esm.js', './none/cjs.js',
  './none/await.js', './none/both.js', './none/require.js', './none/require-await.js', './none/plain.js',
  './none/meta.js', './require.js', './exports.js', './module.js', './dirname.js', './filename.js', './require-await.js',
  './exports-await.js', './module.mjs', './require.mjs', './link.js', './dangling.js', './instances.js', './meta.js',
  './meta.js?a#b', './dep.js/', './a%2fb.js', './a%5cb.js', './%', 'file:///nope.js', 'file://host/x.js',
  'data:text/javascript,export default 1', 'data:text/javascript,let let', 'data:application/json,{}', 'data:text/plain,x',
  'data:,x', 'http://example.com/x.js', 'https://example.com', 'ftp://x/y', 'blob:x', 'x:y', 'node:fs', 'node:nope',
  'node:', 'fs', 'fs/', 'fs/promises', 'test', 'node:test', 'node:sqlite', './dep.js?q', './dep.js#h',
  './missing.js?q#h', './data.json?x', 'C:\\x.js', './\0', './linked-dir', './linked-dir/index.js',
];

const withAttributes = [
  './dep.js', './data.json', './bad.json', './empty.json', './bom.json', './c.cjs', './missing.json', './missing.js',
  'node:fs', 'p', 'data:application/json,{"a":1}', 'data:application/json,{', './x.txt', './x.wasm', './dir',
  './none/esm.js', 'nope', './syntax.js', './throws.js',
];

const attributes = [{ type: 'json' }, { type: 'css' }, { type: '' }, {}];

/** Attributes that Node looks at only when it loads a module for the first time. */
const odd = [{ type: 'javascript' }, { foo: 'bar' }, { type: 'json', foo: 'bar' }, { 1: 'a', type: 'json' }];

const options = [
  '{ with: 1 }', '{ with: null }', '{ with: undefined }', 'null', '1', '"x"', 'undefined', '{}', '{ with: { type: 1 } }',
  '{ assert: { type: "json" } }', '{ with: { type: undefined } }', '{ with: { [Symbol.iterator]: 1 } }', '{ with: [] }',
  '{ get with() { throw new Error("getter") } }', '{ with: { get type() { throw new Error("type") } } }', '{ with: "x" }',
  '{ with: () => {} }', '{ with: Object.create({ type: "json" }) }', '() => {}', 'Symbol()', '1n',
  '{ with: new Proxy({}, { ownKeys() { throw new Error("keys") } }) }',
  '{ with: Object.defineProperty({}, "type", { value: "json" }) }',
];

const expressions = [
  'Symbol("x")', '{ toString() { throw new Error("text") } }', 'undefined', 'null', '1', '[]', '["./dep.js"]', '() => {}',
  'new URL("./dep.js", import.meta.url)', '{ toString() { return "./dep.js" } }', 'Object.create(null)',
  '{ [Symbol.toPrimitive]() { return "./dep.js" } }',
];

/** @returns {{files: Record<string, string>, imports: string[]}} */
export function createImports() {
  const added = {};
  const fresh = odd.flatMap((each, index) =>
    ['js', 'json', 'cjs'].map((extension) => {
      added[`fresh-${index}.${extension}`] = extension === 'json' ? '{}' : '';
      return [`./fresh-${index}.${extension}`, each];
    }),
  );
  const pairs = withAttributes.flatMap((specifier) => attributes.map((each) => [specifier, each]));
  const cases = [...specifiers.map((specifier) => [specifier]), ...pairs, ...fresh];
  const statics = cases.map(([specifier, each], index) => {
    const clause = each ? ` with ${JSON.stringify(each)}` : '';
    added[`static-${index}.js`] =
      `import * as ns from ${JSON.stringify(specifier)}${clause}; export default Object.keys(ns).join();`;
    return `'./static-${index}.js'`;
  });
  const dynamic = cases.map(([specifier, each]) =>
    [specifier, each && { with: each }].filter((part) => part !== undefined).map((part) => JSON.stringify(part)).join(', '),
  );
  const strange = options.flatMap((option) => [`'./data.json', ${option}`, `'./dep.js', ${option}`]);
  const linking = ['./imports-bad-name.js', './imports-cjs-name.js', './reexports-bad-name.js'].map((file) => `'${file}'`);
  return { files: { ...files, ...added }, imports: [...dynamic, ...strange, ...expressions, ...linking, ...statics] };
}
