/**
 * Files that the program itself writes whenever it is updated, its logs for example. Each such write would cause the
 * next update, for ever. They are told from a user's saves by their times: again and again, and only just after an update.
 */
import { statOf } from './files.js';

/** Milliseconds after the end of an update in which a write counts as its consequence. */
const wake = 500;
/** Consequences in a row after which a file is one of those. */
const many = 20;
/** Milliseconds by which a file's time may lie before the moment it was written. */
const grain = 10;

export class OwnWrites {
  /** Updates and callbacks under way. */
  #running = 0;
  /** When the first of those that followed each other without a pause began, and when the last one was over. */
  #began = 0;
  #ended = 0;
  /** How many consequences in a row each file has been. @type {Map<string, number>} */
  #streaks = new Map();

  begin() {
    const now = Date.now();
    if (this.#running === 0 && now > this.#ended + wake) this.#began = now;
    this.#running += 1;
  }

  end() {
    this.#running -= 1;
    this.#ended = Date.now();
  }

  /**
   * Whether a change of this file is one consequence too many. To be asked once for each change.
   * @param {string} file
   * @param {() => void} tell is called when it is the first one too many
   */
  isLoop(file, tell) {
    const written = statOf(file)?.mtimeMs ?? 0;
    const end = this.#running > 0 ? Infinity : this.#ended + wake;
    if (written < this.#began - grain || written > end) {
      this.#streaks.delete(file);
      return false;
    }
    const streak = (this.#streaks.get(file) ?? 0) + 1;
    this.#streaks.set(file, streak);
    if (streak === many + 1) tell();
    return streak > many;
  }
}
