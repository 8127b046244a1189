/** What is measured, and how often. */
import { parseArgs } from 'node:util';

export const PARTS = /** @type {const} */ (['start', 'live', 'crowd', 'cpu', 'requests', 'memory']);

/**
 * @typedef {typeof PARTS[number]} Part
 * @typedef {typeof FULL} Counts
 * @typedef {object} Options
 * @property {string} node binary that runs the programs
 * @property {string} kind full, partial, quick or smoke
 * @property {boolean} peers whether they are measured, too
 * @property {boolean} real whether real apps are measured, too
 * @property {Part[]} only
 * @property {number[]} apps numbers of modules
 * @property {string} runs folder for the run
 * @property {string} images folder for the plots
 * @property {Counts} counts
 */

/**
 * `pauses`, in milliseconds: `idle` for what a program writes when it has nothing to do, `watching` until all watchers are
 * there (some do not tell), `rest` before memory is looked at. `start`: rounds by number of modules; where there is none,
 * the last one.
 */
const FULL = {
  pauses: { idle: 2000, watching: 2000, rest: 1500 },
  start: /** @type {Record<string, number>} */ ({ 100: 9, 1000: 5, 5000: 7, 20000: 3 }),
  live: { largest: 5000, rounds: 12, saves: 5 },
  crowd: { modules: 5000, files: 500, times: 10 },
  cpu: { rounds: 7, runs: 10, part: 1 },
  requests: { pairs: 4, rounds: 5, milliseconds: 1000 },
  memory: { rounds: 5, modules: 1000, updates: 10_000, every: 500 },
};

/** @type {Counts} */
const QUICK = {
  pauses: { idle: 1500, watching: 1000, rest: 500 },
  start: { 100: 3, 1000: 2, 5000: 2 },
  live: { largest: 5000, rounds: 4, saves: 5 },
  crowd: { modules: 5000, files: 500, times: 3 },
  cpu: { rounds: 2, runs: 5, part: 0.5 },
  requests: { pairs: 2, rounds: 3, milliseconds: 400 },
  memory: { rounds: 1, modules: 100, updates: 2000, every: 200 },
};

/** Only proves that everything works. @type {Counts} */
const SMOKE = {
  pauses: { idle: 10, watching: 100, rest: 10 },
  start: { 10: 1 },
  live: { largest: 10, rounds: 1, saves: 1 },
  crowd: { modules: 40, files: 10, times: 1 },
  cpu: { rounds: 1, runs: 1, part: 0.001 },
  requests: { pairs: 1, rounds: 1, milliseconds: 20 },
  memory: { rounds: 1, modules: 10, updates: 4, every: 1 },
};

/** @type {Record<string, { counts: Counts, apps: number[], peers: boolean, real: boolean }>} */
const KINDS = {
  full: { counts: FULL, apps: [100, 1000, 5000, 20_000], peers: true, real: true },
  quick: { counts: QUICK, apps: [100, 1000, 5000], peers: false, real: false },
  smoke: { counts: SMOKE, apps: [10], peers: false, real: false },
};

/** @param {string[]} args @returns {Options} */
export function readOptions(args) {
  const text = /** @type {const} */ ({ type: 'string' });
  const { values } = parseArgs({
    args,
    options: { quick: { type: 'boolean' }, smoke: { type: 'boolean' }, 'no-peers': { type: 'boolean' }, only: text, apps: text, runs: text, images: text },
  });
  const kind = values.smoke ? 'smoke' : values.quick ? 'quick' : 'full';
  const { counts, apps, peers, real } = KINDS[kind];
  // What is not whole must not replace what is.
  const isPart = Boolean(values['no-peers'] ?? values.only ?? values.apps);
  const isWhole = kind === 'full' && !isPart;
  const runs = values.runs ?? 'bench/runs';
  return {
    node: process.execPath,
    kind: isPart && kind === 'full' ? 'partial' : kind,
    peers: peers && !values['no-peers'],
    real,
    only: values.only === undefined ? [...PARTS] : values.only.split(',').map(readPart),
    apps: values.apps === undefined ? apps : values.apps.split(',').map(readCount),
    runs,
    images: values.images ?? (isWhole ? 'docs/images' : runs),
    counts,
  };
}

/** @param {string} text @returns {Part} */
function readPart(text) {
  const part = PARTS.find((one) => one === text);
  if (part === undefined) throw new TypeError(`--only takes ${PARTS.join(', ')}, and not ${text}`);
  return part;
}

/** @param {string} text */
function readCount(text) {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new TypeError(`--apps takes numbers of modules, as in 100,1000, and not ${text}`);
  return count;
}

/** @param {Record<string, number>} rounds @param {number} modules */
export const roundsFor = (rounds, modules) => rounds[modules] ?? Object.values(rounds).at(-1) ?? 1;
