// Functions and namespaces of a cycle that are used before what their modules import has run, and values that exports get
// in the middle of statements.

import { conform } from './conform.js';

const pkg = `--- node_modules/dep/package.json
{ "type": "module", "exports": "./index.js" }
--- node_modules/dep/index.js
log('dep runs'); export let x = 1; export function F() { return 'pkg'; } export default class {}
`;
/** A program whose `b.mjs` calls `f` of the main module before `leaf.mjs` runs. */
const early = (imports, body, leaf) => `
import './b.mjs'; ${imports} export function f() { ${body} } attempt('main', f);
--- b.mjs
import { f } from './main.mjs'; attempt('b', f); log('b runs');
--- leaf.mjs
${leaf} log('leaf runs');
`;
const leaf = "export function F() { return 'leaf'; } export let x = 1; export var v = 2; export class C {} export default () => 3;";
/** A module that reads its own namespace in the middle of a statement. */
const own = (text) => `import * as s from './main.mjs'; const see = (k) => { try { return s[k]; } catch (e) { return e.message; } }; ${text}`;

conform('early calls', {
  '16.2.1.6.4 InitializeEnvironment: functions exist before modules run': {
    'of a module outside of the cycle': early("import { F } from './leaf.mjs';", 'return F();', leaf),
    'and read a binding there': early("import { x } from './leaf.mjs';", 'return x;', leaf),
    'and a class, a var, a default': early("import d, { C, v } from './leaf.mjs';", "attempt('d', () => d()); attempt('C', () => new C()); return v;", leaf),
    'and typeof': early("import { C } from './leaf.mjs';", 'return typeof C;', leaf),
    'and a default parameter, a shorthand, a template': early("import { x, F } from './leaf.mjs';", "attempt('p', () => ((a = x) => a)()); attempt('s', () => ({ x })); return F`t`;", leaf),
    'through a namespace': early("import * as ns from './leaf.mjs';", "attempt('x', () => ns.x); attempt('keys', () => Object.keys(ns)); log(ns); return ns.F();", leaf),
    'through a third module': `${early("import { F, x } from './third.mjs';", "attempt('x', () => x); return F();", leaf)}--- third.mjs\nexport * from './leaf.mjs'; log('third runs');\n`,
    'and call on': `${early("import { F } from './third.mjs';", 'return F();', leaf)}--- third.mjs\nimport { x, F as G } from './leaf.mjs'; export function F() { attempt('x', () => x); return G(); } log('third runs');\n`,
    'of a package': `${early("import { F, x } from 'dep';", "attempt('x', () => x); return F();", '')}${pkg}`,
    'of a package, in its namespace': `${early("import * as ns from 'dep';", "attempt('x', () => ns.x); return ns.F();", '')}${pkg}`,
    'of CommonJS and builtins': `${early("import { a } from './c.cjs'; import { sep } from 'node:path';", 'return [typeof a, sep];', '')}--- c.cjs\nexports.a = () => 1;\n`,
    'and what a module that is no member of the cycle passes on': `
import { m } from './m4.mjs';
--- m3.mjs
import * as ns from './m4.mjs'; attempt('f', () => ns.F()); attempt('x', () => ns.x); log(ns);
--- m4.mjs
import './m3.mjs'; export * from 'dep'; export const m = 1;
${pkg}`,
  },
  '8.5 and 13.15: values in the middle of statements': {
    'of several variables': own("export const a = 1, b = see('a'), c = [see('b'), see('c')]; log(b, c);"),
    'of a pattern': own("export const { a, b = see('a'), [see('b') ?? 'x']: c = see('b') } = { a: 1 }; log(b, c);"),
    'of a loop': own("for (var v of [1, 2]) log(see('v')); for (var w in { k: 1 }) ; export { v, w }; log(see('v'), see('w'));"),
    'of a loop with a condition': own("for (var i = 0; see('i') < 2; i++) log(see('i')); export { i };"),
    'of an assigning loop': own("export let a; for (a of [1, 2]) log(see('a')); for ([a] of [[3]]) ; log(see('a'));"),
    'of an operand': own("export let a = 0; log((a = 1, see('a')), `${a = 2}${see('a')}`, [a++, see('a')], (a += 1) + see('a'));"),
    'of a condition': own("export let a = 0; if (a = 1) log(see('a')); while ((a += 1) < 3) log(see('a')); a = 5 || see('a'); log(see('a'));"),
    'of a static block and field': own("export let a = 0; class A { static x = (a = 1, see('a')); static y = see('a'); static { a = 2; log(see('a')); } } log(A.x, A.y);"),
    'of a class': own("export class A { static x = see('A'); } export default class { static x = see('default'); } log(A.x, s.default.x, see('A') === A);"),
    'of a default export': own("export let a = 1; export default (a = 2, see('a')); log(see('default'), see('a'));"),
    'of a declaration that is no statement of a list': own("if (1) var a = see('a') ?? 1; l: var b = see('a'); export { a, b }; log(see('a'), see('b'));"),
    'of a destructuring assignment': own("export let a; const o = {}; [a, o.x = see('a')] = [1]; ({ a, b: o[see('a')] } = { a: 2, b: 3 }); log(o);"),
    'of one in a function': own("export let a; const o = {}; const f = () => { [a, o.x = see('a')] = [1]; ({ a, b: o[see('a')] } = { a: 2, b: 3 }); }; f(); log(o);"),
    'without semicolons': own("export let a = 1\n;[a] = [see('a')]\na++\n;(a = 5)\nlog(see('a'))\nexport const f = () => a++\n;[1].map(f)\nlog(see('a'))"),
    'seen by another module': `
import './b.mjs'; export let q = 0; look(q = 1); if (q = 2) look(); for (q of [3]) look(); export const r = 4, seen = look(); for (var v of [5]) ; export { v }; look();
--- b.mjs
import * as s from './main.mjs'; globalThis.look = () => { try { log(s.q, s.v, s.r); } catch (e) { log(e.message); } };`,
  },
  '10.2.11 FunctionDeclarationInstantiation: parameters do not see the body': {
    'a variable with the name of an import': "import { x } from './main.mjs'; export { y as x }; let y = 1; function f(a = () => x) { var x = 5; return [a(), x]; } log(f()); y = 2; log(f());",
    'a parameter with the name of an import': "import { x } from './main.mjs'; export { y as x }; let y = 1; function f(x, a = () => x) { var x = 5; return [a(), x]; } log(f(3));",
  },
  'B.3.1 __proto__': {
    'as a shorthand': "import { p as __proto__ } from './main.mjs'; export const p = { inherited: 1 }; const f = () => ({ __proto__ }); log(f(), Object.keys(f()));",
  },
  '16.2.1.6.1.3.3 GatherAvailableAncestors, 11.c.iv of InnerModuleEvaluation': {
    'a cycle whose root has failed': `
import './m3.mjs'; import './thrower.mjs'; log('main runs');
--- m3.mjs
import './m4.mjs'; log('m3 runs');
--- m4.mjs
import './main.mjs'; await null; await null; await null; await null; log('m4 ends');
--- thrower.mjs
await null; throw new Error('thrown');`,
    'a cycle that imports itself while it waits': `
import('./a.mjs').then(() => log('a')); await new Promise((done) => setTimeout(done, 200)); log('main');
--- a.mjs
export * from './b.mjs'; import * as self from './a.mjs'; log(Object.keys(self));
--- b.mjs
import './c.mjs'; log('b runs'); export let x = 1; await null; log('b ends');
--- c.mjs
import('./b.mjs').then((ns) => log(ns));`,
  },
  '16.2.1.6.1.3.1 InnerModuleEvaluation: a module of a cycle runs while one before it waits': {
    'whose namespace another member exports': `
import * as ns from './waits.mjs'; export { ns }; import './member.mjs';
--- member.mjs
import { ns } from './main.mjs'; log(ns); attempt('x', () => ns.x); attempt('default', () => ns.default); setTimeout(() => log(ns), 5);
--- waits.mjs
export let x = 1; await null; export default 5; log('waits ends');`,
    'whose bindings functions read': `
import { x, f, y } from './waits.mjs'; export function early() { return [x, f()]; } export function late() { return y; } import './member.mjs';
--- member.mjs
import { early, late } from './main.mjs'; attempt('early', early); attempt('late', late); setTimeout(() => log(early(), late()), 5);
--- waits.mjs
export let x = 1; export function f() { return x + 1; } await null; x = 5; export let y = 7; log('waits ends');`,
  },
  '16.2.1.7.2.2 ResolveExport: several stars': {
    'of CommonJS': "import('./user.mjs').then(log, log);\n--- user.mjs\nimport { x } from './stars.mjs'; log(x);\n--- stars.mjs\nexport * from './a.cjs'; export * from './b.cjs';\n--- a.cjs\nlog('a'); exports.x = 1;\n--- b.cjs\nlog('b'); exports.x = 2;\n",
    'of CommonJS that is loaded': "await import('./a.cjs'); await import('./b.cjs'); import('./user.mjs').then(log, log);\n--- user.mjs\nimport { x } from './stars.mjs'; log(x);\n--- stars.mjs\nexport * from './a.cjs'; export * from './b.cjs';\n--- a.cjs\nlog('a'); exports.x = 1;\n--- b.cjs\nlog('b'); exports.x = 2;\n",
    'of builtins': "import('./user.mjs').then(log, log);\n--- user.mjs\nimport { format } from './stars.mjs'; log(typeof format);\n--- stars.mjs\nexport * from 'node:path'; export * from 'node:url';\n",
    'of which none has the name': "import('./user.mjs').then(log, log);\n--- user.mjs\nimport './first.mjs'; import { nope } from './stars.mjs'; log(nope);\n--- first.mjs\nlog('first runs');\n--- stars.mjs\nexport * from 'node:path'; export * from './a.cjs';\n--- a.cjs\nexports.x = 1;\n",
    'of which one has the name': "import('./user.mjs').then(log, log);\n--- user.mjs\nimport { x } from './stars.mjs'; log(x);\n--- stars.mjs\nexport * from 'node:path'; export * from './a.cjs';\n--- a.cjs\nexports.x = 1;\n",
  },
  'an evaluation that ends before a module of it that another one needs, too': {
    'which has CommonJS': `
import('./graph.mjs').catch((error) => log('failed', error)); setTimeout(() => log('end'), 200);
--- graph.mjs
import './throws.mjs'; import './shared.mjs';
--- throws.mjs
import('./other.mjs').then((ns) => log('imported', ns), (error) => log('import failed', error)); null.x;
--- other.mjs
import './shared.mjs'; import c from './c.cjs'; log('other', c); export const other = 1;
--- shared.mjs
log('shared runs');
--- c.cjs
module.exports = 1;`,
  },
  'link errors come before errors of an earlier evaluation': {
    'of CommonJS beside a module that has failed': `
await import('./m0.mjs').catch((e) => log(e)); await import('./m2.mjs').catch((e) => log(e));
--- m0.mjs
throw { thrown: 0 };
--- m2.mjs
import './m5.mjs'; import { a } from './c.cjs'; log(a);
--- m5.mjs
import './m0.mjs';
--- c.cjs
`,
  },
});

