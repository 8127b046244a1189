// Which imports share an instance: as in plain Node, by the URL of the module. Each of them is hot.

import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { test } from 'node:test';
import { caller, count, createProject, expectCall } from '../harness/index.js';

const shared = (/** @type {number} */ n) => `
globalThis.instances = (globalThis.instances ?? 0) + 1;
console.log('eval shared', new URL(import.meta.url).search + new URL(import.meta.url).hash);
export const instance = globalThis.instances;
export const n = ${n};
export const file = import.meta.filename.slice(import.meta.dirname.length + 1);`;

const print = 'JSON.stringify([module.instances, module.values, module.files])';

/** @param {string[]} specifiers */
const entry = (specifiers) => `
${specifiers.map((specifier, index) => `import * as m${index} from '${specifier}';`).join('\n')}
const all = [${specifiers.map((_, index) => `m${index}`).join(', ')}];
export const instances = all.map((m) => all.findIndex((each) => each.instance === m.instance));
export const values = all.map((m) => m.n);
export const files = all.map((m) => m.file);`;

const cases = [
  {
    name: 'a query, a hash and both are instances of their own',
    specifiers: ['./x.js', './x.js?a', './x.js#a', './x.js?a#a', './x.js?', './x.js#', './x.js?a', './x.js?b', './%78.js'],
    instances: [0, 1, 2, 3, 0, 0, 1, 7, 0],
  },
  {
    name: 'a file through two links is one instance',
    specifiers: ['./x.js', './link.js', './linked/x.js', '#x', 'app/x', 'workspace', '../packages/workspace/index.js'],
    instances: [0, 0, 0, 0, 0, 5, 5],
  },
  {
    name: 'with --preserve-symlinks each link has an instance',
    flags: ['--preserve-symlinks'],
    specifiers: ['./x.js', './link.js', './linked/x.js', './x.js'],
    instances: [0, 1, 2, 0],
    files: ['x.js', 'link.js', 'x.js', 'x.js'],
  },
  {
    name: 'with --preserve-symlinks-main they have not',
    flags: ['--preserve-symlinks-main'],
    specifiers: ['./x.js', './link.js', './linked/x.js'],
    instances: [0, 0, 0],
  },
];

for (const { name, flags = [], specifiers, instances, files = undefined } of cases) {
  test(name, async (t) => {
    const project = createProject(
      t,
      {
        'main.js': caller({ module: "'./src/a.js'", print }),
        'src/a.js': entry(specifiers),
        'src/x.js': shared(1),
        'packages/workspace/package.json': '{"name":"workspace","type":"module","exports":"./index.js"}',
        'packages/workspace/index.js': shared(1),
      },
      // A linked package would not find its dependencies.
      { install: 'copy', packageJson: { imports: { '#x': './src/x.js' }, exports: { './x': './src/x.js' } } },
    );
    symlinkSync('x.js', project.path('src/link.js'));
    symlinkSync('.', project.path('src/linked'));
    symlinkSync(project.path('packages/workspace'), project.path('node_modules/workspace'));
    const app = project.start([...flags, 'main.js']);
    const isWorkspace = specifiers.map((specifier) => specifier.includes('workspace'));
    const named = files ?? isWorkspace.map((is) => (is ? 'index.js' : 'x.js'));
    await expectCall(app, [instances, specifiers.map(() => 1), named]);
    await app.line(/^ready/);
    assert.equal(count(app, /^eval shared/), new Set(instances).size);
    await project.write('src/x.js', shared(2));
    await expectCall(app, [instances, isWorkspace.map((is) => (is ? 1 : 2)), named], 'every instance is hot');
  });
}
