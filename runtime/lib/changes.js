/** What changed for one entry and has not been applied yet. */

/** @typedef {{isRemoved: boolean, save?: string | null}} Seen */

export class Changes {
  /** What the watcher saw last of each path: what was saved, or that it is gone. @type {Map<string, Seen>} */
  #paths = new Map();
  /** Files saved since the last attempt: errors about them are news. @type {Set<string>} */
  saved = new Set();
  /** The entry's module is to be evaluated anew, whatever changed. */
  forced = false;
  /** There is something to try. */
  isFresh = false;

  /** @param {string} path @param {boolean} isRemoved @param {string | null} [save] of a module's file */
  add(path, isRemoved, save) {
    this.#paths.set(path, { isRemoved, save });
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
    const seen = this.#paths;
    const removed = [...seen].filter(([, { isRemoved }]) => isRemoved).map(([path]) => path);
    const saves = [...seen].flatMap(([path, { save }]) => (save ? [[path, save]] : []));
    const taken = { seen, paths: [...seen.keys()], removed, saves, forced, saved };
    this.#paths = new Map();
    this.saved = new Set();
    this.forced = false;
    this.isFresh = false;
    return taken;
  }

  /** A file that an attempt has read already. @param {string} file @param {string | null} save */
  saw(file, save) {
    if (this.#paths.has(file)) this.#paths.set(file, { isRemoved: false, save });
  }

  /** Files that are to be tried again. @param {string[]} files */
  keep(files) {
    for (const file of files) if (!this.#paths.has(file)) this.#paths.set(file, { isRemoved: false });
  }

  /** What was taken could not be applied: it waits for the next save. @param {ReturnType<Changes['take']>} taken */
  giveBack({ seen, forced }) {
    this.#paths = new Map([...seen, ...this.#paths]);
    this.forced ||= forced;
  }

  /** What was taken has not even been tried. @param {ReturnType<Changes['take']>} taken */
  putBack(taken) {
    this.giveBack(taken);
    for (const path of taken.saved) this.saved.add(path);
  }
}
