// What a specifier means in a hot module is what it means in Node, and if it means nothing, the error is Node's.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { repository } from '../harness/project.js';
import { createFixture } from './fixture.js';

const script = fileURLToPath(new URL('compare.js', import.meta.url));

const runs = [
  { flags: [] },
  { flags: ['-C', 'custom'] },
  { flags: ['--conditions=custom', '--conditions=development', '--preserve-symlinks-main'] },
  { flags: ['--preserve-symlinks'] },
  { flags: [], env: { NODE_OPTIONS: '-C development --preserve-symlinks' } },
];

for (const { flags, env = {} } of runs) {
  test(`specifiers mean what they mean in Node ${flags.join(' ')} ${JSON.stringify(env)}`, (t) => {
    const fixture = createFixture();
    t.after(() => rmSync(fixture.folder, { recursive: true }));
    const options = ['--no-warnings', '--experimental-import-meta-resolve', ...flags];
    const args = [...options, script, JSON.stringify(fixture), join(repository, 'node_modules')];
    const { stdout, stderr } = spawnSync(process.execPath, args, {
      encoding: 'utf8',
      env: { ...process.env, ...env },
      maxBuffer: 2 ** 28,
    });
    assert.match(stdout, /^{/, stderr);
    const { cases, resolvedByEngine, differing } = JSON.parse(stdout);
    assert.ok(cases > 5000 && resolvedByEngine > 1000, `${cases} cases, ${resolvedByEngine} resolved by the engine`);
    assert.deepEqual(differing.slice(0, 5), [], `${differing.length} of ${cases} differ`);
  });
}
