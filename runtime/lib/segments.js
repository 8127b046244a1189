/**
 * Hot modules between modules that Node loads, in one evaluation by Node.
 *
 * Node is given a `data:` module that imports, in order, one `data:` module per segment: either
 * `import * as ns from 'file:///…/package/index.js'`, handing the namespace over, or a call that
 * runs hot modules. So Node links all of them before any is evaluated, and packages are evaluated
 * exactly between the hot modules they stand between. A segment never waits: modules of Node do
 * not depend on hot ones, and hot ones that have to wait are started by their evaluation.
 */
import { types } from 'node:util';
import { checkText, failedCheck } from './checks.js';
import { learnLinkFrames } from './errors.js';
import { dataUrl, withClause } from './module-text.js';
import { nativeImport } from './native-import.js';

/**
 * @typedef {object} HotSegment
 * @property {() => void} run
 */

/**
 * @typedef {object} NodeSegment
 * @property {string} url
 * @property {[string, string][]} attributes
 * @property {boolean} commonJs
 * @property {(namespace: any) => void} provide
 */

/**
 * Names that the hot modules after it take from modules of Node.
 * @typedef {object} CheckSegment
 * @property {import('./native.d.ts').Check[]} checks
 * @property {(check: import('./native.d.ts').Check) => unknown} absent the error if one is not there
 */

/** @typedef {HotSegment | NodeSegment | CheckSegment} Segment */

/** Segments of evaluations under way. @type {Map<number, Segment[]>} */
const registered = new Map();
let lastNumber = 0;

/** @param {Segment[]} segments @returns {number} */
export function registerSegments(segments) {
  lastNumber += 1;
  registered.set(lastNumber, segments);
  return lastNumber;
}

/**
 * Runs hot modules. Called by the synthetic modules only.
 * @param {number} number
 * @param {number} index
 */
export function run(number, index) {
  /** @type {HotSegment} */ (registered.get(number)?.[index]).run();
}

/**
 * Receives a namespace. Called by the synthetic modules only.
 * @param {number} number
 * @param {number} index
 * @param {object} namespace
 */
export function provide(number, index, namespace) {
  /** @type {NodeSegment} */ (registered.get(number)?.[index]).provide(namespace);
}

/**
 * Has Node evaluate the segments. An error is told in the job in which Node's `import()` is rejected.
 * @param {number} number
 * @param {(error: unknown) => void} fail
 */
export function importSegments(number, fail) {
  const segments = /** @type {Segment[]} */ (registered.get(number));
  const modules = segments.map((segment, index) => dataUrl(segmentText(segment, number, index)));
  const text = modules.map((url) => `import ${JSON.stringify(url)};`).join('\n');
  const importing = isAlone(segments) ? importAlone(/** @type {NodeSegment} */ (segments[0]), dataUrl(text)) : nativeImport(dataUrl(text));
  importing.then(
    () => void registered.delete(number),
    (error) => {
      registered.delete(number);
      fail(explain(error, segments));
    },
  );
}

/** CommonJS that throws is cached by Node with its error only for who imports it by `import()`. @param {Segment[]} segments */
function isAlone([segment, ...others]) {
  return others.length === 0 && 'url' in segment && segment.commonJs;
}

/** @param {NodeSegment} segment @param {string} url of the module that imports it */
async function importAlone(segment, url) {
  const namespace = await nativeImport(segment.url);
  // Something else if it exports a function `then`.
  if (types.isModuleNamespaceObject(namespace)) segment.provide(namespace);
  else await nativeImport(url);
}

/** @param {Segment} segment @param {number} number @param {number} index */
function segmentText(segment, number, index) {
  const own = JSON.stringify(import.meta.url);
  if ('run' in segment) {
    return `import{run}from${own};run(${number},${index});`;
  }
  if ('checks' in segment) return checkText(segment.checks);
  const from = `from${JSON.stringify(segment.url)}${withClause(segment.attributes)};`;
  return `import*as ns ${from}import{provide}from${own};provide(${number},${index},ns);`;
}

/**
 * Node's link errors name what the synthetic module asks for; the user wrote something else.
 * @param {unknown} error
 * @param {Segment[]} segments
 */
function explain(error, segments) {
  learnLinkFrames(error);
  for (const segment of segments) {
    const check = 'checks' in segment ? failedCheck(error, segment.checks) : undefined;
    if (check) return /** @type {CheckSegment} */ (segment).absent(check);
  }
  return error;
}
