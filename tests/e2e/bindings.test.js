// Imported bindings show what they show in plain Node: before they are initialised, when they are
// assigned later, in messages, stacks and on the console. The same program is run both ways.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProject, expectAsPlain, mains } from '../harness/index.js';

const tell = 'const tell = (f) => { try { console.log(f()); } catch (e) { console.log(`${e.name}: ${e.message}`); } };\n';

const pkg = (/** @type {string} */ name, /** @type {string} */ text) => ({
  [`node_modules/${name}/package.json`]: '{"type":"module","exports":"./index.js"}',
  [`node_modules/${name}/index.js`]: text,
});

/** @type {Record<string, Record<string, string>>} */
const programs = {
  'V8 words errors about imports of a cycle as ever': {
    'a.js': `import './b.js'; export let f = 1, none; export const o = {}; import { run } from './b.js'; run();`,
    'b.js': `import { f, o, none } from './a.js'; ${tell} export function run() {
      tell(() => f()); tell(() => f.g()); tell(() => new f()); tell(() => f\`x\`); tell(() => f?.()); tell(() => none?.());
      tell(() => { for (const x of f); }); tell(() => { const { x } = none; });
      tell(() => none.x); tell(() => o.x.y); tell(() => [...f]); tell(() => class extends f {}); tell(() => 'x' in f);
      tell(() => { f = 2; }); tell(() => f++); tell(() => { [f] = [1]; }); tell(() => ({ f, o })); tell(() => typeof f + typeof none);
      tell(() => o()); tell(() => o.p()); tell(() => f instanceof o); tell(() => new o.X(f)); tell(() => { delete o.x; return f.x = 1; }); }
      tell(() => f); tell(() => o.x); tell(() => typeof f); tell(() => ({ f })); tell(() => f());`,
  },
  'statements without semicolons': {
    'a.js': "import { run } from './b.js'\nexport let f = (x) => x\nexport const o = { g: 1 }\nconsole.log(run(1))",
    'b.js': `import { f, o } from './a.js'
      export function run(n) {
        class A {
          x = 1
          static y = () => f
          static { let z = 1
            f }
        }
        let x = n
        f(2)
        x
        o.g = 5
        if (x) o.g++
        else f(x)
        do f(x)
        while (!x)
        switch (x) { case 1: x
          f(3) }
        const y = () => x
        o.h = y
        return [x, o, A.y()(7), f
          (8)]
      }`,
  },
  'this is undefined in calls of imports': {
    'a.js': "import { run } from './b.js'; export let f = function () { return this; }, o = { f }; run();",
    'b.js': "import { f, o } from './a.js'; export function run() { console.log(f(), f`x`, f?.(), o.f() === o, (0, f)(), (f)()); }",
  },
  'bindings that are assigned later, through every kind of import and re-export': {
    'a.js': `import { types } from 'node:util'; import * as ns from './b.js'; import d, { n, n as same, bump, set } from './c.js'; import * as barrel from './c.js';
      import { n as again } from './d.js'; import * as late from './d.js';
      const show = () => console.log(n, same, again, late.n, typeof d, ns, barrel, late);
      show(); bump(); show(); set(() => 1); show(); console.log(types.isModuleNamespaceObject(ns), types.isModuleNamespaceObject(barrel));
      console.log((await import('./b.js')) === ns, Object.getOwnPropertyDescriptor(ns, 'n'), { n, ...ns });
      ns.loop(); show(); try { ns.fails(); } catch (e) { console.log(e.message); } show(); console.log(ns.pattern(), n); show();
      ns.timer(); setTimeout(() => { show(); }, 5); console.log(new Error('x').stack.split('\\n')[1].trim()); console.log(n(), new Error('x').stack.split('\\n')[1].trim());`,
    'b.js': `export let n = 0, m; export var v; export const bump = () => n++; export default function f() {} export class C {}
      export const set = (x) => { n = x; f = 7; C = null; }; export function loop() { for (n of [1, 2, 3]); for (m in { a: 1, b: 2 }) v = m; }
      export const fails = () => { n = n.x.y; }; export const timer = () => setTimeout(() => { n = 'timer'; }); export { n as alias };
      export const pattern = () => { ({ n, m = () => {} } = { n: () => 'called' }); return m.name; };`,
    'c.js': "export * from './b.js'; export { default } from './b.js'; import { v } from './b.js'; export { v as w };",
    'd.js': "export { n } from './c.js';",
  },
  'assignments that are told keep their meaning': {
    'a.js': "import { run, n, f } from './b.js'; console.log(run()); console.log(n, f?.name);",
    'b.js': `export let n = 0, f
      export function run() {
        let out = [], o = { set x(v) { out.push('x', n) } }
        f = () => {}
        out.push(f.name, n++, ++n, n += 2, n **= 2, -n++, typeof++n, n ||= 5, n &&= 0, n ??= 1)
        f = () => {}
        (out)
        n++
        ;[o.x] = [1]
        const g = () => n++
        ;(out)
        n++
        \`x\`
        class A { a = n++
          ['b'] = n++ }
        out.push(Object.values(new A()).join(), g())
        if (out) n++
        else n--
        do n++
        while (n < 10)
        for (n of [1, 2]) for (f in { k: 1 }) out.push(n, f)
        label: for (n of [5, 6]) { continue label }
        return out.concat(n)
      }`.replaceAll('\\`', '`'),
  },
  'namespaces with names of packages': {
    'a.js': `import { types } from 'node:util'; import './first.js'; import * as ns from './b.js'; import './last.js'; import * as nested from './nested.js'; import * as flat from './flat.js';
      const show = (name, it) => console.log(name, it, types.isModuleNamespaceObject(it), Object.keys(it).join(), 'default' in it, 'own' in it && it.own);
      show('ns', ns); show('flat', flat); console.log(Object.keys(nested).join(), nested.hidden, nested.own); ns.set(5); show('ns', ns); ns.setPackage(7); show('ns', ns);
      show('late', await import('./late.js')); show('again', await import('./again.js')); console.log(Object.keys(await import('./both.js')).join());
      console.log(Object.keys(await import('./builtin.js')).length, types.isModuleNamespaceObject(await import('./builtin.js'))); console.log((await import('./b.js')) === ns);`,
    'first.js': "console.log('first');", 'last.js': "console.log('last');",
    'b.js': "console.log('b'); export * from 'one'; export let own = 1; export const set = (v) => { own = v; }; export const hidden = 'b';",
    'nested.js': "console.log('nested'); export * from './b.js'; export * from 'cjs'; export default 1;",
    'flat.js': "console.log('flat'); export * from 'cjs'; export * from './c.js'; export const mine = 1;", 'c.js': "export const c = 'hot', x = 2;",
    'late.js': "console.log('late'); import './first.js'; export * from 'two'; export * from './first.js'; export const l = 1;",
    'again.js': "export * from 'one'; export const more = 1;",
    'both.js': "export * from 'one'; export * from 'two'; export * from './same.js'; export const b = 1;",
    'same.js': "export * from 'one'; export const hidden = 'same';",
    'builtin.js': "export * from 'fs';",
    ...pkg('one', "console.log('one'); export let state = 0; export const setPackage = (v) => { state = v; }; export const hidden = 'one', shared = 1; export default 'one';"),
    ...pkg('two', "console.log('two'); export const shared = 2, two = await 2; console.log('two ends');"),
    'node_modules/cjs/index.js': "console.log('cjs'); exports.c = 1; exports.d = 2;",
  },
  'an uncaught error on the first line': {
    'a.js': 'setTimeout(() => { globalThis.none.x; });',
  },
  'a binding that direct eval assigns': {
    'a.js': "import * as ns from './b.js'; import { n, set } from './b.js'; set('n = 5'); console.log(n, ns.n); set('n++'); console.log(n, ns.n);",
    'b.js': 'export let n = 0; export const set = (code) => eval(code);',
  },
  'a module that assigns before it has finished': {
    'a.js': "import { n } from './b.js'; import * as ns from './b.js'; console.log(n, ns.n);",
    'b.js': 'export let n = 0; const bump = () => n++; bump(); await null; bump(); n = n + 10; await null; bump();',
  },
};

