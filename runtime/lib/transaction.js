/** One plan of the engine being carried out. */
import { setImmediate } from 'node:timers/promises';
import v8 from 'node:v8';
import { locate, missingExport, missingModule } from './errors.js';
import { isFolderOrOther } from './files.js';
import { Evaluation } from './evaluation.js';
import { JsonInstance, ModuleInstance, NodeInstance, compile } from './instance.js';
import { importFrom } from './node-import.js';

/** @typedef {import('./instance.js').Instance} Instance */
/** @typedef {import('./native.d.ts').Definition} Definition */
/** @typedef {import('./native.d.ts').Plan} Plan */
/** @typedef {import('./native.d.ts').Target} Target */

/** New instances beside the current ones until all of them have run. */
export class Transaction {
  /** Instances this transaction makes. @type {Map<number, Instance>} */
  #made = new Map();
  /** Modules that have run. @type {number[]} */
  evaluated = [];
  hotModules = 0;
  #isAbandoned = false;
  /** Transactions begun while this one is an update under way. @type {Transaction[]} */
  #nested = [];
  /** Instances put aside. @type {Map<number, Instance>} */
  #stale = new Map();
  /** Modules whose namespace object is asked for. @type {Set<number>} */
  #namespaces = new Set();
  #modules;
  #plan;
  #current;
  #evaluation;
  /** Modules in a cycle that wait for their environment to be linked, by cycle. @type {Map<number, ModuleInstance[]>} */
  #cycles = new Map();

