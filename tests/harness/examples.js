// Examples of the documentation, run word for word.
//
// The code blocks of an example begin with a comment that names their file; a block of kind `text` says what is printed
// then, line by line, with `…` for what differs from run to run. The files before the first such block are the
// project; the program is started as an indented command says, or else with main.js or main.mjs; the blocks after it
// are saved one after the other, each followed by what is printed next. Blocks of kind `sh` and `jsonc` are only read.

import assert from 'node:assert/strict';
import { createProject } from './project.js';

/**
 * @typedef {{file: string, text: string} | {printed: string[]}} Block
 * @typedef {{title: string, command: string[] | undefined, blocks: Block[]}} Example
 */

/** @param {string} section Markdown that begins with a heading @returns {Example} */
export function exampleOf(section) {
  const [, command] = /^    node (.*)$/m.exec(section) ?? [];
  return { title: section.split('\n')[0].replace(/^#+ /, ''), command: command?.split(' '), blocks: blocksOf(section) };
}

/**
 * Runs an example up to its last line, with `PORT=0`.
 *
 * @param {import('node:test').TestContext} t
 * @param {Example} example
 * @param {{packages?: string[], files?: Record<string, string>}} [more] what its project has besides its own files
 */
export async function runExample(t, { command, blocks }, { packages, files = {} } = {}) {
  const start = blocks.findIndex((block) => 'printed' in block);
  assert.ok(start > 0, 'it says what is printed');
  /** @type {Record<string, string>} */
  const own = {};
  for (const block of blocks.slice(0, start)) if ('file' in block) own[block.file] = block.text;
  const main = Object.keys(own).find((file) => /^main\.m?js$/.test(file));
  const args = command ?? [main ?? assert.fail('it has neither a command nor a main.js or main.mjs')];
  const project = createProject(t, { ...files, ...own }, { packages });
  const app = project.start(args, { env: { PORT: '0' } });
  for (const block of blocks.slice(start)) {
    if ('file' in block) await project.write(block.file, block.text);
    else for (const line of block.printed) await app.line(pattern(line));
  }
  assert.ok('printed' in /** @type {Block} */ (blocks.at(-1)), 'it ends with what is printed');
  return app;
}

/** @param {string} section @returns {Block[]} */
function blocksOf(section) {
  const blocks = Array.from(section.matchAll(/^```(\w+)\n(.*?)^```$/gms));
  return blocks
    .filter(([, kind]) => kind !== 'sh' && kind !== 'jsonc')
    .map(([, kind, text]) => {
      if (kind === 'text') return { printed: text.trimEnd().split('\n') };
      const [, file] = /^(?:\/\/|#|<!--) (\S+)/.exec(text) ?? [];
      assert.ok(file, `the block does not begin with the name of its file:\n${text}`);
      return { file, text };
    });
}

/** A printed line as a pattern. @param {string} line */
function pattern(line) {
  const parts = line.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`);
}
