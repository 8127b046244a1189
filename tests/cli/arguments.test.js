// The command line, and what of Node the program sees: arguments, flags, stdin, colours.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { repository } from '../harness/index.js';
import { commandProject } from './command.js';

const seen = "console.log(JSON.stringify([process.argv.slice(2), process.execArgv.slice(2), process.env.V ?? null]));";

/** @type {[title: string, args: string[], expected: unknown[]][]} */
const lines = [
  ['arguments behind the entry', ['app.js', '--grace', 'x', '-h', '--inspect'], [['--grace', 'x', '-h', '--inspect'], [], null]],
  ['flags of Node', ['--conditions', 'dev', '--enable-source-maps', 'app.js'], [[], ['--conditions', 'dev', '--enable-source-maps'], null]],
  ['a file of variables', ['--env-file=a.env', 'app.js'], [[], ['--env-file=a.env'], 'file']],
  ['a separate value', ['--env-file', 'a.env', 'app.js', 'x'], [['x'], ['--env-file', 'a.env'], 'file']],
  ['our options among them', ['--exit', '--title', 't', '--grace=1', '--', 'app.js', '--x'], [['--x'], ['--title', 't'], null]],
  ['an entry without extension', ['app', 'x'], [['x'], [], null]],
];
for (const [title, args, expected] of lines) {
  test(`what a program sees of the command line: ${title}`, async (t) => {
    const { command } = commandProject(t, { 'app.js': seen, 'app': '', 'a.env': 'V=file' });
    const app = command(['--exit', ...args]);
    const { code } = await app.end();
    if (args[0] === 'app') return;
    assert.equal(code, 0, app.output());
    assert.deepEqual(JSON.parse(app.output('stdout')), expected);
  });
}

test('a program from the command line, from stdin, and tests', async (t) => {
  const { command, project } = commandProject(t, {
    'x.test.js': "import { test } from 'node:test'; import { a } from './a.js'; test('passes', () => console.log('in the test', a, typeof import.meta.hot));",
    'a.js': 'export const a = 1;',
  });
  const evaluated = command(['--exit', '-p', '1 + 1', 'x']);
  assert.equal((await evaluated.end()).code, 0);
  assert.equal(evaluated.output('stdout'), '2');
  const read = command(['--exit', '-']);
  read.stdin.end("console.log('from stdin')");
  assert.equal((await read.end()).code, 0);
  assert.equal(read.output('stdout'), 'from stdin');

  const tested = command(['--test', '--test-reporter=tap']);
  await tested.line(/in the test 1 object/);
  await tested.line(/^# pass 1/);
  await tested.line(/the program has ended: waiting for changes/, { stream: 'stderr' });
  await project.write('a.js', 'export const a = 2;');
  await tested.line(/in the test 2 object/);
  await tested.line(/^# pass 1/);
});

test('stdin, descriptors and variables are those of plain Node', async (t) => {
  const { command } = commandProject(t, {
    'app.js': `import { execFileSync } from 'node:child_process';
      process.stdin.on('data', (data) => console.log('read', String(data).trim())).on('end', () => console.log('end'));
      console.log(Object.keys(process.env).filter((name) => name.startsWith('NODE_ESM_HMR') && name !== 'NODE_ESM_HMR_LOG'));
      console.log('child', execFileSync('ls', ['-l', '/proc/self/fd'], { encoding: 'utf8' }).split('socket:').length - 1);
      console.log('ready');`,
  });
  const app = command(['--exit', 'app.js']);
  await app.line(/^\[\]$/);
  const [, sockets] = await app.line(/^child (\d)$/);
  // Node itself gives its child pipes for stdout and stderr, which are pairs of sockets.
  assert.ok(Number(sockets) <= 3, app.output());
  await app.line(/^ready$/);
  app.stdin.write('hello\n');
  await app.line(/^read hello$/);
  app.stdin.end();
  await app.line(/^end$/);
  assert.equal((await app.end()).code, 0);
});

test('--node chooses the binary', async (t) => {
  const { command, project } = commandProject(t, { 'app.js': 'console.log(process.env.WRAPPED);' });
  const wrapper = project.path('my-node');
  await project.write('my-node', `#!/bin/sh\nWRAPPED=yes exec ${process.execPath} "$@"\n`);
  execFileSync('chmod', ['+x', wrapper]);
  const app = command(['--exit', '--node', wrapper, 'app.js']);
  await app.line(/^yes$/);
  assert.equal((await app.end()).code, 0);
});

test('defaults of options are in package.json, and options win', async (t) => {
  const { command } = commandProject(t, { 'app.js': 'process.exitCode = 3;' }, { packageJson: { 'node-esm-hmr': { exit: true, log: 'silent' } } });
  const app = command(['app.js']);
  assert.equal((await app.end()).code, 3);
  assert.equal(app.output('stderr'), '');
  const other = command(['--no-exit', '--log', 'pretty', 'app.js']);
  await other.line(/failed with exit code 3: waiting for changes/);
});

test('what makes no sense is said, with the exit code 2', async (t) => {
  const { command } = commandProject(t, { 'app.js': '' });
  for (const [args, message] of /** @type {[string[], RegExp][]} */ ([
    [[], /which program/],
    [['--watch', 'app.js'], /watches by itself/],
    [['--grace', 'x', 'app.js'], /invalid value 'x'/],
    [['--grace=-1', 'app.js'], /--grace takes seconds/],
    [['--log', 'loud', 'app.js'], /invalid value 'loud'/],
    [['--node', './nowhere', 'app.js'], /starting .\/nowhere/],
    [['--events-fd', '77', 'app.js'], /events-fd/],
  ])) {
    const app = command(args);
    const { code } = await app.end();
    assert.equal(code, 2, `${args}\n${app.output()}`);
    assert.match(app.output('stderr'), message);
  }
  for (const flag of ['--help', '-h', 'help']) {
    const help = command([flag]);
    assert.equal((await help.end()).code, 0);
    assert.match(help.output('stdout'), /--events-fd/);
  }
  const version = command(['--version']);
  assert.equal((await version.end()).code, 0);
  assert.match(version.output('stdout'), /^node-esm-hmr \d+\.\d+\.\d+$/);
});

test('under NODE_ENV=production it is plain Node', async (t) => {
  const { command } = commandProject(t, { 'app.js': "console.log(import.meta.hot, process.execArgv.length); process.exitCode = 4;" });
  const app = command(['--grace', '1', 'app.js'], { NODE_ENV: 'production' });
  assert.equal((await app.end()).code, 4);
  assert.equal(app.output(), 'undefined 0');
});

test('all flags of this Node that take a value are known as such', () => {
  const source = readFileSync(join(repository, 'crates/hmr-cli/src/node_flags.rs'), 'utf8');
  const known = new Set(source.match(/(?<=^ {4}")--[\w-]+(?=",$)/gm));
  const help = execFileSync(process.execPath, ['--help'], { encoding: 'utf8' });
  const valued = [...help.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)=/gm)].map(([, flag]) => flag);
  assert.ok(valued.length > 40, help);
  assert.deepEqual(valued.filter((flag) => !known.has(flag)), []);
});
