// What an update evaluates: the changed modules and those between them and the module given to hmr(), nothing else.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { caller, count, createProject, expectCall } from '../harness/index.js';

/** Modules that say when they are evaluated, from their dependencies and a value. */
function chain(/** @type {Record<string, string[]>} */ graph) {
  return Object.fromEntries(Object.entries(graph).map(([name, dependencies]) => [`${name}.js`, node(name, dependencies)]));
}

/** A module whose export is its own value and those of its dependencies. */
function node(/** @type {string} */ name, /** @type {string[]} */ dependencies, value = 1) {
  const imports = dependencies.map((other) => `import { value as ${other} } from './${other}.js';\n`);
  const values = [`${value}`, ...dependencies].join(" + '' + ");
  return `${imports.join('')}console.log('eval ${name}');\nexport const value = ${values} + '';\nexport const identity = {};\n`;
}

const print = 'JSON.stringify(module.value)';

/** @param {import('../harness/index.js').App} app */
function evaluations(app) {
  return app.lines.filter(({ text }) => text.startsWith('eval ')).map(({ text }) => text.slice(5)).join(' ');
}

/**
 * @type {Record<string, {graph: Record<string, string[]>, first: string, changed: string, dependencies?: string[], then: string}>}
 * `first` and `then`: the order in which modules are evaluated at first, and after `changed` was saved
 */
const updates = {
  'the module itself': { graph: { a: ['b'], b: [] }, first: 'b a', changed: 'a', then: 'a' },
  'one import down': { graph: { a: ['b'], b: [] }, first: 'b a', changed: 'b', then: 'b a' },
  'two imports down, a sibling keeps its instance': {
    graph: { a: ['b', 's'], b: ['c', 't'], c: [], s: ['t'], t: [] },
    first: 'c t b s a',
    changed: 'c',
    then: 'c b a',
  },
  'a diamond: each once': {
    graph: { a: ['b', 'c'], b: ['d'], c: ['d'], d: [] },
    first: 'd b c a',
    changed: 'd',
    then: 'd b c a',
  },
  'half a diamond': { graph: { a: ['b', 'c'], b: ['d'], c: ['d'], d: [] }, first: 'd b c a', changed: 'c', then: 'c a' },
  'ten imports down': {
    graph: { a: ['b'], b: ['c'], c: ['d'], d: ['e'], e: ['f'], f: ['g'], g: ['h'], h: ['i'], i: ['j'], j: ['k'], k: [] },
    first: 'k j i h g f e d c b a',
    changed: 'k',
    then: 'k j i h g f e d c b a',
  },
  'a module that gets a new import': {
    graph: { a: ['b'], b: [], n: ['o'], o: [] },
    first: 'b a',
    changed: 'b',
    dependencies: ['n'],
    then: 'o n b a',
  },
  'a module that gets an import that is evaluated already': {
    graph: { a: ['b', 'c'], b: [], c: [] },
    first: 'b c a',
    changed: 'b',
    dependencies: ['c'],
    then: 'b a',
  },
  'a module that loses an import': {
    graph: { a: ['b'], b: ['c'], c: [] },
    first: 'c b a',
    changed: 'b',
    dependencies: [],
    then: 'b a',
  },
};

for (const [name, { graph, first, changed, dependencies = graph[changed], then }] of Object.entries(updates)) {
  test(`a change of ${name}`, async (t) => {
    const project = createProject(t, { 'main.js': caller({ print }), ...chain(graph) });
    const app = project.start(['main.js']);
    await app.line(/^call 1/);
    await app.line(/^ready/);
    assert.equal(evaluations(app), first);
    for (const round of [2, 3]) {
      await project.write(`${changed}.js`, node(changed, dependencies, round));
      const [, value] = await app.line(new RegExp(`^call ${round} "(.*)"`));
      assert.match(value, new RegExp(`${round}`));
    }
    const again = then.split(' ').filter((other) => !['n', 'o'].includes(other)).join(' ');
    assert.equal(evaluations(app), `${first} ${then} ${again}`);
  });
}

test('modules that are not affected keep their instance and state, and see the new ones', async (t) => {
  const project = createProject(t, {
    'main.js': caller({ print: 'JSON.stringify([module.text, module.next(), module.same()])' }),
    'a.js': `import { text } from './text.js'; import { next, same } from './state.js'; export { text, next, same };`,
    'text.js': "export const text = 'one';",
    'state.js': `let n = 0; export const next = () => ++n;
      globalThis.state ??= next; export const same = () => globalThis.state === next;`,
  });
  const app = project.start(['main.js']);
  await expectCall(app, ['one', 1, true]);
  await project.write('text.js', "export const text = 'two';");
  await expectCall(app, ['two', 2, true]);
  await project.write('text.js', "export const text = 'three';");
  await expectCall(app, ['three', 3, true]);
});

test('a removed import is no longer watched; imported again, it is evaluated from its present text', async (t) => {
  const project = createProject(t, {
    'main.js': caller(),
    'a.js': "export { b } from './b.js'; export const a = 1;",
    'b.js': "console.log('eval b'); export const b = 1;",
  });
  const app = project.start(['main.js']);
  await expectCall(app, { a: 1, b: 1 });
  await app.line(/^ready/);
  await project.write('a.js', 'export const a = 2;');
  await expectCall(app, { a: 2 });
  await project.write('b.js', "console.log('eval b'); export const b = 2;");
  await project.write('a.js', 'export const a = 3;');
  await expectCall(app, { a: 3 });
  await project.write('a.js', "export { b } from './b.js'; export const a = 4;");
  await expectCall(app, { a: 4, b: 2 });
  await project.write('b.js', "console.log('eval b'); export const b = 3;");
  await expectCall(app, { a: 4, b: 3 });
  assert.equal(count(app, /^eval b/), 3);
});

