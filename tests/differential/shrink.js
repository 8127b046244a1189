// Makes a program that differs as small as possible: lines and files are left out while the same line differs.

import { differs, firstDifference, runBoth } from './compare.js';

/** @typedef {import('./compare.js').Outcome} Outcome */

/**
 * @param {Outcome} outcome that differs
 * @returns {Promise<Outcome>} a smaller one that differs in the same line
 */
export async function shrink(outcome) {
  let smallest = outcome;
  for (let share = 2; ; ) {
    const parts = partsOf(smallest.files);
    const size = Math.max(1, Math.ceil(parts.length / share));
    const smaller = await firstThatDiffers(smallest, without(smallest.files, parts, size));
    if (smaller) smallest = smaller;
    else if (size === 1) return smallest;
    else share *= 2;
  }
}

/** Each line of each file, and each file but the entry as a whole. */
function partsOf(files) {
  return Object.entries(files).flatMap(([name, text]) => {
    if (name === 'entry.mjs' || typeof text !== 'string') return [];
    const lines = text.split('\n').map((line, index) => ({ name, index, line })).filter(({ line }) => line);
    return name === 'm0.mjs' ? lines : [{ name, index: -1, line: '' }, ...lines];
  });
}

/** The files without each run of `size` parts. */
function without(files, parts, size) {
  const candidates = [];
  for (let start = 0; start < parts.length; start += size) candidates.push(omit(files, parts.slice(start, start + size)));
  return candidates;
}

function omit(files, parts) {
  const rest = {};
  for (const [name, text] of Object.entries(files)) {
    const omitted = parts.filter((part) => part.name === name).map(({ index }) => index);
    if (omitted.includes(-1)) continue;
    rest[name] = omitted.length > 0 ? text.split('\n').filter((_, index) => !omitted.includes(index)).join('\n') : text;
  }
  return rest;
}

async function firstThatDiffers(original, candidates) {
  const programs = candidates.map((files, index) => ({ name: `${index}`, files }));
  const expected = firstDifference(original);
  const isSameDifference = (outcome) => {
    const found = firstDifference(outcome);
    return found.plain === expected.plain && found.hot === expected.hot;
  };
  const outcomes = await runBoth(programs, { twice: true });
  const found = outcomes.find((outcome) => outcome.isUsable && differs(outcome) && isSameDifference(outcome));
  return found && { ...found, name: original.name };
}
