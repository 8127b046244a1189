/** Loads the runtime, which is one script: see xtask/bundle.js. An earlier run may have left its compiled form. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Script } from 'node:vm';
import { loadAddon } from './addon.js';
import { cacheOptions } from './cache-options.js';

/** To debuggers, profilers and Node's own colours its frames are such as those of Node. */
const filename = 'node:internal/node-esm-hmr';

const text = readFileSync(new URL('runtime.cjs', import.meta.url), 'utf8');
const options = cacheOptions();
const found = options.folder ? new (loadAddon().CodeCache)(JSON.stringify(options)).find(filename, text) : null;
const script = new Script(text, { filename, cachedData: found?.data.length ? found.data : undefined });

const module = { exports: /** @type {any} */ ({}) };
const nativeImport = (/** @type {string} */ specifier) => import(specifier);
const ownScript = found ? { script, found } : undefined;
const start = script.runInThisContext();
start(module, createRequire(import.meta.url), import.meta, nativeImport, process.getBuiltinModule, ownScript);

export const { hmr, events, affected, explain, register, analyse } = module.exports;
export const { begin, handOver } = module.exports;
