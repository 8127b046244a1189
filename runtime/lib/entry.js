/** One `hmr()` call: its module, its watch path, its callback. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Attempts, isNewContent } from './attempts.js';
import { isPathSpecifier, statOf } from './files.js';
import { Reporter } from './report.js';

/** @typedef {import('./outcome.js').Outcome} Outcome */

/** Milliseconds within which a file that is only written to be renamed is gone again. */
const temporaryFileLife = 20;

/** The same for files with such names: editors can take their time on a busy machine, and nobody waits for these. */
const markedFileLife = 500;
const marked = /^\.|~$|\.(bak|sw[a-z]|tmp)$|___jb_(old|tmp)___$/;

/** Milliseconds after its creation in which a file may be one that is only written to be renamed. */
const youth = 1000;

/** @param {import('./native.d.ts').WatchChange} change */
function isNew({ real, kind }) {
  if (kind === 'created') return true;
  const birth = statOf(real)?.birthtimeMs ?? 0;
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

export class Entry {
  /** The module's id, once it was loaded. @type {number | undefined} */
  id;
  #engine;
  #request;
  #watch = 0;
  #attempts;
  /** The module is loaded for the first time, or the callback runs. @type {Promise<void> | undefined} */
  #busy;
  /** A call of the callback waits for the one that runs. */
  #isCallDue = false;
  #closed = false;
  /** The namespace at the end. @type {object | undefined} */
  #last;
  #watched = '';
  /** The load that is under way. @type {import('./transaction.js').Transaction | undefined} */
  #loading;
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
    this.reporter = new Reporter(engine.addon, request.options);
    this.#attempts = new Attempts(() => engine.updates.run());
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
    return this.#attempts.changes.isFresh && !this.#busy && !this.#closed;
  }

  get isOutdated() {
    return this.#attempts.isOutdated;
  }

  get isPatient() {
    return this.#attempts.isPatient;
  }

  get isPersistent() {
    return this.#request.options.persistent !== false;
  }

  /** The watcher saw a change. @param {import('./native.d.ts').WatchChange} change */
  offer(change) {
    const { path: named, real, kind } = change;
    if (this.#ignores(named)) return;
    const { session } = this.#engine;
    const isPart = (/** @type {string} */ file) => this.id !== undefined && session.contains(this.id, file);
    // It matters only to who has read it before the watcher could look.
    if (kind === 'vanished' && !isPart(real)) return;
    if (this.id === undefined && !this.#attempts.awaited.includes(real)) {
      this.#attempts.retrySoon(temporaryFileLife);
      if (isNewContent(session, real)) this.#loading?.supersede();
      return;
    }
    if (isPart(real) || this.#attempts.awaited.includes(real)) this.#attempts.add(session, change);
    // A link to a module was pointed elsewhere.
    else if (isPart(named)) this.#attempts.changes.add(named, false);
    else if (isNew(change)) this.#offerNewFile(change);
    else this.#offerForeign(change);
  }

  /** @param {string} file */
  #ignores(file) {
    try {
      return this.#request.ignored.matches(file);
    } catch (error) {
      this.reporter.predicateThrew(error);
      return false;
    }
  }

  /** A file beside the graph. @param {import('./native.d.ts').WatchChange} change */
  #offerForeign({ real, kind }) {
    const { session } = this.#engine;
    const isGoneAgain = kind === 'removed' && this.#temporary.delete(real);
    const isChanged = session.foreignChanged(real, kind !== 'attributes');
    if (isGoneAgain || !(isChanged || kind === 'removed')) return;
    if (this.#engine.updates.ownWrites.isLoop(real, () => this.reporter.wroteItself(real))) return;
    if (this.#engine.updates.scriptChanged({ real, kind }, isChanged)) return;
    if (session.isExternal(real)) this.reporter.keptByNode(real);
    this.#attempts.changes.force();
    this.#attempts.changes.add(real, kind === 'removed');
  }

  /**
   * Editors write a file beside the one they save and rename it: by then it is gone.
   * @param {import('./native.d.ts').WatchChange} change
   */
  #offerNewFile(change) {
    const life = marked.test(path.basename(change.real)) ? markedFileLife : temporaryFileLife;
    setTimeout(() => {
      if (this.#closed) return;
      const stat = statOf(change.real);
      if (!stat) {
        this.#temporary.add(change.real);
      } else if (Date.now() - stat.mtimeMs < life) {
        this.#offerNewFile(change);
      } else {
        this.#offerForeign(change);
        this.#engine.updates.run();
      }
    }, life).unref();
  }

  /** What is to be applied now: an attempt begins. */
  take() {
    return this.#attempts.take();
  }

  /** Loads the module for the first time. */
  load() {
    this.#occupy(this.#load(this.take()));
  }

  /** @param {ReturnType<Attempts['take']>} taken */
  async #load(taken) {
    const { specifier, parent } = this.#request;
    const { paths, removed } = taken;
    const request = { paths, removed, import: { specifier, parent, entry: true } };
    const outcome = await this.#engine.modules.apply(request, (transaction) => {
      this.#loading = transaction;
    });
    this.#loading = undefined;
    if (outcome.failed) {
      this.failed(outcome, taken);
      return;
    }
    this.id = outcome.imported;
    this.leftOut(outcome.plan.unsettled);
    await this.#succeeded();
    await this.#call();
  }

  /** Until `work` is over nothing else is done for this entry. @param {Promise<void>} work */
  #occupy(work) {
    const { ownWrites } = this.#engine.updates;
    this.#busy = work;
    ownWrites.begin();
    work.finally(() => {
      if (this.#busy === work) this.#busy = undefined;
      ownWrites.end();
      this.#engine.updates.run();
    });
  }

  /** Takes over a restart. */
  get onFullReload() {
    return this.#request.options.onFullReload;
  }

  /** @param {string[]} unsettled files that are to be tried again */
  leftOut(unsettled) {
    this.#attempts.leftOut(unsettled);
  }

  /** A restart was called for and did not happen. @param {ReturnType<Attempts['take']>} taken */
  postpone(taken) {
    this.#attempts.changes.giveBack(taken);
  }

  /**
   * An update has been applied: calls back.
   * @param {Outcome} outcome
   * @param {import('../index.d.ts').UpdateEvent} [told] unless somebody else tells it
   */
  async updated({ plan }, told) {
    if (this.#request.options.clearScreen) this.reporter.clearScreen();
    if (told) {
      this.reporter.updated(told, this.#file());
      for (const url of plan.leftBehind) this.reporter.leftBehind(url);
    }
    await this.#succeeded();
    // Not awaited here: other entries go on while this one's callback runs.
    if (!this.#isCallDue) this.#occupy(this.#callNext());
  }

  /** An update that others have caused does not wait for the callback: the next call does, and is one for all such updates. */
  async #callNext() {
    this.#isCallDue = true;
    await this.#busy;
    this.#isCallDue = false;
    await this.#call();
  }

  /**
   * An update could not be applied: old code stays, the changes wait for the next save.
   * @param {Outcome} outcome
   * @param {ReturnType<Attempts['take']>} taken
   */
  failed(outcome, taken) {
    if (this.#closed) return;
    if (!this.#attempts.failed(outcome, taken)) return;
    this.updateWatch();
    this.reporter.failed(outcome.errors, taken.saved);
    this.#attempts.lookAgain(outcome);
  }

  /** Nothing differs from what runs: what was wrong before is no more. */
  unchanged() {
    this.reporter.succeeded();
  }

  /** @param {string} text @returns {boolean} whether it was told */
  notice(text) {
    return this.reporter.notice(text);
  }

  async #succeeded() {
    this.#attempts.succeeded();
    this.reporter.succeeded();
    this.updateWatch();
    await this.#engine.modules.namespaces.ensure(this.#id());
  }

  async #call() {
    if (this.#closed) return;
    try {
      await this.#request.callback(this.#module());
    } catch (error) {
      this.reporter.failed([error]);
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
    this.#attempts.changes.force();
    // Busy at first with what it does now, then with the callback of the reload.
    await this.#busy;
    await this.#engine.updates.run();
    await this.#busy;
    return this.#module();
  }

  #close() {
    if (this.#closed) return;
    this.#closed = true;
    this.#attempts.close();
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
    const scripts = this.#engine.modules.scripts.files();
    const state = JSON.stringify([this.id, this.#engine.session.revision(), scripts, this.#attempts.awaited]);
    if (state === this.#watched) return;
    this.#watched = state;
    const members = this.#files().filter((file) => path.isAbsolute(file) && !this.#ignores(file));
    const files = watch ? [] : [...members];
    if (this.id === undefined) files.push(...pathOf(specifier, parent));
    const spec = {
      files: [...new Set([...files, ...this.#attempts.awaited])].filter((file) => path.isAbsolute(file)).sort(),
      members: watch ? members : [],
      roots: watch?.roots ?? [],
      globs: watch?.globs ?? [],
      cwd,
      ignored: [...(watch?.ignored ?? []), ...ignored.patterns],
    };
    this.#engine.updates.watch(this.#watch, spec, this.#attempts.began);
  }

  #files() {
    if (this.id === undefined) return [];
    return [...this.#engine.session.files(this.id), ...this.#engine.modules.scripts.files()];
  }
}
