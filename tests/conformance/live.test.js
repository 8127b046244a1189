// Imported names follow their bindings, in whatever way these are assigned.

import { conform } from './conform.js';

/** A module changes its export `x` in one way; the importer looks before and after. */
const changing = (text, start = '0') => `
  import { x, change } from './x.mjs'; import * as ns from './x.mjs'; import { x as again } from './re.mjs';
  const read = () => x; const look = (when) => log(when, x, read(), ns.x, again, { x }.x, [x].length);
  look('before'); const result = change(); look('after'); await result; look('at last'); log(change() === result); look('twice');
  --- re.mjs
  export * from './x.mjs';
  --- x.mjs
  export let x = ${start}; ${text}`;

conform('live bindings', {
  '10.4.6 and 9.1.1.5, ways to assign': {
    'assignment': changing('export function change() { x = 1; }'),
    'compound assignment': changing("export function change() { x += 'more'; x += 1; }"),
    'exponent and shifts': changing('export function change() { x **= 2; x <<= 1; x >>>= 0; x |= 8; x ^= 3; x &= 255; x %= 7; }', '3'),
    'logical and': changing('export function change() { x &&= 2; }', '1'),
    'logical or': changing('export function change() { x ||= 2; }'),
    'nullish': changing('export function change() { x ??= 2; }', 'null'),
    'nullish that does nothing': changing('export function change() { x ??= 2; }', '1'),
    'prefix update': changing('export function change() { return void ++x; }'),
    'postfix update': changing('export function change() { return void x--; }'),
    'the value of updates': changing('export function change() { log(x++, ++x, x--, --x, -x, x = 7); }'),
    'bigint update': changing('export function change() { x++; }', '10n'),
    'array destructuring': changing('export function change() { [x] = [1]; }'),
    'array destructuring that throws': changing('let y = 0; const caught = (f) => { try { f(); } catch (error) { log(error); } }\nexport function change() { caught(() => { [x, y] = function* () { yield 1; throw new Error(2); }(); }); log(x); caught(() => { [x, [y]] = [3, null]\n }); }'),
    'object destructuring that throws': changing('let y = 0; const caught = (f) => { try { f(); } catch (error) { log(error); } }\nexport function change() { caught(() => { ({ x, y: { y } } = { x: 1 }) }); log(x); caught(() => { ({ x, y } = { x: 2, get y() { throw new Error(3); } }); }); }'),
    'array destructuring with a default': changing('export function change() { [x = 5] = []; }'),
    'array rest': changing('export function change() { [, ...x] = [1, 2, 3]; }'),
    'object destructuring': changing('export function change() { ({ x } = { x: 1 }); }'),
    'object destructuring with a name': changing('export function change() { ({ a: x } = { a: 1 }); }'),
    'object destructuring with a default': changing('export function change() { ({ x = 9 } = {}); }'),
    'object rest': changing('export function change() { ({ a: {}, ...x } = { a: 1, b: 2 }); }'),
    'nested destructuring': changing('export function change() { [{ a: [x] }] = [{ a: [4] }]; }'),
    'swap with another': changing('let y = 5; export function change() { [x, y] = [y, x]; }'),
    'for of head': changing('export function change() { for (x of [1, 2, 3]); }'),
    'for of head, seen within': changing('export const seen = []; export function change() { for (x of [1, 2]) log("in", x); }'),
    'for of head with a pattern': changing('export function change() { for ([x] of [[1], [2]]); for ({ x } of [{ x: 7 }]); }'),
    'for in head': changing('export function change() { for (x in { a: 1, b: 2 }); }'),
    'for await head': changing('export async function change() { for await (x of [1, Promise.resolve(2)]); }'),
    'for head': changing('export function change() { for (x = 0; x < 5; x++); }'),
    'a closure': changing('const closure = () => () => { x = 1; }; export const change = () => closure()();'),
    'a generator': changing('function* g() { x = 1; yield; x = 2; yield; } const it = g(); export const change = () => void it.next();'),
    'an async function': changing('export async function change() { x = 1; await null; x = 2; }'),
    'a microtask': changing('export function change() { return Promise.resolve().then(() => { x = 3; }); }'),
    'a timer': changing('export function change() { return new Promise((done) => setTimeout(() => done((x = 3)))); }'),
    'a class static block': changing('export function change() { class A { static { x = 1; } } }'),
    'a static field': changing('export function change() { class A { static y = (x = 1); } }'),
    'a field': changing('class A { y = (x = 1); } export function change() { new A(); }'),
    'a setter': changing('const o = { set y(v) { x = v; } }; export function change() { o.y = 1; }'),
    'a default parameter': changing('export function change(a = (x = 1)) {}'),
    'a computed key': changing('export function change() { void { [(x = "k")]: 1 }; }'),
    'a template': changing('export function change() { `${(x = 1)}`; }'),
    'direct eval': changing("export function change() { eval('x = 1'); }"),
    'direct eval in an arrow': changing("export const change = () => void eval('x = 5');"),
    'direct eval with its own x': changing("export const change = () => void eval('var x = 5; x = 6');"),
    'a throwing right side leaves it': changing('export function change() { try { x = null.y; } catch {} }'),
    'half a destructuring': changing('let y; export function change() { try { [x, y.z] = [1, 2]; } catch {} }'),
    'a finally': changing('export function change() { try { x = 1; return; } finally { x = 2; } }'),
    'a switch': changing('export function change() { switch (x) { case 0: x = 1; default: x = 2; } }'),
    'a labelled block': changing('export function change() { out: { x = 1; break out; } }'),
    'a sequence': changing('export function change() { x = 1, x = 2; }'),
    'a callback of sort': changing('export function change() { [2, 1].sort(() => (x = 1)); }'),
    'a tagged template': changing('const tag = () => (x = 4); export function change() { tag`a`; }'),
    'using a getter': changing('const o = { get v() { return (x = 4); } }; export function change() { o.v; }'),
    'a proxy trap': changing('const p = new Proxy({}, { get: () => (x = 4) }); export function change() { p.any; }'),
  },
  'names that only look the same': {
    'a parameter shadows': changing('export function change(x = 1) { x = 2; }'),
    'a local variable shadows': changing('export function change() { var x; x = 2; }'),
    'a catch parameter shadows': changing('export function change() { try { throw 1; } catch (x) { x = 2; } }'),
    'a catch parameter with var': changing('export function change() { try { throw 1; } catch (e) { x = 2; } }'),
    'a block shadows': changing('export function change() { { let x = 1; x = 2; } }'),
    'a loop variable shadows': changing('export function change() { for (let x of [1]) x = 2; }'),
    'a function name shadows': changing('export const change = () => void (function x() { try { x = 1; } catch (e) { log(e); } })();'),
    'a class name shadows': changing('export const change = () => void class x { static { try { x = 1; } catch (e) { log(e); } } };'),
    'a label does not count': changing('export function change() { x: for (;;) { break x; } }'),
    'a property does not count': changing('const o = { x: 1 }; export function change() { o.x = 2; ({ x: o.x } = { x: 3 }); }'),
    'a parameter pattern shadows': changing('export function change({ x } = { x: 1 }) { x = 2; }'),
    'arguments do not follow': changing('export function change() { (function (x) { arguments[0] = 9; })(1); }'),
  },
  'declarations that are assigned': {
    'var': changing('export function change() { v = 1; w = v; log(v); } export var v = 0; export { v as w2 }; var w;'),
    'var declared again': 'import { v, f } from "./v.mjs"; log(v); f(); log(v);\n--- v.mjs\nexport var v = 1; var v; var v = 2; export function f() { var v = 3; }',
    'a function': `
      import { f, change } from './f.mjs'; log(f()); change(); log(f()); const g = f; change(); log(g === f, f.name);
      --- f.mjs
      export function f() { return 1; } let n = 1; export const change = () => { const now = ++n; f = () => now; };`,
    'a class': `
      import { C, change } from './c.mjs'; const c = new C(); change(); log(c instanceof C, new C().v);
      --- c.mjs
      export class C { v = 1; } export const change = () => { C = class { v = 2; }; };`,
    'a default function by its name': `
      import f, { change } from './f.mjs'; import * as ns from './f.mjs'; log(f()); change(); log(f(), ns.default());
      --- f.mjs
      export default function f() { return 1; } export function change() { f = () => 2; }`,
    'a default class by its name': `
      import C, { change } from './c.mjs'; log(C.v); change(); log(C.v);
      --- c.mjs
      export default class C { static v = 1; } export function change() { C = class { static v = 2; }; }`,
    'a default expression is not live': `
      import value, { x, change } from './v.mjs'; change(); log(value, x);
      --- v.mjs
      export let x = 1; export default x; export function change() { x = 2; }`,
    'x as default is live': `
      import value, { change } from './v.mjs'; import * as ns from './v.mjs'; change(); log(value, ns.default);
      --- v.mjs
      let x = 1; export { x as default }; export function change() { x = 2; }`,
    'one binding under two names': `
      import { one, two, change } from './v.mjs'; log(one, two); change(); log(one, two);
      --- v.mjs
      let x = 1; export { x as one, x as two }; export const change = () => void x++;`,
    'destructured declarations': `
      import { a, b, c, change } from './v.mjs'; log(a, b, c); change(); log(a, b, c);
      --- v.mjs
      export let { a, b: [b], ...c } = { a: 1, b: [2], d: 3 }; export const change = () => { [a, b, c] = [4, 5, 6]; };`,
    'two modules that change one binding': `
      import { n, add } from './n.mjs'; import { twice } from './other.mjs'; twice(); log(n); add(); log(n);
      --- other.mjs
      import { n, add } from './n.mjs'; export function twice() { add(); log('other', n); add(); log('other', n); }
      --- n.mjs
      export let n = 0; export const add = () => { n += 1; };`,
    'read between the arguments of a call': `
      import { n, next } from './n.mjs'; log(n, next(), n, next(), n); log([n, next(), n], \`\${n}\${next()}\${n}\`, n + next() + n);
      --- n.mjs
      export let n = 0; export const next = () => ++n;`,
    'a called import is fetched before its arguments': `
      import { f, swap } from './f.mjs'; log(f(swap())); log(f(swap()));
      --- f.mjs
      export let f = (x) => 'first ' + x; export const swap = () => { const old = f; f = (x) => 'second ' + x; return 'swapped'; };`,
    'this of a called import is undefined': `
      import { f, g, change } from './f.mjs'; import * as ns from './f.mjs'; change();
      log(f(), (0, f)(), f?.(), g\`\`, ns.f() === ns, (0, ns.f)(), new g() instanceof g);
      --- f.mjs
      export let f = function () { 'use strict'; return this; }; export let g = function () { return this; };
      export function change() { f = f; g = g; }`,
    'changes during the evaluation of importers': `
      import './one.mjs'; import './two.mjs'; import { n } from './n.mjs'; log('main', n);
      --- one.mjs
      import { n, add } from './n.mjs'; log('one', n); add(); log('one', n);
      --- two.mjs
      import { n, add } from './n.mjs'; log('two', n); add(); log('two', n);
      --- n.mjs
      export let n = 0; export const add = () => void n++;`,
    'changes by a dependency of a cycle while the owner runs': `
      import './a.mjs';
      --- a.mjs
      import { bump } from './b.mjs'; export let count = 0; export const set = (v) => { count = v; }; bump(); log('a', count); bump(); log('a', count);
      --- b.mjs
      import { count, set } from './a.mjs'; export function bump() { log('before', count); set(count + 1); log('after', count); }`,
    'a setter called within a template of the importer': `
      import { v, set } from './v.mjs'; log(\`\${v} \${set('b')} \${v}\`, [...'x'].map(() => v), Object.entries({ v }), v.length);
      --- v.mjs
      export let v = 'a'; export const set = (x) => { v = x; return 'set'; };`,
    'shorthand, spread, computed, optional': `
      import { o, set } from './v.mjs'; const show = () => log({ o }, { ...o }, [...o.list], { [o.k]: o }, o?.k, o?.['k'], \`\${o.k}\`, typeof o, o.f?.());
      show(); set({ k: 'z', list: [9], f: () => 'f' }); show();
      --- v.mjs
      export let o = { k: 'k', list: [1, 2] }; export const set = (x) => { o = x; };`,
    'after a line without semicolon': `
      import { v, set } from './v.mjs'
      const a = 1
      set(2)
      v
      ;[v].forEach((x) => log(x))
      const b = a
      log(v)
      --- v.mjs
      export let v = 1
      export const set = (x) => { v = x }`,
    'in keywords that need a space': `
      import { v, set } from './v.mjs'; set([1]); function f() { return v } function* g() { yield*v } const h = async () => await v; class K { [v]() {} }
      log(f(), [...g()], await h(), typeof v, void v, !v, -v, v instanceof Array, 'length'in v, Object.getOwnPropertyNames(K.prototype)); for (const x of v) log(x); for (const x in v) log(x);
      switch (v) { case v: log('same'); } do log(v.length); while (!v); if (v) log('yes'); else log('no'); try { throw v } catch (e) { log(e === v); } new (class { constructor() { log(v) } })
      --- v.mjs
      export let v = 0; export const set = (x) => { v = x; };`,
    'as the class that another one extends': `
      import './b.mjs'; export class K {}
      --- b.mjs
      import { K } from './main.mjs'; try { class Z extends K {} } catch (error) { log(error.message); }
      setTimeout(() => { class Q extends K {} log(Q, class extends K {}, Q.toString(), new Q() instanceof K); });`,
  },
});
