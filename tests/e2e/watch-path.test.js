// The second argument: what is watched. The module itself counts its evaluations; the files watched lie outside its
// graph, so every change that is seen evaluates it anew.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { caller, counting, createProject, expectCall, takeSteps } from '../harness/index.js';

/**
 * @typedef {object} Case
 * @property {string} watch source text
 * @property {string[]} seen
 * @property {string[]} [unseen]
 * @property {string} [cwd]
 */

const files = {
  'a.js': counting,
  'data/x.txt': 'old',
  'data/y.md': 'old',
  'data/sub/z.txt': 'old',
  'other/x.txt': 'old',
};

/** @type {Record<string, Case>} */
const cases = {
  'a file': { watch: "'data/x.txt'", seen: ['data/x.txt'], unseen: ['data/y.md', 'other/x.txt', 'data/x.txt.bak'] },
  'a file with ./': { watch: "'./data/x.txt'", seen: ['data/x.txt'], unseen: ['data/y.md'] },
  'an absolute file': { watch: "import.meta.dirname + '/data/x.txt'", seen: ['data/x.txt'], unseen: ['data/y.md'] },
  'a folder, recursively': {
    watch: "'./data'",
    seen: ['data/x.txt', 'data/y.md', 'data/sub/z.txt'],
    unseen: ['other/x.txt', 'data.txt'],
  },
  'a folder with a slash': { watch: "'data/'", seen: ['data/x.txt', 'data/sub/z.txt'], unseen: ['other/x.txt'] },
  'an absolute folder': { watch: "import.meta.dirname + '/data'", seen: ['data/sub/z.txt'], unseen: ['other/x.txt'] },
  'the working directory': { watch: "'.'", seen: ['data/sub/z.txt', 'other/x.txt', 'new.txt'] },
  'a folder beside the working directory': {
    watch: "'../data'",
    cwd: 'other',
    seen: ['data/x.txt'],
    unseen: ['other/data', 'other/x.txt'],
  },
  'a glob, in one folder': {
    watch: "'data/*.txt'",
    seen: ['data/x.txt', 'data/new.txt'],
    unseen: ['data/y.md', 'data/sub/z.txt', 'other/x.txt'],
  },
  'a glob with ./': { watch: "'./data/*.txt'", seen: ['data/x.txt'], unseen: ['data/y.md'] },
  'a glob above the working directory': { watch: "'../data/*.txt'", cwd: 'other', seen: ['data/x.txt'], unseen: ['data/y.md'] },
  'a glob through folders': {
    watch: "'**/*.txt'",
    seen: ['data/x.txt', 'data/sub/z.txt', 'other/x.txt', 'top.txt'],
    unseen: ['data/y.md'],
  },
  'a glob that ends in **': { watch: "'data/**'", seen: ['data/x.txt', 'data/sub/z.txt'], unseen: ['other/x.txt'] },
  'an absolute glob': { watch: "import.meta.dirname + '/data/**/*.txt'", seen: ['data/sub/z.txt'], unseen: ['data/y.md'] },
  'braces': { watch: "'data/*.{md,html}'", seen: ['data/y.md', 'data/y.html'], unseen: ['data/x.txt'] },
  'a class': { watch: "'data/[xy].*'", seen: ['data/x.txt', 'data/y.md'], unseen: ['data/z.txt'] },
  'a question mark': { watch: "'data/?.txt'", seen: ['data/x.txt'], unseen: ['data/xx.txt'] },
  'an extglob': { watch: "'data/!(y).*'", seen: ['data/x.txt'], unseen: ['data/y.md'] },
  'an array': { watch: "['data/x.txt', 'other', '*.html']", seen: ['data/x.txt', 'other/x.txt', 'i.html'], unseen: ['data/y.md'] },
  'nested arrays': { watch: "[['data/x.txt'], [['other']]]", seen: ['data/x.txt', 'other/x.txt'], unseen: ['data/y.md'] },
  'negated globs and paths': {
    watch: "['data', '!data/*.md', '!data/sub']",
    seen: ['data/x.txt'],
    unseen: ['data/y.md', 'data/sub/z.txt', 'data/sub/deep/z.txt'],
  },
  'a path that has the characters of a glob and exists': { watch: "'[id]'", seen: ['[id]/x.txt'], unseen: ['i/x.txt'] },
  'a file that does not exist yet': { watch: "'later.txt'", seen: ['later.txt'], unseen: ['later.md'] },
  'a file in folders that do not exist yet': { watch: "'x/y/z/later.txt'", seen: ['x/y/z/later.txt'], unseen: ['x/y/no.txt'] },
  'a folder that does not exist yet': { watch: "'x/y'", seen: ['x/y/one.txt', 'x/y/deep/two.txt'], unseen: ['x/no.txt'] },
  'a glob whose folder does not exist yet': { watch: "'x/y/*.txt'", seen: ['x/y/one.txt'], unseen: ['x/no.txt', 'x/y/no.md'] },
  'new folders': { watch: "'data'", seen: ['data/n/e/w/one.txt', 'data/n/e/two.txt'], unseen: ['n/e/w/one.txt'] },
  'new folders below a glob': { watch: "'data/**/*.txt'", seen: ['data/n/e/w/one.txt'], unseen: ['data/n/e/w/one.md'] },
  'dotfiles and dot folders': { watch: "'data'", seen: ['data/.env', 'data/.hidden/x.txt'], unseen: ['.env'] },
  'dotfiles in globs': { watch: "['data/*', 'other/**/*.txt']", seen: ['data/.env', 'other/.hidden/x.txt'], unseen: ['.env'] },
  'a removed file, and its return': { watch: "'data'", seen: ['-data/x.txt', 'data/x.txt'] },
  'a removed folder, and its return': { watch: "'data'", seen: ['-data/sub', 'data/sub/z.txt'] },
};

