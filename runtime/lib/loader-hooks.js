/**
 * Node's own loader and the hot side: with `module.registerHooks` (Node 22.15 and later) the runtime sees what Node
 * loads, gives it the hot instance of a hot file, and makes modules of its own without a detour. On Node 20 there are no
 * such hooks: what is only known here stays unknown there.
 */
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, extname, isAbsolute, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { nativeImport } from './native-import.js';

const isAvailable = typeof module.registerHooks === 'function';
const require = createRequire(import.meta.url);

/** Texts of modules that Node is about to load, by URL. @type {Map<string, string>} */
const texts = new Map();

/** Files that Node has imported itself, each with its importer, until they are taken. @type {Map<string, Set<string>>} */
const imported = new Map();

/**
 * What the hot side says of a file that Node is about to load.
 * @type {(url: string, isEntry: boolean) => string | undefined} the text Node is to load instead
 */
let textOf = () => undefined;

/** Whether what Node loads can be seen. */
export function seesLoader() {
  return isAvailable;
}

/** What nobody imports: a program or a thread starts with it. @type {Set<string>} */
const entries = new Set();

/** Is told of each file that Node is about to load itself. @type {(file: string) => void} */
let loads = () => {};

/** @param {typeof loads} tell */
export function tellLoads(tell) {
  loads = tell;
}

/** CommonJS files that Node has loaded: all that is known without hooks. */
export function loadedScripts() {
  return Object.keys(require.cache);
}

let isRegistered = false;

/** Sees what Node loads from now on: called as early as possible. */
export function registerHooks() {
  if (isAvailable && !isRegistered) module.registerHooks({ resolve, load });
  isRegistered = true;
}

/** @param {typeof textOf} answer */
export function answerLoader(answer) {
  textOf = answer;
}

/** Files that Node has imported since the last call, each with an importer. @returns {[string, string][]} */
export function takeImported() {
  const pairs = [...imported].flatMap(([url, importers]) => [...importers].map((importer) => [url, importer]));
  imported.clear();
  return /** @type {[string, string][]} */ (pairs);
}

/**
 * Imports a module with its dependencies.
 * @param {string} url
 * @param {Map<string, string>} all their texts
 * @returns {Promise<object>}
 */
export async function importTexts(url, all) {
  if (!isAvailable) write(all);
  for (const [each, text] of all) texts.set(each, text);
  try {
    return await nativeImport(url);
  } finally {
    for (const each of all.keys()) texts.delete(each);
  }
}

/**
 * Whether a module of the runtime can be loaded at once: with hooks, or from a file where `require()` takes ES modules.
 */
export function loadsAtOnce() {
  return isAvailable || Boolean(/** @type {any} */ (process.features).require_module);
}

/** Where modules of the runtime are that are loaded at once. @type {string | undefined} */
let folder;

/** @param {string} name of such a module @returns {string} its URL */
export function urlOfOwn(name) {
  if (isAvailable) return new URL(`facades/${name}.js`, import.meta.url).href;
  return pathToFileURL(join((folder ??= temporaryFolder()), `${name}.mjs`)).href;
}

/** Without hooks Node reads them from the disk. In a folder of this name `require()` says nothing of ES modules. */
function temporaryFolder() {
  const temporary = mkdtempSync(join(realpathSync(tmpdir()), 'node-esm-hmr-'));
  process.on('exit', () => rmSync(temporary, { recursive: true, force: true }));
  return join(temporary, 'node_modules');
}

/** @param {Map<string, string>} all texts by URL */
function write(all) {
  for (const [url, text] of all) {
    const file = fileURLToPath(url);
    mkdirSync(dirname(file), { recursive: true });
    if (!existsSync(file)) writeFileSync(file, text);
  }
}

/**
 * Loads and evaluates a module at once.
 * @param {string} url a `file:` URL without query that Node has not evaluated yet
 * @param {Map<string, string>} all texts without top-level await, by URL: its own and those of what it imports
 */
export function loadText(url, all) {
  const file = fileURLToPath(url);
  if (!isAvailable) {
    write(all);
    require(file);
    return;
  }
  const extension = extname(file);
  const handlers = /** @type {any} */ (module).Module._extensions;
  const handler = handlers[extension];
  for (const [each, text] of all) texts.set(each, text);
  // Loaders such as tsx have handlers that read the file, and would run the user's.
  handlers[extension] = (/** @type {any} */ made) => made._compile(all.get(url), file, 'module');
  try {
    require(file);
  } finally {
    for (const each of all.keys()) texts.delete(each);
    if (handler) handlers[extension] = handler;
    else delete handlers[extension];
    // Only Node's ESM cache is to know it.
    delete require.cache[file];
  }
}

/** @type {import('node:module').ResolveHookSync} */
function resolve(specifier, context, next) {
  if (texts.size > 0) {
    const url = isAbsolute(specifier) ? pathToFileURL(specifier).href : specifier;
    if (texts.has(url)) return { url, format: 'module', shortCircuit: true };
  }
  const resolved = next(specifier, context);
  if (context.parentURL === undefined) entries.add(resolved.url);
  if (resolved.url.startsWith('file:') && context.parentURL?.startsWith('file:')) {
    remember(resolved.url, context.parentURL);
  }
  return resolved;
}

/** @param {string} url @param {string} importer */
function remember(url, importer) {
  const importers = imported.get(url);
  if (importers) importers.add(importer);
  else imported.set(url, new Set([importer]));
}

/** @type {import('node:module').LoadHookSync} */
function load(url, context, next) {
  const mayBeHot = url.startsWith('file:') && Object.keys(context.importAttributes ?? {}).length === 0;
  const own = texts.get(url) ?? (mayBeHot ? textOf(url, entries.has(url)) : undefined);
  if (own !== undefined) return { format: 'module', source: own, shortCircuit: true };
  if (url.startsWith('file:')) loads(fileURLToPath(url));
  try {
    return next(url, context);
  } catch (error) {
    // Without hooks Node says so itself; with hooks it blames the hook.
    const isUnknown = url.startsWith('data:') && errorCode(error) === 'ERR_INVALID_RETURN_PROPERTY_VALUE';
    throw isUnknown ? unknownFormat(url) : error;
  }
}

/** @param {any} error */
function errorCode(error) {
  return error?.code;
}

/** Node's error for a `data:` URL of a type that is no module. @param {string} url */
function unknownFormat(url) {
  const type = /^data:([^/,;]+\/[^,;]+)/.exec(url)?.[1] ?? null;
  const error = new RangeError(`Unknown module format: ${type} for URL ${url}`);
  const code = 'ERR_UNKNOWN_MODULE_FORMAT';
  error.stack = `${error.stack}`.replace('RangeError', `RangeError [${code}]`);
  return Object.assign(error, { code });
}
