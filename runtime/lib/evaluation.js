/**
 * Evaluates the steps of a plan as ECMA-262 evaluates module records (16.2.1.6.1.3 Evaluate and
 * what it calls): synchronously where nothing has a top-level await, siblings with one side by
 * side, each module in the same job as in plain Node.
 *
 * Modules that Node has to load are imported by Node itself, exactly where the standard evaluates
 * them: one synthetic module imports them in order, with the hot modules in between as segments.
 * One that Node is still waiting for is, to the others, a module with a top-level await.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { completionOf } from './completion.js';
import { Cycles } from './evaluated-cycles.js';
import { EvaluationStack } from './evaluation-stack.js';
import { thrownAmong, unreached } from './failed-steps.js';
import { isOrderedByNode } from './node-graph.js';
import { importNow } from './node-import.js';
import { NodeSide } from './node-side.js';
import { drive } from './starting.js';
import { rejectsImportersFirst } from './timing.js';
import { Evaluating, released } from './evaluating.js';

/** @typedef {import('./native.d.ts').Step} Step */
/** @typedef {import('./evaluating.js').Actions} Actions */
/** @typedef {import('./native.d.ts').Definition} Definition */

export class Evaluation {
  /** @type {Map<number, Evaluating>} */ modules = new Map();
  #steps;
  #definitions;
  #cycles;
  claims;
  #actions;
  /** @type {() => void} */ #onEnd = () => {};
  /** The module that has thrown while it ran synchronously. @type {number | undefined} */
  thrower;
  /** Modules run; before that they are linked. */ hasBegun = false;
  #checks;
  /** Modules that are not evaluated, since what leads to them has failed before. */ #unreached;
  /** It has ended with an error. */ isOver = false;
  /** Of the promise for the end. @type {((value: undefined) => void) | undefined} */
  #waiter;

