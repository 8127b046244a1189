// When a program is started again, and what it sees of that.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandProject, staying, until } from './command.js';

test('a change that nobody accepts: modules are disposed, then a new process starts, with the chain as the reason', async (t) => {
  const { project, command } = commandProject(t, {
    'app.js': `import { a } from './a.js'; ${staying} console.log('runs', a, process.pid);`,
    'a.js': "import { b } from './b.js'; export const a = b; import.meta.hot.dispose(async () => { await null; console.log('disposed', b); });",
    'b.js': 'export const b = 1;',
  });
  const app = command(['app.js']);
  const [, first] = await app.line(/^runs 1 (\d+)/);
  await project.write('b.js', 'export const b = 2;');
  await app.line(/^hmr {2}restart: b\.js → a\.js → app\.js: no module accepts it; app\.js could/, { stream: 'stderr' });
  await app.line(/^disposed 1/);
  const [, second] = await app.line(/^runs 2 (\d+)/);
  assert.notEqual(first, second);
  assert.equal(app.lines.filter(({ text }) => text.startsWith('disposed')).length, 1);
});

test('what is accepted is hot under the command, too', async (t) => {
  const { project, command } = commandProject(t, {
    'app.js': `import { a } from './a.js'; ${staying} console.log('runs', a); import.meta.hot.accept('./a.js', () => console.log('accepted', a));`,
    'a.js': 'export const a = 1;',
  });
  const app = command(['app.js']);
  await app.line(/^runs 1/);
  await project.write('a.js', 'export const a = 2;');
  await app.line(/^accepted 2/);
  assert.equal(app.lines.filter(({ text }) => text.startsWith('runs')).length, 1);
});

for (const [title, broken, shown] of /** @type {[string, string, RegExp][]} */ ([
  ['throws', "export const a = 1; throw new TypeError('no');", /failed with exit code 1 \(TypeError: no\): waiting for changes/],
  ['does not parse', 'export const = 1;', /failed with exit code 1.*: waiting for changes/],
  ['misses an import', "import './missing.js'; export const a = 1;", /failed with exit code 1.*: waiting for changes/],
  ['exits', 'export const a = 1; process.exit(7);', /failed with exit code 7: waiting for changes/],
  ['is killed', "export const a = 1; process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1e9); await new Promise(() => {});", /was ended by SIGKILL: waiting for changes/],
  ['waits for ever', 'export const a = 1; await new Promise(() => {});', /failed with exit code 13: waiting for changes/],
])) {
  test(`a program that ${title} is started again when that is repaired`, async (t) => {
    const { project, command } = commandProject(t, { 'app.js': `import { a } from './a.js'; ${staying} console.log('runs', a);`, 'a.js': broken });
    const app = command(['app.js']);
    await app.line(shown, { stream: 'stderr' });
    await project.write('a.js', 'export const a = 2;');
    await app.line(/^runs 2/);
  });
}

test('what was missing at the start is waited for', async (t) => {
  const { project, command } = commandProject(t, { 'app.js': `import { a } from './lib/a.js'; ${staying} console.log('runs', a);` });
  const app = command(['app.js']);
  await app.line(/waiting for changes/, { stream: 'stderr' });
  await project.write('lib/a.js', 'export const a = 3;');
  await app.line(/^runs 3/);
});

test('so is the entry itself', async (t) => {
  const { project, command } = commandProject(t, {});
  const app = command(['app.js']);
  await app.line(/waiting for changes/, { stream: 'stderr' });
  await project.write('app.js', `${staying} console.log('runs');`);
  await app.line(/^runs/);
});

test('a program that is done runs again after a change of what it consisted of, and of nothing else', async (t) => {
  const { project, command } = commandProject(t, { 'app.js': "import { a } from './a.js'; console.log('ran', a);", 'a.js': 'export const a = 1;', 'notes.txt': '' });
  const app = command(['app.js']);
  await app.line(/^ran 1/);
  await app.line(/the program has ended: waiting for changes/, { stream: 'stderr' });
  await project.write('notes.txt', 'x');
  await project.touch('a.js');
  await project.write('a.js', 'export const a = 2;');
  await app.line(/^ran 2/);
  assert.equal(app.lines.filter(({ text }) => text.startsWith('ran')).length, 2);
});

