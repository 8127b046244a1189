/**
 * V8's compiled forms of scripts, for the next start of the program. They are made when the program has run for a while, so
 * that they contain the functions it calls.
 */
import { setImmediate, setTimeout } from './clock.js';

/** Milliseconds between the compilation of the first script and the making of compiled forms. */
const ripening = 1000;
/** Milliseconds that making them may take at a time. */
const slice = 5;
/** Characters of scripts and files from which on keeping what came of them is worth a later end of the program. */
const worthwhile = 1 << 17;

/** @typedef {import('node:vm').Script} Script */

/** Compiled forms of the texts of one plan. */
export class Forms {
  #found;
  #cache;

  /** @param {import('./native.d.ts').Compiled} found @param {CodeCache} cache */
  constructor(found, cache) {
    this.#found = found;
    this.#cache = cache;
  }

  /** @param {number} index of a text @returns {Uint8Array | undefined} */
  of(index) {
    const { data, places } = this.#found;
    const [begin, end] = [places[2 * index], places[2 * index + 1]];
    return end > begin ? new Uint8Array(data.buffer, data.byteOffset + begin, end - begin) : undefined;
  }

  /** All are compiled: their forms take memory. */
  release() {
    this.#cache.release(this.#found.data.buffer);
  }

  /** A text has been compiled. @param {number} index @param {Script} script @param {number} length */
  compiled(index, script, length) {
    // It says nothing if there was no form.
    if (script.cachedDataRejected === false) return;
    this.#cache.add(this.#found.keys.subarray(16 * index, 16 * index + 16), script, length);
  }
}

export class CodeCache {
  #session;
  release;
  /** What V8 had to compile itself, by key. @type {[Uint8Array, Script][]} */
  #fresh = [];
  /** @type {Uint8Array[]} */
  #forms = [];
  #length = 0;
  /** Length of files that had to be parsed. */
  #parsed = 0;
  #isRipening = false;
  #isWaitingForExit = false;

  /** @param {import('./native.d.ts').Session} session @param {import('./native.d.ts').Addon['release']} release */
  constructor(session, release) {
    this.#session = session;
    this.release = release;
  }

  /** @param {import('./native.d.ts').Compiled | null} [found] @returns {Forms | undefined} */
  forms(found) {
    if (!found) return undefined;
    this.#parsed = found.parsed;
    if (found.parsed > 0) this.#ripen();
    return new Forms(found, this);
  }

  /** @param {Uint8Array} key @param {Script} script @param {number} length */
  add(key, script, length) {
    this.#fresh.push([key, script]);
    this.#length += length;
    this.#ripen();
  }

  /** There is something to keep. */
  #ripen() {
    if (!this.#isRipening) setTimeout(() => this.#make(), ripening).unref();
    this.#isRipening = true;
    if (this.#isWaitingForExit || !this.#isWorthwhile) return;
    this.#isWaitingForExit = true;
    process.once('exit', () => {
      if (this.#isWorthwhile) this.#keep(false);
    });
  }

  get #isWorthwhile() {
    return this.#length + this.#parsed >= worthwhile;
  }

  /** As many forms as fit into a moment, until there are all. */
  #make() {
    const end = Date.now() + slice;
    while (this.#forms.length < this.#fresh.length && Date.now() < end) this.#makeOne();
    if (this.#forms.length < this.#fresh.length) setImmediate(() => this.#make()).unref();
    else this.#keep(true);
  }

  #makeOne() {
    this.#forms.push(this.#fresh[this.#forms.length][1].createCachedData());
  }

  /** @param {boolean} soon the program goes on */
  #keep(soon) {
    while (this.#forms.length < this.#fresh.length) this.#makeOne();
    const keys = this.#fresh.map(([key]) => key);
    this.#session.leave(Buffer.concat(keys), this.#forms, soon);
    [this.#fresh, this.#forms, this.#length, this.#parsed, this.#isRipening] = [[], [], 0, 0, false];
  }
}
