/**
 * Stack traces of modules whose running text has other lines or columns than the file: it has moved under them, since a save
 * that changes no code evaluates nothing, or the text was printed anew, or code stands behind a live read, or code is made
 * from strings. From the first such module on, places in `error.stack` are those in the file.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dataUrl, hasOtherMap, isReadByNode, isReadForHead, keepMap, mapOf, replaceMap, restoreMap, tellMap } from './node-maps.js';
import { isPrinted, originOf, useMap } from './source-maps.js';

/** From a place on, lines and columns to add; the columns on this line only. @typedef {[number, number, number, number]} Segment */

/** What has moved, by URL. @type {Map<string, Segment[]>} */
const moved = new Map();

/** What runs of a module. @typedef {{id: number, url: string, map?: string, otherPlaces?: boolean}} Running */

/** Texts with columns that the file does not have, by URL. @type {Map<string, {id: number, text: string, columns?: Column[]}>} */
const shifted = new Map();

/** From a place in a running text on, the place in the file: counts as the engine does. @typedef {ReturnType<import('./native.d.ts').Session['columns']>[number]} Column */

/** @type {(id: number, text: string) => Column[]} */
let columnsOf = () => [];

/** @param {(id: number, text: string) => Column[]} tell says where a running text has other columns */
export function askForColumns(tell) {
  columnsOf = tell;
}

let isInstalled = false;

/** A text is about to run. @param {Running} running @param {string} text */
export function print({ id, url, map, otherPlaces }, text) {
  useMap(url, map);
  if (otherPlaces) shifted.set(url, { id, text });
  else shifted.delete(url);
  if (otherPlaces || (map !== undefined && !isReadByNode())) install();
}

/** The text is compiled: V8 has found a map at its end, or none. @param {Running} running @param {string} text @param {string} [mapUrl] */
export function compiled({ url, map }, text, mapUrl) {
  tellMap(url, mapUrl, () => (map === undefined ? textInFile(url) : `${text}\n`));
  if (mapUrl === undefined || map !== undefined || !isReadByNode()) return;
  install();
  watchHeads();
}

/** Coverage tells the lengths of its lines, of which some are longer in the text that runs. @param {string} url */
function textInFile(url) {
  try {
    return readFileSync(fileURLToPath(url), 'utf8').replace(/^\uFEFF/, '');
  } catch {
    return ''; // the file is gone
  }
}

/**
 * What was about to run does not: the versions that stay have maps of their own, but the error's stack is still to be written.
 * @param {{id: number, url: string}[]} modules
 * @param {Map<number, import('./instance.js').Instance & Partial<Running> & {text?: string, definition?: object}>} current instances by id
 * @param {unknown} error
 */
export function printAgain(modules, current, error) {
  const stay = modules.filter((definition) => {
    const { id, url } = definition;
    const instance = current.get(id);
    // What has run for the first time stays, too, but nothing stands in its place.
    if (!instance || instance.definition === definition) return false;
    return isPrinted(url) || shifted.has(url) || hasOtherMap(url) || instance.map !== undefined || instance.otherPlaces;
  });
  // Once a stack is written, Node no longer shows the place of an error that ends the program.
  if (stay.length > 0) void (/** @type {any} */ (error)?.stack);
  for (const { id, url } of stay) {
    print({ ...current.get(id), id, url }, current.get(id)?.text ?? '');
    if (hasOtherMap(url)) restoreMap(url);
  }
  for (const { url } of modules) keepMap(url);
}

/**
 * @param {string} url
 * @param {Segment[]} segments from the running text to the file; none if they agree
 * @param {string} [map] if the text was printed anew
 * @param {string} [ownMap] the URL of another one that the file names
 */
export function move(url, segments, map, ownMap) {
  if (map !== undefined) useMap(url, map);
  if (isReadByNode()) readMoved(url, map === undefined ? ownMap : dataUrl(map));
  if (segments.length === 0) moved.delete(url);
  else moved.set(url, segments);
  if (moved.size > 0) install();
}

/** @param {string} url @param {string | undefined} mapUrl */
function readMoved(url, mapUrl) {
  try {
    replaceMap(url, mapUrl);
  } catch {
    // Node 20 refuses to load a module that ends with what is no URL; this one runs.
  }
}

/** How the running text of a module has moved. @param {string} url @returns {Segment[] | undefined} */
export function movedBy(url) {
  return moved.get(url);
}

/** Another version runs, whose text is the file's. @param {string} url */
export function settle(url) {
  if (moved.size > 0) moved.delete(url);
  keepMap(url);
}

function install() {
  if (isInstalled) return;
  isInstalled = true;
  const previous = Error.prepareStackTrace;
  const prepare = (/** @type {Error} */ error, /** @type {NodeJS.CallSite[]} */ sites) => {
    const isOfNode = previous?.name === 'ErrorPrepareStackTrace';
    if (typeof previous !== 'function' || (isOfNode && isReadForHead())) return format(error, sites);
    return previous(error, sites.map(isOfNode && isReadByNode() ? siteToMap : movedSite));
  };
  Object.defineProperty(prepare, 'name', { value: previous?.name ?? 'prepareStackTrace' });
  // A program that has frozen its intrinsics gets the places in the running text.
  if (!Object.isFrozen(Error)) Error.prepareStackTrace = prepare;
}

/** As Node does without source maps. @param {any} error @param {NodeJS.CallSite[]} sites */
function format(error, sites) {
  const lines = sites.map((site) => `\n    at ${inFile(`${site}`, site)}`);
  return `${headOf(error)}${lines.join('')}`;
}

/** @param {any} error */
function headOf(error) {
  // Node's own errors show their code.
  if (isOfNode(error) && error.code) return `${error.name} [${error.code}]: ${error.message}`;
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return '<error>';
  }
}

