/** What one version of a module has said through its `import.meta.hot`. */

/** @typedef {(module: any) => unknown} AcceptCallback */
/** @typedef {(data: any) => unknown} DataCallback */
/** @typedef {(payload: any) => unknown} Listener */

/**
 * A call of `accept` with dependencies.
 * @typedef {object} DependencyAccept
 * @property {string[]} specifiers
 * @property {boolean} isList it was an array: the callback gets one
 * @property {((modules: any) => unknown) | undefined} callback
 */

export class HotState {
  /** It accepts itself, and calls back. */
  isSelfAccepting = false;
  isDeclined = false;
  /** @type {AcceptCallback[]} */
  selfCallbacks = [];
  /** @type {DependencyAccept[]} */
  dependencies = [];
  /** @type {Set<string>} */
  exports = new Set();
  /** @type {DataCallback[]} */
  disposers = [];
  /** @type {DataCallback[]} */
  pruners = [];
  /** @type {[string, Listener][]} */
  listeners = [];
  /** Patterns of files that belong to the module. @type {string[]} */
  watched = [];
  /** Its disposers have been run: what it opens from now on is to be closed at once. */
  isDisposed = false;

  /** @param {number} id @param {string} url */
  constructor(id, url) {
    this.id = id;
    this.url = url;
  }

  /** What the engine has to know, as JSON. */
  accepts() {
    return JSON.stringify({
      itself: this.isSelfAccepting,
      dependencies: this.dependencies.flatMap(({ specifiers }) => specifiers),
      exports: [...this.exports],
      declined: this.isDeclined,
    });
  }
}

/** What a version that said nothing accepts. */
export const acceptsNothing = new HotState(0, '').accepts();
