/**
 * Facades: native modules that stand for hot ones. A facade has `let` bindings with the hot module's export names, which
 * the runtime sets. Its namespace object is the hot module's, and modules that Node loads import it in the hot one's place.
 * Node keeps a facade for ever: there is one per hot module and set of names, never one per version.
 */
import { loadText, seesLoader } from './loader-hooks.js';

/**
 * @typedef {object} Facade
 * @property {object} namespace
 * @property {(values: unknown[]) => void} set in the order of the names
 */

/** What is done with facades that Node is loading. @type {Map<number, (facade: Facade) => void>} */
const expected = new Map();
let lastNumber = 0;

/**
 * Called by facades only.
 * @param {number} number
 * @param {object} namespace
 * @param {(values: unknown[]) => void} set
 */
export function facade(number, namespace, set) {
  expected.get(number)?.({ namespace, set });
  expected.delete(number);
}

/** What facades of modules that are not evaluated yet wait for. @type {Map<number, () => Promise<unknown>>} */
const waits = new Map();

/** Called by such facades. @param {number} number */
export function evaluated(number) {
  const wait = waits.get(number);
  waits.delete(number);
  return wait?.();
}

/**
 * @param {string[]} names
 * @param {string | undefined} self URL by which the facade imports itself
 * @param {(facade: Facade) => void} onLoad
 * @param {() => Promise<unknown>} [wait] what to wait for before it is evaluated
 */
export function facadeText(names, self, onLoad, wait) {
  lastNumber += 1;
  expected.set(lastNumber, onLoad);
  if (wait) waits.set(lastNumber, wait);
  const locals = names.map((_, slot) => `$${slot}`).join();
  const exports = names.map((name, slot) => `$${slot} as ${JSON.stringify(name)}`).join();
  const own = JSON.stringify(import.meta.url);
  return (
    `${self === undefined ? 'let ns;' : `import*as ns from${JSON.stringify(self)};`}import{facade,evaluated}from${own};` +
    `${names.length > 0 ? `let ${locals};` : ''}export{${exports}};` +
    `facade(${lastNumber},ns,v=>{[${locals}]=v});${wait ? `await evaluated(${lastNumber});` : ''}`
  );
}

/**
 * Makes a facade: at once where the loader's hooks allow it.
 * @param {string[]} names
 * @param {string | undefined} url under which modules of Node ask for the hot module, if Node has loaded nothing there
 * @returns {Facade | Promise<Facade>}
 */
export function makeFacade(names, url) {
  if (!seesLoader()) return importFacade(names);
  const attempt = url === undefined ? undefined : tryFacade(names, url);
  return attempt ?? loadFacade(names);
}

/** @param {string[]} names @param {string} url @returns {Facade | undefined} */
function tryFacade(names, url) {
  /** @type {Facade | undefined} */
  let made;
  const text = facadeText(names, url, (facade) => {
    made = facade;
  });
  try {
    loadText(url, text);
  } catch {
    // Node is loading something there at this moment.
  }
  expected.delete(lastNumber);
  return made;
}

/** @param {string[]} names @returns {Facade} */
function loadFacade(names) {
  const url = new URL(`facades/${lastNumber + 1}.js`, import.meta.url).href;
  return /** @type {Facade} */ (tryFacade(names, url));
}

/** Without hooks: a `data:` module, which cannot import itself. @param {string[]} names @returns {Promise<Facade>} */
async function importFacade(names) {
  /** @type {Facade | undefined} */
  let made;
  const text = facadeText(names, undefined, (facade) => {
    made = facade;
  });
  const namespace = await import(`data:text/javascript,${encodeURIComponent(text)}`);
  return { .../** @type {Facade} */ (/** @type {unknown} */ (made)), namespace };
}

/** Whether a facade can stand where the hot module is: `require` knows no queries. @param {string} url */
export function isPlainFile(url) {
  return /^file:[^?#]*\.m?js$/.test(url);
}
