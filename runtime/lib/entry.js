/** One `hmr()` call: its module, its watch path, its callback. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Reporter } from './report.js';

/** @typedef {import('./modules.js').Outcome} Outcome */

export class Entry {
  /** The module's id, once it was loaded. @type {number | undefined} */
  id;
  #engine;
  #request;
  #reporter;
  #watch = 0;
  /** Changed paths to be applied. @type {Set<string>} */
  #paths = new Set();
  /** Something changed since the last attempt. */
  #fresh = false;
  /** The module itself is to be evaluated anew. */
  #forced = false;
  /** The callback runs. @type {Promise<void> | undefined} */
  #calling;
  #closed = false;
  /** Files whose appearance may repair a failure. @type {string[]} */
  #awaited = [];
  #watched = '';
  /** @type {((handle: import('../index.d.ts').HmrHandle) => void) | undefined} */
  #resolveFirst;
  /** @type {((reason: unknown) => void) | undefined} */
  #rejectFirst;

  /** @param {import('./engine.js').Engine} engine @param {import('./hmr.js').HotRequest} request */
  constructor(engine, request) {
    this.#engine = engine;
    this.#request = request;
    this.#reporter = new Reporter(engine.addon, request.options);
  }

  /** @returns {Promise<import('../index.d.ts').HmrHandle>} resolves after the first callback */
  start() {
    const { signal } = this.#request.options;
    if (signal?.aborted) return Promise.reject(signal.reason);
    this.#engine.session.loadedByNode([this.#request.parent]);
    this.#watch = this.#engine.updates.add(this);
    signal?.addEventListener('abort', () => this.#abort(signal.reason), { once: true });
    this.#updateWatch();
    this.#fresh = true;
    return new Promise((resolve, reject) => {
      this.#resolveFirst = resolve;
      this.#rejectFirst = reject;
      this.#engine.updates.run();
    });
  }

  get isDue() {
    return this.#fresh && !this.#calling && !this.#closed;
  }

  get isPersistent() {
    return this.#request.options.persistent !== false;
  }

  /** The watcher saw a change. @param {import('./native.d.ts').WatchChange} change */
  offer({ path: named, real: file, kind }) {
    if (this.#request.ignored.functions.some((ignores) => ignores(named))) return;
    const { session } = this.#engine;
    const isModule = this.id === undefined || session.contains(this.id, file);
    if (!isModule && !this.#awaited.includes(file)) {
      if (!session.foreignChanged(file, kind !== 'attributes')) return;
      this.#forced = true;
    }
    this.#paths.add(file);
    this.#fresh = true;
  }

  /** What is to be applied now. */
  take() {
    const paths = [...this.#paths];
    const forced = this.#forced;
    this.#paths.clear();
    this.#fresh = false;
    this.#forced = false;
    return { paths, forced };
  }

  /** Loads the module for the first time. @param {string[]} paths changed since the last attempt */
  async load(paths) {
    const { specifier, parent } = this.#request;
    const outcome = await this.#engine.modules.apply({ paths, import: { specifier, parent, entry: true } });
    if (outcome.failed) {
      this.failed(outcome, paths, false);
      return;
    }
    this.id = outcome.imported;
    await this.#succeeded();
  }

  /** An update has been applied. @param {Outcome} outcome @param {string[]} paths @param {number} milliseconds */
  async updated(outcome, paths, milliseconds) {
    if (this.#request.options.clearScreen) this.#reporter.clearScreen();
    this.#reporter.updated({
      files: outcome.plan.changed.length > 0 ? outcome.plan.changed : paths,
      boundary: this.#file(),
      evaluated: outcome.evaluated,
      milliseconds,
    });
    for (const url of outcome.plan.leftBehind) this.#reporter.leftBehind(url);
    await this.#succeeded();
  }

  /** An update could not be applied: old code stays, the paths wait for the next save. */
  /** @param {Outcome} outcome @param {string[]} paths @param {boolean} forced */
  failed(outcome, paths, forced) {
    if (this.#closed) return;
    for (const file of paths) this.#paths.add(file);
    this.#forced ||= forced;
    this.#awaited = outcome.awaited;
    this.#updateWatch();
    this.#reporter.failed(outcome.error);
  }

  /** @param {string} text @returns {boolean} whether it was told */
  notice(text) {
    return this.#reporter.notice(text);
  }

  async #succeeded() {
    this.#awaited = [];
    this.#updateWatch();
    await this.#engine.modules.namespaces.ensure(this.#id());
    this.#calling = this.#call();
    // Not awaited here: other entries go on while this one's callback runs.
    this.#calling.then(() => {
      this.#calling = undefined;
      this.#engine.updates.run();
    });
  }

  async #call() {
    if (this.#closed) return;
    try {
      await this.#request.callback(this.#module());
    } catch (error) {
      this.#reporter.failed(error);
    }
    this.#resolveFirst?.(this.#handle());
    this.#resolveFirst = undefined;
  }

  #id() {
    return /** @type {number} */ (this.id);
  }

  #module() {
    return this.#engine.modules.namespaces.of(this.#id());
  }

  #file() {
    const { url } = this.#engine.session.resolve(this.#request.specifier, this.#request.parent);
    return url?.startsWith('file:') ? fileURLToPath(url) : this.#request.specifier;
  }

  async #reload() {
    this.#forced = true;
    this.#fresh = true;
    await this.#calling;
    await this.#engine.updates.run();
    await this.#calling;
    return this.#module();
  }

  #close() {
    if (this.#closed) return;
    this.#closed = true;
    this.#engine.updates.remove(this.#watch);
    if (this.id !== undefined) this.#engine.session.close(this.id);
  }

  /** @param {unknown} reason */
  #abort(reason) {
    this.#close();
    if (this.#resolveFirst) this.#rejectFirst?.(reason);
  }

  /** @returns {import('../index.d.ts').HmrHandle} */
  #handle() {
    const module = () => this.#module();
    const close = async () => this.#close();
    return {
      get module() {
        return module();
      },
      reload: () => this.#reload(),
      close,
      [Symbol.asyncDispose]: close,
    };
  }

  /** Tells the watcher what to watch, if that has changed. */
  #updateWatch() {
    const { watch, ignored, cwd, parent, specifier } = this.#request;
    const files = watch ? [] : this.#files();
    if (this.id === undefined && /^(\.{0,2}\/|file:)/.test(specifier)) {
      files.push(fileURLToPath(new URL(specifier, parent)));
    }
    const spec = {
      files: [...new Set([...files, ...this.#awaited])].filter((file) => path.isAbsolute(file)).sort(),
      roots: watch?.roots ?? [],
      globs: watch?.globs ?? [],
      cwd,
      ignored: [...(watch?.ignored ?? []), ...ignored.patterns],
    };
    const text = JSON.stringify(spec);
    if (text === this.#watched) return;
    this.#watched = text;
    this.#engine.updates.watch(this.#watch, spec);
  }

  #files() {
    return this.id === undefined ? [] : this.#engine.session.files(this.id);
  }
}
