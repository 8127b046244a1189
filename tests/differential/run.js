// Runs programs one after the other and prints what each logged, as JSON lines.
// Arguments: `plain` or `hot`, the folder of the programs, their names.
// The `entry.mjs` of a program sets `globalThis.outcome`, a promise that settles when the program has.

import { pathToFileURL } from 'node:url';
import { install } from './logging.js';

const [mode, folder, ...names] = process.argv.slice(2);
/** A program that has not settled by then waits for itself. It may set another time. */
const patience = 600;
/** What a program has not waited for may take some turns of a millisecond: so many at least. */
const turns = Number(process.env.HMR_TURNS ?? 4);

const hmr = mode === 'hot' ? (await import('node-esm-hmr')).default : undefined;
process.on('unhandledRejection', (error) => globalThis.log('unhandled', error));
process.on('uncaughtException', (error) => globalThis.log('uncaught', error));

for (const name of names) {
  const lines = install(`${folder}/${name}/`);
  globalThis.outcome = globalThis.patience = undefined;
  const close = await start(`${pathToFileURL(`${folder}/${name}/entry.mjs`)}`);
  await settled(globalThis.outcome, globalThis.patience ?? patience);
  for (let turn = 0; turn < turns || (turn < 100 && isBusy()); turn += 1) await later(1);
  process.stdout.write(`${JSON.stringify({ name, lines })}\n`);
  close();
}
process.exit(0);

/** Runs an entry, which imports the program by `import()`. */
async function start(url) {
  if (!hmr) {
    await import(url);
    return () => {};
  }
  const handle = await hmr(url, undefined, () => {}, { persistent: false });
  return () => handle.close();
}

async function settled(outcome, milliseconds) {
  let timer;
  const limit = new Promise((resolve) => (timer = setTimeout(resolve, milliseconds)));
  await Promise.race([outcome, limit]);
  clearTimeout(timer);
}

/** Whether something goes on that a program did not wait for. */
function isBusy() {
  return process.getActiveResourcesInfo().some((name) => name === 'Timeout' || name.startsWith('FSReq'));
}

function later(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
