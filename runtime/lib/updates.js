/**
 * The queue of updates: what the watcher reports becomes one transaction at a time. While one is
 * carried out, or an entry's callback runs, changes gather and make one next update.
 */
import { now, setImmediate } from './clock.js';
import { events } from './events.js';
import { OwnWrites } from './own-writes.js';
import { OwnedFiles } from './owned-files.js';
import { Restart } from './restart.js';
import { tell } from './told.js';
import { Waiting, patience, whatWaits } from './waiting.js';

/** @typedef {import('./entry.js').Entry} Entry */
/** @typedef {import('./app.js').App} App */
/** @typedef {import('./outcome.js').Outcome} Outcome */
/** @typedef {import('./native.d.ts').WatchEvent} WatchEvent */

/** Who wants to know what changes. @typedef {{offer: (change: import('./native.d.ts').WatchChange) => void}} Watching */

/** Milliseconds between two batches of changes within which more are likely to have been told. */
const crowded = 20;

/** Milliseconds between two looks at all files if `NODE_ESM_HMR_POLL` asks for polling: its number from 10 on, otherwise 100. */
function pollInterval() {
  const { NODE_ESM_HMR_POLL: poll } = process.env;
  if (!poll || poll === '0' || poll === 'false') return undefined;
  return Number(poll) >= 10 ? Math.trunc(Number(poll)) : 100;
}

/** Updates in a row that modules cause by not accepting what they have become. */
const maxInvalidations = 50;

export class Updates {
  /** By watch id. @type {Map<number, Watching>} */
  #watching = new Map();
  /** @type {Map<number, Entry>} */
  #entries = new Map();
  /** The program, if it is hot as a whole. @type {App | undefined} */
  app;
  ownWrites = new OwnWrites();
  /** @type {import('./native.d.ts').Watcher | undefined} */
  #watcher;
  #addon;
  #modules;
  /** @type {Promise<void> | undefined} */
  #running;
  #lastWatch = 0;
  /** Keeps the process alive while a persistent entry is open. @type {NodeJS.Timeout | undefined} */
  #keepAlive;
  /** Modules to which files belong that changed. @type {Map<number, string[]>} */
  #forced = new Map();
  /** Those of them that wait for the next save, since their update failed. @type {[number, string[]][]} */
  #postponed = [];
  /** Modules that do not accept what they have become. @type {Set<number>} */
  #invalidated = new Set();
  #invalidations = 0;
  /** What is being carried out. @type {import('./transaction.js').Transaction | undefined} */
  #transaction;
  /** Callbacks of what has been carried out. @type {Waiting | undefined} */
  #calling;
  #restart;
  #isPaused = false;

  /** @param {import('./native.d.ts').Addon} addon @param {import('./modules.js').Modules} modules */
  constructor(addon, modules) {
    this.#addon = addon;
    this.#modules = modules;
    this.#restart = new Restart(modules);
    modules.onGrowth = () => this.#updateWatch();
    const owned = new OwnedFiles(modules, this, (id, file) => this.#force(id, [file]));
    modules.hot.onWatch = () => owned.update();
    modules.hot.onInvalidate = (id) => this.#invalidate(id);
    modules.hot.onError = (error) => this.reporter?.failed([error]);
  }

  /** Who shows what concerns no single entry. */
  get reporter() {
    return this.app?.reporter ?? this.#entries.values().next().value?.reporter;
  }

  /** @param {Entry} entry @returns {number} its watch id */
  add(entry) {
    const watch = this.addWatching(entry);
    this.#entries.set(watch, entry);
    this.#holdProcess();
    return watch;
  }

  /** @param {Watching} watching @returns {number} */
  addWatching(watching) {
    this.#lastWatch += 1;
    this.#watching.set(this.#lastWatch, watching);
    return this.#lastWatch;
  }

  /** @param {number} watch */
  remove(watch) {
    this.#watching.delete(watch);
    this.#entries.delete(watch);
    this.#watcher?.remove(watch);
    this.#holdProcess();
    if (this.#watching.size > 0) return;
    this.#watcher?.close();
    this.#watcher = undefined;
  }

  /**
   * @param {number} watch
   * @param {import('./native.d.ts').WatchSpec} spec
   * @param {number} read when reading the files began; what changed since is reported
   * @param {boolean} [soon] it need not be watched at once
   */
  watch(watch, spec, read, soon = false) {
    this.#watcher ??= new this.#addon.Watcher((event) => this.#receive(JSON.parse(event)), pollInterval());
    this.#watcher.set(watch, JSON.stringify(spec), read, soon);
  }

  #updateWatch() {
    for (const entry of this.#entries.values()) entry.updateWatch();
    this.app?.updateWatch();
  }

  /** Carries out what is due, one update after the other. @returns {Promise<void>} */
  run() {
    this.#running ??= this.#runAll().finally(() => {
      this.#running = undefined;
      // Something may have become due after the last look.
      if (this.#isDue()) this.run();
    });
    return this.#running;
  }

  async #runAll() {
    while (this.#isDue()) {
      this.ownWrites.begin();
      // Not an error of the program: that goes on as it is.
      const broken = (/** @type {unknown} */ error) => this.reporter?.failed([error]);
      await this.#update(this.#due()).catch(broken).finally(() => this.ownWrites.end());
    }
  }

