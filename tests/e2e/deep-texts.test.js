// A file that is nested deeper than V8 takes: the program goes on, as after any mistake.

import { test } from 'node:test';
import { createProject } from '../harness/index.js';

const arrays = (/** @type {number} */ levels) => `export const value = ${'['.repeat(levels)}${']'.repeat(levels)};\n`;

test('a save of what is nested too deep is an error, and the next one is applied', async (t) => {
  const project = createProject(t, {
    'main.js': "import hmr from 'node-esm-hmr';\nawait hmr('./a.js', undefined, ({ value }) => console.log('value', typeof value));",
    'a.js': 'export const value = 1;\n',
  });
  const app = project.start(['main.js']);
  await app.line(/^value number$/);
  await project.write('a.js', arrays(60_000));
  await app.line(/RangeError: Maximum call stack size exceeded/);
  await project.write('a.js', arrays(1000));
  await app.line(/^value object$/);
});
