// Runs generated graphs one after the other and prints what each logged, as JSON lines.
// Arguments: `plain` or `hot`, the folder of the graphs, their names.

import { inspect } from 'node:util';
import { pathToFileURL } from 'node:url';

const [mode, folder, ...names] = process.argv.slice(2);
/** A graph that has not settled by then waits for itself. */
const patience = 400;

globalThis.describe = (value) => {
  if (typeof value === 'function') return `${typeof value} ${value.name} ${value.own ?? ''}`;
  if (typeof value === 'object' && value !== null && value[Symbol.toStringTag] === 'Module') {
    return Object.keys(value)
      .map((key) => `${key}=${typeof value[key] === 'object' ? 'object' : describe(value[key])}`)
      .join();
  }
  return inspect(value);
};

const hmr = mode === 'hot' ? (await import('node-esm-hmr')).default : undefined;
process.on('unhandledRejection', (error) => globalThis.log('unhandled', `${error}`));

for (const name of names) {
  const lines = [];
  globalThis.log = (...parts) => void lines.push(parts.join(' '));
  const url = `${pathToFileURL(`${folder}/${name}/entry.mjs`)}`;
  const close = await start(url);
  await Promise.race([globalThis.outcome, later(patience)]);
  for (let turn = 0; turn < 3; turn += 1) await later(2);
  process.stdout.write(`${JSON.stringify({ name, lines })}\n`);
  close();
}
process.exit(0);

/** Runs an entry, which imports the graph and says in `globalThis.outcome` when it has settled. */
async function start(url) {
  if (!hmr) {
    await import(url);
    return () => {};
  }
  const handle = await hmr(url, undefined, () => {}, { persistent: false });
  return () => handle.close();
}

function later(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
