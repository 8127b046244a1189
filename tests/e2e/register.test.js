// `node --import node-esm-hmr/register`: programs run hot from their main module on, and end as under plain Node.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProject } from '../harness/index.js';

/** The frames of the runtime tell a hot module. */
const isHot = "const isHot = /node:internal.node-esm-hmr/.test(new Error().stack);";

/**
 * Starts a program with the package registered and without, and compares what they print and how they end.
 * @param {import('../harness/project.js').Project} project
 * @param {string[]} args
 * @param {import('../harness/app.js').StartOptions} [options]
 */
async function expectAsPlain(project, args, options) {
  const outcomes = [];
  for (const flags of [[], ['--import', 'node-esm-hmr/register']]) {
    const app = project.start([...flags, ...args], options);
    const { code, signal } = await app.end();
    outcomes.push({ stdout: app.output('stdout'), stderr: app.output('stderr'), code, signal });
  }
  const [plain, hot] = outcomes;
  assert.deepEqual(hot, plain);
  return plain;
}

test('the main module and what it imports run hot, and print what they print under plain Node', async (t) => {
  const project = createProject(t, {
    'main.js': `import { a } from './a.js';
import { p } from 'pkg';
import os from 'node:os';
console.log('main', a, p, typeof os.cpus, import.meta.main, process.argv.slice(2));
process.nextTick(() => console.log('tick'));
queueMicrotask(() => console.log('microtask'));
setImmediate(() => {
  console.log('immediate');
  setTimeout(() => import('./lazy.js').then(({ lazy }) => console.log('lazy', lazy)));
});`,
    'a.js': "export const a = 1; console.log('a', import.meta.main);",
    'lazy.js': "export const lazy = 2;",
    'node_modules/pkg/package.json': '{"type":"module","exports":"./index.js"}',
    'node_modules/pkg/index.js': "export const p = 'p'; console.log('pkg');",
  });
  const { stdout } = await expectAsPlain(project, ['main.js', 'x', 'y']);
  assert.match(stdout, /lazy 2/);
});

test('the main module is hot', async (t) => {
  const project = createProject(t, { 'main.js': `${isHot} console.log('hot', isHot);` });
  const app = project.start(['--import', 'node-esm-hmr/register', 'main.js']);
  await app.line(/^hot true$/);
  await app.end();
});
