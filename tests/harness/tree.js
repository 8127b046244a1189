// Lists the files of a folder for the messages of failed tests.

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const LIMIT = 200;

/**
 * @param {string} folder
 * @returns {string[]} relative paths with sizes, without what lies in node_modules; at most 200
 */
export function listFiles(folder) {
  const files = below(folder, '');
  return files.length > LIMIT ? [...files.slice(0, LIMIT), `… and ${files.length - LIMIT} more`] : files;
}

/**
 * @param {string} folder
 * @param {string} prefix
 * @returns {string[]}
 */
function below(folder, prefix) {
  return readdirSync(join(folder, prefix), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const name = `${prefix}${entry.name}`;
      if (entry.isDirectory()) return entry.name === 'node_modules' ? [`${name}/ …`] : below(folder, `${name}/`);
      const size = statSync(join(folder, name), { throwIfNoEntry: false })?.size;
      return [`${name}  ${size === undefined ? '(broken link)' : `${size} bytes`}`];
    });
}
