/**
 * `import.meta` of hot modules, in the shape of the running Node: the same keys in the same order,
 * null prototype, one object per evaluation.
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const keys = Object.keys(import.meta);

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
      return function resolve(/** @type {unknown} */ specifier) {
        return modules.resolve(`${specifier}`, url);
      };
    default:
      return undefined;
  }
}
