// One instance per file: whoever reaches a hot file, and on whichever way, gets the hot instance. Node 20 has no
// `module.registerHooks`; what needs it is known not to hold there.

import assert from 'node:assert/strict';
import module from 'node:module';
import { test } from 'node:test';
import { count, createProject } from '../harness/index.js';

const hasHooks = typeof module.registerHooks === 'function';
const needsHooks = 'Node 20 has no module.registerHooks';

const state = "console.log('eval state'); export const identity = {}; export let n = 1; export const set = (v) => { n = v; };";

/** @param {string} other how another importer gets the namespace of `./state.js` */
const main = (other) => `import hmr from 'node-esm-hmr';
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
const variable = './state.js';
await hmr('./a.js', undefined, async (module) => {
  const other = await (async () => ${other})();
  module.set(7);
  console.log('same', module.identity === other.identity, other.n);
});`;

const a = (/** @type {number} */ version) => `export * from './state.js'; export const version = ${version};`;

const packages = {
  'node_modules/pkg/package.json': '{"type":"module","exports":{".":"./index.js","./cjs":"./index.cjs"}}',
  'node_modules/pkg/index.js': "import * as state from '../../state.js'; export { state };",
  'node_modules/pkg/index.cjs': "exports.load = () => import('../../state.js'); exports.require = () => require('../../state.js');",
};

/** Expressions that give the namespace. @type {Record<string, {text: string, onAll?: boolean}>} */
const ways = {
  'import(variable) in the main file': { text: 'import(variable)' },
  'import() in the main file': { text: "import('./state.js')", onAll: true },
  'require of a hot ES module': { text: "require('./state.js')" },
  'a package that imports a hot file': { text: "import('pkg').then(({ state }) => state)" },
  'import() in a CommonJS package': { text: "require('pkg/cjs').load()" },
  'require in a CommonJS package': { text: "require('pkg/cjs').require()" },
  'import() in eval': { text: `eval("import('./state.js')")` },
  'import() in Function': { text: "new Function('url', 'return import(url)')(import.meta.resolve('./state.js'))" },
};

for (const [name, { text, onAll }] of Object.entries(ways)) {
  test(`${name}: one instance, before and after an update beside it`, { skip: !hasHooks && !onAll && needsHooks }, async (t) => {
    const project = createProject(t, { 'main.js': main(text), 'state.js': state, 'a.js': a(1), ...packages });
    const app = project.start(['main.js']);
    await app.line(/^same true 7$/);
    await project.write('a.js', a(2));
    await app.line(/^same true 7$/);
    assert.equal(count(app, /^eval state/), 1, app.output());
  });
}

/** Texts of `a.js`. @type {Record<string, string>} */
const alike = {
  'process.argv and execArgv': 'console.log(process.argv.slice(1), process.execArgv);',
  'require.main of CommonJS': "import('./main.cjs').then(({ default: isMain }) => console.log(isMain));",
  'a worker of its own': `import { Worker } from 'node:worker_threads';
    new Worker(new URL('./worker.js', import.meta.url), { argv: ['x'] }).on('message', (n) => console.log('worker', n));`,
  'a forked process': `import { fork } from 'node:child_process'; import { fileURLToPath } from 'node:url';
    fork(fileURLToPath(new URL('./child.js', import.meta.url)), ['y']).on('message', (n) => console.log('child', n));`,
};

for (const [name, text] of Object.entries(alike)) {
  test(`${name}: as in plain Node`, async (t) => {
    const files = {
      'a.js': text,
      'main.cjs': 'module.exports = [require.main === module, typeof require.main];',
      'worker.js': "import { parentPort } from 'node:worker_threads'; import { n } from './n.js'; parentPort.postMessage([n, process.argv[2]]);",
      'child.js': "import { n } from './n.js'; process.send([n, process.argv[2]]); process.disconnect();",
      'n.js': 'export const n = 1;',
    };
    const hot = createProject(t, { ...files, 'main.js': "import hmr from 'node-esm-hmr'; await hmr('./a.js', undefined, () => {});" });
    const plain = createProject(t, { ...files, 'main.js': "import './a.js';" });
    const expected = plain.start(['main.js', 'one']);
    await expected.end();
    const app = hot.start(['main.js', 'one']);
    const said = () => app.output('stdout').replaceAll(hot.folder, plain.folder);
    await app.until(() => said() === expected.output('stdout'), 'the same output');
  });
}

test('several entries and a worker: one instance per thread', async (t) => {
  const project = createProject(t, {
    'main.js': `import hmr from 'node-esm-hmr'; import { Worker, isMainThread } from 'node:worker_threads';
const name = isMainThread ? 'main' : 'worker';
let first;
const check = (module) => { first ??= module; console.log(name, 'same', first.state.identity === module.state.identity, module.version); };
await hmr('./a.js', undefined, check);
await hmr('./b.js', undefined, check);
if (isMainThread) new Worker(new URL(import.meta.url));`,
    'a.js': "export * as state from './state.js'; export const version = 'a1';",
    'b.js': "export * as state from './state.js'; export const version = 'b1';",
    'state.js': state,
  });
  const app = project.start(['main.js']);
  await app.line(/^main same true a1$/);
  await app.line(/^main same true b1$/);
  await app.line(/^worker same true b1$/);
  assert.equal(count(app, /^eval state/), 2);
  await project.edit('b.js', 'b1', 'b2');
  await app.until(() => count(app, /^(main|worker) same true b2$/) === 2, 'both threads have the update');
  assert.equal(count(app, /^eval state/), 2);
});

/** How a program is started without a file of its own. @type {Record<string, string[]>} */
const starts = {
  '--input-type=module -e': ['--input-type=module', '-e'],
  'node --test': ['--test', '--test-reporter=tap', 'x.test.js'],
};

for (const [name, args] of Object.entries(starts)) {
  test(`${name}: one instance of what is imported after hmr()`, { skip: !hasHooks && needsHooks }, async (t) => {
    const text = `import hmr from 'node-esm-hmr';
const handle = await hmr('./a.js', undefined, () => {});
console.log('same', handle.module.identity === (await import('./state.js')).identity);
${name === 'node --test' ? "await handle.close();" : 'process.exit();'}`;
    const project = createProject(t, { 'a.js': a(1), 'state.js': state, 'x.test.js': text });
    const app = project.start(name === 'node --test' ? args : [...args, text]);
    await app.line(/^(# )?same true$/);
    await app.end();
    assert.equal(count(app, /^(# )?eval state/), 1, app.output());
  });
}

test('the REPL: one instance, and updates', { skip: !hasHooks && needsHooks }, async (t) => {
  const project = createProject(t, { 'a.js': a(1), 'state.js': state });
  const app = project.start(['-i']);
  app.stdin.write("const { default: hmr } = await import('node-esm-hmr'); console.log('loaded');\n");
  await app.line(/loaded/);
  app.stdin.write("let last; await hmr('./a.js', undefined, (module) => { last = module; console.log('version', module.version); });\n");
  await app.line(/version 1/);
  app.stdin.write("console.log('same', last.identity === (await import('./state.js')).identity);\n");
  await app.line(/same true/);
  await project.write('a.js', a(2));
  await app.line(/version 2/);
  assert.equal(count(app, /eval state/), 1, app.output());
});
