// Saves that change no code: nothing is evaluated, and stack traces show the places in the file.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProject } from '../harness/index.js';
import { hotApp, listening } from './hot.js';

const throwing = `export class Named extends Error {}
export function f() {
  return new Named('here');
}
export const lines = (error) => [...error.stack.matchAll(/a\\.js:(\\d+):(\\d+)/g)].map(([, line, column]) => line + ':' + column);
console.log('a runs');
`;

const main = `import { f, lines } from './a.js';
globalThis.place = () => lines(f())[0];
globalThis.stack = () => f().stack.split('\\n')[0];
globalThis.thrown = () => { try { null.x; } catch (error) { return error.stack.split('\\n')[0]; } };
globalThis.node = () => { try { Buffer.alloc('x'); } catch (error) { return error.stack.split('\\n')[0]; } };
globalThis.many = () => { Error.captureStackTrace(globalThis.target = {}); return typeof target.stack; };
import.meta.hot?.accept('./a.js', () => console.log('accepted'));
import.meta.hot?.accept('./next.js', () => console.log('next accepted'));
import './next.js';
${listening}
console.log('ready');
`;

test('comments and white space evaluate nothing; errors name the lines of the file', async (t) => {
  const { project, app, ask } = hotApp(t, { 'main.js': main, 'a.js': throwing, 'next.js': 'export {};' });
  await app.line(/^ready/);
  assert.equal(await ask('place()'), '"3:10"');
  // A change elsewhere comes after it: then it has been dealt with.
  let count = 0;
  const save = async (/** @type {string} */ text) => {
    count += 1;
    await project.write('a.js', text);
    await project.write('next.js', `export const count = ${count};`);
    await app.line(/^next accepted/);
  };
  await save(`// one\n// two\n${throwing}`);
  assert.equal(await ask('place()'), '"5:10"');
  for (const [expression, head] of [['stack()', 'Error: here'], ['thrown()', "TypeError: Cannot read properties of null (reading 'x')"]]) {
    assert.equal(await ask(expression), JSON.stringify(head));
  }
  assert.match(await ask('node()'), /^"TypeError \[ERR_INVALID_ARG_TYPE\]: /);
  assert.equal(await ask('many()'), '"string"');
  await save(`/* three */\n\n\n${throwing.replace('  return', '      return')}`);
  assert.equal(await ask('place()'), '"6:14"');
  await save(throwing);
  assert.equal(await ask('place()'), '"3:10"');
  assert.equal(app.lines.filter(({ text }) => text === 'a runs').length, 1);
  await project.write('a.js', `\n${throwing.replace('here', 'there')}`);
  await app.line(/^accepted/);
  assert.equal(await ask('place()'), '"4:10"');
});

test('broken, then repaired to what runs and a comment: the error is over, nothing is evaluated', async (t) => {
  const { project, app, ask } = hotApp(t, { 'main.js': main, 'a.js': throwing, 'next.js': 'export {};' });
  await app.line(/^ready/);
  await project.write('a.js', `${throwing}let = ;`);
  await app.line(/^hmr {2}SyntaxError/);
  await project.write('a.js', `// repaired\n${throwing}`);
  await project.write('next.js', 'export const next = 1;');
  await app.line(/^next accepted/);
  assert.equal(await ask('place()'), '"4:10"');
  assert.equal(app.lines.filter(({ text }) => text === 'a runs').length, 1);
});

test('hmr() is not called back for a comment, nor for white space in JSON', async (t) => {
  const project = createProject(t, {
    'main.js': "import hmr from 'node-esm-hmr'; await hmr('./a.js', undefined, ({ a, b }) => console.log('call', a, b)); console.log('ready');",
    'a.js': "import b from './b.json' with { type: 'json' }; export const a = 1; export { b };",
    'b.json': '[1,2]',
  });
  const app = project.start(['main.js']);
  await app.line(/^ready/);
  await project.write('b.json', '[\n  1, 2\n]\n');
  await project.write('a.js', "// a comment\nimport b from './b.json' with { type: 'json' }; export const a = 1; export { b };");
  await project.write('b.json', '[1,3]');
  await app.line(/^call 1 \[ 1, 3 \]/);
  assert.equal(app.lines.filter(({ text }) => text.startsWith('call')).length, 2);
});
