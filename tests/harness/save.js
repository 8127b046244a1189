// The ways in which editors and tools write a file.
//
// All but `chunks` are done when the call returns. Folders are made as needed.

import { closeSync, linkSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/**
 * @typedef {keyof typeof styles} SaveStyle
 * @typedef {object} SaveOptions
 * @property {SaveStyle} [style] default `truncate`
 * @property {number} [gap] milliseconds between the two parts of style `chunks`, default 5: how the writer behaves,
 *   not something a test waits for
 */

/**
 * Saves `text` in the file `path`.
 *
 * @param {string} path absolute
 * @param {string} text
 * @param {SaveOptions} [options]
 * @returns {Promise<void>} settles when the file is complete
 */
export async function save(path, text, { style = 'truncate', gap = 5 } = {}) {
  mkdirSync(dirname(path), { recursive: true });
  await styles[style](path, text, gap);
}

/**
 * Removes a file or a whole folder.
 *
 * @param {string} path
 */
export function remove(path) {
  rmSync(path, { recursive: true });
}

const styles = {
  /** What `writeFile`, VS Code and shell redirection do. */
  truncate: (/** @type {string} */ path, /** @type {string} */ text) => writeFileSync(path, text),

  /** A temporary file beside it, renamed over it: `sed -i` and most editors. */
  rename(/** @type {string} */ path, /** @type {string} */ text) {
    const temporary = beside(path, '.tmp');
    writeFileSync(temporary, text);
    renameSync(temporary, path);
  },

  /** Delete, then create: git checkout. */
  recreate(/** @type {string} */ path, /** @type {string} */ text) {
    rmSync(path, { force: true });
    writeFileSync(path, text, { flag: 'wx' });
  },

  /** The old file becomes a backup and a new one is written: vim. */
  backup(/** @type {string} */ path, /** @type {string} */ text) {
    const copy = beside(path, '~');
    rmSync(copy, { force: true });
    renameSync(path, copy);
    writeFileSync(path, text, { flag: 'wx' });
    rmSync(copy);
  },

  /** A finished file gets a second name: what is seen is a creation and no write. */
  link(/** @type {string} */ path, /** @type {string} */ text) {
    const temporary = beside(path, '.linked');
    writeFileSync(temporary, text);
    rmSync(path, { force: true });
    linkSync(temporary, path);
    rmSync(temporary);
  },

  /** Half of the text, a pause, the other half. */
  async chunks(/** @type {string} */ path, /** @type {string} */ text, /** @type {number} */ gap) {
    const file = openSync(path, 'w');
    const half = text.length >> 1;
    try {
      writeSync(file, text.slice(0, half));
      await wait(gap);
      writeSync(file, text.slice(half));
    } finally {
      closeSync(file);
    }
  },
};

/** Every style, for tests that try them all. */
export const saveStyles = /** @type {SaveStyle[]} */ (Object.keys(styles));

/**
 * @param {string} path
 * @param {string} ending
 */
function beside(path, ending) {
  return join(dirname(path), `.${basename(path)}${ending}`);
}
