/**
 * Names that hot modules take from modules that Node loads. Only Node knows all of them, and it is
 * asked by linking a module that imports them: before anything runs, in the order in which it would
 * link the hot modules.
 */
import { learnLinkFrames } from './errors.js';
import { dataUrl, starText, withClause } from './module-text.js';
import { importOwn } from './loader-hooks.js';

/** @typedef {import('./native.d.ts').Check} Check */
/** @typedef {import('./native.d.ts').Plan} Plan */

/**
 * A name that is not there, or an error of Node about something else.
 * @typedef {{check: Check, isConflict?: boolean} | {error: unknown}} Fault
 */

/** Questions asked so far: a failed `data:` module stays failed. */
let questions = 0;

/** A module that exports nothing. */
const empty = dataUrl('');

/** The modules of Node that a check is about. @param {Check} check */
export function asked({ external, stars }) {
  return stars?.map(([id]) => id) ?? [external];
}

/** How many of them have the name, if Node has loaded all. @param {Check} check @param {(id: number) => object | undefined} loaded */
export function countOf(check, loaded) {
  const namespaces = asked(check).map(loaded);
  if (namespaces.includes(undefined)) return undefined;
  return namespaces.filter((namespace) => check.name in /** @type {object} */ (namespace)).length;
}

/** What is imported to see whether the name is there. @param {Check} check */
function urlOf({ url, stars }) {
  return stars ? dataUrl(stars.map(([, star]) => starText({ url: star })).join('')) : url;
}

/** A text that Node links only if all names exist. @param {Check[]} checks */
export function checkText(checks) {
  const imports = checks.map((check, slot) => {
    const { name, attributes } = check;
    // V8 looks at them in the order of their local names.
    const local = `$${`${slot}`.padStart(6, '0')}`;
    return `import{${JSON.stringify(name)} as ${local}}from${JSON.stringify(urlOf(check))}${withClause(attributes)};`;
  });
  return imports.join('');
}

/** Which check an error of Node is about. @param {unknown} error @param {Check[]} checks */
export function failedCheck(error, checks) {
  if (!(error instanceof SyntaxError)) return undefined;
  const { message } = error;
  return checks.find((check) => message.includes(`'${check.name}'`) && message.includes(`'${urlOf(check)}'`));
}

/** Whether several modules have a name. @param {unknown} error that `failedCheck` knows */
export function isConflict(error) {
  return `${error}`.includes('conflicting star exports');
}

/**
 * The first thing that is wrong with the modules of Node that a plan needs. Nothing is evaluated.
 * @param {Plan} plan
 * @param {(id: number) => object | undefined} loaded the namespace of a module that Node has loaded
 * @returns {Promise<Fault | undefined>}
 */
export async function firstFault(plan, loaded) {
  const end = plan.checks.findIndex((check) => countOf(check, loaded) === 0);
  const before = end < 0 ? plan.checks : plan.checks.slice(0, end);
  const checks = before.filter((check) => countOf(check, loaded) !== 1);
  const error = await linkError(requests(plan, checks, plan.checks[end]?.importer));
  if (error === undefined) return end < 0 ? undefined : { check: plan.checks[end] };
  const check = failedCheck(error, checks);
  return check ? { check, isConflict: isConflict(error) } : { error };
}

/**
 * What Node would link before `last`, in its order, and what it would only load.
 * @param {Plan} plan
 * @param {Check[]} checks
 * @param {number | undefined} last
 */
function requests({ modules, steps }, checks, last) {
  const left = new Map();
  for (const module of modules) {
    if (module.kind !== 'external' || module.parent !== null) continue;
    left.set(module.id, `import${JSON.stringify(module.specifier)}${withClause(module.attributes)};`);
  }
  const linked = [];
  for (const { id } of steps) {
    const asked = checkText(checks.filter(({ importer }) => importer === id));
    if (asked !== '') linked.push(`import${JSON.stringify(dataUrl(asked))};`);
    if (id === last) break;
    if (left.has(id)) linked.push(left.get(id));
    left.delete(id);
  }
  const others = checkText(checks.filter(({ importer }) => steps.every(({ id }) => id !== importer)));
  if (others !== '') linked.push(`import${JSON.stringify(dataUrl(others))};`);
  return { linked, loaded: [...left.values()] };
}

/**
 * What Node says to these imports.
 * @param {{linked: string[], loaded: string[]}} requests
 */
async function linkError({ linked, loaded }) {
  if (linked.length + loaded.length === 0) return undefined;
  questions += 1;
  // Linking always ends with an error, so that nothing is evaluated.
  const end = `import${JSON.stringify(dataUrl(`/*${questions}*/import{_}from'${empty}';`))};`;
  try {
    await importOwn(dataUrl([...linked, end, ...loaded].join('')));
  } catch (error) {
    learnLinkFrames(error);
    return error instanceof SyntaxError && error.message.includes(`'${empty}'`) ? undefined : error;
  }
  return undefined;
}
