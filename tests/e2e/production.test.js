// NODE_ENV=production: imports once, calls back once, watches nothing, loads no engine.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { caller, count, createProject, expectCall } from '../harness/index.js';

const env = { NODE_ENV: 'production' };

test('imports once, calls back once, and the process ends by itself', async (t) => {
  const project = createProject(t, {
    'main.js': caller({
      watch: "'.'",
      after: `console.log('module', handle.module === last, (await handle.reload()) === last);
        await handle.close(); await handle[Symbol.asyncDispose]();`,
    }),
    'a.js': "import { b } from './b.js'; console.log('eval a'); export const a = b;",
    'b.js': 'export const b = 1;',
  });
  const app = project.start(['main.js'], { env });
  await expectCall(app, { a: 1 });
  await app.line(/^ready/);
  await app.line(/^module true true/);
  assert.deepEqual(await app.end(), { code: 0, signal: null });
  assert.equal(count(app, /^eval a/), 1);
  assert.equal(count(app, /^call/), 1);
  assert.equal(app.output('stderr'), '');
});

test('nothing is watched while the program runs', async (t) => {
  const project = createProject(t, {
    'main.js': caller({ watch: "'.'", after: "process.stdin.once('data', () => { console.log('over'); process.exit(); });" }),
    'a.js': 'export const a = 1;',
  });
  const app = project.start(['main.js'], { env });
  await app.line(/^ready/);
  await project.write('a.js', 'export const a = 2;');
  app.stdin.write('end');
  await app.line(/^over/);
  assert.equal(count(app, /^call/), 1);
  await app.end();
});

test('the module is the one that Node itself imports', async (t) => {
  const project = createProject(t, {
    'main.js': caller({ before: "import * as native from './a.js';", print: 'JSON.stringify(module === native)' }),
    'a.js': 'export const a = {};',
  });
  await expectCall(project.start(['main.js'], { env }), true);
});

test('it works where the engine does not: without the addon', async (t) => {
  const project = createProject(t, { 'src/main.js': caller(), 'src/a.js': 'export const a = 1;' }, { install: 'copy' });
  project.delete('node_modules/node-esm-hmr/native');
  const app = project.start(['src/main.js'], { env });
  await expectCall(app, { a: 1 });
  assert.equal((await app.end()).code, 0);
});

for (const specifier of ['#a', 'app/a', './src/a.js']) {
  test(`modulePath '${specifier}' is resolved from the caller`, async (t) => {
    const packageJson = { imports: { '#a': './src/a.js' }, exports: { './a': './src/a.js' } };
    const project = createProject(t, { 'main.js': caller({ module: `'${specifier}'` }), 'src/a.js': 'export const a = 1;' }, { packageJson });
    const app = project.start(['main.js'], { env });
    await expectCall(app, { a: 1 });
    assert.equal((await app.end()).code, 0);
    assert.equal(app.output('stderr'), '');
  });
}

/** What goes wrong rejects the promise, as import() does. */
for (const [name, text, message] of [
  ['a missing module', undefined, /Cannot find module '.*a\.js' imported from .*main\.js/],
  ['a syntax error', 'export const a = ;', /Unexpected token/],
  ['a module that throws', "throw new Error('boom');", /boom/],
]) {
  test(`${name} rejects`, async (t) => {
    const project = createProject(t, {
      'main.js': `import hmr from 'node-esm-hmr';
        await hmr('./a.js', '.', () => console.log('call')).catch((error) => console.log('rejected', error.message));`,
      ...(text && { 'a.js': text }),
    });
    const app = project.start(['main.js'], { env });
    const { 0: said } = await app.line(/^rejected (.*)/);
    assert.match(said, /** @type {RegExp} */ (message));
    assert.equal((await app.end()).code, 0);
  });
}

test('a callback that rejects', async (t) => {
  const project = createProject(t, {
    'main.js': `import hmr from 'node-esm-hmr';
      await hmr('./a.js', '.', async () => { throw new Error('no'); }).catch((error) => console.log('rejected', error.message));`,
    'a.js': '',
  });
  const app = project.start(['main.js'], { env });
  await app.line(/^rejected no/);
  assert.equal((await app.end()).code, 0);
});

test('wrong arguments are refused as ever', async (t) => {
  const project = createProject(t, { 'main.js': "import hmr from 'node-esm-hmr'; hmr('./a.js');" });
  const app = project.start(['main.js'], { env });
  assert.equal((await app.end()).code, 1);
  assert.match(app.output('stderr'), /TypeError: hmr\(\): callback must be a function/);
});

test('NODE_ENV=development watches', async (t) => {
  const project = createProject(t, { 'main.js': caller(), 'a.js': 'export const a = 1;' });
  const app = project.start(['main.js'], { env: { NODE_ENV: 'development' } });
  await expectCall(app, { a: 1 });
  await project.write('a.js', 'export const a = 2;');
  await expectCall(app, { a: 2 });
});
