/**
 * What runs in the thread of `module.register`, where Node has no other loader hooks: it gives Node the text of the
 * entry, once, and passes on everything else.
 */

/** @type {{url: string, text: string}} */
let entry;

/** @param {typeof entry} data */
export function initialize(data) {
  entry = data;
}

/** @type {import('node:module').LoadHook} */
export function load(url, context, next) {
  if (url !== entry.url) return next(url, context);
  return { format: 'module', source: entry.text, shortCircuit: true };
}
