// A project with real packages in its node_modules: copies, since links would be hot by where they lead, and since
// some tests change them.

import { cpSync, existsSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { createProject, repository } from '../harness/index.js';
import { large } from './large.js';
import { small } from './small.js';

/** What running code may need; the rest of a package is types and maps. */
const kinds = new Set(['', '.js', '.mjs', '.cjs', '.json', '.wasm', '.node']);

/** Programs by package or subpath. */
export const programs = { ...small, ...large };

/**
 * @param {string} specifier
 * @returns {string} `@a/b` of `@a/b/c`
 */
export function packageOf(specifier) {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** Packages that the programs of a package may load. @param {string} name */
export function neededBy(name) {
  const texts = Object.entries(programs).filter(([specifier]) => packageOf(specifier) === name);
  const imported = texts.flatMap(([, text]) => [...text.matchAll(/from '([^']+)'/g)].map((match) => packageOf(match[1])));
  return closureOf([name, ...imported.filter((other) => other in programs)]);
}

/** The packages it depends on that are installed. @param {string} name @returns {string[]} */
function dependenciesOf(name) {
  const { dependencies = {} } = JSON.parse(readFileSync(join(folderOf(name), 'package.json'), 'utf8'));
  return Object.keys(dependencies).filter((dependency) => existsSync(folderOf(dependency)));
}

function folderOf(name) {
  return join(repository, 'node_modules', name);
}

/** The named packages and everything they depend on. @param {string[]} names */
function closureOf(names) {
  const closure = new Set(names);
  for (const name of closure) dependenciesOf(name).forEach((dependency) => closure.add(dependency));
  return closure;
}

/**
 * @param {import('node:test').TestContext} t
 * @param {Record<string, string>} files
 * @param {string[]} names of packages to copy
 */
export function projectWith(t, files, names) {
  const project = createProject(t, files, { packageJson: hotPackages(['**']) });
  for (const name of closureOf(names)) {
    const filter = (path) => !path.includes('/.bin') && kinds.has(extname(path).match(/^\.\d/) ? '' : extname(path));
    cpSync(folderOf(name), project.path(`node_modules/${name}`), { recursive: true, dereference: true, filter });
  }
  return project;
}

/** Fields of package.json. @param {string[]} names */
export function hotPackages(names) {
  return { 'node-esm-hmr': { include: names.map((name) => `node_modules/${name}/**`) } };
}

/** The files of all programs. */
export function programFiles() {
  const texts = Object.entries(programs).map(([specifier, text]) => {
    return [`programs/${specifier.replaceAll('/', '+')}.mjs`, `import * as exported from '${specifier}'; show(exported);\n${text}\n`];
  });
  const load = "export const load = (specifier) => import(`./programs/${specifier.replaceAll('/', '+')}.mjs`);";
  return { 'load.mjs': load, ...Object.fromEntries(texts) };
}
