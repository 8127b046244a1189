/**
 * All hot modules of this thread: holds their instances and carries out the engine's plans.
 * It decides nothing: what to evaluate, in which order and whom to rebind comes from the engine.
 */
import { fileURLToPath } from 'node:url';
import { setImmediate } from 'node:timers/promises';
import v8 from 'node:v8';
import { Evaluation } from './evaluation.js';
import { failureError, missingModule } from './errors.js';
import { ModuleInstance, JsonInstance, NodeInstance, compile } from './instance.js';
import { Namespaces } from './namespaces.js';
import { importFrom } from './node-import.js';

/** @typedef {import('./instance.js').Instance} Instance */
/** @typedef {import('./native.d.ts').Definition} Definition */
/** @typedef {import('./native.d.ts').Plan} Plan */
/** @typedef {import('./native.d.ts').Target} Target */

/**
 * What an update did, or why it did nothing.
 * @typedef {object} Outcome
 * @property {Plan} plan
 * @property {number} [imported] the module asked for
 * @property {unknown} [error] why it failed; the old code is current
 * @property {boolean} failed
 * @property {string[]} awaited files whose appearance could repair it
 * @property {number} evaluated how many modules ran
 */

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

  /** @param {import('./native.d.ts').Session} session */
  constructor(session) {
    this.session = session;
    this.namespaces = new Namespaces(this);
  }

  /** @param {number} id @returns {Instance} */
  get(id) {
    const instance = this.#current.get(id);
    if (!instance) throw new Error(`module ${id} has no instance`);
    return instance;
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
   * @param {ModuleInstance} importer
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
    if (outcome.failed) throw outcome.error;
    return this.namespaces.of(/** @type {number} */ (outcome.imported));
  }

  /**
   * Brings modules up to date: plans, proves, evaluates, rebinds. Never throws for broken user code.
   * @param {import('./native.d.ts').Request} request
   * @returns {Promise<Outcome>}
   */
  async apply(request) {
    const isRetry = !request.import || request.import.entry;
    if (isRetry) this.failures.clear();
    const { plan: json, texts, imported } = this.session.prepare(JSON.stringify(request));
    /** @type {Plan} */
    const plan = JSON.parse(json);
    const outcome = { plan, imported, failed: false, awaited: /** @type {string[]} */ ([]), evaluated: 0 };
    if (plan.failures.length > 0) {
      const awaited = plan.failures.map((failure) => failure.file);
      return { ...outcome, failed: true, error: failureError(plan.failures[0]), awaited };
    }
    const transaction = new Transaction(this, plan, this.#current);
    let isDefined = false;
    try {
      await transaction.define(texts, isRetry ? undefined : imported, outcome.awaited);
      isDefined = true;
      const evaluation = transaction.evaluate();
      if (evaluation) await evaluation;
    } catch (error) {
      this.session.rollBack(plan.transaction, transaction.evaluated, isDefined);
      this.namespaces.settle(true);
      transaction.abandon();
      const awaited = [...outcome.awaited, ...definedFiles(plan)];
      return { ...outcome, failed: true, error, awaited };
    }
    const removed = this.session.commit(plan.transaction, transaction.evaluated);
    transaction.publish();
    this.namespaces.settle(false);
    for (const id of removed) this.#forget(id);
    for (const id of plan.stale) this.#current.delete(id);
    return { ...outcome, evaluated: transaction.hotModules };
  }

  /** Bindings of the current instances. @returns {import('./namespaces.js').Bindings} */
  current() {
    return new Transaction(this, noPlan, this.#current);
  }

  /** @param {number} id */
  #forget(id) {
    this.#current.delete(id);
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
  modules: [],
  steps: [],
  rebind: [],
  stale: [],
  changed: [],
  leftBehind: [],
  times: { load: 0, link: 0 },
};

/** One plan being carried out: new instances beside the current ones until all of them have run. */
class Transaction {
  /** Instances this transaction makes. @type {Map<number, Instance>} */
  #made = new Map();
  /** Modules that have run. @type {number[]} */
  evaluated = [];
  hotModules = 0;
  #modules;
  #plan;
  #current;
  #evaluation;
  /** Modules in a cycle that wait for their environment to be linked, by cycle. @type {Map<number, ModuleInstance[]>} */
  #cycles = new Map();

  /** @param {Modules} modules @param {Plan} plan @param {Map<number, Instance>} current */
  constructor(modules, plan, current) {
    this.#modules = modules;
    this.#plan = plan;
    this.#current = current;
    this.#evaluation = new Evaluation(plan.steps, plan.modules, modules.claims, {
      run: (id) => this.#run(id),
      provide: (id, namespace) => this.provide(id, namespace),
      // A module may have run in a transaction that is still open.
      isDone: ({ id, again }) => current.has(id) && !again,
      failure: (id) => modules.failures.get(id),
      finished: (id) => this.#finished(id),
      failed: (id, failure) => {
        if (!current.has(id)) modules.failures.set(id, failure);
      },
    });
  }

  /** The instance others of this transaction link to. @param {number} id @returns {Instance} */
  instance(id) {
    const instance = this.find(id);
    if (!instance) throw new Error(`module ${id} has no instance`);
    return instance;
  }

  /** @param {number} id */
  find(id) {
    return this.#made.get(id) ?? this.#current.get(id) ?? this.#modules.made.get(id);
  }

  /**
   * Compiles everything, and loads what only Node can resolve, before anything runs.
   * @param {string[]} texts
   * @param {number | undefined} imported the module whose namespace was asked for
   * @param {string[]} awaited receives paths that were tried in vain
   */
  async define(texts, imported, awaited) {
    try {
      this.#defineAll(texts, awaited);
      // Node reads files meanwhile: what others have loaded already comes first.
      if (imported !== undefined && this.#made.size > 0) await setImmediate();
      await Promise.all(this.#environments());
      for (const definition of this.#plan.modules) {
        if (definition.kind !== 'external' || definition.parent === null) continue;
        await this.#importUnresolved(definition, definition.parent, awaited);
      }
      const namespaces = this.#namespacesNeeded();
      if (imported !== undefined) namespaces.add(imported);
      await this.#modules.namespaces.prepare(namespaces, this);
    } catch (error) {
      this.#evaluation.abandon(error);
      throw error;
    }
  }

  /** @param {string[]} texts @param {string[]} awaited */
  #defineAll(texts, awaited) {
    const isUpdate = this.#plan.steps.some(({ again }) => again);
    // What looks like a leak of old versions is V8's compilation cache.
    if (isUpdate) v8.setFlagsFromString('--no-compilation-cache');
    try {
      for (const definition of this.#plan.modules) {
        if (this.#evaluation.owns(definition.id)) this.#define(definition, texts, awaited);
      }
    } finally {
      if (isUpdate) v8.setFlagsFromString('--compilation-cache');
    }
  }

  /** @param {Definition} definition @param {string[]} texts @param {string[]} awaited */
  #define(definition, texts, awaited) {
    const { id, url } = definition;
    if (definition.kind === 'module') {
      const run = compile(texts[definition.code], url, definition.prefix);
      this.#make(new ModuleInstance(definition, run, this.#modules));
    } else if (definition.kind === 'json') {
      awaited.push(fileURLToPath(url));
      this.#make(new JsonInstance(id, texts[definition.code], url, this.#modules));
      awaited.pop();
    }
  }

  /** @param {Instance} instance */
  #make(instance) {
    this.#made.set(instance.id, instance);
    if (!this.#current.has(instance.id)) this.#modules.made.set(instance.id, instance);
  }

  /**
   * Creates the environments of modules in cycles: an asynchronous one takes a job to be ready.
   * @returns {(Promise<unknown> | undefined)[]}
   */
  #environments() {
    const promises = [];
    for (const instance of this.#made.values()) {
      if (!(instance instanceof ModuleInstance) || instance.cycle === null) continue;
      const members = this.#cycles.get(instance.cycle) ?? [];
      this.#cycles.set(instance.cycle, [...members, instance]);
      promises.push(instance.createEnvironment());
    }
    return promises;
  }

  /**
   * @param {Definition & import('./native.d.ts').ExternalDefinition} definition
   * @param {string} parent
   * @param {string[]} awaited
   */
  async #importUnresolved({ id, specifier, attributes, tried }, parent, awaited) {
    if (!this.#evaluation.owns(id)) return;
    try {
      const namespace = await importFrom(parent, specifier, Object.fromEntries(attributes));
      this.#evaluation.provide(id, namespace);
    } catch (error) {
      awaited.push(...tried);
      throw error;
    }
  }

  /** A module that Node has loaded. @param {number} id @param {Record<string, unknown>} namespace */
  provide(id, namespace) {
    const instance = new NodeInstance(id, namespace);
    this.#made.set(id, instance);
    // Node evaluates a module once, so it is current whatever becomes of the transaction.
    this.#current.set(id, instance);
    this.evaluated.push(id);
  }

  /** Modules whose namespace object some import asks for. */
  #namespacesNeeded() {
    const targets = this.#plan.modules.flatMap((d) => (d.kind === 'module' ? d.bindings : []));
    const rebound = this.#plan.rebind.flatMap(({ bindings }) => bindings);
    const ids = [...targets, ...rebound].filter((target) => Array.isArray(target) && target.length === 1);
    return new Set(ids.map((target) => /** @type {[number]} */ (target)[0]));
  }

  /** @returns {Promise<void> | undefined} */
  evaluate() {
    return this.#evaluation.run();
  }

  /** @param {number} id */
  #run(id) {
    const instance = this.instance(id);
    if (!(instance instanceof ModuleInstance)) return undefined;
    if (instance.cycle === null) instance.bind(this.readers(instance.targets));
    else this.#linkCycle(instance.cycle);
    this.hotModules += 1;
    return instance.evaluate();
  }

  /** @param {number} cycle */
  #linkCycle(cycle) {
    const members = this.#cycles.get(cycle) ?? [];
    this.#cycles.delete(cycle);
    for (const member of members) member.bind(this.readers(member.targets));
    for (const member of members) member.linkInCycle();
  }

  /** @param {number} id */
  #finished(id) {
    this.evaluated.push(id);
    this.#modules.namespaces.refresh(id, this);
    // A module that runs for the first time is current at once: it stays even if another fails.
    const instance = this.#made.get(id);
    this.#modules.made.delete(id);
    if (instance && !this.#current.has(id)) this.#current.set(id, instance);
  }

  /** @param {Target[]} targets @returns {(() => unknown)[]} */
  readers(targets) {
    return targets.map((target) => this.reader(target));
  }

  /** Reads a binding. @param {Target} target @returns {() => unknown} */
  reader(target) {
    if (!Array.isArray(target)) return this.#starReader(target.stars);
    const [id, key] = target;
    if (key === undefined) return () => this.#modules.namespaces.of(id, this);
    const instance = this.find(id);
    // Before a cycle runs, what Node loads for it may be still to come.
    return instance?.getter(key) ?? (() => this.instance(id).getter(key)());
  }

  /** @param {[number, string][]} stars */
  #starReader(stars) {
    const found = stars.find(([id, name]) => name in this.instance(id).namespace());
    if (!found) throw new SyntaxError(`no star export provides '${stars[0]?.[1]}'`);
    return this.instance(found[0]).getter(found[1]);
  }

  /** Everything ran: the new instances become the current ones, importers see them. */
  publish() {
    for (const [id, instance] of this.#made) this.#current.set(id, instance);
    for (const { id, bindings } of this.#plan.rebind) {
      const instance = this.#current.get(id);
      if (!(instance instanceof ModuleInstance)) continue;
      instance.bind(this.readers(bindings));
      instance.link();
      this.#modules.namespaces.refresh(id, this);
    }
  }

  /** Something failed: namespaces show the current instances again. */
  abandon() {
    for (const [id, instance] of this.#made) {
      if (this.#modules.made.get(id) === instance) this.#modules.made.delete(id);
    }
    for (const id of this.evaluated) {
      if (this.#current.get(id) !== this.#made.get(id)) this.#modules.namespaces.refresh(id);
    }
  }
}

/** EvaluateImportCall steps 9.d: the attributes of `import(specifier, options)`. @param {any} options */
function importAttributes(options) {
  if (options === undefined) return [];
  if (typeof options !== 'object' || options === null) {
    throw new TypeError('The second argument of import() must be an object');
  }
  const attributes = options.with;
  if (attributes === undefined) return [];
  if (typeof attributes !== 'object' || attributes === null) {
    throw new TypeError("The 'with' option of import() must be an object");
  }
  /** @type {[string, string][]} */
  const entries = Object.entries(attributes);
  if (entries.some(([, value]) => typeof value !== 'string')) {
    throw new TypeError('Import attribute values must be strings');
  }
  return entries.sort(([one], [other]) => (one < other ? -1 : 1));
}
