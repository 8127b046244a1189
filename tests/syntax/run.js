// Imports every program and writes what came of it to `<mode>.json`. Arguments: `plain` or `hot`, the folder, how many there are.

import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [mode, folder, count] = process.argv.slice(2);
const entry = pathToFileURL(`${folder}/entry.mjs`).href;
process.on('unhandledRejection', () => {});

if (mode === 'plain') {
  await import(entry);
} else {
  const { default: hmr } = await import('../../runtime/index.js');
  await hmr(entry, undefined, () => {}, { persistent: false, logLevel: 'silent' });
}
writeFileSync(`${folder}/${mode}.json`, JSON.stringify(await globalThis.results(Number(count))));
process.exit();
