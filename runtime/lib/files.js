/** Files, and specifiers that name them. */
import { statSync } from 'node:fs';

/** Whether there is a file now. @param {string} path */
export function isFile(path) {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** Whether there is something now that is no file. @param {string} path */
export function isFolderOrOther(path) {
  return !(statSync(path, { throwIfNoEntry: false })?.isFile() ?? true);
}

/** Whether a specifier names a path, not a package. @param {string} specifier */
export function isPathSpecifier(specifier) {
  return /^(\.{0,2}\/|file:)/.test(specifier);
}
