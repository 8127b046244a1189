// A project in a temporary folder: files from an object of texts, the package installed, programs started in it.
//
// Every test has a project of its own and nothing outside of it is written. Folder and programs are gone when the
// test ends, however it ends. The package is linked from `runtime/` unless a test asks for something else.

import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync } from 'node:fs';
import { rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { start } from './app.js';
import { remove, save } from './save.js';

/** The root of the repository. */
export const repository = fileURLToPath(new URL('../../', import.meta.url));

/** The folder of the package. */
export const runtime = join(repository, 'runtime');

/**
 * @typedef {object} ProjectOptions
 * @property {'link' | 'copy' | 'none'} [install] how the package comes into node_modules: as a link to `runtime/`
 *   (default), as a copy of it with its dependencies as `npm install` would leave it, or not at all
 * @property {string[]} [packages] npm packages of the repository to link into node_modules, such as `express`
 * @property {Record<string, unknown>} [packageJson] fields of package.json in addition to `"type": "module"`
 */

/**
 * Makes a project for the test `t`; it is removed when the test ends.
 *
 * @param {import('node:test').TestContext} t
 * @param {Record<string, string>} files texts by path relative to the project, with `/`
 * @param {ProjectOptions} [options]
 */
export function createProject(t, files, options = {}) {
  const project = new Project(realpathSync(mkdtempSync(join(tmpdir(), 'hmr-test-'))));
  t.after(() => project.remove());
  const packageJson = { name: 'app', type: 'module', ...options.packageJson };
  for (const [path, text] of Object.entries({ 'package.json': JSON.stringify(packageJson), ...files })) {
    mkdirSync(dirname(project.path(path)), { recursive: true });
    writeFileSync(project.path(path), text);
  }
  installPackage(project, options.install ?? 'link');
  for (const name of options.packages ?? []) project.link(join(repository, 'node_modules', name), name);
  return project;
}

/** A folder with a program in it. */
export class Project {
  /** @type {import('./app.js').App[]} */
  #apps = [];

  /** @param {string} folder its absolute, real path */
  constructor(folder) {
    this.folder = folder;
  }

  /**
   * @param {string} relative
   * @returns {string} the absolute path
   */
  path(relative) {
    return resolve(this.folder, relative);
  }

  /**
   * Starts `node ...args` in the project's folder, with the Node version of the running test.
   *
   * @param {string[]} args
   * @param {import('./app.js').StartOptions} [options]
   */
  start(args, options = {}) {
    const app = start(args, { cwd: this.folder, ...options });
    this.#apps.push(app);
    return app;
  }

  /**
   * Saves a file as an editor would; folders are made as needed.
   *
   * @param {string} relative
   * @param {string} text
   * @param {import('./save.js').SaveOptions} [options]
   */
  write(relative, text, options) {
    return save(this.path(relative), text, options);
  }

  /**
   * Saves a file with one part of its text replaced.
   *
   * @param {string} relative
   * @param {string | RegExp} from what must be there
   * @param {string} to
   * @param {import('./save.js').SaveOptions} [options]
   */
  edit(relative, from, to, options) {
    const text = this.read(relative);
    const changed = text.replace(from, to);
    if (changed === text) throw new Error(`${relative} has no ${from} to replace:\n${text}`);
    return this.write(relative, changed, options);
  }

  /** @param {string} relative */
  read(relative) {
    return readFileSync(this.path(relative), 'utf8');
  }

  /** @param {string} relative a file or a folder */
  delete(relative) {
    remove(this.path(relative));
  }

  /**
   * Gives a file the present time and leaves its content.
   *
   * @param {string} relative
   */
  touch(relative) {
    utimesSync(this.path(relative), new Date(), new Date());
  }

  /**
   * Links a package into node_modules.
   *
   * @param {string} target absolute path of a package's folder
   * @param {string} name
   */
  link(target, name) {
    const path = this.path(`node_modules/${name}`);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(realpathSync(target), path, 'junction');
  }

  /** Ends every program of the project and removes its folder. */
  async remove() {
    await Promise.all(this.#apps.map((app) => app.stop()));
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/**
 * @param {Project} project
 * @param {'link' | 'copy' | 'none'} way
 */
function installPackage(project, way) {
  if (way === 'link') project.link(runtime, 'node-esm-hmr');
  if (way !== 'copy') return;
  const outsideNodeModules = (/** @type {string} */ path) => !path.endsWith('node_modules');
  cpSync(runtime, project.path('node_modules/node-esm-hmr'), { recursive: true, filter: outsideNodeModules });
  for (const name of ['picomatch', '@oxc-project/runtime', 'cjs-module-lexer']) {
    cpSync(join(repository, 'node_modules', name), project.path(`node_modules/${name}`), { recursive: true });
  }
}
