// What hot modules take from modules that Node loads is what plain Node gives them: bindings, names,
// and the first error if something is missing.

import { test } from 'node:test';
import { createProject, expectAsPlain } from '../harness/index.js';

/** @param {string} name @param {Record<string, string>} files */
function esm(name, files) {
  const named = Object.entries(files).map(([file, text]) => [`node_modules/${name}/${file}`, text]);
  return {
    [`node_modules/${name}/package.json`]: '{"type":"module","exports":{".":"./index.js","./*":"./*"}}',
    ...Object.fromEntries(named),
  };
}
const counter = esm('dep', {
  'index.js': "export * from './inner.js'; export { n as count } from './inner.js'; export * as inner from './inner.js';",
  'inner.js': 'export let n = 0; export const bump = () => { n++; }; export default 1;',
});
const cjs = { 'node_modules/cjs/index.js': 'exports.q = 1; exports.r = 2;' };
const sayError = 'console.log(error.constructor.name, error.code, error.message);';

/** @type {Record<string, Record<string, string>>} */
const programs = {
  'a binding that a package assigns later': {
    'a.js': "import { n, bump, count } from 'dep'; bump(); console.log(n, count); bump(); console.log(n, count);",
    ...counter,
  },
  'such a binding, passed on by hot modules': {
    'a.js': `import { total, go } from './b.js'; import * as b from './b.js'; import { n } from './c.js'; import * as c from './c.js';
      go(); console.log(total, n, b.total, c.n, Object.keys(b), Object.keys(c)); go(); console.log(total, n, b.total, c.n, c.inner.n);`,
    'b.js': "export { n as total, bump as go } from 'dep';",
    'c.js': "export * from 'dep'; export const own = 1;",
    ...counter,
  },
  'a namespace with the names of a package is a real one': {
    'a.js': `import * as ns from './b.js'; import { types } from 'node:util'; console.log(ns, types.isModuleNamespaceObject(ns));`,
    'b.js': "export * from 'dep'; export const own = 1;",
    ...esm('dep', { 'index.js': "export const p = 1; export { q } from './q.js';", 'q.js': 'export const q = 2;' }),
  },
  'one binding on two ways is not ambiguous': {
    'a.js': "export * from 'dep'; export * from 'dep/inner.js'; import * as self from './a.js'; import { v } from './a.js'; console.log(v, Object.keys(self));",
    ...esm('dep', { 'index.js': "export * from './inner.js';", 'inner.js': 'export const v = 1;' }),
  },
  'two bindings on two ways are': {
    'a.js': "import { v } from './b.js'; console.log(v);",
    'b.js': "export * from 'dep'; export * from './c.js';",
    'c.js': 'export const v = 2;',
    ...esm('dep', { 'index.js': 'export const v = 1;' }),
  },
  'ambiguous names are no keys': {
    'a.js': "import * as b from './b.js'; console.log(Object.keys(b));",
    'b.js': "export * from 'dep'; export * from './c.js';",
    'c.js': 'export const v = 2; export const w = 3;',
    ...esm('dep', { 'index.js': 'export const v = 1; export const x = 3;' }),
  },
  'a name that a package does not have': {
    'a.js': "console.log('never'); import { nope } from 'dep';",
    ...counter,
  },
  'a name that a package behind a star does not have': {
    'a.js': "import { nope } from './b.js';",
    'b.js': "console.log('never'); export * from 'dep';",
    ...counter,
  },
  'a name that CommonJS behind a star does not have': {
    'a.js': "import { nope } from './b.js';",
    'b.js': "console.log('never'); export * from 'cjs';",
    ...cjs,
  },
  'a name that CommonJS does not have': { 'a.js': "import { q,\n nope as x } from 'cjs';", ...cjs },
  'a name that CommonJS does not have, on one line': { 'a.js': "import { q, nope as x } from 'cjs';", ...cjs },
  'a name that local CommonJS does not have': {
    'a.js': "import d, { nope } from './l.cjs';",
    'l.cjs': "console.log('never');",
  },
  'a name that CommonJS without a type does not have': { 'a.js': "import { nope } from 'cjs/sub.js';", 'node_modules/cjs/sub.js': '' },
  'a name that is passed on and missing': { 'a.js': "export { nope as x } from 'cjs';", ...cjs },
  'a name that a builtin does not have': { 'a.js': "import { readFile, nope } from 'fs';" },
  'a default that a package does not have': { 'a.js': "import d from 'dep';", ...counter },
  'an error inside a package': {
    'a.js': "import { x } from 'dep';",
    ...esm('dep', { 'index.js': "export { gone as x } from './b.js';", 'b.js': 'export const b = 1;' }),
  },
  'CommonJS before a hot module': {
    'a.js': "import { nope } from 'cjs'; import { zone } from './b.js';",
    'b.js': 'export const b = 1;',
    ...cjs,
  },
  'a hot module before CommonJS': {
    'a.js': "import { b } from './b.js'; import { nope } from 'cjs';",
    'b.js': "import { no } from './c.js'; export const b = 1;",
    'c.js': '',
    ...cjs,
  },
  'CommonJS below, hot above': {
    'a.js': "import './b.js'; import { no } from './c.js';",
    'b.js': "import { nope } from 'cjs';",
    'c.js': '',
    ...cjs,
  },
  'CommonJS, twice, sorted by local names': { 'a.js': "import { zz, nope as b, other as a } from 'cjs';", ...cjs },
  'a builtin before a hot module': { 'a.js': "import { nope } from 'fs'; import { zone } from './b.js';", 'b.js': '' },
  'a package that throws nothing but cannot be linked, before a hot module': {
    'a.js': "import 'dep'; import { zone } from './b.js';",
    'b.js': '',
    ...esm('dep', { 'index.js': "import { gone } from './c.js'; console.log('never');", 'c.js': '' }),
  },
  'a missing package is told before a missing name': {
    'a.js': "import { zone } from './b.js'; import 'none';",
    'b.js': '',
  },
  'a package with a missing file is told before a missing name': {
    'a.js': "import { zone } from './b.js'; import 'dep';",
    'b.js': '',
    ...esm('dep', { 'index.js': "import './gone.js';" }),
  },
  'names of a package that Node has already': {
    'a.js': "import 'dep'; import 'cjs'; for (const file of ['./b.js', './c.js', './d.js']) await import(file).catch((error) => { " + sayError + ' });',
    'b.js': "import { nope } from 'dep';",
    'c.js': "import { x } from './e.js'; import { nope } from 'cjs';",
    'd.js': "import { nope } from 'cjs'; import { nope2 } from './e.js'; import { nope3 } from 'fs';",
    'e.js': '',
    ...counter,
    ...cjs,
  },
  'a package without a type, whose text is a module': {
    'a.js': "import { n, bump } from 'dep'; bump(); console.log(n); import * as dep from 'dep'; console.log(dep);",
    'node_modules/dep/package.json': '{"exports":"./index.js"}',
    'node_modules/dep/index.js': 'export let n = 0; export const bump = () => { n++; };',
  },
  'a package that imports a CommonJS one and passes it on': {
    'a.js': "import { q, d, n } from 'dep'; import * as dep from 'dep'; console.log(q, d, n, Object.keys(dep)); import { r } from './b.js'; console.log(r);",
    'b.js': "export * from 'dep';",
    ...esm('dep', { 'index.js': "export * from 'cjs'; export { default as d } from 'cjs'; import * as n from 'cjs'; export { n };" }),
    ...cjs,
  },
  'exports of builtins that change': {
    'a.js': `import fs, { existsSync } from 'fs'; import * as ns from 'node:fs'; import { existsSync as passed } from './b.js'; import * as b from './b.js';
      import * as star from './c.js'; import module, { syncBuiltinESMExports } from 'node:module'; import { readFileSync } from 'fs';
      const say = () => console.log([existsSync, fs.existsSync, ns.existsSync, passed, b.existsSync, star.existsSync].map((f) => f('x')).join());
      say(); fs.existsSync = (x) => x + 1; say(); syncBuiltinESMExports(); say();
      fs.existsSync = (x) => x + 2; module.syncBuiltinESMExports(); say(); console.log(syncBuiltinESMExports === module.syncBuiltinESMExports, syncBuiltinESMExports.name, syncBuiltinESMExports.length, typeof readFileSync);
      fs.existsSync = (x) => x + 3; (await import('cjs')).default(); say(); fs.existsSync = (x) => x + 4; (await import('dep')).default(); say();
      fs.existsSync = (x) => x + 5; syncBuiltinESMExports(); const late = await import('./late.js'); say(); late.sync(); say();
      delete fs.existsSync; syncBuiltinESMExports(); console.log(existsSync, b.existsSync, ns.existsSync, 'existsSync' in ns);`,
    'b.js': "export { existsSync } from 'fs'; export { default as path } from 'path';",
    'c.js': "export * from 'fs';",
    'late.js': "import fs, { existsSync } from 'fs'; console.log(existsSync('x')); import { syncBuiltinESMExports } from 'module'; export const sync = () => { fs.existsSync = (x) => x + 6; syncBuiltinESMExports(); };",
    'node_modules/cjs/index.js': "module.exports = () => require('module').syncBuiltinESMExports();",
    ...esm('dep', { 'index.js': "import { syncBuiltinESMExports } from 'node:module'; export default () => syncBuiltinESMExports();" }),
  },
  'exports of builtins that change, in a cycle and while a module waits': {
    'a.js': "import { read } from './b.js'; import { sep } from 'path'; export const own = sep; console.log(read(), sep);",
    'b.js': `import { own } from './a.js'; import path, { sep } from 'path'; import { syncBuiltinESMExports } from 'module'; import { wait } from './c.js';
      export const read = () => [sep, own]; path.sep = 'S'; syncBuiltinESMExports(); console.log(sep); await wait(); path.sep = 'T'; syncBuiltinESMExports(); console.log(sep);`,
    'c.js': "import { sep } from 'path'; export const wait = async () => { console.log(sep); await null; };",
  },
  'a package of many files': {
    'a.js': "import { z } from 'zod'; import { chalkStderr, Chalk } from 'chalk'; import { nanoid, customAlphabet } from 'nanoid'; console.log(typeof z.string, typeof chalkStderr, typeof Chalk, typeof nanoid, typeof customAlphabet);",
  },
};

const mains = {
  'plain.js': `try { await import('./a.js'); } catch (error) { ${sayError} }`,
  'hot.js': `import hmr from 'node-esm-hmr';
    const handle = await hmr('./start.js', undefined, () => {});
    await handle.close();`,
  // A hot module that asks for the rest, so that errors are seen as the program sees them.
  'start.js': `try { await import('./a.js'); } catch (error) { ${sayError} }`,
};

for (const [name, files] of Object.entries(programs)) {
  test(name, async (t) => {
    const packages = ['chalk', 'nanoid', 'zod'];
    const project = createProject(t, { ...mains, ...files }, { packages });
    await expectAsPlain(project);
  });
}
