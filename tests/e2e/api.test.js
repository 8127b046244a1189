// hmr() itself: what the callback gets, what it resolves to, its options, and how it ends.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { caller, count, createProject, expectCall, serving } from '../harness/index.js';

const entry = 'export const a = 1;';

for (const name of ['a.js', 'a.mjs']) {
  test(`default and named exports of ${name}, at first and after each change`, async (t) => {
    const text = (/** @type {number} */ n) =>
      `export default function greet() { return 'hello ${n}'; }\nexport const named = ${n};\nexport class Thing {}\n`;
    const print = "JSON.stringify([module.default(), module.default.name, module.named, module.Thing.name])";
    const main = caller({ module: `'./${name}'`, print });
    const project = createProject(t, { [name.replace('a.', 'main.')]: main, [name]: text(1) });
    const app = project.start([name.replace('a.', 'main.')]);
    await expectCall(app, ['hello 1', 'greet', 1, 'Thing']);
    await app.line(/^ready/);
    await project.write(name, text(2));
    await expectCall(app, ['hello 2', 'greet', 2, 'Thing']);
  });
}

test('what the callback gets is a module namespace object, and handle.module the current one', async (t) => {
  const print = `JSON.stringify([module[Symbol.toStringTag], Object.getPrototypeOf(module), Object.keys(module),
    Object.isSealed(module), handle === undefined || handle.module === module])`;
  const text = 'export const b = 1, a = 2; export default 3;';
  const project = createProject(t, { 'main.js': caller({ print }), 'a.js': text });
  const app = project.start(['main.js']);
  await expectCall(app, ['Module', null, ['a', 'b', 'default'], true, true]);
  await project.write('a.js', `${text} export let c;`);
  await expectCall(app, ['Module', null, ['a', 'b', 'c', 'default'], true, true]);
});

test('nothing is written to stdout, and one line per update to stderr', async (t) => {
  const project = createProject(t, { 'main.js': caller(), 'a.js': entry });
  const app = project.start(['main.js']);
  await expectCall(app, { a: 1 });
  await app.line(/^ready/);
  await project.write('a.js', 'export const a = 2;');
  await expectCall(app, { a: 2 });
  await app.line(/a\.js.*1 module .*\d ms/, { stream: 'stderr' });
  assert.deepEqual(app.output('stdout').split('\n'), ['call 1 {"a":1}', 'ready', 'call 2 {"a":2}']);
  assert.equal(app.output('stderr').split('\n').length, 1);
  assert.doesNotMatch(app.output('stderr'), /\x1b/);
});

test('reload() evaluates the module anew, calls back and gives the new module', async (t) => {
  const project = createProject(t, {
    'main.js': caller({
      after: `const before = handle.module.a;
        const module = await handle.reload();
        console.log('reloaded', before, module.a, handle.module === module, module.kept);`,
    }),
    'a.js': "import { b } from './b.js'; export const a = (globalThis.a ?? 0) + 1; globalThis.a = a; export const kept = b;",
    'b.js': 'export const b = (globalThis.b ?? 0) + 1; globalThis.b = b;',
  });
  const app = project.start(['main.js']);
  await expectCall(app, { a: 1, kept: 1 });
  await expectCall(app, { a: 2, kept: 1 });
  await app.line(/^reloaded \d 2 true 1$/);
});

/** How watching ends, and what keeps the process alive until then. */
const endings = {
  'close()': { after: "await handle.close(); console.log('closed');" },
  'close() twice': { after: "await handle.close(); await handle.close(); console.log('closed');" },
  'close() at once, not awaited': { after: "handle.close(); console.log('closed');" },
  '[Symbol.asyncDispose]()': { after: "await handle[Symbol.asyncDispose](); console.log('closed');" },
  'an aborted signal': {
    before: 'const abort = new AbortController();',
    options: '{ signal: abort.signal }',
    after: "abort.abort(); console.log('closed');",
  },
  'persistent: false': { options: '{ persistent: false }', after: "console.log('closed');" },
};

for (const [name, texts] of Object.entries(endings)) {
  test(`${name} lets the process exit`, async (t) => {
    const project = createProject(t, { 'main.js': caller({ watch: "'.'", ...texts }), 'a.js': entry });
    const app = project.start(['main.js']);
    await app.line(/^closed/);
    assert.deepEqual(await app.end(), { code: 0, signal: null });
    assert.equal(app.output('stderr'), '');
  });
}

test('watching keeps the process alive', async (t) => {
  const project = createProject(t, { 'main.js': caller(), 'a.js': entry });
  const app = project.start(['main.js']);
  await app.line(/^ready/);
  await project.write('a.js', 'export const a = 2;');
  await app.line(/^call 2/);
  assert.equal(app.ended, undefined);
});

test('persistent: false still watches while something else keeps the process alive', async (t) => {
  const main = caller({ options: '{ persistent: false }', after: 'setInterval(() => {}, 1e6);' });
  const project = createProject(t, { 'main.js': main, 'a.js': entry });
  const app = project.start(['main.js']);
  await expectCall(app, { a: 1 });
  await app.line(/^ready/);
  await project.write('a.js', 'export const a = 2;');
  await expectCall(app, { a: 2 });
});

