// options.ignored in its four kinds, with chokidar's meaning.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { caller, counting, createProject, expectCall, takeSteps } from '../harness/index.js';

const seen = ['data/x.txt', 'data/sub/z.txt'];
const unseen = ['data/skip/x.txt', 'data/skip/deep/x.txt', 'data/x.log'];

/** Source texts of options.ignored that all leave out the folder `skip` and the files `*.log`. */
const kinds = {
  'a RegExp': '/skip|\\.log$/',
  'a RegExp with flags that remember': '/skip|\\.log$/g',
  'a RegExp over the absolute path': "new RegExp('^' + import.meta.dirname + '/data/(skip/|x\\\\.log)')",
  'a glob': "'data/{skip/**,*.log}'",
  'an absolute glob': "import.meta.dirname + '/**/{skip/**,*.log}'",
  'a glob that starts with **': "'**/{skip/**,*.log}'",
  'a function': "(path) => path.includes('/skip') || path.endsWith('.log')",
  'a function that needs absolute paths': "(path) => path.startsWith(import.meta.dirname + '/data/skip') || path.endsWith('.log')",
  'a function that names the folder, not what is below': "(path) => path.endsWith('/skip') || path.endsWith('.log')",
  'a RegExp that matches the folder, not what is below': '/skip$|\\.log$/',
  'an array of all of them': "['data/skip', /nothing/, (path) => path.endsWith('.log'), '**/*.nothing']",
  'paths, with what is below': "['data/skip', 'data/x.log']",
  'paths with ./ and a slash': "['./data/skip/', './data/x.log']",
  'absolute paths': "[import.meta.dirname + '/data/skip', import.meta.dirname + '/data/x.log']",
};

for (const [name, ignored] of Object.entries(kinds)) {
  test(name, async (t) => {
    const project = createProject(t, {
      'main.js': caller({ watch: "'data'", options: `{ ignored: ${ignored} }` }),
      'a.js': counting,
      'data/x.txt': 'old',
      'data/skip/x.txt': 'old',
      'data/x.log': 'old',
    });
    await takeSteps(project, project.start(['main.js']), { seen, unseen });
  });
}

for (const watch of ['undefined', "'.'"]) {
  test(`modules of the graph can be ignored, watchPath ${watch}`, async (t) => {
    const project = createProject(t, {
      'main.js': caller({ watch, options: "{ ignored: [/generated/, (path) => path.endsWith('c.js')] }" }),
      'a.js': "import { b } from './generated/b.js'; import { c } from './c.js'; import { d } from './d.js'; export { b, c, d };",
      'generated/b.js': 'export const b = 1;',
      'c.js': 'export const c = 1;',
      'd.js': 'export const d = 1;',
    });
    const app = project.start(['main.js']);
    await expectCall(app, { b: 1, c: 1, d: 1 });
    await app.line(/^ready/);
    await project.write('generated/b.js', 'export const b = 2;');
    await project.write('c.js', 'export const c = 2;');
    await project.write('d.js', 'export const d = 2;');
    await app.line(/^call 2 .*"d":2/);
    await project.write('d.js', 'export const d = 3;');
    await app.line(/^call 3 .*"d":3/);
    assert.doesNotMatch(app.output('stderr'), /b\.js|c\.js/);
  });
}
