// Shrunk random graphs that once ran differently, with the seed of tests/differential/generate.js where it stands.

import { conform } from './conform.js';

conform('graphs', {
  '16.2.1.6 InnerModuleEvaluation': {
    'an importer of a member of a waiting cycle waits for its root': `
      import './root.mjs'; import './outside.mjs'; log('main');
      --- root.mjs
      import * as member from './member.mjs'; await null; log('root ends');
      --- member.mjs
      export * as root from './root.mjs'; log('member');
      --- outside.mjs
      import './between.mjs'; log('outside');
      --- between.mjs
      import './member.mjs'; log('between');`,
    'a member of a failed cycle fails again without running others': `
      const fails = (name) => import(name).catch((error) => log(name, error)); await fails('./a.mjs'); await fails('./c.mjs'); await fails('./b.mjs');
      --- a.mjs
      import './b.mjs'; log('never a');
      --- b.mjs
      import './c.mjs'; log('never b');
      --- c.mjs
      import './a.mjs'; log('c'); throw new Error('c throws');`,
    'a new instance of an importer of a failed module does not run': `
      const fails = (name) => import(name).catch((error) => log(name, error)); await fails('./a.mjs'); await fails('./a.mjs?2');
      --- a.mjs
      import * as b from './b.mjs'; log('never a');
      --- b.mjs
      import * as a from './a.mjs'; log('b'); throw new Error('b throws');`,
  },
  '9.1.1.5.1 GetBindingValue': {
    'a binding of the module itself that direct eval reads': `
      import { x as i } from './main.mjs'; export var x = 'value'; log(\`\${typeof i}\`, eval('i'), (() => eval('i'))());`,
    'a binding of a cycle that direct eval reads': `
      import './b.mjs'; export let x = 1; export function f() { return 2; }
      --- b.mjs
      import { x, f } from './main.mjs'; attempt('early', () => eval('x')); attempt('f', () => eval('f()')); setTimeout(() => attempt('late', () => eval('x')));`,
    'a binding that changes and that direct eval reads': `
      import { x, set } from './x.mjs'; set(5); log(eval('x'), x); set(6); log((() => eval('x + 1'))());
      --- x.mjs
      export let x = 1; export const set = (value) => { x = value; };`,
  },
  '16.2.1 GetModuleNamespace': {
    'a namespace of CommonJS in a cycle': `
      import './a.mjs';
      --- a.mjs
      import './b.mjs'; import c, * as ns from './c.cjs'; log(describe(ns), c.a);
      --- b.mjs
      import './a.mjs'; import * as ns from './c.cjs'; log('b', Reflect.ownKeys(ns).length, ns.a);
      --- c.cjs
      exports.a = 2; exports.f = class {};`,
    'a namespace of its importer, with names of a package': `
      import './m.mjs'; import { p } from 'dep'; export { p }; export class K {} export const x = 1;
      --- m.mjs
      import * as ns from './main.mjs'; attempt('describe', () => describe(ns)); log(Reflect.ownKeys(ns).length);
      --- node_modules/dep/package.json
      { "type": "module", "exports": "./index.js" }
      --- node_modules/dep/index.js
      export let p = 1;`,
  },
  '13.3.10 import()': {
    'a module that throws, imported by a lazy one': `
      const twice = () => import('./lazy.mjs').then((ns) => log('imported', ns.value)); await twice(); await twice();
      --- lazy.mjs
      export const value = 1; import('./throws.mjs').then(() => log('never'), () => log('failed'));
      --- throws.mjs
      log('throws'); throw new Error('throws');`,
    'ticks before a loaded graph imports a new module': `
      import './a.mjs'; import('./new.mjs').then(() => log('imported'));
      --- a.mjs
      process.nextTick(() => log('tick'));
      --- new.mjs
      log('new');`,
  },
});
