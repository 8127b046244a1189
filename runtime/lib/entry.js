/** One `hmr()` call: its module, its watch path, its callback. */
import { statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Changes } from './changes.js';
import { isFile, isPathSpecifier } from './files.js';
import { Reporter } from './report.js';

/** @typedef {import('./modules.js').Outcome} Outcome */

/** Milliseconds within which a file that is only written to be renamed is gone again. */
const temporaryFileLife = 20;

/** Milliseconds after its creation in which a file may be one that is only written to be renamed. */
const youth = 1000;

/** @param {import('./native.d.ts').WatchChange} change */
function isNew({ real, kind }) {
  if (kind === 'created') return true;
  const birth = statSync(real, { throwIfNoEntry: false })?.birthtimeMs ?? 0;
  return kind === 'modified' && Date.now() - birth < youth;
}

/**
 * The file that a specifier names, unless it names none.
 * @param {string} specifier
 * @param {string} parent
 */
function pathOf(specifier, parent) {
  try {
    return isPathSpecifier(specifier) ? [fileURLToPath(new URL(specifier, parent))] : [];
  } catch {
    // Importing it will say what is wrong with it.
    return [];
  }
}

/** Milliseconds by which a file's time may lie before the moment it was written. */
const fileTimeGrain = 10;

/** Milliseconds until an update looks again whether a file is still being written, and how often. */
const writingPause = 5;
const maxWaits = 20;

/** Milliseconds after a save in which a removal may be missed; the watcher holds removals for 100. */
const removalDelay = 250;

export class Entry {
  /** The module's id, once it was loaded. @type {number | undefined} */
  id;
  #engine;
  #request;
  #reporter;
  #watch = 0;
  #changes = new Changes();
  /** The module is loaded for the first time, or the callback runs. @type {Promise<void> | undefined} */
  #busy;
  #closed = false;
  /** The namespace at the end. @type {object | undefined} */
  #last;
  /** Files whose change may repair a failure. @type {string[]} */
  #awaited = [];
  /** Files that were missing at a failure and whose appearance has been answered by a new attempt. */
  #appeared = new Set();
  #watched = '';
  /** @type {NodeJS.Timeout | undefined} */
  #retry;
  /** How often an update has waited for a file that somebody is writing. */
  #waits = 0;
  /** When the last attempt began to read files, a little earlier as file times are coarse. */
  #attempted = 0;
  /** New files that were gone at once. @type {Set<string>} */
  #temporary = new Set();
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
    signal?.addEventListener('abort', this.#onAbort, { once: true });
    this.updateWatch();
    return new Promise((resolve, reject) => {
      this.#resolveFirst = resolve;
      this.#rejectFirst = reject;
      this.load();
    });
  }

  get isDue() {
    return this.#changes.isFresh && !this.#busy && !this.#closed;
  }

  /** Whether an update is to wait for a file that is being written; some are held open for ever. */
  get isPatient() {
    return this.#waits < maxWaits;
  }

  get isPersistent() {
    return this.#request.options.persistent !== false;
  }

