/**
 * What a user reads: one line per update, errors with a code frame. All of it goes to stderr, so
 * that a program's own output stays clean.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect, styleText } from 'node:util';
import { failureOf } from './errors.js';
import { shortPath } from './files.js';
import { hintFor } from './hints.js';
import { usersFirst } from './stack-text.js';

const levels = ['silent', 'error', 'warn', 'info'];
/** More files of one update are counted, not named. */
const namedFiles = 3;

/**
 * What is told of an error.
 * @typedef {object} Told
 * @property {string} key the error without its code frame: the file may have changed since
 * @property {string} text
 * @property {string | undefined} file the file it is about
 * @property {{file: string, line: number, column: number, frame?: string}} [place]
 */

/** @typedef {import('../index.d.ts').UpdateEvent} UpdateEvent */
/** @typedef {import('../index.d.ts').RestartEvent} RestartEvent */

/** What the environment says: `NODE_ESM_HMR_LOG` is `pretty`, `json` or `silent`. */
export function logOptions() {
  return { logLevel: process.env.NODE_ESM_HMR_LOG === 'silent' ? /** @type {const} */ ('silent') : undefined };
}

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

  /** @param {UpdateEvent} update @param {string} [entry] file of an `hmr()` call that is called back */
  updated(update, entry) {
    const { files, boundaries, evaluated, milliseconds } = update;
    const accepting = boundaries.length > 0 ? boundaries.map(({ module }) => module) : entry ? [entry] : [];
    const modules = evaluated.length === 1 ? '1 module' : `${evaluated.length} modules`;
    const way = [named(files), named([...new Set(accepting)])].filter((part) => part).join(' → ');
    this.#print('info', `${way}  ${modules}  ${milliseconds.toFixed(1)} ms`, update);
  }

  /** @param {RestartEvent} restart @param {boolean} isDone whether it is done, or left to the user */
  restarts(restart, isDone) {
    const chain = restart.chain.map(shortPath).join(' → ');
    const what = isDone ? 'restart' : 'needs a restart: stop the program and start it again';
    this.#print('warn', `${what}: ${chain}: ${restart.reason}`, restart);
  }

  /** @param {string} url a module loaded by Node that keeps an old version */
  leftBehind(url) {
    const file = shortPath(fileURLToPath(url));
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
  wroteItself(file) {
    const text = `${shortPath(file)} is written by every update, so that would never end: such changes of it are left out`;
    this.#print('warn', `${text}; write it elsewhere, or name it in the option ignored`);
  }

  /** @param {string} file */
  keptByNode(file) {
    this.#print('warn', `${shortPath(file)} was loaded by Node, which keeps it until the program restarts`);
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
    const content = file ? contentOf(file) : '';
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
      const hint = help ?? hintFor(error);
      const told = [`${error.name}: ${error.message}`, `${shortPath(file)}${place}`, frame, hint];
      const key = `${error.name}: ${error.message} ${file}${place}`;
      return { key, text: told.filter((part) => part).join('\n'), file, place: { file, line, column, frame: frame ?? undefined } };
    }
    const shown = usersFirst(inspect(error));
    const place = userPlace(shown);
    const frame = place && this.#addon.codeFrame(place.file, place.line, place.column);
    const hint = hintFor(error);
    const parts = hint ? [shown, hint] : [shown];
    if (!place || !frame) return { key: shown, text: parts.join('\n'), file: place?.file };
    const { file, line, column } = place;
    parts.splice(1, 0, `${shortPath(file)}:${line}:${column}`, frame);
    const text = parts.join('\n');
    return { key: shown, text, file, place: { file, line, column, frame: frame ?? undefined } };
  }

  /** What to do about an error that ends the program, which Node prints itself. @param {unknown} error */
  uncaught(error) {
    const hint = failureOf(error)?.help ?? hintFor(error);
    if (hint) this.#print('error', hint);
  }

  /**
   * What is known of an error beside its words.
   * @param {unknown} error
   * @returns {{file?: string, line?: number, column?: number, frame?: string}}
   */
  explain(error) {
    try {
      const { place } = this.#describe(error);
      return place ?? {};
    } catch {
      return {};
    }
  }

  /** @param {string} level @param {string} text @param {object} [data] the same for programs */
  #print(level, text, data = { type: level === 'error' ? 'error' : 'notice', message: text }) {
    const isTold = levels.indexOf(level) <= this.#level;
    if (!isTold) return false;
    const isJson = process.env.NODE_ESM_HMR_LOG === 'json';
    process.stderr.write(isJson ? `${JSON.stringify(data)}\n` : `${label('hmr')}  ${text}\n`);
    return true;
  }
}

/** @param {string[]} files */
function named(files) {
  const shown = files.slice(0, namedFiles).map(shortPath);
  if (files.length > namedFiles) shown.push(`${files.length - namedFiles} more`);
  return shown.join(', ');
}

const ownFolder = new URL('.', import.meta.url).href;

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

/** @param {string} file @returns {string} nothing if it cannot be read: it may be gone at any moment */
function contentOf(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
