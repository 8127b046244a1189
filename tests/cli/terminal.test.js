// On a terminal: keys, what is left alone, Ctrl-C. `script` provides the pseudo-terminal.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandProject, launcher, staying } from './command.js';

const skip = process.platform !== 'linux' && 'needs the `script` of Linux';

/**
 * Starts the command on a terminal of its own. Everything it prints comes on stdout.
 * @param {import('../harness/project.js').Project} project
 * @param {string} args
 * @param {Record<string, string>} [env]
 */
function onTerminal(project, args, env) {
  const line = `exec ${process.execPath} ${launcher} ${args}`;
  const app = project.start(['-qefc', line, '/dev/null'], { execPath: 'script', env: { SHELL: '/bin/sh', ...env } });
  return { app, type: (/** @type {string} */ keys) => app.stdin.write(keys) };
}

const app = `import './a.js'; ${staying}
console.log(['runs', process.stdin.isTTY === true, process.stdout.isTTY === true, process.stdout.getColorDepth() > 1].join(' '));`;

test('without --shortcuts the terminal is the program\'s', { skip }, async (t) => {
  const { project } = commandProject(t, {
    'app.js': `${app} process.stdin.on('data', (data) => console.log('read', JSON.stringify(String(data))));`,
    'a.js': '',
  });
  const { app: started, type } = onTerminal(project, 'app.js', { TERM: 'xterm-256color' });
  await started.line(/^runs true true true/);
  type('r\n');
  await started.line(/^read "r\\n"/);
  await project.write('a.js', 'export {}; 1;');
  await started.line(/\x1b\[36mhmr\x1b\[39m {2}restart: a\.js/);
  await started.line(/^runs true true true/);
  assert.doesNotMatch(started.output(), /\x1b\[2J/);
  type('\x03');
  await started.end();
});

test('--shortcuts: r, p, c, h and q', { skip }, async (t) => {
  const { project, left } = commandProject(t, { 'app.js': app, 'a.js': '' });
  const { app: started, type } = onTerminal(project, '--shortcuts app.js');
  await started.line(/^runs false true/);
  type('h');
  await started.line(/keys: r restart, p pause/);
  type('r');
  await started.line(/restart: asked for/);
  await started.line(/^runs/);
  type('p');
  await started.line(/paused/);
  await project.write('a.js', 'export {}; 1;');
  await project.write('package.json', '{"type":"module","version":"2.0.0"}');
  type('p');
  // The program asks for a restart because of the one file, unless its supervisor is faster because of the other.
  const either = /changes are applied again|restart: (a|package)/;
  for (const line of [either, either]) await started.line(line);
  await started.line(/^runs/);
  assert.equal(started.output().match(/^runs/gm)?.length, 3);
  // Without a line of its own.
  type('ch');
  await started.line(/\x1b\[2J/);
  type('q');
  assert.equal((await started.end()).code, 0);
  assert.deepEqual(left(), []);
});

test('the terminal is as it was afterwards', { skip }, async (t) => {
  const { project } = commandProject(t, { 'app.js': app, 'a.js': '' });
  const line = `stty -a | grep -o "[-]*icanon\\|[-]*echo " | xargs echo before; ${process.execPath} ${launcher} --shortcuts app.js; stty -a | grep -o "[-]*icanon\\|[-]*echo " | xargs echo after`;
  const started = project.start(['-qefc', line, '/dev/null'], { execPath: 'script', env: { SHELL: '/bin/sh' } });
  await started.line(/^runs/);
  started.stdin.write('q');
  const [, after] = await started.line(/^after (.*)/);
  const [, before] = /** @type {RegExpExecArray} */ (/^before (.*)/m.exec(started.output()));
  assert.equal(after, before);
  await started.end();
});

test('--clear clears at a restart', { skip }, async (t) => {
  const { project } = commandProject(t, { 'app.js': app, 'a.js': '' });
  const { app: started, type } = onTerminal(project, '--clear app.js');
  await started.line(/^runs/);
  assert.doesNotMatch(started.output(), /\x1b\[2J/);
  await project.write('a.js', 'export {}; 1;');
  await started.line(/\x1b\[2J.*runs|^runs/);
  assert.match(started.output(), /\x1b\[2J/);
  type('\x03');
  await started.end();
});

test('--no-clear and --no-shortcuts take back what package.json says', { skip }, async (t) => {
  const { project } = commandProject(t, { 'app.js': app, 'a.js': '' }, { packageJson: { 'node-esm-hmr': { clear: true, shortcuts: true } } });
  const { app: started, type } = onTerminal(project, '--no-clear --no-shortcuts app.js');
  await started.line(/^runs true true/);
  await project.write('a.js', 'export {}; 1;');
  await started.line(/^runs true true/);
  assert.doesNotMatch(started.output(), /\x1b\[2J/);
  type('\x03');
  await started.end();
});

test('Ctrl-C reaches the program once', { skip }, async (t) => {
  const { project, left } = commandProject(t, {
    'app.js': `let times = 0; process.on('SIGINT', () => { console.log('interrupted ' + (times += 1)); setTimeout(() => process.exit(9), 300); }); ${staying} console.log('runs');`,
  });
  const { app: started, type } = onTerminal(project, 'app.js');
  await started.line(/runs/);
  type('\x03');
  await started.line(/interrupted 1/);
  assert.equal((await started.end()).code, 9);
  assert.doesNotMatch(started.output(), /interrupted 2/);
  assert.deepEqual(left(), []);
});
