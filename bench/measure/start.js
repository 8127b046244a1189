/**
 * Start: from before the process is started until the program has evaluated its last module.
 *
 * Cold means that the contender's own caches are empty, warm that a run before has ended and written them. The files
 * themselves are in the system's cache either way: a round that is dropped has read them.
 */
import { rmSync } from 'node:fs';
import path from 'node:path';
import { available, contenders, pathOf, starting } from '../contenders.js';
import { Failure, pause, Program } from '../program.js';
import { interleaved } from '../rounds.js';
import { ratio, summary } from '../statistics.js';

/** Where caches are, in the folder of an app. @type {Record<string, string>} */
const CACHES = { hot: 'node_modules/.cache/node-esm-hmr', command: 'node_modules/.cache/node-esm-hmr', compileCache: 'node_modules/.cache/node' };
/** The command starts what `hot` does: once is enough to see what it adds. @type {Record<string, string[]>} */
const STATES = { hot: ['cold', 'warm'], command: ['warm'], compileCache: ['cold', 'warm'] };
/** After which a start is given up, and how long one may take to be measured in each round, in milliseconds. */
const [LIMIT, SLOW] = [60_000, 3_000];

/**
 * @param {import('../options.js').Options} options
 * @param {string} folder of the app
 * @param {number} rounds
 * @param {Record<string, string>} leftOut turns that are not taken, with the reason
 */
export async function measureStart(options, folder, rounds, leftOut) {
  const turns = available(starting, options.peers).flatMap((id) => (CACHES[id] ? STATES[id].map((state) => `${id} ${state}`) : [id]));
  const course = new Course(options, folder, leftOut);
  const times = await interleaved(rounds, turns, (turn, round) => course.turn(turn, round));
  return Object.fromEntries(
    turns.map((turn) => {
      const taken = times[turn].filter((time) => time !== undefined);
      const failure = course.failures[turn];
      return [turn, failure ? { failure } : { ...summary(taken), ratio: ratio(times[turn], times.plain) }];
    }),
  );
}

class Course {
  /** Why a contender is not started any more. @type {Record<string, string>} */
  failures;
  #options;
  #folder;
  /** Contenders that are too slow for every round. @type {Set<string>} */
  #slow = new Set();
  /** The cache of this contender is of a run that has ended. @type {Set<string>} */
  #filled = new Set();

  /** @param {import('../options.js').Options} options @param {string} folder @param {Record<string, string>} leftOut */
  constructor(options, folder, leftOut) {
    this.failures = { ...leftOut };
    this.#options = options;
    this.#folder = folder;
  }

  /** @param {string} turn @param {number} round @returns {Promise<number | undefined>} */
  async turn(turn, round) {
    if (this.failures[turn] || (this.#slow.has(turn) && round > 0)) return undefined;
    const [id, state] = turn.split(' ');
    try {
      if (state === 'warm') await this.#fill(id);
      else if (state === 'cold') this.#empty(id);
      const time = await this.#start(id);
      if (time > SLOW) this.#slow.add(turn);
      return time;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      console.error(`${turn}: ${error.message}\n${error.printed}`);
      this.failures[turn] = error.message;
      return undefined;
    }
  }

  /** @param {string} id */
  async #start(id) {
    const program = this.#program(id);
    try {
      const { at } = await program.message(({ started }) => started !== undefined, LIMIT);
      return at - program.begun;
    } finally {
      await program.stop();
    }
  }

  /** Runs it once to its end, as a developer would, unless that has been done since the cache was emptied. @param {string} id */
  async #fill(id) {
    if (this.#filled.has(CACHES[id])) return;
    this.#empty(id);
    const program = this.#program(id);
    await program.message(({ started }) => started !== undefined, LIMIT);
    await pause(this.#options.counts.pauses.idle);
    await program.stop('SIGTERM');
    this.#filled.add(CACHES[id]);
  }

  /** @param {string} id */
  #empty(id) {
    rmSync(path.join(this.#folder, CACHES[id]), { recursive: true, force: true });
    this.#filled.delete(CACHES[id]);
  }

  /** @param {string} id */
  #program(id) {
    const { node } = this.#options;
    const cache = id === 'compileCache' ? { NODE_COMPILE_CACHE: path.join(this.#folder, CACHES[id]) } : {};
    const command = contenders[id].command('main.js', node);
    return new Program({ command, folder: this.#folder, env: { ...pathOf(node), ...cache } });
  }
}
