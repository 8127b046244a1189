// The program of the soak: twenty modules in five folders, and a main file that tells what it holds.

export const folders = [0, 1, 2, 3, 4].map((number) => `src/d${number}`);
export const names = folders.flatMap((folder) => [0, 1, 2, 3].map((number) => `${folder}/m${number}.js`));

/** A module that shows whether it is whole. @param {number} n @param {number} size */
export function text(n, size) {
  return `export const n = ${n};\n// ${'x'.repeat(size)}\nexport const end = ${n};\n`;
}

const all = `${names.map((name, index) => `import * as m${index} from './${name}';`).join('\n')}
export const modules = [${names.map((_, index) => `m${index}`).join(', ')}];
`;

// Two entries, one by the module graph and one by a folder that the program also writes into.
const main = `import hmr from 'node-esm-hmr';
import { writeFileSync } from 'node:fs';
let calls = 0;
const torn = [];
const quiet = { logLevel: 'silent' };
const called = (module) => {
  calls += 1;
  for (const { n, end } of module.modules) if (n !== end) torn.push(n + ' to ' + end);
  writeFileSync('src/own.log', 'one line\\n', { flag: calls % 100 ? 'a' : 'w' });
};
const entries = [await hmr('./all.js', undefined, called, quiet), await hmr('./all.js', 'src', called, quiet)];
process.on('message', ({ block = 0 }) => {
  if (block < 0) return process.send({ cpu: process.cpuUsage() });
  for (const end = performance.now() + block; performance.now() < end; );
  gc();
  const held = entries.map(({ module }) => module.modules.map(({ n }) => n));
  process.send({ held, calls, torn, heap: process.memoryUsage().heapUsed, rss: process.memoryUsage.rss(), cpu: process.cpuUsage() });
});
process.on('disconnect', () => process.exit());
process.send('ready');
`;

export const files = {
  'main.js': main,
  'all.js': all,
  '.git/HEAD': 'ref: refs/heads/main\n',
  ...Object.fromEntries(names.map((name) => [name, text(0, 10)])),
};
