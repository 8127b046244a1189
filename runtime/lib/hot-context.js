/** `import.meta.hot`, as Vite has it. */

/** @typedef {import('./hot-state.js').HotState} HotState */
/** @typedef {import('./hot-modules.js').HotModules} HotModules */

/**
 * The object a module sees. Its methods need no `this`.
 * @param {HotState} state
 * @param {HotModules} hot
 */
export function createHotContext(state, hot) {
  const changed = () => hot.accepts(state);
  return Object.freeze({
    get data() {
      return hot.data(state.url);
    },
    /** @param {unknown} [first] @param {((modules: any) => unknown)} [callback] */
    accept(first, callback) {
      if (typeof first === 'function' || first === undefined || first === null) acceptItself(state, first);
      else acceptDependencies(state, first, callback);
      changed();
    },
    /** @param {string | readonly string[]} names @param {(module: any) => unknown} [callback] */
    acceptExports(names, callback) {
      for (const name of strings('acceptExports', names)) state.exports.add(name);
      if (isFunction('acceptExports', callback)) state.selfCallbacks.push(callback);
      changed();
    },
    /** @param {(data: any) => unknown} callback */
    dispose(callback) {
      if (isFunction('dispose', callback)) hot.addDisposer(state, callback);
    },
    /** @param {(data: any) => unknown} callback */
    prune(callback) {
      if (isFunction('prune', callback)) state.pruners.push(callback);
    },
    /** @param {string} [message] */
    invalidate(message) {
      hot.invalidate(state, message);
    },
    decline() {
      state.isDeclined = true;
      changed();
    },
    /** @param {string} event @param {(payload: any) => unknown} callback */
    on(event, callback) {
      if (!state.isDisposed && isFunction('on', callback)) state.listeners.push([event, callback]);
      hot.listens(state);
    },
    /** @param {string} event @param {(payload: any) => unknown} callback */
    off(event, callback) {
      state.listeners = state.listeners.filter(([name, other]) => name !== event || other !== callback);
    },
    /** @param {string} event @param {unknown} [data] */
    send(event, data) {
      hot.send(event, data);
    },
    /** @param {string | readonly string[]} paths */
    watch(paths) {
      state.watched.push(...strings('watch', paths));
      hot.watches(state);
    },
  });
}

/** @param {HotState} state @param {any} callback */
function acceptItself(state, callback) {
  state.isSelfAccepting = true;
  if (callback) state.selfCallbacks.push(callback);
}

/** @param {HotState} state @param {unknown} dependencies @param {any} callback */
function acceptDependencies(state, dependencies, callback) {
  const specifiers = strings('accept', dependencies);
  isFunction('accept', callback);
  state.dependencies.push({ specifiers, isList: Array.isArray(dependencies), callback });
}

/** @param {string} method @param {unknown} value @returns {string[]} */
function strings(method, value) {
  const list = Array.isArray(value) ? value : [value];
  if (list.every((one) => typeof one === 'string')) return list;
  throw new TypeError(`import.meta.hot.${method}(): the first argument must be a string or an array of strings`);
}

/** @param {string} method @param {unknown} callback @returns {callback is (value: any) => unknown} */
function isFunction(method, callback) {
  if (callback === undefined || callback === null) return false;
  if (typeof callback === 'function') return true;
  throw new TypeError(`import.meta.hot.${method}(): the callback must be a function, not ${typeof callback}`);
}
