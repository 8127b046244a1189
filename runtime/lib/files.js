/** Looking at files. */
import { statSync } from 'node:fs';

/** Whether there is a file now. @param {string} path */
export function isFile(path) {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** Whether there is something now that is no file. @param {string} path */
export function isFolderOrOther(path) {
  return !(statSync(path, { throwIfNoEntry: false })?.isFile() ?? true);
}
