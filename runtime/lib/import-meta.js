/**
 * `import.meta` of hot modules, in the shape of the running Node: the same keys in the same order,
 * null prototype, one object per evaluation.
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeFlags } from './running-node.js';

const keys = Object.keys(import.meta);
const { length: resolveLength } = import.meta.resolve;
/** With --experimental-import-meta-resolve a second argument names another parent. */
const takesParent = nodeFlags().includes('--experimental-import-meta-resolve');

/**
 * @param {import('./instance.js').ModuleInstance} instance
 * @returns {ImportMeta}
 */
export function createImportMeta(instance) {
  const meta = Object.create(null);
  for (const key of keys) meta[key] = create(key, instance.url, instance.modules);
  // A module that never says `hot` has what plain Node has, key for key.
  if (instance.mentionsHot) defineHot(meta, instance);
  return meta;
}

/** @param {ImportMeta} meta @param {import('./instance.js').ModuleInstance} instance */
function defineHot(meta, instance) {
  const get = () => {
    const value = instance.modules.hot.context(instance);
    Object.defineProperty(meta, 'hot', { value });
    return value;
  };
  // Not enumerable: whoever prints `import.meta` finds what plain Node has.
  Object.defineProperty(meta, 'hot', { get, enumerable: false, configurable: true });
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
      return url === modules.main;
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
  function resolveFrom(/** @type {unknown} */ specifier, /** @type {unknown} */ parent) {
    return modules.resolve(`${specifier}`, takesParent ? `${parent ?? url}` : url);
  }
  return Object.defineProperties(resolveFrom, { length: { value: resolveLength }, name: { value: 'resolve' } });
}
