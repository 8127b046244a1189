/**
 * `import.meta` of hot modules, in the shape of the running Node: the same keys in the same order,
 * null prototype, one object per evaluation.
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const keys = Object.keys(import.meta);
const { length: resolveLength } = import.meta.resolve;
/** With --experimental-import-meta-resolve a second argument names another parent. */
const takesParent = isAnswered('file:///parent/');

/**
 * @param {string} url
 * @param {import('./modules.js').Modules} modules
 * @returns {ImportMeta}
 */
export function createImportMeta(url, modules) {
  const meta = Object.create(null);
  for (const key of keys) meta[key] = create(key, url, modules);
  return meta;
}

/**
 * @param {string} key
 * @param {string} url
 * @param {import('./modules.js').Modules} modules
 */
function create(key, url, modules) {
  switch (key) {
    case 'url':
      return url;
    case 'filename':
      return fileURLToPath(url);
    case 'dirname':
      return path.dirname(fileURLToPath(url));
    case 'main':
      return false;
    case 'resolve':
      return createResolve(url, modules);
    default:
      return undefined;
  }
}

/**
 * @param {string} url
 * @param {import('./modules.js').Modules} modules
 */
function createResolve(url, modules) {
  function resolve(/** @type {unknown} */ specifier, /** @type {unknown} */ parent) {
    return modules.resolve(`${specifier}`, takesParent ? `${parent ?? url}` : url);
  }
  return Object.defineProperty(resolve, 'length', { value: resolveLength });
}

/** Whether Node resolves relative to a second argument. @param {string} parent */
function isAnswered(parent) {
  return import.meta.resolve('./child.js', parent) === new URL('child.js', parent).href;
}
