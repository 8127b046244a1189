/** Real apps: packages with many modules, copied among an app's own files, and a program that uses them. */
import { cpSync } from 'node:fs';
import path from 'node:path';
import { answerMemory, tell, write, writeProject } from './app.js';
import { packageFolder, packages } from './contenders.js';

/** @type {Record<string, { name: string, package: string, needs: string[], use: string }>} */
const apps = {
  svelte: {
    name: 'the compiler of Svelte',
    package: 'svelte',
    needs: ['acorn', 'aria-query', 'axobject-query', 'clsx', 'esm-env', 'esrap', 'estree-walker', 'is-reference', 'locate-character', 'magic-string', 'zimmerframe', '@jridgewell/sourcemap-codec', '@jridgewell/remapping', '@sveltejs/acorn-typescript', 'devalue'],
    use: `import { compile } from './svelte/src/compiler/index.js';
const result = compile('<script>let { n } = $props()</script>{#each n as x}<b>{x}</b>{/each}', { generate: 'server' }).js.code.length;`,
  },
  lodash: {
    name: 'lodash-es',
    package: 'lodash-es',
    needs: [],
    use: `import _ from './lodash-es/lodash.js';
const result = _.chunk(_.range(10), 3).length;`,
  },
};

export const realApps = Object.keys(apps);
/** @param {string} id */
export const realName = (id) => apps[id].name;
/** @param {string} id */
export const isInstalled = (id) => packageFolder(apps[id].package) !== undefined;

/** @param {string} id @param {string} folder */
export function writeRealApp(id, folder) {
  const { package: name, needs, use } = apps[id];
  writeProject(folder, packages(needs));
  cpSync(/** @type {string} */ (packageFolder(name)), path.join(folder, name), {
    recursive: true,
    filter: (from) => !path.basename(from).startsWith('node_modules') || from === packageFolder(name),
  });
  write(folder, 'main.js', `${use}\n${tell('started: result')}\n`);
  write(folder, 'memory.js', `${use}\n${answerMemory}\n${tell('started: result')}\n`);
}
