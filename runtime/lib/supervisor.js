/**
 * The supervisor that has started this process, if one has (`node-esm-hmr app.js`): it is told what happens, and starts the
 * program again where nothing else helps. Both sides write one JSON object per line to a pair of sockets;
 * crates/hmr-cli/src/message.rs is the other side. Programs that this one starts do not get the descriptor: Node
 * closes it there, and the variable that names it is gone before anybody else looks.
 */
import { fstatSync, readSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { getEnvironmentData, isMainThread, setEnvironmentData } from 'node:worker_threads';
import { events } from './events.js';
import { isOfProject } from './files.js';
import { loadedScripts, seesLoader, tellLoads } from './loader-hooks.js';

/** What other threads of this process find the descriptor by. */
const key = 'node-esm-hmr.supervisor';

/** Bytes that the system writes in one piece, whoever else is writing. */
const onePiece = 4000;

const [read, write] = [readSync, writeSync];

class Supervisor {
  #descriptor;
  /** What has been told of each file. @type {Map<string, string | null>} */
  #told = new Map();
  /** Files whose changes cannot be applied, until that has been told: their hashes. @type {Map<string, string | null>} */
  #restartOn = new Map();
  /** @type {import('./engine.js').Engine | undefined} */
  #engine;
  #isTelling = false;

  /** @param {number} descriptor */
  constructor(descriptor) {
    this.#descriptor = descriptor;
  }

  /** Waits until this process is to be the program, if it has been started for later. */
  standBy() {
    if (!mustWait) return;
    const byte = new Uint8Array(1);
    // One line. What follows is read as it comes.
    while (byte[0] !== 10) if (read(this.#descriptor, byte) === 0) process.exit();
  }

  /** From now on it is told what happens, and heard. @param {import('./engine.js').Engine} engine */
  follow(engine) {
    this.#engine = engine;
    process.on('uncaughtExceptionMonitor', (error) => {
      this.#tellContents();
      this.#say({ say: 'uncaught', error: firstLine(error) });
    });
    events.on('ready', (event) => this.#say({ say: 'event', event }));
    events.on('update', (event) => this.#say({ say: 'event', event }));
    events.on('error', ({ error, ...place }) => {
      this.#say({ say: 'event', event: { type: 'error', message: firstLine(error), ...place } });
    });
    tellLoads((file) => {
      if (isOfProject(file)) this.restartOn(file, engine.addon.contentHash(file));
    });
    this.#tellSoon();
    if (!isMainThread) return;
    this.#listen();
    this.#say({ say: 'connected' });
  }

  /** The program consists of these, or waits for them. @param {string[]} files */
  files(files) {
    const hashes = new Map(this.#engine?.session.contents());
    for (const file of files) if (!hashes.has(file)) hashes.set(file, this.#told.get(file) ?? '');
    this.#tellFiles(hashes);
  }

  /** Files may have been read again. */
  contents() {
    this.#tellSoon();
  }

  /**
   * Changes of this file cannot be applied.
   * @param {string} file absolute path
   * @param {string | null} [hash] of the content that is in use, if it is known
   */
  restartOn(file, hash = null) {
    this.#restartOn.set(file, hash);
    this.#tellSoon();
  }

  /** @param {import('../index.d.ts').RestartEvent} restart */
  restart(restart) {
    this.#say({ ...restart, say: 'restart' });
  }

  #tellSoon() {
    if (this.#isTelling) return;
    this.#isTelling = true;
    setImmediate(() => this.#tellContents()).unref();
  }

  #tellContents() {
    this.#isTelling = false;
    if (!this.#engine) return;
    const { session, modules } = this.#engine;
    this.#tellFiles(new Map(session.contents()));
    if (!seesLoader()) for (const file of loadedScripts().filter(isOfProject)) this.#restartOn.set(file, null);
    const kept = new Set(modules.scripts.kept([...this.#restartOn.keys()]));
    this.#sayPieces('restartOn', [...this.#restartOn].filter(([file]) => kept.has(file) && !session.contains(null, file)));
    this.#restartOn.clear();
  }

  /** @param {Map<string, string>} hashes '' where nothing is known */
  #tellFiles(hashes) {
    /** @type {[string, string | null][]} */
    const news = [];
    for (const [file, hash] of hashes) {
      if (this.#told.get(file) === (hash || null)) continue;
      this.#told.set(file, hash || null);
      news.push([file, hash || null]);
    }
    this.#sayPieces('files', news);
  }

  /** @param {string} say @param {unknown[]} files */
  #sayPieces(say, files) {
    /** @type {unknown[]} */
    let piece = [];
    let length = 0;
    for (const file of files) {
      const size = JSON.stringify(file).length + 1;
      if (piece.length > 0 && length + size > onePiece) {
        this.#say({ say, files: piece });
        [piece, length] = [[], 0];
      }
      piece.push(file);
      length += size;
    }
    if (piece.length > 0) this.#say({ say, files: piece });
  }

  /** @param {object} message */
  #say(message) {
    let rest = Buffer.from(`${JSON.stringify(message)}\n`);
    while (rest.length > 0) {
      try {
        rest = rest.subarray(write(this.#descriptor, rest));
      } catch (error) {
        // It is gone, and this process soon will be, too.
        if (/** @type {any} */ (error).code !== 'EAGAIN') return;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
      }
    }
  }

  #listen() {
    const { Socket } = /** @type {typeof import('node:net')} */ (createRequire(import.meta.url)('node:net'));
    const socket = new Socket({ fd: this.#descriptor, readable: true, writable: false });
    let text = '';
    socket.setEncoding('utf8').on('data', (/** @type {string} */ chunk) => {
      const lines = (text + chunk).split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) this.#hear(JSON.parse(line));
    });
    socket.on('error', () => {}).unref();
  }

  /** @param {{say: 'dispose' | 'pause' | 'resume'}} message */
  async #hear({ say }) {
    const { updates, modules } = /** @type {import('./engine.js').Engine} */ (this.#engine);
    if (say === 'resume') updates.resume();
    else updates.pause();
    if (say !== 'dispose') return;
    this.#say({ say: 'disposing' });
    await modules.hot.disposeRunning();
    this.#tellContents();
    this.#say({ say: 'disposed' });
  }
}

/** This process is for the next restart. */
let mustWait = false;

/** Nothing without a supervisor. */
export const supervisor = find();

function find() {
  const descriptor = isMainThread ? inherited() : getEnvironmentData(key);
  return typeof descriptor === 'number' ? new Supervisor(descriptor) : undefined;
}

/** The descriptor, if it was left open for this process. */
function inherited() {
  const [parent, descriptor, standsBy] = `${process.env.NODE_ESM_HMR_SUPERVISOR ?? ''}`.split(':').map(Number);
  delete process.env.NODE_ESM_HMR_SUPERVISOR;
  if (parent !== process.ppid || !isSocket(descriptor)) return undefined;
  setEnvironmentData(key, descriptor);
  mustWait = standsBy === 1;
  return descriptor;
}

/** @param {number} descriptor */
function isSocket(descriptor) {
  try {
    return fstatSync(descriptor).isSocket();
  } catch {
    return false;
  }
}

/** @param {any} error */
function firstLine(error) {
  try {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : `${error}`;
    return text.split('\n')[0].slice(0, 500);
  } catch {
    return 'an error that cannot be shown';
  }
}
