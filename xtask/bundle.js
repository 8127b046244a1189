/**
 * Makes `runtime/dist/` of `runtime/lib/`: one script of all modules, since Node takes several times as long to load them
 * one by one, what loads it, and the files that threads of Node load by themselves.
 *
 * Modules of Node are taken by `process.getBuiltinModule`: importing one reads all it exports, and so `node:process` opens
 * the program's standard input and `node:fs` loads all of Node's streams.
 */
import { copyFileSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const runtime = fileURLToPath(new URL('../runtime/', import.meta.url));
const [source, target] = [path.join(runtime, 'lib'), path.join(runtime, 'dist')];

/** What threads of Node load by themselves. */
const apart = ['entry-hooks.js', 'node-questions.js'];

/** What the script gets from who loads it, by the modules that stand for it. */
const given = { 'native-import.js': 'nativeImport', 'own-script.js': 'ownScript' };

/** @param {string} builtin what gives a module of Node @returns {import('esbuild').Plugin} */
const readingSources = (builtin) => ({
  name: 'sources',
  setup(made) {
    made.onLoad({ filter: /[\\/]lib[\\/][^\\/]+\.js$/ }, ({ path: file }) => {
      const name = given[/** @type {keyof typeof given} */ (path.basename(file))];
      const contents = name ? `export const ${name} = $${name};` : withoutImports(readFileSync(file, 'utf8'), builtin);
      return { contents };
    });
  },
});

/** `import a, { b as c } from 'node:d'` becomes a declaration. @param {string} text @param {string} builtin */
function withoutImports(text, builtin) {
  const imports = /^import (?:\* as )?(?:(\w+),? ?)?(?:\{([^}]*)\} ?)?from '(node:[\w/]+)';$/gm;
  return text.replace(imports, (_, whole, names, module) => {
    const patterns = [whole, names && `{${names.replaceAll(' as ', ': ')}}`].filter(Boolean);
    return patterns.map((pattern) => `const ${pattern} = ${builtin}('${module}');`).join(' ');
  });
}

/** @type {import('esbuild').BuildOptions} */
const common = { bundle: true, platform: 'node', target: 'node20', packages: 'external', legalComments: 'none', logLevel: 'warning' };

/** @param {string} entry @param {string} name @param {import('esbuild').BuildOptions} options */
async function bundle(entry, name, options) {
  const file = path.join(target, name);
  await build({ ...common, ...options, entryPoints: [path.join(source, entry)], outfile: `${file}.new` });
  renameSync(`${file}.new`, file);
}

mkdirSync(target, { recursive: true });
const wanted = new Set([...apart, 'boot.js', 'runtime.cjs']);
for (const file of readdirSync(target)) if (!wanted.has(file)) rmSync(path.join(target, file), { recursive: true });
for (const file of apart) copyFileSync(path.join(source, file), path.join(target, file));
await bundle('boot.js', 'boot.js', { format: 'esm', banner: { js: '// @ts-nocheck' }, plugins: [readingSources('process.getBuiltinModule')] });
/** Taken when the runtime starts: a program may replace them. */
const globals = [
  ...['Atomics', 'Boolean', 'Buffer', 'Date', 'Error', 'FinalizationRegistry', 'Function', 'Int32Array', 'Map'],
  ...['Number', 'Promise', 'Proxy', 'RangeError', 'ReferenceError', 'RegExp', 'Set', 'SharedArrayBuffer', 'String', 'Symbol'],
  ...['SyntaxError', 'TypeError', 'URL', 'Uint8Array', 'WeakMap', 'WeakRef', 'decodeURIComponent', 'encodeURIComponent', 'process', 'queueMicrotask'],
];
/** Of these only functions are used: they are taken, too. */
const copied = ['Array', 'JSON', 'Math', 'Object', 'Reflect'];
const copies = copied.map((name) => `const ${name} = $copy(globalThis.${name});`).join(' ');
const copy = 'const { defineProperties, getOwnPropertyDescriptors } = globalThis.Object; const $copy = (of) => defineProperties({}, getOwnPropertyDescriptors(of));';
await bundle('main.js', 'runtime.cjs', {
  format: 'cjs',
  define: { 'import.meta': '$meta' },
  banner: { js: '(function (module, require, $meta, $nativeImport, $builtin, $ownScript) {' + `'use strict'; const {${globals}} = globalThis; ${copy} ${copies}` },
  footer: { js: '})' },
  plugins: [readingSources('$builtin')],
});
