// Calls never overlap: an async callback is awaited, and changes in the meantime become exactly one next call.

import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { test } from 'node:test';
import { count, createProject } from '../harness/index.js';

const entry = (/** @type {number | string} */ n) => `export const a = ${n};\n`;

/**
 * The callback for a.js waits for SIGUSR2; the one for s.js does not, and so tells when earlier saves were noticed.
 */
const program = `import hmr from 'node-esm-hmr';
process.on('unhandledRejection', (error) => console.log('unhandled', error));
let open;
process.on('SIGUSR2', () => { console.log('opened'); open?.(); });
let running = 0;
let handle;
await hmr('./s.js', undefined, (module) => console.log('sentinel', module.s));
const promise = hmr('./a.js', ['a.js', 'b.txt', 'dep.js'], async (module) => {
  running += 1;
  console.log('start', module.a, running);
  await new Promise((resolve) => { open = resolve; });
  running -= 1;
  console.log('end', module.a, handle?.module === module);
  if (module.fails) throw new Error('failed after a while');
});
promise.then((resolved) => { handle = resolved; console.log('ready'); });
process.on('SIGUSR1', () => {});
`;

/** @param {import('node:test').TestContext} t */
async function begin(t, files = {}) {
  const project = createProject(t, { 'main.js': program, 'a.js': entry(1), 's.js': 'export const s = 0;', 'b.txt': '', ...files });
  const app = project.start(['main.js']);
  await app.line(/^start 1 1/);
  let sentinels = 0;
  return {
    project,
    app,
    /** Lets the running callback end. */
    async open() {
      app.signal('SIGUSR2');
      await app.line(/^opened/);
    },
    /** Waits until everything saved so far was noticed. */
    async noticed() {
      sentinels += 1;
      await project.write('s.js', `export const s = ${sentinels};`);
      await app.line(new RegExp(`^sentinel ${sentinels}`));
    },
  };
}

test('hmr() resolves after the first callback has ended', async (t) => {
  const { app, open, noticed } = await begin(t);
  await noticed();
  assert.equal(count(app, /^ready/), 0);
  await open();
  await app.line(/^end 1/);
  await app.line(/^ready/);
});

test('three saves of one file while a call is under way: one next call, with the last', async (t) => {
  const { project, app, open, noticed } = await begin(t);
  await open();
  await app.line(/^ready/);
  await project.write('a.js', entry(2));
  await app.line(/^start 2 1/);
  for (const n of [3, 4, 5]) {
    await project.write('a.js', entry(n));
    await noticed();
  }
  assert.equal(count(app, /^start/), 2);
  await open();
  await app.line(/^end 2/);
  await app.line(/^start 5 1/);
  await open();
  await app.line(/^end 5/);
  await noticed();
  assert.equal(count(app, /^start/), 3, app.output());
});

test('saves of several files while the first call is under way: one next call', async (t) => {
  const { project, app, open, noticed } = await begin(t, {
    'a.js': "import { dep } from './dep.js'; console.log('eval a'); export const a = dep;",
    'dep.js': "console.log('eval dep'); export const dep = 1;",
  });
  await project.write('dep.js', "console.log('eval dep'); export const dep = 2;");
  await noticed();
  await project.write('b.txt', 'changed');
  // A new file counts when it is sure that it is not one that is written to be renamed.
  const age = () => Date.now() - statSync(project.path('b.txt')).mtimeMs;
  do await noticed();
  while (age() < 200);
  await project.edit('a.js', 'a = dep', 'a = dep + 1');
  await noticed();
  assert.equal(count(app, /^start/), 1);
  await open();
  await app.line(/^end 1/);
  await app.line(/^start 3 1/);
  await open();
  await app.line(/^end 3/);
  await noticed();
  assert.equal(count(app, /^start/), 2, app.output());
  assert.equal(count(app, /^eval a/), 2);
  assert.equal(count(app, /^eval dep/), 2);
});

test('a save that takes back what was changed while a call is under way makes no call', async (t) => {
  const { project, app, open, noticed } = await begin(t);
  await project.write('a.js', entry(2));
  await noticed();
  await project.write('a.js', entry(1));
  await noticed();
  await open();
  await app.line(/^end 1/);
  await noticed();
  assert.equal(count(app, /^start/), 1, app.output());
  await project.write('a.js', entry(3));
  await app.line(/^start 3 1/);
});