for (const [name, files] of Object.entries(programs)) {
  test(name, async (t) => {
    const project = createProject(t, { 'b.js': '', ...mains, ...files });
    await expectAsPlain(project);
  });
}

const counter = (/** @type {number} */ start) => `export let n = ${start}; export const bump = () => n++;`;

test('a new instance of an importer is told, and an old one that still runs', async (t) => {
  const project = createProject(t, {
    'main.js': `import hmr from 'node-esm-hmr'; const all = [];
      await hmr('./a.js', undefined, ({ bump, read }) => { all.push(read); bump(); bump(); console.log('read', ...all.map((one) => one())); });`,
    'c.js': counter(0),
  });
  const version = (/** @type {number} */ v) =>
    project.write('a.js', `import { n, bump } from './c.js'; export { bump }; export const read = () => 'v${v}:' + n;`);
  await version(1);
  const app = project.start(['main.js']);
  await app.line(/^read v1:2$/);
  await version(2);
  await app.line(/^read v1:4 v2:4$/);
  await project.write('a.js', "import { n, bump } from './c.js'; bump(); throw new Error('broken');");
  await app.line(/Error: broken/);
  await version(3);
  await app.line(/^read v1:7 v2:7 v3:7$/);
  await project.write('c.js', counter(10));
  await app.line(/^read v1:7 v2:7 v3:7 v3:12$/);
});

test('an importer that stays while what it imports is replaced is told by the new one', async (t) => {
  const project = createProject(t, {
    'main.js': `import hmr from 'node-esm-hmr';
      let read; const olds = [];
      hmr('./a.js', undefined, (a) => { read = a.read; return new Promise(() => {}); });
      await hmr('./c.js', undefined, (c) => { olds.push(c.bump); for (const bump of olds) bump(); setTimeout(() => console.log('read', read())); });`,
    'a.js': "import { n, bump } from './c.js'; import * as ns from './c.js'; console.log('eval a'); export const read = () => [n, ns.n, { ...ns }.n].join();",
    'c.js': counter(0),
  });
  const app = project.start(['main.js']);
  await app.line(/^read 1,1,1$/);
  await project.write('c.js', counter(5));
  await app.line(/^read 6,6,6$/);
  await project.write('c.js', "export let n = 7; export const bump = () => {}; throw new Error('broken');");
  await app.line(/Error: broken/);
  await project.write('c.js', counter(8));
  await app.line(/^read 9,9,9$/);
  assert.equal(app.lines.filter(({ text }) => text === 'eval a').length, 1);
});
