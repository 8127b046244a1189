/** Looking at files. */
import { statSync } from 'node:fs';

/** Whether there is a file now. @param {string} path */
export function isFile(path) {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
