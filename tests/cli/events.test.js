// What is told of all this: `--events-fd` for programs, `--log` for stderr.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { commandProject, launcher, staying, until } from './command.js';

test('--events-fd: an object per line for all that happens', async (t) => {
  const { project, left } = commandProject(t, {
    'app.js': `import './hot.js'; import { a } from './a.js'; import { existsSync } from 'node:fs'; import { spawnSync } from 'node:child_process'; ${staying}
      console.log(existsSync('/proc/self/fd/4') ? 'has it' : 'has it not');`,
    'a.js': 'export const a = 1;',
    'hot.js': 'import.meta.hot.accept();',
  });
  const child = spawn(process.execPath, [launcher, '--events-fd=4', 'app.js'], { cwd: project.folder, stdio: ['ignore', 'pipe', 'inherit', 'ignore', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  /** @type {any[]} */
  const events = [];
  createInterface({ input: /** @type {import('node:stream').Readable} */ (child.stdio[4]) }).on('line', (line) => events.push(JSON.parse(line)));
  const output = createInterface({ input: /** @type {import('node:stream').Readable} */ (child.stdout) });
  const printed = new Promise((resolve) => output.once('line', resolve));
  const event = async (/** @type {string} */ type) => {
    await until(() => events.some((one) => one.type === type), type);
    const at = events.findIndex((one) => one.type === type);
    const [found] = events.splice(0, at + 1).slice(-1);
    return found;
  };
  const { pid } = await event('start');
  assert.equal(typeof pid, 'number');
  assert.ok((await event('ready')).files.includes(project.path('app.js')));
  await printed;
  await project.write('hot.js', 'import.meta.hot.accept(); 1;');
  const update = await event('update');
  assert.deepEqual(update.evaluated, [project.path('hot.js')]);
  await project.write('hot.js', 'import.meta.hot.accept(); 1 +;');
  const error = await event('error');
  assert.equal(error.file, project.path('hot.js'));
  assert.match(error.message, /^SyntaxError: /);
  await project.write('hot.js', 'import.meta.hot.accept();');
  await event('update');
  await project.write('a.js', "export const a = 1; throw new Error('no');");
  const restart = await event('restart');
  assert.deepEqual(restart.chain, [project.path('a.js'), project.path('app.js')]);
  assert.notEqual((await event('start')).pid, pid);
  assert.deepEqual(await event('crash'), { type: 'crash', code: 1, signal: null, error: 'Error: no' });
  await project.write('a.js', 'export const a = 2; process.exit();');
  assert.deepEqual((await event('restart')).files, [project.path('a.js')]);
  assert.deepEqual(await event('exit'), { type: 'exit', code: 0 });
  child.kill('SIGTERM');
  await new Promise((resolve) => child.once('exit', resolve));
  assert.deepEqual(left(), []);
});

const files = { 'app.js': `import './a.js'; ${staying} console.log('runs');`, 'a.js': '' };

test('--log json: an object per line', async (t) => {
  const { project, command } = commandProject(t, files);
  const app = command(['--log=json', 'app.js']);
  await app.line(/^runs/);
  await project.write('package.json', '{"type":"module","version":"2.0.0"}');
  await app.line(/^runs/);
  await project.write('a.js', 'export {}; 1;');
  await app.line(/^runs/);
  const told = app.output('stderr').split('\n').map((line) => JSON.parse(line));
  assert.deepEqual(told.map(({ type }) => type), ['start', 'restart', 'start', 'restart', 'start']);
});

test('--log silent: nothing but what the program prints', async (t) => {
  const { project, command } = commandProject(t, files);
  const app = command(['--log', 'silent', 'app.js']);
  await app.line(/^runs/);
  await project.write('a.js', 'export {}; 1;');
  await app.line(/^runs/);
  assert.equal(app.output('stderr'), '');
});

test('NODE_ESM_HMR_LOG says the same', async (t) => {
  const { command } = commandProject(t, { 'app.js': 'process.exitCode = 1;' });
  const app = command(['--exit', 'app.js'], { NODE_ESM_HMR_LOG: 'json' });
  await app.end();
  assert.deepEqual(app.output('stderr').split('\n').map((line) => JSON.parse(line).type), ['start', 'crash']);
});
