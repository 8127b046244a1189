// The program most tests run: it calls hmr() once and prints each call of its callback, numbered.
//
// The numbers and the order make a test strict without waiting for nothing to happen: a call too many is the next
// call that is read, and its values are not those expected.

import assert from 'node:assert/strict';

/**
 * @typedef {object} Caller
 * @property {string} [module] source text of hmr()'s first argument, default `'./a.js'`
 * @property {string} [watch] source text of the second, default `undefined`
 * @property {string} [options] source text of the fourth
 * @property {string} [print] source text of what a call prints, default all exports as JSON; `module` and `handle`
 *   are in scope
 * @property {string} [before] statements before the call
 * @property {string} [after] statements after it; `handle` is in scope
 */

/**
 * The program's source text. It prints `call 1 {"a":1}` and so on, and `ready` once hmr() has resolved. SIGUSR2 makes
 * it print what the handle's module is at that time, as `serving {"a":1}`. Nothing may go unhandled.
 *
 * @param {Caller} [caller]
 */
export function caller({ module = "'./a.js'", watch = 'undefined', options = '{}', ...texts } = {}) {
  const { print = 'JSON.stringify(module)', before = '', after = '' } = texts;
  return `import hmr from 'node-esm-hmr';
process.on('unhandledRejection', (error) => console.log('unhandled', error));
let calls = 0;
let handle;
let last;
process.on('SIGUSR2', () => console.log('serving', JSON.stringify(handle ? handle.module : last)));
${before}
handle = await hmr(${module}, ${watch}, (module) => {
  last = module;
  console.log('call', ++calls, ${print});
}, ${options});
console.log('ready');
${after}
`;
}

/**
 * Waits for the next call, which must have these values and no others.
 *
 * @param {import('./app.js').App} app
 * @param {unknown} expected as parsed from JSON
 * @param {string} [message] what was done before
 */
export async function expectCall(app, expected, message) {
  const [, text] = await app.line(/^call \d+ (.*)$/, { stream: 'stdout' });
  assert.deepEqual(JSON.parse(text), expected, `${message ?? 'the next call'}\n${app.output()}`);
}

/**
 * Asks a program for the module it serves now.
 *
 * @param {import('./app.js').App} app
 * @returns {Promise<unknown>}
 */
export async function serving(app) {
  app.signal('SIGUSR2');
  const [, text] = await app.line(/^serving (.*)$/, { stream: 'stdout' });
  return JSON.parse(text);
}

/**
 * How often a line was printed that matches.
 *
 * @param {import('./app.js').App} app
 * @param {RegExp} pattern
 */
export function count(app, pattern) {
  return app.lines.filter(({ text }) => pattern.test(text)).length;
}
