// Stacks, uncaught errors and profiles of hot code name the user's file with its lines and columns, as in plain Node.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { createProject } from '../harness/index.js';

/** Frames of the project's files, from a text with stacks. @param {string} text */
const frames = (text) => [...text.matchAll(/\/([ab]\.js:\d+(?::\d+)?)/g)].map(([, place]) => place);

const main = `import hmr from 'node-esm-hmr';
await hmr('./a.js', undefined, (module) => console.log('version', module.version));`;

const thrower = `export const fail = (n) => {
  if (n > 0) return fail(n - 1);
  throw new TypeError('boom ' + n);
};
`;

/** @param {number} shift lines in front */
const places = (shift, statement = '') => `${'\n'.repeat(shift)}import { fail } from './b.js';
export const version = ${shift};
function inner() { fail(1); }
class A { static run() { inner(); } }
try { A.run(); } catch (error) {
  console.log(JSON.stringify(error.stack.split('\\n').filter((line) => line.includes('.js:')).slice(0, 6)));
}
${statement}
`;

for (const flags of [[], ['--enable-source-maps']]) {
  test(`error.stack before and after 20 edits that shift lines ${flags}`, async (t) => {
    const project = createProject(t, {
      'main.js': main,
      'plain.js': "import './a.js';",
      'a.js': places(0),
      'b.js': thrower,
    });
    const stack = async (/** @type {import('../harness/index.js').App} */ app) => {
      const [, text] = await app.line(/^(\[.*\])$/);
      return JSON.parse(text).filter((/** @type {string} */ line) => /\/[ab]\.js/.test(line));
    };
    const plain = async () => stack(project.start([...flags, 'plain.js']));
    const app = project.start([...flags, 'main.js']);
    assert.deepEqual(await stack(app), await plain());
    for (let edit = 1; edit <= 20; edit += 1) {
      await project.write('a.js', places(edit));
      const found = await stack(app);
      await app.line(new RegExp(`^version ${edit}$`));
      if (edit === 1 || edit === 20) assert.deepEqual(found, await plain(), `after edit ${edit}`);
      assert.equal(frames(found.join())[2], `a.js:${edit + 3}:20`);
    }
  });
}

const endings = {
  'an uncaught error': 'setTimeout(() => inner());',
  'an unhandled rejection': 'Promise.resolve().then(() => A.run());',
  'an error of an async function': 'setTimeout(async () => { await null; A.run(); });',
  'a wrapped error': "setTimeout(() => { try { inner(); } catch (cause) { throw new Error('outer', { cause }); } });",
};

for (const [name, statement] of Object.entries(endings)) {
  for (const flags of [[], ['--enable-source-maps']]) {
    test(`${name} ends hot code as it ends plain code, after an edit ${flags}`, async (t) => {
      const project = createProject(t, {
        'main.js': main,
        'plain.js': "import './a.js';",
        'a.js': places(0),
        'b.js': thrower,
      });
      const app = project.start([...flags, 'main.js']);
      await app.line(/^version 0$/);
      await project.write('a.js', places(4, statement));
      const { code } = await app.end();
      const plain = project.start([...flags, 'plain.js']);
      assert.equal(code, (await plain.end()).code);
      const said = (/** @type {import('../harness/index.js').App} */ program) => program.output('stderr');
      assert.match(said(plain), /boom 0/);
      assert.deepEqual(frames(said(app)), frames(said(plain)));
      const head = said(plain).split('\n    at ')[0];
      assert.ok(said(app).includes(head), `${said(app)}\nhas not the head of plain Node:\n${head}`);
    });
  }
}

test('a CPU profile names functions with the file and line, before and after an edit', async (t) => {
  const busy = (/** @type {string} */ name) => `
export const version = '${name}';
export function ${name}() {
  for (const end = Date.now() + 80; Date.now() < end; );
}
${name}();
`;
  const project = createProject(t, {
    'main.js': `${main}\nprocess.on('SIGUSR2', () => process.exit());`,
    'a.js': busy('first'),
  });
  const app = project.start(['--cpu-prof', '--cpu-prof-dir=prof', '--cpu-prof-interval=500', 'main.js']);
  await app.line(/^version first$/);
  await project.write('a.js', `\n\n${busy('second')}`);
  await app.line(/^version second$/);
  app.signal('SIGUSR2');
  await app.end();
  const [file] = readdirSync(project.path('prof'));
  const calls = JSON.parse(project.read(`prof/${file}`)).nodes.map((/** @type {any} */ node) => node.callFrame);
  const url = pathToFileURL(project.path('a.js')).href;
  for (const [functionName, lineNumber] of /** @type {const} */ ([['first', 2], ['second', 4]])) {
    const call = calls.find((/** @type {any} */ frame) => frame.functionName === functionName);
    assert.ok(call, `${functionName} is in the profile`);
    assert.deepEqual([call.url, call.lineNumber], [url, lineNumber]);
  }
});
