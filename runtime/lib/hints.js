/**
 * What to do about common mistakes. An error keeps the words that Node gives it; these are told beside it, by the reporter
 * only.
 */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { isFile, shortPath } from './files.js';

/** What TypeScript, and people who come from it, leave out. */
const extensions = ['.js', '.ts', '.mjs', '.mts', '.tsx', '.jsx', '.cjs', '.json'];

/** What a file's extension may have been meant to be. @type {Record<string, string[]>} */
const sources = { '.js': ['.ts', '.tsx', '.jsx'], '.mjs': ['.mts'], '.jsx': ['.tsx'], '.ts': ['.js', '.tsx'], '.mts': ['.mjs'] };

/**
 * @param {any} error
 * @returns {string | undefined}
 */
export function hintFor(error) {
  try {
    return hintOf(error);
  } catch {
    return undefined; // a folder that cannot be read, an error with odd properties
  }
}

/** @param {any} error @returns {string | undefined} */
function hintOf(error) {
  const message = `${error?.message}`;
  switch (error?.code) {
    case 'ERR_MODULE_NOT_FOUND':
      return missingFile(error) ?? missingPackage(message);
    case 'ERR_UNSUPPORTED_DIR_IMPORT':
      return missingFile(error);
    case 'ERR_UNKNOWN_FILE_EXTENSION':
      return /\.[cm]?tsx?"|\.tsx?\b/.test(message)
        ? 'this file is loaded by Node itself, which does not know TypeScript: see "Files that are not hot" in docs/typescript.md'
        : undefined;
  }
  return error instanceof SyntaxError ? commonJsName(message) ?? moduleInCommonJs(error, message) : undefined;
}

/** @param {any} error */
function missingFile(error) {
  const named = /Cannot find module '([^']+)'|Directory import '([^']+)'/.exec(error.message);
  const file = typeof error.url === 'string' && error.url.startsWith('file:') ? fileURLToPath(error.url) : named?.[1] ?? named?.[2];
  if (!file || !path.isAbsolute(file)) return undefined;
  const extension = path.extname(file);
  const meant = [
    ...extensions.map((extension) => file + extension),
    ...extensions.map((extension) => path.join(file, `index${extension}`)),
    ...(sources[extension] ?? []).map((source) => file.slice(0, -extension.length) + source),
  ].find(isFile);
  if (meant) return `there is ${shortPath(meant)}: write the whole name`;
  const other = inOtherCase(file);
  return other && `there is ${shortPath(other)}: upper and lower case differ`;
}

/** The path as the disk has it, if only its case is another one. @param {string} file @returns {string | undefined} */
function inOtherCase(file) {
  const { root } = path.parse(file);
  let found = root;
  for (const part of file.slice(root.length).split(path.sep)) {
    const names = readdirSync(found);
    const name = names.includes(part) ? part : names.find((name) => name.toLowerCase() === part.toLowerCase());
    if (name === undefined) return undefined;
    found = path.join(found, name);
  }
  return found === file ? undefined : found;
}

/** What npm takes as the name of a package, or may be meant as the name of a folder. */
const isPackageName = /^(?:@[\w.~-]*\/)?[\w.~-]*[\w.~@-]$/;

/** @param {string} message */
function missingPackage(message) {
  const [, name, importer] = /Cannot find package '([^']+)' imported from (.+)/.exec(message) ?? [];
  if (!name || path.isAbsolute(name) || !isPackageName.test(name)) return undefined;
  if (/^[@~]\//.test(name) || name === '@' || name === '~') {
    return `"${name}" is no package: if it stands for a folder, say so in "paths" of the tsconfig.json above ${shortPath(importer)}`;
  }
  return `run npm install${isDependency(name, importer) ? '' : ` ${name}`}`;
}

/** @param {string} name @param {string} importer */
function isDependency(name, importer) {
  const { manifest } = nearestManifest(importer) ?? {};
  return [manifest?.dependencies, manifest?.devDependencies].some((dependencies) => dependencies && name in dependencies);
}

/** @param {string} message */
function commonJsName(message) {
  const [, name, module] = /Named export '(.+)' not found\. The requested module '(.+)' is a CommonJS module/.exec(message) ?? [];
  return name && `${module} is CommonJS, whose names Node can only guess: import its default and take ${name} from that`;
}

/** @param {Error} error @param {string} message */
function moduleInCommonJs(error, message) {
  if (!/outside a module|Unexpected token 'export'/.test(message)) return undefined;
  const [, place] = /^(?:file:\/\/)?([^\n]+?):\d+\n/.exec(`${error.stack}`) ?? [];
  const found = place && nearestManifest(place);
  if (!found || found.manifest.type === 'module') return undefined;
  return `${shortPath(place)} is CommonJS: write "type": "module" in ${shortPath(found.file)}, or name the file .mjs or .mts`;
}

/** The package.json that holds for a file. @param {string} file @returns {{file: string, manifest: any} | undefined} */
function nearestManifest(file) {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const candidate = path.join(folder, 'package.json');
    if (isFile(candidate)) return { file: candidate, manifest: JSON.parse(readFileSync(candidate, 'utf8')) };
    if (folder === path.dirname(folder)) return undefined;
  }
}
