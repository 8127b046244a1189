// `require()` of ES modules that are loaded, are being loaded, or have failed (`importSyncForRequire` in Node's loader).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runAsMain } from '../differential/as-main.js';

const major = Number.parseInt(process.versions.node, 10);

const base = {
  'package.json': '{ "type": "module" }',
  'node_modules/pkg/package.json': '{ "name": "pkg", "type": "module", "exports": "./p.js" }',
  'node_modules/pkg/p.js': "log('pkg'); export const p = 1;\n",
  'try.cjs': `exports.attempt = (specifier) => {
  try { console.log(specifier, require(specifier)); } catch ({ name, code, message }) { console.log(specifier, name, code, message); }
};
`,
  'c.cjs': 'exports.c = 7;\n',
  'j.json': '{ "j": 1 }',
  'a.js': "log('a'); export const a = 1;\n",
  'bad.js': "export const bad = 1;\nthrow new Error('bad');\n",
  'waits.js': "await null; log('waits'); export const waits = 1;\n",
};

/** @param {...string} specifiers @returns {string} CommonJS that requires them */
const requiring = (...specifiers) =>
  `const { attempt } = require('./try.cjs');\n${specifiers.map((specifier) => `attempt('${specifier}');\n`).join('')}`;

/** For ES modules, whose `attempt` it defines. */
const attempt = `import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
const { attempt } = require('./try.cjs');
`;

