// The recipes of docs/recipes/, word for word, each a program that is edited while it runs. `tests/harness/examples.js`
// says how they are read. What a recipe needs a server for (a database, Redis) is a package of the same shape in
// `fakes/`; all other packages are real.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { exampleOf, repository, runExample } from '../harness/index.js';

const folder = join(repository, 'docs/recipes');
const pages = readdirSync(folder).filter((page) => page !== 'README.md');

/** NestJS is the app in `examples/nestjs`, run by `tests/typescript/nestjs.test.js`. */
const elsewhere = ['nestjs.md'];

/** Recipes whose program ends by itself. */
const ending = ['node-test.md'];

const fakes = Object.fromEntries(
  readdirSync(join(import.meta.dirname, 'fakes')).map((file) => [
    basename(file, '.cjs'),
    readFileSync(join(import.meta.dirname, 'fakes', file), 'utf8'),
  ]),
);

test('the index names every recipe', () => {
  const linked = readFileSync(join(folder, 'README.md'), 'utf8').matchAll(/\]\(([\w.-]+\.md)\)/g);
  assert.deepEqual(Array.from(linked, ([, page]) => page).sort(), pages.toSorted());
});

for (const page of pages.filter((page) => !elsewhere.includes(page))) {
  const example = exampleOf(readFileSync(join(folder, page), 'utf8'));
  test(example.title, async (t) => {
    const names = importedPackages(example.blocks.map((block) => ('text' in block ? block.text : '')).join('\n'));
    const packages = names.filter((name) => !(name in fakes));
    const files = names.filter((name) => name in fakes).map((name) => [`node_modules/${name}/index.js`, fakes[name]]);
    const app = await runExample(t, example, { packages, files: Object.fromEntries(files) });
    if (ending.includes(page)) return assert.equal((await app.end()).code, 0);
    assert.equal(app.ended, undefined, 'it keeps running');
    app.signal('SIGTERM');
    await app.end();
    assert.doesNotMatch(app.output('stderr'), /restart|Error/, 'one process, and nothing went wrong');
  });
}

/** @param {string} text @returns {string[]} */
function importedPackages(text) {
  const names = Array.from(text.matchAll(/from '((?:@[\w.-]+\/)?[\w.-]+)(?:\/[^']*)?'/g), ([, name]) => name);
  return [...new Set(names)].filter((name) => !name.startsWith('.'));
}
