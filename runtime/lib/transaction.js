/** One plan of the engine being carried out. */
import { fileURLToPath } from 'node:url';
import { Bindings, isBuiltin, isSynthetic } from './bindings.js';
import { followBuiltins } from './builtins.js';
import { CycleEnvironments } from './cycle-environments.js';
import { toRun, withoutCompilationCache } from './compile.js';
import { locate } from './errors.js';
import { Evaluation } from './evaluation.js';
import { ModuleInstance, NodeInstance, isFromNode, scriptOf } from './instance.js';
import { JsonInstance } from './json-instance.js';
import { linkPackages } from './linked-packages.js';
import { NameChecks } from './name-checks.js';
import { namespacesIn, withPassedOn } from './namespace-shape.js';
import { isUnresolved } from './outcome.js';
import { importUnresolved } from './node-import.js';
import { Replacement, stateOf } from './replacement.js';
import { ScriptInstance } from './scripts.js';
import { superseded } from './waiting.js';

/** @typedef {import('./instance.js').Instance} Instance */
/** @typedef {import('./native.d.ts').Definition} Definition */
/** @typedef {import('./native.d.ts').Plan} Plan */
/** @typedef {import('./native.d.ts').Target} Target */
/** @typedef {import('./outcome.js').Unresolved} Unresolved */

/** New instances beside the current ones until all of them have run. */
export class Transaction {
  /** Its number. @type {number} */
  id;
  /** Instances this transaction makes. @type {Map<number, Instance>} */
  #made = new Map();
  /** Modules that have run. @type {number[]} */
  evaluated = [];
  hotModules = 0;
  /** One turn after it has been defined. */
  isReadyLater = false;
  #isAbandoned = false;
  /** Transactions begun while this one is an update under way. @type {Transaction[]} */
  #nested = [];
  /** Instances put aside. @type {Map<number, Instance>} */
  #stale = new Map();
  /** Modules whose namespace object is asked for. @type {Set<number>} */
  #namespaces = new Set();
  /** Those of them that the modules it evaluates ask for. @type {Set<number>} */
  #seen = new Set();
  /** Packages that Node has linked already. @type {import('./linked-packages.js').Linked} */
  #linked = new Map();
  bindings = new Bindings(
    (id) => this.find(id),
    (id) => this.#modules.namespaces.of(id, this.bindings),
    (id) => this.#synthetic.get(id),
    this.#linked,
  );
  #synthetic;
  #modules;
  #compiled;
  #forms;
  #current;
  evaluation;
  cycles = new CycleEnvironments();
  #names;

