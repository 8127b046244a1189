// A program that writes into what it watches is not updated by its own writes for ever.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { caller, count, createProject, expectCall } from '../harness/index.js';

const names = /is written by every update/;

test('a log that grows with each call: a few calls, one line that names it, and the next save counts', async (t) => {
  const log = "require('node:fs').appendFileSync('src/app.log', `${calls}\\n`)";
  const main = caller({
    watch: "'src'",
    before: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);",
    print: `(${log}, module.a)`,
  });
  const project = createProject(t, { 'main.js': main, 'a.js': "export { a } from './src/a.js';", 'src/a.js': 'export const a = 1;' });
  const app = project.start(['main.js']);
  await app.line(/src\/app\.log is written by every update.*option ignored/);
  const calls = count(app, /^call/);
  assert.ok(calls >= 5 && calls <= 25, `${calls} calls`);
  await project.write('src/a.js', 'export const a = 2;');
  await app.line(/^call \d+ 2$/);
  await project.write('src/a.js', 'export const a = 3;');
  await app.line(/^call \d+ 3$/);
  assert.equal(count(app, /^call \d+ 1$/), calls, `no call in between:\n${app.output()}`);
  assert.equal(count(app, names), 1);
});

test('JSON with the same content is no change', async (t) => {
  const main = caller({ watch: "'.'", print: "(require('node:fs').writeFileSync('state.json', '{}'), module.a)" });
  const project = createProject(t, {
    'main.js': `import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);\n${main}`,
    'a.js': 'export const a = 1;',
  });
  const app = project.start(['main.js']);
  await app.line(/^ready/);
  for (const n of [2, 3, 4]) {
    await project.write('a.js', `export const a = ${n};`);
    await app.line(new RegExp(`^call \\d+ ${n}$`));
  }
  // state.json is new once; after that its content stays.
  assert.ok(count(app, /^call/) <= 5, app.output());
  assert.equal(count(app, names), 0, app.output());
});

test('files beside the graph are nothing without a watch path', async (t) => {
  const main = caller({ print: "(require('node:fs').appendFileSync('app.log', 'x'), JSON.stringify(module))" });
  const project = createProject(t, {
    'main.js': `import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);\n${main}`,
    'a.js': 'export const a = 1;',
  });
  const app = project.start(['main.js']);
  await expectCall(app, { a: 1 });
  for (const a of [2, 3, 4]) {
    await project.write('a.js', `export const a = ${a};`);
    await expectCall(app, { a });
  }
});

test('a file of import.meta.hot.watch() that its module writes', async (t) => {
  const project = createProject(t, {
    'main.js': "import './a.js';",
    'a.js': `import { appendFileSync } from 'node:fs';
globalThis.runs = (globalThis.runs ?? 0) + 1;
import.meta.hot?.accept();
import.meta.hot?.watch('./own.log');
appendFileSync('own.log', 'x');
console.log('run', globalThis.runs);
setInterval(() => {}, 1e6).unref();
globalThis.hold ??= setInterval(() => {}, 1e6);`,
  });
  const app = project.start(['--import', 'node-esm-hmr/register', 'main.js']);
  await app.line(/own\.log is written by every update/);
  assert.ok(count(app, /^run/) <= 25, app.output());
  await project.edit('a.js', "'run'", "'again'");
  await app.line(/^again/);
});

test('saves of a file beside the graph all count, however many', async (t) => {
  const print = "require('node:fs').readFileSync('src/data.json', 'utf8')";
  const project = createProject(t, {
    'main.js': `import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);\n${caller({ watch: "'src'", print })}`,
    'a.js': 'export const a = 1;',
    'src/data.json': '0',
  });
  const app = project.start(['main.js']);
  await app.line(/^ready/);
  for (let n = 1; n <= 15; n += 1) {
    await project.write('src/data.json', `${n}`);
    await app.line(new RegExp(`^call \\d+ ${n}$`));
  }
});
