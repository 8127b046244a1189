/** One plan of the engine being carried out. */
import v8 from 'node:v8';
import { followBuiltins } from './builtins.js';
import { firstFault } from './checks.js';
import { covers } from './coverage.js';
import { compilingFailed, locate } from './errors.js';
import { Evaluation } from './evaluation.js';
import { JsonInstance, ModuleInstance, NodeInstance, compile } from './instance.js';
import { importUnresolved } from './node-import.js';

/** @typedef {import('./instance.js').Instance} Instance */
/** @typedef {import('./native.d.ts').Definition} Definition */
/** @typedef {import('./native.d.ts').Plan} Plan */
/** @typedef {import('./native.d.ts').Target} Target */

/** @typedef {Definition & import('./native.d.ts').ExternalDefinition & {parent: string}} Unresolved */
/** @param {Definition} definition */
const isBuiltin = ({ url }) => url.startsWith('node:');

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
  evaluation;
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
    this.evaluation = new Evaluation(plan, texts, modules.claims, {
      begin: (id) => this.#begin(id),
      provide: (id, namespace) => this.provide(id, namespace),
      // A module may have run in a transaction that is still open.
      isDone: ({ id, again }) => current.has(id) && !again,
      failure: (id) => modules.failures.of(id),
      absent: (check) => modules.absent(check),
      facades: (loads) => modules.namespaces.withPackages(this.#namespaces, loads, this),
      finished: (id) => this.#finished(id),
      failed: (id, failure) => {
        if (!current.has(id)) modules.failures.add(id, failure);
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

  /** All of them. */
  get instances() {
    return this.#made.values();
  }

  /**
   * Compiles everything, and loads what only Node can resolve, before anything runs.
   * @param {string[]} texts
   * @param {number | undefined} imported the module whose namespace was asked for
   * @param {string[]} missing receives paths that were tried in vain
   * @returns {Promise<void> | undefined} nothing if all is there: `import()` of such a module takes no turn more
   */
  define(texts, imported, missing) {
    try {
      if (this.#plan.modules.some(isBuiltin)) followBuiltins(() => this.#modules.relink());
      this.#defineAll(texts);
      const environments = this.#environments();
      const namespaces = this.#namespacesNeeded(imported);
      this.#namespaces = namespaces;
      const isKnown = !this.#plan.modules.some(isUnresolved) && !this.#plan.checks.some(this.#isAbsent);
      const isThere = environments.length === 0 && isKnown;
      const preparing = isThere ? this.#modules.namespaces.prepare(namespaces, this) : undefined;
      if (isThere && !preparing) return undefined;
      return this.#await(environments, namespaces, preparing, missing);
    } catch (error) {
      this.evaluation.abandon(error);
      throw error;
    }
  }

  /**
   * @param {Promise<unknown>[]} environments
   * @param {Set<number>} namespaces
   * @param {Promise<void> | undefined} preparing
   * @param {string[]} missing
   */
  async #await(environments, namespaces, preparing, missing) {
    try {
      await Promise.all([preparing, ...environments]);
      if (preparing) return;
      for (const definition of this.#plan.modules.filter(isUnresolved)) {
        await this.#importUnresolved(definition, missing);
      }
      await this.#checkNames();
      await this.#modules.namespaces.prepare(namespaces, this);
    } catch (error) {
      this.evaluation.abandon(error);
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
        if (this.evaluation.owns(definition.id)) this.#define(definition, texts);
      }
    } finally {
      if (isUpdate) v8.setFlagsFromString('--compilation-cache');
    }
  }

  /** @param {Definition} definition @param {string[]} texts */
  #define(definition, texts) {
    const { id, url } = definition;
    if (definition.kind === 'module') {
      this.#make(new ModuleInstance(definition, compileModule(texts[definition.code], url), this.#modules));
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
   * @returns {Promise<unknown>[]}
   */
  #environments() {
    const promises = [];
    for (const instance of this.#made.values()) {
      if (!(instance instanceof ModuleInstance) || instance.cycle === null) continue;
      const members = this.#cycles.get(instance.cycle) ?? [];
      this.#cycles.set(instance.cycle, [...members, instance]);
      const ready = instance.createEnvironment();
      if (ready) promises.push(ready);
    }
    return promises;
  }

  /**
   * @param {Unresolved} definition
   * @param {string[]} missing
   */
  async #importUnresolved(definition, missing) {
    const { id, parent } = definition;
    if (!this.evaluation.owns(id)) return;
    try {
      this.evaluation.provide(id, await importUnresolved(definition, parent));
    } catch (error) {
      missing.push(...definition.tried);
      locate(error, this.#modules.session.placeOfImport(id));
      throw error;
    }
  }

  /** Link errors of modules that Node had loaded before; Node itself checks those it is about to load. */
  async #checkNames() {
    if (!this.#plan.checks.some(this.#isAbsent)) return;
    const fault = await firstFault(this.#plan, (id) => this.#loaded(id));
    if (fault) throw 'check' in fault ? this.#modules.absent(fault.check) : fault.error;
  }

  /** A module that Node has loaded lacks the name. @param {import('./native.d.ts').Check} check */
  #isAbsent = ({ importer, external, name }) => {
    if (!this.evaluation.owns(importer)) return false;
    const namespace = this.#loaded(external);
    return namespace !== undefined && !(name in namespace);
  };

  /** The namespace of a module that Node has loaded. @param {number} id */
  #loaded(id) {
    const instance = this.find(id);
    return instance instanceof NodeInstance ? instance.namespace() : undefined;
  }

  /** A module that Node has loaded. @param {number} id @param {Record<string, unknown>} namespace */
  provide(id, namespace) {
    const instance = new NodeInstance(id, namespace);
    this.#made.set(id, instance);
    // Node evaluates a module once, so it is current whatever becomes of the transaction.
    this.#current.set(id, instance);
    this.evaluated.push(id);
  }

  /** Modules whose namespace object some import asks for. @param {number | undefined} imported */
  #namespacesNeeded(imported) {
    const asked = imported === undefined ? [] : [imported];
    const targets = this.#plan.modules.flatMap((d) => (d.kind === 'module' ? d.bindings : []));
    const rebound = this.#plan.rebind.flatMap(({ bindings }) => bindings);
    const ids = [...targets, ...rebound].filter((target) => Array.isArray(target) && target.length === 1);
    const imports = ids.map((target) => /** @type {[number]} */ (target)[0]);
    return new Set([...asked, ...this.#plan.namespaces, ...imports]);
  }

  /** @param {number} id @returns {() => unknown} what evaluates the module */
  #begin(id) {
    const instance = this.instance(id);
    if (!(instance instanceof ModuleInstance)) return () => {};
    if (instance.cycle === null) this.#bind(instance, instance.targets);
    else this.#linkCycle(instance.cycle);
    this.hotModules += 1;
    return instance.begin();
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

  /** Modules that fail with another one, unless they have run before. @param {number[]} ids @param {unknown} error */
  fail(ids, error) {
    for (const id of ids) {
      const instance = this.#current.get(id) ?? this.#made.get(id);
      if (instance !== this.#made.get(id) || instance instanceof NodeInstance) continue;
      this.#current.delete(id);
      this.#modules.failures.add(id, { error });
    }
    this.evaluated = this.evaluated.filter((id) => !ids.includes(id) || this.#current.has(id));
  }

  /** Something failed: namespaces show the current instances again. @param {unknown} error */
  abandon(error) {
    this.#isAbandoned = true;
    this.evaluation.abandon(error);
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

/** A module that only Node can find. @param {Definition} definition @returns {definition is Unresolved} */
export function isUnresolved(definition) {
  return definition.kind === 'external' && definition.parent !== null;
}

/** @param {string} text @param {string} url */
function compileModule(text, url) {
  covers(url, text);
  try {
    return compile(text, url);
  } catch (error) {
    throw compilingFailed(error, url);
  }
}
