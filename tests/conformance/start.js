// Runs one program in a process of its own. Arguments: `plain` or `hot`, and the file.

import { pathToFileURL } from 'node:url';

const [mode, file] = process.argv.slice(2);
const url = `${pathToFileURL(file)}`;
if (mode === 'plain') await import(url);
else await (await import('node-esm-hmr')).default(url, undefined, () => {}, { persistent: false });
