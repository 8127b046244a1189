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
import { rejectsImportersFirst } from './timing.js';

/** @typedef {import('./native.d.ts').Step} Step */
/** @typedef {import('./native.d.ts').Definition} Definition */

/**
 * @typedef {object} Actions
 * @property {(id: number) => () => unknown} begin what evaluates a hot module; gives a promise if it awaits
 * @property {(id: number, namespace: any) => void} provide hands over a module that Node has loaded
 * @property {(step: Step) => boolean} isDone the module has been evaluated
 * @property {(id: number) => {error: unknown} | undefined} failure what it threw before
 * @property {(check: import('./native.d.ts').Check) => unknown} absent the error about a name that is not there
 * @property {(loads: number[]) => import('./namespaces.js').PendingFacade[]} facades what exports all of modules that Node loads, in this order
 * @property {(id: number) => void} finished
 * @property {(id: number, failure: {error: unknown}) => void} failed
 */

/** @typedef {(failure: {error: unknown} | undefined) => void} Listener */

/** The standard's fields of a module record, as far as an evaluation under way needs them. */
class Evaluating {
  /** \[\[AsyncEvaluationOrder]]: a number, or unset, or done. @type {number | 'unset' | 'done'} */
  order = 'unset';
  pendingDependencies = 0;
  /** \[\[AsyncParentModules]] @type {Evaluating[]} */
  parents = [];
  /** \[\[EvaluationError]] @type {{error: unknown} | undefined} */
  failure;
  /** Called when it is done or has failed: the evaluation that asked for it. @type {Listener[]} */
  listeners = [];
  /** The same module in other evaluations. @type {Evaluating[]} */
  followers = [];

