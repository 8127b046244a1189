// How programs end, and what is left of them: nothing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandProject, staying, staysLauncher, until } from './command.js';

/** @typedef {import('../harness/app.js').App} App */

const onSignal = (/** @type {string} */ signal, /** @type {string} */ code) => `process.on('${signal}', () => { ${code} });`;

test('exit codes and signals are those of the program', async (t) => {
  const { command } = commandProject(t, {
    'app.js': `const [how, value] = process.argv.slice(2); if (how === 'code') process.exit(Number(value)); process.kill(process.pid, value); ${staying}`,
  });
  for (const value of ['0', '1', '42']) {
    assert.deepEqual(await command(['--exit', 'app.js', 'code', value]).end(), { code: Number(value), signal: null });
  }
  for (const value of ['SIGTERM', 'SIGKILL', 'SIGINT']) {
    assert.deepEqual(await command(['--exit', 'app.js', 'signal', value]).end(), { code: null, signal: value });
  }
});

for (const signal of /** @type {const} */ (['SIGTERM', 'SIGINT', 'SIGHUP'])) {
  test(`${signal} goes to the program, which ends as it likes`, async (t) => {
    const { command, left } = commandProject(t, { 'app.js': `${onSignal(signal, "console.log('got it'); setTimeout(() => process.exit(5), 20);")} ${staying} console.log('runs');` });
    const app = command(['app.js']);
    await app.line(/^runs/);
    app.signal(signal);
    await app.line(/^got it/);
    assert.deepEqual(await app.end(), { code: 5, signal: null });
    assert.deepEqual(left(), []);
  });
}

test('a program that does not mind is ended by it, and so is the command', async (t) => {
  const { command, left } = commandProject(t, { 'app.js': `${staying} console.log('runs');` });
  const app = command(['app.js']);
  await app.line(/^runs/);
  app.signal('SIGTERM');
  assert.deepEqual(await app.end(), { code: null, signal: 'SIGTERM' });
  assert.deepEqual(left(), []);
});

test('where nothing runs it ends at once', async (t) => {
  const { command } = commandProject(t, { 'app.js': '' });
  const app = command(['app.js']);
  await app.line(/waiting for changes/);
  app.signal('SIGINT');
  assert.deepEqual(await app.end(), { code: null, signal: 'SIGINT' });
});

test('SIGUSR2 is the program\'s own', async (t) => {
  const { command } = commandProject(t, { 'app.js': `${onSignal('SIGUSR2', "console.log('got it'); process.exit(0);")} ${staying} console.log('runs');` });
  const app = command(['--exit', 'app.js']);
  await app.line(/^runs/);
  app.signal('SIGUSR2');
  await app.line(/^got it/);
  assert.deepEqual(await app.end(), { code: 0, signal: null });
});

const stubborn = `${onSignal('SIGTERM', "console.log('not yet');")} ${staying}`;

test('--grace: what does not end in time is killed, at a restart and at the end', async (t) => {
  const { command, project, left } = commandProject(t, { 'app.js': `import './a.js'; ${stubborn} console.log('runs');`, 'a.js': '' });
  const app = command(['--grace', '0.3', 'app.js']);
  await app.line(/^runs/);
  await project.write('a.js', 'export {}; 1;');
  await app.line(/^not yet/);
  await app.line(/did not end in time: killed/, { stream: 'stderr' });
  await app.line(/^runs/);
  app.signal('SIGTERM');
  await app.line(/did not end in time: killed/, { stream: 'stderr' });
  assert.deepEqual(await app.end(), { code: null, signal: 'SIGKILL' });
  assert.deepEqual(left(), []);
});

test('--grace 0 waits for ever, and a second signal forces', async (t) => {
  const { command, left } = commandProject(t, { 'app.js': `${stubborn} ${onSignal('SIGINT', "console.log('not now');")} console.log('runs');` });
  const app = command(['--grace', '0', 'app.js']);
  await app.line(/^runs/);
  app.signal('SIGTERM');
  await app.line(/^not yet/);
  // A second one that comes at once would be taken for the same, which npm has passed on.
  await until(() => (app.signal('SIGINT'), app.ended !== undefined), 'the end');
  assert.deepEqual(await app.end(), { code: null, signal: 'SIGKILL' });
  assert.deepEqual(left(), []);
});

const family = `
import { spawn } from 'node:child_process';
const run = (code, options) => spawn(process.execPath, ['-e', code], { stdio: 'inherit', ...options });
const stays = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1e9);";
run(stays + "console.log('child'); require('node:child_process').spawn(process.execPath, ['-e', " + JSON.stringify(stays + "console.log('grandchild')") + "], { stdio: 'inherit' });");
run(stays + "console.log('detached');", { detached: true }).unref();
${staying}`;

/** @param {App} app */
async function familyRuns(app) {
  await app.until(({ lines }) => ['child', 'grandchild', 'detached'].every((name) => lines.some(({ text }) => text === name)), 'the family');
}

test('the whole tree of processes goes with the program, those that ignore SIGTERM too', async (t) => {
  const { command, project, left } = commandProject(t, { 'app.js': `import './a.js'; ${family}`, 'a.js': '' });
  const app = command(['--grace', '0.2', 'app.js']);
  await familyRuns(app);
  const before = left();
  assert.equal(before.length, staysLauncher ? 6 : 5, before.join('\n'));
  app.lines.length = 0;
  await project.write('a.js', 'export {}; 1;');
  await familyRuns(app);
  const after = left();
  assert.equal(after.length, before.length, after.join('\n'));
  assert.equal(after.filter((line) => before.includes(line)).length, staysLauncher ? 2 : 1, after.join('\n'));
  app.signal('SIGTERM');
  await app.end();
  assert.deepEqual(left(), []);
});

test('what a crashed program leaves behind is ended', async (t) => {
  const { command, left } = commandProject(t, {
    'app.js': `${family} process.on('SIGUSR2', () => process.exit(1));`,
  });
  const app = command(['--grace', '0.2', 'app.js']);
  await familyRuns(app);
  app.signal('SIGUSR2');
  await app.line(/waiting for changes/, { stream: 'stderr' });
  await until(() => left().length === (staysLauncher ? 2 : 1), 'only the command is left');
});

test('a program dies with its supervisor, however that dies', async (t) => {
  const { command, left } = commandProject(t, { 'app.js': `${onSignal('SIGTERM', '')} ${staying} console.log('runs', process.ppid);` });
  const app = command(['--grace', '0.2', 'app.js']);
  const [, supervisor] = await app.line(/^runs (\d+)/);
  process.kill(Number(supervisor), 'SIGKILL');
  await app.end();
  await until(() => left().length === 0, 'nobody is left');
});

test('so does all with the launcher', { skip: !staysLauncher && 'the launcher becomes the binary' }, async (t) => {
  const { command, left } = commandProject(t, { 'app.js': `${staying} console.log('runs');` });
  const app = command(['app.js']);
  await app.line(/^runs/);
  app.signal('SIGKILL');
  await app.end();
  await until(() => left().length === 0, 'nobody is left');
});

test('a program that does not answer is ended all the same', async (t) => {
  const { command, project } = commandProject(t, { 'app.js': "console.log('runs', process.env.V); if (process.env.V === '1') for (;;);", '.env': 'V=1' });
  const app = command(['--env-file', '.env', 'app.js']);
  await app.line(/^runs 1/);
  await project.write('.env', 'V=2');
  await app.line(/^runs 2/);
});
