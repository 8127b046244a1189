// TypeScript and JSX without configuration, on whichever way hot code is reached, on every Node.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProject } from '../harness/index.js';
import { outputOfHot, register, stripsTypes } from './project.js';

/** The frames of the runtime tell a hot module. */
const isHot = 'const isHot: boolean = /node:internal.node-esm-hmr/.test(new Error().stack!);';

/** It has no loader hooks in this thread. */
const isNode20 = process.versions.node.startsWith('20.');

for (const [file, text] of Object.entries({
  'a.ts': 'export const a: string = "a";',
  'a.mts': 'export const a: string = "a";',
  'a.tsx': '/** @jsxRuntime classic @jsx h */ const h = (tag: string) => tag; export const a: string = <a />;',
  'a.jsx': '/** @jsxRuntime classic @jsx h */ const h = (tag) => tag; export const a = <a />;',
  'enum.ts': 'enum A { a = "a" } export const a = A.a;',
})) {
  test(`hmr('./${file}') from a JavaScript file, before and after a save`, async (t) => {
    const project = createProject(t, {
      'main.js': `import hmr from 'node-esm-hmr'; await hmr('./${file}', undefined, ({ a }) => console.log('a is', a));`,
      [file]: text,
    });
    const app = project.start(['main.js']);
    await app.line(/^a is a$/);
    await project.write(file, text.replace('"a"', '"b"').replace('<a', '<b'));
    await app.line(/^a is b$/);
  });
}

test('the main module, static and dynamic imports, JSON', async (t) => {
  const { stdout } = await outputOfHot(t, {
    'main.ts': `${isHot}
import { a } from './a.ts';
import data from './data.json' with { type: 'json' };
console.log(isHot, a as number, data satisfies object);
const { b }: { b: number } = await import('./b.mts');
console.log(b);`,
    'a.ts': 'export const a: number = 1;',
    'b.mts': `${isHot} export const b: number = isHot ? 2 : 0;`,
    'data.json': '{"x":3}',
  });
  assert.equal(stdout, 'true 1 { x: 3 }\n2');
});

test('a save of a TypeScript file updates the program', async (t) => {
  const project = createProject(t, {
    'main.ts': `import { a } from './a.ts';
declare global { interface ImportMeta { hot?: { accept(path: string): void } } }
import.meta.hot?.accept('./a.ts');
setInterval(() => console.log('a is', a), 10);`,
    'a.ts': 'export const a: number = 1;',
  });
  const app = project.start([...register, 'main.ts']);
  await app.line(/^a is 1$/);
  await project.write('a.ts', 'export const a: bigint = 2n;');
  await app.line(/^a is 2n$/);
});

test('a save that changes types only evaluates nothing', async (t) => {
  const project = createProject(t, {
    'main.js': "import hmr from 'node-esm-hmr'; await hmr('./a.ts', undefined, ({ a }) => console.log('a is', a));",
    'a.ts': "console.log('evaluated 1'); export const a: number = 1;",
  });
  const app = project.start(['main.js']);
  await app.line(/^a is 1$/);
  await project.write('a.ts', "console.log('evaluated 1'); export const a: 1 | 2 = 1; export type A = typeof a;");
  await project.write('a.ts', "console.log('evaluated 2'); export const a: number = 2;");
  await app.line(/^a is 2$/);
  const evaluated = app.lines.filter(({ text }) => text.startsWith('evaluated')).map(({ text }) => text);
  assert.deepEqual(evaluated, ['evaluated 1', 'evaluated 2']);
});

test('a module without a type in package.json is one if it has syntax of modules', async (t) => {
  const { stdout } = await outputOfHot(t, {
    'main.ts': "import { a } from './a.ts'; import type { B } from './b.ts'; const b: B = 2; console.log(a, b);",
    'a.ts': 'export const a: number = 1;',
    'b.ts': 'export type B = number;',
  }, { packageJson: { type: undefined } });
  assert.equal(stdout, '1 2');
});

test('a file that is not hot imports a hot one', { skip: isNode20 }, async (t) => {
  const { stdout } = await outputOfHot(t, {
    'main.ts': "import { a } from './a.ts'; import { from } from './cold.mjs'; console.log(from === a, a.hot);",
    'cold.mjs': "import { a } from './a.ts'; export const from = a;",
    'a.ts': `${isHot} export const a: object = { hot: isHot };`,
  }, { packageJson: { 'node-esm-hmr': { exclude: ['cold.mjs'] } } });
  assert.equal(stdout, 'true true');
});

test('a worker begins with a TypeScript file', async (t) => {
  const { stdout } = await outputOfHot(t, {
    'main.ts': `import { Worker } from 'node:worker_threads';
const worker: Worker = new Worker(new URL('./worker.ts', import.meta.url));
worker.on('message', (text: string) => console.log(text));`,
    'worker.ts': `import { parentPort } from 'node:worker_threads';
${isHot}
enum Answer { Yes = 'yes' }
parentPort!.postMessage(isHot ? Answer.Yes : 'no');`,
  });
  assert.equal(stdout, 'yes');
});

test('a package of the workspace whose exports are TypeScript sources', async (t) => {
  const { project } = await outputOfHot(t, {
    'main.ts': '',
    'packages/lib/package.json': '{"name":"lib","type":"module","exports":{".":"./src/index.ts"}}',
    'packages/lib/src/index.ts': "import { inner } from './inner.js'; export const outer: number = inner + 1;",
    'packages/lib/src/inner.ts': 'export const inner: number = 1;',
  });
  project.link(project.path('packages/lib'), 'lib');
  await project.write('main.ts', "import { outer } from 'lib'; console.log(outer);");
  const app = project.start([...register, 'main.ts']);
  await app.line(/^2$/);
  await app.end();
});

test('a CommonJS file that only Node can load is left to it', { skip: !stripsTypes }, async (t) => {
  const { stdout } = await outputOfHot(t, {
    'main.ts': "import c from './c.cts'; console.log(c.c);",
    'c.cts': 'const c: number = 1; exports.c = c;',
  });
  assert.equal(stdout, '1');
});

test('a syntax error is told with the file and its place, and the next save repairs it', async (t) => {
  const project = createProject(t, {
    'main.js': "import hmr from 'node-esm-hmr'; await hmr('./a.ts', undefined, ({ a }) => console.log('a is', a));",
    'a.ts': 'export const a: number = 1;',
  });
  const app = project.start(['main.js']);
  await app.line(/^a is 1$/);
  await project.write('a.ts', 'type A = 1;\nexport const a: = 2;');
  await app.line(/a\.ts:2:17/);
  await app.line(/> 2 \| export const a: = 2;/);
  await project.write('a.ts', 'type A = 1;\nexport const a: A = 2;\nlet x: A; let x: A;');
  await app.line(/a\.ts:3:15/);
  await project.write('a.ts', 'export const a: number = 3;');
  await app.line(/^a is 3$/);
});
