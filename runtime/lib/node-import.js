/**
 * `import()` by Node's own loader on behalf of another module: where the engine leaves resolving
 * to Node, whose answer, or whose error with its code and words, is the right one.
 */
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';
import { missingModule } from './errors.js';
import { isFile, isFolderOrOther, isPathSpecifier } from './files.js';
import { comeFirst, loadText, urlOfOwn } from './loader-hooks.js';
import { dataUrl, withClause } from './module-text.js';
import { resolutionError } from './node-resolve.js';
import { seat, seatOf } from './seat.js';

/**
 * @param {string} parent URL of the module that imports
 * @param {string} specifier as written there
 * @param {Record<string, string>} [attributes]
 * @returns {Promise<any>} the namespace
 */
export function importFrom(parent, specifier, attributes = {}) {
  const script = new vm.Script('(specifier, options) => import(specifier, options)', {
    filename: parent.startsWith('file:') ? fileURLToPath(parent) : parent,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  return withoutLoaderWarning(() => script.runInThisContext()(specifier, { with: attributes }));
}

/**
 * A module that the engine could not resolve.
 * @param {import('./native.d.ts').ExternalDefinition} definition
 * @param {string} parent URL
 * @returns {Promise<any>} the namespace
 */
export async function importUnresolved({ specifier, attributes, tried }, parent) {
  // Missing, or created since the engine looked: then it is not for Node to load.
  const mayBeHot = tried.length > 0 && !tried.some(isFolderOrOther);
  if (mayBeHot) refuseMissing(parent, specifier);
  // What is not there may be known to a hook of the program.
  return importFrom(parent, specifier, Object.fromEntries(attributes));
}

/** @param {string} parent @param {string} specifier @throws why there is nothing where it leads */
function refuseMissing(parent, specifier) {
  const error = resolutionError(specifier, parent);
  if (error) throw error;
  const url = fileUrl(specifier, parent);
  if (url && isFile(url)) throw missingModule(specifier, parent);
}

/** @param {string} specifier @param {string} parent */
function fileUrl(specifier, parent) {
  return isPathSpecifier(specifier) && URL.canParse(specifier, parent) ? new URL(specifier, parent) : undefined;
}

/**
 * Node warns that this use of its loader is experimental. The user can do nothing about it.
 * @template T
 * @param {() => T} call
 * @returns {T}
 */
function withoutLoaderWarning(call) {
  const { emitWarning } = process;
  process.emitWarning = (/** @type {any[]} */ ...warning) => {
    if (`${warning[0]}`.includes('USE_MAIN_CONTEXT_DEFAULT_LOADER')) return;
    Reflect.apply(emitWarning, process, warning);
  };
  try {
    return call();
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** Node warns once: from now on it does not, whoever imports in code that a hot module has given to `eval`. */
export function takeLoaderWarning() {
  comeFirst();
  void importFrom(import.meta.url, dataUrl(''));
}

let lastNumber = 0;

/**
 * Has Node evaluate a module at once.
 * @param {string} url
 * @param {[string, string][]} attributes
 * @returns {object} its namespace
 */
export function importNow(url, attributes) {
  /** @type {object[]} */
  const namespaces = [];
  seat({ required: (/** @type {object} */ namespace) => namespaces.push(namespace) });
  lastNumber += 1;
  const own = urlOfOwn(`required/${lastNumber}`);
  const text = `import*as ns from${JSON.stringify(url)}${withClause(attributes)};${seatOf('required')}(ns);`;
  loadText(own, new Map([[own, text]]));
  return namespaces[0];
}