test('a crash later on: the last save counts, not the last one that was seen', async (t) => {
  const { project, command } = commandProject(t, {
    'app.js': "import { a } from './a.js'; console.log('runs', a); process.stdin.once('data', () => { throw new Error('asked for'); });",
    'a.js': 'export const a = 1; import.meta.hot.accept();',
  });
  const app = command(['app.js']);
  await app.line(/^runs 1/);
  await project.write('a.js', 'export const a = 2; import.meta.hot.accept();');
  await app.line(/a\.js → a\.js/, { stream: 'stderr' });
  app.stdin.write('x');
  await app.line(/failed with exit code 1 \(Error: asked for\): waiting/, { stream: 'stderr' });
  await project.write('a.js', 'export const a = 3; import.meta.hot.accept();');
  await app.line(/^runs 3/);
});

const shows = `${staying} console.log('runs', process.env.V);`;

test('files of variables, manifests, lock files and what --restart-on names', async (t) => {
  const { project, command } = commandProject(t, {
    'app.js': shows,
    '.env': 'V=1',
    'tsconfig.json': '{}',
    'tsconfig.base.json': '{}',
    'views/a.html': '',
    'other.txt': '',
  });
  const app = command(['--env-file=.env', '--restart-on', 'views', '--restart-on=other.txt', 'app.js']);
  await app.line(/^runs 1/);
  await project.write('.env', 'V=2');
  await app.line(/^hmr {2}restart: \.env: changed/, { stream: 'stderr' });
  await app.line(/^runs 2/);
  for (const [file, text] of /** @type {[string, string][]} */ ([
    ['package.json', '{"type":"module","version":"2.0.0"}'],
    ['tsconfig.json', '{"compilerOptions":{}}'],
    ['tsconfig.base.json', '{"compilerOptions":{}}'],
    ['package-lock.json', '{}'],
    ['views/a.html', 'x'],
    ['views/new/b.html', 'x'],
    ['other.txt', 'x'],
  ])) {
    await project.write(file, text);
    await app.line(new RegExp(`^hmr {2}restart: ${file}: changed`), { stream: 'stderr' });
    await app.line(/^runs 2/);
  }
  // The same content is no change.
  await project.write('package.json', '{"type":"module","version":"2.0.0"}');
  await project.write('.env', 'V=3');
  await app.line(/^runs 3/);
  assert.equal(app.lines.filter(({ text }) => text.startsWith('runs')).length, 10);
});

test('what Node loads itself: CommonJS', async (t) => {
  const { project, command } = commandProject(t, {
    'app.cjs': `const { a } = require('./a.cjs'); ${staying} setImmediate(() => console.log('runs', a));`,
    'a.cjs': 'exports.a = 1;',
  });
  const app = command(['app.cjs']);
  await app.line(/^runs 1/);
  await project.write('a.cjs', 'exports.a = 2;');
  await app.line(/^hmr {2}restart: a\.cjs: changed/, { stream: 'stderr' });
  await app.line(/^runs 2/);
  await project.write('a.cjs', 'exports.a = ;');
  await app.line(/waiting for changes/, { stream: 'stderr' });
  await project.write('a.cjs', 'exports.a = 3;');
  await app.line(/^runs 3/);
});

test('a worker thread that needs a restart restarts the program', async (t) => {
  const { project, command } = commandProject(t, {
    'app.js': "import { Worker } from 'node:worker_threads'; console.log('main'); new Worker(new URL('./worker.js', import.meta.url));",
    'worker.js': `${staying} console.log('worker', 1);`,
  });
  const app = command(['app.js']);
  await app.line(/^worker 1/);
  await project.edit('worker.js', '1);', '2);');
  await app.line(/restart: worker\.js: worker\.js does not accept/, { stream: 'stderr' });
  await app.line(/^main/);
  await app.line(/^worker 2/);
});

