/**
 * What to watch, by chokidar's conventions: files, folders (recursive) and globs, relative to the
 * working directory; a `!` in front excludes. Globs become the regular expressions that picomatch
 * makes of them; the engine matches those.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { picomatch } from './picomatch.js';

/** @typedef {import('./native.d.ts').Glob} Glob */

/**
 * @typedef {object} WatchPath
 * @property {string[]} roots absolute files and folders
 * @property {Glob[]} globs
 * @property {import('./native.d.ts').Ignored[]} ignored
 */

/**
 * @typedef {object} Ignoring
 * @property {import('./native.d.ts').Ignored[]} patterns for the watcher, which does not enter such folders
 * @property {(file: string) => boolean} matches whether a file, or a folder it is in, is ignored
 */

/**
 * @param {unknown} watchPath
 * @param {string} cwd
 * @returns {WatchPath | undefined} nothing if it was left out
 * @throws {TypeError} saying what was expected
 */
export function parseWatchPath(watchPath, cwd) {
  if (watchPath === undefined || watchPath === null) return undefined;
  const paths = [watchPath].flat(Infinity);
  const valid = paths.length > 0 && paths.every((path) => typeof path === 'string' && path !== '');
  if (!valid) {
    throw new TypeError('hmr(): watchPath must be a path, a glob, an array of these, or undefined');
  }
  /** @type {WatchPath} */
  const watch = { roots: [], globs: [], ignored: [] };
  for (const text of /** @type {string[]} */ (paths)) {
    checkSeparators(text, 'watchPath', cwd);
    if (text.startsWith('!') && text[1] !== '(') watch.ignored.push(ignoredText(text.slice(1), cwd));
    else if (isGlob(text, cwd)) watch.globs.push(glob(text, cwd));
    else watch.roots.push(path.resolve(cwd, text));
  }
  if (watch.roots.length + watch.globs.length === 0) {
    throw new TypeError('hmr(): watchPath must name something to watch, not only exclude');
  }
  return watch;
}

/**
 * @param {unknown} ignored
 * @param {string} cwd
 * @returns {Ignoring}
 * @throws {TypeError} saying what was expected
 */
export function parseIgnored(ignored, cwd) {
  /** @type {import('./native.d.ts').Ignored[]} */
  const patterns = [];
  /** @type {((path: string) => boolean)[]} */
  const tests = [];
  for (const item of ignored === undefined ? [] : [ignored].flat(Infinity)) {
    if (isPredicate(item)) {
      tests.push(item);
    } else if (item instanceof RegExp) {
      const [source, flags] = [item.source, item.flags.replace(/[gy]/g, '')];
      const stateless = new RegExp(source, flags);
      patterns.push({ regex: { source, flags } });
      tests.push((file) => stateless.test(file));
    } else if (typeof item === 'string' && item !== '') {
      checkSeparators(item, 'options.ignored', cwd);
      patterns.push(ignoredText(item, cwd));
      tests.push(textTest(item, cwd));
    } else {
      throw new TypeError(
        'hmr(): options.ignored must be a glob, a RegExp, a function or an array of these',
      );
    }
  }
  const matches = (/** @type {string} */ file) =>
    tests.length > 0 && withFolders(file, cwd).some((path) => tests.some((test) => test(path)));
  return { patterns, matches };
}

/** A file and the folders it is in, below the working directory. @param {string} file @param {string} cwd */
function withFolders(file, cwd) {
  const paths = [file];
  for (let folder = path.dirname(file); folder.startsWith(cwd + path.sep); folder = path.dirname(folder)) {
    paths.push(folder);
  }
  return paths;
}

/** @param {string} text @param {string} cwd @returns {(path: string) => boolean} */
function textTest(text, cwd) {
  const named = path.resolve(cwd, text);
  if (!isGlob(text, cwd)) return (file) => file === named;
  const matches = picomatch()(text, { dot: true });
  return (file) => matches(file) || matches(path.relative(cwd, file));
}

/** @param {unknown} item @returns {item is (path: string) => boolean} */
function isPredicate(item) {
  return typeof item === 'function';
}

/** @param {string} text @param {string} cwd @returns {import('./native.d.ts').Ignored} */
function ignoredText(text, cwd) {
  return isGlob(text, cwd) ? { glob: glob(text, cwd) } : { path: path.resolve(cwd, text) };
}

/**
 * A text that names something that exists is that thing, whatever it looks like.
 * @param {string} text
 * @param {string} cwd
 */
function isGlob(text, cwd) {
  return picomatch().scan(text).isGlob && !existsSync(path.resolve(cwd, text));
}

/** @param {string} pattern @param {string} cwd @returns {Glob} */
function glob(pattern, cwd) {
  const { source, flags } = picomatch().makeRe(pattern, { dot: true });
  const { base } = picomatch().scan(pattern);
  return { pattern, base: path.resolve(cwd, base), source, flags };
}

/**
 * In globs `\` escapes, so `src\*.js` would silently match nothing.
 * @param {string} text
 * @param {string} argument
 * @param {string} cwd
 */
function checkSeparators(text, argument, cwd) {
  const separates = /\\[\w.*-]/.test(text);
  if (!separates || existsSync(path.resolve(cwd, text))) return;
  if (path.sep === '\\' && !picomatch().scan(text.replaceAll('\\', '/')).isGlob) return;
  const mended = text.replaceAll('\\', '/');
  throw new TypeError(`hmr(): ${argument} '${text}' has Windows separators: write '${mended}'`);
}
