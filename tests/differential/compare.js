// Runs programs under plain Node and as hot code and compares their logs.

import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const runner = fileURLToPath(new URL('run.js', import.meta.url));

/**
 * @typedef {{name: string, files: Record<string, string | Uint8Array>}} Program its `entry.mjs` is run
 * @typedef {Program & {plain: string[], hot: string[], isUsable: boolean}} Outcome what both runs logged. It cannot be
 *   used for a comparison if plain Node logs one thing now and another then, or does not survive the program.
 */

/**
 * @param {Program[]} programs
 * @param {{twice?: boolean, turns?: number}} [options] `twice` runs plain Node two times, to see whether it always logs the same.
 *   `turns`: milliseconds that a program has for what it does not wait for
 * @returns {Promise<Outcome[]>}
 */
export async function runBoth(programs, { twice = false, turns } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'hmr-differential-'));
  try {
    const [plain, hot, again] = await Promise.all([
      run('plain', join(folder, '1'), programs, turns),
      run('hot', join(folder, '2'), programs, turns),
      twice ? run('plain', join(folder, '3'), programs, turns) : undefined,
    ]);
    return programs.map((program) => {
      const [first = [], second = [], third] = [plain, hot, again].map((logs) => logs?.get(program.name));
      const isUsable = !twice || (!first[0]?.startsWith(ended) && isSame(first, third ?? []));
      return { ...program, plain: first, hot: second, isUsable };
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @param {{plain: string[], hot: string[]}} outcome */
export function differs({ plain, hot }) {
  return !isSame(plain, hot);
}

/** @param {string[]} left @param {string[]} right */
function isSame(left, right) {
  return JSON.stringify(left) === JSON.stringify(right);
}

/** @param {string} folder @param {Program['files']} files */
export function writeFiles(folder, files) {
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

/**
 * Where a program ends the process, the rest runs in another one.
 * @param {'plain' | 'hot'} mode
 * @param {string} folder
 * @param {Program[]} programs
 * @param {number} [turns]
 * @returns {Promise<Map<string, string[]>>} logs by the names of the programs
 */
async function run(mode, folder, programs, turns) {
  for (const { name, files } of programs) writeFiles(join(folder, name), files);
  const logs = new Map();
  let names = programs.map(({ name }) => name);
  while (names.length > 0) {
    const { stdout, stderr, end } = await outputOf([runner, mode, folder, ...names], undefined, turns === undefined ? {} : { HMR_TURNS: `${turns}` });
    for (const line of stdout.split('\n').filter((text) => text.startsWith('{"name"'))) {
      const { name, lines } = JSON.parse(line);
      logs.set(name, lines.map((text) => text.replaceAll(folder, '')));
    }
    names = names.filter((name) => !logs.has(name));
    const reason = stderr.split('\n').filter((line) => line.trim() && !line.startsWith('(')).slice(0, 8);
    if (names.length > 0) logs.set(names.shift(), [`${ended} (${end})`, ...reason]);
  }
  return logs;
}

/** How the log of a program begins that ended its process. */
const ended = 'the process ended here';

/**
 * @param {string[]} parameters of this Node
 * @param {string} [cwd]
 * @param {Record<string, string>} [more] of the environment
 * @returns {Promise<{stdout: string, stderr: string, end: number | string}>} with the exit code or the signal
 */
export async function outputOf(parameters, cwd, more = {}) {
  // What an earlier comparison has left must not decide this one; NODE_ESM_HMR_CACHE=1 compares what has been stored, too.
  const env = { NODE_ESM_HMR_CACHE: '0', ...process.env, ...more };
  const child = spawn(process.execPath, parameters, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
  const end = await new Promise((resolve) => child.on('close', (code, signal) => resolve(signal ?? code)));
  return { stdout, stderr, end };
}

/** The first line that differs. @param {{plain: string[], hot: string[]}} outcome */
export function firstDifference({ plain, hot }) {
  const at = plain.findIndex((line, index) => line !== hot[index]);
  const index = at < 0 ? plain.length : at;
  return { index, plain: plain[index] ?? '(nothing)', hot: hot[index] ?? '(nothing)' };
}

/** @param {Outcome} outcome */
export function describe({ name, files, plain, hot }) {
  const { index } = firstDifference({ plain, hot });
  const texts = Object.entries(files).map(([file, text]) => `── ${file}\n${`${text}`.slice(0, 4000).trimEnd()}`);
  const context = (lines) => lines.slice(Math.max(0, index - 3), index + 3).join('\n  ');
  return `${name}, line ${index}\n${texts.join('\n')}\nplain Node:\n  ${context(plain)}\nhot:\n  ${context(hot)}\n`;
}
