/**
 * What Node knows of source maps: `--enable-source-maps`, `findSourceMap()` and coverage read it. Node looks for maps in what it
 * compiles itself, so it gets an empty CommonJS module that has the name of the hot one and ends like it.
 */
import { Module, findSourceMap } from 'node:module';
import { isCovering, leavesOut } from './coverage.js';

/** Node holds a map as long as the module lives in which it has found it. @type {Map<string, Module>} */
const holders = new Map();

/** Maps of the versions that others are about to replace, by URL. @type {Map<string, object | undefined>} */
const before = new Map();

/** Node refuses to read it, and finds nothing from then on. */
const unreadable = 'none:';

/** Whether it is for the head of an uncaught error only that Node reads maps. */
let isForHead = false;

/** With source maps Node formats stacks itself. */
export function isReadByNode() {
  return !isForHead && Boolean(/** @type {any} */ (process).sourceMapsEnabled);
}

/** What Node prints above the stack of an uncaught error is a place in the running text, unless it reads maps. */
export function readForHead() {
  isForHead = true;
  process.setSourceMapsEnabled(true);
}

/** Whether stacks are formatted as if it did not. */
export function isReadForHead() {
  return isForHead;
}

/** @param {string} url */
export function mapOf(url) {
  try {
    return findSourceMap(url);
  } catch {
    return undefined; // Node 20 throws for some bad ones
  }
}

/** @param {string} json of a map */
export function dataUrl(json) {
  return `data:application/json;base64,${Buffer.from(json).toString('base64')}`;
}

/** Node reads a map. @param {string} url @param {string} mapUrl @param {string} [text] whose lines have the lengths of those in the file */
export function tellNode(url, mapUrl, text = '') {
  const content = withoutCode(text, mapUrl);
  leavesOut(url, content);
  // A URL as the name: it may have a query, and a place in the map is relative to it.
  const holder = /** @type {any} */ (new Module(url));
  holder._compile(content, url);
  holders.set(url, holder);
}

/**
 * A version is about to run. What stands at the end of its text counts, as far as Node looks for it.
 * @param {string} url
 * @param {string | undefined} mapUrl
 * @param {() => string} text with lines as long as those in the file
 */
export function tellMap(url, mapUrl, text) {
  if (!isReadByNode() && !isCovering) return;
  if (!before.has(url)) before.set(url, mapOf(url)?.payload);
  replaceMap(url, mapUrl, text);
}

/** @param {string} url @param {string | undefined} mapUrl @param {() => string} [text] */
export function replaceMap(url, mapUrl, text) {
  if (mapUrl !== undefined) tellNode(url, mapUrl, text?.());
  else if (mapOf(url)) tellNode(url, unreadable);
}

/** The version runs. @param {string} url */
export function keepMap(url) {
  before.delete(url);
}

/** Whether Node knows another map than before. @param {string} url */
export function hasOtherMap(url) {
  return before.has(url) && Boolean(before.get(url) ?? mapOf(url));
}

/** The version does not run. The map of the one before may no longer be where it was. @param {string} url */
export function restoreMap(url) {
  const payload = before.get(url);
  replaceMap(url, payload && dataUrl(JSON.stringify(payload)));
  before.delete(url);
}

/** Comments by which V8 finds a map and another name. */
const magic = /(\/\/[#@][ \t]source(?:Mapping)?URL=\S+)/;

/** Lines of the same lengths, since coverage tells these. @param {string} text @param {string} mapUrl */
function withoutCode(text, mapUrl) {
  // Such words may stand in a string, too.
  const isMeant = (/** @type {string} */ comment) => comment.includes('sourceURL=') || comment.endsWith(`sourceMappingURL=${mapUrl}`);
  const pieces = text.split(magic).map((piece, index) => (index % 2 === 1 && isMeant(piece) ? piece : blank(piece)));
  if (!pieces.some((piece) => piece.endsWith(`=${mapUrl}`))) pieces.push(`\n//# sourceMappingURL=${mapUrl}`);
  return pieces.join('');
}

/** @param {string} text */
function blank(text) {
  return text.replace(/[^\n\u2028\u2029]+/g, ({ length }) => ' '.repeat(length));
}
