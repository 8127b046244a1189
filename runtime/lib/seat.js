/**
 * Where modules that the runtime lets Node load find what they call: under one name on `process`. An import would be one
 * more level for Node to load, and take turns that a program can count.
 */
const name = `node-esm-hmr ${import.meta.url}`;

/** @type {Record<string, Function> | undefined} */
let seated;

/** @param {Record<string, Function>} functions by the names by which modules call them */
export function seat(functions) {
  if (!seated) Object.defineProperty(process, Symbol.for(name), { value: (seated = Object.create(null)) });
  Object.assign(/** @type {object} */ (seated), functions);
}

/** The text of what stands for a function. @param {string} called */
export function seatOf(called) {
  return `process[Symbol.for(${JSON.stringify(name)})].${called}`;
}
