/** The versions that an update replaces: they are disposed before the new ones are evaluated. */
import { ModuleInstance } from './instance.js';
import { Waiting } from './waiting.js';

/** @typedef {import('./instance.js').Instance} Instance */
/** @typedef {import('./hot-state.js').HotState} HotState */

export class Replacement {
  #hot;
  /** @type {Map<number, HotState>} */
  #before = new Map();
  /** @type {Waiting | undefined} */
  #disposing;

  /** @param {import('./hot-modules.js').HotModules} hot */
  constructor(hot) {
    this.#hot = hot;
  }

  get isDisposing() {
    return this.#disposing !== undefined;
  }

  /**
   * @param {(Instance | undefined)[]} instances in this order
   * @returns {Promise<unknown> | undefined} nothing if there is nothing to wait for
   */
  dispose(instances) {
    const states = instances.map(stateOf);
    for (const state of states) if (state) this.#before.set(state.id, state);
    const disposing = this.#hot.dispose(states);
    if (!disposing) return undefined;
    this.#disposing = new Waiting();
    return this.#disposing.for(disposing).finally(() => {
      this.#disposing = undefined;
    });
  }

  /** Something newer waits: disposers that take too long are not waited for. */
  supersede() {
    this.#disposing?.supersede();
  }

  /** What a version said that has been replaced. @param {number} id */
  before = (id) => this.#before.get(id);
}

/** @param {Instance | undefined} instance */
export function stateOf(instance) {
  return instance instanceof ModuleInstance ? instance.hot : undefined;
}
