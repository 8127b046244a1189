/** What an evaluation under way keeps of each of its modules, and what it needs from outside. */

/** @typedef {import('./native.d.ts').Step} Step */

/**
 * @typedef {object} Actions
 * @property {(id: number) => () => unknown} begin what evaluates a hot module; gives a promise if it awaits
 * @property {(id: number, namespace: any) => void} provide hands over a module that Node has loaded
 * @property {(step: Step) => boolean} isDone the module has been evaluated
 * @property {(id: number) => {error: unknown} | undefined} failure what it threw before
 * @property {(check: import('./native.d.ts').Check, isConflict?: boolean) => unknown} absent the error about a name that is not there, or is there twice
 * @property {(loads: number[]) => import('./namespaces.js').PendingFacade[]} facades what exports all of modules that Node loads, in this order
 * @property {(id: number, cycle: number[]) => void} finished with the members of the cycle that is complete now
 * @property {(id: number, failure: {error: unknown}) => void} failed
 * @property {(ids: number[], failure: {error: unknown}) => void} cycleFailed a cycle that waited has failed with its root
 * @property {(linked: import('./linked-packages.js').Linked) => void} link gets namespaces of packages that have not been evaluated
 * @property {(id: number) => number[]} dependencies what a module imports, in order
 * @property {(id: number) => number[]} stack modules whose evaluation is not over while a module is executed
 */

/** @typedef {(failure: {error: unknown} | undefined) => void} Listener */

/** Why an evaluation ends that has waited for a module of another one: that has ended without it. */
export const released = new Error('another evaluation has ended before this module');

/** Counts modules that began to wait, over all evaluations (IncrementModuleAsyncEvaluationCount). */
let asyncEvaluations = 0;

/** The standard's fields of a module record, as far as an evaluation under way needs them. */
export class Evaluating {
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
  /** The evaluation has ended without it; Node may still have begun to evaluate it. */
  isAbandoned = false;
  /** It has failed with an error that is not known yet. */
  isDoomed = false;
  /** Of its body, if it awaits. @type {Promise<unknown> | undefined} */
  completion;
  /** It is evaluated before its time, since somebody requires it. */
  isRequired = false;

  /**
   * @param {Step} step
   * @param {string | undefined} version what it evaluates
   * @param {import('./evaluation.js').Evaluation} owner
   * @param {boolean} [hasTopLevelAwait]
   */
  constructor(step, version, owner, hasTopLevelAwait = false) {
    this.hasTopLevelAwait = hasTopLevelAwait;
    this.owner = owner;
    this.id = step.id;
    this.again = step.again;
    this.dependencies = step.dependencies;
    this.version = version;
  }

  beginWaiting() {
    asyncEvaluations += 1;
    this.order = asyncEvaluations;
  }

  /** It is evaluated although it was given up. @param {Map<number, Evaluating>} claims */
  begin(claims) {
    this.isAbandoned = false;
    this.failure = undefined;
    claims.set(this.id, this);
  }

  /** What to wait for, unless it is over. @returns {Promise<void> | undefined} */
  get end() {
    if (this.isSettled) return undefined;
    return new Promise((resolve, reject) => {
      this.listeners.push((failure) => (failure ? reject(failure.error) : resolve()));
    });
  }

  get isSettled() {
    return this.order === 'done' || this.failure !== undefined;
  }
}
