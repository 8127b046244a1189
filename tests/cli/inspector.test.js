// Debugging under the command: the port stays, and a breakpoint is no place for a restart.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandProject, staying } from './command.js';

test('the inspector keeps its port over restarts', async (t) => {
  const { project, command } = commandProject(t, { 'app.js': `import './a.js'; ${staying} console.log('runs');`, 'a.js': '' });
  const app = command(['--inspect=0', 'app.js']);
  const listens = async () => (await app.line(/^Debugger listening on ws:\/\/127\.0\.0\.1:(\d+)\//, { stream: 'stderr' }))[1];
  const port = await listens();
  await app.line(/^runs/);
  await project.write('a.js', 'export {}; 1;');
  assert.equal(await listens(), port);
  await app.line(/^runs/);
  assert.doesNotMatch(app.output(), /address already in use/);
  const response = await fetch(`http://127.0.0.1:${port}/json/list`);
  assert.match(/** @type {any} */ (await response.json())[0].url, /app\.js$/);
});

/** A debugger that lets the program go on when there is a file. */
const debug = `import { existsSync, writeSync } from 'node:fs';
import { Session } from 'node:inspector';
import { parentPort } from 'node:worker_threads';
const session = new Session();
session.connectToMainThread();
session.on('Debugger.paused', () => {
  writeSync(1, 'paused\\n');
  setInterval(() => { if (existsSync('go')) session.post('Debugger.resume'); }, 10);
});
session.post('Debugger.enable', () => parentPort.postMessage('ready'));
setInterval(() => {}, 1e6);`;

test('at a breakpoint nothing is restarted until the program goes on', async (t) => {
  const { project, command } = commandProject(t, {
    'app.js': `import { Worker } from 'node:worker_threads';
import { once } from 'node:events';
${staying}
console.log('runs', process.env.V);
if (process.env.V === '1') {
  await once(new Worker(new URL('./debug.js', import.meta.url)), 'message');
  setTimeout(() => { debugger; console.log('goes on'); });
}`,
    'debug.js': debug,
    '.env': 'V=1',
  });
  const app = command(['--inspect=0', '--env-file=.env', 'app.js']);
  await app.line(/^paused/);
  await project.write('.env', 'V=2');
  await app.line(/the program does not answer, it may be paused at a breakpoint/, { stream: 'stderr' });
  assert.doesNotMatch(app.output(), /runs 2/);
  await project.write('go', '');
  await app.line(/^goes on/);
  await app.line(/^runs 2/);
});
