// Which files are hot: ES modules outside node_modules by their real path, unless package.json says otherwise.

import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { test } from 'node:test';
import { caller, count, createProject, expectCall } from '../harness/index.js';

const plugin = (/** @type {number} */ n) => `console.log('eval plugin'); export const p = ${n};`;
const files = {
  'main.js': caller({ watch: "['a.js', 'node_modules/plugin', 'packages', 'generated']" }),
  'a.js': "export { p } from 'plugin'; export const a = (globalThis.a ?? 0) + 1; globalThis.a = a;",
  'node_modules/plugin/package.json': '{"type":"module","exports":"./index.js"}',
  'node_modules/plugin/index.js': plugin(1),
};

test('an installed package is loaded by Node and stays what it is', async (t) => {
  const project = createProject(t, files);
  const app = project.start(['main.js']);
  await expectCall(app, { a: 1, p: 1 });
  await app.line(/^ready/);
  await project.write('node_modules/plugin/index.js', plugin(2));
  await expectCall(app, { a: 2, p: 1 }, 'the watched file evaluates the module itself anew');
  assert.equal(count(app, /^eval plugin/), 1);
});

for (const include of ['node_modules/plugin/**', ['node_modules/plugin/**'], ['nothing', './node_modules/plugin/*.js']]) {
  test(`an installed package that is included: ${JSON.stringify(include)}`, async (t) => {
    const project = createProject(t, files, { packageJson: { 'node-esm-hmr': { include } } });
    const app = project.start(['main.js']);
    await expectCall(app, { a: 1, p: 1 });
    await app.line(/^ready/);
    await project.write('node_modules/plugin/index.js', plugin(2));
    await expectCall(app, { a: 2, p: 2 });
    assert.equal(count(app, /^eval plugin/), 2);
  });
}

test('a linked package of a workspace is hot by its real path', async (t) => {
  const project = createProject(t, {
    ...files,
    'a.js': files['a.js'].replace("'plugin'", "'linked'"),
    'packages/linked/package.json': '{"name":"linked","type":"module","exports":"./index.js"}',
    'packages/linked/index.js': plugin(1),
  });
  symlinkSync(project.path('packages/linked'), project.path('node_modules/linked'), 'junction');
  const app = project.start(['main.js']);
  await expectCall(app, { a: 1, p: 1 });
  await app.line(/^ready/);
  await project.write('packages/linked/index.js', plugin(2));
  await expectCall(app, { a: 2, p: 2 });
});

test('an excluded file is loaded by Node', async (t) => {
  const project = createProject(
    t,
    { ...files, 'a.js': files['a.js'].replace("'plugin'", "'./generated/g.js'"), 'generated/g.js': plugin(1) },
    { packageJson: { 'node-esm-hmr': { exclude: ['generated/**'] } } },
  );
  const app = project.start(['main.js']);
  await expectCall(app, { a: 1, p: 1 });
  await app.line(/^ready/);
  await project.write('generated/g.js', plugin(2));
  await expectCall(app, { a: 2, p: 1 });
  assert.equal(count(app, /^eval plugin/), 1);
});

test('.js without "type", with module syntax, and .mjs are hot where Node loads them as modules', async (t) => {
  const project = createProject(
    t,
    { 'main.mjs': caller({ module: "'./a.mjs'" }), 'a.mjs': "export { b } from './lib/b.mjs';", 'lib/b.mjs': 'export const b = 1;' },
    { packageJson: { type: undefined } },
  );
  const app = project.start(['main.mjs']);
  await expectCall(app, { b: 1 });
  await project.write('lib/b.mjs', 'export const b = 2;');
  await expectCall(app, { b: 2 });
});

test('module syntax in .js without "type" is detected as Node does', async (t) => {
  const project = createProject(
    t,
    { 'main.mjs': caller({ module: "'./a.js'" }), 'a.js': "import { b } from './b.js'; export { b };", 'b.js': 'export const b = 1;' },
    { packageJson: { type: undefined } },
  );
  const app = project.start(['main.mjs']);
  await expectCall(app, { b: 1 });
  await project.write('b.js', 'export const b = 2;');
  await expectCall(app, { b: 2 });
});
