/**
 * A program that is measured: started in a process group of its own, with everything that it starts, and ended with it.
 *
 * It tells what it sees in lines `bench {…}` with times of the clock that all processes share. So neither pipes nor this
 * process are in what is measured.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** What a program must not inherit, since it changes what Node or a tool does. */
const FOREIGN_SETTINGS = ['NODE_ENV', 'NODE_OPTIONS', 'NODE_PATH', 'NODE_COMPILE_CACHE', 'NODE_V8_COVERAGE', 'NODE_TEST_CONTEXT', 'CI', 'FORCE_COLOR'];

/** Milliseconds since the machine was started, with fractions: nobody sets this clock, as one is set that tells the date. */
export const clock = () => Number(process.hrtime.bigint()) / 1e6;

/** When a program has told something. Where its `hrtime` is another clock, the time of the day has to do. @param {{ at: number, told?: number }} message */
function timeOf({ at, told = NaN }) {
  const sinceThen = performance.timeOrigin + performance.now() - at;
  return Math.abs(clock() - told) < 60_000 ? told : clock() - sinceThen;
}

/** @param {number} milliseconds @returns {Promise<void>} */
export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * @typedef {Record<string, any> & { at: number }} Message
 * @typedef {{ command: string[], folder: string, env?: Record<string, string | undefined> }} Start
 */

/** A running program. */
export class Program {
  /** What it has told so far. @type {Message[]} */
  messages = [];
  /** Just before it was started. */
  begun;
  /** How it ended. @type {string | undefined} */
  ended;

  #child;
  #exited;
  /** The end of what it has printed, for the message when something goes wrong. @type {string[]} */
  #printed = [];
  /** @type {Set<() => void>} */
  #waits = new Set();

  /** @param {Start} start */
  constructor({ command: [file, ...args], folder, env = {} }) {
    const inherited = Object.fromEntries(FOREIGN_SETTINGS.map((name) => [name, undefined]));
    const options = { cwd: folder, env: { ...process.env, ...inherited, ...env }, detached: true };
    this.begun = clock();
    this.#child = spawn(file, args, options);
    running.add(this);
    this.#exited = this.#follow();
  }

  /** @param {string} line for its standard input */
  say(line) {
    this.#child.stdin.write(`${line}\n`);
  }

  /**
   * The first message of those from `from` on that `wanted` accepts.
   * @param {(message: Message) => boolean} wanted
   * @param {number} milliseconds after which it fails
   * @param {number} [from] index
   * @returns {Promise<Message>}
   */
  message(wanted, milliseconds, from = 0) {
    let next = from;
    return new Promise((resolve, reject) => {
      const settle = (/** @type {() => void} */ how) => {
        clearTimeout(timer);
        this.#waits.delete(look);
        how();
      };
      const look = () => {
        while (next < this.messages.length) {
          const message = this.messages[next];
          next += 1;
          if (wanted(message)) return settle(() => resolve(message));
        }
        if (this.ended) settle(() => reject(this.#failure(/** @type {string} */ (this.ended))));
      };
      const timer = setTimeout(() => settle(() => reject(this.#failure(`nothing within ${milliseconds / 1000} s`))), milliseconds);
      this.#waits.add(look);
      look();
    });
  }

  /** Ends it, at last with force; settles when nothing of it is left. @param {NodeJS.Signals} [signal] */
  async stop(signal = 'SIGKILL') {
    if (!this.ended) this.#signal(signal);
    const timer = setTimeout(() => this.#signal('SIGKILL'), 10_000);
    await this.#exited;
    clearTimeout(timer);
    this.#signal('SIGKILL');
  }

  /** To the whole group, which may be gone. @param {NodeJS.Signals} signal */
  #signal(signal) {
    try {
      process.kill(-(/** @type {number} */ (this.#child.pid)), signal);
    } catch {
      // Nobody is left.
    }
  }

  /** Waits until it ends by itself. */
  async end() {
    await this.#exited;
  }

  async #follow() {
    this.#child.on('error', (error) => this.#printed.push(error.message));
    this.#child.stdin.on('error', () => {});
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      createInterface({ input: stream, crlfDelay: Infinity }).on('line', (line) => this.#read(line));
    }
    const [code, signal] = await new Promise((resolve) => this.#child.once('close', (...how) => resolve(how)));
    running.delete(this);
    this.ended = `ended with ${signal ?? code}`;
    for (const look of this.#waits) look();
  }

  /** @param {string} line */
  #read(line) {
    if (line.startsWith('bench {')) {
      const message = JSON.parse(line.slice('bench '.length));
      this.messages.push({ ...message, at: timeOf(message) });
      for (const look of this.#waits) look();
    } else {
      this.#printed = [...this.#printed.slice(-19), line];
    }
  }

  /** @param {string} what */
  #failure(what) {
    return new Failure(what, this.#printed.join('\n'));
  }
}

/** A program did not do what it should; `printed` is what it said last. */
export class Failure extends Error {
  /** @param {string} message @param {string} printed */
  constructor(message, printed) {
    super(message);
    this.printed = printed;
  }
}

/** @type {Set<Program>} */
const running = new Set();

process.on('exit', () => running.forEach((program) => void program.stop()));
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.once(signal, () => process.exit(1));

