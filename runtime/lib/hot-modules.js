/**
 * `import.meta.hot` of all modules of this thread: what their running versions said, in one place. It calls
 * back, and tells the engine what is accepted; what an update evaluates is the engine's business.
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createHotContext } from './hot-context.js';
import { HotState, acceptsNothing } from './hot-state.js';
import { isProduction } from './running-node.js';
import { events } from './events.js';
import { disposeAtExit } from './exit.js';

/** @typedef {import('./native.d.ts').Boundary} Boundary */

export class HotModules {
  /** What the running version of each module said. @type {Map<number, HotState>} */
  #current = new Map();
  /** What modules keep from version to version, by URL. @type {Map<string, object>} */
  #data = new Map();
  /** What the engine has been told. @type {Map<number, string>} */
  #told = new Map();
  /** Versions that listen to events. @type {Set<HotState>} */
  #listening = new Set();
  #modules;
  /** Shows an error of a callback. @type {(error: unknown) => void} */
  onError = () => {};
  /** A module does not accept what it has become. @type {(id: number) => void} */
  onInvalidate = () => {};
  /** What belongs to modules has changed. */
  onWatch = () => {};

  /** @param {import('./modules.js').Modules} modules */
  constructor(modules) {
    this.#modules = modules;
  }

  /**
   * What a version of a module sees, or nothing.
   * @param {import('./instance.js').ModuleInstance} instance
   */
  context(instance) {
    if (isProduction()) return undefined;
    instance.hot = new HotState(instance.id, instance.url);
    return createHotContext(instance.hot, this);
  }

  /** @param {string} url */
  data(url) {
    const data = this.#data.get(url) ?? {};
    this.#data.set(url, data);
    return data;
  }

  /** A version has become the running one. @param {number} id @param {HotState | undefined} state */
  runs(id, state) {
    if (state) this.#current.set(id, state);
    else this.#current.delete(id);
    this.#tell(id, state);
  }

  /** A version accepts something more. @param {HotState} state */
  accepts(state) {
    const { id } = state;
    // Of a version that does not run yet, and may never do, the engine is told when it runs.
    if (this.#isRunning(state)) this.#tell(id, state);
  }

  /** @param {HotState} state */
  #isRunning(state) {
    const current = this.#current.get(state.id);
    return current === state || (!current && !this.#modules.isCurrent(state.id));
  }

  /** @param {number} id @param {HotState | undefined} state */
  #tell(id, state) {
    const accepts = state?.accepts() ?? acceptsNothing;
    if (accepts === (this.#told.get(id) ?? acceptsNothing)) return;
    this.#told.set(id, accepts);
    this.#modules.session.setAccepts(id, accepts);
  }

  /** @param {HotState} state @param {(data: any) => unknown} callback */
  addDisposer(state, callback) {
    disposeAtExit(this);
    if (state.isDisposed) this.#call(callback, this.data(state.url));
    else state.disposers.push(callback);
  }

  /** @param {HotState} state @param {string} [message] */
  invalidate(state, message) {
    this.emit('vite:invalidate', { path: shownPath(state.url), message, firstInvalidatedBy: shownPath(state.url) });
    this.onInvalidate(state.id);
  }

  /** @param {HotState} state */
  listens(state) {
    if (!state.isDisposed) this.#listening.add(state);
  }

  /** @param {HotState} _state */
  watches(_state) {
    this.onWatch();
  }

  /** Patterns that modules watch, with the module. @returns {{id: number, folder: string, pattern: string}[]} */
  watched() {
    return [...this.#states()].flatMap(({ id, url, watched }) => {
      const folder = watched.length > 0 ? path.dirname(fileURLToPath(url)) : '';
      return watched.map((pattern) => ({ id, folder, pattern }));
    });
  }

  /** Of the running versions, and of those that are on the way to it. */
  *#states() {
    yield* this.#current.values();
    for (const instance of this.#modules.made.values()) {
      const { hot } = /** @type {import('./instance.js').ModuleInstance} */ (instance);
      if (hot) yield hot;
    }
  }

  /** @param {string} event @param {unknown} data */
  send(event, data) {
    events.emit('message', { event, data });
    this.emit(event, data);
  }

