/**
 * Who is measured: each the way its own documentation says it is used best.
 *
 * The order is that of tables. `plain` and `hot` are always there; the others are the peers, which may not be installed.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const repository = fileURLToPath(new URL('../', import.meta.url));
const here = fileURLToPath(new URL('./', import.meta.url));

/**
 * @typedef {object} Contender
 * @property {string} name in tables
 * @property {string} [needs] package
 * @property {(entry: string, node: string) => string[]} command in the folder of an app
 * @property {string} [entry] what it starts instead of live.js
 * @property {boolean} [restarts] the whole program at each change
 */

/** @param {...string} args @returns {Contender['command']} */
const nodeWith = (...args) => (entry, node) => [node, ...args, entry];

/** @type {Record<string, Contender>} */
export const contenders = {
  plain: { name: 'plain node', command: nodeWith() },
  hot: { name: 'node-esm-hmr', command: nodeWith('--import', 'node-esm-hmr/register') },
  command: { name: 'the command node-esm-hmr', command: nodeWith('node_modules/node-esm-hmr/bin/node-esm-hmr.js', '--exit') },
  compileCache: { name: 'node with NODE_COMPILE_CACHE', command: nodeWith() },
  tsx: { name: 'tsx', needs: 'tsx', command: nodeWith('--import', 'tsx') },
  bun: { name: 'Bun', needs: '@oven/bun-linux-x64', command: (entry) => ['node_modules/@oven/bun-linux-x64/bin/bun', '--hot', entry] },
  hotHook: { name: 'hot-hook', needs: 'hot-hook', command: nodeWith('--import', 'hot-hook/register'), entry: 'live-hot-hook.js' },
  vite: { name: 'Vite module runner', needs: 'vite', command: nodeWith(path.join(here, 'peers/vite-runner.js')) },
  dynohot: { name: 'dynohot', needs: 'dynohot', command: nodeWith('--import', 'dynohot/register') },
  nodeWatch: { name: 'node --watch', command: nodeWith('--watch'), restarts: true },
  tsxWatch: { name: 'tsx watch', needs: 'tsx', command: nodeWith('node_modules/tsx/dist/cli.mjs', 'watch', '--clear-screen=false'), restarts: true },
  nodemon: { name: 'nodemon', needs: 'nodemon', command: nodeWith('node_modules/nodemon/bin/nodemon.js'), restarts: true },
};

/** In this order they are measured when peers are wanted. */
export const starting = ['plain', 'hot', 'command', 'compileCache', 'tsx', 'bun', 'hotHook', 'vite', 'dynohot', 'nodeWatch'];
export const updating = ['hot', 'hotHook', 'vite', 'bun', 'dynohot', 'nodemon', 'tsxWatch', 'nodeWatch'];

/** @param {string} name of a package @returns {string | undefined} its folder, of the bench or of the tests */
export function packageFolder(name) {
  const folders = [path.join(here, 'node_modules', name), path.join(repository, 'node_modules', name)];
  return folders.find((folder) => existsSync(folder));
}

/** Packages that apps get, by name: ours, and the peers that are installed. @param {string[]} [names] more */
export function packages(names = []) {
  const peers = Object.values(contenders).flatMap(({ needs }) => needs ?? []);
  /** @type {Record<string, string>} */
  const found = { 'node-esm-hmr': path.join(repository, 'runtime') };
  for (const name of [...peers, ...names]) {
    const folder = packageFolder(name);
    if (folder) found[name] = folder;
  }
  return found;
}

/** Of these, those that can be measured here. @param {string[]} ids @param {boolean} withPeers */
export function available(ids, withPeers) {
  return ids.filter((id) => {
    const { needs } = contenders[id];
    return needs === undefined ? withPeers || ['plain', 'hot'].includes(id) : withPeers && packageFolder(needs);
  });
}

/** For the apps of this process, on the disk where the repository is. @type {string | undefined} */
let scratch;

/** @param {string} name @returns {string} the folder of an app, which is gone when this process has ended */
export function appFolder(name) {
  scratch ??= makeScratch();
  return path.join(scratch, name);
}

function makeScratch() {
  const all = path.join(repository, 'target/bench');
  mkdirSync(all, { recursive: true });
  const folder = mkdtempSync(path.join(all, 'run-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

/** nodemon and others start the `node` that they find. @param {string} node */
export const pathOf = (node) => ({ PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH}` });
