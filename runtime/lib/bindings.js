/** Where the bindings of modules are: from targets of the engine to what reads them. */
import { createRequire } from 'node:module';
import { ModuleInstance } from './instance.js';

/** @typedef {import('./instance.js').Instance} Instance */
/** @typedef {import('./native.d.ts').Target} Target */
/** @typedef {import('./native.d.ts').Definition} Definition */

const require = createRequire(import.meta.url);

/** A module that has not even been loaded: no binding of it is initialised. */
const notYet = {
  getter: () => () => {
    throw new ReferenceError('the module has not been loaded');
  },
};

/** CommonJS that has not run: Node makes its bindings with the value undefined. */
const undefinedYet = { getter: () => () => undefined };

/** @param {Definition} definition */
export const isBuiltin = ({ url }) => url.startsWith('node:');

/** Whether a module of Node has bindings with values before it is evaluated. @param {Definition} definition */
export function isSynthetic(definition) {
  return isBuiltin(definition) || (definition.kind === 'external' && definition.commonJs);
}

/** @param {string} url of a builtin */
function builtin(url) {
  const module = require(url);
  return { getter: (/** @type {number | string} */ key) => () => (key === 'default' ? module : module[key]) };
}

export class Bindings {
  #namespace;
  #synthetic;
  #linked;

  /**
   * @param {(id: number) => Instance | undefined} find the instance of a module that counts
   * @param {(id: number) => object} namespace its namespace object
   * @param {(id: number) => Definition | undefined} [synthetic] CommonJS and builtins that Node is about to load
   * @param {import('./linked-packages.js').Linked} [linked] packages that it has linked
   */
  constructor(find, namespace, synthetic = () => undefined, linked = new Map()) {
    this.find = find;
    this.#namespace = namespace;
    this.#synthetic = synthetic;
    this.#linked = linked;
  }

  /** What stands for a module that has not been loaded. @param {number} id */
  before(id) {
    const linked = this.#linked.get(id);
    if (linked) return { getter: (/** @type {number | string} */ name) => () => linked[name] };
    const definition = this.#synthetic(id);
    if (!definition) return notYet;
    return isBuiltin(definition) ? builtin(definition.url) : undefinedYet;
  }

  /** @param {number} id @returns {Instance} */
  instance(id) {
    const instance = this.find(id);
    if (!instance) throw new Error(`module ${id} has no instance`);
    return instance;
  }

  /** @param {ModuleInstance} instance @param {Target[]} targets */
  bind(instance, targets) {
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
    if (key === undefined) return () => (this.find(id) ? undefined : this.#linked.get(id)) ?? this.#namespace(id);
    const instance = this.find(id);
    // Before a cycle runs, what Node loads for it may be still to come.
    return instance?.getter(key) ?? (() => (this.find(id) ?? this.before(id)).getter(key)());
  }

  /** @param {[number, string][]} stars @returns {() => unknown} */
  #starReader(stars) {
    // Before a cycle runs, what Node loads for it may be still to come.
    if (!stars.every(([id]) => this.find(id))) return () => this.#readEarly(stars);
    const found = stars.find(([id, name]) => name in this.instance(id).namespace());
    if (!found) throw new SyntaxError(`no star export provides '${stars[0]?.[1]}'`);
    return this.instance(found[0]).getter(found[1]);
  }

  /** @param {[number, string][]} stars of which some have not been loaded @returns {unknown} */
  #readEarly(stars) {
    if (stars.every(([id]) => this.find(id))) return this.#starReader(stars)();
    for (const [id, name] of stars) {
      const value = (this.find(id) ?? this.before(id)).getter(name)();
      if (value !== undefined) return value;
    }
    return undefined;
  }
}
