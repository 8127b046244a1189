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
 * @returns {Promise<{different: Outcome[], unusable: Outcome[]}>} named by their seeds
 */
export async function differences(first, count, report = () => {}) {
  /** @type {{different: Outcome[], unusable: Outcome[]}} */
  const found = { different: [], unusable: [] };
  for (let done = 0; done < count; done += batch) {
    const size = Math.min(batch, count - done);
    const graphs = Array.from({ length: size }, (_, index) => generate(first + done + index));
    const outcomes = await runBoth(graphs.map(({ seed, files }) => ({ name: `${seed}`, files })), { twice: true });
    found.unusable.push(...outcomes.filter(({ isUsable }) => !isUsable));
    found.different.push(...outcomes.filter((outcome) => outcome.isUsable && differs(outcome)));
    report(done + size, found);
  }
  return found;
}

/**
 * On a busy machine a timer may overtake the disk once: what differs, differs again when it runs alone.
 * @param {Outcome[]} outcomes that differed
 * @returns {Promise<{stay: Outcome[], once: Outcome[]}>}
 */
export async function compareAgain(outcomes) {
  /** @type {{stay: Outcome[], once: Outcome[]}} */
  const found = { stay: [], once: [] };
  for (const outcome of outcomes) {
    const { different } = await differences(Number(outcome.name), 1);
    if (different.length > 0) found.stay.push(...different);
    else found.once.push(outcome);
  }
  return found;
}

/** What differs, without the names of this graph. @param {Outcome} outcome */
export function kindOf(outcome) {
  const { plain, hot } = firstDifference(outcome);
  const general = (line) => line.split('\n')[0].replace(/\b[a-z]+_?[a-z]*\d+(_\d+)?\b/g, 'name').replace(/\d+/g, '#').slice(0, 110);
  return `plain: ${general(plain)}   hot: ${general(hot)}`;
}