/** @param {any} error */
function isOfNode(error) {
  for (let object = error; object; object = Object.getPrototypeOf(object)) {
    if (Object.getOwnPropertySymbols(object).some(({ description }) => description === 'kIsNodeError')) return true;
  }
  return false;
}

/** A frame with its place in the file. @param {string} frame @param {NodeJS.CallSite} site */
function inFile(frame, site) {
  const [url, line, column] = [site.getFileName(), site.getLineNumber(), site.getColumnNumber()];
  const place = url && placeIn(url, line, column);
  if (place) return frame.replace(line === null ? `${url}` : `${url}:${line}:${column}`, () => `${url}:${place.line}:${place.column}`);
  return site.isEval() ? frame.replace(evalOrigin, originInFile) : frame;
}

/** Where code that is made from a string was made. */
const evalOrigin = /(?<=\(|, )(file:[^()]+?):(\d+):(\d+)(?=\))/;

/** V8 counts the wrapper's line there. @param {string} whole @param {string} url @param {string} line @param {string} column */
function originInFile(whole, url, line, column) {
  const place = shifted.has(url) ? placeIn(url, Number(line) - 1, Number(column)) : undefined;
  return place ? `${url}:${place.line}:${place.column}` : whole;
}

/** Where a place in the running text of a module is in the file, if it is elsewhere. @param {string} url @param {number | null} line @param {number | null} column */
function placeIn(url, line, column) {
  // V8 tells no place of what it does before the first statement; in a module that is its beginning.
  if (line === null || column === null) return shifted.has(url) ? { line: 1, column: 1 } : undefined;
  if (isPrinted(url)) return originOf(url, line, column);
  const place = placeInText(url, line, column);
  const segments = moved.get(url);
  return segments ? placeOf(segments, place?.line ?? line, place?.column ?? column) : place;
}

/** Before the file has moved. @param {string} url @param {number} line @param {number} column */
function placeInText(url, line, column) {
  const columns = columnsIn(shifted.get(url));
  if (!columns) return undefined;
  const last = columns.findLast(([from, first]) => from === line && first < column);
  if (!last) return { line, column };
  const [, first, toLine, toColumn, advances] = last;
  return { line: toLine, column: toColumn + (advances ? column - first : 1) };
}

/** The engine is about to forget these modules: stacks of their errors may be written later. @param {{url: string}[]} modules */
export function keepColumns(modules) {
  for (const { url } of modules) columnsIn(shifted.get(url));
}

/** @param {{id: number, text: string, columns?: Column[]}} [running] */
function columnsIn(running) {
  if (running) running.columns ??= columnsOf(running.id, running.text);
  return running?.columns;
}

/** @param {Segment[]} segments @param {number} line @param {number} column */
export function placeOf(segments, line, column) {
  const last = segments.findLast(([from, first]) => from < line || (from === line && first <= column));
  if (!last) return { line, column };
  const [from, , lines, columns] = last;
  return { line: line + lines, column: from === line ? column + columns : column };
}

/** Maps that count in running texts. @type {WeakSet<object>} */
const ofTexts = new WeakSet();

let areHeadsWatched = false;

function watchHeads() {
  if (!areHeadsWatched) process.on('uncaughtExceptionMonitor', mapHead);
  areHeadsWatched = true;
}

/** Above the stack of an uncaught error Node maps what V8 says, which is a place in the running text. */
function mapHead() {
  for (const url of [...shifted.keys(), ...moved.keys()]) {
    const map = isPrinted(url) ? undefined : mapOf(url);
    if (!map || ofTexts.has(map)) continue;
    ofTexts.add(map);
    const { findEntry } = map;
    map.findEntry = (line, column) => {
      const place = placeIn(url, line + 1, column + 1) ?? { line: line + 1, column: column + 1 };
      return Reflect.apply(findEntry, map, [place.line - 1, place.column - 1]);
    };
  }
}

/** A call site for Node, which looks for its place in a map. @param {NodeJS.CallSite} site */
function siteToMap(site) {
  const url = site.getFileName();
  const map = url ? mapOf(url) : undefined;
  return map && (isPrinted(/** @type {string} */ (url)) || ofTexts.has(map)) ? site : movedSite(site);
}

/** Where the function of a call site begins; Node takes names in maps from there. @param {any} site */
function enclosingPlace(site) {
  const [line, column] = [site.getEnclosingLineNumber(), site.getEnclosingColumnNumber()];
  // The wrapper stands for the module.
  return line === 0 ? { line: 1, column: 1 } : placeIn(site.getFileName() ?? '', line, column) ?? { line, column };
}

/** A call site that tells the place in the file. @param {NodeJS.CallSite} site @returns {NodeJS.CallSite} */
function movedSite(site) {
  const place = placeIn(site.getFileName() ?? '', site.getLineNumber(), site.getColumnNumber());
  const isTop = isReadByNode() && /** @type {any} */ (site).getEnclosingLineNumber() === 0;
  if (!place && !isTop && !site.isEval()) return site;
  return new Proxy(site, {
    get(target, key) {
      if (key === 'getLineNumber' && place) return () => place.line;
      if (key === 'getColumnNumber' && place) return () => place.column;
      if (key === 'getEnclosingLineNumber') return () => enclosingPlace(target).line;
      if (key === 'getEnclosingColumnNumber') return () => enclosingPlace(target).column;
      if (key === 'getEvalOrigin') return () => target.getEvalOrigin()?.replace(evalOrigin, originInFile);
      if (key === 'toString') return () => inFile(`${target}`, target);
      const value = /** @type {any} */ (target)[key];
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