const count = "let p = Promise.resolve(); for (let i = 0; i < 16; i++) p = p.then(() => log('t', i)); await p;";
conform('turns', {
  '13.3.10 import() of graphs that are not loaded': {
    'with a cycle that awaits': `import('./a.mjs').then(() => log('done')); ${count}\n--- a.mjs\nimport './c.mjs';\n--- c.mjs\nimport './a.mjs'; await 0; log('c');\n`,
    'with a module that imports itself and awaits': `import('./a.mjs').then(() => log('done')); ${count}\n--- a.mjs\nimport './a.mjs'; log('a'); await null;\n`,
    'with a builtin that is passed on': `import('./a.mjs').then(() => log('done')); ${count}\n--- a.mjs\nexport * from 'node:path';\n`,
    'with a package that is passed on': `import('./a.mjs').then(() => log('done')); ${count}\n--- a.mjs\nexport * from 'dep';\n--- node_modules/dep/package.json\n{ "type": "module", "exports": "./index.js" }\n--- node_modules/dep/index.js\nexport let x = 1; export const set = () => { x = 2; };\n`,
  },
  'asynchronous contexts': {
    'of what has run before a module that waits began': "import { als } from './als.mjs'; import './enter.mjs'; import './t.mjs'; log(als.getStore());\n--- als.mjs\nimport { AsyncLocalStorage } from 'node:async_hooks'; export const als = new AsyncLocalStorage();\n--- enter.mjs\nimport { als } from './als.mjs'; als.enterWith('entered');\n--- t.mjs\nawait 1;\n",
    'of a module that waits': "import { als } from './als.mjs'; import './t.mjs'; log(als.getStore()); await 0; log(als.getStore());\n--- als.mjs\nimport { AsyncLocalStorage } from 'node:async_hooks'; export const als = new AsyncLocalStorage();\n--- t.mjs\nimport { als } from './als.mjs'; als.enterWith('t'); await 0; log(als.getStore());\n",
  },
});
