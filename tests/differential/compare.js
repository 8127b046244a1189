// Runs programs under plain Node and as hot code and compares their logs.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const runner = fileURLToPath(new URL('run.js', import.meta.url));

/**
 * @typedef {{name: string, files: Record<string, string | Uint8Array>}} Program its `entry.mjs` is run
 * @typedef {Program & {plain: string[], hot: string[]}} Outcome
 */

/**
 * @param {Program[]} programs
 * @param {('plain' | 'hot')[]} [modes] the two runs that are compared
 * @returns {Outcome[]}
 */
export function runBoth(programs, [first, second] = ['plain', 'hot']) {
  const folder = mkdtempSync(join(tmpdir(), 'hmr-differential-'));
  try {
    const write = (part) => programs.forEach(({ name, files }) => writeFiles(join(folder, part, name), files));
    write('1');
    write('2');
    const plain = run(first, join(folder, '1'), programs);
    const hot = run(second, join(folder, '2'), programs);
    return programs.map((program) => ({
      ...program,
      plain: plain.get(program.name) ?? [],
      hot: hot.get(program.name) ?? [],
    }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @param {Outcome} outcome */
export function differs({ plain, hot }) {
  return JSON.stringify(plain) !== JSON.stringify(hot);
}

/** @param {string} folder @param {Program['files']} files */
export function writeFiles(folder, files) {
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

/** Where a program ends the process, the rest runs in another one. */
function run(mode, folder, programs) {
  const logs = new Map();
  let names = programs.map(({ name }) => name);
  while (names.length > 0) {
    const { stdout, stderr, status, signal } = spawnSync(process.execPath, [runner, mode, folder, ...names], {
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    });
    for (const line of stdout.split('\n').filter((text) => text.startsWith('{"name"'))) {
      const { name, lines } = JSON.parse(line);
      logs.set(name, lines.map((text) => text.replaceAll(folder, '')));
    }
    names = names.filter((name) => !logs.has(name));
    const reason = stderr.split('\n').filter((line) => line.trim()).slice(0, 8);
    if (names.length > 0) logs.set(names.shift(), [`${ended} (${signal ?? status})`, ...reason]);
  }
  return logs;
}

/** The only line of a program that ended its process, but for what that printed. */
export const ended = 'the process ended here';

/** @param {Outcome} outcome */
export function describe({ name, files, plain, hot }) {
  const at = plain.findIndex((line, index) => line !== hot[index]);
  const from = at < 0 ? plain.length : at;
  const texts = Object.entries(files).map(([file, text]) => `── ${file}\n${shorten(`${text}`)}`);
  const context = (lines) => lines.slice(Math.max(0, from - 3), from + 3).join('\n  ');
  return `${name}, line ${from}\n${texts.join('\n')}\nplain Node:\n  ${context(plain)}\nhot:\n  ${context(hot)}\n`;
}

function shorten(text) {
  return text.length > 4000 ? `${text.slice(0, 4000)} …` : text;
}
