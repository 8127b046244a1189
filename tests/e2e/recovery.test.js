// Errors that are not the text of one file: callbacks, modules that are missing at first, several errors in a row.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { caller, count, createProject, expectCall, serving } from '../harness/index.js';

const entry = (/** @type {number} */ n) => `export const a = ${n};`;

for (const [name, fail] of Object.entries({
  throws: "throw new RangeError('in callback')",
  rejects: "return Promise.reject(new RangeError('in callback'))",
  'rejects later': "return new Promise((_, reject) => setTimeout(reject, 5, new RangeError('in callback')))",
})) {
  const program = (/** @type {number} */ bad) => `import hmr from 'node-esm-hmr';
process.on('unhandledRejection', (error) => console.log('unhandled', error));
await hmr('./a.js', undefined, (module) => {
  console.log('call', module.a);
  if (module.a === ${bad}) ${fail};
});
console.log('ready');
`;
  for (const bad of [1, 2]) {
    test(`a callback that ${name}, call ${bad}`, async (t) => {
      const project = createProject(t, { 'main.js': program(bad), 'a.js': entry(1) });
      const app = project.start(['main.js']);
      await app.line(/^ready/);
      for (const n of [2, 3]) {
        await project.write('a.js', entry(n));
        await app.line(new RegExp(`^call ${n}`));
      }
      await app.line(/waiting for changes/);
      assert.equal(count(app, /RangeError: in callback/), 1);
      assert.match(app.output('stderr'), /main\.js:5/);
      assert.match(app.output('stderr'), />\s+5 \|/);
      assert.equal(count(app, /^unhandled/), 0);
      assert.equal(count(app, /^call/), 3);
    });
  }
}

test('the same error in every call is printed for every call that is a new attempt', async (t) => {
  const project = createProject(t, {
    'main.js': "import hmr from 'node-esm-hmr'; await hmr('./a.js', undefined, ({ a }) => { throw new Error(`no ${a}`); }); console.log('ready');",
    'a.js': entry(1),
  });
  const app = project.start(['main.js']);
  for (const n of [1, 2, 3]) {
    if (n > 1) await project.write('a.js', entry(n));
    await app.line(new RegExp(`Error: no ${n}`));
    await app.line(/waiting for changes/);
  }
  assert.equal(count(app, /waiting for changes/), 3);
});

for (const [path, watch] of [['a.js', 'undefined'], ['a.js', "'.'"], ['x/y/a.js', 'undefined'], ['x/y/a.js', "'x'"]]) {
  test(`a module that is missing at first is called as soon as it appears: ${path}, watchPath ${watch}`, async (t) => {
    const project = createProject(t, { 'main.js': caller({ module: `'./${path}'`, watch }) });
    const app = project.start(['main.js']);
    await app.line(/Cannot find module '.*a\.js' imported from .*main\.js/);
    await app.line(/waiting for changes/);
    await project.write(path, entry(1));
    await expectCall(app, { a: 1 });
    await app.line(/^ready/);
    await project.write(path, entry(2));
    await expectCall(app, { a: 2 });
    assert.equal(count(app, /waiting for changes/), 1);
  });
}

test('a package that is missing at first', async (t) => {
  const project = createProject(t, { 'main.js': caller({ module: "'later'", watch: "'node_modules/later'" }) });
  const app = project.start(['main.js']);
  await app.line(/Cannot find package 'later' imported from .*main\.js/);
  await app.line(/waiting for changes/);
  await project.write('node_modules/later/package.json', '{"name":"later","type":"module","exports":"./index.js"}');
  await project.write('node_modules/later/index.js', entry(1));
  await expectCall(app, { a: 1 });
});

