// CommonJS of the project: what hot modules import or require of it is loaded anew when it changes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProject } from '../harness/index.js';
import { hotApp, listening } from './hot.js';

const seesLoader = Number.parseInt(process.versions.node, 10) >= 22;

const main = `import whole, { name } from './a.cjs';
import * as ns from './a.cjs';
globalThis.state = () => [name, whole.name, ns.name, ns.default.name, Object.keys(ns).filter((key) => key !== 'module.exports')].join();
import.meta.hot.accept('./a.cjs', (a) => console.log('accepted', a.name, a.default.name));
${listening}
console.log('ready', process.pid);
`;

test('an accepted script, and one that it requires', async (t) => {
  const { project, app, ask } = hotApp(t, {
    'main.js': main,
    'a.cjs': "exports.name = require('./b.cjs').name + 'A'; console.log('a runs');",
    'b.cjs': "exports.name = 'b';",
  });
  await app.line(/^ready/);
  assert.equal(await ask('state()'), '"bA,bA,bA,bA,default,name"');
  await project.write('a.cjs', "exports.name = require('./b.cjs').name + 'AA'; exports.other = 1;");
  await app.line(/^accepted bAA bAA/);
  assert.equal(await ask('state()'), '"bAA,bAA,bAA,bAA,default,name,other"');
  await project.write('b.cjs', "exports.name = 'bb';");
  await app.line(/^accepted bbAA bbAA/);
  assert.equal(await ask('state()'), '"bbAA,bbAA,bbAA,bbAA,default,name,other"');
});

test('a script that throws, or no longer has a name: what was there stays, also for require()', async (t) => {
  const { project, app, ask } = hotApp(t, {
    'main.js': `import { createRequire } from 'node:module'; globalThis.required = () => createRequire(import.meta.url)('./a.cjs').name;\n${main}`,
    'a.cjs': "exports.name = 1;",
  });
  await app.line(/^ready/);
  await project.write('a.cjs', "exports.name = 2; throw new Error('broken');");
  await app.line(/Error: broken/, { stream: 'stderr' });
  assert.equal(await ask('state()'), '"1,1,1,1,default,name"');
  assert.equal(await ask('required()'), '1');
  await project.write('a.cjs', 'exports.name = 3;');
  await app.line(/^accepted 3 3/);
  assert.equal(await ask('required()'), '3');
});

test('createRequire() in a hot module, and import()', async (t) => {
  const { project, app, ask } = hotApp(t, {
    'main.js': `import { a } from './a.js';
globalThis.value = () => a; globalThis.load = () => void import('./lazy.cjs').then(({ n }) => console.log('lazy', n));
import.meta.hot.accept('./a.js', () => console.log('accepted'));
${listening}
console.log('ready');`,
    'a.js': "import { createRequire } from 'node:module'; export const a = createRequire(import.meta.url)('./a.cjs');",
    'a.cjs': 'module.exports = 1;',
    'lazy.cjs': 'exports.n = 1;',
  });
  await app.line(/^ready/);
  await ask('load()');
  await app.line(/^lazy 1/);
  await project.write('a.cjs', 'module.exports = 2;');
  await app.line(/^accepted/);
  assert.equal(await ask('value()'), '2');
  await project.write('lazy.cjs', 'exports.n = 2;');
  // A change elsewhere comes after it: then it has been dealt with.
  await project.write('a.cjs', 'module.exports = 3;');
  await app.line(/^accepted/);
  await ask('load()');
  await app.line(/^lazy 2/);
});

test('below hmr()', async (t) => {
  const project = createProject(t, {
    'main.js': "import hmr from 'node-esm-hmr'; await hmr('./a.js', undefined, ({ n }) => console.log('call', n)); console.log('ready');",
    'a.js': "import { n } from './c.cjs'; export { n };",
    'c.cjs': 'exports.n = 1;',
  });
  const app = project.start(['main.js']);
  await app.line(/^ready/);
  await project.write('c.cjs', 'exports.n = 2;');
  await app.line(/^call 2/);
});

test('require() of a hot ES module: its versions, also while one is replaced', { skip: !seesLoader && 'Node 20 does not say what it loads' }, async (t) => {
  const { project, app, ask } = hotApp(t, {
    'package.json': '{ "type": "module" }',
    'main.js': `import './a.js';
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
globalThis.required = () => { delete require.cache[require.resolve('./a.js')]; return require('./a.js').n; };
${listening}
console.log('ready');`,
    'a.js': `export const n = 1;
import.meta.hot.accept();
import.meta.hot.dispose(() => console.log('disposed', required()));
console.log('a', n);`,
  });
  await app.line(/^ready/);
  assert.equal(await ask('required()'), '1');
  await project.write('a.js', "export const n = 2;\nimport.meta.hot.accept();\nconsole.log('a', n);");
  await app.line(/^disposed 1/);
  await app.line(/^a 2/);
  assert.equal(await ask('required()'), '2');
  await project.write('a.js', "export const n = 3;\nthrow new Error('broken');");
  await app.line(/Error: broken/, { stream: 'stderr' });
  assert.equal(await ask('required()'), '2');
});
