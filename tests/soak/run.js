// Random operations on the files of a running program, which is blocked and stopped at times. Every few seconds all is
// left alone, and what the program holds must be what is on disk.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { createProject } from '../harness/index.js';
import { Operations } from './operations.js';
import { files } from './program.js';

/** Quiet after which nothing may differ any more, in milliseconds. */
const quiet = 1100;
/** After this it differs for good. */
const patience = 15_000;

/**
 * @typedef {{held: number[][], calls: number, torn: string[], heap: number, rss: number, cpu: NodeJS.CpuUsage}} State
 * @typedef {object} Report
 * @property {number} operations
 * @property {number} checks
 * @property {number} calls of the program's callbacks
 * @property {number[]} settled milliseconds of quiet until nothing differed, for each check
 * @property {number} late checks that took longer than 1.1 s
 * @property {number[]} heap bytes after garbage collection, at each check
 * @property {number[]} rss bytes
 * @property {number} idle percent of a core
 */

/**
 * @param {import('node:test').TestContext} t
 * @param {object} options
 * @param {number} options.seconds
 * @param {number} options.seed
 * @param {number} [options.period] seconds between two checks
 * @param {number} [options.longestBlock] milliseconds
 * @param {number} [options.idle] seconds
 * @param {(text: string) => void} [options.log]
 * @returns {Promise<Report>}
 */
export async function soak(t, { seconds, seed, period = 10, longestBlock = 5000, idle = 20, log = () => {} }) {
  const project = createProject(t, files);
  const dice = diceFrom(seed);
  const operations = new Operations(project, dice);
  const program = new Program(project.folder);
  t.after(() => program.end());
  await program.started;
  /** @type {Report} */
  const report = { operations: 0, checks: 0, calls: 0, settled: [], late: 0, heap: [], rss: [], idle: 0 };
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    await disturb(Date.now() + period * 1000, { operations, program, dice, longestBlock });
    await operations.mend();
    const { state, took } = await agrees(program, operations);
    report.checks += 1;
    report.settled.push(took);
    if (took > quiet) report.late += 1;
    report.heap.push(state.heap);
    report.rss.push(state.rss);
    report.calls = state.calls;
    report.operations = operations.count;
    log(`${report.checks}: ${operations.count} saves, ${state.calls} calls, agreed after ${took.toFixed(0)} ms, heap ${mega(state.heap)}, rss ${mega(state.rss)}`);
  }
  report.idle = await idleShare(program, idle);
  return report;
}

/** @param {number} end @param {{operations: Operations, program: Program, dice: (sides: number) => number, longestBlock: number}} world */
async function disturb(end, { operations, program, dice, longestBlock }) {
  const under = new Set();
  /** @param {Promise<unknown>} work */
  const start = (work) => under.add(work.finally(() => under.delete(work)));
  while (Date.now() < end) {
    const roll = dice(1000);
    if (roll < 3) start(program.ask(dice(longestBlock)));
    else if (roll < 6) start(program.pause(dice(1000)));
    else start(operations.next());
    await wait([0, 0, 1, 5, 20, 100][dice(6)]);
  }
  await Promise.all(under);
}

/** @param {Program} program @param {Operations} operations */
async function agrees(program, operations) {
  const began = performance.now();
  const disk = operations.onDisk();
  for (;;) {
    const state = await program.ask();
    if (state.torn.length > 0) throw new Error(`half modules have run: ${state.torn}`);
    const took = performance.now() - began;
    if (state.held.every((held) => `${held}` === `${disk}`)) return { state, took };
    if (took > patience) throw new Error(`differs from the disk\ndisk ${disk}\nheld ${state.held.join('\nheld ')}`);
    await wait(20);
  }
}

/** @param {Program} program @param {number} seconds */
async function idleShare(program, seconds) {
  // V8 tidies up for some seconds after work.
  await wait(seconds * 500);
  const spent = async () => {
    const { user, system } = (await program.ask(-1)).cpu;
    return user + system;
  };
  await spent();
  const before = await spent();
  await wait(seconds * 1000);
  return (((await spent()) - before) / (seconds * 1e6)) * 100;
}

/** The program, driven by messages. */
class Program {
  #child;
  /** @type {Promise<State>} */
  #asked;
  /** Takes the next message. @type {(state: any) => void} */
  #take = () => {};
  #ended;

  /** @param {string} folder */
  constructor(folder) {
    this.#child = fork('main.js', { cwd: folder, execArgv: ['--expose-gc'], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.#child.on('message', (state) => this.#take(state));
    this.#ended = once(this.#child, 'exit').then((how) => {
      throw new Error(`the program ended with ${how}`);
    });
    this.#ended.catch(() => {});
    this.started = this.#message();
    this.#asked = this.started;
  }

  /** @param {number} [block] milliseconds for which it does nothing else before it answers; below zero: only its time @returns {Promise<State>} */
  ask(block) {
    this.#asked = this.#asked.then(() => {
      const answer = this.#message();
      this.#child.send({ block });
      return answer;
    });
    return this.#asked;
  }

  /** @returns {Promise<State>} */
  #message() {
    const message = new Promise((resolve) => {
      this.#take = resolve;
    });
    return Promise.race([message, this.#ended]);
  }

  /** Stops the process for a while. @param {number} milliseconds */
  async pause(milliseconds) {
    this.#child.kill('SIGSTOP');
    await wait(milliseconds);
    this.#child.kill('SIGCONT');
  }

  async end() {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }
}

/** @param {number} bytes */
export function mega(bytes) {
  return `${(bytes / 2 ** 20).toFixed(1)} MB`;
}

/** @param {number} seed @returns {(sides: number) => number} */
function diceFrom(seed) {
  let state = seed >>> 0;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}
