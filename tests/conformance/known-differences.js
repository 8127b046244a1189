// What is known to differ from plain Node today, by the name of the test. Each entry fails its test as soon as the
// program runs as under plain Node, so remove it then.

/**
 * A reason, or reasons for some versions of Node only.
 * @type {Record<string, string | Record<number, string>>}
 */
const differences = {};

/** @param {string} name @param {number} major version of Node @returns {string | undefined} */
export function known(name, major) {
  const entry = differences[name];
  return typeof entry === 'object' ? entry[major] : entry;
}
