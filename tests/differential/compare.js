// Runs graphs under plain Node and as hot code and compares their logs.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const runner = fileURLToPath(new URL('run.js', import.meta.url));

/**
 * @param {{seed: number, files: Record<string, string>}[]} graphs
 * @returns {{seed: number, files: Record<string, string>, plain: string[], hot: string[]}[]} graphs that differ
 */
export function differing(graphs) {
  const folder = mkdtempSync(join(tmpdir(), 'hmr-differential-'));
  try {
    for (const { seed, files } of graphs) write(join(folder, `${seed}`), files);
    const plain = run('plain', folder, graphs);
    const hot = run('hot', folder, graphs);
    return graphs
      .map((graph) => ({ ...graph, plain: plain.get(`${graph.seed}`), hot: hot.get(`${graph.seed}`) }))
      .filter(({ plain: expected, hot: actual }) => JSON.stringify(expected) !== JSON.stringify(actual));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function write(folder, files) {
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

function run(mode, folder, graphs) {
  const names = graphs.map(({ seed }) => `${seed}`);
  const { stdout, stderr } = spawnSync(process.execPath, [runner, mode, folder, ...names], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  const logs = new Map();
  for (const line of stdout.split('\n').filter(Boolean)) {
    const { name, lines } = JSON.parse(line);
    logs.set(name, lines.map((text) => text.replaceAll(folder, '')));
  }
  const missing = names.find((name) => !logs.has(name));
  if (missing) logs.set(missing, [`the run ended here (${mode}): ${stderr.slice(-2000)}`]);
  return logs;
}

/** @param {ReturnType<typeof differing>[number]} difference */
export function describe({ seed, files, plain = [], hot = [] }) {
  const at = plain.findIndex((line, index) => line !== hot[index]);
  const from = at < 0 ? plain.length : at;
  const texts = Object.entries(files).map(([name, text]) => `── ${name}\n${text}`);
  const context = (lines) => lines.slice(Math.max(0, from - 3), from + 3).join('\n  ');
  return `seed ${seed}, line ${from}\n${texts.join('')}plain Node:\n  ${context(plain)}\nhot:\n  ${context(hot)}\n`;
}
