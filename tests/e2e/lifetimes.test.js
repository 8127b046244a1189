// Which instance is current, over the whole life of entries, transactions and claims.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { count, createProject } from '../harness/index.js';

test('a module of a closed entry is read again by the next one', async (t) => {
  const project = createProject(t, {
    'main.js': `
      import { writeFileSync } from 'node:fs';
      import hmr from 'node-esm-hmr';
      const show = (module) => console.log('v', module.v);
      const first = await hmr('./a.js', undefined, show);
      await first.close();
      writeFileSync('a.js', 'export const v = 2;');
      const second = await hmr('./a.js', undefined, show);
      console.log('old handle', first.module.v);
      await second.close();`,
    'a.js': 'export const v = 1;',
  });
  const app = project.start(['main.js']);
  await app.line(/^v 1$/);
  await app.line(/^v 2$/);
  await app.line(/^old handle 1$/);
  await app.end();
});

test('closing one of two entries of a module leaves it to the other', async (t) => {
  const project = createProject(t, {
    'main.js': `
      import hmr from 'node-esm-hmr';
      const one = await hmr('./a.js', undefined, () => {});
      await hmr('./a.js', undefined, (module) => console.log('v', module.v));
      await one.close();
      console.log('ready');`,
    'a.js': 'export const v = 1;',
  });
  const app = project.start(['main.js']);
  await app.line(/^ready/);
  await project.write('a.js', 'export const v = 2;');
  await app.line(/^v 2$/);
});

test('a sibling with top-level await that ends after a failed first load counts, and can be updated', async (t) => {
  const project = createProject(t, {
    'main.js': "import hmr from 'node-esm-hmr'; hmr('./a.js', '.', ({ slow }) => console.log('slow', slow));",
    'a.js': "export { slow } from './slow.js'; import './bad.js';",
    'slow.js': "await new Promise((resolve) => setTimeout(resolve, 300)); console.log('ran'); export const slow = 1;",
    'bad.js': "throw new Error('bad');",
  });
  const app = project.start(['main.js']);
  await app.line(/waiting for changes/);
  await app.line(/^ran/);
  await project.write('bad.js', '');
  await app.line(/^slow 1$/);
  assert.equal(count(app, /^ran$/), 1);
  await project.write('slow.js', 'export const slow = 2;');
  await app.line(/^slow 2$/);
});

test('the retry of a failed update does not wait for the version that failed', async (t) => {
  const slow = (/** @type {number} */ n, /** @type {number} */ pause) =>
    `await new Promise((resolve) => setTimeout(resolve, ${pause})); export const slow = ${n};`;
  const project = createProject(t, {
    'main.js': "import hmr from 'node-esm-hmr'; await hmr('./a.js', '.', ({ slow }) => console.log('slow', slow)); console.log('ready');",
    'a.js': "export { slow } from './slow.js'; import './bad.js';",
    'slow.js': slow(1, 1),
    'bad.js': '',
  });
  const app = project.start(['main.js']);
  await app.line(/^ready/);
  await project.write('slow.js', slow(2, 1000));
  await project.write('bad.js', "throw new Error('bad');");
  await app.line(/waiting for changes/);
  await project.write('slow.js', slow(3, 1));
  await project.write('bad.js', '// good');
  await app.line(/^slow 3$/);
});

test('a hot caller does not make its imports modules of Node', async (t) => {
  const project = createProject(t, {
    'main.js': "import hmr from 'node-esm-hmr'; await hmr('./b.js', undefined, () => {}); console.log('ready');",
    'b.js': `import { o } from './s.js'; import hmr from 'node-esm-hmr';
      hmr('./c.js', undefined, async () => {
        const d = await import('./d.js');
        console.log('same', d.o === o);
      });`,
    'c.js': '',
    'd.js': "export { o } from './s.js';",
    's.js': "console.log('eval s'); export const o = {};",
  });
  const app = project.start(['main.js']);
  await app.line(/^same true/);
  assert.equal(count(app, /^eval s$/), 1);
});

test('an error that comes back after the text was good again is told again', async (t) => {
  const project = createProject(t, {
    'main.js': "import hmr from 'node-esm-hmr'; await hmr('./a.js', undefined, () => {}); console.log('ready');",
    'a.js': 'export const a = 1;',
  });
  const app = project.start(['main.js']);
  await app.line(/^ready/);
  for (let round = 0; round < 2; round += 1) {
    await project.write('a.js', 'export const a = ;');
    await app.line(/waiting for changes/);
    await project.write('a.js', 'export const a = 1;');
    await project.write('a.js', `export const a = ${round + 2};`);
    await app.line(/a\.js → a\.js/);
    await project.write('a.js', 'export const a = 1;');
    await app.line(/a\.js → a\.js/);
  }
});

test('a live call begins with a name: the line above needs no semicolon', async (t) => {
  const project = createProject(t, {
    'main.js': "import hmr from 'node-esm-hmr'; await hmr('./a.js', undefined, ({ a }) => console.log('a', a));",
    'a.js': "import { g } from './g.js'\nexport const a = 1\ng()\n",
    'g.js': "export let g = () => console.log('called', this)\nexport const set = () => { g = undefined }\n",
  });
  const app = project.start(['main.js']);
  await app.line(/^called undefined/);
  await app.line(/^a 1/);
});

test('what import() loads in the middle of an update links to the new versions and stays with them', async (t) => {
  const project = createProject(t, {
    'main.js': "import hmr from 'node-esm-hmr'; await hmr('./e.js', '.', ({ all }) => console.log('all', all())); console.log('ready');",
    'e.js': "import { s } from './s.js'; export const all = () => String(s);",
    's.js': 'export const s = 1;',
    'lazy.js': "import { s } from './s.js'; export const lazy = () => s;",
  });
  const app = project.start(['main.js']);
  await app.line(/^ready/);
  await project.write('s.js', 'export const s = ;');
  await app.line(/waiting for changes/);
  const text = "import { s } from './s.js'; const { lazy } = await import('./lazy.js'); export const all = () => [s, lazy()].join();";
  await project.write('e.js', text);
  await project.write('s.js', 'export const s = 2;');
  await app.line(/^all 2,2$/);
  await project.write('s.js', 'export const s = 3;');
  await app.line(/^all 3,3$/);
});
