/**
 * Evaluates the steps of a plan as ECMA-262 evaluates module records (16.2.1.6.1.3 Evaluate and
 * what it calls): synchronously where nothing has a top-level await, siblings with one side by
 * side, each module in the same job as in plain Node.
 *
 * Modules that Node has to load are imported by Node itself, exactly where the standard evaluates
 * them: one synthetic module imports them in order, with the hot modules in between as segments.
 * A module that Node is still waiting for is, to the others, one with a top-level await.
 */
import { registerSegments, importSegments } from './segments.js';

/** @typedef {import('./native.d.ts').Step} Step */
/** @typedef {import('./native.d.ts').Definition} Definition */

/**
 * @typedef {object} Actions
 * @property {(id: number) => Promise<unknown> | undefined} run evaluates a hot module; a promise if it awaits
 * @property {(id: number, namespace: any) => void} provide hands over a module that Node has loaded
 * @property {(step: Step) => boolean} isDone the module has been evaluated
 * @property {(id: number) => {error: unknown} | undefined} failure what it threw before
 * @property {(id: number, error: unknown, name?: string) => void} blame tells which import an error is about
 * @property {(loads: number[]) => import('./namespaces.js').PendingFacade[]} facades what exports all of modules that Node loads, in this order
 * @property {(id: number) => void} finished
 * @property {(id: number, failure: {error: unknown}) => void} failed
 */

/** The standard's fields of a module record, as far as an evaluation under way needs them. */
class Evaluating {
  /** \[\[AsyncEvaluationOrder]]: a number, or unset, or done. @type {number | 'unset' | 'done'} */
  order = 'unset';
  pendingDependencies = 0;
  /** \[\[AsyncParentModules]] @type {Evaluating[]} */
  parents = [];
  /** \[\[EvaluationError]] @type {{error: unknown} | undefined} */
  failure;
  /** Called when it is done or has failed: other evaluations, and the one that asked for it. */
  /** @type {((failure: {error: unknown} | undefined) => void)[]} */
  listeners = [];

  /** @param {Step} step @param {string | undefined} text the version it evaluates */
  constructor(step, text) {
    this.id = step.id;
    this.again = step.again;
    this.dependencies = step.dependencies;
    this.text = text;
  }

  get isSettled() {
    return this.order === 'done' || this.failure !== undefined;
  }
}

/** Counts modules that began to wait, over all evaluations (IncrementModuleAsyncEvaluationCount). */
let asyncEvaluations = 0;

export class Evaluation {
  /** @type {Map<number, Evaluating>} */
  #modules = new Map();
  #steps;
  #definitions;
  #claims;
  #actions;

