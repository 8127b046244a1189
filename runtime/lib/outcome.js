/** What is planned, and what comes of it. */
import { fileURLToPath } from 'node:url';
import { nodeVersion } from './running-node.js';

/** @typedef {import('./hot-state.js').HotState} HotState */
/** @typedef {import('./native.d.ts').Plan} Plan */
/** @typedef {import('./native.d.ts').Definition} Definition */
/** @typedef {Definition & import('./native.d.ts').ExternalDefinition & {parent: string}} Unresolved */

/**
 * What an update did, or why it did nothing.
 * @typedef {object} Outcome
 * @property {Plan} plan
 * @property {number} [imported] the module asked for
 * @property {unknown[]} errors why it failed; the old code is current
 * @property {boolean} failed
 * @property {string[]} awaited files whose change could repair it
 * @property {string[]} missing files whose appearance could
 * @property {number} evaluated how many modules ran
 * @property {boolean} [isSuperseded] a newer change came before it was applied
 * @property {(id: number) => HotState | undefined} [before] what versions said that have been replaced
 * @property {HotState[]} [left] what modules said that have left the program
 * @property {Phases} [phases]
 */

/**
 * Milliseconds spent on reading and parsing, on linking, on disposing and on evaluating.
 * @typedef {{load: number, link: number, dispose: number, evaluate: number}} Phases
 */

/**
 * A planned request.
 * @typedef {object} Prepared
 * @property {import('./native.d.ts').Request} request
 * @property {Plan} plan
 * @property {string[]} texts
 * @property {number} [imported]
 * @property {import('./code-cache.js').Forms} [forms] compiled forms of the texts from earlier runs
 * @property {boolean} isRetry what failed before is tried again
 * @property {Map<number, import('node:vm').Script>} [compiled] texts by number, if they have been compiled
 */

/**
 * @param {Prepared} prepared
 * @param {unknown[]} errors
 * @param {string[]} [missing] files that were tried in vain
 * @returns {Outcome}
 */
export function failure({ plan, imported }, errors, missing = []) {
  const removed = plan.failures.filter(({ kind }) => kind === 'missing').map(({ file }) => file);
  const awaited = plan.awaited;
  return { plan, imported, failed: true, errors, awaited, missing: [...missing, ...removed], evaluated: 0 };
}

/** Files whose change may repair what a plan could not do. @param {Plan} plan */
export function definedFiles(plan) {
  const hot = plan.modules.filter(({ kind }) => kind !== 'external');
  return hot.map(({ url }) => fileURLToPath(url));
}

/** What was asked for: its URL, and whether Node takes it for one that has a top-level await: from 24 on only its own counts. @param {Plan} plan @returns {[string, boolean]} */
export function rootOf({ steps, modules }) {
  const last = steps[steps.length - 1];
  const definition = modules.find(({ id }) => id === last?.id);
  const isAsync = nodeVersion < 24 ? last?.isAsync : definition?.kind === 'module' && definition.awaits;
  return [definition?.url ?? '', Boolean(isAsync)];
}

/** A module that only Node can find. @param {Definition} definition @returns {definition is Unresolved} */
export function isUnresolved(definition) {
  return definition.kind === 'external' && definition.parent !== null;
}
