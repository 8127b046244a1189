/** What changed for one entry and has not been applied yet. */

export class Changes {
  /** Paths, and whether the file is gone. @type {Map<string, boolean>} */
  #paths = new Map();
  /** Files saved since the last attempt: errors about them are news. @type {Set<string>} */
  saved = new Set();
  /** The entry's module is to be evaluated anew, whatever changed. */
  forced = false;
  /** There is something to try. */
  isFresh = false;

  /** @param {string} path @param {boolean} isRemoved */
  add(path, isRemoved) {
    this.#paths.set(path, isRemoved);
    this.saved.add(path);
    this.isFresh = true;
  }

  /** Evaluates anew though nothing changed. */
  force() {
    this.forced = true;
    this.isFresh = true;
  }

  /** Tries again what failed. */
  retry() {
    this.isFresh = true;
  }

  /** What is to be applied now. */
  take() {
    const { saved, forced } = this;
    const taken = { paths: [...this.#paths.keys()], removed: this.#removed(), forced, saved };
    this.#paths.clear();
    this.saved = new Set();
    this.forced = false;
    this.isFresh = false;
    return taken;
  }

  /** What was taken could not be applied: it waits for the next save. @param {ReturnType<Changes['take']>} taken */
  giveBack({ paths, removed, forced }) {
    for (const path of paths) {
      if (!this.#paths.has(path)) this.#paths.set(path, removed.includes(path));
    }
    this.forced ||= forced;
  }

  /** What was taken has not even been tried. @param {ReturnType<Changes['take']>} taken */
  putBack(taken) {
    this.giveBack(taken);
    for (const path of taken.saved) this.saved.add(path);
  }

  #removed() {
    return [...this.#paths].filter(([, isRemoved]) => isRemoved).map(([path]) => path);
  }
}