/** @type {Record<string, Record<string, string>>} */
const programs = {
  'of who imports it': { 'main.js': "import './r.cjs'; export const n = 1; log('main');\n", 'r.cjs': requiring('./main.js') },
  'in code that does not run': {
    'main.js': "import c from './r.cjs'; export const q = 1; log(typeof c.get);\n",
    'r.cjs': "exports.get = () => require('./main.js'); function f() { module.exports = { ...require('./main.js') }; }\n",
  },
  'and passes it on, if it can': { 'main.js': "import './r.cjs'; export const n = 1; log('main');\n", 'r.cjs': "try { module.exports = require('./main.js'); } catch (error) { console.log(error.code, error.message); }\n" },
  'and passes on what comes later': { 'main.js': "import dep from './r.cjs'; import { a } from './a.js'; import * as ns from './a.js'; log(dep, dep === ns, a);\n", 'r.cjs': "module.exports = require('./a.js');\n" },
  'and passes on what came before': { 'main.js': "import { a } from './a.js'; import dep from './one.cjs'; log(dep.a, a);\n", 'one.cjs': "module.exports = require('./r.cjs');\n", 'r.cjs': "module.exports = require('./a.js');\n" },
  'in a package, and passes it on': { 'main.js': "import dep from 'dep'; import { a } from './a.js'; log(dep.a, a);\n", 'node_modules/dep/index.js': "module.exports = require('../../a.js');\n" },
  'and passes on what waits': { 'main.js': "import './r.cjs'; import './waits.js'; log('main');\n", 'r.cjs': "try { module.exports = require('./waits.js'); } catch (error) { console.log(error.code, error.message); }\n" },
  'of a cycle, twice': {
    'main.js': "import('./b.js').catch((e) => log(e.code)); setTimeout(() => import('./b.js').then(log, (e) => log(e.code)), 200);\n",
    'b.js': "import './r.cjs'; export const b = 1;\n",
    'r.cjs': "require('./b.js');\n",
  },
  'of what has run and is being imported': {
    'main.js': "import './a.js'; await import('./r.cjs');\n",
    'r.cjs': `import('./a.js').then((ns) => log('imported', ns.a));\n${requiring('./a.js')}`,
  },
  'of what comes later': { 'main.js': "import './r.cjs'; import './a.js'; log('main');\n", 'r.cjs': requiring('./a.js', './a.js') },
  'of a cycle': {
    'main.js': "import './two.js'; export const n = 1; log('main');\n",
    'two.js': "import './main.js'; import './r.cjs'; export const m = 1; log('two');\n",
    'r.cjs': requiring('./main.js', './two.js'),
  },
  'of a later cycle': {
    'main.js': "import './r.cjs'; import './one.js'; import * as two from './two.js'; console.log(two);\n",
    'r.cjs': requiring('./one.js', './two.js'),
    'one.js': "import { two } from './two.js'; log('one', two); export function one() { return 1; } export default one;\n",
    'two.js': "import { one } from './one.js'; log('two', one()); export const two = 2; export * as self from './two.js';\n",
  },
  'of what waits, before and after it': {
    'main.js': "import './r.cjs'; import './waits.js'; log('main');\n",
    'r.cjs': `${requiring('./waits.js')}setTimeout(() => attempt('./waits.js'), 200);\n`,
  },
  'of what an import() is linking': {
    'main.js': `${attempt}const importing = import('./b.js');\nawait null;\nattempt('./b.js');\nawait importing;\nattempt('./b.js');\n`,
    'b.js': "import 'node:fs'; log('b'); export const b = 1;\n",
  },
  'of the main module': { 'main.js': `import 'pkg';\n${attempt}export const n = 1;\nattempt('./main.js');\nsetTimeout(() => attempt('./main.js'), 200);\n` },
  'of a main module with a default export': {
    'main.js': `import 'pkg';\n${attempt}export let n = 1;\nexport default 7;
setTimeout(() => { attempt('./main.js'); n = 2; console.log(require('./main.js'), Object.keys(require('./main.js'))); }, 200);\n`,
  },
  'of what has failed': {
    'main.js': `${attempt}await import('./bad.js').catch((error) => log('caught', error.message));\nattempt('./bad.js');\nattempt('./bad.js');\n`,
  },
  'of what is going to fail': {
    'main.js': "import './r.cjs'; import './a.js'; import './bad.js'; import './b.js'; log('main');\n",
    'b.js': "log('b');\n",
    'r.cjs': requiring('./bad.js', './through.js'),
    'through.js': "import './a.js'; import './bad.js'; import './never.js';\n",
    'never.js': "log('never');\n",
  },
  'of what imports other kinds': {
    'main.js': "import './r.cjs'; import './x.js'; import './y.js'; log('main');\n",
    'r.cjs': requiring('./x.js'),
    'x.js': `import { p } from 'pkg'; import fs, { readFileSync } from 'node:fs'; import j from './j.json' with { type: 'json' };
import d, { c } from './c.cjs'; import { y } from './y.js';\nlog('x', p, fs.readFileSync === readFileSync, j, d, c, y);\nexport default class {}\nexport { p as 'other name' };\n`,
    'y.js': "log('y'); export const y = 1; import './z.js'; import './x.js';\n",
    'z.js': "log('z');\n",
  },
  'of what gives something else': {
    'main.js': "import './r.cjs'; import './b.js'; log('main');\n",
    'b.js': "export { x as 'module.exports' }; const x = { me: 1 };\n",
    'r.cjs': `${requiring('./b.js')}const b = require('./a.js');\nimport('./a.js').then((ns) => console.log(ns === b, require('./a.js') === b));\n`,
  },
  'is the namespace that others import': {
    'main.js': `import * as a from './a.js'; import * as waits from './waits.js';\n${attempt}attempt('./a.js');
console.log(require('./a.js') === a, (await import('./a.js')) === a, waits);\nattempt('./waits.js'); attempt('./main.js');\n`,
  },
  'where nothing else is loaded by Node': {
    'main.js': "import './b.js'; import { d } from './d.js'; log('main', d);\n",
    'b.js': `const require = process.getBuiltinModule('module').createRequire(import.meta.url);\nconst { attempt } = require('./try.cjs');
attempt('./d.js'); attempt('./b.js'); attempt('./main.js');\n`,
    'd.js': "import './a.js'; log('d'); export const d = 1;\n",
  },
  'in an import() of a module that waits': {
    'main.js': "import './b.js'; import './d.js';\n",
    'b.js': "await import('./e.js').then(console.log, (error) => log('failed', error.code)); log('b');\n",
    'd.js': "log('d'); export const d = 1;\n",
    'e.js': `${attempt}attempt('./d.js'); attempt('./b.js'); attempt('./main.js'); attempt('./e.js');\nexport const e = 1;\n`,
  },
};

for (const [title, files] of Object.entries(programs)) {
  test(`require() ${title}`, { skip: major < 22 && 'Node 20 does not say what it loads: see docs/limits.md' }, async () => {
    const { plain, hot } = await runAsMain({ ...base, ...files }, 'main.js');
    assert.deepEqual(hot, plain);
  });
}
