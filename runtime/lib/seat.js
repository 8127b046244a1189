/**
 * Where modules that the runtime lets Node load find what they call: under one name on an intrinsic that has no global
 * name, since a program may replace `process` and every other global. An import would be one more level for Node to load,
 * and take turns that a program can count.
 */
const name = `node-esm-hmr ${import.meta.url}`;

/** @type {Record<string, Function> | undefined} */
let seated;

const intrinsic = (async function* () {}).constructor;
/** `--frozen-intrinsics` leaves the global object. */
const [place, placeText] = Object.isExtensible(intrinsic) ? [intrinsic, '(async function*(){}).constructor'] : [globalThis, 'globalThis'];

/** @param {Record<string, Function>} functions by the names by which modules call them */
export function seat(functions) {
  if (!seated) Object.defineProperty(place, name, { value: (seated = Object.create(null)) });
  Object.assign(/** @type {object} */ (seated), functions);
}

/** The text of what stands for a function. @param {string} called */
export function seatOf(called) {
  return `${placeText}[${JSON.stringify(name)}].${called}`;
}