  /** The watcher saw a change. @param {import('./native.d.ts').WatchChange} change */
  offer(change) {
    const { path: named, real, kind } = change;
    if (this.#ignores(named)) return;
    const { session } = this.#engine;
    if (this.id === undefined && !this.#awaited.includes(real)) {
      this.#retrySoon();
      return;
    }
    const isPart = (/** @type {string} */ file) => this.id !== undefined && session.contains(this.id, file);
    if (isPart(real) || this.#awaited.includes(real)) this.#changes.add(real, kind === 'removed');
    // A link to a module was pointed elsewhere.
    else if (isPart(named)) this.#changes.add(named, false);
    else if (isNew(change)) this.#offerNewFile(change);
    else this.#offerForeign(change);
  }

  /**
   * Something changed while the module could not be loaded, a package that is being installed for
   * example: tries again when nothing more comes.
   */
  #retrySoon(pause = temporaryFileLife) {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => {
      this.#changes.retry();
      this.#engine.updates.run();
    }, pause).unref();
  }

  /** @param {string} file */
  #ignores(file) {
    try {
      return this.#request.ignored.matches(file);
    } catch (error) {
      this.#reporter.predicateThrew(error);
      return false;
    }
  }

  /** A file beside the graph. @param {import('./native.d.ts').WatchChange} change */
  #offerForeign({ real, kind }) {
    const { session } = this.#engine;
    const isGoneAgain = kind === 'removed' && this.#temporary.delete(real);
    const isChanged = session.foreignChanged(real, kind !== 'attributes');
    if (isGoneAgain || !(isChanged || kind === 'removed')) return;
    if (session.isExternal(real)) this.#reporter.keptByNode(real);
    this.#changes.force();
    this.#changes.add(real, kind === 'removed');
  }

  /**
   * Editors write a file beside the one they save and rename it: by then it is gone.
   * @param {import('./native.d.ts').WatchChange} change
   */
  #offerNewFile(change) {
    setTimeout(() => {
      if (this.#closed) return;
      const stat = statSync(change.real, { throwIfNoEntry: false });
      if (!stat) {
        this.#temporary.add(change.real);
      } else if (Date.now() - stat.mtimeMs < temporaryFileLife) {
        this.#offerNewFile(change);
      } else {
        this.#offerForeign(change);
        this.#engine.updates.run();
      }
    }, temporaryFileLife).unref();
  }

  /** What is to be applied now: an attempt begins. */
  take() {
    this.#attempted = Date.now() - fileTimeGrain;
    return this.#changes.take();
  }

  /** Loads the module for the first time. */
  load() {
    this.#occupy(this.#load(this.take()));
  }

  /** @param {ReturnType<Changes['take']>} taken */
  async #load(taken) {
    const { specifier, parent } = this.#request;
    const { paths, removed } = taken;
    const request = { paths, removed, import: { specifier, parent, entry: true } };
    const outcome = await this.#engine.modules.apply(request);
    if (outcome.failed) {
      this.failed(outcome, taken);
      return;
    }
    this.id = outcome.imported;
    await this.#succeeded();
    await this.#call();
  }

  /** Until `work` is over nothing else is done for this entry. @param {Promise<void>} work */
  #occupy(work) {
    this.#busy = work;
    work.finally(() => {
      this.#busy = undefined;
      this.#engine.updates.run();
    });
  }

  /**
   * An update has been applied.
   * @param {Outcome} outcome
   * @param {string[]} paths
   * @param {number} milliseconds
   */
  async updated(outcome, paths, milliseconds) {
    if (this.#request.options.clearScreen) this.#reporter.clearScreen();
    this.#reporter.updated({
      files: outcome.plan.changed.length > 0 ? outcome.plan.changed : paths,
      boundary: this.#file(),
      evaluated: outcome.evaluated,
      milliseconds,
    });
    for (const url of outcome.plan.leftBehind) this.#reporter.leftBehind(url);
    this.#checkLater(outcome.plan.changed);
    await this.#succeeded();
    // Not awaited here: other entries go on while this one's callback runs.
    this.#occupy(this.#call());
  }

  /**
   * The watcher has been seen to miss a removal that comes right after a save: looks once more.
   * @param {string[]} files
   */
  #checkLater(files) {
    setTimeout(() => {
      const gone = files.filter((file) => !isFile(file));
      if (this.#closed || gone.length === 0) return;
      for (const file of gone) this.offer({ path: file, real: file, kind: 'removed', watches: [] });
      this.#engine.updates.run();
    }, removalDelay).unref();
  }

  /**
   * An update could not be applied: old code stays, the changes wait for the next save.
   * @param {Outcome} outcome
   * @param {ReturnType<Changes['take']>} taken
   */
  failed(outcome, taken) {
    if (this.#closed) return;
    if (outcome.plan.waits) {
      this.#changes.putBack(taken);
      this.#waits += 1;
      this.#retrySoon(writingPause);
      return;
    }
    this.#changes.giveBack(taken);
    this.#awaited = [...outcome.awaited, ...outcome.missing];
    this.updateWatch();
    this.#reporter.failed(outcome.errors, taken.saved);
    // What was created before it was watched has been missed.
    const appeared = outcome.missing.filter((file) => !this.#appeared.has(file) && isFile(file));
    if (appeared.length === 0) return;
    for (const file of appeared) this.#appeared.add(file);
    this.#changes.retry();
  }

  /** Nothing differs from what runs: what was wrong before is no more. */
  unchanged() {
    this.#reporter.succeeded();
  }

  /** @param {string} text @returns {boolean} whether it was told */
  notice(text) {
    return this.#reporter.notice(text);
  }

  async #succeeded() {
    this.#waits = 0;
    this.#awaited = [];
    this.#appeared.clear();
    this.#reporter.succeeded();
    this.updateWatch();
    await this.#engine.modules.namespaces.ensure(this.#id());
  }

  async #call() {
    if (this.#closed) return;
    try {
      await this.#request.callback(this.#module());
    } catch (error) {
      this.#reporter.failed([error]);
    }
    this.#resolveFirst?.(this.#handle());
    this.#resolveFirst = undefined;
  }

  #id() {
    return /** @type {number} */ (this.id);
  }

  #module() {
    if (this.#last) return this.#last;
    return this.#engine.modules.namespaces.of(this.#id());
  }

  #file() {
    const { url } = this.#engine.session.resolve(this.#request.specifier, this.#request.parent);
    return url?.startsWith('file:') ? fileURLToPath(url) : this.#request.specifier;
  }

  async #reload() {
    this.#changes.force();
    // Busy at first with what it does now, then with the callback of the reload.
    await this.#busy;
    await this.#engine.updates.run();
    await this.#busy;
    return this.#module();
  }

  #close() {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#request.options.signal?.removeEventListener('abort', this.#onAbort);
    this.#engine.updates.remove(this.#watch);
    if (this.id === undefined) return;
    this.#last = this.#module();
    this.#engine.modules.close(this.id);
  }

  #onAbort = () => {
    this.#close();
    if (this.#resolveFirst) this.#rejectFirst?.(this.#request.options.signal?.reason);
  };

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
  updateWatch() {
    const { watch, ignored, cwd, parent, specifier } = this.#request;
    const files = watch ? [] : this.#files().filter((file) => !this.#ignores(file));
    if (this.id === undefined) files.push(...pathOf(specifier, parent));
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
    this.#engine.updates.watch(this.#watch, spec, this.#attempted);
  }

  #files() {
    return this.id === undefined ? [] : this.#engine.session.files(this.id);
  }
}
