/** Errors as plain Node would throw them, made from the engine's failures. */
import { fileURLToPath, pathToFileURL } from 'node:url';

/**
 * Code frame, place and help of an error that the engine has found.
 * @type {WeakMap<object, import('./native.d.ts').Failure>}
 */
const failures = new WeakMap();

/** @param {unknown} error @returns {import('./native.d.ts').Failure | undefined} */
export function failureOf(error) {
  return typeof error === 'object' && error !== null ? failures.get(error) : undefined;
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
  const isPath = /^(\.{0,2}\/|file:)/.test(specifier);
  const url = isPath ? new URL(specifier, parent) : undefined;
  const what = url ? `module '${fileURLToPath(url)}'` : `package '${specifier}'`;
  const error = new Error(`Cannot find ${what} imported from ${importer}`);
  return Object.assign(error, { code: 'ERR_MODULE_NOT_FOUND' }, url && { url: url.href });
}
