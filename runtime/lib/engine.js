/** The engine of this thread: one session, one watcher, one queue of updates. Made when first used. */
import { readFileSync, realpathSync } from 'node:fs';
import { builtinModules, createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import picomatch from 'picomatch';
import { loadAddon } from './addon.js';
import { seesLoader } from './loader-hooks.js';
import { Modules } from './modules.js';
import { takeLoaderWarning } from './node-import.js';
import { nodeFlags, nodeVersion } from './running-node.js';
import { Updates } from './updates.js';

/**
 * @typedef {object} Engine
 * @property {import('./native.d.ts').Addon} addon
 * @property {import('./native.d.ts').Session} session
 * @property {Modules} modules
 * @property {Updates} updates
 */

/** @type {Engine | undefined} */
let running;

/** @returns {Engine} */
export function engine() {
  if (running) return running;
  const addon = loadAddon();
  takeLoaderWarning();
  const session = new addon.Session(JSON.stringify(sessionOptions()));
  const main = mainUrl();
  if (main) session.loadedByNode([main]);
  const modules = new Modules(session);
  running = { addon, session, modules, updates: new Updates(addon, modules) };
  return running;
}

/** URL of the program's entry, which Node has loaded itself. */
function mainUrl() {
  try {
    // As Node finds it: `node app` and `node .` name no file.
    const main = process.argv[1] && createRequire(`${process.cwd()}/`).resolve(process.argv[1]);
    return main && pathToFileURL(realpathSync(main)).href;
  } catch {
    return undefined;
  }
}

function sessionOptions() {
  const flags = nodeFlags();
  const { folder, include, exclude } = projectOptions();
  const sources = (/** @type {string[]} */ globs) =>
    globs.map((glob) => picomatch.makeRe(path.resolve(folder, glob), { dot: true }).source);
  return {
    conditions: conditions(flags),
    seesLoader: seesLoader(),
    builtins: builtinModules,
    slashImports: hasSlashImports(),
    assertions: nodeVersion < 22,
    preserveSymlinks: flags.includes('--preserve-symlinks'),
    ownFolder: realpathSync(fileURLToPath(new URL('..', import.meta.url))),
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
