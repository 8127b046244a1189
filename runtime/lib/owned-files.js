/** Files that are no modules but belong to one: `import.meta.hot.watch()`. */
import { parseWatchPath } from './watch-path.js';

export class OwnedFiles {
  /** What is watched for each module. @type {Map<number, {watch: number, key: string}>} */
  #watches = new Map();
  #modules;
  #updates;
  #force;

  /**
   * @param {import('./modules.js').Modules} modules
   * @param {import('./updates.js').Updates} updates
   * @param {(id: number, file: string) => void} force a module is to be evaluated anew since this file changed
   */
  constructor(modules, updates, force) {
    this.#modules = modules;
    this.#updates = updates;
    this.#force = force;
  }

  /** What modules watch may have changed. */
  update() {
    const wanted = this.#modules.hot.watched();
    for (const [id, { watch }] of this.#watches) {
      if (wanted.some((one) => one.id === id)) continue;
      this.#updates.remove(watch);
      this.#watches.delete(id);
    }
    for (const id of new Set(wanted.map((one) => one.id))) {
      const own = wanted.filter((one) => one.id === id);
      this.#watch(id, own[0].folder, own.map(({ pattern }) => pattern));
    }
  }

  /** @param {number} id @param {string} folder @param {string[]} patterns */
  #watch(id, folder, patterns) {
    const key = JSON.stringify(patterns);
    const known = this.#watches.get(id);
    if (known?.key === key) return;
    const { roots = [], globs = [], ignored = [] } = parseWatchPath(patterns, folder) ?? {};
    const { session } = this.#modules;
    const watch = known?.watch ?? this.#updates.addWatching({
      offer: ({ real, kind }) => {
        const isChanged = session.foreignChanged(real, kind !== 'attributes');
        // A module among them is watched anyway.
        if (!(isChanged || kind === 'removed') || session.contains(null, real)) return;
        const { ownWrites, reporter } = this.#updates;
        if (!ownWrites.isLoop(real, () => reporter?.wroteItself(real))) this.#force(id, real);
      },
    });
    this.#watches.set(id, { watch, key });
    this.#updates.watch(watch, { files: [], roots, globs, cwd: folder, ignored }, Date.now());
  }
}
