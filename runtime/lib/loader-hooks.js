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
import { isOwnData, textOfData } from './module-text.js';
import { nativeImport } from './native-import.js';
import { nodeError } from './node-error.js';

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

/**
 * What the hot side says of an ES module that is about to be required.
 * @type {(url: string, parent: string | undefined) => string | undefined} the text of CommonJS to load instead
 */
let requiredTextOf = () => undefined;

/** URL of who requires what Node is about to load. @type {string | undefined} */
let requirer;

/**
 * What the hot side says of an ES module that is about to be imported.
 * @type {(url: string, specifier: string, parent: string) => string | undefined} URL of another one to import instead
 */
let importedInstead = () => undefined;

/** Is told of each ES module that is required and not hot. @type {(url: string) => void} */
let requires = () => {};

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

/** Hooks that Node asks first: programs' do not know modules of the runtime. @type {{deregister: () => void} | undefined} */
let first;

/** Called before Node loads modules of the runtime: the program may have registered hooks since the last time. */
export function comeFirst() {
  if (!isAvailable) return;
  first?.deregister();
  first = module.registerHooks({ resolve: resolveOwn, load: loadOwn });
}

/** Imports a module of the runtime. @param {string} url @returns {Promise<any>} its namespace */
export function importOwn(url) {
  comeFirst();
  return nativeImport(url);
}

/** @param {typeof textOf} answer */
export function answerLoader(answer) {
  textOf = answer;
}

/** @param {import('./required.js').Required} required */
export function answerRequire(required) {
  requiredTextOf = (url, parent) => required.textFor(url, parent);
  requires = (url) => required.natives.add(url);
  importedInstead = (url, specifier, parent) => required.importedInstead(url, specifier, parent);
}

/** Files that Node has imported since the last call, each with an importer. @returns {[string, string][]} */
export function takeImported() {
  const pairs = [...imported].flatMap(([url, importers]) => [...importers].map((importer) => [url, importer]));
  imported.clear();
  return /** @type {[string, string][]} */ (pairs);
}

/** Modules of the runtime that Node may load at any time. @param {Map<string, string>} all their texts by URL */
export function provideTexts(all) {
  for (const [url, text] of all) texts.set(url, text);
}

/** Node has them. @param {Map<string, string>} all */
export function forgetTexts(all) {
  for (const url of all.keys()) texts.delete(url);
}

/**
 * Imports a module with its dependencies.
 * @param {string} url
 * @param {Map<string, string>} all their texts
 * @returns {Promise<object>}
 */
export async function importTexts(url, all) {
  if (!isAvailable) write(all);
  provideTexts(all);
  try {
    return await importOwn(url);
  } finally {
    forgetTexts(all);
  }
}

/** Whether a module of the runtime can be loaded at once: where `require()` takes ES modules. */
export function loadsAtOnce() {
  return Boolean(/** @type {any} */ (process.features).require_module);
}

/** Whether that takes no file. */
export function loadsTextsAtOnce() {
  return isAvailable && loadsAtOnce();
}

/** Whether modules can be linked before they are evaluated. */
export function linksEarly() {
  return isAvailable || loadsAtOnce();
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
  provideTexts(all);
  comeFirst();
  // Loaders such as tsx have handlers that read the file, and would run the user's.
  handlers[extension] = (/** @type {any} */ made, /** @type {string} */ name) =>
    name === file ? made._compile(all.get(url), file, 'module') : handler(made, name);
  try {
    require(file);
  } finally {
    forgetTexts(all);
    if (handler) handlers[extension] = handler;
    else delete handlers[extension];
    // Only Node's ESM cache is to know it.
    delete require.cache[file];
  }
}

/** @type {import('node:module').ResolveHookSync} */
function resolveOwn(specifier, context, next) {
  const url = texts.size > 0 && isAbsolute(specifier) ? pathToFileURL(specifier).href : specifier;
  const isOwn = texts.has(url) || isOwnData(url);
  return isOwn ? { url, format: 'module', shortCircuit: true } : next(specifier, context);
}

/** @type {import('node:module').LoadHookSync} */
function loadOwn(url, context, next) {
  const source = isOwnData(url) ? textOfData(url) : texts.get(url);
  return source === undefined ? next(url, context) : { format: 'module', source, shortCircuit: true };
}

/** @type {import('node:module').ResolveHookSync} */
function resolve(specifier, context, next) {
  if (texts.has(specifier)) return { url: specifier, format: 'module', shortCircuit: true };
  const resolved = next(specifier, context);
  if (isRequire(context)) requirer = context.parentURL;
  if (context.parentURL === undefined) entries.add(resolved.url);
  if (resolved.url.startsWith('file:') && context.parentURL?.startsWith('file:')) {
    const mayBeHot = !isRequire(context) && hasNoAttributes(context);
    const instead = mayBeHot ? importedInstead(resolved.url, specifier, context.parentURL) : undefined;
    if (instead !== undefined) return { url: instead, format: 'module', shortCircuit: true };
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
  const mayBeHot = url.startsWith('file:') && hasNoAttributes(context);
  const required = mayBeHot && isRequire(context) && !texts.has(url) ? requiredTextOf(url, requirer) : undefined;
  if (required !== undefined) return { format: 'commonjs', source: required, shortCircuit: true };
  const own = texts.get(url) ?? (mayBeHot ? textOf(url, entries.has(url)) : undefined);
  if (own !== undefined) {
    // It may import others of the runtime.
    comeFirst();
    return { format: 'module', source: own, shortCircuit: true };
  }
  if (url.startsWith('file:')) loads(fileURLToPath(url));
  try {
    const loaded = next(url, context);
    if (loaded.format === 'module' && isRequire(context)) requires(url);
    return loaded;
  } catch (error) {
    // Without hooks Node says so itself; with hooks it blames the hook.
    const isNothing = errorCode(error) === 'ERR_INVALID_RETURN_PROPERTY_VALUE';
    if (isNothing && url.startsWith('data:')) throw unknownFormat(url);
    if (isNothing && /^node:/i.test(url)) throw nodeError('ERR_UNKNOWN_BUILTIN_MODULE', `No such built-in module: ${url}`);
    throw error;
  }
}

/** @param {{importAttributes?: object}} context */
function hasNoAttributes({ importAttributes }) {
  return Object.keys(importAttributes ?? {}).length === 0;
}

/** @param {{conditions?: string[]}} context */
function isRequire({ conditions }) {
  return conditions?.includes('require') ?? false;
}

/** @param {any} error */
function errorCode(error) {
  return error?.code;
}

/** Node's error for a `data:` URL of a type that is no module. @param {string} url */
function unknownFormat(url) {
  const type = /^data:([^/,;]+\/[^,;]+)/.exec(url)?.[1] ?? null;
  return nodeError('ERR_UNKNOWN_MODULE_FORMAT', `Unknown module format: ${type} for URL ${url}`, RangeError);
}
