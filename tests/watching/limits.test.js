// Tests 15 and 16 of the fault list, and what the package says of limits: one line, with cause and remedy.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { renameSync } from 'node:fs';
import { test } from 'node:test';
import { caller, count, createProject, expectCall } from '../harness/index.js';

const namespaces = spawnSync('unshare', ['-Urm', 'true']).status === 0;
const noNamespaces = namespaces ? false : 'namespaces are not allowed here';

for (const [limit, value, said] of /** @type {[string, number, RegExp][]} */ ([
  ['max_inotify_watches', 6, /limit of file watches.*sudo sysctl fs\.inotify\.max_user_watches/],
  ['max_inotify_instances', 0, /limit of inotify instances.*sudo sysctl fs\.inotify\.max_user_instances/],
])) {
  test(`${limit} is reached: one line, and every save is seen`, { skip: noNamespaces }, async (t) => {
    const names = Array.from({ length: 7 }, (_, index) => `d${index}/m.js`);
    const project = createProject(t, {
      'main.js': caller({ print: 'JSON.stringify(module.all)' }),
      'a.js': `${names.map((name, index) => `import m${index} from './${name}';`).join('\n')}\nexport const all = [${names.map((_, index) => `m${index}`)}];`,
      ...Object.fromEntries(names.map((name) => [name, 'export default 0;'])),
    });
    const limited = `echo ${value} > /proc/sys/user/${limit} && exec "$0" main.js`;
    const app = project.start(['-Urm', 'sh', '-c', limited, process.execPath], { execPath: 'unshare' });
    const state = names.map(() => 0);
    await expectCall(app, state);
    await app.line(/^ready/);
    for (const [index, name] of names.entries()) {
      await project.write(name, `export default ${index + 1};`);
      state[index] = index + 1;
      await expectCall(app, state, name);
    }
    assert.equal(count(app, said), 1, app.output());
    assert.equal(count(app, /limit of/), 1, app.output());
  });
}

test('a folder that is moved away, made again and edited', async (t) => {
  const project = createProject(t, {
    'main.js': caller({ print: 'JSON.stringify(module.b)' }),
    'a.js': "export { b } from './src/b.js';",
    'src/b.js': 'export const b = 0;',
  });
  const app = project.start(['main.js']);
  await expectCall(app, 0);
  for (const n of [1, 2, 3]) {
    renameSync(project.path('src'), project.path(`away${n}`));
    await project.write('src/b.js', `export const b = ${n};`);
    await expectCall(app, n);
  }
  await project.write('away3/b.js', 'export const b = 100;');
  await project.write('src/b.js', 'export const b = 4;');
  await expectCall(app, 4);
});
