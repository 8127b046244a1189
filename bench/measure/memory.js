/**
 * Memory: of a program that has started and rests, against plain Node, and over updates.
 *
 * RSS is read before anything is collected by force, the heap after it.
 */
import { rmSync } from 'node:fs';
import path from 'node:path';
import { CHAIN, chainName, chainText, save, writeApp } from '../app.js';
import { appFolder, contenders, packages, pathOf } from '../contenders.js';
import { pause, Program } from '../program.js';
import { interleaved } from '../rounds.js';
import { ratio, round, slope, summary } from '../statistics.js';

const LIMIT = 60_000;

/**
 * @param {import('../options.js').Options} options
 * @param {string} folder of an app
 * @param {number} rounds
 */
export async function measureMemoryAtStart(options, folder, rounds) {
  const cache = path.join(folder, 'node_modules/.cache');
  const turns = ['plain', 'hot cold', 'hot warm'];
  const figures = await interleaved(rounds, turns, async (turn) => {
    // The run before, which has ended, has filled it.
    if (turn === 'hot cold') rmSync(cache, { recursive: true, force: true });
    const program = start(options, turn.split(' ')[0], folder);
    try {
      return await atRest(program, options);
    } finally {
      await program.stop('SIGTERM');
    }
  });
  return Object.fromEntries(turns.map((turn) => [turn, { rss: part(figures, turn, 'rss'), heap: part(figures, turn, 'heapUsed') }]));
}

/**
 * @param {Record<string, (import('../program.js').Message | undefined)[]>} figures
 * @param {string} turn
 * @param {string} name
 */
function part(figures, turn, name) {
  const of = (/** @type {string} */ one) => figures[one].map((message) => (message ? megabytes(message[name]) : undefined));
  return { ...summary(of(turn).filter((one) => one !== undefined)), ratio: ratio(of(turn), of('plain')) };
}

/**
 * Updates of the chain's leaf, one after the other without a pause.
 * @param {import('../options.js').Options} options
 * @param {{ modules: number, updates: number, every: number }} counts `every`: how many lie between two looks
 */
export async function measureMemoryOfUpdates(options, { modules, updates, every }) {
  const folder = appFolder('updates');
  writeApp(folder, modules, packages());
  const program = start(options, 'hot', folder);
  const points = [];
  try {
    points.push({ updates: 0, ...sizes(await atRest(program, options)) });
    for (let version = 1; version <= updates; version += 1) {
      const from = program.messages.length;
      save(folder, chainName(CHAIN), chainText(CHAIN, version));
      await program.message(({ seen }) => seen?.[CHAIN] === version, LIMIT, from);
      if (version % every === 0) points.push({ updates: version, ...sizes(await look(program)) });
      program.messages.length = Math.min(program.messages.length, from);
    }
  } finally {
    await program.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  // What the first updates leave is there once: compiled code, and room that is used again.
  const later = points.filter((point) => point.updates >= every);
  const growth = slope(later.map((point) => [point.updates, point.heap * 1024]));
  return { modules, points, kilobytesForEachUpdate: round(growth) };
}

/** @param {import('../options.js').Options} options @param {string} id @param {string} folder */
function start({ node }, id, folder) {
  const [binary, ...rest] = contenders[id].command('memory.js', node);
  return new Program({ command: [binary, '--expose-gc', ...rest], folder, env: pathOf(node) });
}

/** @param {Program} program @param {import('../options.js').Options} options */
async function atRest(program, { counts }) {
  await program.message(({ started }) => started !== undefined, LIMIT);
  await pause(counts.pauses.rest);
  return look(program);
}

/** @param {Program} program */
function look(program) {
  const from = program.messages.length;
  program.say('memory');
  return program.message(({ heapUsed }) => heapUsed !== undefined, LIMIT, from);
}

/** @param {number} bytes */
const megabytes = (bytes) => Math.round((bytes / 1024 / 1024) * 100_000) / 100_000;

/** @param {import('../program.js').Message} message */
const sizes = ({ heapUsed, rssAfterCollection }) => ({ heap: megabytes(heapUsed), rss: megabytes(rssAfterCollection) });
