/** What a facade of a hot module does when a module of Node imports it and Node evaluates it. */

/**
 * @param {import('./modules.js').Modules} modules
 * @param {number} id of the hot module
 * @param {string} url
 * @returns {import('./facades.js').Evaluating | undefined} nothing if there is nothing left to do
 */
export function evaluatingOf(modules, id, url) {
  const { claims, failures, made, session } = modules;
  const claimed = claims.get(id);
  // Node refuses to require what has a top-level await, whether that is over or not. Who is evaluated by Node beside one that
  // waits cannot wait for it, but is a module with a top-level await, too.
  const isAsync = (claimed || modules.belowRequired.has(url)) && session.awaits(id).own;
  const failure = failures.of(id);
  if (failure) return { evaluate: () => fail(failure), waits: isAsync };
  if (claimed) return { evaluate: () => evaluateClaimed(modules, id, claimed), waits: isAsync };
  if (!modules.isCurrent(id) && !made.has(id)) return { evaluate: () => modules.evaluate(url), waits: true };
  return isAsync ? { evaluate: () => undefined, waits: true } : undefined;
}

/**
 * What another evaluation evaluates, or is going to.
 * @param {import('./modules.js').Modules} modules
 * @param {number} id
 * @param {import('./evaluating.js').Evaluating} claimed
 * @returns {Promise<void> | undefined} what to wait for, unless the module waits for who imports it
 */
function evaluateClaimed({ claims, failures }, id, claimed) {
  const { owner } = claimed;
  const isAbove = owner.isOnStack(id);
  owner.evaluateNow(id);
  const failure = failures.of(id);
  if (failure) fail(failure);
  return isAbove || claims.get(id) !== claimed ? undefined : claimed.end;
}

/** @param {{error: unknown}} failure @returns {never} */
function fail({ error }) {
  throw error;
}
