// Which of the random graphs of differential.test.js are known to differ from plain Node today, by reason: seeds, each alone
// or with the versions of Node for which it holds.

/** @type {Record<string, (number | [number, ...number[]])[]>} */
const differences = {
  'Node 20: a namespace with CommonJS that a cycle passes on by `export * as` is there later': [[443, 20]],
  'Node 20: a timer of one millisecond races the disk, in plain Node too': [250, 334, 354, 382].map((seed) => [seed, 20]),
};

/** @param {number} seed @param {number} major version of Node @returns {boolean} */
export function known(seed, major) {
  return Object.values(differences)
    .flat()
    .some((entry) => (Array.isArray(entry) ? entry[0] === seed && entry.slice(1).includes(major) : entry === seed));
}
