/**
 * Node's own loader and the hot side: with `module.registerHooks` (Node 22.15 and later) the runtime sees what Node
 * loads, gives it the hot instance of a hot file, and makes modules of its own without a detour. On Node 20 there are no
 * such hooks: what is only known here stays unknown there.
 */
import module, { createRequire } from 'node:module';
import { extname, isAbsolute } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const isAvailable = typeof module.registerHooks === 'function';
const require = createRequire(import.meta.url);

/** Texts of modules that Node is about to load, by URL. @type {Map<string, string>} */
const texts = new Map();

/** Files that Node has imported itself, each with its importer, until they are taken. @type {Map<string, Set<string>>} */
const imported = new Map();

/**
 * What the hot side says of a file that Node is about to load.
 * @type {(url: string) => string | undefined} the text Node is to load instead
 */
let textOf = () => undefined;

/** Whether what Node loads can be seen. */
export function seesLoader() {
  return isAvailable;
}

/** Sees what Node loads from now on: called once, as early as possible. */
export function registerHooks() {
  if (isAvailable) module.registerHooks({ resolve, load });
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
 * Loads and evaluates a module with this text at once.
 * @param {string} url a `file:` URL without query that Node has not loaded yet
 * @param {string} text without top-level await
 */
export function loadText(url, text) {
  const file = fileURLToPath(url);
  const extension = extname(file);
  const handlers = /** @type {any} */ (module).Module._extensions;
  const handler = handlers[extension];
  texts.set(url, text);
  // Loaders such as tsx have handlers that read the file, and would run the user's.
  handlers[extension] = (/** @type {any} */ made) => made._compile(text, file, 'module');
  try {
    require(file);
  } finally {
    texts.delete(url);
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
  const own = texts.get(url) ?? (mayBeHot ? textOf(url) : undefined);
  if (own !== undefined) return { format: 'module', source: own, shortCircuit: true };
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
