/** A program that is hot as a whole, from its main module on: `node --import node-esm-hmr/register`. */
import { Attempts } from './attempts.js';
import { clearTimeout, setTimeout } from './clock.js';
import { events } from './events.js';
import { Reporter, logOptions } from './report.js';
import { supervisor } from './supervisor.js';

/** @typedef {import('./outcome.js').Outcome} Outcome */

export class App {
  isPersistent = false;
  #engine;
  #attempts;
  #watch;
  #watched = '';
  /** @type {NodeJS.Timeout | undefined} */
  #timer;

  /** @param {import('./engine.js').Engine} engine */
  constructor(engine) {
    this.#engine = engine;
    this.reporter = new Reporter(engine.addon, logOptions());
    this.#attempts = new Attempts(() => engine.updates.run());
    this.#watch = engine.updates.addWatching(this);
    engine.updates.app = this;
    engine.session.setWholeApp();
    process.on('uncaughtExceptionMonitor', (error) => this.reporter.uncaught(error));
    engine.modules.onFailure = (outcome) => this.#await(outcome);
  }

  get isDue() {
    return this.#attempts.changes.isFresh;
  }

  get isOutdated() {
    return this.#attempts.isOutdated;
  }

  get isPatient() {
    return this.#attempts.isPatient;
  }

  /** A root is about to run: from now on its changes are seen. */
  opened() {
    this.#watchSoon();
  }

  /**
   * The first watches are put in place when the program has waited for something for a moment: one that ends before needs
   * none, and closing them takes the system longer than such a program runs. What changes until then is found by its time.
   */
  #watchSoon() {
    clearTimeout(this.#timer);
    // After a crash the supervisor has to know what to wait for.
    if (supervisor || this.#watched) this.updateWatch(true);
    else this.#timer = setTimeout(() => this.updateWatch(true), moment).unref();
  }

  /** A root has run. @param {number} id */
  loaded(id) {
    this.#watchSoon();
    events.emit('ready', { type: 'ready', files: this.#engine.session.files(id) });
  }

  /** The watcher saw a change. @param {import('./native.d.ts').WatchChange} change */
  offer(change) {
    const { path: named, real, kind } = change;
    const { session } = this.#engine;
    const { awaited } = this.#attempts;
    if (kind === 'vanished' && !session.contains(null, real)) return;
    if (session.contains(null, real) || awaited.includes(real)) this.#attempts.add(session, change);
    // A link to a module was pointed elsewhere.
    else if (session.contains(null, named)) this.#attempts.changes.add(named, false);
    else this.#engine.updates.scriptChanged(change);
  }

  take() {
    return this.#attempts.take();
  }

  /** @param {Outcome} outcome @param {ReturnType<App['take']>} taken */
  failed(outcome, taken) {
    if (!this.#attempts.failed(outcome, taken)) return;
    this.updateWatch();
    this.reporter.failed(outcome.errors, taken.saved);
    this.#attempts.lookAgain(outcome);
  }

  /** @param {string[]} unsettled files that are to be tried again */
  leftOut(unsettled) {
    this.#attempts.leftOut(unsettled);
  }

  /** A restart was called for and did not happen. @param {ReturnType<App['take']>} taken */
  postpone(taken) {
    this.#attempts.changes.giveBack(taken);
  }

  /** An `import()` of the program failed: what may repair it is watched. @param {Outcome} outcome */
  #await({ awaited, missing }) {
    this.#attempts.awaited.push(...awaited, ...missing);
    this.updateWatch();
  }

  /** @param {Outcome} outcome @param {import('../index.d.ts').UpdateEvent} told */
  updated(outcome, told) {
    this.reporter.updated(told);
    for (const url of outcome.plan.leftBehind) this.reporter.leftBehind(url);
    this.unchanged();
  }

  unchanged() {
    this.#attempts.succeeded();
    this.reporter.succeeded();
    this.updateWatch();
  }

  /** Tells the watcher what to watch, if that has changed. @param {boolean} [soon] it need not be watched at once */
  updateWatch(soon) {
    supervisor?.contents();
    const { session, modules } = this.#engine;
    const scripts = modules.scripts.files();
    const state = JSON.stringify([session.revision(), scripts, this.#attempts.awaited]);
    if (state === this.#watched) return;
    this.#watched = state;
    const files = [...session.files(), ...scripts];
    const spec = {
      files: [...new Set([...files, ...this.#attempts.awaited])].sort(),
      roots: [],
      globs: [],
      cwd: process.cwd(),
      ignored: [],
    };
    supervisor?.files(spec.files);
    this.#engine.updates.watch(this.#watch, spec, this.#attempts.began || started, soon);
  }
}

/** Milliseconds. */
const moment = 50;

/** When the program's files were read first, or a little earlier. */
const started = Date.now() - process.uptime() * 1e3;