test('a change of a file outside the graph evaluates the module itself anew, not its imports', async (t) => {
  const project = createProject(t, {
    'main.js': caller({ watch: "['a.js', 'page.html']", print: 'JSON.stringify(module.value)' }),
    'a.js': `import { readFileSync } from 'node:fs'; import { value as b } from './b.js';
      console.log('eval a'); export const value = b + readFileSync('page.html', 'utf8');`,
    'b.js': node('b', []),
    'page.html': ' old',
  });
  const app = project.start(['main.js']);
  await expectCall(app, '1 old');
  await app.line(/^ready/);
  await project.write('page.html', ' new');
  await expectCall(app, '1 new');
  assert.equal(evaluations(app), 'b a a');
});

test('several hmr() calls share instances: each module is evaluated once per change', async (t) => {
  const project = createProject(t, {
    'main.js': `import hmr from 'node-esm-hmr';
      const got = {};
      await Promise.all(['a', 'b', 's', 'a'].map((name, index) =>
        hmr('./' + name + '.js', undefined, (module) => {
          got[index] = module;
          console.log('got', index, module.value, got[0]?.shared === got[1]?.shared);
        })));
      console.log('ready', got[0].shared === got[1].shared, got[2].identity === got[0].shared, got[0] === got[3]);
      process.on('SIGUSR2', () =>
        console.log('now', got[0].shared === got[1].shared, got[2].identity === got[0].shared, got[0] === got[3]));`,
    'a.js': `${node('a', ['s'])} export { identity as shared } from './s.js';`,
    'b.js': `${node('b', ['s'])} export { identity as shared } from './s.js';`,
    's.js': node('s', []),
  });
  const app = project.start(['main.js']);
  await app.line(/^ready true true true/);
  assert.deepEqual(evaluations(app).split(' ').sort(), ['a', 'b', 's']);
  await project.write('s.js', node('s', [], 2));
  for (const index of [0, 1, 2, 3]) await app.until(() => count(app, new RegExp(`^got ${index} .*2`)) === 1, `call ${index}`);
  assert.deepEqual(evaluations(app).split(' ').sort(), ['a', 'a', 'b', 'b', 's', 's']);
  app.signal('SIGUSR2');
  await app.line(/^now true true true/);
  await project.write('b.js', project.read('b.js').replace('= 1', '= 3'));
  await app.line(/^got 1 3/);
  assert.equal(count(app, /^got/), 9, 'only the second call is concerned');
});

test('a change of one of two files that hmr() was called for and that import one another', async (t) => {
  const project = createProject(t, {
    'main.js': `import hmr from 'node-esm-hmr';
      await hmr('./inner.js', undefined, (module) => console.log('inner', module.value));
      await hmr('./outer.js', undefined, (module) => console.log('outer', module.value));
      console.log('ready');`,
    'outer.js': node('outer', ['inner']),
    'inner.js': node('inner', []),
  });
  const app = project.start(['main.js']);
  await app.line(/^ready/);
  await project.write('inner.js', node('inner', [], 2));
  await app.line(/^inner 2/);
  await app.line(/^outer 12/);
  assert.equal(evaluations(app), 'inner outer inner outer');
});

test('import() in hot code gives the module of the last update', async (t) => {
  const project = createProject(t, {
    'main.js': `import hmr from 'node-esm-hmr';
      let calls = 0;
      await hmr('./a.js', undefined, async (module) => {
        const { b } = await module.load();
        console.log('call', ++calls, JSON.stringify(b), b === (await module.load()).b, module.one === (await module.load()).one);
      });`,
    'a.js': "export const load = () => import('./b.js'); export { one } from './one.js';",
    'b.js': "export const b = 1; export { one } from './one.js';",
    'one.js': "console.log('eval one'); export const one = {};",
  });
  const app = project.start(['main.js']);
  await app.line(/^call 1 1 true true/);
  await project.edit('b.js', 'b = 1', 'b = 2');
  await app.line(/^call 2 2 true true/);
  await project.edit('a.js', './b.js', './c.js');
  await app.line(/c\.js|waiting|call 3/);
  await project.write('c.js', 'export const b = 3; export const one = 0;');
  await project.edit('a.js', 'export const load', 'export const added = 1;\nexport const load');
  await app.line(/^call \d 3 true false/);
  assert.equal(count(app, /^eval one/), 1);
});

test('import() with top-level await gives the new module while the update is under way', async (t) => {
  const project = createProject(t, {
    'main.js': caller(),
    'a.js': "const { b } = await import('./b.js'); export { b };",
    'b.js': 'export const b = 1;',
  });
  const app = project.start(['main.js']);
  await expectCall(app, { b: 1 });
  await app.line(/^ready/);
  await project.write('b.js', 'export const b = 2;');
  await expectCall(app, { b: 2 });
});

test('import() of a path that is put together at run time', async (t) => {
  const project = createProject(t, {
    'main.js': caller({ watch: "'src'", module: "'./src/a.js'" }),
    'src/a.js': "const name = 'b'; const { b } = await import(`./${name}.js`); export { b };",
    'src/b.js': 'export const b = 1;',
  });
  const app = project.start(['main.js']);
  await expectCall(app, { b: 1 });
  await app.line(/^ready/);
  await project.write('src/b.js', 'export const b = 2;');
  await expectCall(app, { b: 2 });
});