test('an error in a save while a call is under way is told, and the next good save is called', async (t) => {
  const { project, app, open, noticed } = await begin(t);
  await project.write('a.js', 'export const a = ;');
  await noticed();
  await open();
  await app.line(/^end 1/);
  await app.line(/a\.js:1:18/);
  await project.write('a.js', entry(2));
  await app.line(/^start 2 1/);
});

test('a callback that rejects after a while: the change made meanwhile is called', async (t) => {
  const { project, app, open, noticed } = await begin(t, { 'a.js': 'export const a = 1, fails = true;' });
  await project.write('a.js', entry(2));
  await noticed();
  await open();
  await app.line(/^end 1/);
  await app.line(/^start 2 1/);
  await app.line(/failed after a while/, { stream: 'stderr' });
  assert.equal(count(app, /^unhandled/), 0);
});

test('the module of the handle does not change while a call is under way', async (t) => {
  const { project, app, open, noticed } = await begin(t);
  await open();
  await app.line(/^ready/);
  await project.write('a.js', entry(2));
  await app.line(/^start 2 1/);
  await project.write('a.js', entry(3));
  await noticed();
  await open();
  await app.line(/^end 2 true/);
  await app.line(/^start 3 1/);
});

test('close() while a call is under way: the call ends, no other comes, the process exits', async (t) => {
  const project = createProject(t, {
    'main.js': `import hmr from 'node-esm-hmr';
      let go; const gate = new Promise((resolve) => { go = resolve; });
      let calls = 0;
      const handle = await hmr('./a.js', undefined, async (module) => {
        calls += 1;
        console.log('start', module.a);
        if (calls === 2) await gate;
        console.log('end', module.a);
      });
      process.once('SIGUSR2', async () => { await handle.close(); console.log('closed'); go(); });
      console.log('ready');`,
    'a.js': entry(1),
  });
  const app = project.start(['main.js']);
  await app.line(/^ready/);
  await project.write('a.js', entry(2));
  await app.line(/^start 2/);
  await project.write('a.js', entry(3));
  app.signal('SIGUSR2');
  await app.line(/^end 2/);
  assert.equal((await app.end()).code, 0);
  assert.equal(count(app, /^start/), 2);
});

test('reload() while a call is under way comes after it; several at once are one', async (t) => {
  const project = createProject(t, {
    'main.js': `import hmr from 'node-esm-hmr';
      let running = 0;
      const handle = await hmr('./a.js', undefined, async (module) => {
        running += 1;
        console.log('start', module.n, running);
        await new Promise((resolve) => setTimeout(resolve, 10));
        running -= 1;
      });
      const modules = await Promise.all([handle.reload(), handle.reload(), handle.reload()]);
      console.log('reloaded', modules.every((module) => module === handle.module), handle.module.n > 1);
      const module = await handle.reload();
      console.log('again', module === handle.module);
      await handle.close();`,
    'a.js': 'export const n = (globalThis.n ?? 0) + 1; globalThis.n = n;',
  });
  const app = project.start(['main.js']);
  await app.end();
  assert.equal(count(app, /^reloaded true true/), 1, app.output());
  assert.equal(count(app, /^again true/), 1);
  assert.equal(count(app, /^start \d+ [^1]/), 0, 'no two calls at a time');
});

test('files of import.meta.hot.watch() that are saved while a call is under way: one next call', async (t) => {
  const { project, app, open, noticed } = await begin(t, {
    'a.js': "export const a = (globalThis.runs = (globalThis.runs ?? 0) + 1); import.meta.hot.watch('./w.txt');",
    'w.txt': '',
  });
  await open();
  await app.line(/^ready/);
  await project.write('w.txt', '1');
  await app.line(/^start 2 1/);
  for (const text of ['2', '3']) {
    await project.write('w.txt', text);
    await noticed();
  }
  assert.equal(count(app, /^start/), 2);
  await open();
  await app.line(/^end 4/);
  await app.line(/^start 4 1/);
  await open();
  await app.line(/^end 4/);
  await noticed();
  assert.equal(count(app, /^start/), 3);
});
