/**
 * What a user reads: one line per update, errors with a code frame. All of it goes to stderr, so
 * that a program's own output stays clean.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect, styleText } from 'node:util';
import { failureOf } from './errors.js';

const levels = ['silent', 'error', 'warn', 'info'];
/** More files of one update are counted, not named. */
const namedFiles = 3;

/**
 * What is told of an error.
 * @typedef {object} Told
 * @property {string} key the error without its code frame: the file may have changed since
 * @property {string} text
 * @property {string | undefined} file the file it is about
 */

/**
 * @typedef {object} Update
 * @property {string[]} files absolute
 * @property {string} boundary
 * @property {number} evaluated
 * @property {number} milliseconds
 */

export class Reporter {
  #addon;
  #level;
  #onError;
  /** What was told since the last success, with the content of the file it is about. */
  /** @type {Map<string, string>} */
  #told = new Map();

  /** @param {import('./native.d.ts').Addon} addon @param {import('../index.d.ts').HmrOptions} options */
  constructor(addon, { logLevel = 'info', onError }) {
    this.#addon = addon;
    this.#level = levels.indexOf(logLevel);
    this.#onError = onError;
  }

  /** @param {Update} update */
  updated({ files, boundary, evaluated, milliseconds }) {
    const named = files.slice(0, namedFiles).map(relative);
    if (files.length > namedFiles) named.push(`${files.length - namedFiles} more`);
    const modules = evaluated === 1 ? '1 module' : `${evaluated} modules`;
    const line = `${named.join(', ')} → ${relative(boundary)}`;
    this.#print('info', `${line}  ${modules}  ${milliseconds.toFixed(1)} ms`);
  }

  /** @param {string} url a module loaded by Node that keeps an old version */
  leftBehind(url) {
    const file = relative(fileURLToPath(url));
    this.#print('warn', `${file} was loaded by Node itself and keeps what it imported before this change`);
  }

  /** @param {string} text @returns {boolean} whether it was told */
  notice(text) {
    return this.#print('warn', text);
  }

  /** @param {unknown} error what a predicate of `ignored` threw */
  predicateThrew(error) {
    const { text } = this.#describeSafely(error);
    if (!this.#told.has(text)) this.#print('error', `ignored threw, so the file counts\n${text}`);
    this.#told.set(text, '');
  }

  /** @param {string} file */
  keptByNode(file) {
    this.#print('warn', `${relative(file)} was loaded by Node, which keeps it until the program restarts`);
  }

  /** Errors from now on are new ones. */
  succeeded() {
    this.#told.clear();
  }

  /**
   * @param {unknown[]} errors
   * @param {Set<string>} [saved] files whose save led to them
   */
  failed(errors, saved) {
    const left = this.#onError ? errors.filter((error) => !this.#hand(error)) : errors;
    const news = left.map((error) => this.#describeSafely(error)).filter((told) => this.#isNews(told, saved));
    if (news.length === 0) return;
    const texts = news.map(({ text }) => text).join('\n');
    this.#print('error', `${texts}\n${label('hmr')}  waiting for changes`);
  }

  /** @param {unknown} error @returns {boolean} whether `onError` took it */
  #hand(error) {
    const threw = (/** @type {unknown} */ thrown) =>
      this.#print('error', `onError threw ${this.#describeSafely(thrown).text}`);
    try {
      const result = /** @type {unknown} */ (this.#onError?.(error));
      if (result instanceof Promise) result.catch(threw);
      return true;
    } catch (thrown) {
      threw(thrown);
      return false;
    }
  }

  /**
   * An error is told once, and again when a save of its file brought it back.
   * @param {Told} told
   * @param {Set<string> | undefined} saved
   */
  #isNews({ key, file }, saved) {
    const content = file && existsSync(file) ? readFileSync(file, 'utf8') : '';
    const known = this.#told.get(key);
    this.#told.set(key, content);
    const mayBeOld = saved !== undefined && known !== undefined && file !== undefined;
    return !mayBeOld || (saved.has(file) && known !== content);
  }

  clearScreen() {
    if (process.stderr.isTTY) process.stderr.write('\x1b[2J\x1b[3J\x1b[H');
  }

  /**
   * Describing runs code of the user: custom inspection, getters.
   * @param {unknown} error
   * @returns {Told}
   */
  #describeSafely(error) {
    try {
      return this.#describe(error);
    } catch {
      const text = 'an error that cannot be shown';
      return { key: text, text, file: undefined };
    }
  }

  /**
   * What is told of an error, and the file it is about.
   * @param {any} error
   * @returns {Told}
   */
  #describe(error) {
    const failure = failureOf(error);
    if (failure) {
      const { file, line, column, help } = failure;
      const frame = failure.frame || this.#addon.codeFrame(file, line, column);
      const place = line > 0 ? `:${line}:${column}` : '';
      const told = [`${error.name}: ${error.message}`, `${relative(file)}${place}`, frame, help];
      const key = `${error.name}: ${error.message} ${file}${place}`;
      return { key, text: told.filter((part) => part).join('\n'), file };
    }
    const lines = inspect(error).split('\n');
    const shown = lines.filter((line) => !isOwnFrame(line)).join('\n');
    const place = userPlace(shown);
    const frame = place && this.#addon.codeFrame(place.file, place.line, place.column);
    if (!place || !frame) return { key: shown, text: shown, file: place?.file };
    const { file, line, column } = place;
    return { key: shown, text: `${shown}\n${relative(file)}:${line}:${column}\n${frame}`, file };
  }

  /** @param {string} level @param {string} text */
  #print(level, text) {
    const isTold = levels.indexOf(level) <= this.#level;
    if (isTold) process.stderr.write(`${label('hmr')}  ${text}\n`);
    return isTold;
  }
}

const ownFolder = new URL('.', import.meta.url).href;

/** A stack frame that says nothing about the user's program. @param {string} line */
function isOwnFrame(line) {
  return /^\s+at /.test(line) && (line.includes(ownFolder) || line.includes('data:text/javascript,import'));
}

/**
 * The first place in a stack that is in a file of the user.
 * @param {string} stack
 */
function userPlace(stack) {
  for (const [, url, line, column] of stack.matchAll(/(file:\/\/[^\s)]+?):(\d+)(?::(\d+))?(?=[\s)]|$)/g)) {
    const file = toPath(url);
    if (file === undefined || url.startsWith(ownFolder) || file.includes(`${path.sep}node_modules${path.sep}`)) continue;
    if (existsSync(file)) return { file, line: Number(line), column: Number(column ?? 1) };
  }
  return undefined;
}

/** @param {string} url @returns {string | undefined} nothing for what only looks like a file's URL */
function toPath(url) {
  try {
    return fileURLToPath(url);
  } catch {
    return undefined;
  }
}

/** @param {string} text */
function label(text) {
  const { NO_COLOR, FORCE_COLOR } = process.env;
  const isColored = FORCE_COLOR ? FORCE_COLOR !== '0' : process.stderr.isTTY && !NO_COLOR;
  return isColored ? styleText('cyan', text) : text;
}

/** @param {string} file */
function relative(file) {
  const short = path.relative(process.cwd(), file);
  return short && !short.startsWith('..') && path.isAbsolute(file) ? short : file;
}
