/**
 * All hot modules of this thread: holds their instances and carries out the engine's plans.
 * It decides nothing: what to evaluate, in which order and whom to rebind comes from the engine.
 */
import { fileURLToPath } from 'node:url';
import { firstFault } from './checks.js';
import { DynamicImports, measureImports } from './dynamic-import.js';
import { errorOfFile, failureError, failureErrorNow, missingExport } from './errors.js';
import { Failures } from './failures.js';
import { isFile } from './files.js';
import { ModuleInstance, NodeInstance } from './instance.js';
import { answerLoader, takeImported } from './loader-hooks.js';
import { Namespaces } from './namespaces.js';
import { importUnresolved } from './node-import.js';
import { resolveByNode } from './node-resolve.js';
import { explainScope } from './scope-errors.js';
import { Subscribers } from './subscriptions.js';
import { Transaction, isUnresolved } from './transaction.js';

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

/**
 * A planned request.
 * @typedef {object} Prepared
 * @property {import('./native.d.ts').Request} request
 * @property {Plan} plan
 * @property {string[]} texts
 * @property {number} [imported]
 * @property {boolean} isRetry what failed before is tried again
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
  failures = new Failures();

  /** The update that is being carried out. @type {Transaction | undefined} */
  update;
  /** Counts transactions that have ended: what was planned before one may not hold after it. */
  version = 0;
  /** Called when a module has reached another one by `import()` for the first time. */
  onGrowth = () => {};

  /** Instances that are told about assignments in others. */
  #subscribers = new Subscribers();

  /** @param {import('./native.d.ts').Session} session */
  constructor(session) {
    this.session = session;
    this.namespaces = new Namespaces(this);
    this.imports = new DynamicImports(this);
    answerLoader((url) => {
      const id = session.hotModule(url);
      return id === null ? undefined : this.namespaces.textForNode(id, url);
    });
  }

  /**
   * Resolves like `import.meta.resolve` in the module at `parent`.
   * @param {string} specifier
   * @param {string} parent URL
   * @returns {string} URL
   */
  resolve(specifier, parent) {
    const { url } = this.session.resolve(specifier, parent);
    return url?.startsWith('file:') ? url : resolveByNode(specifier, parent);
  }

  /**
   * Brings modules up to date: plans, proves, evaluates, rebinds. Never throws for broken user code.
   * @param {import('./native.d.ts').Request} request
   * @returns {Promise<Outcome>}
   */
  async apply(request) {
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await this.carryOut(this.prepare(request));
      // A file that was missing and is there now was created meanwhile.
      if (!outcome.failed || attempt === maxAttempts || !outcome.missing.some(isFile)) return outcome;
    }
  }

  /** Plans a request. @param {import('./native.d.ts').Request} request @returns {Prepared} */
  prepare(request) {
    const isRetry = !request.import || Boolean(request.import.entry);
    const seen = takeImported();
    if (seen.length > 0) this.session.seenByNode(seen);
    const { plan, texts, imported } = this.session.prepare(JSON.stringify(request));
    return { request, plan: JSON.parse(plan), texts, imported, isRetry };
  }

  /**
   * What there is to say of a plan that could not be made.
   * @param {Prepared} prepared
   * @returns {Outcome | Promise<Outcome>}
   */
  failed(prepared) {
    const { plan } = prepared;
    const mayNodeComeFirst = plan.failures[0]?.kind === 'link' && plan.modules.some(({ kind }) => kind === 'external');
    if (mayNodeComeFirst) return this.#failedAfterNode(prepared);
    // The program waits for the error of its `import()`; others are told when they are known.
    if (!prepared.isRetry) return failure(prepared, plan.failures.map(failureErrorNow));
    return Promise.all(plan.failures.map(failureError)).then((errors) => failure(prepared, errors));
  }

  /** @param {Prepared} prepared @returns {Promise<Outcome>} */
  async #failedAfterNode(prepared) {
    const { plan, request } = prepared;
    /** @type {string[]} */
    const missing = [];
    const fault = await this.#faultBefore(plan, missing);
    if (plan.doubt && !fault) {
      this.session.distrust(plan.checks[plan.checks.length - 1].url);
      return this.carryOut(this.prepare(request));
    }
    return failure(prepared, fault ? [fault.error] : plan.failures.map(failureErrorNow), missing);
  }

  /**
   * Carries out what has been planned.
   * @param {Prepared} prepared
   * @param {() => void} [onEnd] called in the moment in which all has run or something has failed
   * @returns {Promise<Outcome>}
   */
  async carryOut(prepared, onEnd = () => {}) {
    const { plan, texts, imported, isRetry } = prepared;
    if (plan.waits || plan.failures.length > 0) return this.failed(prepared);
    const measuring = plan.importsDynamically ? measureImports() : undefined;
    if (measuring) await measuring;
    const retried = isRetry ? [...plan.retried, ...plan.steps.map(({ id }) => id)] : plan.retried;
    const keepFailures = this.failures.retry(retried);
    const transaction = new Transaction(this, plan, texts, this.#current);
    /** @type {string[]} */
    const missing = [];
    let isDefined = false;
    try {
      const defining = transaction.define(texts, isRetry ? undefined : imported, missing);
      if (defining) await defining;
      isDefined = true;
      this.session.loaded(plan.transaction);
      const evaluation = transaction.evaluation.run(onEnd);
      if (evaluation) await evaluation;
    } catch (thrown) {
      const ofFile = errorOfFile(thrown);
      const error = ofFile ? await ofFile : thrown;
      if (isDefined) explainScope(error, ...rootOf(plan));
      this.version += 1;
      const { thrower } = transaction.evaluation;
      if (thrower !== undefined) transaction.fail(this.session.evaluating(plan.transaction, thrower), error);
      this.session.rollBack(plan.transaction, transaction.evaluated, isDefined);
      this.namespaces.settle(true);
      transaction.abandon(error);
      keepFailures((id) => this.#current.has(id));
      return { plan, imported, missing, failed: true, errors: [error], awaited: definedFiles(plan), evaluated: 0 };
    }
    this.version += 1;
    const removed = this.session.commit(plan.transaction, transaction.evaluated);
    transaction.publish();
    this.namespaces.settle(false);
    for (const id of removed) this.#forget(id);
    const evaluated = transaction.hotModules;
    return { plan, imported, missing, failed: false, errors: [], awaited: [], evaluated };
  }

  /**
   * Node imports a module on behalf of a hot one: the graph remembers the edge.
   * @param {import('./native.d.ts').Request} request
   */
  reach(request) {
    const { plan } = this.prepare(request);
    if (plan.failures.length === 0) this.session.commit(plan.transaction, []);
  }

  /**
   * What Node says before the link errors of a plan.
   * @param {Plan} plan
   * @param {string[]} missing receives paths that were tried in vain
   * @returns {Promise<{error: unknown} | undefined>}
   */
  async #faultBefore(plan, missing) {
    for (const module of plan.modules.filter(isUnresolved)) {
      try {
        await importUnresolved(module, module.parent);
      } catch (error) {
        missing.push(...module.tried);
        return { error };
      }
    }
    const loaded = (/** @type {number} */ id) => {
      const instance = this.#current.get(id);
      return instance instanceof NodeInstance ? instance.namespace() : undefined;
    };
    const fault = await firstFault(plan, loaded);
    if (!fault || !('check' in fault)) return fault;
    // Node agrees with the engine, whose words are more exact.
    const isOwn = plan.doubt && fault.check === plan.checks[plan.checks.length - 1];
    return { error: isOwn ? failureErrorNow(plan.failures[0]) : this.absent(fault.check) };
  }

  /** Node's error about a name that is not there. @param {import('./native.d.ts').Check} check */
  absent(check) {
    const { importer, request, asked } = check;
    const place = check.place ?? JSON.parse(this.session.placeOfRequest(importer, request, asked) ?? 'null');
    return missingExport(check, place);
  }

  /** Modules of Node have other exports than before: hot importers see them. */
  relink() {
    const instances = new Set([...this.#current.values(), ...this.made.values(), ...(this.update?.instances ?? [])]);
    for (const instance of instances) {
      if (instance instanceof ModuleInstance) instance.relink();
    }
    this.namespaces.refreshAll();
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

  /** A module of Node needs a hot one that has not run. @param {string} url */
  async evaluate(url) {
    const { failed, errors } = await this.apply({ import: { specifier: url, parent: url } });
    if (failed) throw errors[0];
  }

  /** @param {number} id */
  isCurrent(id) {
    return this.#current.has(id);
  }

  /** An entry is closed: what nothing else needs goes. @param {number} id */
  close(id) {
    for (const unneeded of this.session.close(id)) this.#forget(unneeded);
  }

  /** @param {number} id */
  #forget(id) {
    this.#current.delete(id);
    this.imports.forget(id);
    this.failures.forget(id);
    this.#subscribers.replace(id, undefined);
    this.namespaces.forget(id);
  }
}

/**
 * @param {Prepared} prepared
 * @param {unknown[]} errors
 * @param {string[]} [missing] files that were tried in vain
 * @returns {Outcome}
 */
function failure({ plan, imported }, errors, missing = []) {
  const removed = plan.failures.filter(({ kind }) => kind === 'missing').map(({ file }) => file);
  const awaited = plan.awaited;
  return { plan, imported, failed: true, errors, awaited, missing: [...missing, ...removed], evaluated: 0 };
}

/** Files whose change may repair what a plan could not do. @param {Plan} plan */
function definedFiles(plan) {
  const hot = plan.modules.filter(({ kind }) => kind !== 'external');
  return hot.map(({ url }) => fileURLToPath(url));
}

/** What was asked for: its URL, and whether it waits for a top-level await. @param {Plan} plan @returns {[string, boolean]} */
function rootOf({ steps, modules }) {
  const last = steps[steps.length - 1];
  const definition = modules.find(({ id }) => id === last?.id);
  return [definition?.url ?? '', Boolean(last?.isAsync)];
}

/** @type {Plan} */
const noPlan = {
  transaction: 0,
  failures: [],
  waits: false,
  depth: { breadthFirst: 0, depthFirst: 0, read: 0 },
  importsDynamically: false,
  namespaces: [],
  modules: [],
  checks: [],
  doubt: false,
  steps: [],
  rebind: [],
  stale: [],
  retried: [],
  changed: [],
  leftBehind: [],
  awaited: [],
  times: { load: 0, link: 0 },
};
