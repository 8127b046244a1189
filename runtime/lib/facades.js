/**
 * Facades: native modules that stand for hot ones. A facade has `let` bindings with the hot module's export names, which
 * the runtime sets. Its namespace object is the hot module's, and modules that Node loads import it in the hot one's
 * place. Node keeps a facade for ever: there is one per hot module and set of names, never one per version.
 */
import { loadText, urlOfOwn } from './loader-hooks.js';
import { dataUrl, sourceUrl, starText } from './module-text.js';
import { seat, seatOf } from './seat.js';
import { measuringUrl } from './timing.js';

/** @typedef {(slot: number, value: unknown) => void} Setter */

/**
 * A facade that Node is loading.
 * @typedef {object} Pending
 * @property {Setter[]} setters of its modules: contested names have one of their own
 * @property {object} [namespace]
 * @property {() => void} [onLoad]
 * @property {() => void} [onBindings] some of its bindings can be set from now on: it is linked before that
 * @property {Evaluating['evaluate']} [evaluate]
 */

/**
 * What a facade does when Node evaluates it.
 * @typedef {object} Evaluating
 * @property {(isMain: boolean | undefined, namespaces?: object[]) => unknown} evaluate whether it is the program's main module;
 *   gives a promise if it has to be waited for
 * @property {boolean} waits for the promise that `evaluate` gives
 * @property {string[]} [given] variables whose values `evaluate` gets, too
 * @property {boolean} [measures] it is evaluated when the running Node has been measured
 * @property {boolean} [isEntry] nobody imports it
 */

/** @type {Map<number, Pending>} */
const pending = new Map();
let lastNumber = 0;

/**
 * Called by facades only.
 * @param {number} number
 * @param {Setter} set
 * @param {object} [namespace] if the facade can name itself
 * @returns {Evaluating['evaluate'] | undefined} what it calls when it stands for a module that has not run
 */
function load(number, set, namespace) {
  const facade = pending.get(number);
  if (!facade) return undefined;
  facade.setters.push(set);
  if (namespace) {
    facade.namespace = namespace;
    facade.onLoad?.();
  }
  facade.onBindings?.();
  return facade.evaluate;
}

/** Node has linked a facade, and evaluates it later. @param {number} number @param {object} namespace */
export function linkedFacade(number, namespace) {
  const facade = /** @type {Pending} */ (pending.get(number));
  facade.namespace = namespace;
  facade.onLoad?.();
}

/** Such a facade is evaluated. @param {number} number */
export function forgetFacade(number) {
  pending.delete(number);
}

/** A new facade. @param {Partial<Pending>} [facade] @returns {number} */
export function announce(facade = {}) {
  if (lastNumber === 0) seat({ facade: load });
  lastNumber += 1;
  pending.set(lastNumber, { setters: [], ...facade });
  return lastNumber;
}

/** Sets a binding of a facade that Node has loaded. @param {number} number @returns {{show: Setter, namespace: object | undefined}} */
export function loadedFacade(number) {
  const { setters, namespace, onBindings } = /** @type {Pending} */ (pending.get(number));
  if (!onBindings) pending.delete(number);
  /** @type {Setter} */
  const show = (slot, value) => {
    for (const set of setters) set(slot, value);
  };
  return { show, namespace };
}

/**
 * Loads a facade at once, where `require()` takes ES modules.
 * @param {number} number
 * @param {string[]} names
 * @param {object} how
 * @param {string} [how.url] under which modules of Node ask for the hot module, if Node may have loaded nothing there
 * @param {import('./module-text.js').Star[]} [how.stars] what it exports from modules of Node, which have been evaluated
 * @param {boolean} [how.isRequired] it says `__esModule`
 * @returns {object} the namespace
 */
export function loadFacade(number, names, { url, ...how }) {
  const own = urlOfOwn(`${number}`);
  const namespace = (url && tryFacade(number, names, url, how)) || tryFacade(number, names, own, how);
  return /** @type {object} */ (namespace);
}

/** @param {number} number @param {string[]} names @param {string} url @param {{stars?: import('./module-text.js').Star[], isRequired?: boolean}} how */
function tryFacade(number, names, url, { stars, isRequired }) {
  const text = facadeText(number, names, { self: url, stars });
  try {
    loadText(url, new Map([[url, isRequired ? `export const __esModule=true;${text}` : text]]));
  } catch {
    // Node is loading something there at this moment.
  }
  return pending.get(number)?.namespace;
}

/**
 * The URL of a facade that adds the names of packages. A name that a package may contest comes from a module
 * beside it, so that Node finds out.
 * @param {number} number
 * @param {string[]} names
 * @param {import('./module-text.js').Star[]} stars
 * @param {string[]} contested
 */
export function facadeUrl(number, names, stars, contested) {
  if (contested.length === 0) return dataUrl(facadeText(number, names, { stars }));
  const isContested = (/** @type {string} */ name) => contested.includes(name);
  const beside = dataUrl(facadeText(number, names, { isOwn: isContested }));
  return dataUrl(facadeText(number, names, { stars: [...stars, { url: beside }], isOwn: (name) => !isContested(name) }));
}

/**
 * @param {number} number
 * @param {string[]} names
 * @param {object} how
 * @param {string} [how.self] URL by which it imports itself
 * @param {import('./module-text.js').Star[]} [how.stars] what it exports from modules of Node
 * @param {(name: string) => boolean} [how.isOwn] which of the names it has itself
 * @param {Evaluating} [how.evaluating]
 */
export function facadeText(number, names, { self, stars = [], isOwn = () => true, evaluating }) {
  const slots = names.map((name, slot) => ({ name, slot })).filter(({ name }) => isOwn(name));
  const locals = slots.map(({ slot }) => `$${slot}`);
  const exports = slots.map(({ name, slot }) => `$${slot} as ${JSON.stringify(name)}`);
  const cases = slots.map(({ slot }) => `case ${slot}:$${slot}=v;break;`);
  return [
    self === undefined ? '' : `import*as ns from${JSON.stringify(self)};`,
    evaluating?.measures ? `import${JSON.stringify(measuringUrl())};` : '',
    locals.length > 0 ? `let ${locals.join()};` : '',
    `export{${exports.join()}};`,
    ...stars.map(starText),
    evaluating?.waits ? 'await ' : '',
    `${seatOf('facade')}(${number},(s,v)=>{switch(s){${cases.join('')}}}${self === undefined ? '' : ',ns'})`,
    evaluating ? `?.(import.meta.main,[${evaluating.given?.join() ?? ''}]);` : ';',
    // A debugger is not to stop in it for a breakpoint of the file in whose name it is loaded.
    self === undefined ? '' : `\n${sourceUrl(`facade/${number}`)}`,
  ].join('');
}

/** Whether a facade can stand where the hot module is: `require` knows no queries. @param {string} url */
export function isPlainFile(url) {
  return /^file:[^?#]*\.m?[jt]s$/.test(url);
}
