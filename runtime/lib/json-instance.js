/** JSON modules. A file is one object for whoever imports or requires it, as in Node, whose cache of CommonJS has it. */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { jsonError } from './errors.js';

/** @typedef {import('./instance.js').Getter} Getter */

const require = createRequire(import.meta.url);

/** A JSON module: its value exists before anything runs, as Node parses while loading. */
export class JsonInstance {
  #url;
  #hasRun = false;

  /**
   * @param {number} id
   * @param {string} text
   * @param {string} url
   * @param {import('./modules.js').Modules} modules
   */
  constructor(id, text, url, modules) {
    this.id = id;
    this.modules = modules;
    this.#url = url;
    const shared = modules.isCurrent(id) ? undefined : required(url);
    this.value = shared ? shared.exports : parseJson(text, url);
    if (!modules.isCurrent(id)) this.share();
  }

  /** From now on `require()` gives the same value. */
  share() {
    const file = fileOf(this.#url);
    const entry = /** @type {any} */ ({ exports: this.value, loaded: true });
    if (file && required(this.#url)?.exports !== this.value) require.cache[file] = entry;
  }

  /** Its binding gets the value in its turn, as that of a synthetic module. @returns {() => void} */
  begin() {
    return () => {
      this.#hasRun = true;
    };
  }

  /** @returns {Getter} */
  getter() {
    return () => (this.#hasRun ? this.value : undefined);
  }

  namespace() {
    return this.modules.namespaces.of(this.id);
  }
}

/** @param {string} text @param {string} url */
function parseJson(text, url) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw jsonError(text, url, error);
  }
}

/** @param {string} url @returns {string | undefined} nothing for an instance of its own, by a query */
function fileOf(url) {
  return /[?#]/.test(url) ? undefined : fileURLToPath(url);
}

/** What `require()` has loaded. @param {string} url */
function required(url) {
  const file = fileOf(url);
  const module = file === undefined ? undefined : require.cache[file];
  return module?.loaded ? module : undefined;
}
