// Runs a program as the main module of a process of its own: under plain Node and with `--import node-esm-hmr/register`.

import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { outputOf, writeFiles } from './compare.js';

const preload = fileURLToPath(new URL('preload.js', import.meta.url));
const register = fileURLToPath(new URL('../../runtime/register.js', import.meta.url));

/**
 * @param {import('./compare.js').Program['files']} files
 * @param {string} main one of them
 * @param {string[]} [flags] of Node
 * @returns {Promise<{plain: string[], hot: string[]}>} what was logged and printed, and the end
 */
export async function runAsMain(files, main, flags = []) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'hmr-main-')));
  try {
    writeFiles(folder, files);
    const [plain, hot] = await Promise.all([[], ['--import', register]].map((own) => run([...own, ...flags], folder, main)));
    return { plain, hot };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @param {string[]} flags @param {string} folder @param {string} main */
async function run(flags, folder, main) {
  const { stdout, stderr, end } = await outputOf(['--import', preload, ...flags, join(folder, main)], folder);
  return [`exit ${end}`, ...linesOf(stdout, folder), '(stderr)', ...linesOf(stderr, folder)];
}

/** Without what must differ: frames of Node and of the runtime, and the process id in warnings. */
export function linesOf(text, folder) {
  const lines = text.replaceAll(`file://${folder}`, '').replaceAll(folder, '').replace(/\(node:\d+\)/g, '(node)');
  const isForeign = (line) => /^ +at .*(node:|node-esm-hmr:|start\.js|data:text)/.test(line) || /^ +at new Promise/.test(line);
  return lines.split('\n').filter((line) => line && !isForeign(line));
}
