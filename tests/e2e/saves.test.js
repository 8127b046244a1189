// Every way in which editors and tools save a file: one call per save, never half a file, nothing missed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { appendFileSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { caller, count, createProject, expectCall, saveStyles } from '../harness/index.js';

const padding = `// ${'x'.repeat(20_000)}`;
const dependency = (/** @type {number} */ n) => `export const b = ${n};\n${padding}\nexport const end = ${n};\n`;
const files = {
  'a.js': "export { b, end } from './src/b.js';",
  'src/b.js': dependency(0),
};

for (const watch of ['undefined', "'.'", "'src/b.js'", "'src/*.js'"]) {
  test(`every save style, three times, watchPath ${watch}`, async (t) => {
    const project = createProject(t, { ...files, 'main.js': caller({ watch }) });
    const app = project.start(['main.js']);
    await expectCall(app, { b: 0, end: 0 });
    await app.line(/^ready/);
    let n = 0;
    for (const gap of [0, 5, 30]) {
      for (const style of saveStyles) {
        n += 1;
        await project.write('src/b.js', dependency(n), { style, gap });
        await expectCall(app, { b: n, end: n }, `style ${style}, gap ${gap}, watchPath ${watch}`);
      }
    }
    assert.equal(count(app, /waiting for changes/), 0);
  });
}

test('a backup that is there for a while is no change of its own', async (t) => {
  const project = createProject(t, { ...files, 'main.js': caller({ watch: "'.'" }) });
  const app = project.start(['main.js']);
  await expectCall(app, { b: 0, end: 0 });
  await app.line(/^ready/);
  renameSync(project.path('src/b.js'), project.path('src/b.js~'));
  for (let n = 1; n <= 30; n += 1) {
    await project.write('src/b.js', dependency(n));
    await expectCall(app, { b: n, end: n });
  }
  project.delete('src/b.js~');
  await project.write('src/b.js', dependency(31));
  await expectCall(app, { b: 31, end: 31 });
});

test('delete, and recreate after it was noticed', async (t) => {
  const project = createProject(t, { ...files, 'main.js': caller() });
  const app = project.start(['main.js']);
  await expectCall(app, { b: 0, end: 0 });
  for (const [path, n] of /** @type {[string, number][]} */ ([['src/b.js', 1], ['src', 2], ['src/b.js', 3]])) {
    project.delete(path);
    await app.line(/waiting for changes/);
    await project.write('src/b.js', dependency(n));
    await expectCall(app, { b: n, end: n });
  }
});

test('delete and recreate at once, twenty times', async (t) => {
  const project = createProject(t, { ...files, 'main.js': caller() });
  const app = project.start(['main.js']);
  await expectCall(app, { b: 0, end: 0 });
  for (let n = 1; n <= 20; n += 1) {
    project.delete('src/b.js');
    await project.write('src/b.js', dependency(n));
    await expectCall(app, { b: n, end: n }, `round ${n}`);
  }
  assert.equal(count(app, /waiting for changes/), 0);
});

test('other ways: appending, moving in from elsewhere, swapping a folder, swapping a link', async (t) => {
  const project = createProject(t, {
    'main.js': caller({ print: 'JSON.stringify(module.b)' }),
    'a.js': "export * from './current/b.js';",
    'one/b.js': 'export const b = 1;\n',
    'two/b.js': 'export const b = 2;\n',
  });
  renameSync(project.path('one'), project.path('current'));
  const app = project.start(['main.js']);
  await expectCall(app, 1);
  await app.line(/^ready/);

  renameSync(project.path('current'), project.path('old'));
  renameSync(project.path('two'), project.path('current'));
  await expectCall(app, 2, 'a folder swapped');

  writeFileSync(project.path('elsewhere.js'), 'export const b = 3;\n');
  renameSync(project.path('elsewhere.js'), project.path('current/b.js'));
  await expectCall(app, 3, 'moved in');

  appendFileSync(project.path('current/b.js'), 'export const more = 1;\n');
  await expectCall(app, 3, 'appended');

  mkdirSync(project.path('new'));
  writeFileSync(project.path('new/b.js'), 'export const b = 4;\n');
  project.delete('current');
  renameSync(project.path('new'), project.path('current'));
  await expectCall(app, 4, 'removed and replaced');
});

test('a link to the module is pointed elsewhere', { skip: process.platform === 'win32' }, async (t) => {
  const project = createProject(t, {
    'main.js': caller({ print: 'JSON.stringify(module.b)' }),
    'a.js': "export * from './link.js';",
    'one.js': 'export const b = 1;\n',
    'two.js': 'export const b = 2;\n',
  });
  symlinkSync('one.js', project.path('link.js'));
  const app = project.start(['main.js']);
  await expectCall(app, 1);
  await app.line(/^ready/);
  await project.write('one.js', 'export const b = 11;\n');
  await expectCall(app, 11, 'the target was saved');
  symlinkSync('two.js', project.path('.link.tmp'));
  renameSync(project.path('.link.tmp'), project.path('link.js'));
  await expectCall(app, 2, 'the link was swapped');
});

test('a hundred saves as fast as possible: the last one arrives, and none is torn', async (t) => {
  const project = createProject(t, { ...files, 'main.js': caller() });
  const app = project.start(['main.js']);
  await expectCall(app, { b: 0, end: 0 });
  for (let n = 1; n <= 100; n += 1) {
    await project.write('src/b.js', dependency(n), { style: saveStyles[n % saveStyles.length], gap: 1 });
  }
  await app.line(/^call \d+ \{"b":100,"end":100\}/);
  for (const { text } of app.lines) {
    const [, b, end] = /^call \d+ \{"b":(\d+),"end":(\d+)\}/.exec(text) ?? [];
    assert.equal(b, end, text);
  }
  assert.equal(count(app, /waiting for changes/), 0, `no half file was read:\n${app.output('stderr')}`);
});

const names = Array.from({ length: 50 }, (_, index) => `m${index}`);
const fifty = (/** @type {string} */ folder, /** @type {number} */ n) =>
  Object.fromEntries(names.map((name) => [`${folder}/${name}.js`, `export default ${n};`]));
const sum = `${names.map((name) => `import ${name} from './src/${name}.js';`).join('\n')}\nexport const sum = ${names.join('+')};`;

for (const lock of ['', '.git/index.lock']) {
  test(`fifty files moved in at once${lock && ', while git holds its lock: one update'}`, async (t) => {
    const main = caller({ print: 'module.sum' });
    const project = createProject(t, { 'main.js': main, 'a.js': sum, ...fifty('src', 1), ...fifty('next', 2), '.git/HEAD': '' });
    const app = project.start(['main.js']);
    await app.line(/^call 1 50/);
    await app.line(/^ready/);
    if (lock) await project.write(lock, '');
    for (const name of names) renameSync(project.path(`next/${name}.js`), project.path(`src/${name}.js`));
    if (lock) project.delete(lock);
    await app.line(/^call \d+ 100/);
    if (lock) assert.equal(count(app, /^call/), 2, app.output());
  });
}
