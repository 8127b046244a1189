// What the tests of TypeScript share.

import { createProject } from '../harness/index.js';

export const register = ['--import', 'node-esm-hmr/register'];

/** Whether the Node of the test runs erasable TypeScript by itself. */
export const stripsTypes = Boolean(process.features.typescript);

/**
 * What a program prints that is hot as a whole, and how it ends.
 * @param {import('node:test').TestContext} t
 * @param {Record<string, string>} files with a `main.ts`
 * @param {import('../harness/project.js').ProjectOptions & {main?: string, flags?: string[]}} [options]
 */
export async function outputOfHot(t, files, { main = 'main.ts', flags = [], ...options } = {}) {
  const project = createProject(t, files, options);
  const app = project.start([...register, ...flags, main]);
  const { code } = await app.end();
  return { stdout: app.output('stdout'), stderr: app.output('stderr'), code, project };
}
