/** Errors as plain Node would throw them, made from the engine's failures. */
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isPathSpecifier } from './files.js';

/**
 * Code frame, place and help of an error that the engine has found.
 * @type {WeakMap<object, import('./native.d.ts').Failure>}
 */
const failures = new WeakMap();

/** @param {unknown} error @returns {import('./native.d.ts').Failure | undefined} */
export function failureOf(error) {
  return typeof error === 'object' && error !== null ? failures.get(error) : undefined;
}

/**
 * Remembers the place in the user's code that an error of Node's is about.
 * @param {unknown} error
 * @param {string | null} failure JSON of a failure
 */
export function locate(error, failure) {
  if (typeof error === 'object' && error !== null && failure) failures.set(error, JSON.parse(failure));
}

/**
 * Node's error about a name that an external module does not export.
 * @param {import('./native.d.ts').Check} check
 * @param {import('./native.d.ts').Failure} place of the import
 */
export function missingExport({ asked, commonJs, commonJsOfRoot }, place) {
  const message = missingExportMessage(place, asked, looksAtImporter ? commonJs : commonJsOfRoot);
  return failureError({ ...place, kind: 'link', message });
}

/** Which module Node looks at before it says that the other one is CommonJS. */
const looksAtImporter = Number.parseInt(process.versions.node, 10) < 24;

/** @param {import('./native.d.ts').Failure} place @param {string} name @param {boolean} isCommonJs */
function missingExportMessage({ frame, specifier }, name, isCommonJs) {
  if (!isCommonJs) return `The requested module '${specifier}' does not provide an export named '${name}'`;
  const statement = frame.split('\n').find((line) => line.startsWith('>')) ?? '';
  const names = /{.*}/.exec(statement)?.[0].replace(/\s+as\s+/g, ': ');
  return (
    `Named export '${name}' not found. The requested module '${specifier}' is a CommonJS module, which ` +
    'may not support all module.exports as named exports.\n' +
    'CommonJS modules can always be imported via the default export, for example using:\n\n' +
    `import pkg from '${specifier}';\n${names ? `const ${names} = pkg;\n` : ''}`
  );
}

/**
 * Node's error for a text that is no JSON, with its place.
 * @param {string} text
 * @param {string} url
 * @param {unknown} cause what JSON.parse threw
 */
export function jsonError(text, url, cause) {
  const { message } = /** @type {Error} */ (cause);
  const file = fileURLToPath(url);
  const error = new SyntaxError(`${file}: ${message}`);
  const at = Number(/position (\d+)/.exec(message)?.[1] ?? text.length);
  const lines = text.slice(0, at).split('\n');
  const [line, column] = [lines.length, lines[lines.length - 1].length + 1];
  failures.set(error, { kind: 'syntax', file, line, column, message, help: null, frame: '' });
  return error;
}

/** @param {import('./native.d.ts').Failure} failure @returns {Error} */
export function failureError(failure) {
  const error = failure.kind === 'missing' ? missingFile(failure) : new SyntaxError(failure.message);
  if (failure.line > 0) {
    // As V8 writes a SyntaxError of a module: place, line, caret, then the message.
    const place = `${pathToFileURL(failure.file)}:${failure.line}`;
    error.stack = `${place}\n${failure.frame}\n\n${error.name}: ${error.message}`;
  }
  failures.set(error, failure);
  return error;
}

/** @param {import('./native.d.ts').Failure} failure */
function missingFile(failure) {
  const error = new Error(failure.message);
  return Object.assign(error, { code: 'ERR_MODULE_NOT_FOUND', url: pathToFileURL(failure.file).href });
}

/**
 * Node's error for a module that is not there.
 * @param {string} specifier
 * @param {string} parent URL
 */
export function missingModule(specifier, parent) {
  const importer = parent.startsWith('file:') ? fileURLToPath(parent) : parent;
  const url = isPathSpecifier(specifier) ? new URL(specifier, parent) : undefined;
  const what = url ? `module '${fileURLToPath(url)}'` : `package '${specifier}'`;
  const error = new Error(`Cannot find ${what} imported from ${importer}`);
  return Object.assign(error, { code: 'ERR_MODULE_NOT_FOUND' }, url && { url: url.href });
}
