/**
 * Evaluates the steps of a plan in the standard's order (Evaluate and InnerModuleEvaluation,
 * ECMA-262 16.2.1.6): synchronously as long as nothing has a top-level await, siblings with one
 * side by side, each module after what it depends on.
 *
 * Modules that Node has to load are imported by Node itself, exactly where the standard evaluates
 * them: one synthetic module imports them in order, with the hot modules in between as segments.
 */
import { registerSegments, importSegments } from './segments.js';

/** @typedef {import('./native.d.ts').Step} Step */
/** @typedef {import('./native.d.ts').Definition} Definition */

/**
 * @typedef {object} Actions
 * @property {(id: number) => Promise<unknown> | undefined} run evaluates a hot module
 * @property {(id: number, namespace: any) => void} provide hands over a module that Node has loaded
 * @property {(id: number) => boolean} isProvided
 * @property {(id: number) => void} finished
 */

export class Evaluation {
  /** Steps that have begun, or wait to, and have not finished. @type {Map<number, Promise<void>>} */
  #pending = new Map();
  /** @type {Map<number, () => void>} */
  #arrivals = new Map();
  #steps;
  #definitions;
  #actions;
  #elsewhere;

  /**
   * @param {Step[]} steps
   * @param {Definition[]} modules
   * @param {Map<number, Promise<void>>} elsewhere modules being evaluated, shared by all evaluations
   * @param {Actions} actions
   */
  constructor(steps, modules, elsewhere, actions) {
    this.#steps = steps;
    this.#definitions = new Map(modules.map((definition) => [definition.id, definition]));
    this.#elsewhere = elsewhere;
    this.#actions = actions;
  }

  /** @returns {Promise<void>} rejects with what the first failing module throws */
  async run() {
    const fromNode = this.#steps.filter(({ id }) => this.#isFromNode(id));
    if (fromNode.length === 0) {
      for (const step of this.#steps) this.#start(step);
    } else {
      for (const { id } of fromNode) {
        this.#pending.set(id, new Promise((resolve) => this.#arrivals.set(id, resolve)));
      }
      await importSegments(registerSegments(this.#segments()));
    }
    // Every pending step is watched: the first rejection is the result, none goes unhandled.
    await Promise.all(this.#pending.values());
  }

  /** @param {number} id */
  #isFromNode(id) {
    const kind = this.#definitions.get(id)?.kind;
    return (kind === 'external' || kind === 'native') && !this.#actions.isProvided(id);
  }

  /**
   * Runs of hot modules and the modules of Node between them, in order.
   * @returns {import('./segments.js').Segment[]}
   */
  #segments() {
    /** @type {import('./segments.js').Segment[]} */
    const segments = [];
    /** @type {Step[]} */
    let hot = [];
    const flush = () => {
      const steps = hot;
      if (steps.length > 0) segments.push({ run: () => this.#startAll(steps) });
      hot = [];
    };
    for (const step of this.#steps) {
      const definition = this.#definitions.get(step.id);
      if (!definition || !this.#isFromNode(step.id)) {
        hot.push(step);
        continue;
      }
      flush();
      const external = definition.kind === 'external' ? definition : undefined;
      segments.push({
        url: external?.specifier ?? definition.url,
        attributes: external?.attributes ?? [],
        names: external?.names ?? [],
        provide: (namespace) => this.#arrive(step.id, namespace),
      });
    }
    flush();
    return segments;
  }

  /** @param {number} id @param {object} namespace */
  #arrive(id, namespace) {
    this.#actions.provide(id, namespace);
    this.#pending.delete(id);
    this.#arrivals.get(id)?.();
  }

  /** @param {Step[]} steps @returns {Promise<unknown> | undefined} */
  #startAll(steps) {
    for (const step of steps) this.#start(step);
    const pending = steps.map(({ id }) => this.#pending.get(id)).filter((promise) => promise);
    return pending.length > 0 ? Promise.all(pending) : undefined;
  }

  /** Starts a step, at once or when what it waits for is there. @param {Step} step */
  #start(step) {
    const { id } = step;
    if (this.#actions.isProvided(id)) return;
    const shared = this.#elsewhere.get(id);
    if (shared) {
      this.#track(id, shared, false);
      return;
    }
    const waits = step.dependencies.map((other) => this.#pending.get(other)).filter((promise) => promise);
    if (waits.length > 0) {
      this.#track(id, Promise.all(waits).then(() => this.#actions.run(id)), true);
      return;
    }
    const result = this.#actions.run(id);
    if (result === undefined) this.#actions.finished(id);
    else this.#track(id, result, true);
  }

  /** @param {number} id @param {Promise<unknown>} promise @param {boolean} own */
  #track(id, promise, own) {
    const tracked = promise.then(
      () => {
        if (own) this.#actions.finished(id);
        this.#settle(id, tracked);
      },
      (error) => {
        this.#settle(id, tracked, true);
        throw error;
      },
    );
    tracked.catch(() => {});
    this.#pending.set(id, tracked);
    if (own) this.#elsewhere.set(id, tracked);
  }

  /** @param {number} id @param {Promise<void>} tracked @param {boolean} [failed] */
  #settle(id, tracked, failed = false) {
    if (!failed) this.#pending.delete(id);
    if (this.#elsewhere.get(id) === tracked) this.#elsewhere.delete(id);
  }
}
