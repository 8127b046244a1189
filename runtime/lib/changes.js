/** What changed for one entry and has not been applied yet. */

/** @typedef {{isRemoved: boolean, stamp?: string | null}} Seen */

export class Changes {
  /** What the watcher saw last of each path: the file's stamp, or that it is gone. @type {Map<string, Seen>} */
  #paths = new Map();
  /** Files saved since the last attempt: errors about them are news. @type {Set<string>} */
  saved = new Set();
  /** The entry's module is to be evaluated anew, whatever changed. */
  forced = false;
  /** There is something to try. */
  isFresh = false;

  /** @param {string} path @param {boolean} isRemoved @param {string | null} [stamp] of a module's file */
  add(path, isRemoved, stamp) {
    this.#paths.set(path, { isRemoved, stamp });
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
    const stamps = [...seen].flatMap(([path, { stamp }]) => (stamp ? [[path, stamp]] : []));
    const taken = { seen, paths: [...seen.keys()], removed, stamps, forced, saved };
    this.#paths = new Map();
    this.saved = new Set();
    this.forced = false;
    this.isFresh = false;
    return taken;
  }

  /** A file that an attempt has read already. @param {string} file @param {string | null} stamp */
  saw(file, stamp) {
    if (this.#paths.has(file)) this.#paths.set(file, { isRemoved: false, stamp });
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
