/**
 * How long `import()` of the running Node takes, counted in microtask turns: an `import()` of hot
 * code settles as many turns after its call, or after the end of an evaluation, as Node's would.
 * The counts differ between versions, so they are measured once.
 */

/**
 * @typedef {object} ImportTiming
 * @property {number} cached from the call to the settlement, of a module that has been evaluated
 * @property {number} evaluated from the end of an evaluation to the settlement
 * @property {number} unlinkable from the call to the rejection, of a module that did not link before
 * @property {number} unparsable the same, of a module that did not parse before
 * @property {number[] | undefined} levels from the call to the evaluation of a module that is not loaded yet, by
 *   the depth of its graph; nothing if Node leaves the turn to read files
 * @property {number} loadedLevel what one more level takes that is loaded
 */

/** Depths that are measured; each further one takes as long as the last. */
const measuredLevels = 4;

/** More turns than any `import()` takes that does not wait for the disk. */
const manyTurns = 60;

/** Under this name a measured module, which can import nothing, finds what it calls. */
const markName = 'node-esm-hmr.mark';
let lastModule = 0;

/** @type {Promise<ImportTiming> | undefined} */
let measured;

/** @returns {Promise<ImportTiming>} */
export function importTiming() {
  measured ??= measure();
  return measured;
}

/** @returns {Promise<ImportTiming>} */
async function measure() {
  const [empty, unlinkable, unparsable] = ['', `import{x}from${JSON.stringify(dataUrl(''))}`, 'let let'].map(dataUrl);
  await Promise.allSettled([import(empty), import(unlinkable), import(unparsable)]);
  const levels = [];
  for (let depth = 1; depth <= measuredLevels; depth += 1) levels.push(await untilEvaluation(depth));
  const loadedLevels = await untilEvaluation(3, true);
  const fromDisk = await turnsUntil(import(`${new URL('files.js?unloaded', import.meta.url)}`));
  return {
    evaluated: await afterEvaluation(),
    cached: await turnsUntil(import(empty)),
    unlinkable: await turnsUntil(import(unlinkable)),
    unparsable: await turnsUntil(import(unparsable)),
    levels: fromDisk < manyTurns ? levels : undefined,
    loadedLevel: loadedLevels - levels[1],
  };
}

/** @returns {Promise<number>} */
function afterEvaluation() {
  return new Promise((resolve) => {
    const imported = import(markingModule(() => resolve(turnsUntil(imported))));
  });
}

/**
 * @param {number} depth
 * @param {boolean} [isLoaded] all but the first module have been loaded before
 * @returns {Promise<number>}
 */
async function untilEvaluation(depth, isLoaded = false) {
  let below = '';
  for (let level = 1; level < depth; level += 1) below = `import${JSON.stringify(uniqueModule(below))};`;
  if (isLoaded) await import(uniqueModule(below));
  let turns = 0;
  let turn = manyTurns;
  const importing = import(
    markingModule(() => {
      turn = turns;
    }, below)
  );
  for (; turn === manyTurns && turns < manyTurns; turns += 1) await undefined;
  await importing;
  return turn;
}

/** @param {string} text @returns {string} URL of a module that has not been loaded yet */
function uniqueModule(text) {
  lastModule += 1;
  return dataUrl(`${text}//${lastModule}`);
}

/** @param {() => void} onEvaluation @param {string} [below] what it imports */
function markingModule(onEvaluation, below = '') {
  const name = Symbol.for(markName);
  Object.defineProperty(globalThis, name, { configurable: true, value: onEvaluation });
  return uniqueModule(`${below}globalThis[Symbol.for('${markName}')]();delete globalThis[Symbol.for('${markName}')];`);
}

/** @param {Promise<unknown>} promise @returns {Promise<number>} */
async function turnsUntil(promise) {
  let isSettled = false;
  const settle = () => {
    isSettled = true;
  };
  promise.then(settle, settle);
  let turns = 0;
  for (; !isSettled && turns < manyTurns; turns += 1) await undefined;
  return turns;
}

/** @param {string} text */
function dataUrl(text) {
  return `data:text/javascript,${encodeURIComponent(text)}`;
}