  /**
   * @param {Step[]} steps
   * @param {Definition[]} definitions
   * @param {string[]} texts
   * @param {Map<number, Evaluating>} claims modules being evaluated by any evaluation
   * @param {Actions} actions
   */
  constructor(steps, definitions, texts, claims, actions) {
    this.#definitions = new Map(definitions.map((definition) => [definition.id, definition]));
    this.#claims = claims;
    this.#actions = actions;
    this.#steps = steps.filter((step) => !actions.isDone(step));
    for (const step of this.#steps) this.#claim(step, texts);
  }

  /** @returns {Promise<void> | undefined} nothing if all has run; rejects with what a module throws */
  run() {
    const fromNode = this.#steps.filter(({ id }) => this.#awaitsNode(id));
    if (fromNode.length === 0) {
      this.#startAll(this.#steps);
      return this.#completion();
    }
    for (const { id } of fromNode) this.#beginWaiting(this.#get(id));
    const completion = this.#completion();
    importSegments(registerSegments(this.#segments())).catch((error) => this.abandon(error));
    return completion;
  }

  /** @param {Step} step @param {string[]} texts */
  #claim(step, texts) {
    const definition = this.#definitions.get(step.id);
    const text = definition && 'code' in definition ? texts[definition.code] : undefined;
    const claimed = this.#claims.get(step.id);
    // An older version that is still running is nobody's business any more.
    if (claimed && claimed.text === text) {
      this.#follow(step, claimed);
      return;
    }
    const module = new Evaluating(step, text);
    this.#modules.set(step.id, module);
    this.#claims.set(step.id, module);
  }

  /** Another evaluation has it: here it is a module that is waiting. @param {Step} step @param {Evaluating} claimed */
  #follow(step, claimed) {
    const module = new Evaluating({ ...step, dependencies: [] }, undefined);
    this.#modules.set(step.id, module);
    this.#beginWaiting(module);
    claimed.listeners.push((failure) => {
      if (failure) this.#rejected(module, failure.error);
      else this.#fulfilled(module);
    });
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
    const fromNode = this.#steps.map(({ id }) => id).filter((id) => this.#awaitsNode(id));
    const facades = this.#actions.facades(fromNode);
    const flush = () => {
      const steps = hot;
      if (steps.length > 0) segments.push({ run: () => this.#startAll(steps) });
      hot = [];
    };
    for (const step of this.#steps) {
      const definition = this.#definitions.get(step.id);
      if (!definition || !this.#awaitsNode(step.id)) {
        hot.push(step);
        continue;
      }
      flush();
      // Whoever needs one may run as soon as the last of its packages has.
      for (const { last, url, provide } of facades) {
        if (last !== step.id) continue;
        segments.push({ url, attributes: [], names: [], provide, blame: () => {} });
      }
      const external = definition.kind === 'external' ? definition : undefined;
      segments.push({
        url: external?.specifier ?? definition.url,
        attributes: external?.attributes ?? [],
        names: external?.names ?? [],
        provide: (namespace) => this.provide(step.id, namespace),
        blame: (error, name) => this.#actions.blame(step.id, error, name),
      });
    }
    flush();
    return segments;
  }

  /** @param {Step[]} steps */
  #startAll(steps) {
    try {
      for (const { id } of steps) {
        const module = this.#get(id);
        if (module.order === 'unset' && !module.failure) this.#start(module);
      }
    } catch (error) {
      this.abandon(error);
      throw error;
    }
  }

  /** InnerModuleEvaluation from step 11 on: dependencies have been visited. @param {Evaluating} module */
  #start(module) {
    for (const id of module.dependencies) {
      const dependency = this.#modules.get(id);
      // 11.c.iv.2: what has failed fails its importers.
      if (dependency?.failure) throw dependency.failure.error;
      // 11.c.v
      if (dependency && typeof dependency.order === 'number') {
        module.pendingDependencies += 1;
        dependency.parents.push(module);
      }
    }
    const known = this.#actions.failure(module.id);
    if (known) throw known.error;
    const awaits = this.#hasTopLevelAwait(module);
    // 12.
    if (module.pendingDependencies > 0 || awaits) {
      module.order = asyncEvaluations += 1;
      if (module.pendingDependencies === 0) this.#executeAsync(module);
    } else {
      // 13.
      this.#execute(module);
    }
  }

  /** ExecuteModule of a module without top-level await. @param {Evaluating} module */
  #execute(module) {
    try {
      this.#actions.run(module.id);
    } catch (error) {
      this.#rejected(module, error);
      throw error;
    }
    this.#done(module);
  }

  /** ExecuteAsyncModule. @param {Evaluating} module */
  #executeAsync(module) {
    const promise = /** @type {Promise<unknown>} */ (this.#actions.run(module.id));
    promise.then(
      () => this.#fulfilled(module),
      (error) => this.#rejected(module, error),
    );
  }

