/**
 * Coverage in the file's own offsets. V8 counts in the executed text, which has a line in front and, in places, longer
 * expressions; tools that read `NODE_V8_COVERAGE` count in the file. So what Node writes at the end is written a moment
 * earlier, and translated. Every token keeps its line, so lines are exact and columns nearly so.
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { threadId } from 'node:worker_threads';
import { movedBy, placeOf } from './positions.js';

/**
 * What was compiled of a file. Only the last text is what it contains.
 * @typedef {{ text: string, older: Set<number> }} Executed `older` are lengths of earlier texts
 * @typedef {{ startOffset: number, endOffset: number, count: number }} Range
 * @typedef {{ functionName: string, ranges: Range[], isBlockCoverage: boolean }} CoveredFunction
 * @typedef {{ scriptId: string, url: string, functions: CoveredFunction[] }} Script
 */

const folder = process.env.NODE_V8_COVERAGE;

export const isCovering = Boolean(folder);

/** @type {Map<string, Executed>} */
const executed = new Map();

/** A hot module is compiled. @param {string} url @param {string} text */
export function covers(url, text) {
  if (!folder) return;
  if (executed.size === 0) process.on('exit', writeCoverage);
  const { text: last, older } = executed.get(url) ?? { text: '', older: new Set() };
  older.add(last.length).delete(text.length);
  executed.set(url, { text, older });
}

/** What is compiled under the name of a hot module, but is none. @param {string} url @param {string} text */
export function leavesOut(url, text) {
  if (folder) executed.get(url)?.older.add(text.length);
}

function writeCoverage() {
  process.getBuiltinModule('node:v8').takeCoverage();
  const name = new RegExp(`^coverage-${process.pid}-\\d+-${threadId}\\.json$`);
  for (const file of readdirSync(/** @type {string} */ (folder))) {
    if (name.test(file)) translateFile(path.join(/** @type {string} */ (folder), file));
  }
}

/** @param {string} file */
function translateFile(file) {
  const coverage = JSON.parse(readFileSync(file, 'utf8'));
  coverage.result = coverage.result.flatMap(translate);
  writeFileSync(file, JSON.stringify(coverage));
}

/** @param {Script} script @returns {Script[]} */
function translate(script) {
  const known = executed.get(script.url);
  const length = Math.max(...script.functions.flatMap(({ ranges }) => ranges.map((range) => range.endOffset)));
  if (known?.older.has(length)) return [];
  if (known?.text.length !== length) return [script];
  try {
    return [inFile(script, known.text, readFileSync(fileURLToPath(script.url), 'utf8'))];
  } catch {
    return []; // the file is gone
  }
}

/** @param {Script} script @param {string} text that V8 has run @param {string} source the file's @returns {Script} */
function inFile(script, text, source) {
  const first = text.indexOf('\n') + 1;
  const offset = offsetInFile(text, source.replace(/^\uFEFF/, ''), movedBy(script.url) ?? []);
  const functions = script.functions.flatMap(({ ranges, ...others }) => {
    const { startOffset } = ranges[0];
    // The script itself, and functions of the wrapper; the one at 1 is the module.
    if (startOffset !== 1 && startOffset < first) return [];
    const mapped = ranges.map(({ startOffset: start, endOffset: end, count }) => {
      return { startOffset: offset(start), endOffset: offset(end), count };
    });
    return [{ ...others, ranges: mapped.filter((range) => range.startOffset < range.endOffset) }];
  });
  return { ...script, functions: functions.filter(({ ranges }) => ranges.length > 0) };
}

/**
 * @param {string} text
 * @param {string} source
 * @param {import('./positions.js').Segment[]} moved how the file has moved since the text was made
 * @returns {(offset: number) => number}
 */
function offsetInFile(text, source, moved) {
  const executedLines = lineStarts(text);
  const fileLines = lineStarts(source);
  return (offset) => {
    // Counted from 1, the line in front is 0.
    const executedLine = executedLines.findLastIndex((start) => start <= offset);
    if (executedLine === 0) return 0;
    const { line, column } = placeOf(moved, executedLine, offset - executedLines[executedLine] + 1);
    const end = fileLines[line] ?? source.length;
    return line <= fileLines.length ? Math.min(fileLines[line - 1] + column - 1, end) : source.length;
  };
}

/** @param {string} text */
function lineStarts(text) {
  return [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
}
