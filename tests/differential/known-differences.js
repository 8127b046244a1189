// Which of the random graphs of differential.test.js are known to differ from plain Node today, by reason: seeds, each alone
// or with the versions of Node for which it holds.

/** @type {Record<string, Record<string, (number | [number, ...number[]])[]>>} by the name of the set of graphs */
const differences = {
  'of all kinds': {
    'Node 20: a timer of one millisecond races the disk, in plain Node too': [250, 334, 354, 382].map((seed) => [seed, 20]),
  },
  'with require() of ES modules': {
    'a namespace that was seen before its module had run is another one for modules that Node loads': [83],
  },
  'with packages that import hot modules': {
    'Node 22 tells more about a name that CommonJS does not have, which a package leads to': [[156, 22]],
  },
};

/** @param {string} set @param {number} seed @param {number} major version of Node @returns {boolean} */
export function known(set, seed, major) {
  return Object.values(differences[set] ?? {})
    .flat()
    .some((entry) => (Array.isArray(entry) ? entry[0] === seed && entry.slice(1).includes(major) : entry === seed));
}
