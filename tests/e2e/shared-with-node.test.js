// A module that the caller, or the main entry, had imported through Node is shared with the hot side, not evaluated
// twice. After a change the hot side has the new one, and a line says so.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { caller, count, createProject, expectCall } from '../harness/index.js';

/** Says when it is evaluated; two imports of it are compared by `identity`. */
const shared = (n = 1) => `console.log('eval shared');\nexport const shared = ${n};\nexport const identity = {};\n`;

const print = 'JSON.stringify([module.shared, module.identity === native.identity])';

/**
 * Programs in which `./shared.js` is loaded by Node first.
 *
 * @type {Record<string, {files: Record<string, string>, args?: string[]}>}
 */
const programs = {
  'the caller imports the module itself': {
    files: { 'main.js': caller({ module: "'./shared.js'", before: "import * as native from './shared.js';", print }) },
  },
  'the caller has imported the module dynamically': {
    files: { 'main.js': caller({ module: "'./shared.js'", before: "const native = await import('./shared.js');", print }) },
  },
  'the caller imports what the module imports': {
    files: {
      'main.js': caller({ before: "import * as native from './shared.js';", print }),
      'a.js': "export * from './shared.js';",
    },
  },
  'the caller has dynamically imported what the module imports': {
    files: {
      'main.js': caller({ before: "const native = await import('./shared.js');", print }),
      'a.js': "export { shared, identity } from './shared.js';",
    },
  },
  'the caller imports it through another module': {
    files: {
      'main.js': caller({ before: "import { native } from './middle.js';", print }),
      'middle.js': "export * as native from './shared.js';",
      'a.js': "export { shared, identity } from './shared.js';",
    },
  },
  'the main entry imports it, and another file calls hmr()': {
    files: {
      'main.js': "import * as native from './shared.js'; globalThis.native = native; await import('./src/caller.js');",
      'src/caller.js': caller({ module: "'../a.js'", print }),
      'a.js': "export { shared, identity } from './shared.js';",
    },
  },
  'the main entry imports it and the caller statically': {
    files: {
      'main.js': "import * as native from './shared.js'; import './src/caller.js';",
      'src/caller.js': caller({ module: "'../a.js'", print: 'JSON.stringify([module.shared, true])' }),
      'a.js': "export { shared, identity } from './shared.js';",
    },
  },
  'the hot module imports it dynamically': {
    files: {
      'main.js': caller({ before: "import * as native from './shared.js';", print }),
      'a.js': "const { shared, identity } = await import('./shared.js'); export { shared, identity };",
    },
  },
};

for (const [name, { files, args = ['main.js'] }] of Object.entries(programs)) {
  test(`${name}: evaluated once, and after a change the hot side has the new one`, async (t) => {
    const project = createProject(t, { ...files, 'shared.js': shared() });
    const app = project.start(args);
    await expectCall(app, [1, true]);
    await app.line(/^ready/);
    assert.equal(count(app, /^eval shared/), 1, 'evaluated once');
    await project.write('shared.js', shared(2));
    const [, value] = await app.line(/^call 2 \[(\d)/);
    assert.equal(value, '2');
    assert.equal(count(app, /^eval shared/), 2, 'evaluated once more');
    const told = /^(?=.*(main|middle|caller|shared)\.js)(?!.* ms$)/;
    await app.line(told, { stream: 'stderr' });
    await project.write('shared.js', shared(3));
    await app.line(/^call 3 \[3/);
    await app.line(/ ms$/, { stream: 'stderr' });
    assert.equal(count(app, /loaded by Node/), 1, 'one line says what was left behind');
  });
}

test('state that the caller and hot code share stays shared over updates of the hot code', async (t) => {
  const project = createProject(t, {
    'main.js': caller({
      before: "import { state } from './state.js';",
      print: 'JSON.stringify([module.version, module.count(), state.n])',
    }),
    'a.js': "import { state } from './state.js'; export const version = 1; export const count = () => ++state.n;",
    'state.js': "console.log('eval state'); export const state = { n: 0 };",
  });
  const app = project.start(['main.js']);
  await expectCall(app, [1, 1, 1]);
  await project.edit('a.js', 'version = 1', 'version = 2');
  await expectCall(app, [2, 2, 2]);
  await project.edit('a.js', 'version = 2', 'version = 3');
  await expectCall(app, [3, 3, 3]);
  assert.equal(count(app, /^eval state/), 1);
  assert.equal(count(app, /loaded by Node/), 0, 'nothing was left behind');
});

test('hot code that imports the main entry gets the running one', async (t) => {
  const project = createProject(t, {
    'main.js': `import hmr from 'node-esm-hmr';
      console.log('eval main');
      export const app = { n: 1 };
      hmr('./a.js', undefined, (module) => console.log('call', module.v, module.app === app));`,
    'a.js': "export { app } from './main.js'; export const v = 1;",
  });
  const app = project.start(['main.js']);
  await app.line(/^call 1 true/);
  await project.edit('a.js', 'v = 1', 'v = 2');
  await app.line(/^call 2 true/);
  assert.equal(count(app, /^eval main/), 1);
});

test('hot code that imports the caller, which awaits hmr() at top level after a timer', async (t) => {
  const project = createProject(t, {
    'main.js': "import './caller.js';",
    'caller.js': `import hmr from 'node-esm-hmr';
      console.log('eval caller');
      export const app = { n: 1 };
      setTimeout(() => hmr('./a.js', undefined, (module) => console.log('call', module.v, module.app === app)), 1);`,
    'a.js': "export { app } from './caller.js'; export const v = 1;",
  });
  const app = project.start(['main.js']);
  await app.line(/^call 1 true/);
  await project.edit('a.js', 'v = 1', 'v = 2');
  await app.line(/^call 2 true/);
  assert.equal(count(app, /^eval caller/), 1);
});

test('packages are shared: one instance for caller, hot code and require', async (t) => {
  const project = createProject(t, {
    'main.js': caller({ before: "import esm from 'esm'; import cjs from 'cjs';", print: 'JSON.stringify([module.v, module.esm === esm, module.cjs === cjs])' }),
    'a.js': "export { default as esm } from 'esm'; export { default as cjs } from 'cjs'; export const v = 1;",
    'node_modules/esm/package.json': '{"type":"module","exports":"./index.js"}',
    'node_modules/esm/index.js': "console.log('eval esm'); export default {};",
    'node_modules/cjs/index.js': "console.log('eval cjs'); module.exports = {};",
  });
  const app = project.start(['main.js']);
  await expectCall(app, [1, true, true]);
  await project.edit('a.js', 'v = 1', 'v = 2');
  await expectCall(app, [2, true, true]);
  assert.equal(count(app, /^eval/), 2);
});
