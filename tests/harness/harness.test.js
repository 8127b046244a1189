// The harness itself: what it waits for, what a failed wait says, and that it leaves nothing behind.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { createProject, saveStyles } from './index.js';

test('a line is passed once, and later waits look behind it', async (t) => {
  const project = createProject(t, { 'app.js': "for (const n of [1, 2, 3]) console.log('line', n)" });
  const app = project.start(['app.js']);
  assert.equal((await app.line(/line (\d)/))[1], '1');
  await app.line(/line 3/);
  await assert.rejects(app.line(/line 2/), /the program ended before \/line 2\//);
  assert.deepEqual(await app.end(), { code: 0, signal: null });
});

test('the two streams are passed separately', async (t) => {
  const project = createProject(t, { 'app.js': "console.error('both'); console.log('both')" });
  const app = project.start(['app.js']);
  await app.line(/both/, { stream: 'stdout' });
  await app.line(/both/, { stream: 'stderr' });
});

test('a failed wait shows command, files and output', async (t) => {
  const source = "console.error('here'); setInterval(() => {}, 1000)";
  const project = createProject(t, { 'app.js': source, 'lib/deep.js': '' });
  const app = project.start(['app.js', '--flag']);
  await app.line(/here/);
  await assert.rejects(app.line(/there/, { deadline: 1 }), (/** @type {Error} */ error) => {
    for (const part of ['app.js --flag', 'still running', 'lib/deep.js  0 bytes', 'err| here']) {
      assert.ok(error.message.includes(part), `${part} in:\n${error.message}`);
    }
    return true;
  });
});

test('a program that only SIGKILL ends is stopped, and its folder removed', async (t) => {
  let folder = '';
  await t.test('inside', async (inner) => {
    const source = "process.on('SIGTERM', () => console.log('no')); setInterval(() => {}, 1000); console.log('up')";
    const project = createProject(inner, { 'app.js': source });
    folder = project.folder;
    await project.start(['app.js']).line(/up/);
  });
  assert.equal(existsSync(folder), false);
});

for (const style of saveStyles) {
  test(`save style ${style}`, async (t) => {
    const project = createProject(t, { 'lib/a.js': 'old' });
    await project.write('lib/a.js', 'a longer new text', { style });
    assert.equal(project.read('lib/a.js'), 'a longer new text');
  });
}

for (const install of /** @type {const} */ (['link', 'copy'])) {
  test(`the package can be resolved when installed by ${install}`, async (t) => {
    const source = "console.log(import.meta.resolve('node-esm-hmr/package.json'))";
    const project = createProject(t, { 'app.js': source }, { install });
    await project.start(['app.js']).line(install === 'link' ? /runtime\/package\.json$/ : /node_modules\/node-esm-hmr\/package\.json$/);
  });
}
