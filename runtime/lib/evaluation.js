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
 * @property {(id: number) => void} finished
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

  /** @param {Step} step */
  constructor(step) {
    this.id = step.id;
    this.dependencies = step.dependencies;
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
   * @param {Map<number, Evaluating>} claims modules being evaluated by any evaluation
   * @param {Actions} actions
   */
  constructor(steps, definitions, claims, actions) {
    this.#definitions = new Map(definitions.map((definition) => [definition.id, definition]));
    this.#claims = claims;
    this.#actions = actions;
    this.#steps = steps.filter((step) => !actions.isDone(step));
    for (const step of this.#steps) this.#claim(step);
  }

  /** @returns {Promise<void> | undefined} nothing if all has run; rejects with what a module throws */
  run() {
    const fromNode = this.#steps.filter(({ id }) => this.#isFromNode(id));
    if (fromNode.length > 0) return this.#runBetweenModulesOfNode(fromNode);
    this.#startAll(this.#steps);
    return this.#completion();
  }

  /** @param {Step} step */
  #claim(step) {
    const claimed = this.#claims.get(step.id);
    if (claimed) {
      this.#follow(step, claimed);
      return;
    }
    const module = new Evaluating(step);
    this.#modules.set(step.id, module);
    this.#claims.set(step.id, module);
  }

  /** Another evaluation has it: here it is a module that is waiting. @param {Step} step @param {Evaluating} claimed */
  #follow(step, claimed) {
    const module = new Evaluating({ ...step, dependencies: [] });
    this.#modules.set(step.id, module);
    this.#beginWaiting(module);
    claimed.listeners.push((failure) => {
      if (failure) this.#rejected(module, failure.error);
      else this.#fulfilled(module);
    });
  }

  /** @param {Step[]} fromNode */
  async #runBetweenModulesOfNode(fromNode) {
    for (const { id } of fromNode) this.#beginWaiting(this.#get(id));
    try {
      await importSegments(registerSegments(this.#segments()));
    } catch (error) {
      this.#release(error);
      throw error;
    }
    await this.#completion();
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
      if (steps.length > 0) segments.push({ run: () => this.#runSegment(steps) });
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
        provide: (namespace) => {
          this.#actions.provide(step.id, namespace);
          this.#fulfilled(this.#get(step.id));
        },
      });
    }
    flush();
    return segments;
  }

  /** @param {Step[]} steps */
  #runSegment(steps) {
    this.#startAll(steps);
    const waiting = steps.map(({ id }) => this.#get(id)).filter((module) => !module.isSettled);
    return waiting.length > 0 ? Promise.all(waiting.map(settled)) : undefined;
  }

  /** @param {Step[]} steps */
  #startAll(steps) {
    try {
      for (const { id } of steps) {
        const module = this.#get(id);
        if (module.order === 'unset' && !module.failure) this.#start(module);
      }
    } catch (error) {
      this.#release(error);
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
    const awaits = this.#hasTopLevelAwait(module);
    // 12.
    if (module.pendingDependencies > 0 || awaits) {
      module.order = asyncEvaluations += 1;
      if (module.pendingDependencies === 0) this.#executeAsync(module);
    } else {
      // 13.
      this.#actions.run(module.id);
      this.#done(module);
    }
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
        this.#actions.run(ancestor.id);
      } catch (error) {
        this.#rejected(ancestor, error);
        continue;
      }
      this.#done(ancestor);
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
    if (this.#claims.get(module.id) === module) this.#claims.delete(module.id);
    for (const listen of module.listeners) listen(failure);
  }

  /** Evaluation ended with an error: what never began has failed with it. @param {unknown} error */
  #release(error) {
    for (const module of this.#modules.values()) {
      const began = typeof module.order === 'number' && module.pendingDependencies === 0;
      if (!module.isSettled && !(began && !this.#isFromNode(module.id))) this.#settle(module, { error });
    }
  }

  /** The evaluation is over when its last step is, which depends on all others. */
  #completion() {
    const last = this.#steps.map(({ id }) => this.#get(id)).filter((module) => !module.isSettled);
    const failed = this.#steps.map(({ id }) => this.#get(id)).find((module) => module.failure);
    if (failed?.failure) return Promise.reject(failed.failure.error);
    return last.length > 0 ? Promise.all(last.map(settled)).then(() => {}) : undefined;
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

  /** @param {number} id @returns {Evaluating} */
  #get(id) {
    return /** @type {Evaluating} */ (this.#modules.get(id));
  }
}

/** @param {Evaluating} module @returns {Promise<void>} */
function settled(module) {
  return new Promise((resolve, reject) => {
    module.listeners.push((failure) => (failure ? reject(failure.error) : resolve()));
  });
}
