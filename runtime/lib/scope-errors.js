/**
 * What Node adds to a ReferenceError about a name that only CommonJS has, in its words, which differ between versions.
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { moduleManifest } from './files.js';
import { nodeVersion } from './running-node.js';

/** What to use instead of each name, where a module has a top-level await. */
const replacements = new Map([
  ['require', 'replace require() with import'],
  ['module', 'use export instead of module.exports/exports'],
  ['exports', 'use export instead of module.exports/exports'],
  ['__filename', 'use import.meta.filename instead'],
  ['__dirname', 'use import.meta.dirname instead'],
]);

/**
 * @param {unknown} error what a module has thrown
 * @param {string} url of the module that was asked for
 * @param {boolean} awaits it, or what it depends on, has a top-level await
 */
export function explainScope(error, url, awaits) {
  if (!(error instanceof Error) || error.name !== 'ReferenceError') return;
  const name = /^(\w+) is not defined$/.exec(error.message)?.[1];
  const replacement = name && replacements.get(name);
  if (!replacement) return;
  if (awaits && nodeVersion >= 22) {
    error.message = ambiguous(name, replacement);
    Object.assign(error, { code: 'ERR_AMBIGUOUS_MODULE_SYNTAX' });
  } else {
    error.message += ` in ES module scope${name === 'require' ? ', you can use import instead' : ''}${byPackage(url)}`;
  }
}

/** @param {string} name @param {string} replacement */
function ambiguous(name, replacement) {
  const [what, instead] = nodeVersion < 24 ? ['require()', replacements.get('require')] : [`'${name}'`, replacement];
  return (
    `Cannot determine intended module format because both ${what} and top-level await are present. If the code is ` +
    'intended to be CommonJS, wrap await in an async function. If the code is intended to be an ES module, ' +
    `${instead}.`
  );
}

/** @param {string} url */
function byPackage(url) {
  const manifest = /^file:.*\.js(\?[^#]*)?(#.*)?$/.test(url) ? moduleManifest(path.dirname(fileURLToPath(url))) : undefined;
  if (!manifest) return '';
  return (
    "\nThis file is being treated as an ES module because it has a '.js' file extension and " +
    `'${manifest}' contains "type": "module". To treat it as a CommonJS script, rename it to use the '.cjs' file extension.`
  );
}
