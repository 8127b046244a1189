// A running program under test: its lines, waiting for one of them, and its end.
//
// Nothing here sleeps: a test waits for a line or for the end, and a deadline only tells what went wrong. A wait that
// fails shows the command, the files of its folder and everything the program printed. Only processes started here
// are ever ended.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { listFiles } from './tree.js';

/** How long a wait may take before it fails, in milliseconds. Far more than is needed, for busy machines. */
const DEADLINE = Number(process.env.HMR_TEST_DEADLINE ?? 20_000);

/** How long a program may take to end after SIGTERM before it is ended for good, in milliseconds. */
const GRACE = 2_000;

/** What a program must not inherit, since it changes what Node or the package does. */
const FOREIGN_SETTINGS = [
  'NODE_ENV', 'NODE_OPTIONS', 'NODE_PATH', 'NODE_TEST_CONTEXT',
  // Each of these changes the number of colours.
  'CI', 'COLORTERM', 'FORCE_COLOR', 'NO_COLOR', 'NODE_DISABLE_COLORS', 'TMUX',
];

/**
 * @typedef {'stdout' | 'stderr'} Stream
 * @typedef {object} StartOptions
 * @property {string} [cwd] folder in which it runs
 * @property {string} [execPath] Node binary, default the one of the running test
 * @property {Record<string, string | undefined>} [env] in addition to the test's environment; undefined removes one
 */

/**
 * Starts `node ...args`.
 *
 * @param {string[]} args
 * @param {StartOptions} [options]
 */
export function start(args, options = {}) {
  return new App(args, options);
}

/** A program started by a test. */
export class App {
  /** @type {{ stream: Stream, text: string }[]} every line printed so far */
  lines = [];

  /** Settles when the program has ended and everything it printed has been read. */
  exited;

  /** @type {{ code: number | null, signal: NodeJS.Signals | null } | undefined} how it ended */
  ended;

  #command;
  #cwd;
  #child;
  /** @type {Set<() => void>} waits that look again after each line and at the end */
  #waits = new Set();
  /** The index of the first line of each stream that no wait has passed yet. */
  #next = { stdout: 0, stderr: 0 };

