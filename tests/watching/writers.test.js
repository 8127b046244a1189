// Tests 3 and 4 of the fault list: writers that die, and writers that overlap.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { test } from 'node:test';
import { caller, count, createProject, expectCall, serving } from '../harness/index.js';

const text = (/** @type {number} */ n) => `export const n = ${n};\n// ${'x'.repeat(1000)}\nexport const end = ${n};\n`;

test('a writer that is killed half way: the old module serves, one error, the next save is applied', async (t) => {
  const project = createProject(t, { 'main.js': caller(), 'a.js': text(1) });
  const app = project.start(['main.js']);
  await expectCall(app, { n: 1, end: 1 });
  const half = text(2).slice(0, 700).replace('//', '/*').replaceAll('\n', '\\n');
  spawnSync('sh', ['-c', `exec > a.js; printf '${half}'; kill -9 $$`], { cwd: project.folder });
  await app.line(/waiting for changes/);
  assert.deepEqual(await serving(app), { n: 1, end: 1 });
  assert.equal(count(app, /SyntaxError/), 1, app.output());
  await project.write('a.js', text(3));
  await expectCall(app, { n: 3, end: 3 });
});

test('two writers that overlap: nothing before both are done', async (t) => {
  const project = createProject(t, { 'main.js': caller(), 'a.js': text(1) });
  const app = project.start(['main.js']);
  await expectCall(app, { n: 1, end: 1 });
  for (let n = 2; n < 12; n += 2) {
    const slow = openSync(project.path('a.js'), 'r+');
    writeFileSync(project.path('a.js'), text(n));
    // It is asked a few times, while the slow one is at it: nothing has changed yet.
    assert.deepEqual(await serving(app), { n: Math.max(1, n - 1), end: Math.max(1, n - 1) });
    writeSync(slow, text(n + 1), 0);
    closeSync(slow);
    await expectCall(app, { n: n + 1, end: n + 1 });
  }
  assert.equal(count(app, /waiting for changes/), 0, app.output());
});

test('a file that is held open for writing does not hold up others for ever', async (t) => {
  const project = createProject(t, {
    'main.js': caller({ print: 'JSON.stringify([module.b, module.c])' }),
    'a.js': "export { b } from './b.js'; export { c } from './c.js';",
    'b.js': 'export const b = 1;',
    'c.js': 'export const c = 1;',
  });
  const app = project.start(['main.js']);
  await expectCall(app, [1, 1]);
  const held = openSync(project.path('b.js'), 'r+');
  writeSync(held, 'export const b = 2;', 0);
  await project.write('c.js', 'export const c = 2;');
  await expectCall(app, [1, 2]);
  closeSync(held);
  await expectCall(app, [2, 2]);
});
