// Runs the programs named by the arguments after `plain` or `hot`, in a project that `project.js` has made. Prints a
// JSON line for each: what it logged, and which files V8 compiled for it as hot code and which as Node's modules.

import { Session } from 'node:inspector';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { inspect } from 'node:util';

const [mode, ...names] = process.argv.slice(2);
const loader = `${pathToFileURL(resolve('load.mjs'))}`;

/** @type {string[]} */
let lines = [];
/** @type {{hot: string[], native: string[]}} */
let compiled = { hot: [], native: [] };

const show = (value) => {
  if (value instanceof Error) return `${value.name}: ${value.message} ${value.code ?? ''}`;
  return typeof value === 'string' ? value : inspect(value, { depth: 8, maxArrayLength: null });
};
Object.assign(globalThis, {
  log: (...values) => void lines.push(values.map(show).join(' ')),
  attempt: async (action) => {
    try {
      const value = action();
      globalThis.log('returned', value instanceof Promise ? await value : value);
    } catch (error) {
      globalThis.log('threw', error);
    }
  },
  show: (namespace) => Object.keys(namespace).forEach((name) => lines.push(`${name}: ${kindOf(namespace[name])}`)),
});

/** Whether the script is what Node loads in the place of a hot module. */
function isFacade(scriptId) {
  let isFound = false;
  debug.post('Debugger.getScriptSource', { scriptId }, (_, { scriptSource }) => {
    isFound = /^import\*as ns from"[^"]+";import\{facade,/.test(scriptSource);
  });
  return isFound;
}

/** What can be told of any export without running it. */
function kindOf(value) {
  if (typeof value === 'function') {
    return `function ${value.name} ${value.length} ${inspect(value)} ${Reflect.ownKeys(value).map(String)}`;
  }
  if (typeof value !== 'object' || value === null) return inspect(value);
  return `${Object.prototype.toString.call(value)} ${Reflect.ownKeys(value).length}`;
}

const debug = new Session();
debug.connect();
debug.on('Debugger.scriptParsed', ({ params: { scriptId, url, startLine, isModule } }) => {
  // On Node 20 facades lie in a temporary folder while they are loaded.
  const isNeither = !url.includes('/node_modules/') || url.includes('/node-esm-hmr-');
  if (isNeither || !(isModule || startLine < 0)) return;
  if (startLine < 0) compiled.hot.push(fileURLToPath(url));
  else if (!isFacade(scriptId)) compiled.native.push(fileURLToPath(url));
});
debug.post('Debugger.enable');
debug.post('Debugger.setBlackboxPatterns', { patterns: [''] });

process.on('unhandledRejection', (error) => globalThis.log('unhandled', error));
const { load } = mode === 'hot' ? await hotModule(loader) : await import(loader);
for (const name of names) {
  lines = [];
  compiled = { hot: [], native: [] };
  try {
    await load(name);
  } catch (error) {
    globalThis.log('failed', error);
  }
  await new Promise((done) => setImmediate(done));
  process.stdout.write(`${JSON.stringify({ name, lines, ...compiled })}\n`);
}
process.stdout.write('done\n', () => process.exit(0));

async function hotModule(url) {
  const { default: hmr } = await import('node-esm-hmr');
  return (await hmr(url, undefined, () => {}, { persistent: false })).module;
}