  /** AsyncModuleExecutionFulfilled. @param {Evaluating} module */
  #fulfilled(module) {
    if (module.isSettled) return;
    this.#done(module);
    /** @type {Evaluating[]} */
    const ready = [];
    this.#gatherAvailableAncestors(module, ready);
    ready.sort((one, other) => Number(one.order) - Number(other.order));
    for (const ancestor of ready) {
      if (ancestor.isSettled) continue;
      if (this.#hasTopLevelAwait(ancestor)) {
        this.#executeAsync(ancestor);
        continue;
      }
      try {
        this.#execute(ancestor);
      } catch {
        // Its importers have failed with it; others go on.
      }
    }
  }

  /** GatherAvailableAncestors. @param {Evaluating} module @param {Evaluating[]} ready */
  #gatherAvailableAncestors(module, ready) {
    for (const parent of module.parents) {
      if (ready.includes(parent) || parent.failure) continue;
      parent.pendingDependencies -= 1;
      if (parent.pendingDependencies > 0) continue;
      ready.push(parent);
      if (!this.#hasTopLevelAwait(parent)) this.#gatherAvailableAncestors(parent, ready);
    }
  }

  /** AsyncModuleExecutionRejected. @param {Evaluating} module @param {unknown} error */
  #rejected(module, error) {
    if (module.isSettled) return;
    this.#settle(module, { error });
    for (const parent of module.parents) this.#rejected(parent, error);
  }

  /** @param {Evaluating} module */
  #done(module) {
    module.order = 'done';
    const isOwn = this.#claims.get(module.id) === module;
    if (isOwn && !this.#isFromNode(module.id)) this.#actions.finished(module.id);
    this.#settle(module, undefined);
  }

  /** @param {Evaluating} module @param {{error: unknown} | undefined} failure */
  #settle(module, failure) {
    module.failure = failure;
    if (failure && this.owns(module.id)) this.#actions.failed(module.id, failure);
    if (this.#claims.get(module.id) === module) this.#claims.delete(module.id);
    for (const listen of module.listeners) listen(failure);
  }

  /** Node has loaded a module. @param {number} id @param {object} namespace */
  provide(id, namespace) {
    this.#actions.provide(id, namespace);
    this.#fulfilled(this.#get(id));
  }

  /** Whether this evaluation, and no other, evaluates the module. @param {number} id */
  owns(id) {
    const module = this.#modules.get(id);
    return module !== undefined && this.#claims.get(id) === module;
  }

  /** Ends with an error: what waits has failed with it, what runs goes on. @param {unknown} error */
  abandon(error) {
    for (const module of this.#modules.values()) {
      const began = typeof module.order === 'number' && module.pendingDependencies === 0;
      const runs = began && !this.#isFromNode(module.id);
      // What runs for the first time goes on and counts; a new version that failed does not.
      if (module.isSettled || (runs && !module.again)) continue;
      // It has not failed itself: another evaluation may try.
      if (this.owns(module.id)) this.#claims.delete(module.id);
      this.#settle(module, { error });
    }
  }

  /** The evaluation is over when every step is, or one has failed. */
  #completion() {
    const modules = this.#steps.map(({ id }) => this.#get(id));
    const failed = modules.find((module) => module.failure);
    if (failed?.failure) throw failed.failure.error;
    const waiting = modules.filter((module) => !module.isSettled);
    if (waiting.length === 0) return undefined;
    return new Promise((resolve, reject) => {
      let left = waiting.length;
      for (const { listeners } of waiting) {
        listeners.push((failure) => {
          if (failure) reject(failure.error);
          else if ((left -= 1) === 0) resolve(undefined);
        });
      }
    });
  }

  /** @param {Evaluating} module */
  #beginWaiting(module) {
    module.order = asyncEvaluations += 1;
  }

  /** @param {Evaluating} module */
  #hasTopLevelAwait(module) {
    const definition = this.#definitions.get(module.id);
    return definition?.kind === 'module' && definition.awaits;
  }

  /** @param {number} id */
  #isFromNode(id) {
    const kind = this.#definitions.get(id)?.kind;
    return kind === 'external' || kind === 'native';
  }

  /** @param {number} id */
  #awaitsNode(id) {
    return this.#isFromNode(id) && this.owns(id) && !this.#get(id).isSettled;
  }

  /** @param {number} id @returns {Evaluating} */
  #get(id) {
    return /** @type {Evaluating} */ (this.#modules.get(id));
  }
}
