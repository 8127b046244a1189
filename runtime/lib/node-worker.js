/**
 * A thread that asks Node what cannot be asked in this one: it runs with flags of its own. It is
 * started by the first question and ends when there was none for a while.
 */
import { MessageChannel, Worker, receiveMessageOnPort } from 'node:worker_threads';
import { nodeFlags } from './running-node.js';

/** Milliseconds without a question after which the thread ends. */
const idleTime = 10_000;
/** Texts after which it ends: Node keeps each in its module cache. */
const maxTexts = 50;

/**
 * V8's error for a text that is no module.
 * @typedef {object} Refusal
 * @property {string} message
 * @property {string} stack as Node decorates it, of a module at the file's URL
 */

/** What the thread says of a text: nothing if it could not be asked, null if the text is a module. */
/** @typedef {Refusal | null | undefined} Verdict */

class Thread {
  /** Those who wait for a verdict, in the order of their questions. @type {((verdict: Verdict) => void)[]} */
  #waiting = [];
  #texts = 0;
  #answered = new Int32Array(new SharedArrayBuffer(4));
  #port;
  #worker;
  #onEnd;

  /** @param {() => void} onEnd */
  constructor(onEnd) {
    this.#onEnd = onEnd;
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#port.unref();
    this.#worker = new Worker(new URL('node-questions.js', import.meta.url), {
      execArgv: [...ownFlags(), '--experimental-import-meta-resolve', '--experimental-vm-modules', '--no-warnings'],
      env: {},
      workerData: { port: port2, answered: this.#answered },
      transferList: [port2],
    });
    this.#worker.on('message', (verdict) => this.#judged(verdict));
    // Without it an error of the thread would end the process.
    this.#worker.on('error', () => {});
    this.#worker.on('exit', () => {
      this.#onEnd();
      for (const answer of this.#waiting) answer(undefined);
    });
    // Who listens holds the process on Node 20.
    this.#worker.unref();
  }

  /** @param {string} specifier @param {string} parent @returns {any} */
  resolve(specifier, parent) {
    return this.#ask({ specifier, parent });
  }

  /** @param {string} text @param {string} url @returns {Verdict} */
  judgeNow(text, url) {
    this.#texts += 1;
    return this.#ask({ text, url });
  }

  /** Waits for the answer. @param {object} question @returns {any} */
  #ask(question) {
    Atomics.store(this.#answered, 0, 0);
    this.#port.postMessage(question);
    // The thread may still be waking who had the last answer.
    while (Atomics.load(this.#answered, 0) === 0) Atomics.wait(this.#answered, 0, 0);
    return /** @type {any} */ (receiveMessageOnPort(this.#port)).message;
  }

  /** @param {string} text @param {string} url @returns {Promise<Verdict>} */
  judge(text, url) {
    this.#texts += 1;
    this.#worker.ref();
    this.#worker.postMessage({ text, url });
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** @param {Verdict} verdict */
  #judged(verdict) {
    this.#waiting.shift()?.(verdict);
    if (this.#waiting.length > 0) return;
    this.#worker.unref();
    if (this.#texts >= maxTexts) this.end();
  }

  end() {
    if (this.#waiting.length > 0) return;
    this.#onEnd();
    void this.#worker.terminate();
  }
}

/** @type {Thread | undefined} */
let running;
/** @type {NodeJS.Timeout | undefined} */
let idle;

function thread() {
  clearTimeout(idle);
  const thread = (running ??= new Thread(() => {
    if (running === thread) running = undefined;
  }));
  idle = setTimeout(() => thread.end(), idleTime).unref();
  return thread;
}

/** Flags that change what specifiers mean. */
function ownFlags() {
  return nodeFlags().flatMap((flag, index, flags) => {
    if (flag === '-C' || flag === '--conditions') return [flag, flags[index + 1]];
    const isResolving = /^(-C=|--conditions=|--preserve-symlinks|--no-addons)/.test(flag);
    return isResolving ? [flag] : [];
  });
}

/**
 * `import.meta.resolve` of the file at `parent`.
 * @param {string} specifier
 * @param {string} parent
 * @returns {string}
 */
export function resolveInWorker(specifier, parent) {
  const { url, error, properties } = thread().resolve(specifier, parent);
  if (error) throw Object.assign(error, properties);
  return url;
}

/**
 * Asks V8 whether a text is a module. Nothing is evaluated.
 * @param {string} text
 * @param {string} url of its file
 * @returns {Promise<Verdict>}
 */
export async function judgeText(text, url) {
  try {
    return await thread().judge(text, url);
  } catch {
    // Threads may be forbidden.
    return undefined;
  }
}

/** The same, at once. @param {string} text @param {string} url @returns {Verdict} */
export function judgeTextNow(text, url) {
  try {
    return thread().judgeNow(text, url);
  } catch {
    return undefined;
  }
}
