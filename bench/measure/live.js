/**
 * Save to live: from before the file is written until the module that accepts the change sees the new value.
 *
 * All contenders run at the same time, each with an app of its own, and all but one of them are idle. Each saves a few
 * times in each round.
 */
import { rmSync } from 'node:fs';
import { CHAIN, chainName, chainText, save, writeApp } from '../app.js';
import { appFolder, available, contenders, packages, pathOf, updating } from '../contenders.js';
import { clock, Failure, pause, Program } from '../program.js';
import { interleaved } from '../rounds.js';
import { median, ratio, summary } from '../statistics.js';

/** Milliseconds: for a start, for a save, and what makes one save a round enough. */
const [START_LIMIT, SAVE_LIMIT, SLOW] = [90_000, 8_000, 200];
/** Saves that may be missed before a contender is given up, and rounds that one takes part in whose saves are slow. */
const [MISSES, SLOW_ROUNDS] = [5, 4];
/** Places in the chain. */
const PLACES = { leaf: CHAIN, middle: Math.floor(CHAIN / 2), root: 0 };

/**
 * @param {import('../options.js').Options} options
 * @param {number} modules
 * @param {{ rounds: number, saves: number }} counts
 */
export async function measureLive(options, modules, counts) {
  const ids = available(updating, options.peers);
  /** @type {Record<string, Subject>} */
  const subjects = {};
  try {
    for (const id of ids) subjects[id] = await Subject.start(options, id, modules);
    const times = await interleaved(counts.rounds, ids, (id) => subjects[id].turn(counts.saves));
    const hot = times.hot.map((round) => round?.leaf);
    return Object.fromEntries(
      ids.map((id) => {
        const leaf = times[id].map((round) => round?.leaf);
        return [id, { ...subjects[id].result(), ratio: ratio(hot, leaf) }];
      }),
    );
  } finally {
    for (const id of Object.keys(subjects)) await subjects[id].stop();
  }
}

/** One contender with its app. */
class Subject {
  #program;
  #folder;
  /** What each module of the chain says. */
  #versions = Array.from({ length: CHAIN + 1 }, () => 0);
  #missed = 0;
  /** @type {string | undefined} */
  #failure;
  /** @type {Record<string, number[]>} */
  #times = { leaf: [], middle: [], root: [] };
  #turns = 0;

  /** @param {Program} program @param {string} folder */
  constructor(program, folder) {
    this.#program = program;
    this.#folder = folder;
  }

  /** @param {import('../options.js').Options} options @param {string} id @param {number} modules */
  static async start({ node, counts }, id, modules) {
    const folder = appFolder(`live-${id}`);
    writeApp(folder, modules, packages());
    const { command, entry = 'live.js' } = contenders[id];
    const program = new Program({ command: command(entry, node), folder, env: pathOf(node) });
    const subject = new Subject(program, folder);
    await subject.#attempt(async () => {
      await program.message(({ started }) => started !== undefined, START_LIMIT);
      await pause(counts.pauses.watching);
    });
    return subject;
  }

  /** Saves the leaf, and once each of the others. @param {number} saves @returns {Promise<{ leaf?: number } | undefined>} */
  async turn(saves) {
    const times = { leaf: /** @type {number[]} */ ([]), middle: /** @type {number[]} */ ([]), root: /** @type {number[]} */ ([]) };
    if (this.#times.leaf.some((time) => time > SLOW) && this.#turns > SLOW_ROUNDS) return undefined;
    for (const place of /** @type {const} */ (['leaf', 'middle', 'root'])) {
      for (let save = 0; save < (place === 'leaf' ? saves : Math.ceil(saves / 3)); save += 1) {
        if (this.#failure) return undefined;
        await this.#attempt(async () => {
          const time = await this.#save(PLACES[place]);
          if (time !== undefined) times[place].push(time);
        });
        if (times[place].some((time) => time > SLOW)) break;
      }
      // The first turn only warms up.
      if (this.#turns > 0 || saves === 1) this.#times[place].push(...times[place]);
    }
    this.#turns += 1;
    return { leaf: times.leaf.length > 0 ? median(times.leaf) : undefined };
  }

  /** @param {number} index of the chain @returns {Promise<number | undefined>} undefined if nothing came of it */
  async #save(index) {
    // People do not save in step with anybody's timers. chokidar drops what comes less than 50 ms after the last change.
    await pause(80 + Math.random() * 60);
    const version = (this.#versions[index] += 1);
    const from = this.#program.messages.length;
    const text = chainText(index, version);
    const begun = clock();
    save(this.#folder, chainName(index), text);
    try {
      const { at } = await this.#program.message(({ seen }) => seen?.[index] === version, SAVE_LIMIT, from);
      return at - begun;
    } catch (error) {
      this.#missed += 1;
      if (this.#missed >= MISSES || this.#program.ended) throw error;
      return undefined;
    }
  }

  /** @param {() => Promise<void>} action */
  async #attempt(action) {
    try {
      await action();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      console.error(`${this.#folder}: ${error.message}\n${error.printed}`);
      this.#failure = error.message;
      await this.#program.stop();
    }
  }

  result() {
    const places = Object.entries(this.#times).map(([place, times]) => [place, summary(times)]);
    return { ...Object.fromEntries(places), missed: this.#missed, failure: this.#failure };
  }

  async stop() {
    await this.#program.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
