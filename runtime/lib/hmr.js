/** `hmr()`: arguments in, a hot entry out. */
import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import { callerUrl } from './caller.js';
import { engine } from './engine.js';
import { Entry } from './entry.js';
import { registerHooks } from './loader-hooks.js';
import { importInProduction } from './production.js';
import { isProduction } from './running-node.js';
import { parseIgnored, parseWatchPath } from './watch-path.js';

// As early as possible: what Node loads before is not seen.
if (!isProduction()) registerHooks();

/**
 * See index.d.ts, which states the contract.
 * @param {string | URL} modulePath
 * @param {string | readonly string[] | null | undefined} watchPath
 * @param {(module: any) => unknown} callback
 * @param {import('../index.d.ts').HmrOptions} [options]
 * @returns {Promise<import('../index.d.ts').HmrHandle>}
 */
export function hmr(modulePath, watchPath, callback, options = {}) {
  checkArguments(modulePath, callback, options);
  const parent = parentUrl(options.parent) ?? callerUrl(hmr);
  const cwd = process.cwd();
  const watch = parseWatchPath(watchPath, cwd);
  const ignored = parseIgnored(options.ignored, cwd);
  const request = { specifier: String(modulePath), parent, watch, ignored, cwd, callback, options };
  if (isProduction()) return importInProduction(request);
  return new Entry(engine(), request).start();
}

/**
 * @typedef {object} HotRequest
 * @property {string} specifier
 * @property {string} parent URL of the module the specifier is relative to
 * @property {import('./watch-path.js').WatchPath | undefined} watch nothing: what the module consists of
 * @property {import('./watch-path.js').Ignoring} ignored
 * @property {string} cwd
 * @property {(module: any) => unknown} callback
 * @property {import('../index.d.ts').HmrOptions} options
 */

const logLevels = ['silent', 'error', 'warn', 'info'];

/** @param {unknown} modulePath @param {unknown} callback @param {any} options */
function checkArguments(modulePath, callback, options) {
  const isPath = (typeof modulePath === 'string' && modulePath !== '') || modulePath instanceof URL;
  expect(isPath, 'modulePath', 'a non-empty string or URL, as for import()', modulePath);
  expect(typeof callback === 'function', 'callback', 'a function that gets the module', callback);
  expect(typeof options === 'object' && options !== null, 'options', 'an object', options);
  const { clearScreen, signal, onError, logLevel, parent, persistent } = options;
  const optional = (/** @type {unknown} */ value, /** @type {string} */ type) =>
    value === undefined || typeof value === type;
  expect(optional(clearScreen, 'boolean'), 'options.clearScreen', 'a boolean', clearScreen);
  expect(optional(persistent, 'boolean'), 'options.persistent', 'a boolean', persistent);
  expect(optional(onError, 'function'), 'options.onError', 'a function', onError);
  expect(signal === undefined || signal instanceof AbortSignal, 'options.signal', 'an AbortSignal', signal);
  const isLevel = logLevel === undefined || logLevels.includes(logLevel);
  expect(isLevel, 'options.logLevel', `one of ${logLevels.join(', ')}`, logLevel);
  const isParent = optional(parent, 'string') || parent instanceof URL;
  expect(isParent, 'options.parent', 'a file: URL or an absolute path', parent);
}

/** @param {boolean} holds @param {string} name @param {string} expected @param {unknown} received */
function expect(holds, name, expected, received) {
  if (holds) return;
  const shown = received === null ? 'null' : typeof received === 'string' ? `'${received}'` : typeof received;
  throw new TypeError(`hmr(): ${name} must be ${expected}, not ${shown}`);
}

/** @param {string | URL | undefined} parent */
function parentUrl(parent) {
  if (parent === undefined) return undefined;
  const text = String(parent);
  if (/^[a-z][a-z\d+.-]+:/i.test(text)) return text;
  expect(isAbsolute(text), 'options.parent', 'a file: URL or an absolute path', text);
  return pathToFileURL(text).href;
}
