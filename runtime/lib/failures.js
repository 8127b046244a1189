/**
 * What could not be imported stays so, with the same error, until one of its files changes: what a
 * module threw, and, as far as the running Node remembers it, what did not link or load.
 */
import { fileURLToPath } from 'node:url';
import { failureOf } from './errors.js';
import { nodeVersion } from './running-node.js';

export class Failures {
  /** What modules threw that never ran to their end. @type {Map<number, {error: unknown}>} */
  #thrown = new Map();
  /** The last error of each `import()` that could not begin, and why. @type {Map<string, {error: unknown, why: string}>} */
  #imports = new Map();

  /** What a module threw. @param {number} id */
  of(id) {
    return this.#thrown.get(id);
  }

  /** No module has thrown. */
  get areNone() {
    return this.#thrown.size === 0;
  }

  /** @param {number} id @param {{error: unknown}} failure */
  add(id, failure) {
    this.#thrown.set(id, failure);
  }

  /** @param {number} id */
  forget(id) {
    this.#thrown.delete(id);
  }

  /**
   * Modules that are evaluated anew.
   * @param {number[]} ids
   * @returns {(hasRun: (id: number) => boolean) => void} to be called if nothing came of it
   */
  retry(ids) {
    /** @type {Map<number, {error: unknown}>} */
    const known = new Map();
    for (const id of ids) {
      const failure = this.#thrown.get(id);
      if (failure) known.set(id, failure);
      this.#thrown.delete(id);
    }
    return (hasRun) => {
      for (const [id, failure] of known) {
        if (!this.#thrown.has(id) && !hasRun(id)) this.#thrown.set(id, failure);
      }
    };
  }

  /**
   * The error of a failed `import()`: the one of the last time if nothing has changed and Node
   * remembers it, too.
   * @param {string | undefined} url of the module, if it could be resolved
   * @param {string} attributes
   * @param {unknown} error
   * @returns {unknown}
   */
  sameAsBefore(url, attributes, error) {
    const failure = failureOf(error);
    if (!url || !failure || !isRemembered(url, failure, error)) return error;
    const key = `${attributes}${url}`;
    const why = JSON.stringify(failure);
    const before = this.#imports.get(key);
    if (before?.why === why) return before.error;
    this.#imports.set(key, { error, why });
    return error;
  }
}

/**
 * Link errors are remembered by all versions, what went wrong before by Node 20, and by Node 22 if
 * it is about another file.
 * @param {string} url
 * @param {import('./native.d.ts').Failure} failure
 * @param {unknown} error
 */
function isRemembered(url, failure, error) {
  if (failure.kind === 'link' && error instanceof SyntaxError) return true;
  if (nodeVersion !== 22) return nodeVersion < 22;
  return failure.kind !== 'syntax' || !url.startsWith('file:') || failure.file !== fileURLToPath(url);
}
