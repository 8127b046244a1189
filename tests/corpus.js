// The corpus of real ES modules: every ESM file of the packages named below, as absolute paths.
//
// `node tests/corpus.js` prints one path a line; other tests import `corpusFiles()`. A file counts as an
// ES module by Node's own rule: `.mjs`, or `.js` whose nearest package.json says `"type": "module"`.
// Which files there are follows from package-lock.json; nothing is copied into this repository.

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const nodeModules = fileURLToPath(new URL('../node_modules', import.meta.url));

/** Packages with many styles among them: classes, private fields, generators, top-level await, minified, CRLF. */
export const corpusPackages = [
  'acorn',
  'chalk',
  'd3-array',
  'd3-scale',
  'd3-selection',
  'd3-shape',
  'execa',
  'fast-check',
  'got',
  'graphql',
  'hono',
  'it-all',
  'it-parallel',
  'jose',
  'ky',
  'lit',
  'lit-html',
  'lodash-es',
  'mdast-util-from-markdown',
  'micromark',
  'nanoid',
  'p-queue',
  'preact',
  'remark-parse',
  'remark-stringify',
  'svelte',
  'unified',
  'uuid',
  'yaml',
  'yoga-layout',
  'zod',
];

/**
 * Every ES module of the corpus.
 *
 * @returns {string[]} absolute paths, in a fixed order; at least 300
 * @throws {Error} when a package is not installed (`npm ci` at the root installs them)
 */
export function corpusFiles() {
  return corpusPackages.flatMap((name) => {
    const folder = join(nodeModules, name);
    if (!existsSync(folder)) throw new Error(`${folder} is missing: run npm ci at the root of the repository`);
    return esModulesBelow(folder, false);
  });
}

/**
 * @param {string} folder
 * @param {boolean} inheritedType whether a `.js` file of the folder above is an ES module
 * @returns {string[]}
 */
function esModulesBelow(folder, inheritedType) {
  const isModule = moduleType(folder) ?? inheritedType;
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : esModulesBelow(path, isModule);
      const isEsModule = entry.name.endsWith('.mjs') || (isModule && entry.name.endsWith('.js'));
      return entry.isFile() && isEsModule ? [path] : [];
    });
}

/**
 * @param {string} folder
 * @returns {boolean | undefined} undefined when the folder has no package.json of its own
 */
function moduleType(folder) {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return undefined;
  return JSON.parse(readFileSync(file, 'utf8')).type === 'module';
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.stdout.write(corpusFiles().join('\n') + '\n');
}
