// Programs with `import.meta.hot`: started hot as a whole, or below `hmr()`.

import { createProject } from '../harness/index.js';

/** Keeps a program alive, and answers lines on stdin by evaluating them. */
export const listening = `process.stdin.on('data', (text) => console.log('=', JSON.stringify(eval(String(text)))));`;

/** The events of the package, one line each. */
export const events = `import { events } from 'node-esm-hmr';
events.on('error', ({ error }) => console.log('event error', error.message));
events.on('restart', ({ reason }) => console.log('event restart', reason));`;

/** @typedef {import('../harness/app.js').App} App */

/**
 * Starts `main.js` hot.
 * @param {import('node:test').TestContext} t
 * @param {Record<string, string>} files
 * @param {import('../harness/app.js').StartOptions & {flags?: string[]}} [options]
 */
export function hotApp(t, files, { flags = [], ...options } = {}) {
  const project = createProject(t, files);
  const app = project.start(['--import', 'node-esm-hmr/register', ...flags, 'main.js'], options);
  /** What an expression is in the program. @param {string} expression */
  const ask = async (expression) => {
    app.stdin.write(`${expression}\n`);
    const [, answer] = await app.line(/^= (.*)$/, { stream: 'stdout' });
    return answer;
  };
  return { project, app, ask };
}

/** What was printed to stdout after the first such line, up to another one. @param {App} app @param {RegExp} from @param {RegExp} to */
export function between(app, from, to) {
  const lines = app.lines.filter(({ stream }) => stream === 'stdout').map(({ text }) => text);
  const begin = lines.findIndex((text) => from.test(text));
  const end = lines.findIndex((text, index) => index > begin && to.test(text));
  return lines.slice(begin + 1, end < 0 ? undefined : end);
}

/** Whether the running Node can restart a program in place. */
export const restarts = typeof (/** @type {any} */ (process).execve) === 'function';
