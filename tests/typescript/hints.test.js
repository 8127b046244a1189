// Error screens: the code, the user's frames first, the causes, and what to do about common mistakes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProject } from '../harness/index.js';
import { register } from './project.js';

const main = "import hmr from 'node-esm-hmr'; await hmr('./a.ts', undefined, ({ a }) => console.log('a is', a));";

/** A save of `a.ts`, and what is told of it. @type {Record<string, {files?: Record<string, string>, text: string, told: RegExp[]}>} */
const mistakes = {
  'a missing extension': {
    files: { 'lib/index.ts': 'export const b = 1;' },
    text: "import { b } from './lib'; export const a = b;",
    told: [/Directory import|Cannot find module/, /there is lib\/index\.ts: write the whole name/],
  },
  'another extension': {
    files: { 'b.ts': 'export const b = 1;' },
    text: "import { b } from './b'; export const a = b;",
    told: [/Cannot find module/, /there is b\.ts: write the whole name/],
  },
  'the wrong case in a name': {
    files: { 'Lib/Big.ts': 'export const b = 1;' },
    text: "import { b } from './lib/big.ts'; export const a = b;",
    told: [/Cannot find module/, /there is Lib\/Big\.ts: upper and lower case differ/],
  },
  'a name of CommonJS that Node does not see': {
    files: { 'c.cjs': 'const make = () => ({ b: 1 }); module.exports = make();' },
    text: "import { b } from './c.cjs'; export const a = b;",
    told: [/Named export 'b' not found/, /\.\/c\.cjs is CommonJS, .* import its default and take b from that/],
  },
  'a type that is imported as a value': {
    files: { 'b.ts': 'export interface B { b: 1 }', 'tsconfig.json': '{"compilerOptions":{"verbatimModuleSyntax":true}}' },
    text: "import { B } from './b.ts'; export const a: B = { b: 1 };",
    told: [/'\.\/b\.ts' does not provide an export named 'B'/, /a\.ts:1:10/, /'B' is a type in '\.\/b\.ts': import or export it with `type`/],
  },
  'a package that is not installed': {
    text: "import { b } from 'no-such-package'; export const a = b;",
    told: [/Cannot find package 'no-such-package'/, /run npm install no-such-package/],
  },
  'an alias that no tsconfig.json explains': {
    text: "import { b } from '@/b'; export const a = b;",
    told: [/Cannot find package '@\/b'|Cannot find package/, /if it stands for a folder, say so in "paths"/],
  },
};

for (const [name, { files = {}, text, told }] of Object.entries(mistakes)) {
  test(`a hint: ${name}`, async (t) => {
    const project = createProject(t, { 'main.js': main, 'a.ts': 'export const a = 0;', ...files });
    const app = project.start(['main.js']);
    await app.line(/^a is 0$/);
    await project.write('a.ts', text);
    for (const line of told) await app.line(line);
    await app.line(/waiting for changes/);
    await project.write('a.ts', 'export const a = 2;');
    await app.line(/^a is 2$/);
  });
}

test('the hint of an error that ends the program stands beside what Node says', async (t) => {
  const project = createProject(t, {
    'main.ts': "enum A { a }\nimport { b } from './b';\nconsole.log(b, A);",
    'b.ts': 'export const b = 1;',
  });
  const app = project.start([...register, 'main.ts']);
  await app.line(/there is b\.ts: write the whole name/);
  await app.line(/ERR_MODULE_NOT_FOUND/);
  assert.equal((await app.end()).code, 1);
});

test('a hint: syntax of modules in a CommonJS package', async (t) => {
  const project = createProject(t, {
    'main.ts': "import c from './c/c.js'; console.log(c);",
    'c/package.json': '{"type":"commonjs"}',
    'c/c.js': "import fs from 'node:fs';\nexport const b = 1;",
  });
  const app = project.start([...register, 'main.ts']);
  await app.line(/c\/c\.js is CommonJS: write "type": "module" in c\/package\.json, or name the file \.mjs/);
  await app.line(/SyntaxError/);
  assert.equal((await app.end()).code, 1);
});

test('a program that begins with a syntax error says so, on every Node', async (t) => {
  const project = createProject(t, { 'main.ts': 'enum A { a }\nconst x: = 1;' });
  const app = project.start([...register, 'main.ts']);
  await app.line(/main\.ts:2/);
  await app.line(/const x: = 1;/);
  await app.line(/SyntaxError/);
  assert.equal((await app.end()).code, 1);
});

test("the user's frames stand first, with the code of the first one, and causes are told", async (t) => {
  const project = createProject(t, {
    'main.js': main,
    'a.ts': 'export const a = 0;',
    'node_modules/pkg/package.json': '{"type":"module","exports":"./index.js"}',
    'node_modules/pkg/index.js': 'export const call = (f) => { try { return f(); } catch (cause) { throw new Error("outer", { cause }); } };',
  });
  const app = project.start(['main.js']);
  await app.line(/^a is 0$/);
  await project.write('a.ts', `import { call } from 'pkg';
function user(): never {
  return call((): never => { throw new TypeError('inner'); });
}
export const a = user();`);
  await app.line(/Error: outer/);
  await app.line(/^ {4}at user .*a\.ts:3:10/);
  await app.line(/^ {4}at .*node_modules\/pkg\/index\.js/);
  await app.line(/\[cause\]: TypeError: inner/);
  await app.line(/a\.ts:3:10$/);
  await app.line(/^> 3 \|   return call/);
});
