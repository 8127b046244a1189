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

// Without packages and TDZ in the console, of which Node 20 has limits.
test('random graphs as main modules', async (t) => {
  for (let seed = 1; seed <= 12; seed += 1) {
    const { files } = generate(seed, { cycles: 0, packages: 0.1, throwing: 0 });
    const { plain, hot } = await runAsMain(files, 'm0.mjs');
    t.diagnostic(`seed ${seed}: ${plain.length} lines`);
    assert.deepEqual(hot, plain, `seed ${seed}`);
  }
});
