/**
 * Modules whose text the engine has printed anew (enums, decorators, JSX): a source map says where it comes from. Debuggers
 * read it at the end of the text. Stacks are mapped by `positions.js`, or by Node with `--enable-source-maps`.
 */
import { SourceMap } from 'node:module';
import { dataUrl, isReadByNode, readForHead, tellNode } from './node-maps.js';

/** @typedef {{ json: string, decoded?: SourceMap }} Printed */

/** The maps of what has been compiled last, by URL. @type {Map<string, Printed>} */
const maps = new Map();

/** Whether any module has been printed anew. */
let isUsed = false;

/**
 * A text with this map is about to run, or one without.
 * @param {string} url
 * @param {string | undefined} json
 */
export function useMap(url, json) {
  if (json === undefined) {
    maps.delete(url);
    return;
  }
  maps.set(url, { json });
  if (!isUsed) process.on('uncaughtExceptionMonitor', mapUncaught);
  isUsed = true;
}

/** Whether the text that runs was printed anew. @param {string} url */
export function isPrinted(url) {
  return maps.has(url);
}

/** The comment by which debuggers find a map. @param {string} json */
export function mapComment(json) {
  return `\n//# sourceMappingURL=${dataUrl(json)}`;
}

/**
 * The place in the file of a place in the running text; both count from 1.
 * @param {string} url
 * @param {number} line
 * @param {number} column
 * @returns {{line: number, column: number} | undefined}
 */
export function originOf(url, line, column) {
  const map = maps.get(url);
  if (!map) return undefined;
  map.decoded ??= new SourceMap(JSON.parse(map.json));
  const entry = map.decoded.findEntry(line - 1, column - 1);
  if (!('originalLine' in entry)) return undefined;
  return { line: entry.originalLine + 1, column: entry.originalColumn + 1 };
}

/** Where the head of an uncaught error is, if Node does not know by itself. */
function mapUncaught() {
  if (isReadByNode()) return;
  readForHead();
  for (const [url, { json }] of maps) tellNode(url, dataUrl(json));
}
