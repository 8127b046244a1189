/** Where earlier runs of a program have left what later ones need not find out again. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { isProduction } from './running-node.js';

/** @returns {import('./native.d.ts').CacheOptions} without a folder if nothing is to be read or written */
export function cacheOptions() {
  const { NODE_ESM_HMR_CACHE = '', NODE_V8_COVERAGE } = process.env;
  // Of functions that were not compiled V8 counts less.
  const isOff = /^(0|false|off)$/.test(NODE_ESM_HMR_CACHE) || Boolean(NODE_V8_COVERAGE) || isProduction();
  // Under other flags V8 refuses what it has made, which is then made again.
  return { folder: isOff ? '' : cacheFolder(), v8: `${process.versions.v8} ${process.arch}` };
}

/** In the nearest `node_modules` at or above the working directory; without one there is none. */
function cacheFolder() {
  for (let folder = process.cwd(); ; folder = path.dirname(folder)) {
    const modules = path.join(folder, 'node_modules');
    if (existsSync(modules)) return path.join(modules, '.cache', 'node-esm-hmr');
    if (folder === path.dirname(folder)) return '';
  }
}
