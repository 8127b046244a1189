// What is a module is decided by V8 alone, and what it says of a text that is none is what a program sees.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createProject } from '../harness/index.js';
import { others, programs } from './programs.js';

const runner = fileURLToPath(new URL('run.js', import.meta.url));
/** V8 compiles an assignment to a call, which throws when it runs; the parser has no tree for it (docs/limits.md). */
const assignsToCall = /^(?:for \()?(?:\+\+)?f\(\)(?: (?:of|in|=|\+=) |\+\+|$)/;
/** Where this Node has no `using`, its guess what a file of no stated type is depends on the words of the error. */
const usesAwaitUsing = /await using/;
const texts = [...programs, ...others].filter((text) => !assignsToCall.test(text));

/** Imports the programs one after the other. */
const entry = `
globalThis.results = async (count) => {
  const results = [];
  for (let index = 0; index < count; index += 1) results.push(await outcome(index));
  return results;
};

async function outcome(index) {
  try {
    return Object.keys(await import('./programs/' + index + extension)).join();
  } catch (error) {
    return error instanceof SyntaxError ? error.name + ': ' + error.stack : error.name + ': ' + error.message;
  }
}
`;

for (const [extension, about] of [['.mjs', 'a module'], ['.js', 'of no stated type']]) {
  const isGuess = extension === '.js' && !knowsUsing();
  const cases = isGuess ? texts.filter((text) => !usesAwaitUsing.test(text)) : texts;

  test(`each text is accepted or refused as Node does it: ${about}`, (t) => {
    const project = createProject(t, {
      'package.json': '{}',
      'entry.mjs': `const extension = '${extension}';${entry}`,
      'programs/dep.mjs': "export let a = 1; export default 2; export { a as 'a b', a as default2 };",
      ...Object.fromEntries(cases.map((text, index) => [`programs/${index}${extension}`, text])),
    });
    const run = (mode) => {
      const args = ['--no-warnings', runner, mode, project.folder, `${cases.length}`];
      const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
      assert.equal(status, 0, stderr);
      const results = JSON.parse(readFileSync(project.path(`${mode}.json`), 'utf8'));
      return results.map((result) => withoutFrames(result.replaceAll(project.folder, '')));
    };
    const [plain, hot] = [run('plain'), run('hot')];
    const differing = cases.map((text, index) => ({ text, plain: plain[index], hot: hot[index] }));
    const found = differing.filter((each) => each.plain !== each.hot);
    assert.deepEqual(found.slice(0, 5), [], `${found.length} of ${cases.length} differ`);
  });
}

/** Below the place stand frames of Node and of this package. */
function withoutFrames(result) {
  return result.replace(/\n +at [^]*$/, '');
}

function knowsUsing() {
  try {
    new Function('using x = null');
    return true;
  } catch {
    return false;
  }
}
