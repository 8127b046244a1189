/**
 * Node's own answer to what a specifier means in another file, or its error: for everything that
 * the engine does not resolve itself.
 */
import * as nodeModule from 'node:module';
import { resolveInWorker } from './node-worker.js';

/** @type {any} */
const { registerHooks } = nodeModule;

/** What is asked instead of the specifier; the hook puts the real question. */
const question = 'node-esm-hmr:resolve';

/**
 * @param {string} specifier
 * @param {string} parent URL of the file it is written in
 * @returns {string} URL
 */
export function resolveByNode(specifier, parent) {
  // Node 20 cannot be asked about another file in this thread.
  if (!registerHooks) return resolveInWorker(specifier, parent);
  return ask(specifier, parent);
}

/**
 * The error of an import, also where `import.meta.resolve` has none: of a file that is not there.
 * Nothing if there is none, or on Node 20.
 * @param {string} specifier
 * @param {string} parent
 */
export function resolutionError(specifier, parent) {
  /** @type {unknown} */
  let error;
  if (!registerHooks) return error;
  try {
    ask(specifier, parent, (thrown) => (error = thrown));
  } catch {
    // It has been taken.
  }
  return error;
}

/**
 * @param {string} specifier
 * @param {string} parent
 * @param {(error: unknown) => void} [take]
 * @returns {string}
 */
function ask(specifier, parent, take) {
  const hooks = registerHooks({
    resolve(/** @type {string} */ asked, /** @type {object} */ context, /** @type {Function} */ next) {
      if (asked !== question) return next(asked, context);
      try {
        return next(specifier, { ...context, parentURL: parent });
      } catch (error) {
        take?.(error);
        throw error;
      }
    },
  });
  try {
    return import.meta.resolve(question);
  } finally {
    hooks.deregister();
  }
}
