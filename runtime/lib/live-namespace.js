/**
 * A namespace object that reads bindings when it is read: the internal methods of module namespace
 * exotic objects (ECMA-262 10.4.6) as Proxy traps.
 */

import { initialised } from './instance.js';

/** @typedef {() => unknown} Getter */

/**
 * @param {Map<string, Getter>} getters in the order of the keys
 * @returns {{namespace: object, set: (getters: Map<string, Getter>) => void, show: (slot: number, value: unknown) => void}}
 */
export function createLiveNamespace(getters) {
  // The target has the right shape, so that Proxy invariants hold and inspectors show the names.
  const target = Object.create(null);
  for (const name of getters.keys()) {
    Object.defineProperty(target, name, { value: undefined, writable: true, enumerable: true });
  }
  Object.defineProperty(target, Symbol.toStringTag, { value: 'Module' });
  Object.preventExtensions(target);
  const handler = new LiveNamespaceHandler(getters);
  const namespace = new Proxy(target, handler);
  const set = (/** @type {Map<string, Getter>} */ next) => {
    handler.getters = next;
    for (const [name, get] of next) {
      try {
        target[name] = get();
      } catch {
        // Not initialised yet: the traps throw, the shown value stays.
      }
    }
  };
  const names = [...getters.keys()];
  const show = (/** @type {number} */ slot, /** @type {unknown} */ value) => {
    target[names[slot]] = value;
  };
  return { namespace, set, show };
}

/** @implements {ProxyHandler<any>} */
class LiveNamespaceHandler {
  /** @param {Map<string, Getter>} getters */
  constructor(getters) {
    this.getters = getters;
  }

  // 10.4.6.2 [[SetPrototypeOf]]: SetImmutablePrototype, whose only success is no change.
  /** @param {any} _target @param {object | null} prototype */
  setPrototypeOf(_target, prototype) {
    return prototype === null;
  }

  // 10.4.6.5 [[GetOwnProperty]]: reading the value throws while the binding is uninitialised.
  /** @param {any} target @param {string | symbol} key */
  getOwnPropertyDescriptor(target, key) {
    if (typeof key === 'symbol') return Reflect.getOwnPropertyDescriptor(target, key);
    if (!this.getters.has(key)) return undefined;
    const value = this.get(target, key);
    return { value, writable: true, enumerable: true, configurable: false };
  }

  // 10.4.6.6 [[DefineOwnProperty]]: true only for what is so already.
  /** @param {any} target @param {string | symbol} key @param {PropertyDescriptor} wanted */
  defineProperty(target, key, wanted) {
    if (typeof key === 'symbol') return Reflect.defineProperty(target, key, wanted);
    const current = this.getOwnPropertyDescriptor(target, key);
    if (!current || wanted.configurable === true || wanted.enumerable === false) return false;
    if ('get' in wanted || 'set' in wanted || wanted.writable === false) return false;
    return !('value' in wanted) || Object.is(wanted.value, current.value);
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
    return get && initialised(get, key, this.get);
  }

  // 10.4.6.9 [[Set]]
  set() {
    return false;
  }

  // 10.4.6.10 [[Delete]]
  /** @param {any} target @param {string | symbol} key */
  deleteProperty(target, key) {
    return typeof key === 'symbol' ? Reflect.deleteProperty(target, key) : !this.getters.has(key);
  }
}
