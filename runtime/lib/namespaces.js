/**
 * Module namespace objects of hot modules.
 *
 * A namespace is a real one, of a synthetic module that Node links: one per hot module and set of
 * names, never per version. The runtime sets its bindings when the hot module has run, and again
 * after every update. Only where a program could see the difference between a binding and its
 * copy (a binding that changes after evaluation, a namespace imported from within its own cycle)
 * it is a Proxy that reads the bindings.
 */
import { facadeText, isPlainFile, makeFacade } from './facades.js';
import { createLiveNamespace } from './live-namespace.js';
import { seesLoader } from './loader-hooks.js';

/** @typedef {import('./native.d.ts').NamespaceShape} NamespaceShape */
/** @typedef {() => unknown} Getter */

/**
 * Where bindings are found: a transaction, or what is current.
 * @typedef {object} Bindings
 * @property {(target: import('./native.d.ts').Target) => Getter} reader
 * @property {(id: number) => import('./instance.js').Instance} instance
 * @property {(id: number) => import('./instance.js').Instance | undefined} find
 */

/**
 * @typedef {object} Entry
 * @property {string} names the sorted names as JSON: what a namespace object can never change
 * @property {object} namespace
 * @property {(getters: Map<string, Getter>) => void} set
 */

/**
 * How many real namespaces a module may have, one per set of export names. Node keeps them for
 * ever, so a module whose exports change on and on gets live ones, which are collected.
 */
const shapesPerModule = 8;

export class Namespaces {
  /** @type {Map<number, Entry>} */
  #entries = new Map();
  /** Real namespaces of each module by their names, for when it has these exports again. */
  /** @type {Map<number, Map<string, Entry>>} */
  #shapes = new Map();
  /** Entries replaced by a transaction under way. @type {Map<number, Entry>} */
  #replaced = new Map();
  /** Facades that only modules of Node see. @type {Map<number, Entry>} */
  #mirrors = new Map();
  #modules;

  /** @param {import('./modules.js').Modules} modules */
  constructor(modules) {
    this.#modules = modules;
  }

  /**
   * The namespace of a module. One that was not prepared is a live one.
   * @param {number} id
   * @param {Bindings} [bindings]
   * @returns {object}
   */
  of(id, bindings = this.#current()) {
    const known = this.#entries.get(id);
    if (known) return known.namespace;
    const instance = bindings.find(id);
    if (instance && isNodeInstance(instance)) return instance.namespace();
    if (seesLoader()) this.#prepare(id, bindings);
    const made = this.#entries.get(id);
    if (made) return made.namespace;
    const { getters } = this.#shape(id, bindings);
    return this.#add(id, getters, createLiveNamespace(getters));
  }

