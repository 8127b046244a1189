/**
 * Module namespace objects of hot modules.
 *
 * A namespace is a real one, of a synthetic module that Node links: one per hot module and set of
 * names, never per version. The runtime sets its bindings when the hot module has run, after every
 * update, and when the module tells an assignment. Only where a program could see the difference
 * between a binding and its copy (a binding that changes unseen, a namespace imported from within
 * its own cycle) it is a Proxy that reads the bindings.
 */
import { createLiveNamespace } from './live-namespace.js';
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
 * @property {string} names the sorted names as JSON: what a namespace object can never change
 * @property {object} namespace
 * @property {(getters: Map<string, Getter>) => void} set
 * @property {(slot: number, value: unknown) => void} show the value of one name
 * @property {Subscription} subscription
 */

/** The bindings of a namespace by name, in the order of its keys. @typedef {Map<string, Binding>} Shape */
/** @typedef {{get: Getter, origin?: import('./subscriptions.js').Origin}} Binding */

/**
 * How many real namespaces a module may have, one per set of export names. Node keeps them for
 * ever, so a module whose exports change on and on gets live ones, which are collected.
 */
const shapesPerModule = 8;

/** Setters of facades under construction. @type {Map<number, (slot: number, value: unknown) => void>} */
const setters = new Map();
let lastFacade = 0;

/** Called by facade modules only. @param {number} number @param {(slot: number, value: unknown) => void} set */
export function facade(number, set) {
  setters.set(number, set);
}

export class Namespaces {
  /** @type {Map<number, Entry>} */
  #entries = new Map();
  /** Real namespaces of each module by their names, for when it has these exports again. */
  /** @type {Map<number, Map<string, Entry>>} */
  #shapes = new Map();
  /** Entries replaced by a transaction under way. @type {Map<number, Entry>} */
  #replaced = new Map();
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
    return this.#addLive(id, this.#shape(id, bindings));
  }

  /** Makes the namespace of a module that has run, unless there is one. @param {number} id */
  async ensure(id) {
    if (!this.#entries.has(id)) await this.prepare([id], this.#current());
  }

  /**
   * Makes real namespaces of hot modules, before they run or after.
   * @param {Iterable<number>} ids
   * @param {Bindings} bindings
   */
  async prepare(ids, bindings) {
    await Promise.all(Array.from(ids, (id) => this.#prepare(id, bindings)));
  }

  /** @param {number} id @param {Bindings} bindings */
  async #prepare(id, bindings) {
    const instance = bindings.find(id);
    if (!instance || isNodeInstance(instance)) return;
    const { live, stars, names } = this.#read(id);
    if (stars.length > 0) {
      // Their names are known once Node has loaded them: made by `of` when first asked for.
      if (this.#entries.has(id)) this.#replace(id);
      return;
    }
    const known = this.#entries.get(id);
    const wanted = names.map(([name]) => name);
    if (known?.names === JSON.stringify(wanted)) return;
    if (known) this.#replace(id);
    const entry = live ? undefined : await this.#real(id, wanted);
    // Another caller may have been faster: there is one namespace per module.
    if (!entry || this.#entries.has(id)) return;
    this.#entries.set(id, entry);
    this.refresh(id, bindings);
  }

  /** @param {number} id @param {string[]} wanted @returns {Promise<Entry | undefined>} */
  async #real(id, wanted) {
    const names = JSON.stringify(wanted);
    const shapes = this.#shapes.get(id) ?? new Map();
    this.#shapes.set(id, shapes);
    const known = shapes.get(names);
    if (known || shapes.size >= shapesPerModule) return known;
    const { namespace, show } = await importFacade(wanted);
    /** @type {Entry['set']} */
    const set = (getters) => {
      for (const [slot, name] of wanted.entries()) show(slot, attempt(getters.get(name)));
    };
    const entry = { names, namespace, set, show, subscription: new Subscription() };
    shapes.set(names, entry);
    return entry;
  }

  /**
   * Shows what a module's bindings hold now.
   * @param {number} id
   * @param {Bindings} [bindings]
   */
  refresh(id, bindings = this.#current()) {
    const known = this.#entries.get(id);
    if (!known) return;
    const shape = this.#shape(id, bindings);
    if (JSON.stringify([...shape.keys()]) === known.names) this.#set(known, shape);
    else this.#replace(id);
  }

  /** @param {Entry} entry @param {Shape} shape */
  #set(entry, shape) {
    entry.set(getters(shape));
    entry.subscription.end();
    for (const [slot, { origin }] of [...shape.values()].entries()) {
      entry.subscription.add(origin, slot, (value) => entry.show(slot, value));
    }
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
  }

  /** @param {number} id */
  #replace(id) {
    const entry = this.#entries.get(id);
    if (entry && !this.#replaced.has(id)) this.#replaced.set(id, entry);
    this.#entries.delete(id);
  }

  /** @param {number} id @param {Shape} shape */
  #addLive(id, shape) {
    const names = JSON.stringify([...shape.keys()]);
    const entry = { names, subscription: new Subscription(), ...createLiveNamespace(getters(shape)) };
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

  /** @param {number} id @param {Bindings} bindings @returns {Shape} */
  #shape(id, bindings) {
    const { names, stars, excluded } = this.#read(id);
    /** @type {Shape} */
    const shape = new Map();
    for (const [name, target] of names) {
      shape.set(name, { get: bindings.reader(target), origin: bindings.origin(target) });
    }
    if (stars.length === 0) return shape;
    const hidden = new Set(['default', ...excluded, ...shape.keys()]);
    for (const star of stars) {
      const instance = bindings.instance(star);
      for (const name of Object.keys(instance.namespace())) {
        if (!hidden.has(name) && !shape.has(name)) shape.set(name, { get: instance.getter(name) });
      }
    }
    return new Map([...shape].sort(([one], [other]) => (one < other ? -1 : 1)));
  }
}

/** @param {string[]} names */
async function importFacade(names) {
  lastFacade += 1;
  const number = lastFacade;
  const locals = names.map((_, slot) => `$${slot}`);
  const exports = names.map((name, slot) => `$${slot} as ${JSON.stringify(name)}`);
  const cases = locals.map((local, slot) => `case ${slot}:${local}=v;break;`);
  const text =
    (names.length > 0 ? `let ${locals.join()};export{${exports.join()}};` : 'export{};') +
    `import{facade}from${JSON.stringify(import.meta.url)};facade(${number},(s,v)=>{switch(s){${cases.join('')}}});`;
  const namespace = await import(`data:text/javascript,${encodeURIComponent(text)}`);
  const show = /** @type {(slot: number, value: unknown) => void} */ (setters.get(number));
  setters.delete(number);
  return { namespace, show };
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
