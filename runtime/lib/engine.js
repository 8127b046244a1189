/** The engine of this thread: one session, one watcher, one queue of updates. Made when first used. */
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { builtinModules, createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import vm from 'node:vm';
import { loadAddon } from './addon.js';
import { cacheOptions } from './cache-options.js';
import { CodeCache } from './code-cache.js';
import { showSourcesOfFatalErrors } from './fatal-errors.js';
import { answerRequire, seesLoader } from './loader-hooks.js';
import { Modules } from './modules.js';
import { takeLoaderWarning } from './node-import.js';
import { ownScript } from './own-script.js';
import { picomatch } from './picomatch.js';
import { askForColumns } from './positions.js';
import { Required } from './required.js';
import { nodeFlags, nodeVersion } from './running-node.js';
import { Updates } from './updates.js';

/**
 * @typedef {object} Engine
 * @property {import('./native.d.ts').Addon} addon
 * @property {import('./native.d.ts').Session} session
 * @property {Modules} modules
 * @property {Updates} updates
 * @property {Required} required
 */

/** @type {Engine | undefined} */
let running;

/**
 * @param {boolean} [isMainHot] the program's main module is not one that Node has loaded
 * @returns {Engine}
 */
export function engine(isMainHot = false) {
  if (running) return running;
  const addon = loadAddon();
  takeLoaderWarning();
  showSourcesOfFatalErrors(addon);
  const cache = cacheOptions();
  const session = new addon.Session(JSON.stringify({ ...sessionOptions(), cache }));
  const codeCache = new CodeCache(session, addon.release);
  if (ownScript) codeCache.forms(ownScript.found)?.compiled(0, ownScript.script, 0);
  askForColumns((id, text) => session.columns(id, text));
  const main = isMainHot ? undefined : mainUrl();
  if (main) session.loadedByNode([main]);
  const modules = new Modules(session, codeCache);
  const required = new Required(modules);
  answerRequire(required);
  running = { addon, session, modules, required, updates: new Updates(addon, modules) };
  return running;
}

/** URL of the program's entry, which Node has loaded itself. */
export function mainUrl(program = process.argv[1]) {
  try {
    // As Node finds it: `node app` and `node .` name no file.
    const main = program && createRequire(`${process.cwd()}/`).resolve(program);
    return main && pathToFileURL(realpathSync(main)).href;
  } catch {
    return undefined;
  }
}

/** This package's. */
const ownFolder = realpathSync(fileURLToPath(new URL('..', import.meta.url)));

export function sessionOptions() {
  const flags = nodeFlags();
  const { folder, include, exclude } = projectOptions();
  const sources = (/** @type {string[]} */ globs) =>
    globs.map((glob) => picomatch().makeRe(path.resolve(folder, glob), { dot: true }).source);
  return {
    conditions: conditions(flags),
    seesLoader: seesLoader(),
    builtins: builtinModules,
    slashImports: hasSlashImports(),
    assertions: nodeVersion < 22,
    loadOrder: nodeVersion < 22 ? 'resolvingFirst' : nodeVersion < 24 ? 'levels' : 'depthFirst',
    namesNamespaces: nodeVersion >= 26,
    using: hasUsing(),
    preserveSymlinks: flags.includes('--preserve-symlinks'),
    helpers: helpersFolder(),
    ownFolder,
    include: sources(include),
    exclude: sources(exclude),
  };
}

/** Whether `#/x` is a valid name: not one of this package, but what for. */
function hasSlashImports() {
  try {
    import.meta.resolve('#/x');
    return true;
  } catch (error) {
    return /** @type {any} */ (error).code === 'ERR_PACKAGE_IMPORT_NOT_DEFINED';
  }
}

/** Where the functions are that compiled code imports; a copy of this package without its dependencies has none. */
function helpersFolder() {
  for (let folder = ownFolder; ; folder = path.dirname(folder)) {
    const helpers = path.join(folder, 'node_modules/@oxc-project/runtime/src/helpers/esm');
    if (existsSync(helpers)) return helpers;
    if (folder === path.dirname(folder)) return '';
  }
}

/** Whether V8 has `using`. */
function hasUsing() {
  try {
    return Boolean(new vm.Script('{ using x = null; }'));
  } catch {
    return false;
  }
}

/** Conditions that Node resolves `import` with. @param {string[]} flags */
function conditions(flags) {
  const conditions = ['node', 'import'];
  if (/** @type {any} */ (process.features).require_module) conditions.push('module-sync');
  if (!flags.includes('--no-addons')) conditions.push('node-addons');
  flags.forEach((flag, index) => {
    const [name, value] = flag.split('=');
    if (name === '-C' || name === '--conditions') conditions.push(value ?? flags[index + 1]);
  });
  return conditions;
}

/** `"node-esm-hmr": {include, exclude}` of the nearest package.json above the working directory. */
function projectOptions() {
  for (let folder = process.cwd(); ; folder = path.dirname(folder)) {
    const manifest = readManifest(path.join(folder, 'package.json'));
    const { include = [], exclude = [] } = manifest?.['node-esm-hmr'] ?? {};
    if (manifest || folder === path.dirname(folder)) {
      return { folder, include: [include].flat(), exclude: [exclude].flat() };
    }
  }
}

/** @param {string} file */
function readManifest(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
