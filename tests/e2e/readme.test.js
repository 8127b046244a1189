// The examples of README.md, word for word.
//
// An example is a section "### Example…". Its code blocks begin with a comment that names their file; a block of kind
// `text` says what is printed then, line by line, with `…` for what differs from run to run. The files before the
// first such block are the project; main.js or main.mjs is started; the blocks after it are saved one after the other,
// each followed by what is printed next.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createProject, repository } from '../harness/index.js';

const readme = join(repository, 'README.md');

/** @typedef {{file: string, text: string} | {printed: string[]}} Block */

/** @returns {{title: string, blocks: Block[]}[]} */
function examples() {
  assert.ok(existsSync(readme), 'README.md does not exist yet: its examples cannot be run');
  const sections = readFileSync(readme, 'utf8').split(/^(?=#{1,3} )/m);
  const found = sections.filter((section) => section.startsWith('### Example'));
  return found.map((section) => ({ title: section.split('\n')[0].replace(/^### /, ''), blocks: blocksOf(section) }));
}

/** @param {string} section @returns {Block[]} */
function blocksOf(section) {
  return Array.from(section.matchAll(/^```(\w+)\n(.*?)^```$/gms), ([, kind, text]) => {
    if (kind === 'text') return { printed: text.trimEnd().split('\n') };
    const [, file] = /^(?:\/\/|#|<!--) (\S+)/.exec(text) ?? [];
    assert.ok(file, `the block does not begin with the name of its file:\n${text}`);
    return { file, text };
  });
}

/** A line of the README as a pattern. @param {string} line */
function pattern(line) {
  const parts = line.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`);
}

/** @param {import('../harness/index.js').App} app @param {string[]} printed */
async function expectPrinted(app, printed) {
  for (const line of printed) await app.line(pattern(line));
}

test('README.md has examples', () => {
  const found = examples();
  assert.ok(found.length >= 3, `${found.length} sections "### Example"`);
  const texts = found.flatMap(({ blocks }) => blocks.map((block) => ('text' in block ? block.text : ''))).join('\n');
  assert.match(texts, /\bdefault\b/, 'one with a default export');
  for (const main of ['main.js', 'main.mjs']) assert.ok(texts.includes(`// ${main}\n`), `one that starts with ${main}`);
});

for (const { title, blocks } of existsSync(readme) ? examples() : []) {
  test(title, async (t) => {
    const start = blocks.findIndex((block) => 'printed' in block);
    assert.ok(start > 0, 'it says what is printed');
    /** @type {Record<string, string>} */
    const files = {};
    for (const block of blocks.slice(0, start)) if ('file' in block) files[block.file] = block.text;
    const main = Object.keys(files).find((file) => /^main\.m?js$/.test(file));
    assert.ok(main, 'it has a main.js or main.mjs');
    const project = createProject(t, files);
    const app = project.start([main], { env: { PORT: '0' } });
    for (const block of blocks.slice(start)) {
      if ('printed' in block) await expectPrinted(app, block.printed);
      else await project.write(block.file, block.text);
    }
    const last = blocks.at(-1);
    assert.ok(last && 'printed' in last, 'it ends with what is printed');
    if (/may exit/.test(last.printed.join('\n'))) assert.equal((await app.end()).code, 0);
    else assert.equal(app.ended, undefined, 'it keeps running');
  });
}
