/**
 * CommonJS of the project. Node loads it, and its cache (`require.cache`) says what there is and who has required it. When a
 * file changes, that file and the scripts that have required it are dropped from the cache, and the hot modules that
 * import or require them are evaluated anew. What no hot module leads to stays what it is (`kept`).
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isOfProject } from './files.js';
import { nodeVersion } from './running-node.js';

const require = createRequire(import.meta.url);
const ownFile = fileURLToPath(import.meta.url);

/** Files of an installed package or of this one stay. @param {string} file */
const mayChange = (file) => isOfProject(file) && require.cache[file] !== undefined;

export class Scripts {
  #session;
  /** Files whose changes are seen. @type {string[]} */
  #files = [];
  /** What the cache had when they were found. */
  #seen = '';
  /** Files whose cached modules are to be dropped. @type {Set<string>} */
  #outdated = new Set();
  /** What an update under way has dropped. @type {Map<string, NodeJS.Module>} */
  #aside = new Map();
  /** Scripts that the next `import()` loads again, by id. @type {Set<number>} */
  #stale = new Set();
  /** Whether any has been loaded again, or is to be. */
  hasReplaced = false;

  /** @param {import('./native.d.ts').Session} session */
  constructor(session) {
    this.#session = session;
  }

  /** Scripts that hot modules lead to: their changes are seen from now on. */
  files() {
    const cached = Object.keys(require.cache);
    const seen = `${cached.length} ${cached[cached.length - 1]}`;
    if (seen === this.#seen) return this.#files;
    this.#seen = seen;
    const scripts = cached.filter(isOfProject);
    const kept = new Set(this.kept(scripts));
    const files = scripts.filter((file) => !kept.has(file));
    // A save of what was loaded changes nothing.
    const added = files.filter((file) => !this.#files.includes(file));
    for (const file of added) this.#session.foreignLoaded(file, performance.timeOrigin);
    this.#files = files;
    return files;
  }

  /** Those of some files whose changes cannot be applied. @param {string[]} files */
  kept(files) {
    if (files.length === 0) return files;
    const parents = requirers();
    return files.filter((file) => !mayChange(file) || this.#reach(file, parents) === undefined);
  }

  /**
   * A script has changed.
   * @param {string} file
   * @param {(id: number) => boolean} runs whether the graph's instance of a module is there: what only an `import()` has
   *   reached is Node's own, and loaded again by the next one
   * @returns {{ids: number[], isHot: boolean}} the modules to evaluate anew, and whether it need not stay what it is
   */
  changed(file, runs) {
    const reached = mayChange(file) ? this.#reach(file, requirers()) : undefined;
    if (!reached) return { ids: [], isHot: false };
    this.hasReplaced = true;
    const ids = reached.ids.filter(runs);
    if (ids.length > 0) {
      for (const one of reached.dropped) this.#outdated.add(one);
    } else {
      for (const one of reached.dropped) delete require.cache[one];
      for (const id of reached.ids) this.#stale.add(id);
    }
    return { ids, isHot: true };
  }

  /**
   * Who has required a file: the modules of the graph that lead to it, and the scripts between.
   * @param {string} file
   * @param {Map<string, Set<string>>} parents
   * @returns {{ids: number[], dropped: string[]} | undefined} nothing if somebody has it who cannot be evaluated anew
   */
  #reach(file, parents) {
    const dropped = new Set([file]);
    /** @type {Set<number>} */
    const ids = new Set();
    for (const script of dropped) {
      const id = this.#session.moduleAt(script);
      if (id !== null) ids.add(id);
      const above = [...(parents.get(script) ?? [])];
      if (id === null && above.length === 0) return undefined;
      for (const parent of above) {
        const hot = parent in require.cache ? null : this.#session.moduleAt(parent);
        if (hot !== null) ids.add(hot);
        else if (mayChange(parent)) dropped.add(parent);
        else return undefined;
      }
    }
    return { ids: [...ids], dropped: [...dropped] };
  }

  /** An update begins to evaluate: what has changed is loaded again by whoever requires it. */
  setAside() {
    for (const file of this.#outdated) {
      const module = require.cache[file];
      if (module) this.#aside.set(file, module);
      delete require.cache[file];
    }
  }

  /** The update has failed: what was there is there again. */
  restore() {
    for (const [file, module] of this.#aside) require.cache[file] = module;
    this.#aside.clear();
  }

  /** It has succeeded. @param {Set<number>} evaluated */
  settle(evaluated) {
    for (const file of this.#outdated) {
      const id = this.#session.moduleAt(file);
      if (id !== null && !evaluated.has(id)) this.#stale.add(id);
    }
    this.#outdated.clear();
    this.#aside.clear();
  }

  /** Whether the next `import()` of it is to load it again: asked once. @param {number} id */
  takeStale(id) {
    return this.#stale.delete(id);
  }
}

/** Files that have required each file. Hot modules are not in the cache, and known where they were the first. */
function requirers() {
  /** @type {Map<string, Set<string>>} */
  const parents = new Map();
  const add = (/** @type {string} */ file, /** @type {string | null | undefined} */ parent) => {
    // What this file has loaded again counts as imported.
    if (parent && parent !== ownFile) parents.set(file, (parents.get(file) ?? new Set()).add(parent));
  };
  for (const [file, module] of Object.entries(require.cache)) {
    for (const child of module?.children ?? []) add(child.filename, file);
    add(file, /** @type {any} */ (module)?.parent?.filename);
  }
  return parents;
}

/** A script that was loaded again. It looks like a module of Node. @implements {Instance} */
export class ScriptInstance {
  /** @type {Record<string, unknown>} */
  #namespace;
  #file;

  /** @typedef {import('./instance.js').Instance} Instance */

  /** @param {number} id @param {string} file */
  constructor(id, file) {
    this.id = id;
    this.#file = file;
    const own = nodeVersion >= 23 ? ['default', 'module.exports'] : ['default'];
    const names = new Set([...own, ...exportedNames(this.#file)]);
    const properties = [...names].sort().map((name) => [name, { value: undefined, writable: true, enumerable: true }]);
    const tag = { [Symbol.toStringTag]: { value: 'Module' } };
    this.#namespace = Object.create(null, { ...Object.fromEntries(properties), ...tag });
  }

  get isFromNode() {
    return true;
  }

  /** What loads it. */
  begin() {
    return () => {
      const exports = require(this.#file);
      for (const name of Object.keys(this.#namespace)) {
        const isWhole = name === 'default' || name === 'module.exports';
        this.#namespace[name] = isWhole ? exports : exports?.[name];
      }
    };
  }

  /** @param {number | string} name */
  getter(name) {
    return () => this.#namespace[name];
  }

  namespace() {
    return this.#namespace;
  }
}

/**
 * Names of a script that can be imported, as Node's own lexer finds them in the text.
 * @param {string} file
 * @param {Set<string>} [seen]
 * @returns {string[]}
 */
function exportedNames(file, seen = new Set()) {
  if (seen.has(file) || !/\.c?js$/.test(file)) return [];
  seen.add(file);
  try {
    const { exports, reexports } = require('cjs-module-lexer').parse(readFileSync(file, 'utf8'));
    const passedOn = reexports.map((/** @type {string} */ specifier) => createRequire(file).resolve(specifier));
    return [...exports, ...passedOn.flatMap((/** @type {string} */ one) => exportedNames(one, seen))];
  } catch {
    // Loading it will say what is wrong with it.
    return [];
  }
}
