/** What one part of the program waits for: its changes, and after a failure the files that may repair it. */
import { Changes } from './changes.js';
import { isFile } from './files.js';

/** @typedef {import('./outcome.js').Outcome} Outcome */

/** Milliseconds by which a file's time may lie before the moment it was written. */
const fileTimeGrain = 10;

/** Milliseconds until an update looks again whether a file is still being written, and how often. */
const writingPause = 5;
const maxWaits = 20;

/** Longest time until a file that was left out is tried again. */
const longestPause = 10_000;

export class Attempts {
  changes = new Changes();
  /** Files whose change may repair a failure. @type {string[]} */
  awaited = [];
  /** When the last attempt began to read files, a little earlier as file times are coarse. */
  began = 0;
  /** Files that were missing at a failure and whose appearance has been answered by a new attempt. */
  #appeared = new Set();
  /** @type {NodeJS.Timeout | undefined} */
  #retry;
  /** Until a file that is being written is looked at again. @type {NodeJS.Timeout | undefined} */
  #wait;
  /** How often an update has waited for a file that somebody is writing. */
  #waits = 0;
  /** How many attempts in a row have left files out. */
  #incomplete = 0;
  #run;

  /** @param {() => void} run carries out what is due */
  constructor(run) {
    this.#run = run;
  }

  /** Whether an update is to wait for a file that is being written; some are held open for ever. */
  get isPatient() {
    return this.#waits < maxWaits;
  }

  /**
   * A module's file, or one that is waited for, may have changed.
   * @param {import('./native.d.ts').Session} session
   * @param {import('./native.d.ts').WatchChange} change
   */
  add(session, { real: file, kind, save }) {
    const isRemoved = kind === 'removed' || kind === 'vanished';
    const news = isRemoved ? '"changed"' : session.news(file);
    // One save may be reported twice.
    if (news === '"nothing"') return this.changes.saw(file, save);
    this.isOutdated ||= news === '"changed"';
    this.changes.add(file, isRemoved, save);
  }

  /** Something has another content than what is being applied. */
  isOutdated = false;

  /** What is to be applied now: an attempt begins. */
  take() {
    // The watcher was faster.
    clearTimeout(this.#wait);
    this.began = Date.now() - fileTimeGrain;
    this.isOutdated = false;
    return this.changes.take();
  }

  /**
   * Something changed while nothing could be loaded, a package that is being installed for example:
   * tries again when nothing more comes. @param {number} pause in milliseconds
   */
  retrySoon(pause) {
    clearTimeout(this.#retry);
    this.#retry = this.#retryAfter(pause);
  }

  /** @param {number} pause in milliseconds */
  #retryAfter(pause) {
    const retry = () => {
      this.changes.retry();
      this.#run();
    };
    return setTimeout(retry, pause).unref();
  }

  /**
   * What was taken could not be applied: it waits for the next save.
   * @param {Outcome} outcome
   * @param {ReturnType<Changes['take']>} taken
   * @returns {boolean} whether there is something to tell
   */
  failed(outcome, taken) {
    if (outcome.isSuperseded) {
      this.changes.putBack(taken);
      return false;
    }
    if (outcome.plan.waits) {
      this.changes.putBack(taken);
      this.#waits += 1;
      this.#wait = this.#retryAfter(writingPause);
      return false;
    }
    this.changes.giveBack(taken);
    this.awaited = [...outcome.awaited, ...outcome.missing];
    return true;
  }

  /**
   * Files that somebody is in the middle of saving were left out. The watcher need not tell of them again (a folder that
   * is moved away and back has not changed), so they are tried again: ever more rarely, as some are held open for ever.
   * @param {string[]} unsettled
   */
  leftOut(unsettled) {
    this.#incomplete = unsettled.length > 0 ? this.#incomplete + 1 : 0;
    if (this.#incomplete === 0) return;
    this.changes.keep(unsettled);
    this.retrySoon(Math.min(longestPause, writingPause * 2 ** this.#incomplete));
  }

  /** What was created before it was watched has been missed: to be called when `awaited` is watched. @param {Outcome} outcome */
  lookAgain({ missing }) {
    const appeared = missing.filter((file) => !this.#appeared.has(file) && isFile(file));
    if (appeared.length === 0) return;
    for (const file of appeared) this.#appeared.add(file);
    this.changes.retry();
  }

  /** Everything has been applied. */
  succeeded() {
    if (this.#incomplete === 0) this.#waits = 0;
    this.awaited = [];
    this.#appeared.clear();
  }

  close() {
    clearTimeout(this.#retry);
    clearTimeout(this.#wait);
  }
}

/** Whether a file has another content than when it was last read. @param {import('./native.d.ts').Session} session @param {string} file */
export function isNewContent(session, file) {
  return session.news(file) === '"changed"';
}