  /** Makes the namespace of a module that has run, unless there is one. @param {number} id */
  async ensure(id) {
    if (!this.#entries.has(id)) await this.prepare([id], this.#current());
  }

  /**
   * Makes real namespaces of hot modules, before they run or after.
   * @param {Iterable<number>} ids
   * @param {Bindings} bindings
   * @returns {Promise<void> | undefined} nothing if all are there
   */
  prepare(ids, bindings) {
    const preparing = Array.from(ids, (id) => this.#prepare(id, bindings)).filter((promise) => promise);
    return preparing.length > 0 ? Promise.all(preparing).then(() => {}) : undefined;
  }

  /** @param {number} id @param {Bindings} bindings @returns {Promise<void> | undefined} */
  #prepare(id, bindings) {
    const instance = bindings.find(id);
    if (!instance || isNodeInstance(instance)) return undefined;
    const { live, stars, names } = this.#read(id);
    if (stars.length > 0) {
      // Their names are known once Node has loaded them: made by `of` when first asked for.
      if (this.#entries.has(id)) this.#replace(id);
      return undefined;
    }
    const known = this.#entries.get(id);
    const wanted = names.map(([name]) => name);
    if (known?.names === JSON.stringify(wanted)) return undefined;
    if (known) this.#replace(id);
    if (live) return undefined;
    const made = this.#real(id, wanted, 'url' in instance ? `${instance.url}` : undefined);
    if (made instanceof Promise) return made.then((entry) => this.#enter(id, entry, bindings));
    this.#enter(id, made, bindings);
    return undefined;
  }

  /** @param {number} id @param {Entry | undefined} entry @param {Bindings} [bindings] */
  #enter(id, entry, bindings) {
    // Another caller may have been faster: there is one namespace per module.
    if (!entry || this.#entries.has(id)) return;
    this.#entries.set(id, entry);
    this.refresh(id, bindings);
  }

  /**
   * @param {number} id
   * @param {string[]} wanted
   * @param {string | undefined} url
   * @returns {Entry | undefined | Promise<Entry | undefined>}
   */
  #real(id, wanted, url) {
    const names = JSON.stringify(wanted);
    const shapes = this.#shapes.get(id) ?? new Map();
    this.#shapes.set(id, shapes);
    const known = shapes.get(names);
    if (known || shapes.size >= shapesPerModule) return known;
    const remember = (/** @type {import('./facades.js').Facade} */ facade) => {
      const entry = facadeEntry(wanted, facade);
      shapes.set(names, entry);
      return entry;
    };
    const isFirst = shapes.size === 0 && url !== undefined && isPlainFile(url);
    const made = makeFacade(wanted, isFirst ? url : undefined);
    return made instanceof Promise ? made.then(remember) : remember(made);
  }

  /**
   * The text that Node is to load in the place of a hot module.
   * @param {number} id
   * @param {string} url
   */
  textForNode(id, url) {
    const { names, live } = this.#read(id);
    const wanted = names.map(([name]) => name);
    const isReady = this.#modules.isCurrent(id) || this.#modules.claims.has(id);
    const wait = isReady ? undefined : () => this.#modules.evaluate(url);
    const onLoad = (/** @type {import('./facades.js').Facade} */ facade) => {
      const entry = facadeEntry(wanted, facade);
      const isFirst = !live && !this.#entries.has(id);
      if (isFirst) this.#enter(id, entry);
      else this.#mirrors.set(id, entry);
      this.refresh(id);
    };
    return facadeText(wanted, url, onLoad, wait);
  }

  /**
   * Shows what a module's bindings hold now.
   * @param {number} id
   * @param {Bindings} [bindings]
   */
  refresh(id, bindings = this.#current()) {
    const known = this.#entries.get(id);
    const mirror = this.#mirrors.get(id);
    if (!known && !mirror) return;
    const { getters } = this.#shape(id, bindings);
    mirror?.set(getters);
    if (!known) return;
    if (JSON.stringify([...getters.keys()]) === known.names) known.set(getters);
    else this.#replace(id);
  }

  /** Shows what all bindings hold now. */
  refreshAll() {
    for (const id of [...this.#entries.keys()]) this.refresh(id);
  }

  /** The transaction under way is over. @param {boolean} failed namespaces become what they were */
  settle(failed) {
    if (failed) {
      for (const [id, entry] of this.#replaced) this.#entries.set(id, entry);
    }
    this.#replaced.clear();
  }

  /** @param {number} id */
  forget(id) {
    this.#entries.delete(id);
    this.#shapes.delete(id);
    this.#mirrors.delete(id);
  }

  /** @param {number} id */
  #replace(id) {
    const entry = this.#entries.get(id);
    if (entry && !this.#replaced.has(id)) this.#replaced.set(id, entry);
    this.#entries.delete(id);
  }

  /** @param {number} id @param {Map<string, Getter>} getters @param {ReturnType<typeof createLiveNamespace>} live */
  #add(id, getters, live) {
    this.#entries.set(id, { names: JSON.stringify([...getters.keys()]), ...live });
    live.set(getters);
    return live.namespace;
  }

  /** @returns {Bindings} */
  #current() {
    return this.#modules.current();
  }

  /** @param {number} id @returns {NamespaceShape} */
  #read(id) {
    return JSON.parse(this.#modules.session.namespace(id));
  }

  /**
   * All names in the order of the namespace's keys, with their getters.
   * @param {number} id
   * @param {Bindings} bindings
   */
  #shape(id, bindings) {
    const shape = this.#read(id);
    /** @type {Map<string, Getter>} */
    const getters = new Map();
    for (const [name, target] of shape.names) getters.set(name, bindings.reader(target));
    if (shape.stars.length === 0) return { getters };
    const hidden = new Set(['default', ...shape.excluded, ...getters.keys()]);
    for (const star of shape.stars) {
      const instance = bindings.instance(star);
      for (const name of Object.keys(instance.namespace())) {
        if (!hidden.has(name) && !getters.has(name)) getters.set(name, instance.getter(name));
      }
    }
    return { getters: new Map([...getters].sort(([one], [other]) => (one < other ? -1 : 1))) };
  }
}

/** @param {string[]} names @param {import('./facades.js').Facade} facade @returns {Entry} */
function facadeEntry(names, { namespace, set }) {
  return {
    names: JSON.stringify(names),
    namespace,
    set: (getters) => set(names.map((name) => attempt(getters.get(name)))),
  };
}

/** @param {Getter | undefined} get */
function attempt(get) {
  try {
    return get?.();
  } catch {
    return undefined;
  }
}

/** @param {import('./instance.js').Instance} instance */
function isNodeInstance(instance) {
  return 'isFromNode' in instance;
}
