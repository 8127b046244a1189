// What versions of modules leave behind: dispose, prune, data, and the end of the program.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { between, hotApp, listening, restarts } from './hot.js';

/** A module that logs its life. @param {string} name @param {number} version @param {string} [text] */
const living = (name, version, text = '') => `${text}
console.log('${name}${version} runs');
export const ${name} = ${version};
import.meta.hot.dispose(async (data) => {
  console.log('${name}${version} disposing', JSON.stringify(data));
  await new Promise((done) => setImmediate(done));
  data.by = '${name}${version}';
  console.log('${name}${version} disposed');
});
import.meta.hot.prune((data) => console.log('${name}${version} pruned', JSON.stringify(data)));
`;

test('disposers: importers first, awaited, once, each with the data of its module', async (t) => {
  const { project, app } = hotApp(t, {
    'main.js': `import './top.js'; import.meta.hot.accept('./top.js', () => console.log('accepted'));\n${listening}`,
    'top.js': living('top', 1, "import './mid.js'; import './leaf.js';"),
    'mid.js': living('mid', 1, "import './leaf.js';"),
    'leaf.js': living('leaf', 1),
  });
  await app.line(/^top1 runs/);
  await project.write('leaf.js', living('leaf', 2));
  await app.line(/^accepted/);
  assert.deepEqual(between(app, /^top1 runs/, /^accepted/), [
    'top1 disposing {}', 'top1 disposed', 'mid1 disposing {}', 'mid1 disposed', 'leaf1 disposing {}', 'leaf1 disposed',
    'leaf2 runs', 'mid1 runs', 'top1 runs',
  ]);
  await project.write('leaf.js', living('leaf', 3));
  await app.line(/^leaf2 disposing {"by":"leaf1"}/);
  await app.line(/^accepted/);
});

test('a disposer that throws or rejects is told and stops nothing', async (t) => {
  const a = (/** @type {number} */ n) => `export const a = ${n};
import.meta.hot.dispose(() => { throw new Error('in disposer ${n}'); });
import.meta.hot.dispose(async () => { throw new Error('in another one ${n}'); });
import.meta.hot.dispose(() => console.log('last ${n}'));
import.meta.hot.accept(() => { throw new Error('in callback ${n}'); });
import.meta.hot.accept((m) => console.log('accepted', m.a));`;
  const { project, app } = hotApp(t, { 'main.js': `import './a.js';\n${listening}\nconsole.log('ready');`, 'a.js': a(1) });
  await app.line(/^ready/);
  for (const n of [1, 2]) {
    await project.write('a.js', a(n + 1));
    for (const error of ['in disposer', 'in another one']) await app.line(new RegExp(`Error: ${error} ${n}`), { stream: 'stderr' });
    await app.line(new RegExp(`^last ${n}`));
    await app.line(new RegExp(`Error: in callback ${n}`), { stream: 'stderr' });
    await app.line(new RegExp(`^accepted ${n + 1}`));
  }
});

test('a failed update: old versions are not disposed twice, new ones are, data stays', async (t) => {
  const leaf = (/** @type {number} */ n) => `const { data } = import.meta.hot; data.count = (data.count ?? 0) + 1;
export const leaf = ${n}; console.log('leaf${n} runs', data.count); import.meta.hot.dispose(() => console.log('dispose leaf${n}'));`;
  const top = (/** @type {string} */ text) => `import { leaf } from './leaf.js'; ${text} export const top = () => leaf; import.meta.hot.dispose(() => console.log('dispose top'));`;
  const { project, app, ask } = hotApp(t, {
    'main.js': `import { top } from './top.js'; globalThis.top = () => top(); import.meta.hot.accept('./top.js', () => console.log('accepted'));\n${listening}`,
    'top.js': top("if (leaf === 2) throw new Error('not 2');"),
    'leaf.js': leaf(1),
  });
  await app.line(/^leaf1 runs 1/);
  await project.write('leaf.js', leaf(2));
  await app.line(/^dispose leaf2/);
  assert.equal(await ask('top()'), '1');
  await project.write('leaf.js', leaf(3));
  await app.line(/^accepted/);
  assert.equal(await ask('top()'), '3');
  const lines = app.lines.filter(({ stream, text }) => stream === 'stdout' && !text.startsWith('=')).map(({ text }) => text);
  assert.deepEqual(lines, ['leaf1 runs 1', 'dispose top', 'dispose leaf1', 'leaf2 runs 2', 'dispose leaf2', 'leaf3 runs 3', 'accepted']);
});

