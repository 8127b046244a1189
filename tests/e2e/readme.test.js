// The examples of README.md, word for word: the sections "### Example…". `tests/harness/examples.js` says how they are
// read.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { exampleOf, repository, runExample } from '../harness/index.js';

const readme = join(repository, 'README.md');

function examples() {
  assert.ok(existsSync(readme), 'README.md does not exist yet: its examples cannot be run');
  const sections = readFileSync(readme, 'utf8').split(/^(?=#{1,3} )/m);
  return sections.filter((section) => section.startsWith('### Example')).map(exampleOf);
}

test('README.md has examples', () => {
  const found = examples();
  assert.ok(found.length >= 3, `${found.length} sections "### Example"`);
  const texts = found.flatMap(({ blocks }) => blocks.map((block) => ('text' in block ? block.text : ''))).join('\n');
  assert.match(texts, /\bdefault\b/, 'one with a default export');
  for (const main of ['main.js', 'main.mjs']) assert.ok(texts.includes(`// ${main}\n`), `one that starts with ${main}`);
});

for (const example of existsSync(readme) ? examples() : []) {
  test(example.title, async (t) => {
    const app = await runExample(t, example);
    const last = example.blocks.at(-1);
    if (last && 'printed' in last && /may exit/.test(last.printed.join('\n'))) assert.equal((await app.end()).code, 0);
    else assert.equal(app.ended, undefined, 'it keeps running');
  });
}