  /**
   * Calls all listeners. What they throw is reported.
   * @param {string} event
   * @param {unknown} payload
   * @param {(error: unknown) => void} [threw]
   * @returns {Promise<unknown[]>} what they returned
   */
  async emit(event, payload, threw = this.onError) {
    const listeners = [...this.#listening].flatMap(({ listeners }) => listeners);
    const called = listeners.filter(([name]) => name === event).map(([, callback]) => this.#call(callback, payload, threw));
    return Promise.all(called);
  }

  /**
   * An update is about to begin.
   * @param {import('./native.d.ts').Plan} plan
   * @returns {Promise<unknown> | undefined} nothing if nobody listens
   */
  beforeUpdate(plan) {
    const isUpdate = plan.steps.some(({ again }) => again) || plan.rebind.length > 0;
    if (this.#listening.size === 0 || !isUpdate) return undefined;
    return this.emit('vite:beforeUpdate', updatePayload(plan));
  }

  /** @param {import('./native.d.ts').Plan} plan */
  afterUpdate(plan) {
    return this.emit('vite:afterUpdate', updatePayload(plan));
  }

  /**
   * Runs the disposers of versions that are replaced, one version after the other.
   * @param {(HotState | undefined)[]} states
   * @returns {Promise<void> | undefined} nothing if there was nothing to do
   */
  dispose(states) {
    const due = states.filter((state) => state !== undefined).filter((state) => !state.isDisposed);
    if (due.length === 0) return undefined;
    for (const state of due) this.#listening.delete(state);
    if (due.some(({ disposers }) => disposers.length > 0)) return this.#disposeAll(due);
    for (const state of due) state.isDisposed = true;
    return undefined;
  }

  /** @param {HotState[]} states */
  async #disposeAll(states) {
    for (const state of states) await this.#inTurn(taken(state), this.data(state.url));
  }

  /** @param {((value: any) => unknown)[]} callbacks @param {unknown} value */
  async #inTurn(callbacks, value) {
    for (const callback of callbacks) await this.#call(callback, value);
  }

  /** Disposes all versions, importers first. */
  disposeRunning() {
    return this.dispose(this.#runningStates());
  }

  /** The same at once: the program ends, nothing can be awaited. */
  disposeNow() {
    for (const state of this.#runningStates()) {
      if (!state || state.isDisposed) continue;
      const data = this.data(state.url);
      for (const dispose of taken(state)) this.#call(dispose, data);
    }
  }

  #runningStates() {
    const running = this.#modules.session.running().reverse();
    return running.map((id) => this.#current.get(id) ?? this.#made(id));
  }

  /** @param {number} id */
  #made(id) {
    const instance = this.#modules.made.get(id);
    return instance && 'hot' in instance ? /** @type {HotState} */ (instance.hot) : undefined;
  }

  /** @param {number} id */
  of(id) {
    return this.#current.get(id);
  }

  /**
   * Calls back those who accepted an update.
   * @param {Boundary[]} boundaries
   * @param {(id: number) => HotState | undefined} before what versions said that have been replaced
   */
  async callBack(boundaries, before) {
    /** @type {Map<number, Boundary[]>} */
    const byModule = new Map();
    for (const boundary of boundaries) {
      byModule.set(boundary.module, [...(byModule.get(boundary.module) ?? []), boundary]);
    }
    for (const [id, accepted] of byModule) {
      const state = before(id) ?? this.#current.get(id);
      if (state) await this.#callBackOne(state, accepted);
    }
  }

  /** @param {HotState} state @param {Boundary[]} boundaries */
  async #callBackOne({ selfCallbacks, dependencies, url, id }, boundaries) {
    const urls = new Map(boundaries.map((boundary) => [boundary.url, boundary.accepted]));
    if (boundaries.some(({ accepted }) => accepted === id) && selfCallbacks.length > 0) {
      const namespace = await this.#namespace(id);
      await this.#inTurn(selfCallbacks, namespace);
    }
    for (const { specifiers, isList, callback } of dependencies) {
      if (!callback) continue;
      const ids = specifiers.map((specifier) => urls.get(this.#modules.session.resolve(specifier, url).url ?? ''));
      if (ids.every((accepted) => accepted === undefined)) continue;
      const namespaces = [];
      for (const accepted of ids) namespaces.push(accepted === undefined ? undefined : await this.#namespace(accepted));
      await this.#call(callback, isList ? namespaces : namespaces[0]);
    }
  }

  /** @param {number} id */
  async #namespace(id) {
    await this.#modules.namespaces.ensure(id);
    return this.#modules.namespaces.of(id);
  }

  /**
   * Modules have left the program.
   * @param {HotState[]} states
   */
  async prune(states) {
    if (states.length === 0) return;
    await this.emit('vite:beforePrune', { type: 'prune', paths: states.map(({ url }) => shownPath(url)) });
    await this.dispose(states);
    for (const { pruners, url } of states) await this.#inTurn(pruners, this.data(url));
  }

  /** @param {number} id @returns {HotState | undefined} what the last version said */
  forget(id) {
    const state = this.#current.get(id);
    this.#current.delete(id);
    this.#told.delete(id);
    return state;
  }

  /**
   * @param {(value: any) => unknown} callback
   * @param {unknown} value
   * @param {(error: unknown) => void} [threw]
   */
  async #call(callback, value, threw = this.onError) {
    try {
      return await callback(value);
    } catch (error) {
      threw(error);
    }
  }
}

/** @param {import('./native.d.ts').Plan} plan */
function updatePayload({ boundaries }) {
  const timestamp = Date.now();
  const updates = boundaries.map(({ url, via }) => {
    const path = shownPath(via[via.length - 1] ?? url);
    return { type: 'js-update', path, acceptedPath: shownPath(url), timestamp };
  });
  return { type: 'update', updates };
}

/** Disposers that are run now, and not again. @param {HotState} state */
function taken(state) {
  const { disposers } = state;
  state.isDisposed = true;
  state.disposers = [];
  return disposers;
}

/** A file as Vite names it: from the root of the project. @param {string} url */
export function shownPath(url) {
  const file = fileURLToPath(url);
  const relative = path.relative(process.cwd(), file);
  const isInside = !relative.startsWith('..') && !path.isAbsolute(relative);
  return isInside ? `/${relative.split(path.sep).join('/')}` : file;
}