  /** @param {import('./modules.js').Modules} modules @param {Plan} plan @param {string[]} texts @param {Map<number, Instance>} current */
  constructor(modules, plan, texts, current) {
    this.#modules = modules;
    this.#plan = plan;
    this.#current = current;
    for (const id of plan.stale) this.#putAside(id);
    if (modules.update) modules.update.#nested.push(this);
    if (plan.steps.some(({ again }) => again)) modules.update ??= this;
    this.#evaluation = new Evaluation(plan.steps, plan.modules, texts, modules.claims, {
      run: (id) => this.#run(id),
      provide: (id, namespace) => this.provide(id, namespace),
      // A module may have run in a transaction that is still open.
      isDone: ({ id, again }) => current.has(id) && !again,
      failure: (id) => modules.failures.get(id),
      blame: (id, error, name) => this.#blame(id, error, name),
      facades: (loads) => modules.namespaces.withPackages(this.#namespaces, loads, this),
      finished: (id) => this.#finished(id),
      failed: (id, failure) => {
        if (!current.has(id)) modules.failures.set(id, failure);
      },
    });
  }

  /** A module that the next `import()` evaluates anew. @param {number} id */
  #putAside(id) {
    const instance = this.#current.get(id);
    if (!instance) return;
    this.#stale.set(id, instance);
    this.#current.delete(id);
  }

  /** The instance others of this transaction link to. @param {number} id @returns {Instance} */
  instance(id) {
    const instance = this.find(id);
    if (!instance) throw new Error(`module ${id} has no instance`);
    return instance;
  }

  /** @param {number} id */
  find(id) {
    // What an `import()` loads in the middle of an update belongs to the update.
    const made = this.#made.get(id) ?? this.#modules.update?.made(id);
    return made ?? this.#current.get(id) ?? this.#modules.made.get(id);
  }

  /** The new instance of a module. @param {number} id */
  made(id) {
    return this.#made.get(id);
  }

  /**
   * Compiles everything, and loads what only Node can resolve, before anything runs.
   * @param {string[]} texts
   * @param {number | undefined} imported the module whose namespace was asked for
   * @param {string[]} missing receives paths that were tried in vain
   */
  async define(texts, imported, missing) {
    try {
      this.#defineAll(texts);
      // Node reads files meanwhile: what others have loaded already comes first.
      if (imported !== undefined && this.#made.size > 0) await setImmediate();
      await Promise.all(this.#environments());
      for (const definition of this.#plan.modules) {
        if (definition.kind !== 'external' || definition.parent === null) continue;
        await this.#importUnresolved(definition, definition.parent, missing);
      }
      this.#checkNames();
      this.#namespaces = this.#namespacesNeeded();
      if (imported !== undefined) this.#namespaces.add(imported);
      await this.#modules.namespaces.prepare(this.#namespaces, this);
    } catch (error) {
      this.#evaluation.abandon(error);
      throw error;
    }
  }

  /** @param {string[]} texts */
  #defineAll(texts) {
    const isUpdate = this.#plan.steps.some(({ again }) => again);
    // What looks like a leak of old versions is V8's compilation cache.
    if (isUpdate) v8.setFlagsFromString('--no-compilation-cache');
    try {
      for (const definition of this.#plan.modules) {
        if (this.#evaluation.owns(definition.id)) this.#define(definition, texts);
      }
    } finally {
      if (isUpdate) v8.setFlagsFromString('--compilation-cache');
    }
  }

  /** @param {Definition} definition @param {string[]} texts */
  #define(definition, texts) {
    const { id, url } = definition;
    if (definition.kind === 'module') {
      const run = compile(texts[definition.code], url);
      this.#make(new ModuleInstance(definition, run, this.#modules));
    } else if (definition.kind === 'json') {
      this.#make(new JsonInstance(id, texts[definition.code], url, this.#modules));
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
   * @param {string[]} missing
   */
  async #importUnresolved({ id, specifier, attributes, tried }, parent, missing) {
    if (!this.#evaluation.owns(id)) return;
    try {
      // Missing, or created since the engine looked: then it is not for Node to load.
      const mayBeHot = tried.length > 0 && !tried.some(isFolderOrOther);
      if (mayBeHot) throw missingModule(specifier, parent);
      const namespace = await importFrom(parent, specifier, Object.fromEntries(attributes));
      this.#evaluation.provide(id, namespace);
    } catch (error) {
      missing.push(...tried);
      this.#blame(id, error);
      throw error;
    }
  }

  /** Link errors of modules that Node had loaded before; Node itself checks those it is about to load. */
  #checkNames() {
    for (const definition of this.#plan.modules) {
      if (definition.kind !== 'module' || !this.#evaluation.owns(definition.id)) continue;
      for (const target of definition.bindings) {
        if (!Array.isArray(target) || typeof target[1] !== 'string') continue;
        const [id, name] = target;
        const instance = this.find(id);
        if (!(instance instanceof NodeInstance) || name in instance.namespace()) continue;
        const error = new SyntaxError(`does not provide an export named '${name}'`);
        this.#blame(id, error, name);
        throw error;
      }
    }
  }

  /**
   * Tells which import an error of Node is about, in Node's words.
   * @param {number} id an external module
   * @param {unknown} error
   * @param {string} [name] what was imported
   */
  #blame(id, error, name) {
    const { session } = this.#modules;
    const place = session.placeOfImport(id, name);
    if (place && error instanceof SyntaxError && name !== undefined) {
      error.message = missingExport(JSON.parse(place), name, session.isCommonJs(id));
    }
    locate(error, place);
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
    if (instance.cycle === null) this.#bind(instance, instance.targets);
    else this.#linkCycle(instance.cycle);
    this.hotModules += 1;
    return instance.evaluate();
  }

  /** @param {number} cycle */
  #linkCycle(cycle) {
    const members = this.#cycles.get(cycle) ?? [];
    this.#cycles.delete(cycle);
    for (const member of members) this.#bind(member, member.targets);
    for (const member of members) member.linkInCycle();
  }

  /** @param {number} id */
  #finished(id) {
    if (this.#isAbandoned) {
      this.#finishedLate(id);
      return;
    }
    this.evaluated.push(id);
    this.#modules.namespaces.refresh(id, this);
    // A module that runs for the first time is current at once: it stays even if another fails.
    const instance = this.#made.get(id);
    this.#modules.made.delete(id);
    if (instance && !this.#current.has(id)) this.#current.set(id, instance);
  }

  /**
   * A module has run to its end although another one has failed: if there was none before, it stays.
   * @param {number} id
   */
  #finishedLate(id) {
    const instance = this.#made.get(id);
    if (!instance || this.#current.has(id)) return;
    this.#current.set(id, instance);
    this.#modules.session.ran(id);
    this.#modules.namespaces.refresh(id);
  }

  /** @param {ModuleInstance} instance @param {Target[]} targets */
  #bind(instance, targets) {
    const readers = targets.map((target) => this.reader(target));
    instance.bind(readers, targets.map((target) => this.origin(target)));
  }

  /** Where a binding tells its assignments. @param {Target} target */
  origin(target) {
    if (!Array.isArray(target) || typeof target[1] !== 'number') return undefined;
    const instance = this.find(target[0]);
    return instance instanceof ModuleInstance ? instance.origin(target[1]) : undefined;
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
    for (const [id, instance] of this.#made) {
      this.#current.set(id, instance);
      this.#modules.replaced(id);
    }
    this.#end();
    for (const { id, bindings } of this.#plan.rebind) {
      const instance = this.#current.get(id);
      if (!(instance instanceof ModuleInstance)) continue;
      this.#bind(instance, bindings);
      instance.link();
      this.#modules.namespaces.refresh(id, this);
    }
  }

  /** It is decided which instances are current: what was loaded meanwhile links to those. */
  #end() {
    if (this.#modules.update === this) this.#modules.update = undefined;
    for (const nested of this.#nested) nested.#relink();
    this.#nested = [];
  }

  #relink() {
    for (const instance of this.#made.values()) {
      if (!(instance instanceof ModuleInstance) || this.#current.get(instance.id) !== instance) continue;
      this.#bind(instance, instance.targets);
      instance.link();
    }
  }

  /** Something failed: namespaces show the current instances again. @param {unknown} error */
  abandon(error) {
    this.#isAbandoned = true;
    this.#evaluation.abandon(error);
    this.#end();
    for (const [id, instance] of this.#stale) this.#current.set(id, instance);
    for (const [id, instance] of this.#made) {
      if (this.#modules.made.get(id) === instance) this.#modules.made.delete(id);
    }
    for (const id of this.evaluated) {
      if (this.#current.get(id) !== this.#made.get(id)) this.#modules.namespaces.refresh(id);
    }
  }
}
