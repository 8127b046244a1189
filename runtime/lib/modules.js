/**
 * All hot modules of this thread: holds their instances and carries out the engine's plans.
 * It decides nothing: what to evaluate, in which order and whom to rebind comes from the engine.
 */
import { fileURLToPath } from 'node:url';
import { failureError, missingModule } from './errors.js';
import { isFile } from './files.js';
import { Namespaces } from './namespaces.js';
import { Subscribers } from './subscriptions.js';
import { Transaction } from './transaction.js';

/** @typedef {import('./instance.js').Instance} Instance */
/** @typedef {import('./native.d.ts').Plan} Plan */

/**
 * What an update did, or why it did nothing.
 * @typedef {object} Outcome
 * @property {Plan} plan
 * @property {number} [imported] the module asked for
 * @property {unknown[]} errors why it failed; the old code is current
 * @property {boolean} failed
 * @property {string[]} awaited files whose change could repair it
 * @property {string[]} missing files whose appearance could
 * @property {number} evaluated how many modules ran
 */

/** How often files may appear while they are being looked for. */
const maxAttempts = 3;

export class Modules {
  /** The current instance of each module. @type {Map<number, Instance>} */
  #current = new Map();
  /** Modules being evaluated, by any transaction. @type {Map<number, any>} */
  claims = new Map();
  /** First instances made by open transactions. @type {Map<number, Instance>} */
  made = new Map();
  /** What modules threw that never ran to their end: importing them again throws it again. */
  /** @type {Map<number, {error: unknown}>} */
  failures = new Map();

  /** The update that is being carried out. @type {Transaction | undefined} */
  update;
  /** Called when a module has reached another one by `import()` for the first time. */
  onGrowth = () => {};
  /** What each importer has reached by `import()`. @type {Map<number, Set<number>>} */
  #reached = new Map();

  /** Instances that are told about assignments in others. */
  #subscribers = new Subscribers();

  /** @param {import('./native.d.ts').Session} session */
  constructor(session) {
    this.session = session;
    this.namespaces = new Namespaces(this);
  }

  /**
   * Resolves like `import.meta.resolve` in the module at `parent`.
   * @param {string} specifier
   * @param {string} parent URL
   * @returns {string} URL
   */
  resolve(specifier, parent) {
    const { url } = this.session.resolve(specifier, parent);
    if (url) return url;
    if (/^(\.{0,2}\/|[a-z][a-z\d+.-]*:)/i.test(specifier)) return new URL(specifier, parent).href;
    throw missingModule(specifier, parent);
  }

  /**
   * `import()` in a hot module.
   * @param {import('./instance.js').ModuleInstance} importer
   * @param {unknown} specifier
   * @param {any} options
   * @returns {Promise<object>} the namespace
   */
  async import(importer, specifier, options) {
    const text = `${specifier}`;
    const attributes = importAttributes(options);
    // Loading begins in a later job, as in Node: never in the middle of an evaluation.
    await undefined;
    const outcome = await this.apply({
      import: {
        specifier: text,
        parent: importer.url,
        importer: importer.id,
        attributes,
      },
    });
    if (outcome.failed) throw outcome.errors[0];
    const id = /** @type {number} */ (outcome.imported);
    const reached = this.#reached.get(importer.id) ?? new Set();
    this.#reached.set(importer.id, reached);
    if (!reached.has(id)) {
      reached.add(id);
      this.onGrowth();
    }
    return this.namespaces.of(id);
  }

  /**
   * Brings modules up to date: plans, proves, evaluates, rebinds. Never throws for broken user code.
   * @param {import('./native.d.ts').Request} request
   * @returns {Promise<Outcome>}
   */
  async apply(request) {
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await this.#attempt(request);
      // A file that was missing and is there now was created meanwhile.
      if (!outcome.failed || attempt === maxAttempts || !outcome.missing.some(isFile)) return outcome;
    }
  }

  /** @param {import('./native.d.ts').Request} request @returns {Promise<Outcome>} */
  async #attempt(request) {
    const isRetry = !request.import || request.import.entry;
    if (isRetry) this.failures.clear();
    const { plan: json, texts, imported } = this.session.prepare(JSON.stringify(request));
    /** @type {Plan} */
    const plan = JSON.parse(json);
    /** @type {Outcome} */
    const outcome = { plan, imported, failed: false, errors: [], awaited: [], missing: [], evaluated: 0 };
    if (plan.waits) return { ...outcome, failed: true };
    if (plan.failures.length > 0) {
      const errors = plan.failures.map(failureError);
      const missing = plan.failures.filter(({ kind }) => kind === 'missing').map(({ file }) => file);
      return { ...outcome, failed: true, errors, awaited: plan.awaited, missing };
    }
    const transaction = new Transaction(this, plan, texts, this.#current);
    let isDefined = false;
    try {
      await transaction.define(texts, isRetry ? undefined : imported, outcome.missing);
      isDefined = true;
      const evaluation = transaction.evaluate();
      if (evaluation) await evaluation;
    } catch (error) {
      this.session.rollBack(plan.transaction, transaction.evaluated, isDefined);
      this.namespaces.settle(true);
      transaction.abandon(error);
      return { ...outcome, failed: true, errors: [error], awaited: definedFiles(plan) };
    }
    const removed = this.session.commit(plan.transaction, transaction.evaluated);
    transaction.publish();
    this.namespaces.settle(false);
    for (const id of removed) this.#forget(id);
    return { ...outcome, evaluated: transaction.hotModules };
  }

  /** An instance is told about assignments. @param {import('./instance.js').ModuleInstance} instance */
  listens(instance) {
    this.#subscribers.add(instance, this.#current.get(instance.id));
  }

  /** The current instance of a module has replaced another one. @param {number} id */
  replaced(id) {
    this.#subscribers.replace(id, this.#current.get(id));
  }

  /** Bindings of the current instances. @returns {import('./namespaces.js').Bindings} */
  current() {
    return new Transaction(this, noPlan, [], this.#current);
  }

  /** An entry is closed: what nothing else needs goes. @param {number} id */
  close(id) {
    for (const unneeded of this.session.close(id)) this.#forget(unneeded);
  }

  /** @param {number} id */
  #forget(id) {
    this.#current.delete(id);
    this.#reached.delete(id);
    this.failures.delete(id);
    this.#subscribers.replace(id, undefined);
    this.namespaces.forget(id);
  }
}

/** Files whose change may repair what a plan could not do. @param {Plan} plan */
function definedFiles(plan) {
  const hot = plan.modules.filter(({ kind }) => kind !== 'external');
  return hot.map(({ url }) => fileURLToPath(url));
}

/** @type {Plan} */
const noPlan = {
  transaction: 0,
  failures: [],
  waits: false,
  modules: [],
  steps: [],
  rebind: [],
  stale: [],
  changed: [],
  leftBehind: [],
  awaited: [],
  times: { load: 0, link: 0 },
};

/** EvaluateImportCall steps 9.d: the attributes of `import(specifier, options)`. @param {any} options */
function importAttributes(options) {
  if (options === undefined) return [];
  if (typeof options !== 'object' || options === null) {
    throw new TypeError('The second argument to import() must be an object');
  }
  const attributes = options.with;
  if (attributes === undefined) return [];
  if (typeof attributes !== 'object' || attributes === null) {
    throw new TypeError("The 'with' option must be an object");
  }
  /** @type {[string, string][]} */
  const entries = Object.entries(attributes);
  if (entries.some(([, value]) => typeof value !== 'string')) {
    throw new TypeError('Import attribute value must be a string');
  }
  return entries.sort(([one], [other]) => (one < other ? -1 : 1));
}