test('error after error: each is printed once, the last good code serves, then the repair comes', async (t) => {
  const project = createProject(t, {
    'main.js': caller({ watch: "'.'" }),
    'a.js': "import { b } from './b.js'; export const a = b;",
    'b.js': 'export const b = 1;',
    'c.js': 'export const c = 1;',
  });
  const app = project.start(['main.js']);
  await expectCall(app, { a: 1 });
  await project.write('b.js', 'export const b = ;');
  await app.line(/b\.js:1:18/);
  await project.write('b.js', "throw new Error('two');");
  await app.line(/does not provide an export named 'b'/);
  await project.write('b.js', "export const b = 2; throw new Error('three');");
  await app.line(/Error: three/);
  await project.write('a.js', "import { b } from './b.js'; export const a = b + 10;");
  assert.deepEqual(await serving(app), { a: 1 });
  await project.write('b.js', 'export const b = 4;');
  await expectCall(app, { a: 14 });
  assert.equal(count(app, /waiting for changes/), 3, app.output());
  assert.equal(count(app, /Error: three/), 1);
});

test('two broken files: both must be repaired', async (t) => {
  const project = createProject(t, {
    'main.js': caller(),
    'a.js': "import { b } from './b.js'; import { c } from './c.js'; export { b, c };",
    'b.js': 'export const b = 1;',
    'c.js': 'export const c = 1;',
  });
  const app = project.start(['main.js']);
  await expectCall(app, { b: 1, c: 1 });
  await project.write('b.js', 'export const b = ;');
  await app.line(/b\.js:1:18/);
  await project.write('c.js', 'export const c = );');
  await app.line(/c\.js:1:18/);
  await project.write('b.js', 'export const b = 2;');
  assert.deepEqual(await serving(app), { b: 1, c: 1 });
  await project.write('c.js', 'export const c = 2;');
  await expectCall(app, { b: 2, c: 2 });
  for (const file of ['b', 'c']) assert.equal(count(app, new RegExp(`${file}\\.js:1:18`)), 1, app.output());
});

test('a module that throws halfway keeps its old instance, and its state', async (t) => {
  const project = createProject(t, {
    'main.js': caller({ print: 'JSON.stringify([module.next(), module.value])', after: 'process.on("SIGUSR1", () => {});' }),
    'a.js': "import { next } from './state.js'; import { value } from './b.js'; export { next, value };",
    'state.js': 'let n = 0; export const next = () => ++n;',
    'b.js': 'export let value = 1;',
  });
  const app = project.start(['main.js']);
  await expectCall(app, [1, 1]);
  await project.write('b.js', "export let value = 2; throw new Error('half');");
  await app.line(/waiting/);
  assert.deepEqual(await serving(app), { value: 1 });
  await project.write('b.js', 'export let value = 3;');
  await expectCall(app, [2, 3]);
});

test('an error of one hmr() call does not keep another from its update', async (t) => {
  const project = createProject(t, {
    'main.js': `import hmr from 'node-esm-hmr';
      await hmr('./a.js', undefined, (module) => console.log('a', module.a));
      await hmr('./b.js', undefined, (module) => console.log('b', module.b));
      console.log('ready');`,
    'a.js': entry(1),
    'b.js': 'export const b = 1;',
  });
  const app = project.start(['main.js']);
  await app.line(/^ready/);
  await project.write('a.js', 'export const a = ;');
  await app.line(/waiting/);
  await project.write('b.js', 'export const b = 2;');
  await app.line(/^b 2/);
  await project.write('a.js', entry(2));
  await app.line(/^a 2/);
});

test('a missing module of one hmr() call does not keep another from its first call', async (t) => {
  const project = createProject(t, {
    'main.js': `import hmr from 'node-esm-hmr';
      hmr('./gone.js', undefined, () => console.log('gone'));
      await hmr('./b.js', undefined, (module) => console.log('b', module.b));
      console.log('ready');`,
    'b.js': 'export const b = 1;',
  });
  const app = project.start(['main.js']);
  await app.line(/^ready/);
  await project.write('b.js', 'export const b = 2;');
  await app.line(/^b 2/);
  await project.write('gone.js', '');
  await app.line(/^gone/);
});