for (const [name, { watch, cwd = '.', ...steps }] of Object.entries(cases)) {
  test(name, async (t) => {
    const main = caller({ watch });
    const project = createProject(t, { ...files, 'main.js': main, '[id]/x.txt': 'old' });
    const app = project.start([project.path('main.js')], { cwd: project.path(cwd) });
    await takeSteps(project, app, steps);
  });
}

for (const watch of ['undefined', 'null']) {
  test(`${watch}: what the graph of the module consists of`, async (t) => {
    const project = createProject(t, {
      'main.js': caller({ watch }),
      'a.js': "import { b } from './src/b.js'; export const a = b;",
      'src/b.js': 'export const b = 1;',
      'src/unused.js': '',
    });
    const app = project.start(['main.js']);
    await expectCall(app, { a: 1 });
    await app.line(/^ready/);
    await project.write('src/unused.js', '// not in the graph');
    await project.write('src/b.js', 'export const b = 2;');
    await expectCall(app, { a: 2 });
    await project.write('src/b.js', "import { c } from './c.js'; export const b = c;");
    await project.write('src/c.js', 'export const c = 3;');
    await expectCall(app, { a: 3 });
    await project.write('src/c.js', 'export const c = 4;');
    await expectCall(app, { a: 4 });
  });
}

test('modules outside the watch path are not watched', async (t) => {
  const project = createProject(t, {
    'main.js': caller({ watch: "'a.js'" }),
    'a.js': "import { b } from './b.js'; export const a = [1, b];",
    'b.js': 'export const b = 1;',
  });
  const app = project.start(['main.js']);
  await expectCall(app, { a: [1, 1] });
  await project.write('b.js', 'export const b = 2; // this change is not looked for');
  await project.edit('a.js', '[1', '[2');
  await app.line(/^call 2 .*"a":\[2,/);
  assert.doesNotMatch(app.output('stderr'), /b\.js/);
});

test('a save that changes no byte, and a touch, change nothing', async (t) => {
  const project = createProject(t, { ...files, 'main.js': caller({ watch: "['a.js', 'data']" }) });
  const app = project.start(['main.js']);
  await expectCall(app, { n: 1 });
  await app.line(/^ready/);
  await project.write('a.js', counting);
  project.touch('a.js');
  project.touch('data/x.txt');
  await project.write('data/y.md', 'new');
  await expectCall(app, { n: 2 });
  await project.write('data/y.md', 'new');
  project.touch('data/y.md');
  await project.write('data/x.txt', 'new');
  await expectCall(app, { n: 3 });
  await project.write('data/x.txt', 'newer');
  await expectCall(app, { n: 4 });
});