  /** Changes gather. */
  pause() {
    this.#isPaused = true;
  }

  resume() {
    this.#isPaused = false;
    this.run();
  }

  #isDue() {
    if (this.#isPaused) return false;
    return this.#due().length > 0 || this.#forced.size > 0 || this.#invalidated.size > 0;
  }

  /** @param {WatchEvent} event */
  #receive(event) {
    if ('notice' in event) {
      this.reporter?.notice(event.notice);
      return;
    }
    for (const change of event.changes) {
      for (const watch of change.watches) this.#watching.get(watch)?.offer(change);
    }
    // A newer save makes the update that waits for something superfluous.
    if (this.#due().some((subject) => subject.isOutdated)) (this.#calling ?? this.#transaction)?.supersede();
    const last = this.#received;
    this.#received = now();
    if (this.#received - last > crowded) this.run();
    else this.#runSoon();
  }
  #received = -Infinity;

  /** What the watcher has told already belongs to the same update. */
  #runSoon() {
    if (this.#isSoon) return;
    this.#isSoon = true;
    setImmediate(() => {
      this.#isSoon = false;
      this.run();
    });
  }
  #isSoon = false;

  /**
   * A file may be CommonJS that hot modules lead to.
   * @param {Pick<import('./native.d.ts').WatchChange, 'real' | 'kind'>} change
   * @param {boolean} [isChanged] whether its content is another one, if that is known
   * @returns {boolean} whether the change is going to be applied
   */
  scriptChanged({ real, kind }, isChanged = this.#modules.session.foreignChanged(real, kind !== 'attributes')) {
    if (!isChanged || kind === 'removed') return false;
    const { ids, isHot } = this.#modules.scripts.changed(real, (id) => this.#modules.isCurrent(id));
    for (const id of ids) this.#force(id, [real]);
    return isHot;
  }

  /** @param {number} id @param {string[]} files */
  #force(id, files) {
    this.#forced.set(id, [...(this.#forced.get(id) ?? []), ...files]);
  }