  /** @param {Step} step @param {string | undefined} text the version it evaluates @param {Evaluation} owner */
  constructor(step, text, owner) {
    this.owner = owner;
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
  /** @type {Map<number, number>} */
  #cycleRoots = new Map();
  #claims;
  #actions;
  /** @type {() => void} */
  #onEnd = () => {};
  /** The module that has thrown while it ran synchronously. @type {number | undefined} */
  thrower;
  #checks;

  /**
   * @param {import('./native.d.ts').Plan} plan
   * @param {string[]} texts
   * @param {Map<number, Evaluating>} claims modules being evaluated by any evaluation
   * @param {Actions} actions
   */
  constructor({ steps, modules, checks }, texts, claims, actions) {
    this.#definitions = new Map(modules.map((definition) => [definition.id, definition]));
    this.#checks = checks;
    this.#claims = claims;
    this.#actions = actions;
    this.#steps = steps.filter((step) => !actions.isDone(step));
    for (const step of this.#steps) this.#claim(step, texts);
    for (const { id } of this.#steps) {
      const cycle = this.#cycleOf(id);
      // The one that was reached first is evaluated last.
      if (cycle !== null) this.#cycleRoots.set(cycle, id);
    }
  }

  /**
   * @param {() => void} onEnd called in the moment in which all has run or something has failed
   * @returns {Promise<void> | undefined} nothing if all has run; rejects with what a module throws
   */
  run(onEnd) {
    this.#onEnd = onEnd;
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
    const module = new Evaluating(step, text, this);
    this.#modules.set(step.id, module);
    this.#claims.set(step.id, module);
  }

  /** Another evaluation has it: here it is a module that is waiting. @param {Step} step @param {Evaluating} claimed */
  #follow(step, claimed) {
    const module = new Evaluating({ ...step, dependencies: [] }, undefined, this);
    this.#modules.set(step.id, module);
    this.#beginWaiting(module);
    claimed.followers.push(module);
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
      this.#addChecks(new Set(steps.map(({ id }) => id)), segments);
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
        segments.push({ url, attributes: [], commonJs: false, provide });
      }
      const external = definition.kind === 'external' ? definition : undefined;
      segments.push({
        url: external?.specifier ?? definition.url,
        attributes: external?.attributes ?? [],
        commonJs: external?.commonJs ?? false,
        provide: (namespace) => this.provide(step.id, namespace),
      });
    }
    flush();
    return segments;
  }

  /** Node links what these modules take from others of Node. @param {Set<number>} ids @param {import('./segments.js').Segment[]} segments */
  #addChecks(ids, segments) {
    const checks = this.#checks.filter(({ importer, external }) => ids.has(importer) && this.#awaitsNode(external));
    if (checks.length > 0) segments.push({ checks, absent: this.#actions.absent });
  }

  /** @param {Step[]} steps */
  #startAll(steps) {
    /** @type {Evaluating | undefined} */
    let running;
    try {
      for (const { id } of steps) {
        const module = this.#get(id);
        if (module.order !== 'unset' || module.failure || this.#mustWait(module)) continue;
        running = module;
        // Called here: the fewer frames of the runtime stand below the module's own, the more of the user's are told.
        const result = this.#actions.begin(id)();
        running = undefined;
        this.#executed(module, result);
      }
    } catch (error) {
      this.thrower = running?.id;
      if (running) this.#rejected(running, error);
      this.#onEnd();
      this.abandon(error);
      throw error;
    }
  }

  /** InnerModuleEvaluation from step 11 on: dependencies have been visited. @param {Evaluating} module */
  #mustWait(module) {
    for (const id of module.dependencies) {
      const dependency = this.#modules.get(this.#cycleRoot(id, module.id));
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
    // 12.
    if (module.pendingDependencies > 0 || this.#hasTopLevelAwait(module)) this.#beginWaiting(module);
    return module.pendingDependencies > 0;
  }

  /** 11.c.iv.1: \[\[CycleRoot]] of a module, unless its importer is in the same cycle. @param {number} id @param {number} importer */
  #cycleRoot(id, importer) {
    const cycle = this.#cycleOf(id);
    if (cycle === null || cycle === this.#cycleOf(importer)) return id;
    return this.#cycleRoots.get(cycle) ?? id;
  }

  /** @param {number} id */
  #cycleOf(id) {
    const definition = this.#definitions.get(id);
    return definition?.kind === 'module' ? definition.cycle : null;
  }

  /** The rest of ExecuteModule and ExecuteAsyncModule. @param {Evaluating} module @param {unknown} result */
  #executed(module, result) {
    if (!this.#hasTopLevelAwait(module)) {
      this.#done(module);
      for (const follower of module.followers) follower.owner.#startAncestors(follower);
      return;
    }
    /** @type {Promise<unknown>} */ (result).then(
      () => this.#fulfilled(module),
      (error) => this.#rejected(module, error),
    );
  }

  /** AsyncModuleExecutionFulfilled. @param {Evaluating} module */
  #fulfilled(module) {
    if (module.isSettled) return;
    this.#done(module);
    this.#startAncestors(module);
  }

  /** The rest of it. @param {Evaluating} module */
  #startAncestors(module) {
    /** @type {Evaluating[]} */
    const ready = [];
    this.#gatherAvailableAncestors(module, ready);
    ready.sort((one, other) => Number(one.order) - Number(other.order));
    for (const ancestor of ready) {
      if (ancestor.isSettled) continue;
      try {
        this.#executed(ancestor, this.#actions.begin(ancestor.id)());
      } catch (error) {
        // Its importers fail with it; others go on.
        this.#rejected(ancestor, error);
      }
    }
    for (const follower of module.followers) follower.owner.#startAncestors(follower);
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
    const same = [module, ...module.followers];
    for (const one of same) one.failure = { error };
    const rejectImporters = () => {
      for (const one of same) for (const parent of one.parents) one.owner.#rejected(parent, error);
    };
    if (rejectsImportersFirst()) rejectImporters();
    for (const one of same) one.owner.#settle(one, one.failure);
    if (!rejectsImportersFirst()) rejectImporters();
  }

  /** @param {Evaluating} module */
  #done(module) {
    module.order = 'done';
    const isOwn = this.#claims.get(module.id) === module;
    if (isOwn && !this.#isFromNode(module.id)) this.#actions.finished(module.id);
    this.#settle(module, undefined);
    for (const follower of module.followers) if (!follower.isSettled) follower.owner.#done(follower);
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
      for (const follower of module.followers) follower.owner.#rejected(follower, error);
    }
  }

  /** The evaluation is over when every step is, or one has failed. */
  #completion() {
    const modules = this.#steps.map(({ id }) => this.#get(id));
    const failed = modules.find((module) => module.failure);
    const waiting = modules.filter((module) => !module.isSettled);
    if (failed || waiting.length === 0) this.#onEnd();
    if (failed?.failure) throw failed.failure.error;
    if (waiting.length === 0) return undefined;
    return new Promise((resolve, reject) => {
      let left = waiting.length;
      for (const { listeners } of waiting) {
        listeners.push((failure) => {
          left -= 1;
          // A failure reaches what was asked for, the last one, in the same job.
          if (left === 0 || (failure && modules[modules.length - 1].isSettled)) this.#onEnd();
          if (failure) reject(failure.error);
          else if (left === 0) resolve(undefined);
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
