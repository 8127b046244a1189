/**
 * Names that hot modules take from modules that Node loads. Only Node knows all of them, and it is
 * asked by linking a module that imports them: before anything runs, in the order in which it would
 * link the hot modules.
 */
import { dataUrl, withClause } from './segments.js';

/** @typedef {import('./native.d.ts').Check} Check */
/** @typedef {import('./native.d.ts').Plan} Plan */

/**
 * A name that is not there, or an error of Node about something else.
 * @typedef {{check: Check} | {error: unknown}} Fault
 */

/** Questions asked so far: a failed `data:` module stays failed. */
let questions = 0;

/** A module that exports nothing. */
const empty = 'data:text/javascript,';

/** A text that Node links only if all names exist. @param {Check[]} checks */
export function checkText(checks) {
  const imports = checks.map(({ name, url, attributes }, slot) => {
    // V8 looks at them in the order of their local names.
    const local = `$${`${slot}`.padStart(6, '0')}`;
    return `import{${JSON.stringify(name)} as ${local}}from${JSON.stringify(url)}${withClause(attributes)};`;
  });
  return imports.join('');
}

/** Which check an error of Node is about. @param {unknown} error @param {Check[]} checks */
export function failedCheck(error, checks) {
  if (!(error instanceof SyntaxError)) return undefined;
  const { message } = error;
  return checks.find(({ name, url }) => message.includes(`'${name}'`) && message.includes(`'${url}'`));
}

/**
 * The first thing that is wrong with the modules of Node that a plan needs. Nothing is evaluated.
 * @param {Plan} plan
 * @param {(id: number) => object | undefined} loaded the namespace of a module that Node has loaded
 * @returns {Promise<Fault | undefined>}
 */
export async function firstFault({ checks, modules }, loaded) {
  /** @type {Check[]} */
  const asked = [];
  /** @type {Check | undefined} */
  let absent;
  for (const check of checks) {
    const namespace = loaded(check.external);
    if (!namespace) asked.push(check);
    else if (!(check.name in namespace)) {
      absent = check;
      break;
    }
  }
  const error = await linkError(asked, modules.filter(({ id }) => !loaded(id)));
  if (error === undefined) return absent && { check: absent };
  const check = failedCheck(error, asked);
  return check ? { check } : { error };
}

/**
 * What Node says to these names.
 * @param {Check[]} checks
 * @param {Plan['modules']} modules to be loaded, too
 */
async function linkError(checks, modules) {
  const rest = modules.flatMap((module) => (module.kind === 'external' && module.parent === null ? [module] : []));
  if (checks.length + rest.length === 0) return undefined;
  questions += 1;
  // Linking always ends with an error, so that nothing is evaluated.
  const end = `/*${questions}*/import{_}from'${empty}';`;
  const urls = [checkText(checks), end].map((text) => `import${JSON.stringify(dataUrl(text))};`);
  const loads = rest.map(
    ({ specifier, attributes }) => `import${JSON.stringify(specifier)}${withClause(attributes)};`,
  );
  try {
    await import(dataUrl([...urls, ...loads].join('')));
  } catch (error) {
    return error instanceof SyntaxError && error.message.includes(`'${empty}'`) ? undefined : error;
  }
  return undefined;
}