  /** @param {number} id */
  #invalidate(id) {
    this.#invalidated.add(id);
    queueMicrotask(() => this.run());
  }

  /** @returns {(Entry | App)[]} */
  #due() {
    const due = [...this.#entries.values()].filter((entry) => entry.isDue);
    return this.app?.isDue ? [...due, this.app] : due;
  }

  /** @param {(Entry | App)[]} due */
  async #update(due) {
    const started = now();
    for (const subject of due) if ('load' in subject && subject.id === undefined) subject.load();
    const taking = due.filter((subject) => !('load' in subject) || subject.id !== undefined);
    const changes = taking.map((subject) => ({ subject, taken: subject.take() }));
    for (const [id, files] of this.#postponed) this.#force(id, files);
    this.#postponed = [];
    const owned = [...this.#forced];
    const forced = owned.map(([id]) => id);
    const invalidated = [...this.#invalidated];
    this.#forced.clear();
    this.#invalidated.clear();
    if (changes.length + forced.length + invalidated.length === 0) return;
    if (!this.#mayInvalidate(invalidated, changes.length)) return;
    const unique = (/** @type {string[][]} */ lists) => [...new Set(lists.flat())];
    const again = changes.filter(({ subject, taken }) => 'load' in subject && taken.forced).map(({ subject }) => idOf(subject));
    this.#modules.countWhatRan();
    const outcome = await this.#apply({
      paths: unique(changes.map(({ taken }) => taken.paths)),
      removed: unique(changes.map(({ taken }) => taken.removed)),
      saves: Object.fromEntries(changes.flatMap(({ taken }) => taken.saves)),
      patient: changes.every(({ subject }) => subject.isPatient),
      entries: this.#boundaries(this.app || forced.length > 0 ? [...this.#entries.values()] : taking),
      forced: [...forced, ...again],
      invalidated,
    });
    if (outcome.failed) this.#failed(outcome, changes, owned);
    else if (outcome.plan.restart.length > 0) await this.#needsRestart(outcome, changes);
    else await this.#applied(outcome, changes, { started, invalidated, owned });
  }

  /** Entries that accept a change. @param {(Entry | App)[]} subjects @returns {number[]} */
  #boundaries(subjects) {
    return subjects.map(idOf).filter((id) => id >= 0);
  }

  /** @param {import('./native.d.ts').Request} request @returns {Promise<Outcome>} */
  async #apply(request) {
    const say = () => this.#transaction && this.reporter?.notice(`waiting for ${whatWaits(this.#transaction)}`);
    const timer = setTimeout(say, patience).unref();
    try {
      return await this.#modules.apply(request, (transaction) => {
        this.#transaction = transaction;
      });
    } finally {
      clearTimeout(timer);
      this.#transaction = undefined;
    }
  }

  /** @param {number[]} invalidated @param {number} changed how many other reasons there are */
  #mayInvalidate(invalidated, changed) {
    this.#invalidations = changed > 0 ? 0 : this.#invalidations + invalidated.length;
    if (this.#invalidations <= maxInvalidations) return true;
    this.reporter?.notice(`import.meta.hot.invalidate() was called ${maxInvalidations} times in a row: it is ignored`);
    return false;
  }

  /** @typedef {{subject: Entry | App, taken: ReturnType<import('./changes.js').Changes['take']>}} Taken */

  /** @param {Outcome} outcome @param {Taken[]} changes @param {[number, string[]][]} owned */
  #failed(outcome, changes, owned) {
    this.#postponed = owned;
    for (const { subject, taken } of changes) subject.failed(outcome, taken);
    if (changes.length === 0 && !outcome.isSuperseded) this.reporter?.failed(outcome.errors);
    if (outcome.isSuperseded || outcome.plan.waits) return;
    for (const error of outcome.errors) this.#tellError(error);
  }

  /** @param {any} error */
  #tellError(error) {
    const told = this.reporter?.explain(error);
    events.emit('error', { error, ...told });
    const { file: id, line, column, frame } = told ?? {};
    const loc = line === undefined || column === undefined ? undefined : { file: id, line, column };
    const err = { message: `${error?.message ?? error}`, stack: `${error?.stack ?? ''}`, id, frame, loc, plugin: '' };
    this.#modules.hot.emit('vite:error', { type: 'error', err });
  }

  /** @param {Outcome} outcome @param {Taken[]} changes */
  async #needsRestart({ plan }, changes) {
    const hook = [...this.#entries.values()].find((entry) => entry.onFullReload)?.onFullReload;
    const isTaken = await this.#restart.begin(plan, this.reporter, hook);
    // The program goes on with the old code: the next save is one on top of these.
    for (const { subject, taken } of changes) if (!isTaken) subject.postpone(taken);
  }

  /**
   * @param {Outcome} outcome
   * @param {Taken[]} changes
   * @param {{started: number, invalidated: number[], owned: [number, string[]][]}} how
   */
  async #applied(outcome, changes, { started, invalidated, owned }) {
    const { plan, left = [], before = () => undefined } = outcome;
    for (const { subject } of changes) subject.leftOut(plan.unsettled);
    const milliseconds = now() - started;
    const { hot } = this.#modules;
    const isUpdate = plan.changed.length > 0 || plan.steps.length > 0;
    const calls = hot.callBack(plan.boundaries, before);
    await this.#called(calls);
    await hot.prune(left);
    if (isUpdate) hot.afterUpdate(plan);
    hot.onWatch();
    const paths = [...changes.flatMap(({ taken }) => taken.paths), ...owned.flatMap(([, files]) => files)];
    const told = tell(outcome, paths, milliseconds);
    if (isUpdate) events.emit('update', told);
    const evaluated = new Set(plan.steps.map(({ id }) => id));
    const called = this.#calledBack(changes, evaluated, invalidated, plan);
    if (this.app && isUpdate) this.app.updated(outcome, told);
    for (const entry of called) await entry.updated(outcome, this.app ? undefined : told);
    for (const { subject } of changes) if (!called.has(/** @type {Entry} */ (subject))) subject.unchanged();
  }

  /** Callbacks may never settle: after a while a newer save does not wait for them. @param {Promise<void>} work */
  async #called(work) {
    const waiting = new Waiting();
    this.#calling = waiting;
    const say = () => this.reporter?.notice('waiting for a callback of import.meta.hot.accept()');
    const timer = setTimeout(say, patience).unref();
    await waiting.for(work).catch(() => {});
    clearTimeout(timer);
    this.#calling = undefined;
  }

  /**
   * Entries to call back: every change among what they watch counts, whoever accepted it.
   * @param {Taken[]} changes
   * @param {Set<number>} evaluated
   * @param {number[]} invalidated
   * @param {import('./native.d.ts').Plan} plan
   * @returns {Set<Entry>}
   */
  #calledBack(changes, evaluated, invalidated, plan) {
    const called = new Set([...this.#entries.values()].filter(({ id }) => id !== undefined && (evaluated.has(id) || invalidated.includes(id))));
    for (const { subject, taken } of changes) {
      const isChanged = taken.paths.some((path) => plan.changed.includes(path));
      if ('load' in subject && (taken.forced || isChanged)) called.add(subject);
    }
    return called;
  }

  #holdProcess() {
    const held = [...this.#entries.values()].some((entry) => entry.isPersistent);
    if (held) this.#keepAlive ??= setInterval(() => {}, 2 ** 30);
    else this.#keepAlive = void clearInterval(this.#keepAlive);
  }
}

/** @param {Entry | App} subject */
function idOf(subject) {
  return 'load' in subject ? (subject.id ?? -1) : -1;
}
