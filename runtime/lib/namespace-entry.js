/** What a module's namespace object shows, and what sets it. */
import { loadedFacade } from './facades.js';
import { keyOf, read } from './namespace-shape.js';
import { Subscription } from './subscriptions.js';

/** @typedef {import('./native.d.ts').NamespaceShape} NamespaceShape */
/** @typedef {() => unknown} Getter */

/**
 * @typedef {object} Entry
 * @property {string} key what determines the names: a namespace object can never change them
 * @property {boolean} isReal Node adds the names of `export *` from packages
 * @property {object} namespace
 * @property {(getters: Map<string, Getter>) => boolean | void} set false if some have no value yet
 * @property {(slot: number, value: unknown) => void} show the value of one name
 * @property {Subscription} subscription
 */

/** @param {number} number @param {NamespaceShape} shape @param {object} [found] its namespace @returns {Entry} */
export function facadeEntry(number, shape, found) {
  const { show, namespace = found } = loadedFacade(number);
  return { namespace: /** @type {object} */ (namespace), ...display(shape, show) };
}

/**
 * What shows values in a real namespace.
 * @param {NamespaceShape} shape
 * @param {Entry['show']} show
 * @returns {Omit<Entry, 'namespace'>}
 */
export function display(shape, show) {
  /** What had no value yet when these were read last. @type {{getters?: Parameters<Entry['set']>[0], slots: number[]}} */
  let pending = { slots: [] };
  /** @type {Entry['set']} */
  const set = (getters) => {
    const slots = pending.getters === getters ? pending.slots : shape.names.keys();
    pending = { getters, slots: [] };
    for (const slot of slots) {
      const found = read(getters.get(shape.names[slot][0]));
      if (found) show(slot, found.value);
      else pending.slots.push(slot);
    }
    return pending.slots.length === 0;
  };
  return { key: keyOf(shape), isReal: true, set, show, subscription: new Subscription() };
}