  /**
   * @param {import('./native.d.ts').Plan} plan
   * @param {string[]} texts
   * @param {Map<number, Evaluating>} claims modules being evaluated by any evaluation
   * @param {Actions} actions
   */
  constructor({ steps, modules, checks }, texts, claims, actions) {
    this.#definitions = new Map(modules.map((definition) => [definition.id, definition]));
    this.#checks = checks;
    this.claims = claims;
    this.#actions = actions;
    this.#steps = steps.filter((step) => !actions.isDone(step));
    this.#unreached = unreached(this.#steps, (id) => actions.failure(id) !== undefined);
    for (const step of this.#steps) this.#claim(step, texts);
    this.#cycles = new Cycles(this.#steps, this.#definitions);
    const isFromNode = (/** @type {number} */ id) => this.isFromNode(id);
    this.stack = new EvaluationStack(this.#steps, this.#definitions, isFromNode, this.awaitsNode, actions.stack);
    const provide = (/** @type {number} */ id, /** @type {object} */ namespace) => this.provide(id, namespace);
    this.node = new NodeSide({ definitions: this.#definitions, absent: actions.absent, awaitsNode: this.awaitsNode, provide });
  }

  /**
   * @param {() => void} onEnd called in the moment in which all has run or something has failed
   * @returns {Promise<void> | undefined} nothing if all has run; rejects with what a module throws
   */
  run(onEnd) {
    this.#onEnd = onEnd;
    const fromNode = this.#steps.filter(({ id }) => this.awaitsNode(id) && !this.#unreached.has(id));
    if (fromNode.length === 0) {
      this.hasBegun = true;
      drive(this.#starting(this.#steps));
      return this.#completion();
    }
    for (const { id } of fromNode) this.#get(id).beginWaiting();
    const completion = this.#completion();
    const facades = this.#actions.facades(fromNode.map(({ id }) => id));
    const steps = this.#steps.filter(({ id }) => !this.#unreached.has(id));
    const how = { checks: this.#checks, facades, link: this.#actions.link, run: (/** @type {Step[]} */ taken) => this.#runSegment(taken) };
    this.node.begin(steps, how, (error) => this.nodeFailed(error), this.#waiter);
    return completion;
  }

  /** @param {Step} step @param {string[]} texts */
  #claim(step, texts) {
    const definition = this.#definitions.get(step.id);
    const version = definition?.kind === 'json' ? texts[definition.code] : definition?.kind === 'module' ? definition.version : undefined;
    const claimed = this.claims.get(step.id);
    // An older version that is still running is nobody's business any more.
    if (claimed && claimed.version === version) {
      this.#follow(step, claimed);
      return;
    }
    const module = new Evaluating(step, version, this, definition?.kind === 'module' && definition.awaits);
    this.modules.set(step.id, module);
    this.claims.set(step.id, module);
  }

  /** Another evaluation has it: here it is a module that is waiting. @param {Step} step @param {Evaluating} claimed */
  #follow(step, claimed) {
    const module = new Evaluating({ ...step, dependencies: [] }, undefined, this);
    this.modules.set(step.id, module);
    module.beginWaiting();
    claimed.followers.push(module);
  }

  /** Node evaluates all segments in one job, up to one that throws. @param {Step[]} steps @returns {import('./starting.js').Starting} */
  *#runSegment(steps) {
    if (this.node.graph) throw isOrderedByNode;
    this.stack.reached = steps[steps.length - 1];
    this.hasBegun = this.stack.isInNode = true;
    queueMicrotask(() => this.#doom());
    yield* this.#starting(steps);
  }

  /** A module of Node has thrown: what waits for another one does not run, although Node's `import()` tells the error only later. */
  #doom() {
    this.stack.isInNode = false;
    const { candidates, isLast } = this.stack.next;
    if (this.isOver || this.thrower !== undefined || isLast) return;
    const thrown = thrownAmong(candidates.flatMap((id) => this.#definitions.get(id) ?? []));
    if (thrown) return this.nodeFailed(thrown.error, thrown.id);
    const stack = candidates.length > 0 ? this.#actions.stack(candidates[0]) : [];
    for (const module of stack.flatMap((id) => this.modules.get(id) ?? [])) module.isDoomed = true;
  }

  /** Node, which orders the modules, has come to a hot one. @param {number} id */
  execute(id) {
    drive(this.#starting([{ id }]));
  }

  /** @param {Pick<Step, 'id'>[]} steps @returns {import('./starting.js').Starting} */
  *#starting(steps) {
    let running, module;
    try {
      for (const { id } of steps) {
        module = this.#get(id);
        if (module.isRequired && module.failure) throw module.failure.error;
        if (module.order !== 'unset' || module.failure || this.#unreached.has(id) || this.#mustWait(module)) continue;
        running = module;
        const context = this.#contextFor(module);
        const begin = this.#actions.begin(id);
        this.stack.executing = id;
        const result = yield begin;
        this.stack.executing = running = undefined;
        this.#executed(module, result, context);
      }
    } catch (error) {
      this.stack.executing = undefined;
      this.thrower = running?.id;
      if (running) this.#rejected(running, error);
      this.#onEnd();
      const importers = module ? this.#actions.stack(module.id) : [];
      this.#abandon(error, false, running || !module ? importers : [...importers, module.id]);
      throw error;
    }
  }

  /** InnerModuleEvaluation from step 11 on: dependencies have been visited. @param {Evaluating} module */
  #mustWait(module) {
    // Node waits for them if it orders the modules.
    for (const id of this.node.graph ? [] : module.dependencies) {
      const dependency = this.modules.get(this.#cycles.rootFor(id, module.id));
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
    if (module.pendingDependencies > 0 || module.hasTopLevelAwait) module.beginWaiting();
    return module.pendingDependencies > 0;
  }

  /** The asynchronous context in which a module begins: what has waited for it goes on there. @param {Evaluating} module */
  #contextFor = (module) => (module.hasTopLevelAwait ? AsyncLocalStorage.snapshot() : undefined);

  /** @param {Evaluating} module */
  #execute(module) {
    const context = this.#contextFor(module);
    this.#executed(module, this.#actions.begin(module.id)(), context);
  }

  /** The rest of ExecuteModule and ExecuteAsyncModule. @param {Evaluating} module @param {unknown} result @param {ReturnType<typeof AsyncLocalStorage.snapshot>} [context] */
  #executed(module, result, context) {
    if (!context) {
      this.#done(module);
      for (const follower of module.followers) follower.owner.#startAncestors(follower);
      return;
    }
    module.completion = /** @type {Promise<unknown>} */ (result);
    module.completion.then(
      () => context(() => this.#fulfilled(module)),
      (error) => context(() => this.#rejected(module, error)),
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
        this.#execute(ancestor);
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
      // 1.a: what belongs to a cycle whose root has failed is not executed any more.
      const hasFailed = this.modules.get(this.#cycles.rootOf(parent.id))?.failure;
      if (ready.includes(parent) || parent.failure || parent.isDoomed || hasFailed) continue;
      parent.pendingDependencies -= 1;
      if (parent.pendingDependencies > 0) continue;
      ready.push(parent);
      if (!parent.hasTopLevelAwait) this.#gatherAvailableAncestors(parent, ready);
    }
  }

  /** Those that wait for a module. Where Node orders them, it does not say which it has come to. @param {Evaluating} module */
  #parentsOf({ id, parents }) {
    if (!this.node.graph) return parents;
    return [...this.modules.values()].filter((other) => other.order === 'unset' && !this.isFromNode(other.id) && other.dependencies.includes(id));
  }

  /** AsyncModuleExecutionRejected. @param {Evaluating} module @param {unknown} error */
  #rejected(module, error) {
    if (module.isSettled) return;
    const same = [module, ...module.followers];
    for (const one of same) one.failure = { error };
    const rejectImporters = () => {
      for (const one of same) for (const parent of one.owner.#parentsOf(one)) one.owner.#rejected(parent, error);
    };
    if (rejectsImportersFirst()) rejectImporters();
    for (const one of same) one.owner.#settle(one, one.failure);
    if (!rejectsImportersFirst()) rejectImporters();
  }

  /** @param {Evaluating} module */
  #done(module) {
    module.order = 'done';
    const isOwn = this.claims.get(module.id) === module;
    if (isOwn && !this.isFromNode(module.id)) {
      this.#actions.finished(module.id, this.#cycles.membersBelow(module.id));
    }
    this.#settle(module, undefined);
    for (const follower of module.followers) if (!follower.isSettled) follower.owner.#done(follower);
  }

  /** @param {Evaluating} module @param {{error: unknown} | undefined} failure */
  #settle(module, failure) {
    module.failure = failure;
    if (failure && failure.error !== released && this.owns(module.id)) {
      this.#actions.failed(module.id, failure);
      // Who imports a member asks for the root of its cycle: 11.c.iv.
      const members = this.#cycles.membersBelow(module.id);
      if (members.length > 0) this.#actions.cycleFailed(members, failure);
    }
    if (this.claims.get(module.id) === module) this.claims.delete(module.id);
    for (const listen of module.listeners) listen(failure);
  }

  /** Node has loaded a module. @param {number} id @param {object} namespace */
  provide(id, namespace) {
    if (this.#get(id).order === 'done') return;
    this.#actions.provide(id, namespace);
    const module = this.#get(id);
    if (module.isAbandoned) module.failure = undefined;
    this.#fulfilled(module);
  }

  /** Whether this evaluation, and no other, evaluates the module. @param {number} id */
  owns(id) {
    const module = this.modules.get(id);
    return module !== undefined && this.claims.get(id) === module;
  }

  /**
   * Ends with an error: what has not been reached has failed with it, what runs goes on.
   * @param {unknown} error
   * @param {boolean} [forgetsAll] what runs for the first time does not count either
   */
  abandon(error, forgetsAll = false) {
    if (!this.isOver || forgetsAll) this.#abandon(error, forgetsAll, undefined);
  }

  /** Node has evaluated no more of the segments. @param {unknown} error @param {number} [failed] the module that has thrown, if it is known */
  nodeFailed(error, failed = this.#steps.find(({ id }) => this.awaitsNode(id) && !this.#unreached.has(id))?.id) {
    // Otherwise that has been told.
    if (this.thrower !== undefined || this.isOver) return;
    this.#abandon(error, false, failed === undefined || !this.hasBegun ? [] : this.#actions.stack(failed));
  }

  /**
   * @param {unknown} error
   * @param {boolean} forgetsAll
   * @param {number[] | undefined} stack what has failed beside what has not been reached
   */
  #abandon(error, forgetsAll, stack) {
    this.isOver = true;
    // Evaluate, step 9.a: what has run in a cycle that is not complete has failed all the same.
    const ran = stack?.filter((id) => this.modules.get(id)?.order === 'done') ?? [];
    if (ran.length > 0) this.#actions.cycleFailed(ran, { error });
    for (const module of this.modules.values()) {
      const isFromNode = this.isFromNode(module.id);
      const began = typeof module.order === 'number' && !isFromNode;
      const waits = module.pendingDependencies > 0;
      // Evaluate, step 9.a: what runs in a cycle that is not complete goes on, but has failed.
      const isOnStack = stack?.includes(module.id);
      const goesOn = began && !isOnStack && (!waits || !this.#waitsForNode(module));
      // What runs for the first time goes on and counts; a new version that failed does not.
      if (module.isSettled || (goesOn && !module.again && !forgetsAll)) continue;
      module.isAbandoned = isFromNode || (this.node.graph !== undefined && module.order === 'unset');
      // It has not failed itself: another evaluation may try, and does if it waits for it.
      const isFree = this.owns(module.id) && !isOnStack;
      if (isFree) this.claims.delete(module.id);
      this.#settle(module, { error });
      for (const follower of module.followers) follower.owner.#rejected(follower, isFree && !forgetsAll ? released : error);
    }
  }

  /** Whether what a module waits for may never come. @param {Evaluating} module */
  #waitsForNode(module) {
    const isLeft = (/** @type {number} */ id) => this.isFromNode(id) && !this.modules.get(id)?.isSettled;
    return this.thrower === undefined && module.dependencies.some(isLeft);
  }

  /** Whether a module is being evaluated at this moment: it is on the stack of InnerModuleEvaluation. @param {number} id */
  isOnStack(id) {
    const module = this.modules.get(id);
    if (module?.isRequired && !module.isSettled) return true;
    return this.stack.includes(id);
  }

  /** Evaluates a module before its time, with what it needs. @param {number} id */
  evaluateNow(id) {
    const module = this.modules.get(id);
    const isReached = !module || module.isSettled || (module.order !== 'unset' && !this.isFromNode(id));
    if (isReached || !this.hasBegun || this.isOnStack(id)) return;
    module.isRequired = true;
    if (this.node.graph) return void this.node.graph.evaluateNow(id);
    try {
      for (const dependency of this.#actions.dependencies(id)) this.evaluateNow(dependency);
      const definition = this.#definitions.get(id);
      if (definition?.kind === 'external') this.provide(id, importNow(definition.specifier ?? definition.url, definition.attributes));
      else if (!this.#mustWait(module)) this.#execute(module);
    } catch (error) {
      this.#rejected(module, error);
      throw error;
    }
  }

  /** Node has still to evaluate some. */
  get awaitsModulesOfNode() { return this.#steps.some(({ id }) => this.awaitsNode(id)); }

  /** Modules that have begun and not ended. */
  get running() {
    const modules = [...this.modules.values()].filter(({ order }) => typeof order === 'number');
    return modules.filter(({ pendingDependencies }) => pendingDependencies === 0).map(({ id }) => id);
  }

  #completion() {
    return completionOf(this.#steps.map(({ id }) => this.#get(id)), this.#onEnd, (resolve) => (this.#waiter = resolve));
  }

  /** @param {number} id */ isFromNode(id) {
    const kind = this.#definitions.get(id)?.kind;
    return kind === 'external' || kind === 'native';
  }

  /** @param {number} id */ awaitsNode = (id) => this.isFromNode(id) && this.owns(id) && !this.#get(id).isSettled;

  /** @param {number} id @returns {Evaluating} */
  #get(id) {
    return /** @type {Evaluating} */ (this.modules.get(id));
  }
}