test('prune: a module that nobody imports any more; data is there when it comes back', async (t) => {
  const importing = "import './a.js'; import.meta.hot.accept(() => console.log('accepted'));";
  const { project, app } = hotApp(t, {
    'main.js': `import './b.js'; import.meta.hot.on('vite:beforePrune', ({ paths }) => console.log('before prune', paths));\n${listening}`,
    'b.js': importing,
    'a.js': living('a', 1),
  });
  await app.line(/^a1 runs/);
  await project.write('b.js', "import.meta.hot.accept(() => console.log('accepted'));");
  await app.line(/^accepted/);
  await app.line(/^before prune \[ '\/a\.js' \]/);
  await app.line(/^a1 disposing {}/);
  await app.line(/^a1 disposed/);
  await app.line(/^a1 pruned {"by":"a1"}/);
  await project.write('b.js', importing);
  await app.line(/^a1 runs/);
  await project.write('a.js', living('a', 2));
  await app.line(/^a1 disposing {"by":"a1"}/);
});

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
  test(`${signal}: all are disposed, importers first, then the process ends by it`, async (t) => {
    const { app } = hotApp(t, { 'main.js': `import './a.js';\n${living('main', 1)}\n${listening}`, 'a.js': living('a', 1) });
    await app.line(/^main1 runs/);
    app.signal(signal);
    assert.deepEqual(await app.end(), { code: null, signal });
    assert.deepEqual(between(app, /^main1 runs/, /never/), ['main1 disposing {}', 'main1 disposed', 'a1 disposing {}', 'a1 disposed']);
  });
}

test('a program with a listener of its own for a signal decides itself', async (t) => {
  const { app } = hotApp(t, {
    'main.js': `import './a.js';\n${listening}\nprocess.on('SIGINT', () => { console.log('own'); process.exit(3); }); console.log('ready');`,
    'a.js': "import.meta.hot.dispose(() => console.log('disposed'));",
  });
  await app.line(/^ready/);
  app.signal('SIGINT');
  assert.deepEqual(await app.end(), { code: 3, signal: null });
  assert.deepEqual(between(app, /^ready/, /never/), ['own', 'disposed']);
});

for (const [name, text, code] of /** @type {const} */ ([
  ['the normal end', '', 0],
  ['process.exit()', 'setTimeout(() => process.exit(4));', 4],
  ['an uncaught error', "setTimeout(() => { throw new Error('uncaught'); });", 1],
])) {
  test(`disposers run at ${name}`, async (t) => {
    const { app } = hotApp(t, { 'main.js': `import './a.js'; ${text}`, 'a.js': "import.meta.hot.dispose(() => console.log('disposed'));" });
    assert.equal((await app.end()).code, code);
    assert.equal(app.output('stdout'), 'disposed');
  });
}

test('asynchronous disposers are awaited at the normal end', async (t) => {
  const { app } = hotApp(t, { 'main.js': living('main', 1) });
  assert.equal((await app.end()).code, 0);
  assert.equal(app.output('stdout'), 'main1 runs\nmain1 disposing {}\nmain1 disposed');
});

test('a version that has been replaced disposes at once what it registers later', async (t) => {
  const { project, app, ask } = hotApp(t, {
    'main.js': `import './a.js';\n${listening}\nconsole.log('ready');`,
    'a.js': "globalThis.later ??= () => import.meta.hot.dispose(() => console.log('late')); import.meta.hot.accept(() => console.log('accepted'));",
  });
  await app.line(/^ready/);
  await project.write('a.js', 'import.meta.hot.accept();');
  await app.line(/^accepted/);
  await ask('later()');
  await app.until(() => /^late$/m.test(app.output('stdout')), 'late');
});

test('a restart disposes all first', { skip: !restarts && 'needs process.execve' }, async (t) => {
  const { project, app } = hotApp(t, {
    'main.js': `import './a.js';\nconsole.log('main runs', process.pid);\n${living('main', 1)}\n${listening}`,
    'a.js': living('a', 1),
  });
  const [, pid] = await app.line(/^main runs (\d+)/);
  await project.write('a.js', living('a', 2));
  await app.line(/^hmr {2}restart: a\.js → main\.js/);
  await app.line(/^main1 disposed/);
  await app.line(/^a1 disposed/);
  await app.line(/^a2 runs/);
  assert.equal((await app.line(/^main runs (\d+)/))[1], pid);
});
