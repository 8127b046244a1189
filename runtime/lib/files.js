/** Files, and specifiers that name them. */
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ownFolder = fileURLToPath(new URL('..', import.meta.url));

/** Whether a file is neither part of this package nor of an installed one. @param {string} file */
export function isOfProject(file) {
  return !file.startsWith(ownFolder) && !file.includes(`${path.sep}node_modules${path.sep}`);
}

/** What is there now, if anything is. @param {string | URL} path */
export function statOf(path) {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    // No path, one that leads in a circle, or below a folder that may not be entered.
    return undefined;
  }
}

/** Whether there is a file now. @param {string | URL} path */
export function isFile(path) {
  return statOf(path)?.isFile() ?? false;
}

/** Whether there is something now that is no file. @param {string} path */
export function isFolderOrOther(path) {
  return !(statOf(path)?.isFile() ?? true);
}

/** Whether a specifier names a path, not a package. @param {string} specifier */
export function isPathSpecifier(specifier) {
  return /^(\.{0,2}\/|file:)/.test(specifier);
}

/** Whether a file, or an URL, is TypeScript or JSX by its name. @param {string} name */
export function isTypeScript(name) {
  return /\.(?:[cm]?ts|[jt]sx)(?:$|[?#])/.test(name);
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

/** A file as it is shown: relative to the working directory if it is inside. @param {string} file */
export function shortPath(file) {
  const short = path.relative(process.cwd(), file);
  return short && !short.startsWith('..') && path.isAbsolute(file) ? short : file;
}
