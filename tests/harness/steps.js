// Steps of a test that watches: each writes or removes a file, which is seen or is not.
//
// That something is not seen is shown without waiting: a file that is seen is written after it, and neither the
// calls nor the lines of the package may tell of the first.

import assert from 'node:assert/strict';
import { expectCall } from './caller.js';

/** A module that counts its evaluations, so that calls for files outside the graph can be told apart. */
export const counting = 'export const n = (globalThis.n ?? 0) + 1; globalThis.n = n;';

/**
 * @typedef {object} Steps
 * @property {string[]} seen paths relative to the project; one that starts with `-` is removed
 * @property {string[]} [unseen]
 */

/**
 * Carries the steps out on a program that hot-imports a `counting` module and has not printed its calls yet.
 *
 * @param {import('./project.js').Project} project
 * @param {import('./app.js').App} app
 * @param {Steps} steps
 */
export async function takeSteps(project, app, { seen, unseen = [] }) {
  let n = 1;
  await expectCall(app, { n });
  await app.line(/^ready/);
  for (const path of unseen) await take(project, path, 'unseen');
  for (const round of ['one', 'two']) {
    for (const path of seen) {
      if (round === 'two' && path.startsWith('-')) continue;
      await take(project, path, round);
      n += 1;
      await expectCall(app, { n }, `the call after ${path}, ${round}`);
    }
  }
  const told = app.output('stderr').split(/[\s,]+/);
  for (const path of unseen) assert.ok(!told.includes(path), `${path} was seen:\n${app.output('stderr')}`);
}

/**
 * @param {import('./project.js').Project} project
 * @param {string} path
 * @param {string} text
 */
async function take(project, path, text) {
  if (path.startsWith('-')) project.delete(path.slice(1));
  else await project.write(path, text);
}
