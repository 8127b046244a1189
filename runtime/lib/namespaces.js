/**
 * Module namespace objects of hot modules.
 *
 * A namespace is a real one, of a synthetic module that Node links: one per hot module and set of
 * names, never per version. The runtime sets its bindings when the hot module has run, after every
 * update, and when the module tells an assignment. Only where a program could see the difference
 * between a binding and its copy (a binding that changes unseen, a namespace imported from within
 * its own cycle) it is a Proxy that reads the bindings.
 */
import { EarlyFacade } from './early-facades.js';
import { announce, facadeText, facadeUrl, isPlainFile, loadFacade } from './facades.js';
import { evaluatingOf } from './facade-evaluation.js';
import { isFromNode } from './instance.js';
import { createLiveNamespace } from './live-namespace.js';
import { importOwn, loadsAtOnce, loadsTextsAtOnce } from './loader-hooks.js';
import { display, facadeEntry } from './namespace-entry.js';
import { fullShape, getters, initialised, keyOf, ownShape, withoutStacks } from './namespace-shape.js';
import { Subscription } from './subscriptions.js';

/** @typedef {import('./native.d.ts').NamespaceShape} NamespaceShape */
/** @typedef {() => unknown} Getter */

/** @typedef {import('./bindings.js').Bindings} Bindings */
/** @typedef {import('./namespace-entry.js').Entry} Entry */

/**
 * A facade that is to be imported with the last package whose names it has, before whoever needs them runs.
 * @typedef {{last: number, url: string, below: string[], provide: (namespace: object) => void}} PendingFacade
 */

/** @typedef {import('./namespace-shape.js').Shape} Shape */

/**
 * How many real namespaces a module may have, one per set of export names. Node keeps them for
 * ever, so a module whose exports change on and on gets live ones, which are collected.
 */
const shapesPerModule = 8;

export class Namespaces {
  /** @type {Map<number, Entry>} */ #entries = new Map();
  /** Real namespaces of each module by their names, for when it has these exports again. @type {Map<number, Map<string, Entry>>} */ #shapes = new Map();
  /** Entries replaced by a transaction under way. @type {Map<number, Entry>} */ #replaced = new Map();
  /** Facades that only modules of Node see. @type {Map<number, Entry[]>} */ #mirrors = new Map();
  /** Modules whose namespaces Node is linking, with what tells when it has. @type {Map<number, Promise<void> | undefined>} */ #loading = new Map();
  /** Modules whose facades Node has been given. @type {Set<number>} */ #announced = new Set();
  /** Names that could not be linked early, with packages that lack them. @type {Map<number, string>} */ #unlinkable = new Map();
  /** Some of their bindings have no value yet. @type {Map<Entry, Map<string, Getter>>} */ #unsettled = new Map();
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
    if (!instance) throw noNamespace(id);
    if (this.#loading.has(id)) return this.#loadNow(id, bindings);
    if (isFromNode(instance)) return instance.namespace();
    if (loadsAtOnce()) void this.#prepare(id, bindings, true);
    const made = this.#entries.get(id);
    if (made) return made.namespace;
    // Its packages are still to be loaded: somebody passes it on.
    const isThere = (/** @type {NamespaceShape['stars'][number]} */ star) => bindings.find(star.id) || (star.as !== undefined && !loadsAtOnce());
    if (this.#loading.has(id) || !this.read(id).stars.every(isThere)) throw noNamespace(id);
    return this.#addLive(id, bindings);
  }

  /** Node takes its time to link the namespace, and by now all may be there. @param {number} id @param {Bindings} bindings @returns {object} */
  #loadNow(id, bindings) {
    const shape = this.read(id);
    const isThere = this.#loading.get(id) && shape.stars.every((star) => bindings.find(star.id));
    if (!isThere || !loadsTextsAtOnce() || shape.live || shape.contested.length > 0) throw noNamespace(id);
    const number = announce();
    const namespace = loadFacade(number, shape.names.map(([name]) => name), { stars: shape.stars });
    this.#enter(id, facadeEntry(number, shape, namespace), bindings);
    return namespace;
  }

  /** @param {number} id */
  has = (id) => this.#entries.has(id);

  /** Whether it exports what modules of Node have. @param {number} id */
  passesOn = (id) => this.read(id).stars.length > 0;

  /** Whether Node is loading a facade of it. @param {number} id */
  isAnnounced = (id) => this.#announced.has(id);

