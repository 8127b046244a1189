// Programs under flags of Node that take away what the runtime builds on.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runAsMain } from '../differential/as-main.js';

const major = Number.parseInt(process.versions.node, 10);

const files = {
  'main.mjs': `import { sep } from 'node:path'; import './cycle.mjs'; import './index.mjs'; import c from './c.cjs';
export let n = 1; log('main', sep, c.one, import.meta.main !== 7);
setTimeout(async () => { n = 2; log(await import('./cycle.mjs'), String(function f() { return 1; })); });\n`,
  'cycle.mjs': "import * as main from './main.mjs'; export const get = () => main.n; log('cycle', typeof main);\n",
  'c.cjs': 'exports.one = 1;\n',
  'index.mjs': "import './user.mjs'; export * as other from 'dep';\n",
  'user.mjs': "import { other } from './index.mjs'; setTimeout(() => log('user', other.d));\n",
  'node_modules/dep/package.json': '{ "type": "module", "exports": "./index.js" }',
  'node_modules/dep/index.js': 'export const d = 1;\n',
};

const flags = [
  ['--frozen-intrinsics'],
  ['--disable-proto=delete'],
  ['--disable-proto=throw'],
  ['--disallow-code-generation-from-strings'],
  ...(major > 20 ? [['--no-experimental-require-module'], ['--permission', '--allow-fs-read=*', '--allow-fs-write=*', '--allow-addons', '--allow-worker']] : []),
];

for (const each of flags) {
  test(`a program under ${each.join(' ')}`, async () => {
    const { plain, hot } = await runAsMain(files, 'main.mjs', each);
    const told = (/** @type {string[]} */ lines) => lines.filter((line) => !line.startsWith('(node)') && !line.startsWith('(Use'));
    assert.deepEqual(told(hot), told(plain));
  });
}

test('where addons may not be loaded, an error says what to allow', async () => {
  const { hot } = await runAsMain(files, 'main.mjs', ['--no-addons']);
  assert.match(hot.join('\n'), /start it without `--no-addons`/);
});
