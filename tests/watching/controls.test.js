// Test 2 of the fault list, and proof that it can be failed: chokidar does.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { watch } from 'chokidar';
import { caller, createProject, save } from '../harness/index.js';

const text = (/** @type {number} */ n) => `export const n = ${n};\n// ${'x'.repeat(50_000)}\nexport const end = ${n};\n`;
/** Far longer than anybody waits for a save. */
const patience = 1500;

/**
 * Saves in two parts with pauses of 0 to 60 ms.
 * @param {string} path
 * @param {(n: number) => boolean} holds whether the client holds save `n`
 * @returns {Promise<string[]>} the saves that it never held
 */
async function savesInParts(path, holds) {
  const missed = [];
  let n = 0;
  for (const gap of [0, 1, 2, 5, 20, 60]) {
    n += 1;
    await save(path, text(n), { style: 'chunks', gap });
    const deadline = performance.now() + patience;
    while (!holds(n) && performance.now() < deadline) await wait(5);
    if (!holds(n)) missed.push(`save ${n}, ${gap} ms between its parts`);
  }
  return missed;
}

test('saves in parts: all are live at the end', async (t) => {
  const print = 'module.n === module.end ? module.n : `torn ${module.n}`';
  const project = createProject(t, { 'main.js': caller({ print }), 'a.js': text(0) });
  const app = project.start(['main.js']);
  await app.line(/^ready/);
  const holds = (/** @type {number} */ n) => app.lines.some(({ text }) => text === `call ${n + 1} ${n}`);
  assert.deepEqual(await savesInParts(project.path('a.js'), holds), []);
});

test('the same with chokidar 5: some never are', async (t) => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'hmr-test-')));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'a.js');
  writeFileSync(path, text(0));
  const watcher = watch(folder);
  t.after(() => watcher.close());
  let held = '';
  watcher.on('change', () => (held = readFileSync(path, 'utf8')));
  await new Promise((resolve) => watcher.on('ready', () => resolve(undefined)));
  const missed = await savesInParts(path, (n) => held === text(n));
  t.diagnostic(`chokidar 5 never held: ${missed.join('; ')}`);
  assert.ok(missed.length > 0, 'the test has become too easy');
});