  /** Makes the namespace of a module that has run, unless there is one. @param {number} id */
  async ensure(id) {
    if (!this.#entries.has(id)) await this.prepare([id], this.#current());
  }

  /**
   * Makes real namespaces of hot modules, before they run or after.
   * @param {Iterable<number>} ids
   * @param {Bindings} bindings
   * @param {boolean} [canWait] those that can be made at any time are left for then
   * @returns {Promise<void> | undefined} nothing if all are there
   */
  prepare(ids, bindings, canWait = false) {
    const preparing = Array.from(ids, (id) => this.#prepare(id, bindings, loadsTextsAtOnce(), canWait));
    // They may pass others on.
    const all = [...preparing, ...this.#loading.values()].filter((promise) => promise);
    return all.length > 0 ? Promise.all(all).then(() => {}) : undefined;
  }

  /**
   * @param {number} id
   * @param {Bindings} bindings
   * @param {boolean} atOnce somebody has it in hand: from a file, if there are no hooks
   * @param {boolean} [canWait]
   * @returns {Promise<void> | undefined}
   */
  #prepare(id, bindings, atOnce, canWait) {
    const instance = bindings.find(id);
    if (!instance || isFromNode(instance)) return undefined;
    if (this.#loading.has(id)) return this.#loading.get(id);
    const shape = this.read(id);
    const known = this.#entries.get(id);
    if (known?.key === keyOf(shape) && !(known.isReal && shape.live)) return undefined;
    if (known) this.#replace(id);
    if (isLive(shape)) return this.#prepareBacking(id, shape);
    if (shape.early) return this.#prepareEarly(id, shape, bindings);
    if (!shape.stars.every((star) => bindings.find(star.id))) return undefined;
    const facade = this.#facade(id, shape);
    if (!facade) return undefined;
    const canLoad = atOnce && shape.stars.length === 0;
    if (canLoad && canWait) return undefined;
    const made = facade.known ?? (canLoad ? facade.load('url' in instance ? `${instance.url}` : '') : undefined);
    if (!made) return importOwn(facade.url).then((namespace) => this.#enter(id, facade.provide(namespace), bindings));
    this.#enter(id, made, bindings);
    return undefined;
  }

  /** @param {number} id @param {NamespaceShape} shape @param {Bindings} bindings @returns {Promise<void> | undefined} */
  #prepareEarly(id, shape, bindings) {
    const known = this.#facade(id, shape)?.known;
    if (known) this.#enter(id, known, bindings);
    if (known || this.#unlinkable.get(id) === keyOf(shape)) return undefined;
    // It may be passed on by itself.
    this.#loading.set(id, undefined);
    const facade = new EarlyFacade(shape, initialised(shape, bindings));
    this.#loading.delete(id);
    const enter = () => {
      const { namespace } = facade;
      if (!namespace) return void this.#unlinkable.set(id, keyOf(shape));
      const entry = { namespace, ...display(shape, (slot, value) => facade.show(slot, value)) };
      this.#shapes.get(id)?.set(entry.key, entry);
      this.#enter(id, entry, bindings);
    };
    const done = () => {
      this.#loading.delete(id);
      enter();
      this.settleBindings();
    };
    const loading = facade.load()?.then(done);
    if (loading) this.#loading.set(id, loading);
    else done();
    return loading;
  }

  /** What a live namespace shows to inspectors takes time where it cannot be loaded at once. @param {number} id @param {NamespaceShape} shape */
  #prepareBacking(id, shape) {
    const facade = loadsTextsAtOnce() || shape.stars.length > 0 ? undefined : this.#facade(id, shape);
    if (!facade || facade.known) return undefined;
    return importOwn(facade.url).then((namespace) => void facade.provide(namespace));
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
   * @param {import('./facades.js').Evaluating} [evaluating] what Node's evaluation of it does
   */
  textForNode(id, url, evaluating = evaluatingOf(this.#modules, id, url)) {
    const shape = this.read(id);
    const names = shape.names.map(([name]) => name);
    // Packages that an entry passes on would run before its hot modules do.
    const stars = evaluating?.isEntry ? [] : shape.stars;
    const isWhole = stars.length === shape.stars.length && !shape.live && !shape.early;
    const onLoad = () => {
      this.#announced.delete(id);
      const entry = facadeEntry(number, shape);
      if (!isWhole || this.#entries.has(id)) this.#mirror(id, entry);
      else this.#enter(id, entry);
      this.refresh(id);
    };
    this.#announced.add(id);
    const number = announce({ onLoad, evaluate: evaluating?.evaluate });
    return facadeText(number, names, { self: url, stars, evaluating });
  }

  /** Node has linked a facade in a graph that it orders. @param {number} id @param {Entry} entry @param {boolean} isOver the module has run */
  take(id, entry, isOver) {
    // Those that are seen while their cycle runs are there already, and know better which bindings have values.
    if (isOver || this.#entries.has(id)) this.#mirror(id, entry);
    // What runs tells all assignments, which a later version need not do (`live`).
    else this.#entries.set(id, entry);
  }

  /**
   * What `require()` gives of a module that has a default export: a namespace that says `__esModule`.
   * @param {number} id
   * @returns {object}
   */
  forRequire(id) {
    const shape = this.read(id);
    const number = announce();
    const namespace = loadFacade(number, shape.names.map(([name]) => name), { stars: shape.stars, isRequired: true });
    this.#mirror(id, facadeEntry(number, shape, namespace));
    this.refresh(id);
    return namespace;
  }

  /** @param {number} id @param {Entry} entry */
  #mirror(id, entry) {
    this.#mirrors.set(id, [...(this.#mirrors.get(id) ?? []), entry]);
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
      if (!instance || isFromNode(instance) || this.#entries.has(id)) continue;
      const shape = this.read(id);
      const facade = shape.live || shape.early ? undefined : this.#facade(id, shape);
      if (!facade || facade.known) continue;
      const stars = shape.stars.map((star) => star.id).filter((star) => !bindings.find(star));
      // Another evaluation may be loading one.
      if (!stars.every((star) => loads.includes(star))) continue;
      const last = loads.findLast((star) => stars.includes(star));
      const provide = (/** @type {object} */ namespace) => {
        this.#entries.set(id, facade.provide(namespace));
        // They may be passed on.
        this.settleBindings();
      };
      const below = shape.stars.map((star) => star.url);
      if (last !== undefined) found.push({ last, url: facade.url, below, provide });
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
      const isFirst = loadsTextsAtOnce() && shapes.size === 0 && isPlainFile(url);
      number = announce();
      return provide(loadFacade(number, names, { url: isFirst ? url : undefined }));
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
    const mirrors = this.#mirrors.get(id) ?? [];
    if (!known && mirrors.length === 0) return;
    const shape = this.read(id);
    for (const mirror of mirrors) if (mirror.key === keyOf(shape)) this.#set(mirror, ownShape(shape, bindings));
    if (!known) return;
    if (keyOf(shape) !== known.key) this.#replace(id);
    else this.#set(known, known.isReal ? ownShape(shape, bindings) : fullShape(shape, bindings));
  }

  /** @param {Entry} entry @param {Shape} shape */
  #set(entry, shape) {
    const values = getters(shape);
    if (entry.set(values) === false) this.#unsettled.set(entry, values);
    else this.#unsettled.delete(entry);
    entry.subscription.end();
    for (const [slot, { origin }] of [...shape.values()].entries()) {
      entry.subscription.add(origin, slot, (value) => entry.show(slot, value));
    }
  }

  /** Shows what all bindings hold now. */
  refreshAll() {
    for (const id of [...this.#entries.keys()]) this.refresh(id);
  }

  /** A module has run: its bindings have values wherever they are shown. */
  settleBindings() {
    if (this.#unsettled.size === 0) return;
    withoutStacks(() => {
      for (const [entry, values] of this.#unsettled) if (entry.set(values) !== false) this.#unsettled.delete(entry);
    });
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
    const wanted = this.read(id);
    const shape = fullShape(wanted, bindings);
    const facade = wanted.stars.length === 0 ? this.#facade(id, wanted) : undefined;
    const backing = facade?.known ?? (loadsTextsAtOnce() ? facade?.load('') : undefined);
    const live = createLiveNamespace(getters(shape), backing);
    const entry = { key: keyOf(wanted), isReal: false, subscription: new Subscription(), ...live };
    this.#entries.set(id, entry);
    this.#set(entry, shape);
    return entry.namespace;
  }

  /** @returns {Bindings} */
  #current = () => this.#modules.current();

  /** @param {number} id @returns {NamespaceShape} */
  read = (id) => JSON.parse(this.#modules.session.namespace(id));
}

/** @param {number} id */
function noNamespace(id) {
  return new ReferenceError(`module ${id} has no namespace yet`);
}

/** Whether the namespace reads bindings. One that is seen early has to where Node cannot load its facade at once. @param {NamespaceShape} shape */
function isLive({ live, early }) {
  return live || (early && !loadsAtOnce());
}
