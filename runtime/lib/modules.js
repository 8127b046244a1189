/**
 * All hot modules of this thread: holds their instances and carries out the engine's plans.
 * It decides nothing: what to evaluate, in which order and whom to rebind comes from the engine.
 */
import { Bindings } from './bindings.js';
import { firstFault } from './checks.js';
import { DynamicImports, measureImports } from './dynamic-import.js';
import { errorOfFile, failureError, failureErrorNow, locate, missingExport } from './errors.js';
import { released } from './evaluating.js';
import { Failures } from './failures.js';
import { isFile } from './files.js';
import { HotModules } from './hot-modules.js';
import { ModuleInstance, definitionAgain, isFromNode } from './instance.js';
import { JsonInstance } from './json-instance.js';
import { answerLoader, takeImported } from './loader-hooks.js';
import { loaded } from './memory.js';
import { Namespaces } from './namespaces.js';
import { importUnresolved } from './node-import.js';
import { resolutionError, resolveByNode } from './node-resolve.js';
import { definedFiles, failure, isUnresolved, rootOf } from './outcome.js';
import { keepColumns, move, printAgain, settle } from './positions.js';
import { explainScope } from './scope-errors.js';
import { ScriptInstance, Scripts } from './scripts.js';
import { restoreSources } from './source-texts.js';
import { Subscribers } from './subscriptions.js';
import { Stopwatch } from './stopwatch.js';
import { Transaction } from './transaction.js';
import { superseded } from './waiting.js';

