/**
 * Hot modules between modules that Node loads, in one evaluation by Node.
 *
 * Node is given a `data:` module that imports, in order, one `data:` module per segment: either
 * `import * as ns from 'file:///…/package/index.js'`, handing the namespace over, or a call that
 * runs hot modules. So Node links all of them before any is evaluated, and packages are evaluated
 * exactly between the hot modules they stand between. A segment never waits: modules of Node do
 * not depend on hot ones, and hot ones that have to wait are started by their evaluation.
 */

/**
 * @typedef {object} HotSegment
 * @property {() => void} run
 */

/**
 * @typedef {object} NodeSegment
 * @property {string} url
 * @property {[string, string][]} attributes
 * @property {{name: string, specifier: string, importer: string}[]} names names it must export
 * @property {(namespace: any) => void} provide
 * @property {(error: Error, name: string) => void} blame tells which import a link error is about
 */

/** @typedef {HotSegment | NodeSegment} Segment */

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

/** @param {number} number @returns {Promise<void>} */
export async function importSegments(number) {
  const segments = /** @type {Segment[]} */ (registered.get(number));
  const [first] = segments;
  if (segments.length === 1 && 'url' in first && first.names.length === 0) {
    registered.delete(number);
    // As `import()` of it in plain Node, which fails again for CommonJS that has thrown before.
    first.provide(await import(first.url, { with: Object.fromEntries(first.attributes) }));
    return;
  }
  const modules = segments.map((segment, index) => dataUrl(segmentText(segment, number, index)));
  const text = modules.map((url) => `import ${JSON.stringify(url)};`).join('\n');
  try {
    await import(dataUrl(text));
  } catch (error) {
    throw nameSpecifiers(error, segments);
  } finally {
    registered.delete(number);
  }
}

/** @param {Segment} segment @param {number} number @param {number} index */
function segmentText(segment, number, index) {
  const own = JSON.stringify(import.meta.url);
  if ('run' in segment) {
    return `import{run}from${own};run(${number},${index});`;
  }
  const from = `from${JSON.stringify(segment.url)}${withClause(segment.attributes)};`;
  const names = segment.names.map(({ name }, slot) => `${JSON.stringify(name)} as $${slot}`);
  const check = names.length > 0 ? `import{${names.join(',')}}${from}` : '';
  return `import*as ns ${from}${check}import{provide}from${own};provide(${number},${index},ns);`;
}

/** @param {[string, string][]} attributes */
function withClause(attributes) {
  if (attributes.length === 0) return '';
  const entries = attributes.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
  return `with{${entries.join(',')}}`;
}

/** @param {string} text */
function dataUrl(text) {
  return `data:text/javascript,${encodeURIComponent(text)}`;
}

/**
 * Node's link errors name what the synthetic module asks for; the user wrote something else.
 * @param {unknown} error
 * @param {Segment[]} segments
 */
function nameSpecifiers(error, segments) {
  if (!(error instanceof SyntaxError)) return error;
  for (const segment of segments) {
    if (!('names' in segment)) continue;
    const asked = segment.names.find(({ name }) => error.message.includes(`'${name}'`));
    if (!asked || !error.message.includes(segment.url)) continue;
    error.message = error.message.replaceAll(segment.url, asked.specifier);
    error.stack = `${asked.importer}\n${error.name}: ${error.message}`;
    segment.blame(error, asked.name);
    break;
  }
  return error;
}
