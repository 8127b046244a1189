/**
 * The end of the program: running versions are disposed before it. Listeners are only added once a module has
 * something to dispose, so that a program without disposers ends as under plain Node.
 */
import { isMainThread } from 'node:worker_threads';

const signals = /** @type {const} */ (['SIGINT', 'SIGTERM']);

let isPrepared = false;

/** @param {import('./hot-modules.js').HotModules} hot */
export function disposeAtExit(hot) {
  if (isPrepared) return;
  isPrepared = true;
  const dispose = () => hot.disposeRunning();
  process.on('exit', () => hot.disposeNow());
  // The last listener of all: others may have given the program something to do.
  process.on('beforeExit', () => {
    if (process.listenerCount('beforeExit') === 1) dispose();
  });
  if (isMainThread) for (const signal of signals) disposeAtSignal(signal, dispose);
}

/** @param {'SIGINT' | 'SIGTERM'} signal @param {() => Promise<void> | undefined} dispose */
function disposeAtSignal(signal, dispose) {
  const onSignal = async () => {
    // A program that handles the signal itself decides what becomes of it.
    if (process.listenerCount(signal) > 1) return;
    // A second signal ends it at once.
    process.off(signal, onSignal);
    await dispose();
    process.kill(process.pid, signal);
  };
  process.on(signal, onSignal);
}