  /**
   * @param {string[]} args
   * @param {StartOptions} options
   */
  constructor(args, { cwd = process.cwd(), execPath = process.execPath, env = {} }) {
    this.#command = [execPath, ...args].join(' ');
    this.#cwd = cwd;
    const inherited = Object.fromEntries(FOREIGN_SETTINGS.map((name) => [name, undefined]));
    this.#child = spawn(execPath, args, { cwd, env: { ...process.env, ...inherited, ...env } });
    running.add(this.#child);
    this.exited = this.#follow();
  }

  /** The process id. */
  get pid() {
    return this.#child.pid;
  }

  /** The program's standard input. */
  get stdin() {
    return this.#child.stdin;
  }

  /**
   * Everything printed so far.
   *
   * @param {Stream} [stream] one stream only
   */
  output(stream) {
    const lines = this.lines.filter((line) => stream === undefined || line.stream === stream);
    return lines.map((line) => line.text).join('\n');
  }

  /**
   * Waits for a line that matches. The lines of the same stream up to and including it are passed: later waits look
   * behind it only.
   *
   * @param {RegExp} pattern
   * @param {{ stream?: Stream, deadline?: number }} [options] `deadline` in milliseconds
   * @returns {Promise<RegExpExecArray>} the match, for its groups
   */
  async line(pattern, { stream, deadline = DEADLINE } = {}) {
    /** @type {RegExpExecArray | undefined} */
    let match;
    const found = () => {
      match = this.#pass(pattern, stream);
      return match !== undefined;
    };
    await this.#until(found, deadline, `${pattern}${stream ? ` on ${stream}` : ''}`);
    return /** @type {RegExpExecArray} */ (/** @type {unknown} */ (match));
  }

  /**
   * Waits until something is true; it is asked after every line and when the program ends.
   *
   * @param {(app: App) => boolean} condition
   * @param {string} description for the message when it never is
   */
  until(condition, description) {
    return this.#until(() => condition(this), DEADLINE, description);
  }

  /**
   * Waits for the end of the program.
   *
   * @returns {Promise<{ code: number | null, signal: NodeJS.Signals | null }>}
   */
  async end() {
    await this.#until(() => this.ended !== undefined, DEADLINE, 'its end');
    return this.exited;
  }

  /**
   * Sends a signal.
   *
   * @param {NodeJS.Signals} signal
   */
  signal(signal) {
    this.#child.kill(signal);
  }

  /** Ends the program: SIGTERM, and SIGKILL if that is not enough. */
  async stop() {
    if (this.ended) return this.exited;
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), GRACE);
    await this.exited;
    clearTimeout(timer);
    return this.exited;
  }

  async #follow() {
    this.#child.on('error', (error) => this.#record('stderr', `could not be started: ${error.message}`));
    const streams = /** @type {const} */ (['stdout', 'stderr']).map((stream) => {
      const reader = createInterface({ input: this.#child[stream], crlfDelay: Infinity });
      reader.on('line', (text) => this.#record(stream, text));
      return once(reader, 'close');
    });
    const [code, signal] = await new Promise((resolve) => this.#child.once('close', (...how) => resolve(how)));
    await Promise.all(streams);
    running.delete(this.#child);
    this.ended = { code, signal };
    this.#ask();
    return this.ended;
  }

  /**
   * @param {Stream} stream
   * @param {string} text
   */
  #record(stream, text) {
    this.lines.push({ stream, text });
    this.#ask();
  }

  #ask() {
    for (const wait of this.#waits) wait();
  }

  /**
   * @param {RegExp} pattern
   * @param {Stream | undefined} wanted
   * @returns {RegExpExecArray | undefined}
   */
  #pass(pattern, wanted) {
    for (const [index, { stream, text }] of this.lines.entries()) {
      if (index < this.#next[stream] || (wanted && stream !== wanted)) continue;
      const match = new RegExp(pattern, pattern.flags.replace(/[gy]/g, '')).exec(text);
      if (!match) continue;
      this.#next[stream] = index + 1;
      return match;
    }
    return undefined;
  }

  /**
   * @param {() => boolean} found
   * @param {number} deadline
   * @param {string} description
   */
  async #until(found, deadline, description) {
    /** @type {Error | undefined} */
    const where = new Error('waited');
    await /** @type {Promise<void>} */ (
      new Promise((resolve, reject) => {
        const settle = (/** @type {string | undefined} */ problem) => {
          clearTimeout(timer);
          this.#waits.delete(look);
          if (problem === undefined) return resolve();
          where.message = this.#report(problem);
          where.stack = `${where.message}\n${where.stack?.replace(/^.*\n/, '')}`;
          reject(where);
        };
        const look = () => {
          if (found()) settle(undefined);
          else if (this.ended) settle(`the program ended before ${description}`);
        };
        const timer = setTimeout(() => settle(`no ${description} within ${deadline} ms`), deadline);
        this.#waits.add(look);
        look();
      })
    );
  }

  /** @param {string} problem */
  #report(problem) {
    const end = this.ended ? `ended with ${this.ended.signal ?? this.ended.code}` : 'still running';
    const indent = (/** @type {string[]} */ lines) => lines.map((line) => `  ${line}`).join('\n');
    const printed = this.lines.map(({ stream, text }, index) => {
      return `${index < this.#next[stream] ? ' ' : '?'} ${stream === 'stderr' ? 'err' : 'out'}| ${text}`;
    });
    return [
      problem,
      `command: ${this.#command} (${end})`,
      `folder: ${this.#cwd}`,
      indent(listFiles(this.#cwd)),
      'printed (? not passed yet):',
      indent(printed),
    ].join('\n');
  }
}

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

// When the test's own process is ended, what it started must not stay behind.
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.once(signal, () => process.exit(1));
