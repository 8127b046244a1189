/**
 * A namespace object that reads bindings when it is read: the internal methods of module namespace
 * exotic objects (ECMA-262 10.4.6) as Proxy traps.
 *
 * A trap that refuses makes V8 say that a proxy did. So it throws itself what a real namespace does,
 * unless its caller wants to know: `Reflect` and sloppy code.
 */

import { types } from 'node:util';
import { callSiteAbove } from './caller.js';
import { hideFrames, initialised } from './instance.js';

/** @typedef {() => unknown} Getter */

/**
 * What inspectors see instead of the Proxy: the values of the last look.
 * @typedef {object} Backing
 * @property {object} namespace
 * @property {(getters: Map<string, Getter>) => void} set
 * @property {(slot: number, value: unknown) => void} show the value of one name
 */

/**
 * @param {Map<string, Getter>} getters in the order of the keys
 * @param {Backing} [backing] a real namespace with these keys, if there can be one
 * @returns {Backing}
 */
export function createLiveNamespace(getters, backing = createBacking([...getters.keys()])) {
  const handler = new LiveNamespaceHandler(getters);
  handler.proxy = new Proxy(backing.namespace, handler);
  const set = (/** @type {Map<string, Getter>} */ next) => {
    handler.getters = next;
    backing.set(next);
  };
  return { namespace: handler.proxy, set, show: backing.show };
}

/** An object of the right shape: Proxy invariants hold. @param {string[]} names @returns {Backing} */
function createBacking(names) {
  const target = Object.create(null);
  for (const name of names) {
    Object.defineProperty(target, name, { value: undefined, writable: true, enumerable: true });
  }
  Object.defineProperty(target, Symbol.toStringTag, { value: 'Module' });
  Object.preventExtensions(target);
  let shown = names;
  const show = (/** @type {number} */ slot, /** @type {unknown} */ value) => {
    // Packages may have turned out to have more names.
    if (Object.hasOwn(target, shown[slot])) target[shown[slot]] = value;
  };
  const set = (/** @type {Map<string, Getter>} */ getters) => {
    shown = [...getters.keys()];
    for (const [name, get] of getters) {
      if (!Object.hasOwn(target, name)) continue;
      try {
        target[name] = get();
      } catch {
        // Not initialised yet: the traps throw, the shown value stays.
      }
    }
  };
  return { namespace: target, set, show };
}

/** @implements {ProxyHandler<any>} */
class LiveNamespaceHandler {
  /** @type {any} */
  proxy;
  /** Keys have been asked for by no function: a loop or a spread begins. */
  #mayBeLoop = false;

  /** @param {Map<string, Getter>} getters */
  constructor(getters) {
    this.getters = getters;
  }

  // 10.4.6.2 [[SetPrototypeOf]]: SetImmutablePrototype, whose only success is no change.
  /** @param {any} target @param {object | null} prototype */
  setPrototypeOf(target, prototype) {
    if (prototype === null) return true;
    return refuse(this.setPrototypeOf, target, (model) => Object.setPrototypeOf(model, prototype));
  }

  // 10.4.6.5 [[GetOwnProperty]]: reading the value throws while the binding is uninitialised.
  /** @param {any} target @param {string | symbol} key */
  getOwnPropertyDescriptor(target, key) {
    if (typeof key === 'symbol') return Reflect.getOwnPropertyDescriptor(target, key);
    const get = this.getters.get(key);
    if (!get) return undefined;
    this.#mayBeLoop = false;
    const caller = callerOf(this.getOwnPropertyDescriptor);
    // V8's words differ: `Object.keys` and the like read values, others and spreads read descriptors.
    const readsValues = isBuiltin(caller) && !asksForDescriptor.test(`${caller?.name}`);
    const words = readsValues ? `Cannot access '${key}' before initialization` : `${key} is not defined`;
    const value = initialised(get, words, this.getOwnPropertyDescriptor);
    return { value, writable: true, enumerable: true, configurable: false };
  }

