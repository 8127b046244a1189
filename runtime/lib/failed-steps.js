/** What an error means for the modules around the one that throws it. */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);

/** @typedef {import('./native.d.ts').Step} Step */

/**
 * Modules that are not evaluated, since one that leads to them has failed before: step 2 of InnerModuleEvaluation throws
 * before it visits them.
 * @param {Step[]} steps in order, the module that is imported last
 * @param {(id: number) => boolean} hasFailed
 * @returns {Set<number>}
 */
export function unreached(steps, hasFailed) {
  const left = new Map(steps.map((step) => [step.id, step]));
  if (!steps.some(({ id }) => hasFailed(id))) return new Set();
  /** Modules being visited, with how many of their dependencies have been. @type {{step: Step, visited: number}[]} */
  const stack = [];
  const enter = (/** @type {number} */ id) => {
    const step = left.get(id);
    left.delete(id);
    if (step) stack.push({ step, visited: 0 });
    return step;
  };
  /** @type {Set<number>} */
  const isOpen = new Set();
  for (const { id } of [...steps].reverse()) {
    for (enter(id); stack.length > 0; ) {
      const last = stack[stack.length - 1];
      if (hasFailed(last.step.id)) return new Set([...left.keys(), ...isOpen]);
      isOpen.add(last.step.id);
      const next = last.step.dependencies[last.visited];
      last.visited += 1;
      if (next !== undefined) enter(next);
      else isOpen.delete(/** @type {any} */ (stack.pop()).step.id);
    }
  }
  return new Set();
}

/**
 * What Node evaluates after the last step that has been reached, up to the next hot module.
 * @param {Step[]} steps
 * @param {Step | undefined} reached
 * @param {(id: number) => boolean} isFromNode
 * @returns {{candidates: number[], isLast: boolean}} and whether there is no hot module any more
 */
export function nextOfNode(steps, reached, isFromNode) {
  const left = steps.slice(reached ? steps.indexOf(reached) + 1 : 0).map(({ id }) => id);
  const hot = left.findIndex((id) => !isFromNode(id));
  return hot < 0 ? { candidates: left, isLast: true } : { candidates: left.slice(0, hot), isLast: false };
}

/**
 * Whether Node has evaluated nothing: a module could not be loaded or linked. Its errors about that have codes, or are those
 * of a syntax.
 * @param {any} error
 */
export function isBeforeEvaluation(error) {
  return error instanceof SyntaxError || (typeof error?.code === 'string' && error.code.startsWith('ERR_'));
}

/**
 * What one of these modules has thrown, which Node has just evaluated: `require()` of an ES module throws it again at once.
 * @param {import('./native.d.ts').Definition[]} definitions
 * @param {boolean} [isKnown] one of them, or a hot module, has thrown; otherwise those after one that may wait are not asked
 * @returns {{id: number, error: unknown} | undefined}
 */
export function thrownAmong(definitions, isKnown = true) {
  for (const definition of definitions) {
    const { id, url } = definition;
    // CommonJS would run again. If it is what has thrown, the others have not been evaluated.
    if (definition.kind !== 'external' || definition.commonJs || !/^file:[^?#]*\.m?js$/.test(url)) return undefined;
    try {
      require(fileURLToPath(url));
    } catch (error) {
      if (!isBeforeEvaluation(error)) return { id, error };
      if (!isKnown) return undefined;
    }
  }
  return undefined;
}