  /** @param {import('./modules.js').Modules} modules @param {import('./outcome.js').Prepared} prepared @param {Map<number, Instance>} current */
  constructor(modules, { plan, texts, compiled, forms }, current) {
    this.#modules = modules;
    this.plan = plan;
    this.#compiled = compiled;
    this.#forms = forms;
    this.#synthetic = new Map(plan.modules.filter(isSynthetic).map((definition) => [definition.id, definition]));
    this.id = plan.transaction;
    this.replacement = new Replacement(modules.hot);
    this.#current = current;
    modules.open.add(this);
    for (const id of plan.stale) this.#putAside(id);
    if (modules.update) modules.update.#nested.push(this);
    if (plan.steps.some(({ again }) => again)) modules.update ??= this;
    this.#names = new NameChecks(plan, this, modules);
    this.evaluation = new Evaluation(plan, texts, modules.claims, {
      begin: (id) => this.#begin(id),
      provide: (id, namespace) => this.provide(id, namespace),
      // A module may have run in a transaction that is still open.
      isDone: ({ id, again }) => current.has(id) && !again,
      failure: (id) => modules.failures.of(id),
      absent: (check, isConflict) => modules.absent(check, isConflict),
      facades: (loads) => modules.namespaces.withPackages(this.#namespaces, loads, this.bindings),
      finished: (id, cycle) => this.#finished(id, cycle),
      failed: (id, failure) => {
        if (!current.has(id)) modules.failures.add(id, failure);
      },
      cycleFailed: (ids, { error }) => this.fail(ids, error),
      link: (linked) => linked.forEach((namespace, id) => this.#linked.set(id, namespace)),
      dependencies: (id) => modules.session.dependencies(id),
      stack: (id) => modules.session.evaluating(this.id, id),
    });
  }

  /** A module that the next `import()` evaluates anew. @param {number} id */
  #putAside(id) {
    const instance = this.#current.get(id);
    if (!instance) return;
    this.#stale.set(id, instance);
    this.#current.delete(id);
  }

  /**
   * Disposes the versions that are replaced, importers first.
   * @returns {Promise<unknown> | undefined} nothing if there is nothing to wait for
   */
  dispose() {
    const again = this.plan.steps.filter((step) => step.again).map(({ id }) => this.#current.get(id));
    // What only an `import()` reaches has run after what reaches it.
    return this.replacement.dispose([...again, ...this.#stale.values()].reverse());
  }

  /** A newer change makes this update superfluous while it waits for something. */
  supersede() {
    this.isSuperseded = true;
    // Disposers that have begun come to their end, as far as they do.
    if (this.replacement.isDisposing) this.replacement.supersede();
    else this.evaluation.abandon(superseded(), true);
  }
  isSuperseded = false;

  /** Another transaction has made other instances current. @param {Map<number, Instance>} instances */
  adopt(instances) {
    for (const [id, instance] of instances) if (this.#made.has(id)) this.#made.set(id, instance);
  }

  /** Instances that did not become current. */
  get discarded() {
    const instances = [...this.#made.values()].filter((instance) => this.#current.get(instance.id) !== instance);
    return instances.map(stateOf);
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
      if (this.plan.modules.some(isBuiltin)) followBuiltins(() => this.#modules.relink());
      this.#defineAll(texts);
      this.isReadyLater = this.cycles.create(this.#made.values());
      const packages = linkPackages(this.plan, (id) => this.evaluation.owns(id), this.#linked);
      const namespaces = this.#namespacesNeeded(imported);
      this.#seen = new Set(namespaces);
      for (const id of namespacesIn(this.plan.rebind.flatMap(({ bindings }) => bindings))) namespaces.add(id);
      this.#namespaces = namespaces;
      const isKnown = !this.plan.modules.some(isUnresolved) && !this.#names.areAsked;
      const isThere = packages.length === 0 && isKnown;
      const preparing = isThere ? this.#prepareNamespaces() : undefined;
      if (isThere && !preparing) return undefined;
      return this.#await(packages, preparing, missing);
    } catch (error) {
      this.evaluation.abandon(error);
      throw error;
    }
  }

  /** A module of Node that imports a hot one is to find nothing in its place before it is evaluated: Node decides when. */
  #prepareNamespaces() {
    return this.#modules.namespaces.prepare(this.#namespaces, this.bindings, this.evaluation.awaitsModulesOfNode);
  }

  /**
   * @param {Promise<unknown>[]} packages
   * @param {Promise<void> | undefined} preparing
   * @param {string[]} missing
   */
  async #await(packages, preparing, missing) {
    try {
      await Promise.all([preparing, ...packages]);
      if (preparing) return;
      for (const definition of this.plan.modules.filter(isUnresolved)) {
        await this.#importUnresolved(definition, missing);
      }
      await this.#names.check();
      await this.#prepareNamespaces();
    } catch (error) {
      this.evaluation.abandon(error);
      throw error;
    }
  }

  /** @param {string[]} texts */
  #defineAll(texts) {
    const isUpdate = this.plan.steps.some(({ again }) => again);
    const own = this.plan.modules.filter(({ id }) => this.evaluation.owns(id));
    const define = () => {
      for (const definition of own) this.#define(definition, texts);
    };
    if (isUpdate) withoutCompilationCache(define);
    else define();
  }

  /** @param {Definition} definition @param {string[]} texts */
  #define(definition, texts) {
    const { id, url } = definition;
    if (definition.kind === 'module') {
      const { code, map } = definition;
      const text = texts[code];
      const script = scriptOf(this.#current.get(id), text, map) ?? this.#compiled?.get(code);
      const compiled = toRun(text, definition, script, this.#forms);
      this.#make(new ModuleInstance(definition, text, compiled, this.#modules));
    } else if (definition.kind === 'json') {
      this.#make(new JsonInstance(id, texts[definition.code], url, this.#modules));
    } else if (definition.kind === 'script') {
      this.#make(new ScriptInstance(id, fileURLToPath(url)));
    }
  }

  /** @param {Instance} instance */
  #make(instance) {
    this.#made.set(instance.id, instance);
    if (!this.#current.has(instance.id)) this.#modules.made.set(instance.id, instance);
  }

  /** @param {Unresolved} definition @param {string[]} missing */
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

  /** A module that Node has loaded. @param {number} id @param {Record<string, unknown>} namespace */
  provide(id, namespace) {
    const instance = new NodeInstance(id, namespace);
    this.#made.set(id, instance);
    // Node evaluates a module once, so it is current whatever becomes of the transaction.
    this.#current.set(id, instance);
    this.evaluated.push(id);
    this.#modules.namespaces.settleBindings();
    if (this.#synthetic.has(id)) this.cycles.linkAgain((member) => this.#modules.namespaces.refresh(member, this.bindings));
  }

  /** Modules whose namespace object some import asks for. @param {number | undefined} imported */
  #namespacesNeeded(imported) {
    const asked = imported === undefined ? [] : [imported];
    const targets = this.plan.modules.flatMap((d) => (d.kind === 'module' ? d.bindings : []));
    return withPassedOn([...asked, ...this.plan.namespaces, ...namespacesIn(targets)], (id) =>
      this.find(id) instanceof ModuleInstance ? JSON.parse(this.#modules.session.namespace(id)) : undefined,
    );
  }

  /** @param {number} id @returns {() => unknown} what evaluates the module */
  #begin(id) {
    const instance = this.bindings.instance(id);
    if (instance instanceof ScriptInstance || instance instanceof JsonInstance) return instance.begin();
    if (!(instance instanceof ModuleInstance)) return () => {};
    if (instance.cycle === null) this.bindings.bind(instance, instance.targets);
    else this.#linkCycle(instance.cycle);
    this.hotModules += 1;
    return instance.begin();
  }

  /** @param {number} cycle */
  #linkCycle(cycle) {
    // Namespaces that its modules pass on are there now.
    for (const { id } of this.cycles.link(cycle, this.bindings)) this.#modules.namespaces.refresh(id, this.bindings);
  }

  /** @param {number} id @param {number[]} cycle whose root it is */
  #finished(id, cycle) {
    if (this.#isAbandoned) {
      this.#finishedLate(id);
      return;
    }
    this.evaluated.push(id);
    if (this.#namespaces.has(id) && !this.#modules.namespaces.has(id)) void this.#modules.namespaces.prepare([id], this.bindings);
    const isFirst = !this.#current.has(id);
    // Others that have the namespace of an older version see all new versions in one moment.
    if (isFirst || this.#seen.has(id)) this.#modules.namespaces.refresh(id, this.bindings);
    this.#modules.namespaces.settleBindings();
    // A module that runs for the first time is current at once: it stays even if another fails.
    const instance = this.#made.get(id);
    this.#modules.made.delete(id);
    if (instance && isFirst) {
      this.#current.set(id, instance);
      this.#modules.runs(instance);
    }
    for (const member of [id, ...cycle]) {
      const made = this.find(member);
      if (made instanceof ModuleInstance) made.showLive();
    }
    // What its members pass on to each other may have got another value since they ran: that of a `var`.
    for (const member of cycle) if (isFirst || this.#seen.has(member)) this.#modules.namespaces.refresh(member, this.bindings);
  }

  /** A module has run to its end although another one has failed: if there was none before, it stays. @param {number} id */
  #finishedLate(id) {
    const instance = this.#made.get(id);
    if (!instance || this.#current.has(id)) return;
    this.#current.set(id, instance);
    this.#modules.runs(instance);
    this.#modules.session.ran(id);
    this.#modules.namespaces.refresh(id);
  }

  /** Everything ran: the new instances become the current ones, importers see them. */
  publish() {
    for (const [id, instance] of this.#made) {
      if (this.#current.get(id) !== instance) {
        this.#current.set(id, instance);
        this.#modules.runs(instance);
      }
      this.#modules.replaced(id);
    }
    for (const other of this.#modules.open) if (other !== this) other.adopt(this.#made);
    this.#end();
    for (const { id, bindings } of this.plan.rebind) this.#rebind(id, bindings);
    for (const { id, again } of this.plan.steps) {
      if (again && !this.#seen.has(id)) this.#modules.namespaces.refresh(id);
    }
  }

  /** @param {number} id @param {Target[]} bindings */
  #rebind(id, bindings) {
    const current = this.#current.get(id);
    const instance = current ?? this.#modules.made.get(id);
    if (!(instance instanceof ModuleInstance)) return;
    this.bindings.bind(instance, bindings);
    if (current) instance.link();
    // It still runs for the first time, or waits to.
    else instance.linkInCycle();
    this.#modules.namespaces.refresh(id, this.bindings);
  }

  /** It is decided which instances are current: what was loaded meanwhile links to those. */
  #end() {
    this.#modules.open.delete(this);
    if (this.#modules.update === this) this.#modules.update = undefined;
    for (const nested of this.#nested) nested.#relink();
    this.#nested = [];
  }

  #relink() {
    for (const instance of this.#made.values()) {
      if (!(instance instanceof ModuleInstance) || this.#current.get(instance.id) !== instance) continue;
      this.bindings.bind(instance, instance.targets);
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

  /** Modules of Node that are to be imported again. @param {number[]} ids */
  forget(ids) {
    for (const id of ids) this.#current.delete(id);
    this.evaluated = this.evaluated.filter((id) => !ids.includes(id));
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
    // Namespaces may have been made for instances that are nobody's business any more.
    for (const id of new Set([...this.#made.keys(), ...this.#namespaces])) {
      const current = this.#current.get(id);
      if (current && current !== this.#made.get(id)) this.#modules.namespaces.refresh(id);
    }
  }
}
