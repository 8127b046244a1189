// Which of the random graphs of differential.test.js are known to differ from plain Node today, by reason: seeds, each alone
// or with the versions of Node for which it holds.

/** @type {Record<string, (number | [number, ...number[]])[]>} */
const differences = {
  'uninitialised bindings in a printed namespace of the own cycle': [23, 33, 98, 130, 159, 403, 490],
  'Node 26 prints a Proxy as such': [30, 76, 192, 194, 195, 200, 280, 363, 399, 411].map((seed) => [seed, 26]),
  'a namespace of the own cycle with names of a package': [52, 134, 179, 434, 466, 473],
  'columns behind a live read': [267, 301, 455, 483],
  'async frames where a package had to be loaded': [114, 151, 302],
  'variables of a module outside of the cycle that has not run': [171],
  'a package that throws beside a waiting module': [435],
  'turns of import() where a package has to be loaded': [10, 354, 463],
};

/** @param {number} seed @param {number} major version of Node @returns {boolean} */
export function known(seed, major) {
  return Object.values(differences)
    .flat()
    .some((entry) => (Array.isArray(entry) ? entry[0] === seed && entry.slice(1).includes(major) : entry === seed));
}
