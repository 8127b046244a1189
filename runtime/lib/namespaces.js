/**
 * Module namespace objects of hot modules.
 *
 * A namespace is a real one, of a synthetic module that Node links: one per hot module and set of
 * names, never per version. The runtime sets its bindings when the hot module has run, after every
 * update, and when the module tells an assignment. Only where a program could see the difference
 * between a binding and its copy (a binding that changes unseen, a namespace imported from within
 * its own cycle) it is a Proxy that reads the bindings.
 */
import { announce, facadeText, facadeUrl, isPlainFile, loadFacade, loadedFacade } from './facades.js';
import { createLiveNamespace } from './live-namespace.js';
import { seesLoader } from './loader-hooks.js';
import { Subscription } from './subscriptions.js';

/** @typedef {import('./native.d.ts').NamespaceShape} NamespaceShape */
/** @typedef {() => unknown} Getter */

/**
 * Where bindings are found: a transaction, or what is current.
 * @typedef {object} Bindings
 * @property {(target: import('./native.d.ts').Target) => Getter} reader
 * @property {(target: import('./native.d.ts').Target) => import('./subscriptions.js').Origin | undefined} origin
 * @property {(id: number) => import('./instance.js').Instance} instance
 * @property {(id: number) => import('./instance.js').Instance | undefined} find
 */

/**
 * @typedef {object} Entry
 * @property {string} key what determines the names: a namespace object can never change them
 * @property {boolean} isReal Node adds the names of `export *` from packages
 * @property {object} namespace
 * @property {(getters: Map<string, Getter>) => void} set
 * @property {(slot: number, value: unknown) => void} show the value of one name
 * @property {Subscription} subscription
 */

/**
 * A facade that is to be imported with the last package whose names it has, before whoever needs them runs.
 * @typedef {{last: number, url: string, provide: (namespace: object) => void}} PendingFacade
 */

/** The bindings of a namespace by name, in the order of its keys. @typedef {Map<string, Binding>} Shape */
/** @typedef {{get: Getter, origin?: import('./subscriptions.js').Origin}} Binding */

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
    // In a cycle a module may be linked before Node has loaded what it imports.
    if (!instance) throw new ReferenceError(`module ${id} has no namespace yet`);
    if (isNodeInstance(instance)) return instance.namespace();
    if (seesLoader()) void this.#prepare(id, bindings);
    return this.#entries.get(id)?.namespace ?? this.#addLive(id, bindings);
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
    const shape = this.#read(id);
    const known = this.#entries.get(id);
    if (known?.key === keyOf(shape)) return undefined;
    if (known) this.#replace(id);
    if (shape.live) return this.#prepareBacking(id, shape);
    if (!shape.stars.every((star) => bindings.find(star.id))) return undefined;
    const facade = this.#facade(id, shape);
    if (!facade) return undefined;
    const canLoad = seesLoader() && shape.stars.length === 0;
    const made = facade.known ?? (canLoad ? facade.load('url' in instance ? `${instance.url}` : '') : undefined);
    if (!made) return import(facade.url).then((namespace) => this.#enter(id, facade.provide(namespace), bindings));
    this.#enter(id, made, bindings);
    return undefined;
  }

  /** What a live namespace shows to inspectors takes time without loader hooks. @param {number} id @param {NamespaceShape} shape */
  #prepareBacking(id, shape) {
    const facade = seesLoader() || shape.stars.length > 0 ? undefined : this.#facade(id, shape);
    if (!facade || facade.known) return undefined;
    return import(facade.url).then((namespace) => void facade.provide(namespace));
  }

  /** @param {number} id @param {Entry} entry @param {Bindings} [bindings] */
  #enter(id, entry, bindings) {
    // Another caller may have been faster: there is one namespace per module.
    if (this.#entries.has(id)) return;
    this.#entries.set(id, entry);
    this.refresh(id, bindings);
  }

  /**
   * The text that Node is to load in the place of a hot module.
   * @param {number} id
   * @param {string} url
   */
  textForNode(id, url) {
    const shape = this.#read(id);
    const names = shape.names.map(([name]) => name);
    const isReady = this.#modules.isCurrent(id) || this.#modules.claims.has(id);
    const wait = isReady ? undefined : () => this.#modules.evaluate(url);
    const onLoad = () => {
      const entry = facadeEntry(number, shape);
      if (shape.live || this.#entries.has(id)) this.#mirrors.set(id, entry);
      else this.#enter(id, entry);
      this.refresh(id);
    };
    const number = announce({ onLoad, wait });
    return facadeText(number, names, { self: url, stars: shape.stars, waits: !isReady });
  }

  /**
   * Facades that Node can only import together with packages that it has not loaded yet.
   * @param {Iterable<number>} ids
   * @param {number[]} loads packages that Node is about to load, in this order
   * @param {Bindings} bindings
   * @returns {PendingFacade[]}
   */
  withPackages(ids, loads, bindings) {
    const found = [];
    for (const id of ids) {
      const instance = bindings.find(id);
      if (!instance || isNodeInstance(instance) || this.#entries.has(id)) continue;
      const shape = this.#read(id);
      const facade = shape.live ? undefined : this.#facade(id, shape);
      if (!facade || facade.known) continue;
      const stars = shape.stars.map((star) => star.id).filter((star) => !bindings.find(star));
      // Another evaluation may be loading one.
      if (!stars.every((star) => loads.includes(star))) continue;
      const last = loads.findLast((star) => stars.includes(star));
      const provide = (/** @type {object} */ namespace) => {
        this.#entries.set(id, facade.provide(namespace));
      };
      if (last !== undefined) found.push({ last, url: facade.url, provide });
    }
    return found;
  }

  /**
   * What makes a real namespace, unless there are too many of this module.
   * @param {number} id
   * @param {NamespaceShape} shape
   */
  #facade(id, shape) {
    const key = keyOf(shape);
    const shapes = this.#shapes.get(id) ?? new Map();
    this.#shapes.set(id, shapes);
    /** @type {Entry | undefined} */
    const known = shapes.get(key);
    if (known) return { known, url: '', load: () => known, provide: () => known };
    if (shapes.size >= shapesPerModule) return undefined;
    const names = shape.names.map(([name]) => name);
    let number = 0;
    const provide = (/** @type {object} */ namespace) => {
      const entry = facadeEntry(number, shape, namespace);
      shapes.set(key, entry);
      return entry;
    };
    const load = (/** @type {string} */ url) => {
      const isFirst = shapes.size === 0 && isPlainFile(url);
      number = announce();
      return provide(loadFacade(number, names, isFirst ? url : undefined));
    };
    const { stars, contested } = shape;
    return {
      known,
      load,
      // Only who imports it by its URL needs one.
      get url() {
        number ||= announce();
        return facadeUrl(number, names, stars, contested);
      },
      provide,
    };
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
    const read = this.#read(id);
    if (mirror?.key === keyOf(read)) this.#set(mirror, ownShape(read, bindings));
    if (!known) return;
    if (keyOf(read) !== known.key) this.#replace(id);
    else this.#set(known, known.isReal ? ownShape(read, bindings) : fullShape(read, bindings));
  }

  /** @param {Entry} entry @param {Shape} shape */
  #set(entry, shape) {
    entry.set(getters(shape));
    entry.subscription.end();
    for (const [slot, { origin }] of [...shape.values()].entries()) {
      entry.subscription.add(origin, slot, (value) => entry.show(slot, value));
    }
  }

  /** Shows what all bindings hold now. */
  refreshAll() {
    for (const id of [...this.#entries.keys()]) this.refresh(id);
  }

  /** The transaction under way is over. @param {boolean} failed namespaces become what they were */
  settle(failed) {
    for (const [id, entry] of this.#replaced) {
      const other = this.#entries.get(id);
      const unused = failed ? other : entry;
      if (failed) this.#entries.set(id, entry);
      if (other !== entry) unused?.subscription.end();
    }
    this.#replaced.clear();
  }

  /** The program may have the namespace: it goes on to be told. @param {number} id */
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

  /** @param {number} id @param {Bindings} bindings */
  #addLive(id, bindings) {
    const read = this.#read(id);
    const shape = fullShape(read, bindings);
    const facade = read.stars.length === 0 ? this.#facade(id, read) : undefined;
    const backing = facade?.known ?? (seesLoader() ? facade?.load('') : undefined);
    const live = createLiveNamespace(getters(shape), backing);
    const entry = { key: keyOf(read), isReal: false, subscription: new Subscription(), ...live };
    this.#entries.set(id, entry);
    this.#set(entry, shape);
    return entry.namespace;
  }

  /** @returns {Bindings} */
  #current() {
    return this.#modules.current();
  }

  /** @param {number} id @returns {NamespaceShape} */
  #read(id) {
    return JSON.parse(this.#modules.session.namespace(id));
  }
}

