/**
 * Modules that Node sees before they run: a package imports one that it is imported by itself. The graph ends at packages,
 * so this is found out when Node resolves that import, before any of them has run.
 */
import { toRun } from './compile.js';
import { ModuleInstance } from './instance.js';
import { isBelow, urlOfOwn } from './loader-hooks.js';

/** URLs of the modules of plans: packages import many files. @type {WeakMap<import('./native.d.ts').Plan, Set<string>>} */
const planned = new WeakMap();

/** Whether an open transaction has a module with this URL. @param {import('./modules.js').Modules} modules @param {string} url */
export function isBeingEvaluated({ open }, url) {
  for (const { plan } of open) {
    const urls = planned.get(plan) ?? new Set(plan.modules.map((definition) => definition.url));
    planned.set(plan, urls);
    if (urls.has(url)) return true;
  }
  return false;
}

/**
 * How Node evaluates the facade of a hot module that has not run when a module of Node imports it.
 * @typedef {object} Ahead
 * @property {string} url of the facade: another one than the module's if that is taken
 * @property {boolean} isAbove the hot module waits for who imports it
 * @property {string[]} before URLs of what Node evaluates before the facade
 * @property {(origin: number) => boolean} isLate whether that does not include a module, whose bindings have no values then
 */

/**
 * Opens modules that wait for a package which is about to import one of them: their functions exist from then on.
 * @param {import('./modules.js').Modules} modules
 * @param {number} id of the hot module that is imported
 * @param {string} importer URL of the module of Node
 * @param {{url: string, waits: boolean}} facade which Node loads, unless it waits for who imports it
 * @returns {Ahead | undefined} nothing if it runs or has run
 */
export function openBefore({ claims, open, session }, id, importer, { url, waits }) {
  const { order, owner, ahead } = claims.get(id) ?? {};
  const transaction = [...open].find(({ evaluation }) => evaluation === owner);
  if (!transaction || order !== 'unset') return undefined;
  const { modules, steps } = transaction.plan;
  const packages = modules.flatMap((each) => (each.kind === 'external' && claims.has(each.id) ? [each] : []));
  const placeOf = (/** @type {number} */ each) => steps.findIndex((step) => step.id === each);
  const above = packages.filter((each) => isBelow(importer, each.url)).sort((one, other) => placeOf(one.id) - placeOf(other.id));
  for (const external of above) become(transaction, id, session.openEarly(transaction.id, id, external.id));
  const stackOf = (/** @type {{id: number}} */ external) => session.evaluating(transaction.id, external.id);
  const awaited = above.find((external) => stackOf(external).includes(id));
  const isTaken = waits || ahead?.isAbove === false;
  if (above.length === 0 || (ahead && !(awaited && isTaken))) return ahead;
  if (!awaited) {
    const stack = above.flatMap((external) => [external.id, ...stackOf(external)]);
    return { url, isAbove: false, before: owner.segmentsBelow(id, stack), isLate: () => false };
  }
  const own = isTaken ? urlOfOwn(`beside/${id}`) : url;
  const before = [...owner.node.enterWith(awaited.id, own), awaited.specifier];
  return { url: own, isAbove: true, before, isLate: (origin) => placeOf(origin) > placeOf(awaited.id) };
}

/**
 * @param {import('./transaction.js').Transaction} transaction
 * @param {number} cycle
 * @param {import('./native.d.ts').Answer | null} answer
 */
function become(transaction, cycle, answer) {
  if (!answer) return;
  /** @type {ModuleInstance[]} */
  const opened = [];
  for (const definition of JSON.parse(answer.plan).modules) {
    const instance = transaction.made(definition.id);
    // Once it is linked others may have its functions.
    const isLinked = instance instanceof ModuleInstance && instance.cycle !== null && transaction.evaluation.hasBegun;
    if (!(instance instanceof ModuleInstance) || isLinked || Number(instance.cycle) < 0) continue;
    const text = answer.texts[definition.code];
    instance.become({ ...definition, cycle: -cycle - 1 }, text, toRun(text, definition));
    opened.push(instance);
  }
  transaction.openEarly(opened);
}
