// Imported bindings show what they show in plain Node: before they are initialised, when they are
// assigned later, in messages, stacks and on the console. The same program is run both ways.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProject } from '../harness/index.js';

const tell = 'const tell = (f) => { try { console.log(f()); } catch (e) { console.log(`${e.name}: ${e.message}`); } };\n';

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
};

const mains = {
  'plain.js': "try { await import('./a.js'); } catch (error) { console.log('failed', error.name, error.message); }",
  'hot.js': `import hmr from 'node-esm-hmr';
    const handle = await hmr('./a.js', undefined, () => {});
    await handle.close();`,
};

for (const [name, files] of Object.entries(programs)) {
  test(name, async (t) => {
    const project = createProject(t, { 'b.js': '', ...mains, ...files });
    const [plain, hot] = await Promise.all(
      ['plain.js', 'hot.js'].map(async (main) => {
        const app = project.start([main]);
        await app.end();
        return app.output('stdout') + app.output('stderr');
      }),
    );
    assert.notEqual(plain, '');
    assert.equal(hot, plain);
  });
}
