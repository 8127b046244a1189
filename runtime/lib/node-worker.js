/**
 * A thread that asks Node what cannot be asked in this one: it runs with flags of its own. It is
 * started by the first question and ends when there was none for a while.
 */
import { MessageChannel, Worker, receiveMessageOnPort } from 'node:worker_threads';

/**
 * @typedef {object} Asked
 * @property {Worker} worker
 * @property {import('node:worker_threads').MessagePort} port
 * @property {Int32Array} answered
 */

/** Milliseconds without a question after which the thread ends. */
const idleTime = 10_000;

/** @type {Asked | undefined} */
let asked;
/** @type {NodeJS.Timeout | undefined} */
let idle;

/** @returns {Asked} */
function thread() {
  clearTimeout(idle);
  idle = setTimeout(end, idleTime).unref();
  if (asked) return asked;
  const { port1: port, port2 } = new MessageChannel();
  const answered = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(new URL('node-questions.js', import.meta.url), {
    execArgv: [...ownFlags(), '--experimental-import-meta-resolve', '--experimental-vm-modules', '--no-warnings'],
    env: {},
    workerData: { port: port2, answered },
    transferList: [port2],
  });
  worker.unref();
  port.unref();
  // Without it an error of the thread would end the process.
  worker.on('error', end);
  asked = { worker, port, answered };
  return asked;
}

/** Flags that change what specifiers mean. */
function ownFlags() {
  const flags = [...process.execArgv, ...(process.env.NODE_OPTIONS ?? '').split(/\s+/)];
  return flags.flatMap((flag, index) => {
    if (flag === '-C' || flag === '--conditions') return [flag, flags[index + 1]];
    const isResolving = /^(-C=|--conditions=|--preserve-symlinks|--no-addons)/.test(flag);
    return isResolving ? [flag] : [];
  });
}

function end() {
  clearTimeout(idle);
  const ended = asked;
  asked = undefined;
  void ended?.worker.terminate();
  ended?.port.close();
}

/**
 * `import.meta.resolve` of the file at `parent`.
 * @param {string} specifier
 * @param {string} parent
 * @returns {string}
 */
export function resolveInWorker(specifier, parent) {
  const { port, answered } = thread();
  Atomics.store(answered, 0, 0);
  port.postMessage({ resolve: specifier, parent });
  Atomics.wait(answered, 0, 0);
  const { url, error, properties } = /** @type {any} */ (receiveMessageOnPort(port)).message;
  if (error) throw Object.assign(error, properties);
  return url;
}
