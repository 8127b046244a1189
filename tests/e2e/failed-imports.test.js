// What `import()` could not load stays so until one of its files changes, as in plain Node.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProject } from '../harness/index.js';

const files = {
  'b.js': 'export const b = 1;',
  'c.cjs': 'exports.q = 1;',
  'missing.js': "import './none.js';",
  'syntax.js': 'let x = ;',
  'syntax-below.js': "import './syntax.js';",
  'link.js': "import { nope } from './b.js';",
  'common.js': "import { nope } from './c.cjs';",
  'builtin.js': "import { nope } from 'fs';",
  'throws.js': "console.log('throws'); throw new RangeError('thrown');",
  'throws-below.js': "import './fine.js'; import './throws.js'; console.log('never');",
  'fine.js': "console.log('fine');",
  'rejects.js': "await null; console.log('rejects'); throw 'a text';",
  'json.js': "import './bad.json' with { type: 'json' };",
  'bad.json': '{',
  'package.js': "import 'none';",
  'throws.cjs': "console.log('cjs throws'); throw new Error('cjs');",
  'a.js': `
    const names = ['./none.js', './missing.js', './syntax.js', './syntax-below.js', './link.js', './common.js', './builtin.js',
      './throws-below.js', './throws.js', './fine.js', './rejects.js', './json.js', './package.js', 'none', './throws.cjs', 'node:none'];
    for (const name of names) {
      const errors = [];
      for (let i = 0; i < 3; i++) errors.push(await import(name).catch((error) => error));
      console.log(name, errors[0].code, errors[0].name, errors[0] === errors[1], errors[1] === errors[2]);
    }`,
};

test('the same error again, or another one', async (t) => {
  const project = createProject(t, {
    ...files,
    'plain.js': "await import('./a.js');",
    'hot.js': "import hmr from 'node-esm-hmr'; await (await hmr('./a.js', undefined, () => {})).close();",
  });
  const [plain, hot] = await Promise.all(
    ['plain.js', 'hot.js'].map(async (main) => {
      const app = project.start([main]);
      await app.end();
      return app.output('stdout') + app.output('stderr');
    }),
  );
  assert.match(plain, /throws-below\.js undefined RangeError true true/);
  assert.equal(hot, plain);
});

test('only a change of its files evaluates a failed module again', async (t) => {
  const project = createProject(t, {
    'main.js': `import hmr from 'node-esm-hmr'; await hmr('./a.js', undefined, async ({ other, load }) => {
      console.log('other', other); console.log(await load()); });`,
    'a.js': `import { other } from './other.js'; export { other };
      export const load = () => import('./failing.js').then(({ value }) => 'value ' + value, (error) => 'failed ' + error.message);`,
    'other.js': 'export const other = 1;',
    'failing.js': "import { value } from './below.js'; console.log('failing runs'); export { value }; if (value < 2) throw new Error(value);",
    'below.js': 'export const value = 0;',
  });
  const app = project.start(['main.js']);
  await app.line(/^failing runs$/);
  await app.line(/^failed 0$/);
  await project.write('other.js', 'export const other = 2;');
  await app.line(/^other 2$/);
  await app.line(/^failed 0$/);
  assert.equal(app.output('stdout').match(/failing runs/g)?.length, 1);
  await project.write('below.js', 'export const value = 1;');
  await app.line(/^failed 1$/);
  await project.write('other.js', 'export const other = 3;');
  await app.line(/^other 3$/);
  await app.line(/^failed 1$/);
  assert.equal(app.output('stdout').match(/failing runs/g)?.length, 2);
  await project.write('below.js', 'export const value = 2;');
  await app.line(/^value 2$/);
});