test('after close() the callback is not called again, others are', async (t) => {
  const project = createProject(t, {
    'main.js': `import hmr from 'node-esm-hmr';
      const one = await hmr('./a.js', '.', (module) => console.log('one', module.a));
      await hmr('./b.js', undefined, (module) => console.log('two', module.b));
      await one.close();
      console.log('one still has', one.module.a);`,
    'a.js': entry,
    'b.js': 'export const b = 1;',
  });
  const app = project.start(['main.js']);
  await app.line(/^one still has 1/);
  for (const n of [2, 3]) {
    await project.write('a.js', `export const a = ${n};`);
    await project.write('b.js', `export const b = ${n};`);
    await app.line(new RegExp(`^two ${n}`));
  }
  assert.equal(count(app, /^one \d/), 1);
});

test('a signal that is aborted already: rejects with its reason, calls nothing, watches nothing', async (t) => {
  const project = createProject(t, {
    'main.js': `import hmr from 'node-esm-hmr';
      const reason = new Error('enough');
      await hmr('./a.js', '.', () => console.log('called'), { signal: AbortSignal.abort(reason) })
        .catch((error) => console.log('rejected', error === reason));`,
    'a.js': entry,
  });
  const app = project.start(['main.js']);
  await app.line(/^rejected true/);
  assert.equal((await app.end()).code, 0);
  assert.equal(count(app, /called/), 0);
});

test('a signal aborted while the module is missing: rejects, and the process ends', async (t) => {
  const project = createProject(t, {
    'main.js': `import hmr from 'node-esm-hmr';
      const abort = new AbortController();
      setTimeout(() => abort.abort(), 20);
      await hmr('./missing.js', undefined, () => {}, { signal: abort.signal })
        .catch((error) => console.log('rejected', error.name));`,
  });
  const app = project.start(['main.js']);
  await app.line(/^rejected AbortError/);
  assert.equal((await app.end()).code, 0);
});

/** Which lines each level shows: one for an update, one for an error. */
const levels = { info: [1, 1], warn: [0, 1], error: [0, 1], silent: [0, 0] };

for (const [level, [updates, errors]] of Object.entries(levels)) {
  test(`logLevel '${level}'`, async (t) => {
    const main = caller({ options: `{ logLevel: '${level}' }`, watch: "'.'" });
    const project = createProject(t, { 'main.js': main, 'a.js': entry });
    const app = project.start(['main.js']);
    await app.line(/^ready/);
    await project.write('a.js', 'export const a = ;');
    if (errors) await app.line(/waiting for changes/);
    await project.write('a.js', 'export const a = 2;');
    await app.line(/^call 2/);
    if (updates) await app.line(/ ms$/);
    assert.equal(count(app, / ms$/), updates);
    assert.equal(count(app, /waiting for changes/) > 0, errors > 0);
    if (level === 'silent') assert.equal(app.output('stderr'), '');
  });
}

test('onError gets the errors of module and callback in place of the terminal', async (t) => {
  const main = caller({
    options: "{ onError: (error) => console.log('onError', error.name, error.message) }",
    print: "(module.a === 3 ? (() => { throw new RangeError('three'); })() : module.a)",
  });
  const project = createProject(t, { 'main.js': main, 'a.js': entry });
  const app = project.start(['main.js']);
  await app.line(/^ready/);
  await project.write('a.js', 'export const a = ;');
  await app.line(/^onError SyntaxError /);
  assert.deepEqual(await serving(app), { a: 1 });
  await project.write('a.js', "throw new EvalError('evaluated');");
  await app.line(/^onError EvalError evaluated/);
  await project.write('a.js', 'export const a = 3;');
  await app.line(/^onError RangeError three/);
  await project.write('a.js', 'export const a = 4;');
  await app.line(/^call \d+ 4/);
  assert.equal(count(app, /waiting for changes/), 0);
});

test('an onError that throws does not end the process', async (t) => {
  const main = caller({ options: "{ onError: () => { console.log('onError'); throw new Error('in onError'); } }" });
  const project = createProject(t, { 'main.js': main, 'a.js': entry });
  const app = project.start(['main.js']);
  await app.line(/^ready/);
  await project.write('a.js', 'export const a = ;');
  await app.line(/^onError/);
  await project.write('a.js', 'export const a = 2;');
  await app.line(/^call 2/);
  assert.equal(count(app, /^unhandled/), 0);
});

// util-linux' `script` gives a program a terminal.
const noTerminal = spawnSync('script', ['--version']).status !== 0 && 'the program `script` is not there';

for (const clearScreen of [true, false]) {
  test(`clearScreen: ${clearScreen} on a terminal`, { skip: noTerminal }, async (t) => {
    const main = caller({ options: `{ clearScreen: ${clearScreen} }` });
    const project = createProject(t, { 'main.js': main, 'a.js': entry });
    const command = `'${process.execPath}' main.js`;
    const app = project.start(['-qefc', command, '/dev/null'], { execPath: 'script', env: { TERM: 'xterm' } });
    await app.line(/^ready/);
    assert.equal(count(app, /\x1b\[2J/), 0, 'not before there was an update');
    await project.write('a.js', 'export const a = 2;');
    await app.line(/call .*"a":2/);
    assert.equal(count(app, /\x1b\[2J/), clearScreen ? 1 : 0);
    await project.write('a.js', 'process.exit()');
    await app.end();
  });
}
