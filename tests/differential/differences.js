// Generates graphs and finds those that run differently as hot code.

import { differs, firstDifference, runBoth } from './compare.js';
import { generate } from './generate.js';

/** @typedef {import('./compare.js').Outcome} Outcome */

/** So many graphs share a process. */
const batch = 100;

/**
 * @param {number} first seed
 * @param {number} count
 * @param {(done: number, found: {different: Outcome[], unusable: Outcome[]}) => void} [report] is called after each batch
 * @param {Parameters<typeof generate>[1]} [features]
 * @returns {Promise<{different: Outcome[], unusable: Outcome[]}>} named by their seeds
 */
export async function differences(first, count, report = () => {}, features = {}) {
  /** @type {{different: Outcome[], unusable: Outcome[]}} */
  const found = { different: [], unusable: [] };
  for (let done = 0; done < count; done += batch) {
    const size = Math.min(batch, count - done);
    const graphs = Array.from({ length: size }, (_, index) => generate(first + done + index, features));
    const outcomes = await runBoth(graphs.map(({ seed, files }) => ({ name: `${seed}`, files })), { twice: true });
    found.unusable.push(...outcomes.filter(({ isUsable }) => !isUsable));
    found.different.push(...outcomes.filter((outcome) => outcome.isUsable && differs(outcome)));
    report(done + size, found);
  }
  return found;
}

/** What waits for timers of a millisecond waits long enough for both. */
const slow = 10;
/** A race that plain Node runs with itself shows another end within so many runs. */
const manyRuns = 10;

/**
 * On a busy machine a timer may overtake the disk: what differs, differs again when it runs alone and when timers have time, and
 * if plain Node logs now this and now that, it is none of these.
 * @param {Outcome[]} outcomes that differed
 * @param {Parameters<typeof generate>[1]} [features]
 * @param {number} [runs]
 * @returns {Promise<{stay: Outcome[], once: Outcome[], races: Outcome[]}>} `races` are those that differ by a timer only
 */
export async function compareAgain(outcomes, features = {}, runs = manyRuns) {
  /** @type {{stay: Outcome[], once: Outcome[], races: Outcome[]}} */
  const found = { stay: [], once: [], races: [] };
  for (const outcome of outcomes) {
    const kind = await kindOfAgain(outcome, runs);
    const isRace = async () => (await differences(Number(outcome.name), 1, undefined, { ...features, pace: slow })).different.length === 0;
    if (kind !== 'stay') found[kind].push(outcome);
    else found[(await isRace()) ? 'races' : 'stay'].push(outcome);
  }
  return found;
}

/** @param {Outcome} outcome @param {number} runs @returns {Promise<'stay' | 'once' | 'races'>} `stay` if it is neither a race of plain Node nor over */
async function kindOfAgain({ name, files }, runs) {
  const [plain, hot] = [new Set(), new Set()];
  for (let run = 0; run < runs; run += 1) {
    const [again] = await runBoth([{ name, files }]);
    plain.add(JSON.stringify(again.plain));
    hot.add(JSON.stringify(again.hot));
    const isRace = plain.size > 1;
    // Where plain Node always logs the same, hot code has one more try.
    if ([...hot].some((lines) => plain.has(lines)) && (isRace || run === 0)) return isRace ? 'races' : 'once';
  }
  return 'stay';
}

/** What differs, without the names of this graph. @param {Outcome} outcome */
export function kindOf(outcome) {
  const { plain, hot } = firstDifference(outcome);
  const general = (line) => line.split('\n')[0].replace(/\b[a-z]+_?[a-z]*\d+(_\d+)?\b/g, 'name').replace(/\d+/g, '#').slice(0, 110);
  return `plain: ${general(plain)}   hot: ${general(hot)}`;
}
