/**
 * What a user reads: one line per update, errors with a code frame. All of it goes to stderr, so
 * that a program's own output stays clean.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect, styleText } from 'node:util';
import { failureOf } from './errors.js';

const levels = ['silent', 'error', 'warn', 'info'];
/** More files of one update are counted, not named. */
const namedFiles = 3;

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
  /** The error told last: an error is printed once, however often it is met. */
  #lastError = '';

  /** @param {import('./native.d.ts').Addon} addon @param {import('../index.d.ts').HmrOptions} options */
  constructor(addon, { logLevel = 'info', onError }) {
    this.#addon = addon;
    this.#level = levels.indexOf(logLevel);
    this.#onError = onError;
  }

  /** @param {Update} update */
  updated({ files, boundary, evaluated, milliseconds }) {
    this.#lastError = '';
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

  /** @param {unknown} error */
  failed(error) {
    if (this.#onError) {
      this.#onError(error);
      return;
    }
    const text = this.#describe(error);
    if (text === this.#lastError) return;
    this.#lastError = text;
    this.#print('error', `${text}\n${label('hmr')}  waiting for changes`);
  }

  clearScreen() {
    if (process.stderr.isTTY) process.stderr.write('\x1b[2J\x1b[3J\x1b[H');
  }

  /** @param {unknown} error */
  #describe(error) {
    const failure = failureOf(error);
    if (failure) {
      const place = failure.line > 0 ? `:${failure.line}:${failure.column}` : '';
      const kind = failure.kind === 'missing' ? 'Error' : 'SyntaxError';
      const help = failure.help ? `\n${failure.help}` : '';
      return [`${kind}: ${failure.message}`, `${relative(failure.file)}${place}`, failure.frame + help]
        .filter((line) => line !== '')
        .join('\n');
    }
    const shown = inspect(error);
    const frame = this.#frame(shown);
    return frame ? `${shown}\n${frame}` : shown;
  }

  /** The code frame of the first place in a stack that is a file of the user. @param {string} stack */
  #frame(stack) {
    for (const [, url, line, column] of stack.matchAll(/(file:\/\/[^\s)]+?):(\d+)(?::(\d+))?(?=[\s)]|$)/g)) {
      const file = fileURLToPath(url);
      if (file.includes(`${path.sep}node_modules${path.sep}`) || !existsSync(file)) continue;
      const frame = this.#addon.codeFrame(file, Number(line), Number(column ?? 1));
      return frame && `${relative(file)}:${line}${column ? `:${column}` : ''}\n${frame}`;
    }
    return undefined;
  }

  /** @param {string} level @param {string} text */
  #print(level, text) {
    const isTold = levels.indexOf(level) <= this.#level;
    if (isTold) process.stderr.write(`${label('hmr')}  ${text}\n`);
    return isTold;
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