test('a program that keeps crashing is started ever more rarely', async (t) => {
  const { command } = commandProject(t, {
    'app.js': "import { appendFileSync } from 'node:fs'; import './a.js'; appendFileSync('a.js', ';'); process.exit(1);",
    'a.js': '',
  });
  const app = command(['app.js']);
  const seconds = [];
  while (seconds.length < 3) {
    const [, pause] = await app.line(/it keeps failing: starting in (\d\.\d) s/, { stream: 'stderr' });
    seconds.push(Number(pause));
  }
  assert.ok(seconds[2] > seconds[0], `${seconds}`);
});

test('a forked process keeps its channel and says that it needs a restart', async (t) => {
  const { project, command } = commandProject(t, {
    'app.js': "import { fork } from 'node:child_process'; fork(new URL('./forked.js', import.meta.url)).on('message', (message) => console.log('message', message));",
    'forked.js': "import './a.js'; process.send(process.execArgv.length); process.on('disconnect', () => console.log('lost'));",
    'a.js': '',
  });
  const app = command(['app.js']);
  await app.line(/^message 2/);
  await project.write('a.js', 'export {}; 1;');
  await app.line(/needs a restart: .*a\.js → forked\.js/, { stream: 'stderr' });
  assert.doesNotMatch(app.output(), /^lost/m);
});

test('a Node that stands by takes the next start, with what has changed', async (t) => {
  const { project, command, left } = commandProject(t, {
    'app.js': `import { a } from './a.js'; ${staying} console.log('runs', a, process.pid, process.argv.slice(2).join(), process.env.X); process.stdin.on('data', (text) => console.log('said', \`\${text}\`.trim()));`,
    'a.js': 'export const a = 1;',
    '.env': 'X=one',
  });
  const app = command(['--standby', '--env-file', '.env', 'app.js', 'x', 'y']);
  const waiting = () => left().filter((line) => /register\.js .*app\.js/.test(line)).map((line) => Number.parseInt(line));
  const [, first] = await app.line(/^runs 1 (\d+) x,y one/);
  await until(() => waiting().length === 2, 'a second process');
  const ready = waiting().find((pid) => pid !== Number(first));
  await project.write('a.js', 'export const a = 2;');
  await app.line(new RegExp(`^runs 2 ${ready} x,y one`));
  app.stdin.write('hello\n');
  await app.line(/^said hello/);
  await until(() => waiting().length === 2, 'the next one');
  const outdated = waiting().find((pid) => pid !== ready);
  await project.write('.env', 'X=two');
  const [, third] = await app.line(/^runs 2 (\d+) x,y two/);
  assert.notEqual(Number(third), outdated);
  await until(() => waiting().length === 2, 'one after that');
  process.kill(waiting().find((pid) => pid !== Number(third)) ?? 0, 'SIGKILL');
  await until(() => waiting().length === 1, 'its end');
  await project.write('a.js', 'export const a = 4;');
  await app.line(/^runs 4 \d+ x,y two/);
  await app.stop();
  await until(() => left().length === 0, 'the end of all');
});

test('nothing stands by where it would take the debugger’s port', async (t) => {
  const { project, command, left } = commandProject(t, {
    'app.js': `import { a } from './a.js'; ${staying} console.log('runs', a);`,
    'a.js': 'export const a = 1;',
  });
  const app = command(['--standby', '--inspect=0', 'app.js']);
  await app.line(/^runs 1/);
  await project.write('a.js', 'export const a = 2;');
  await app.line(/^runs 2/);
  assert.equal(left().filter((line) => /register\.js .*app\.js/.test(line)).length, 1);
});

test('a program that crashes is started by a Node that stood by meanwhile', async (t) => {
  const { project, command, left } = commandProject(t, { 'app.js': "throw new Error('no');" });
  const app = command(['--standby', 'app.js']);
  await app.line(/waiting for changes/, { stream: 'stderr' });
  const waiting = () => left().filter((line) => /register\.js .*app\.js/.test(line)).map((line) => Number.parseInt(line));
  await until(() => waiting().length === 1, 'a process that stands by');
  const [ready] = waiting();
  await project.write('app.js', `${staying} console.log('runs', process.pid);`);
  await app.line(new RegExp(`^runs ${ready}`));
});
