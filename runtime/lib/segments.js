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
import { checkText, failedCheck, isConflict } from './checks.js';
import { learnLinkFrames } from './errors.js';
import { dataUrl, withClause } from './module-text.js';
import { importOwn } from './loader-hooks.js';
import { seat, seatOf } from './seat.js';
import { driving, ownFrame } from './starting.js';

/**
 * @typedef {object} HotSegment
 * @property {() => import('./starting.js').Starting} run
 */


/**
 * @typedef {object} NodeSegment
 * @property {string} url
 * @property {[string, string][]} attributes
 * @property {boolean} commonJs
 * @property {string[]} [below] what it imports in its turn: nearer to the program's own module, as in plain Node
 * @property {(namespace: any) => void} provide
 */

/**
 * Names that the hot modules after it take from modules of Node.
 * @typedef {object} CheckSegment
 * @property {import('./native.d.ts').Check[]} checks
 * @property {(check: import('./native.d.ts').Check, isConflict?: boolean) => unknown} absent the error if one is not there
 */

/** @typedef {HotSegment | NodeSegment | CheckSegment} Segment */

/** Segments of evaluations under way. @type {Map<number, Segment[]>} */
const registered = new Map();
let lastNumber = 0;

/** @param {Segment[]} segments of a new evaluation @returns {number} */
function register(segments) {
  if (lastNumber === 0) seat({ run, provide });
  lastNumber += 1;
  registered.set(lastNumber, segments);
  return lastNumber;
}

/**
 * What runs hot modules. Called by the synthetic modules only.
 * @param {number} number
 * @param {number} index
 */
function run(number, index) {
  return /** @type {HotSegment} */ (registered.get(number)?.[index]).run();
}

/**
 * Receives a namespace. Called by the synthetic modules only.
 * @param {number} number
 * @param {number} index
 * @param {object} namespace
 */
function provide(number, index, namespace) {
  /** @type {NodeSegment} */ (registered.get(number)?.[index]).provide(namespace);
}

/**
 * Has Node evaluate the segments. An error is told in the job in which Node's `import()` is rejected.
 * @param {Segment[]} segments
 * @param {(error: unknown) => void} fail
 * @param {(value: undefined) => void} [waiter] a promise's own `resolve`, which is not called: V8 looks for who waits for Node's
 *   `import()` in the reactions of promises, and finds those of this one. The stack of an error names them.
 */
export function importSegments(segments, fail, waiter) {
  const number = register(segments);
  const urls = segments.map((segment, index) => dataUrl(segmentText(segment, number, index)));
  // Modules of Node are asked for here, too: on this level Node meets them after as few turns as in a program.
  const asked = (/** @type {Segment} */ segment) => ('url' in segment ? askedText(segment) : '');
  const lines = segments.map((segment, index) => `${asked(segment)}import ${JSON.stringify(urls[index])};`);
  const text = lines.join('\n');
  const importing = isAlone(segments) ? importAlone(/** @type {NodeSegment} */ (segments[0]), dataUrl(text)) : importOwn(dataUrl(text));
  const never = new Promise(() => {});
  const told = importing.then(
    () => {
      registered.delete(number);
      return never;
    },
    (error) => {
      registered.delete(number);
      fail(explain(error, segments));
      return never;
    },
  );
  told.then(waiter);
}

/** @param {NodeSegment} segment */
function askedText({ url, attributes, below = [] }) {
  return [...below.map((each) => `import ${JSON.stringify(each)};`), `import ${JSON.stringify(url)}${withClause(attributes)};`].join('');
}

/** CommonJS that throws is cached by Node with its error only for who imports it by `import()`. @param {Segment[]} segments */
function isAlone([segment, ...others]) {
  return others.length === 0 && 'url' in segment && segment.commonJs;
}

/** @param {NodeSegment} segment @param {string} url of the module that imports it */
async function importAlone(segment, url) {
  const namespace = await importOwn(segment.url);
  // Something else if it exports a function `then`.
  if (types.isModuleNamespaceObject(namespace)) segment.provide(namespace);
  else await importOwn(url);
}

/** @param {Segment} segment @param {number} number @param {number} index */
function segmentText(segment, number, index) {
  if ('run' in segment) return `const s=${seatOf('run')}(${number},${index});${driving}`;
  if ('checks' in segment) return checkText(segment.checks);
  const from = `from${JSON.stringify(segment.url)}${withClause(segment.attributes)};`;
  return `import*as ns ${from}${seatOf('provide')}(${number},${index},ns);\n${ownFrame}`;
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
    if (check) return /** @type {CheckSegment} */ (segment).absent(check, isConflict(error));
  }
  return error;
}