/** @typedef {import('./instance.js').Instance} Instance */
/** @typedef {import('./hot-state.js').HotState} HotState */
/** @typedef {import('./native.d.ts').Plan} Plan */
/** @typedef {import('./outcome.js').Outcome} Outcome */
/** @typedef {import('./outcome.js').Prepared} Prepared */
/** @typedef {import('./outcome.js').Unresolved} Unresolved */

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
  /** Transactions that have not ended. @type {Set<Transaction>} */
  open = new Set();
  /** URLs of modules that are imported by what has been required. @type {Set<string>} */
  belowRequired = new Set();
  /** URL of the program's main module, if that is hot. @type {string | undefined} */
  main;
  /** The update that is being carried out. @type {Transaction | undefined} */
  update;
  /** Counts transactions that have ended: what was planned before one may not hold after it. */
  version = 0;
  /** Called when a module has reached another one by `import()` for the first time. */
  onGrowth = () => {};
  /** Called when an `import()` of the program failed. @type {(outcome: Outcome) => void} */
  onFailure = () => {};
  /** Instances that are told about assignments in others. */
  #subscribers = new Subscribers();

  /**
   * @param {import('./native.d.ts').Session} session
   * @param {import('./code-cache.js').CodeCache} codeCache
   */
  constructor(session, codeCache) {
    this.session = session;
    this.codeCache = codeCache;
    this.namespaces = new Namespaces(this);
    this.imports = new DynamicImports(this);
    this.hot = new HotModules(this);
    this.scripts = new Scripts(session);
    answerLoader((url) => this.textForNode(url));
  }

  /** What Node is to load in the place of a hot module, if there is one. @param {string} url */
  textForNode(url) {
    const id = this.session.hotModule(url);
    return id === null ? undefined : this.namespaces.textForNode(id, url);
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
   * @param {(transaction: Transaction) => void} [onBegin] gets what can be superseded
   * @returns {Promise<Outcome>}
   */
  async apply(request, onBegin) {
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await this.carryOut(this.prepare(request), undefined, onBegin);
      // A file that was missing and is there now was created meanwhile.
      if (!outcome.failed || attempt === maxAttempts || !outcome.missing.some(isFile)) return outcome;
    }
  }

  /** Plans a request. @param {import('./native.d.ts').Request} request @returns {Prepared} */
  prepare(request) {
    const isRetry = !request.import || Boolean(request.import.entry);
    const seen = takeImported();
    if (seen.length > 0) this.session.seenByNode(seen);
    const { plan, texts, imported, compiled } = this.session.prepare(JSON.stringify(request));
    const parsed = JSON.parse(plan);
    for (const { url, segments, map, ownMap } of parsed.moved) move(url, segments, map, ownMap);
    parsed.modules = parsed.modules.map((/** @type {any} */ it) => (it.kind === 'again' ? definitionAgain(it, this.#current.get(it.id), texts) : it));
    const forms = this.codeCache.forms(compiled);
    return { request, plan: parsed, texts, imported, isRetry, forms };
  }

  /**
   * What there is to say of a plan that could not be made.
   * @param {Prepared} prepared
   * @param {unknown[]} [errors] if they are known
   * @returns {Outcome | Promise<Outcome>}
   */
  failed(prepared, errors) {
    if (errors) return failure(prepared, errors);
    const { plan } = prepared;
    const unresolved = plan.failures[0]?.kind === 'syntax' ? plan.modules.find(isUnresolved) : undefined;
    const found = unresolved && resolutionError(unresolved.specifier, unresolved.parent);
    if (found) return failure(prepared, [found, ...plan.failures.map(failureErrorNow)], unresolved.tried);
    if (unresolved) return this.#failedUnresolved(prepared, unresolved);
    const mayNodeComeFirst = plan.failures[0]?.kind === 'link' && plan.modules.some(({ kind }) => kind === 'external');
    if (mayNodeComeFirst) return this.#failedAfterNode(prepared);
    // The program waits for the error of its `import()`; others are told when they are known.
    if (!prepared.isRetry) return failure(prepared, plan.failures.map(failureErrorNow));
    return Promise.all(plan.failures.map(failureError)).then((errors) => failure(prepared, errors));
  }

  /**
   * What becomes of a plan in which something does not resolve, if Node's answer is to be had at once.
   * @param {Prepared} prepared
   * @returns {Outcome | undefined}
   */
  unresolvedNow(prepared) {
    const { plan } = prepared;
    const definition = plan.modules.find(isUnresolved);
    const error = definition && resolutionError(definition.specifier, definition.parent);
    if (!error) return undefined;
    locate(error, this.session.placeOfImport(definition.id));
    this.session.rollBack(plan.transaction, [], false);
    return { ...failure(prepared, [error], definition.tried), awaited: definedFiles(plan) };
  }

  /** Node would have asked for this before it had met what is broken. @param {Prepared} prepared @param {Unresolved} unresolved */
  async #failedUnresolved(prepared, unresolved) {
    const error = await importUnresolved(unresolved, unresolved.parent).then(() => undefined, (thrown) => thrown);
    const errors = prepared.plan.failures.map(failureErrorNow);
    return failure(prepared, error === undefined ? errors : [error, ...errors], unresolved.tried);
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
   * @param {(transaction: Transaction) => void} [onBegin]
   * @returns {Promise<Outcome>}
   */
  async carryOut(prepared, onEnd = () => {}, onBegin = () => {}) {
    const { plan, texts, imported, isRetry } = prepared;
    if (plan.waits || plan.failures.length > 0) return this.failed(prepared);
    if (plan.restart.length > 0) return this.#needsRestart(plan);
    const measuring = plan.importsDynamically ? measureImports() : undefined;
    if (measuring) await measuring;
    const retried = isRetry ? [...plan.retried, ...plan.steps.map(({ id }) => id)] : plan.retried;
    const keepFailures = this.failures.retry(retried);
    restoreSources(plan, this);
    const transaction = new Transaction(this, prepared, this.#current);
    onBegin(transaction);
    const phases = new Stopwatch();
    /** @type {string[]} */
    const missing = [];
    let isDefined = false;
    try {
      const defining = transaction.define(texts, isRetry ? undefined : imported, missing);
      if (defining) await defining;
      else if (transaction.isReadyLater) await undefined;
      prepared.forms?.release();
      isDefined = true;
      this.session.loaded(plan.transaction);
      phases.end('link');
      const announcing = this.hot.beforeUpdate(plan);
      if (announcing) await announcing;
      const disposing = transaction.dispose();
      if (disposing) await disposing;
      phases.end('dispose');
      if (transaction.isSuperseded) throw superseded();
      if (transaction === this.update) this.scripts.setAside();
      const evaluation = transaction.evaluation.run(onEnd);
      if (evaluation) await evaluation;
      phases.end('evaluate');
    } catch (thrown) {
      const { error } = await this.#abandon(prepared, transaction, thrown, isDefined);
      if (error === released) return this.carryOut(this.prepare(prepared.request), onEnd, onBegin);
      keepFailures((id) => this.#current.has(id));
      const { isSuperseded } = transaction;
      const awaited = definedFiles(plan);
      return { plan, imported, missing, failed: true, isSuperseded, errors: [error], awaited, evaluated: 0 };
    }
    loaded(plan.modules.length);
    const left = this.#commit(plan, transaction);
    const { hotModules: evaluated, replacement: { before } } = transaction;
    const took = phases.of(plan.times);
    return { plan, imported, missing, failed: false, errors: [], awaited: [], evaluated, before, left, phases: took };
  }

  /** @param {Plan} plan @returns {Outcome} */
  #needsRestart(plan) {
    this.session.rollBack(plan.transaction, [], false);
    return { plan, missing: [], failed: false, errors: [], awaited: [], evaluated: 0 };
  }

  /**
   * @param {Prepared} prepared
   * @param {Transaction} transaction
   * @param {unknown} thrown
   * @param {boolean} isDefined
   * @returns {Promise<{error: unknown}>} what to tell: boxed, since a program may throw a promise
   */
  async #abandon({ plan }, transaction, thrown, isDefined) {
    const ofFile = errorOfFile(thrown);
    const error = ofFile ? await ofFile : thrown;
    if (isDefined) explainScope(error, ...rootOf(plan));
    this.version += 1;
    const { thrower, node } = transaction.evaluation;
    transaction.forget(node.graph?.failed ?? []);
    if (thrower !== undefined) transaction.fail(this.session.evaluating(plan.transaction, thrower), error);
    keepColumns(plan.modules);
    this.session.rollBack(plan.transaction, transaction.evaluated, isDefined);
    this.namespaces.settle(true);
    // An `import()` that fails in the middle of an update leaves to the update what that has dropped.
    if (transaction === this.update) this.scripts.restore();
    transaction.abandon(error);
    printAgain(plan.modules, this.#current, error);
    const disposing = this.hot.dispose(transaction.discarded);
    if (disposing) await disposing;
    return { error };
  }

  /** @param {Plan} plan @param {Transaction} transaction @returns {HotState[]} what modules said that have left */
  #commit(plan, transaction) {
    this.version += 1;
    const removed = this.session.commit(plan.transaction, transaction.evaluated);
    if (transaction === this.update) this.scripts.settle(new Set(transaction.evaluated));
    transaction.publish();
    this.namespaces.settle(false);
    return removed.flatMap((id) => this.#forget(id) ?? []);
  }

  /** A version has become the current one. @param {Instance} instance */
  runs(instance) {
    if (instance instanceof JsonInstance) instance.share();
    if (!(instance instanceof ModuleInstance)) return;
    this.hot.runs(instance.id, instance.hot);
    settle(instance.url);
  }

  /**
   * CommonJS that has been loaded again; what only an `import()` reaches is loaded when it is asked for.
   * @param {string} file
   */
  script(file) {
    const id = this.session.moduleAt(file);
    if (id === null) return undefined;
    const known = this.#current.get(id);
    if (!this.scripts.takeStale(id)) return known instanceof ScriptInstance ? known : undefined;
    const script = new ScriptInstance(id, file);
    script.begin()();
    this.#current.set(id, script);
    return script;
  }

  /** What has run of transactions that have not ended counts: others may take long. */
  countWhatRan() {
    for (const { id, evaluated } of this.open) this.session.progress(id, evaluated);
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
      return instance && isFromNode(instance) ? instance.namespace() : undefined;
    };
    const fault = await firstFault(plan, loaded);
    if (!fault || !('check' in fault)) return fault;
    // Node agrees with the engine, whose words are more exact.
    const isOwn = plan.doubt && fault.check === plan.checks[plan.checks.length - 1];
    return { error: isOwn ? failureErrorNow(plan.failures[0]) : this.absent(fault.check, fault.isConflict) };
  }

  /** Node's error about a name that is not there, or twice. @param {import('./native.d.ts').Check} check @param {boolean} [isConflict] */
  absent(check, isConflict = false) {
    const { importer, request, asked } = check;
    const place = check.place ?? JSON.parse(this.session.placeOfRequest(importer, request, asked) ?? 'null');
    return missingExport(check, place, isConflict);
  }

  /** Modules of Node have other exports than before: hot importers see them. */
  relink() {
    for (const instance of this.instances()) instance.relink();
    this.namespaces.refreshAll();
  }

  /** Instances that run, and those that an update has made. @returns {ModuleInstance[]} */
  instances() {
    const instances = new Set([...this.#current.values(), ...this.made.values(), ...(this.update?.instances ?? [])]);
    return [...instances].filter((instance) => instance instanceof ModuleInstance);
  }

  /** An instance is told about assignments. @param {import('./instance.js').ModuleInstance} instance */
  listens(instance) {
    this.#subscribers.add(instance, this.#current.get(instance.id));
  }

  /** The current instance of a module has replaced another one. @param {number} id */
  replaced(id) {
    this.#subscribers.replace(id, this.#current.get(id));
  }

  /** Bindings of the current instances. */
  current() {
    const find = (/** @type {number} */ id) => this.#current.get(id) ?? this.made.get(id);
    const bindings = new Bindings(find, (id) => this.namespaces.of(id, bindings));
    return bindings;
  }

  /** A module of Node needs a hot one that has not run. @param {string} url */
  async evaluate(url) {
    const { failed, errors } = await this.apply({ import: { specifier: url, parent: url, root: true } });
    if (failed) throw errors[0];
  }

  /** @param {number} id */
  isCurrent(id) {
    return this.#current.has(id);
  }

  /** An entry is closed: what nothing else needs goes. @param {number} id */
  close(id) {
    this.hot.prune(this.session.close(id).flatMap((unneeded) => this.#forget(unneeded) ?? []));
  }

  /** @param {number} id @returns {HotState | undefined} what its last version said */
  #forget(id) {
    this.#current.delete(id);
    this.imports.forget(id);
    this.failures.forget(id);
    this.#subscribers.replace(id, undefined);
    this.namespaces.forget(id);
    return this.hot.forget(id);
  }
}
