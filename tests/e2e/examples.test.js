// The programs in examples/ run as they are, and update as their comments say.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { createProject, repository, start } from '../harness/index.js';

/** The files of an example, as texts. @param {string} name */
function filesOf(name) {
  const folder = join(repository, 'examples', name);
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => !path.includes('node_modules'))
    .map((path) => join(folder, path))
    .filter((path) => statSync(path).isFile());
  return Object.fromEntries(paths.map((path) => [relative(folder, path).replaceAll('\\', '/'), readFileSync(path, 'utf8')]));
}

test('examples/basic', async (t) => {
  const project = createProject(t, filesOf('basic'));
  const app = project.start(['index.js']);
  await app.line(/^Hello, world!$/);
  await app.line(/^a square of side 3 has 9 m²$/);
  await project.edit('greeting.js', 'Hello', 'Good evening');
  await app.line(/^Good evening, world!$/);
  await project.edit('shapes.js', 'side ** 2', 'side * side * 10');
  await app.line(/^a square of side 3 has 90 m²$/);
  await project.edit('units.js', '²', '^2');
  await app.line(/^a square of side 3 has 90 m\^2$/);
});

test('examples/http-app answers with the code that was saved last', async (t) => {
  const project = createProject(t, filesOf('http-app'), { packages: ['express'] });
  const app = project.start(['server.js'], { env: { PORT: '0' } });
  const [, url] = await app.line(/listening on (http:\S+)/);
  const get = async (/** @type {string} */ path) => (await fetch(url + path)).text();
  assert.equal(await get('/hello/world'), 'Hello, world!');
  await project.edit('routes/words.js', 'Hello', 'Good evening');
  await app.line(/words\.js/, { stream: 'stderr' });
  assert.equal(await get('/hello/world'), 'Good evening, world!');
});

test('the demo of examples/http-app shows all it claims and exits with 0', async () => {
  const cwd = join(repository, 'examples/http-app');
  const demo = start(['demo.js'], { cwd, env: { CI: '1' } });
  try {
    const { code } = await demo.end();
    assert.equal(code, 0, demo.output());
    assert.match(demo.output(), /syntax error/);
    assert.match(demo.output(), /\d\.\d ms/);
  } finally {
    await demo.stop();
  }
});
