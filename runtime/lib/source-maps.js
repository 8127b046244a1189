/**
 * Modules whose text the engine has printed anew (enums, decorators, JSX): a source map says where it comes from. Debuggers
 * read it at the end of the text. Stacks are mapped by `positions.js`, or by Node with `--enable-source-maps`.
 */
import { Module, SourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';

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
  if (isReadByNode()) tellNode(url, json);
  else if (!isUsed) process.on('uncaughtExceptionMonitor', mapUncaught);
  isUsed = true;
}

/** Whether the text that runs was printed anew. @param {string} url */
export function isPrinted(url) {
  return maps.has(url);
}

/** With source maps Node formats stacks itself. */
export function isReadByNode() {
  return Boolean(/** @type {any} */ (process).sourceMapsEnabled);
}

/** The comment by which debuggers find a map. @param {string} json */
export function mapComment(json) {
  return `\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(json).toString('base64')}`;
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

/** What Node prints above the stack of an uncaught error is a place in the running text, unless it knows the map. */
function mapUncaught() {
  if (isReadByNode()) return;
  process.setSourceMapsEnabled(true);
  for (const [url, { json }] of maps) tellNode(url, json);
}

/** Node holds the maps of CommonJS modules as long as these live. @type {Map<string, Module>} */
const holders = new Map();

/** Node reads maps of what it compiles as CommonJS: an empty module with the file's name. @param {string} url @param {string} json */
function tellNode(url, json) {
  const file = fileURLToPath(url);
  const holder = /** @type {any} */ (new Module(file));
  holder.filename = file;
  holder._compile(mapComment(json), file);
  holders.set(url, holder);
}
