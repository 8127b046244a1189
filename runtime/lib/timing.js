/**
 * How long `import()` of the running Node takes, counted in microtask turns: an `import()` of hot
 * code settles as many turns after its call, or after the end of an evaluation, as Node's would.
 * The counts differ between versions, so they are measured once.
 */
import { learnLinkFrames } from './errors.js';
import { comeFirst } from './loader-hooks.js';
import { dataUrl as ownUrl } from './module-text.js';
import { nativeImport } from './native-import.js';
import { seat, seatOf } from './seat.js';

/**
 * @typedef {object} ImportTiming
 * @property {number} cached from the call to the settlement, of a module that has been evaluated
 * @property {number} evaluated from the end of an evaluation to the settlement
 * @property {number} unlinkable from the call to the rejection, of a module that did not link before
 * @property {number} unparsable the same, of a module that did not parse before
 * @property {number[] | undefined} levels from the call to the evaluation of a module that is not loaded yet, by
 *   the depth of its graph; nothing if Node leaves the turn to read files
 * @property {number} loadedLevel what one more level takes that is loaded
 * @property {boolean} isDepthFirst the depth is that of a depth-first search, not of shortest paths
 */

/** Depths that are measured; each further one takes as long as the last. */
const measuredLevels = 4;

/** More turns than any `import()` takes that does not wait for the disk. */
const manyTurns = 60;

/** Under this name a measured module, which can import nothing, finds what it calls. */
const markName = 'node-esm-hmr.mark';
let lastModule = 0;

/** @type {Promise<ImportTiming> | undefined} */
let measuring;
/** @type {ImportTiming | undefined} */
let measured;

/** @returns {Promise<ImportTiming>} */
export function importTiming() {
  measuring ??= measure().then((timing) => (measured = timing));
  return measuring;
}

/** What goes on, if it has begun. */
export function measurement() {
  return measuring;
}

/** The same if it is known. */
export function measuredTiming() {
  return measured;
}

/** What is measured goes through the hooks of a program, as its modules do. @param {string} text */
let dataUrl = (text) => `data:text/javascript,${encodeURIComponent(text)}`;

/** Hooks may take no such URL. */
async function askHooks() {
  try {
    await nativeImport(dataUrl(''));
  } catch {
    comeFirst();
    dataUrl = ownUrl;
  }
}

/** Of a module that waits until the running Node has been measured, which begins now. */
export function measuringUrl() {
  seat({ measured: importTiming });
  void importTiming();
  return ownUrl(`await ${seatOf('measured')}();`);
}

/** @returns {Promise<ImportTiming>} */
async function measure() {
  await askHooks();
  const [empty, unlinkable, unparsable] = ['', `import{x}from${JSON.stringify(dataUrl(''))}`, 'let let'].map(dataUrl);
  await Promise.allSettled([nativeImport(empty), nativeImport(unlinkable).catch(learnLinkFrames), nativeImport(unparsable)]);
  await measureRejections();
  const levels = [];
  for (let depth = 1; depth <= measuredLevels; depth += 1) levels.push(await untilEvaluation(chain(depth - 1)));
  const leaf = `import${JSON.stringify(uniqueModule(''))};`;
  const branch = `import${JSON.stringify(uniqueModule(leaf))};`;
  await nativeImport(uniqueModule(branch));
  const [deep, forked] = [await untilEvaluation(branch), await untilEvaluation(branch + leaf)];
  const fromDisk = await turnsUntil(nativeImport(`${new URL('boot.js?unloaded', import.meta.url)}`));
  return {
    evaluated: await afterEvaluation(),
    cached: await turnsUntil(nativeImport(empty)),
    unlinkable: await turnsUntil(nativeImport(unlinkable)),
    unparsable: await turnsUntil(nativeImport(unparsable)),
    levels: fromDisk < manyTurns ? levels : undefined,
    loadedLevel: deep - levels[1],
    isDepthFirst: forked === deep,
  };
}

/** Which of two rejections of one error comes first: V8 has changed it. */
let importersFirst = true;

/** Whether importers of an asynchronous module that has failed are rejected before it is. */
export function rejectsImportersFirst() {
  return importersFirst;
}

async function measureRejections() {
  /** @type {boolean[]} */
  const order = [];
  const failing = uniqueModule(`for(let i=${manyTurns};i--;)await 0;throw 0;`);
  const importing = uniqueModule(`import${JSON.stringify(failing)}`);
  const note = (/** @type {boolean} */ isImporter) => () => order.push(isImporter);
  await Promise.all([nativeImport(importing).catch(note(true)), nativeImport(failing).catch(note(false))]);
  importersFirst = order[0];
}

/** @returns {Promise<number>} */
function afterEvaluation() {
  return new Promise((resolve) => {
    const imported = nativeImport(markingModule(() => resolve(turnsUntil(imported))));
  });
}

/** @param {number} length @returns {string} imports a chain of modules that have not been loaded yet */
function chain(length) {
  let text = '';
  for (let left = length; left > 0; left -= 1) text = `import${JSON.stringify(uniqueModule(text))};`;
  return text;
}

/** @param {string} below what the module imports @returns {Promise<number>} */
async function untilEvaluation(below) {
  let turns = 0;
  let turn = manyTurns;
  const importing = nativeImport(
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
