/**
 * The queue of updates: what the watcher reports becomes one transaction at a time. While one is
 * carried out, or an entry's callback runs, changes gather and make one next update.
 */

/** @typedef {import('./entry.js').Entry} Entry */
/** @typedef {import('./native.d.ts').WatchEvent} WatchEvent */

export class Updates {
  /** Entries by watch id. @type {Map<number, Entry>} */
  #entries = new Map();
  /** @type {import('./native.d.ts').Watcher | undefined} */
  #watcher;
  #addon;
  #modules;
  /** @type {Promise<void> | undefined} */
  #running;
  #lastWatch = 0;
  /** Keeps the process alive while a persistent entry is open. @type {NodeJS.Timeout | undefined} */
  #keepAlive;

  /** @param {import('./native.d.ts').Addon} addon @param {import('./modules.js').Modules} modules */
  constructor(addon, modules) {
    this.#addon = addon;
    this.#modules = modules;
    modules.onGrowth = () => {
      for (const entry of this.#entries.values()) entry.updateWatch();
    };
  }

  /** @param {Entry} entry @returns {number} its watch id */
  add(entry) {
    this.#lastWatch += 1;
    this.#entries.set(this.#lastWatch, entry);
    this.#holdProcess();
    return this.#lastWatch;
  }

  /** @param {number} watch */
  remove(watch) {
    this.#entries.delete(watch);
    this.#watcher?.remove(watch);
    this.#holdProcess();
    if (this.#entries.size > 0) return;
    this.#watcher?.close();
    this.#watcher = undefined;
  }

  /**
   * @param {number} watch
   * @param {import('./native.d.ts').WatchSpec} spec
   * @param {number} read when reading the files began; what changed since is reported
   */
  watch(watch, spec, read) {
    this.#watcher ??= new this.#addon.Watcher((event) => this.#receive(JSON.parse(event)));
    this.#watcher.set(watch, JSON.stringify(spec), read);
  }

  /** Carries out what is due, one update after the other. @returns {Promise<void>} */
  run() {
    this.#running ??= this.#runAll().finally(() => {
      this.#running = undefined;
      // Something may have become due after the last look.
      if (this.#due().length > 0) this.run();
    });
    return this.#running;
  }

  async #runAll() {
    for (let due = this.#due(); due.length > 0; due = this.#due()) await this.#update(due);
  }

  /** @param {WatchEvent} event */
  #receive(event) {
    if ('notice' in event) {
      for (const entry of this.#entries.values()) if (entry.notice(event.notice)) break;
      return;
    }
    for (const change of event.changes) {
      for (const watch of change.watches) this.#entries.get(watch)?.offer(change);
    }
    this.run();
  }

  #due() {
    return [...this.#entries.values()].filter((entry) => entry.isDue);
  }

  /** @param {Entry[]} due */
  async #update(due) {
    const started = performance.now();
    for (const entry of due) if (entry.id === undefined) entry.load();
    const changes = due
      .filter((entry) => entry.id !== undefined)
      .map((entry) => ({ entry, id: /** @type {number} */ (entry.id), taken: entry.take() }));
    if (changes.length === 0) return;
    const unique = (/** @type {string[][]} */ lists) => [...new Set(lists.flat())];
    const request = {
      paths: unique(changes.map(({ taken }) => taken.paths)),
      removed: unique(changes.map(({ taken }) => taken.removed)),
      patient: changes.every(({ entry }) => entry.isPatient),
      entries: changes.map(({ id }) => id),
      forced: changes.filter(({ taken }) => taken.forced).map(({ id }) => id),
    };
    const outcome = await this.#modules.apply(request);
    const milliseconds = performance.now() - started;
    const evaluated = new Set(outcome.plan.steps.map(({ id }) => id));
    for (const { entry, id, taken } of changes) {
      if (outcome.failed) entry.failed(outcome, taken);
      else if (taken.forced || evaluated.has(id)) {
        await entry.updated(outcome, taken.paths, milliseconds);
      } else {
        entry.unchanged();
      }
    }
  }

  #holdProcess() {
    const held = [...this.#entries.values()].some((entry) => entry.isPersistent);
    if (held) this.#keepAlive ??= setInterval(() => {}, 2 ** 30);
    else this.#keepAlive = void clearInterval(this.#keepAlive);
  }
}
