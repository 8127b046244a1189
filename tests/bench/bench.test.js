// The bench at counts that measure nothing: every part runs, and table, run and plots are written.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createProject, repository } from '../harness/index.js';

test('every part measures, and the table and the plots are made', async (t) => {
  const project = createProject(t, {});
  const bench = project.start([join(repository, 'bench/main.js'), '--smoke', '--runs', project.path('runs'), '--images', project.path('images')]);
  const { code } = await bench.end();
  assert.equal(code, 0, bench.output());
  const [json, text] = readdirSync(project.path('runs')).sort();
  const run = JSON.parse(project.read(join('runs', json)));
  for (const part of ['start', 'live', 'crowd', 'cpu', 'requests', 'memory']) assert.ok(run[part], part);
  assert.equal(run.acceptance.length, 9);
  assert.ok(project.read(join('runs', text)).includes('| what | must | aim | measured | met |'));
  for (const name of ['start', 'live', 'memory']) assert.match(project.read(`images/bench-${name}.svg`), /^<svg .*<\/svg>\n$/s);
});

test('an option that makes no sense is refused', async (t) => {
  const bench = createProject(t, {}).start([join(repository, 'bench/main.js'), '--only', 'stat']);
  await bench.line(/--only takes start, live, .* and not stat/);
  assert.equal((await bench.end()).code, 1);
});