  // 10.4.6.6 [[DefineOwnProperty]]: true only for what is so already.
  /** @param {any} target @param {string | symbol} key @param {PropertyDescriptor} wanted */
  defineProperty(target, key, wanted) {
    // V8 does not write to a namespace that is the receiver of another object's assignment.
    if (callerOf(this.defineProperty)?.name === 'Reflect.set') return false;
    const isSame = typeof key === 'symbol' ? Reflect.defineProperty(target, key, wanted) : this.#has(key, wanted);
    return isSame || refuse(this.defineProperty, target, (model) => Object.defineProperty(model, key, { get() {} }));
  }

  /** @param {string} key @param {PropertyDescriptor} wanted */
  #has(key, wanted) {
    const get = this.getters.get(key);
    if (!get || wanted.configurable === true || wanted.enumerable === false) return false;
    if ('get' in wanted || 'set' in wanted || wanted.writable === false) return false;
    return !('value' in wanted) || Object.is(wanted.value, get());
  }

  // 10.4.6.11 [[OwnPropertyKeys]]
  /** @param {any} target */
  ownKeys(target) {
    this.#mayBeLoop = !isBuiltin(callerOf(this.ownKeys));
    return Reflect.ownKeys(target);
  }

  // A loop asks for keys and then for the prototype, whose keys it visits too. V8 reads all values before it begins.
  getPrototypeOf() {
    if (this.#mayBeLoop) for (const key of this.getters.keys()) this.get(undefined, key);
    this.#mayBeLoop = false;
    return null;
  }

  // 10.4.6.7 [[HasProperty]]
  /** @param {any} target @param {string | symbol} key */
  has(target, key) {
    return typeof key === 'symbol' ? Reflect.has(target, key) : this.getters.has(key);
  }

  // 10.4.6.8 [[Get]]
  /** @param {any} target @param {string | symbol} key */
  get(target, key) {
    if (typeof key === 'symbol') return Reflect.get(target, key);
    const get = this.getters.get(key);
    return get && initialised(get, `Cannot access '${key}' before initialization`, this.get);
  }

  // 10.4.6.9 [[Set]]
  /** @param {any} target @param {string | symbol} key @param {unknown} value @param {any} receiver */
  set(target, key, value, receiver) {
    if (receiver !== this.proxy) return setOwn(receiver, key, value);
    return refuse(this.set, target, (model) => {
      model[key] = value;
    });
  }

  // 10.4.6.10 [[Delete]]
  /** @param {any} target @param {string | symbol} key */
  deleteProperty(target, key) {
    if (!this.has(target, key)) return true;
    return refuse(this.deleteProperty, target, (model) => delete model[key]);
  }
}

const asksForDescriptor = /\.(getOwnPropertyDescriptor|hasOwn|propertyIs|is|freeze|seal|define)/;

/** V8 lets an object inherit from a namespace without asking it. @param {any} object @param {PropertyKey} key @param {unknown} value */
function setOwn(object, key, value) {
  const own = Reflect.getOwnPropertyDescriptor(object, key);
  if (own) return own.writable === true && Reflect.defineProperty(object, key, { value });
  return Reflect.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}

/**
 * @param {Function} trap
 * @param {any} target
 * @param {(model: any) => void} attempt the same with a namespace, or what words errors as one
 * @returns {boolean} false if the caller wants to know
 */
function refuse(trap, target, attempt) {
  const caller = callerOf(trap);
  if (caller?.isSloppy || caller?.name?.startsWith('Reflect.')) return false;
  const model = types.isModuleNamespaceObject(target) ? target : modelOf(target);
  try {
    attempt(model);
  } catch (error) {
    throw hideFrames(/** @type {Error} */ (error), trap);
  }
  return false;
}

/** V8's words for a frozen object are nearly those for a namespace. @param {object} target */
function modelOf(target) {
  return Object.freeze(Object.create(null, Object.getOwnPropertyDescriptors(target)));
}

/** @param {{name: string} | undefined} caller */
function isBuiltin(caller) {
  // Until Node 24 functions of `Object` are told as functions of `Function`.
  return /^(Object|Function|Reflect)\.\w/.test(`${caller?.name}`);
}

/** Who called a trap. @param {Function} trap @returns {{name: string, isSloppy: boolean} | undefined} */
function callerOf(trap) {
  const site = callSiteAbove(trap);
  // A function of strict code is not told.
  return site && { name: `${site.getTypeName()}.${site.getFunctionName()}`, isSloppy: site.getFunction() !== undefined };
}
