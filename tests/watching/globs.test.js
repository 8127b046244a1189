// Globs, as picomatch means them: the watcher against picomatch itself, on a tree of files, for each pattern and file.

import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import picomatch from 'picomatch';
import { loadAddon } from '../../runtime/lib/addon.js';
import { parseIgnored, parseWatchPath } from '../../runtime/lib/watch-path.js';
import { createProject } from '../harness/index.js';

const files = [
  'a.js', 'b.ts', '.dot.js', 'a+b.js', 'a(b).js', 'a[b].js', 'a{b}.js', 'x y.js', 'é.js', 'A.js', 'a.test.js', 'index.mjs',
  'src/a.js', 'src/b.css', 'src/.hidden/a.js', 'src/.env', 'src/deep/a.js', 'src/deep/er/b.js', 'src/deep/er/b.json',
  'src/a-1.js', 'src/a10.js', 'src/ab/c.js', 'src/abc/d.js', 'src/!x.js', 'src/@scope/p.js', 'src/#h.js', 'src/a.b.c.js',
  'lib/a.js', 'lib/x/a.js', 'lib/x/y/a.js', 'lib/x/y/z/a.ts', 'test/a.test.js', 'test/fixtures/a.js', 'dist/a.js',
  'node_modules/p/index.js', 'src/node_modules/p/index.js', '.config/x/a.yml', '.a/.b/.c', 'data/1.json', 'data/20.json', 'data/x/3.json',
];

const patterns = [
  '*', '**', '*.js', '**/*.js', 'src/*', 'src/**', 'src/**/*', 'src/*.js', 'src/**/*.js', 'src/*/a.js', 'src/*/*/b.js', './src/*.js',
  '**/a.js', '**/deep/**', '**/.*', '**/.*/**', '.*', '.*/**', '*/.*', 'src/.*', '*.{js,ts}', 'src/{a,b}.*', 'src/{deep,ab}/**', '{src,lib}/**/*.js',
  '{a,b}.{js,ts}', 'data/{1..3}.json', 'data/{01..20}.json', 'src/a{1..10}.js', '?.js', 'src/?.js', 'src/a?.js', '[ab].js', '[a-c].*', '[!a].js', '[^a].js',
  'src/[[:alpha:]]*.js', 'data/[0-9].json', 'data/+([0-9]).json', '@(a|b).*', '+(a|b).js', '*(a|b).js', '?(a).js', '!(a).js', '!(a|b).*', 'src/!(deep)/**',
  'src/**/!(a).js', '**/!(node_modules)/**/*.js', 'lib/**/x/**', 'lib/x/**/a.*', 'lib/*/*/*.js', '**/y/**/*.ts', '**/*.test.js', '*.test.js', '**/{test,tests}/**',
  'src/**/er/*', '*/', '**/', 'src/', 'a\\+b.js', 'a\\(b\\).js', 'x y.*', 'é.*', 'A*', '*B*', '**/@scope/*', 'src/\\!x.js', 'src/#*', '**/*.b.c.*', 'a*b*', '*.*.js', '**/**/*.js',
];

/** Watch paths with exclusions, the ones that `ignored` leaves out, and the files that are left. */
const exclusions = /** @type {[string[], (string | RegExp)[], (file: string) => boolean][]} */ ([
  [['src/**', '!src/deep/**'], [], (file) => file.startsWith('src/') && !file.startsWith('src/deep/')],
  [['**/*.js', '!**/node_modules/**'], [], (file) => file.endsWith('.js') && !file.includes('node_modules')],
  [['.', '!**/*.js'], [], (file) => !file.endsWith('.js')],
  [['.', '!dist'], [], (file) => !file.startsWith('dist/')],
  [['src'], ['**/.*', '**/.*/**'], (file) => file.startsWith('src/') && !file.includes('/.')],
  [['.'], [/node_modules/, '**/*.json'], (file) => !file.includes('node_modules') && !file.endsWith('.json')],
  [['lib', 'src/*.js'], ['lib/x'], (file) => file === 'lib/a.js' || picomatch.isMatch(file, 'src/*.js', { dot: true })],
]);

test(`${patterns.length} patterns on ${files.length} files match as picomatch does`, async (t) => {
  const project = createProject(t, {});
  /** @type {{name: string, spec: import('../../runtime/lib/watch-path.js').WatchPath, matches: (file: string) => boolean}[]} */
  const cases = [];
  for (const pattern of patterns) {
    const matches = picomatch(pattern, { dot: true });
    const watch = parseWatchPath(pattern, project.folder);
    // A path that exists, or one without magic, is a root; those are not for picomatch.
    if (watch?.globs.length) cases.push({ name: pattern, spec: watch, matches });
  }
  for (const [paths, ignored, matches] of exclusions) {
    const watch = parseWatchPath(paths, project.folder);
    const more = parseIgnored(ignored, project.folder).patterns;
    if (watch) cases.push({ name: `${paths} without ${ignored}`, spec: { ...watch, ignored: [...watch.ignored, ...more] }, matches });
  }
  const all = files.length;
  const told = new Map(cases.map((_, id) => [id, new Set()]));
  /** @type {Set<string>} */
  const seen = new Set();
  /** @type {() => void} */
  let done = () => {};
  const isDone = new Promise((resolve) => (done = () => resolve(undefined)));
  const watcher = new (loadAddon().Watcher)((text) => {
    for (const { path, kind, watches } of JSON.parse(text).changes ?? []) {
      const file = path.slice(project.folder.length + 1);
      if (kind === 'vanished' || file.startsWith('node_modules/node-esm-hmr')) continue;
      for (const id of watches) told.get(id)?.add(file);
      if (watches.includes(cases.length)) seen.add(file);
    }
    if (files.every((file) => seen.has(file))) done();
  });
  t.after(() => watcher.close());
  const set = (/** @type {number} */ id, /** @type {object} */ spec) =>
    watcher.set(id, JSON.stringify({ files: [], cwd: project.folder, roots: [], globs: [], ignored: [], ...spec }), 0);
  cases.forEach(({ spec }, id) => set(id, spec));
  set(cases.length, { roots: [project.folder] });

  // The folders are new, too.
  const alive = setInterval(() => {}, 1000);
  for (const file of files) {
    mkdirSync(dirname(project.path(file)), { recursive: true });
    writeFileSync(project.path(file), '1');
  }
  await isDone;
  for (const [id, { name, matches }] of cases.entries()) {
    const expected = files.filter((file) => matches(file)).sort();
    assert.deepEqual([...(told.get(id) ?? [])].filter((file) => file !== 'package.json').sort(), expected, name);
  }
  t.diagnostic(`${cases.length} patterns, ${cases.length * all} cases`);

  // And once more for files that are there already.
  told.forEach((set) => set.clear());
  seen.clear();
  const again = new Promise((resolve) => (done = () => resolve(undefined)));
  for (const file of files) appendFileSync(project.path(file), '2');
  await again;
  clearInterval(alive);
  for (const [id, { name, matches }] of cases.entries()) {
    assert.deepEqual([...(told.get(id) ?? [])].sort(), files.filter((file) => matches(file)).sort(), `${name}, again`);
  }
});
