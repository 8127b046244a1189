// `import.meta.hot.accept`: itself, dependencies, exports.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hotApp, listening } from './hot.js';

const main = (/** @type {string} */ text) => `${text}\n${listening}\nconsole.log('main runs');`;

test('a module that accepts itself: callbacks of the old version get the new namespace', async (t) => {
  const a = (/** @type {number} */ n) => `export const n = ${n}; import.meta.hot.accept((m) => console.log('from ${n}:', m.n)); import.meta.hot.accept((m) => console.log('again', m.n));`;
  const { project, app } = hotApp(t, { 'main.js': main("import './a.js';"), 'a.js': a(1) });
  await app.line(/^main runs/);
  await project.write('a.js', a(2));
  await app.line(/^from 1: 2/);
  await app.line(/^again 2/);
  await project.write('a.js', a(3));
  await app.line(/^from 2: 3/);
  assert.equal(app.lines.filter(({ text }) => text === 'main runs').length, 1);
});

test('importers see new values without running: imports, re-exports, namespaces', async (t) => {
  const { project, app, ask } = hotApp(t, {
    'main.js': main("import { n, f } from './barrel.js'; import * as ns from './a.js'; import d from './a.js'; globalThis.all = () => [n, f(), ns.n, ns.f(), d];"),
    'barrel.js': "export * from './a.js'; console.log('barrel runs');",
    'a.js': "export let n = 1; export const f = () => n; export default 'd1'; import.meta.hot.accept();",
  });
  await app.line(/^main runs/);
  assert.equal(await ask('all()'), '[1,1,1,1,"d1"]');
  await project.write('a.js', "export let n = 2; export const f = () => n * 10; export default 'd2'; import.meta.hot.accept();");
  await app.line(/^hmr {2}a\.js → a\.js {2}1 module/);
  assert.equal(await ask('all()'), '[2,20,2,20,"d2"]');
  assert.equal(app.lines.filter(({ text }) => text === 'barrel runs').length, 1);
});

test('an accepted dependency: its callback gets the namespace; what lies between runs again', async (t) => {
  const { project, app } = hotApp(t, {
    'main.js': main("import './b.js'; import.meta.hot.accept('./b.js', (b) => console.log('accepted', b.b()));"),
    'b.js': "import { a } from './a.js'; console.log('b runs'); export const b = () => a;",
    'a.js': 'export const a = 1;',
  });
  await app.line(/^main runs/);
  await project.write('a.js', 'export const a = 2;');
  await app.line(/^b runs/);
  await app.line(/^accepted 2/);
  await app.line(/^hmr {2}a\.js → main\.js {2}2 modules/);
});

test('several dependencies: an array with those that were updated in their places', async (t) => {
  const { project, app } = hotApp(t, {
    'main.js': main("import './a.js'; import './b.js'; import.meta.hot.accept(['./a.js', './b.js'], (list) => console.log('accepted', JSON.stringify(list.map((m) => m?.v ?? null))));"),
    'a.js': 'export const v = 1;',
    'b.js': 'export const v = 2;',
  });
  await app.line(/^main runs/);
  await project.write('b.js', 'export const v = 3;');
  await app.line(/^accepted \[null,3\]/);
});

test('said in a condition, through a variable, and later', async (t) => {
  const { project, app } = hotApp(t, {
    'main.js': main("import './a.js'; const { hot } = import.meta; setTimeout(() => { if (hot) { const { accept } = hot; accept('./a.js', () => console.log('accepted')); } console.log('said'); });"),
    'a.js': 'export const a = 1;',
  });
  await app.line(/^said/);
  await project.write('a.js', 'export const a = 2;');
  await app.line(/^accepted/);
});

test('what the running version said counts, not what the new one says', async (t) => {
  const { project, app } = hotApp(t, {
    'main.js': main("import './a.js'; import.meta.hot.accept('./a.js', () => console.log('main accepted'));"),
    'a.js': 'export const a = 1; import.meta.hot.accept();',
  });
  await app.line(/^main runs/);
  await project.write('a.js', 'export const a = 2;');
  await app.line(/^hmr {2}a\.js → a\.js/);
  await project.write('a.js', 'export const a = 3; import.meta.hot.accept();');
  await app.line(/^main accepted/);
  await app.line(/^hmr {2}a\.js → main\.js/);
});

test('acceptExports: importers that take nothing else stay', async (t) => {
  const a = (/** @type {number} */ n) => `export const x = ${n}; export const y = ${n}; import.meta.hot.acceptExports(['x'], (m) => console.log('callback', m.x));`;
  const { project, app } = hotApp(t, {
    'main.js': main("import './both.js'; import './one.js'; import.meta.hot.accept('./both.js', () => console.log('both accepted'));"),
    'one.js': "import { x } from './a.js'; console.log('one runs', x);",
    'both.js': "import { x, y } from './a.js'; console.log('both runs', x, y);",
    'a.js': a(1),
  });
  await app.line(/^main runs/);
  await project.write('a.js', a(2));
  await app.line(/^both runs 2 2/);
  await app.line(/^both accepted/);
  assert.equal(app.lines.filter(({ text }) => text.startsWith('one runs')).length, 1);
});

test('in an import cycle', async (t) => {
  const { project, app, ask } = hotApp(t, {
    'main.js': main("import { a } from './a.js'; import { b } from './b.js'; globalThis.all = () => [a(), b()];"),
    'a.js': "import { b } from './b.js'; export const a = () => 'a1' + typeof b; import.meta.hot.accept();",
    'b.js': "import { a } from './a.js'; console.log('b runs'); export const b = () => 'b' + a();",
  });
  await app.line(/^main runs/);
  await project.write('a.js', "import { b } from './b.js'; export const a = () => 'a2' + typeof b; import.meta.hot.accept();");
  await app.line(/^hmr {2}a\.js → a\.js {2}1 module/);
  assert.equal(await ask('all()'), '["a2function","ba2function"]');
  assert.equal(app.lines.filter(({ text }) => text === 'b runs').length, 1);
});

test('what only import() reaches', async (t) => {
  const { project, app, ask } = hotApp(t, {
    'main.js': main("globalThis.lazy = await import('./lazy.js'); import.meta.hot.accept('./lazy.js', (m) => console.log('accepted', m.n, m === lazy));"),
    'lazy.js': "import { n } from './n.js'; export { n };",
    'n.js': 'export const n = 1;',
  });
  await app.line(/^main runs/);
  await project.write('n.js', 'export const n = 2;');
  await app.line(/^accepted 2 true/);
  assert.equal(await ask('lazy.n'), '2');
});

test('JSON', async (t) => {
  const { project, app } = hotApp(t, {
    'main.js': main("import data from './data.json' with { type: 'json' }; import.meta.hot.accept('./data.json', (m) => console.log('accepted', m.default.v, data.v));"),
    'data.json': '{"v":1}',
  });
  await app.line(/^main runs/);
  await project.write('data.json', '{"v":2}');
  await app.line(/^accepted 2 2/);
});

test('wrong arguments throw at once', async (t) => {
  const { app } = hotApp(t, {
    'main.js': main("for (const args of [[1], [['a', 2]], ['./a.js', 3]]) try { import.meta.hot.accept(...args); } catch (error) { console.log(error.name, error.message); }"),
  });
  await app.line(/^TypeError import\.meta\.hot\.accept\(\): the first argument/);
  await app.line(/^TypeError import\.meta\.hot\.accept\(\): the first argument/);
  await app.line(/^TypeError import\.meta\.hot\.accept\(\): the callback must be a function/);
});