/** @param {NamespaceShape} read */
function keyOf({ names, stars, contested, excluded }) {
  return JSON.stringify([names.map(([name]) => name), stars.map(({ id, names }) => [id, names]), contested, excluded]);
}

/** @param {NamespaceShape} read @param {Bindings} bindings @returns {Shape} */
function ownShape({ names }, bindings) {
  /** @type {Shape} */
  const shape = new Map();
  for (const [name, target] of names) {
    shape.set(name, { get: bindings.reader(target), origin: bindings.origin(target) });
  }
  return shape;
}

/** With the names of packages. @param {NamespaceShape} read @param {Bindings} bindings @returns {Shape} */
function fullShape(read, bindings) {
  const shape = ownShape(read, bindings);
  if (read.stars.length === 0) return shape;
  const hidden = new Set(['default', ...read.excluded, ...shape.keys()]);
  for (const star of read.stars) {
    const instance = bindings.instance(star.id);
    for (const [name, own] of star.names ?? []) shape.set(name, { get: instance.getter(own) });
    if (star.names) continue;
    for (const name of Object.keys(instance.namespace())) {
      if (!hidden.has(name) && !shape.has(name)) shape.set(name, { get: instance.getter(name) });
    }
  }
  return new Map([...shape].sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** @param {number} number @param {NamespaceShape} shape @param {object} [found] its namespace @returns {Entry} */
function facadeEntry(number, shape, found) {
  const { show, namespace = found } = loadedFacade(number);
  /** @type {Entry['set']} */
  const set = (getters) => {
    for (const [slot, [name]] of shape.names.entries()) show(slot, attempt(getters.get(name)));
  };
  const own = /** @type {object} */ (namespace);
  return { key: keyOf(shape), isReal: true, namespace: own, set, show, subscription: new Subscription() };
}

/** @param {Shape} shape @returns {Map<string, Getter>} */
function getters(shape) {
  return new Map([...shape].map(([name, { get }]) => [name, get]));
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
