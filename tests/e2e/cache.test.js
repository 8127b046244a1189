// What a run leaves for the next one, in node_modules/.cache/node-esm-hmr: it is read, it is never believed wrongly, and
// nothing that befalls it is seen by the program.

import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createProject } from '../harness/index.js';

/** A module that is worth keeping. @param {string} word */
const big = (word) => `export const word = '${word}';\n${Array.from({ length: 4000 }, (_, at) => `export function f${at}() { return ${at} + word.length; }`).join('\n')}\n`;

const files = {
  'main.js': "import { word, f7 } from './big.js';\nimport { t } from './types.ts';\nconsole.log(word, f7(), t, new Error('here').stack.split('\\n')[1].replace(/.*\\//, ''));",
  'big.js': big('one'),
  'types.ts': 'enum E { A = 5 }\nexport const t: number = E.A;',
};

/** @param {import('node:test').TestContext} t */
function cachedProject(t) {
  const project = createProject(t, files);
  const folder = project.path('node_modules/.cache/node-esm-hmr');
  const data = `${folder}/data.mdb`;
  /** @param {Record<string, string>} [env] */
  const run = async (env) => {
    const app = project.start(['--import', 'node-esm-hmr/register', 'main.js'], { env });
    const { code } = await app.end();
    assert.equal(code, 0, app.output());
    return app.output().trim();
  };
  return { project, folder, data, run };
}

const node20 = fileURLToPath(new URL('../../node_modules/node20/bin/node', import.meta.url));

const expected = 'one 10 5 main.js:3:28';

test('a run leaves something, and the next one writes nothing', async (t) => {
  const { data, run } = cachedProject(t);
  assert.equal(await run(), expected);
  const { mtimeMs, size } = statSync(data);
  assert.ok(size > 100_000);
  assert.equal(await run(), expected);
  assert.equal(statSync(data).mtimeMs, mtimeMs);
});

test('an edit between two runs is seen', async (t) => {
  const { project, run } = cachedProject(t);
  await run();
  writeFileSync(project.path('big.js'), big('three'));
  writeFileSync(project.path('types.ts'), 'enum E { A = 6 }\nexport const t: number = E.A;');
  assert.equal(await run(), 'three 12 6 main.js:3:28');
  assert.equal(await run(), 'three 12 6 main.js:3:28');
});

test('several runs at a time', async (t) => {
  const { run } = cachedProject(t);
  assert.deepEqual(await Promise.all([run(), run(), run(), run()]), Array(4).fill(expected));
  assert.equal(await run(), expected);
});

test('it may be deleted, cut off or overwritten', async (t) => {
  const { folder, data, run } = cachedProject(t);
  await run();
  rmSync(folder, { recursive: true });
  assert.equal(await run(), expected);
  truncateSync(data, 5000);
  assert.equal(await run(), expected);
  writeFileSync(data, 'no store');
  assert.equal(await run(), expected);
  const bytes = readFileSync(data);
  // Not LMDB's own pages: what is inside of entries.
  for (let at = 0; at < bytes.length; at += 1) if (bytes[at] === 0x66) bytes[at] = 0x67;
  writeFileSync(data, bytes);
  assert.equal(await run(), expected);
});

test('what Node 20 understands another one refuses, though it has been found before', async (t) => {
  const { project, data } = cachedProject(t);
  writeFileSync(project.path('main.js'), "import json from './data.json' assert { type: 'json' };\nimport { word } from './big.js';\nconsole.log(json, word);");
  writeFileSync(project.path('data.json'), '7');
  const args = ['--import', 'node-esm-hmr/register', 'main.js'];
  assert.equal((await project.start(args, { execPath: node20 }).end()).code, 0);
  assert.ok(existsSync(data));
  const { code } = await project.start(args).end();
  assert.equal(code, process.version.startsWith('v20.') ? 0 : 1);
});

test('nothing is left where it is not wanted', async (t) => {
  const { project, folder, run } = cachedProject(t);
  for (const env of [{ NODE_ESM_HMR_CACHE: '0' }, { NODE_V8_COVERAGE: 'coverage' }]) {
    assert.equal(await run(env), expected);
    assert.equal(existsSync(folder), false);
  }
  const app = project.start(['--import', 'node-esm-hmr/register', 'big.js'], { env: { NODE_ENV: 'production' } });
  await app.end();
  assert.equal(existsSync(folder), false);
});

test('a folder that cannot be written to', { skip: process.getuid?.() === 0 && 'root may write anywhere' }, async (t) => {
  const { project, run } = cachedProject(t);
  chmodSync(project.path('node_modules'), 0o555);
  t.after(() => chmodSync(project.path('node_modules'), 0o755));
  assert.equal(await run(), expected);
});

test('a program that stays leaves it while it runs', async (t) => {
  const { project, data } = cachedProject(t);
  writeFileSync(project.path('main.js'), `${files['main.js']}\nimport { existsSync } from 'node:fs';\nconst timer = setInterval(() => { if (existsSync('${data}')) { clearInterval(timer); console.log('left'); setInterval(() => {}, 1000); } }, 20);`);
  const app = project.start(['--import', 'node-esm-hmr/register', 'main.js']);
  await app.line(/^left/);
  await app.stop();
});
