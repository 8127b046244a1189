// Edits a random program while it runs, and compares what it shows with a fresh run of the same sources.

import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { runtime, start } from '../harness/index.js';
import { random as randomFrom } from '../differential/generate/random.js';
import { createGraph, edit, mainText, textOf } from './graph.js';

const size = 12;

/**
 * @param {number} seed
 * @param {number} edits
 * @param {(text: string) => void} [log]
 * @returns {Promise<{edits: number, broken: number}>}
 */
export async function run(seed, edits, log = () => {}) {
  const random = randomFrom(seed);
  const graph = createGraph(random, size);
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'hmr-random-')));
  const write = (/** @type {string} */ name, /** @type {string} */ text) => writeFileSync(join(folder, name), text);
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(runtime, join(folder, 'node_modules/node-esm-hmr'));
  write('package.json', '{"type":"module"}');
  write('main.js', mainText);
  write('tick.js', 'export const tick = 0;');
  for (const [id, module] of graph) write(`m${id}.js`, textOf(module, id));
  // What does not load at all is no program.
  const first = await fresh(folder);
  const app = first === undefined ? undefined : start(['--import', 'node-esm-hmr/register', 'main.js'], { cwd: folder });
  try {
    if (!app || first === undefined) return { edits: 0, broken: 0 };
    await app.line(/^ready$/);
    return await follow(new Live(app), { graph, random, folder, write, first, edits, log });
  } finally {
    await app?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {Live} live
 * @param {object} program
 * @param {ReturnType<typeof createGraph>} program.graph
 * @param {import('./graph.js').Random} program.random
 * @param {string} program.folder
 * @param {(name: string, text: string) => void} program.write
 * @param {string} program.first
 * @param {number} program.edits
 * @param {(text: string) => void} program.log
 */
async function follow(live, { graph, random, folder, write, first, edits, log }) {
  let good = first;
  let broken = 0;
  for (let count = 1; count <= edits; count += 1) {
    const changed = edit(graph, random);
    // Several files may be reported one by one: what lies between may be seen.
    const allowed = new Set([good]);
    const texts = changed.map((id) => textOf(/** @type {any} */ (graph.get(id)), id));
    let state;
    const errors = live.errors;
    for (const [at, id] of changed.entries()) {
      write(`m${id}.js`, texts[at]);
      state = await fresh(folder);
      if (state !== undefined) allowed.add(state);
    }
    // It is seen when what was saved before has been seen, or leads to another attempt.
    write('tick.js', `export const tick = ${count};`);
    state = await fresh(folder);
    if (state !== undefined) allowed.add(state);
    log(`${count}: ${changed.map((id) => `m${id}.js`).join(' ')} ${state === undefined ? 'broken' : ''}`);
    if (state === undefined) {
      broken += 1;
      await live.fails(errors, allowed);
      // A part of what was saved together may have been good.
      good = await live.state();
      if (!allowed.has(good)) throw new Error(`after edit ${count}, which is broken: ${good}\nallowed: ${[...allowed].join('\n')}`);
    } else {
      await live.becomes(state, allowed, `after edit ${count}`);
      good = state;
    }
  }
  return { edits, broken };
}

/** The program that is edited. */
class Live {
  #app;
  #asked = 0;

  /** @param {import('../harness/app.js').App} app */
  constructor(app) {
    this.#app = app;
  }

  get errors() {
    return this.#app.lines.filter(({ text }) => text.startsWith('error ')).length;
  }

  get #states() {
    return this.#app.lines.filter(({ text }) => text.startsWith('state '));
  }

  /** The last lines that the package has printed. */
  #told() {
    const lines = this.#app.lines.filter(({ text }) => !text.startsWith('state '));
    return lines.slice(-20).map(({ text }) => text).join('\n');
  }

  /** What it shows now. */
  async state() {
    this.#asked += 1;
    this.#app.stdin.write('?');
    await this.#app.until(() => this.#states.length >= this.#asked, 'its state');
    return this.#states[this.#asked - 1].text.slice('state '.length);
  }

  /** @param {string} wanted @param {Set<string>} allowed what may be seen on the way @param {string} when */
  async becomes(wanted, allowed, when) {
    const deadline = Date.now() + 20_000;
    for (;;) {
      const state = await this.state();
      if (state === wanted) return;
      if (!allowed.has(state)) throw new Error(`${when}: mixed\n${state}\nallowed:\n${[...allowed].join('\n')}`);
      if (Date.now() > deadline) throw new Error(`${when}: stays\n${state}\nis to be\n${wanted}\n${this.#told()}`);
    }
  }

  /** An attempt fails. @param {number} errors seen before @param {Set<string>} allowed */
  async fails(errors, allowed) {
    const deadline = Date.now() + 20_000;
    while (this.errors === errors) {
      const state = await this.state();
      if (!allowed.has(state)) throw new Error(`broken, mixed\n${state}\nallowed:\n${[...allowed].join('\n')}`);
      if (Date.now() > deadline) throw new Error(`the error is not told\n${this.#told()}`);
    }
  }
}

/** What the sources show under plain Node, or nothing if they do not run. @param {string} folder @returns {Promise<string | undefined>} */
function fresh(folder) {
  return new Promise((resolve) => {
    const worker = new Worker(join(folder, 'main.js'), { execArgv: [], stdout: true, stderr: true });
    worker.on('message', resolve);
    worker.on('error', () => resolve(undefined));
    worker.on('exit', () => resolve(undefined));
  });
}
