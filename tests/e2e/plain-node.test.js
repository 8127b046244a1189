// Hot code prints what it prints under plain Node: the same program is run by `import()` and by hmr().

import { test } from 'node:test';
import { createProject, expectAsPlain, mains } from '../harness/index.js';

const esm = (/** @type {string} */ text) => ({
  'node_modules/esm/package.json': '{"type":"module","exports":"./index.js"}',
  'node_modules/esm/index.js': text,
});
const cjs = (/** @type {string} */ text) => ({ 'node_modules/cjs/index.js': text });

/** @type {Record<string, Record<string, string>>} */
const programs = {
  'import.meta': {
    'a.js': `console.log(import.meta.url, import.meta.filename, import.meta.dirname, Object.keys(import.meta).join(),
      Object.getPrototypeOf(import.meta), import.meta.resolve('./b.js'), import.meta.resolve('esm'), import.meta.main);`,
    ...esm(''),
  },
  'places in stacks': {
    'a.js': `import { where } from './b.js'; export default function named() { return where(); }
      console.log(named()); class A { static x = where(); } console.log(A.x);
      export const arrow = () => where(); console.log(arrow()); console.log((await import('./b.js')).where());`,
    'b.js': "\n\n  export const where = () => new Error('x').stack.split('\\n')[2].replace(/^.*\\(|\\)$/g, '').trim();",
  },
  'packages between hot modules, in order': {
    'a.js': "import './env.js'; import esm from 'esm'; import './after.js'; import cjs from 'cjs'; console.log('a', esm, cjs, env);",
    'env.js': "globalThis.env = ['env']; console.log('env');",
    'after.js': "env.push('after'); console.log('after');",
    ...esm("console.log('esm', env.join()); export default 'E';"),
    ...cjs("console.log('cjs', env.join()); module.exports = 'C';"),
  },
  'packages and top-level await': {
    'a.js': "import './one.js'; import 'esm'; import './two.js'; import 'cjs'; console.log('a');",
    'one.js': "console.log('one starts'); await null; console.log('one ends');",
    'two.js': "console.log('two starts'); await 0; await 0; console.log('two ends');",
    ...esm("console.log('esm starts'); await 0; console.log('esm ends');"),
    ...cjs("console.log('cjs');"),
  },
  'named, default and namespace imports of CommonJS': {
    'a.js': `import cjs, { one, two } from 'cjs'; import * as ns from 'cjs'; import local from './local.cjs';
      import { l } from './local.cjs'; console.log(cjs, one, two, Object.keys(ns).join(), local, l);`,
    'local.cjs': 'exports.l = 1;',
    ...cjs('exports.one = 1; exports.two = 2; exports.__esModule = true; exports.default = 3;'),
  },
  'builtins': {
    'a.js': `import fs, { existsSync } from 'node:fs'; import * as path from 'path'; import { setTimeout as wait } from 'timers/promises';
      import process, { argv } from 'process';
      console.log(fs.existsSync === existsSync, path.join('a', 'b'), typeof wait, process === globalThis.process, argv.length > 1);`,
  },
  'createRequire and require of local CommonJS': {
    'a.js': `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);
      console.log(require('./local.cjs'), require('cjs'), require.resolve('cjs') === (await import('node:url')).fileURLToPath(import.meta.resolve('cjs')));`,
    'local.cjs': 'module.exports = __filename.slice(-9);',
    ...cjs('module.exports = 1;'),
  },
  'import() of everything': {
    'a.js': `const kinds = ['./b.js', 'esm', 'cjs', 'node:path', './local.cjs', './gone.js', 'nopackage', './bad.js', './throws.js'];
      for (const kind of kinds) console.log(kind, await import(kind).then((ns) => Object.keys(ns).slice(0, 3).join(), (e) => e.name + ' ' + e.code));
      console.log(await import('./data.json', { with: { type: 'json' } }).then((ns) => ns.default.n));
      console.log(await import('./data.json').catch((e) => e.code), (await import('./b.js')) === (await import('./b.js')));`,
    'b.js': 'export const b = 1; export default 2;',
    'bad.js': 'export const = 1;',
    'throws.js': "throw new RangeError('thrown');",
    'local.cjs': 'exports.l = 1;',
    'data.json': '{"n":5}',
    ...esm('export const e = 1;'),
    ...cjs('exports.c = 1;'),
  },
  'a JSON module, twice the same object': {
    'a.js': `import one from './data.json' with { type: 'json' }; import { two } from './b.js'; console.log(one === two, one);`,
    'b.js': "export { default as two } from './data.json' with { type: 'json' };",
    'data.json': '{"n":5}',
  },
  'what a module sees': {
    'a.js': `console.log(this, typeof require, typeof module, typeof arguments, (function () { return this; })());
      console.log(typeof globalThis.process, new Function('return typeof this')(), (0, eval)('typeof hoisted'), eval('typeof hoisted'));
      var hoisted = 1; try { undeclared = 1; } catch (e) { console.log(e.message); }
      try { b = 2; } catch (e) { console.log(e.name, e.message); } import { b } from './b.js';`,
    'b.js': 'export let b = 1;',
  },
  'a hash-bang line, a byte order mark, CRLF, and comments at the end': {
    'a.js': "#!/usr/bin/env node\r\nimport './b.js';\r\nimport './c.js';\r\nconsole.log(new Error('x').stack.match(/a\\.js:\\d+:\\d+/)[0]);\r\n// the end",
    'b.js': "\uFEFFconsole.log(new Error('x').stack.match(/b\\.js:\\d+:\\d+/)[0]); // no line end",
    'c.js': '/* nothing */ <!-- no comment in a module'.replace('<!-- no comment in a module', ''),
  },
  'cycles and the temporal dead zone': {
    'a.js': "import { b, read } from './b.js'; export let a = 'a'; console.log(b, read());",
    'b.js': `import { a } from './a.js'; export const read = () => a; export const b = 'b';
      try { a; } catch (e) { console.log(e.name, e.message); }`,
  },
  'namespace objects': {
    'a.js': `import * as ns from './b.js'; console.log(ns, Object.keys(ns), Reflect.ownKeys(ns), 'x' in ns, ns.none, Object.getOwnPropertyDescriptor(ns, 'x'));
      try { ns.x = 1; } catch (e) { console.log(e.name, e.message.replace(/'\\[.*\\]'|#<.*>/, 'it')); } try { delete ns.x; } catch (e) { console.log(e.name); }
      console.log(Reflect.set(ns, 'x', 1), Reflect.deleteProperty(ns, 'none'), Object.isFrozen(ns), Object.isExtensible(ns), ns === (await import('./b.js')));`,
    'b.js': 'export const x = 1; export default class {} export function f() {}',
  },
  'timers, ticks and microtasks of modules with and without await': {
    'a.js': "import './b.js'; import './c.js'; console.log('a'); queueMicrotask(() => console.log('a micro')); process.nextTick(() => console.log('a tick'));",
    'b.js': "console.log('b'); await null; console.log('b after'); queueMicrotask(() => console.log('b micro'));",
    'c.js': "console.log('c'); Promise.resolve().then(() => console.log('c micro'));",
  },
  'a real package from npm': {
    'a.js': "import chalk from 'chalk'; import { nanoid } from 'nanoid'; import { z } from 'zod'; import yaml from 'yaml'; import express from 'express';\n" +
      "console.log(chalk.red('x').length, nanoid().length, z.string().safeParse(1).success, yaml.parse('a: 1').a, typeof express.Router);",
  },
};

for (const [name, files] of Object.entries(programs)) {
  test(name, async (t) => {
    const packages = ['chalk', 'nanoid', 'zod', 'yaml', 'express'];
    const project = createProject(t, { 'b.js': '', ...mains, ...files }, { packages });
    await expectAsPlain(project);
  });
}
