/** Files, and specifiers that name them. */
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** Whether there is a file now. @param {string | URL} path */
export function isFile(path) {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  } catch {
    // No path, or one that leads in a circle.
    return false;
  }
}

/** Whether there is something now that is no file. @param {string} path */
export function isFolderOrOther(path) {
  try {
    return !(statSync(path, { throwIfNoEntry: false })?.isFile() ?? true);
  } catch {
    return false;
  }
}

/** Whether a specifier names a path, not a package. @param {string} specifier */
export function isPathSpecifier(specifier) {
  return /^(\.{0,2}\/|file:)/.test(specifier);
}

/**
 * The `package.json` that makes the `.js` files of a folder modules, if there is one.
 * @param {string} folder
 * @returns {string | undefined}
 */
export function moduleManifest(folder) {
  if (path.basename(folder) === 'node_modules') return undefined;
  const manifest = path.join(folder, 'package.json');
  if (isFile(manifest)) return JSON.parse(readFileSync(manifest, 'utf8')).type === 'module' ? manifest : undefined;
  const above = path.dirname(folder);
  return above === folder ? undefined : moduleManifest(above);
}
