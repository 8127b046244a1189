// Programs that are hot as a whole, from their main module on: what they print is what they print under plain Node.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runAsMain } from '../differential/as-main.js';
import { generate } from '../differential/generate.js';

const pkg = {
  'node_modules/pkg/package.json': '{ "name": "pkg", "type": "module", "exports": "./p.js" }',
  'node_modules/pkg/p.js': "log('pkg'); export let p = 1; export const set = (value) => { p = value; };\n",
};

/** @type {Record<string, Record<string, string>>} */
const programs = {
  'a package that the main module passes on runs after what stands before it': {
    ...pkg,
    'main.mjs': "import './a.mjs'; export { p } from 'pkg'; export * from 'pkg'; log('main');\n",
    'a.mjs': "log('a');\n",
  },
  'a main module that rejects ends the program before its importers hear of it': {
    'main.mjs': "import './a.mjs'; log('never');\n",
    'a.mjs': "import('./main.mjs').then(log, (error) => log('imported', error));\nawait Promise.reject(new Error('a'));\n",
  },
  'a regular expression that only V8 refuses': { 'main.mjs': "log('never');\n/(/;\n" },
  'a name that CommonJS does not have': {
    'main.mjs': "import { a, no as other } from './c.cjs';\nlog(a);\n",
    'c.cjs': 'exports.a = 1;\n',
  },
  'broken JSON': { 'main.mjs': "import './j.json' with { type: 'json' };\n", 'j.json': '{ "j": \n' },
  'the line of an uncaught error with an import and an export': {
    'main.mjs': "import './a.mjs';\n",
    'a.mjs': "import os from 'node:os'; export const x = null.y;\n",
  },
  'the line of an uncaught error with other characters': {
    'main.mjs': "import './a.mjs';\n",
    'a.mjs': "import os from 'node:os'; export const x = '\u00fc \u2603' + null.y; // \u{1f600}\n",
  },
  'the line of an uncaught error with characters of Latin-1': { 'main.mjs': "export default '\u00fc' + null.y;\n" },
  'a module that removes globals': {
    ...pkg,
    'main.mjs': "import './setup.mjs'; import { p, set } from 'pkg'; import fs from 'node:fs'; log(typeof fs.readFileSync, p); const ns = await import('./d.mjs'); log(ns.d);\n",
    'setup.mjs': "const { process, Symbol } = globalThis; globalThis.process = { env: {} }; setTimeout(() => Object.assign(globalThis, { process, Symbol }));\n",
    'd.mjs': "import 'node:os'; export const d = 1;\n",
  },
  'the line of an error that comes after other modules have run whose text is another one': {
    'main.mjs': "import { n, set } from './b.mjs'; log(n); set(2); export const own = n;\nthrow new Error('main');\n",
    'b.mjs': "export let n = 0; export const set = (value) => { n = value; }; log('b'); await null;\n",
  },
  'the line of an error that a timer throws after modules have run': {
    'main.mjs': "export let n = 1; setTimeout(() => fail());\nexport { fail };\nfunction fail() { import('x', null.y); }\n",
  },
  'the line of a promise that nobody handles': {
    'main.mjs': "await null; log(1);\nexport const failed = Promise.reject(new Error('failed'));\nawait new Promise(() => {});\n",
  },
  'a module that waits for what never comes': {
    'main.mjs': "import './b.mjs'; import './c.mjs'; import 'node:fs';\nlog('never');\n",
    'b.mjs': "log('b');\n\tconst x = 5 + await new Promise(() => {});\n",
    'c.mjs': "process.on('exit', (code) => log('exit', code, process.exitCode));\nfor await (const x of (async function* () { await new Promise(() => {}); })()) log(x);\n",
  },
  'a package that waits for what never comes': {
    'main.mjs': "import 'pkg';\nlog('never');\n",
    'node_modules/pkg/package.json': pkg['node_modules/pkg/package.json'],
    'node_modules/pkg/p.js': "log('pkg');\nawait new Promise(() => {});\n",
  },
  'a main module that a listener of the end lets go on': {
    'main.mjs': "let go, n = 0;\nprocess.on('beforeExit', () => { log('before', n); n += 1; if (n === 2) return; setTimeout(go, 5); });\nawait new Promise((done) => { go = done; });\nlog('done');\n",
  },
  'a main module that waits, with an exit code of its own': {
    'main.mjs': "process.exitCode = 3; process.once('beforeExit', () => setTimeout(() => log('later'))); process.on('exit', (code) => log(code));\nawait new Promise(() => {});\n",
  },
  'a thread that waits for what never comes': {
    'main.mjs': "import { Worker } from 'node:worker_threads';\nnew Worker(new URL('./w.mjs', import.meta.url)).on('exit', (code) => log('exit', code)).on('error', (error) => log(error));\n",
    'w.mjs': "const never = new Promise(() => {});\nawait never;\n",
  },
  'functions that a listener of the end calls first': {
    'main.mjs': "process.on('exit', () => log(end(import.meta)));\nexport default null.y;\nfunction end(meta) { return import.meta === meta; }\n",
  },
  'an uncaught error that a listener handles': {
    'main.mjs': "process.on('uncaughtException', (error) => log(error.message));\nsetTimeout(() => { later(); null.x(); });\nexport function later() { log('later'); }\nsetTimeout(() => log(import.meta.filename !== later), 5);\n",
  },
  'frames of an error': { 'main.mjs': "import './a.mjs';\n", 'a.mjs': "await null;\nthrow new Error('late');\n" },
};

for (const [title, files] of Object.entries(programs)) {
  test(title, async () => {
    const { plain, hot } = await runAsMain(files, 'main.mjs');
    // V8 calls the JSON's place by another name where it is parsed elsewhere; hints are ours.
    const same = (/** @type {string[]} */ lines) => lines.filter((line) => !/^ +at (JSON\.)?parse |^hmr /.test(line));
    assert.deepEqual(same(hot), same(plain));
  });
}

test('the place of an uncaught error about a binding without a value', async () => {
  const files = {
    'main.mjs': "import './b.mjs'; export const x = 1;\n",
    'b.mjs': "import { x } from './main.mjs';\n\nconst q = 1, r = x;\n",
  };
  const { plain, hot } = await runAsMain(files, 'main.mjs');
  const places = (/** @type {string[]} */ lines) => lines.filter((line) => /ReferenceError|mjs:\d+/.test(line));
  assert.deepEqual(places(hot), places(plain));
});

// Without packages and TDZ in the console, of which Node 20 has limits.
test('random graphs as main modules', async (t) => {
  for (let seed = 1; seed <= 12; seed += 1) {
    const { files } = generate(seed, { cycles: 0, packages: 0.1, throwing: 0 });
    const { plain, hot } = await runAsMain(files, 'm0.mjs');
    t.diagnostic(`seed ${seed}: ${plain.length} lines`);
    assert.deepEqual(hot, plain, `seed ${seed}`);
  }
});
