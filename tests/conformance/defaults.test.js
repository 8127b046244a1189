// `export default` and names of functions and classes (8.4 NamedEvaluation, 16.2.3.7), export names that are strings.

import { conform } from './conform.js';

const asDefault = (text) => `
  import value, { default as same } from './d.mjs'; import * as ns from './d.mjs';
  log(typeof value, value === same, value === ns.default, Object.keys(ns));
  if (typeof value === 'function') log('name', String(value.name), Object.getOwnPropertyDescriptor(value, 'name'), value.length, Reflect.ownKeys(value).map(String).join());
  else log('value', value);
  --- d.mjs
  const side = (value) => { log('evaluated'); return value; };
  ${text}
  ;log('d ran');`;

/** @param {string[]} texts */
const each = (texts) => Object.fromEntries(texts.map((text) => [text, asDefault(text)]));

conform('default exports', {
  '16.2.3.7 names of anonymous ones': each([
    'export default function () {}',
    'export default function() {}',
    'export default function\n() {}',
    'export default function (a, b = 1) {}',
    'export default function* () {}',
    'export default function *() {}',
    'export default async function () {}',
    'export default async function* () {}',
    'export default class {}',
    'export default class { }\nlog("next line")',
    'export default class extends Object {}',
    'export default class { static name = "own"; }',
    'export default class { static name() {} }',
    'export default class { static get name() { return "got"; } }',
    'export default class { static ["na" + "me"] = 1; }',
    'export default class { static x = this.name; static { log("inside", this.name); } }',
    'export default class { constructor(a) {} }',
    'export default class { static #name = 1; }',
    'export default () => {}',
    'export default ()=>1',
    'export default async () => {}',
    'export default x => x',
    'export default async x => x',
    'export default (function () {})',
    'export default (class {})',
    'export default ((class {}))',
    'export default (() => {})',
    'export default (0, function () {})',
    'export default (0, () => {})',
    'export default (0, class {})',
    'export default true && function () {}',
    'export default true ? () => {} : 1',
    'export default [() => {}][0]',
    'export default { f() {} }.f',
    'export default { f: () => {} }.f',
    'export default (function named() {})',
    'export default (class Named {})',
    'export default side(() => {})',
    'export default (async function () {})',
    'export default (function* () {})',
    'export default new (class { v = 1; })()',
    'export default /regex/g',
    'export default `template`',
    'export default (1, 2)',
    'export default 1',
    'export default -1',
    'export default void 0',
    'export default null',
    'export default undefined',
    'export default [1, 2, 3]',
    'export default {}',
    'export default { a: 1, b: [2] }',
    'export default {}.toString',
    'export default await side(Promise.resolve(1))',
    'export default await (async () => 5)()',
    'export default (await 5)',
    'export default typeof side',
    'export default !1',
    'export default side(1)\nside(2)',
    'export default Symbol.iterator',
    'export default async',
    'export default from; var from = 3',
    'export default let_; var let_ = 4',
    'export default class Named { static self = Named; }',
    'export default function named() { return named; }',
    'export default async function named() {}',
    'export default function* named() {}',
    'export default import.meta.url.slice(-5)',
    'export default import("./d.mjs") instanceof Promise',
    'export default (function () { return this; })()',
    'export default this',
    'export default x = 5; var x',
    'export default side``',
    'export default async () => await 1',
    'export default function () {} /x/g',
    'export default function () {} (1, 2)',
    'export default class {} [1, 2]',
    'export default () => {}\n[1, 2]',
    'export default 1\n+ 2',
    'export default (1)\n;[2].forEach(side)',
    'export default /* a */ function /* b */ () {}',
    'export /* a */ default /* b */ class /* c */ {}',
    'export\ndefault\nfunction\n() {}',
    'export default\n() => {}',
    'export default function () { return new.target; }',
    'export default function () { return arguments.length; }',
    'export { side as default }',
    'const v = () => {}; export { v as default }',
    'let v = class {}; export { v as default }',
    'var v; export { v as default }; v = 5',
    "export { x as default } from './other.mjs'",
    "export * as default from './other.mjs'",
  ]),
});

for (const table of [
  {
    '8.4 names of exported variables': {
      'functions and classes get the name of the variable': `
        import * as ns from './v.mjs'; for (const key of Object.keys(ns)) log(key, ns[key].name);
        --- v.mjs
        export const a = function () {}, b = () => {}, c = class {}, d = async () => {}, e = function* () {};
        export let f = class { static name = 'own'; }; export var g = (function () {}), h = (0, () => {}), i = class Inner {};
        export const { j = () => {}, k: l = class {} } = {}; export const [m = function () {}] = [];
        let n = () => {}; export { n as o, n as 'p q' };`,
      'assigned functions get the name of the variable': `
        import * as ns from './v.mjs'; log(ns.a.name, ns.b.name, ns.c.name, ns.d.name, ns.e.name);
        --- v.mjs
        export let a, b, c, d, e; a = () => {}; b ??= function () {}; c ||= class {}; [d = () => {}] = []; ({ e = class {} } = {});`,
      'assigned functions of live bindings get the name, too': `
        import { a, set } from './v.mjs'; log(a?.name); set(); log(a.name);
        --- v.mjs
        export let a; export const set = () => { a = () => {}; };`,
      'a default arrow that is named by an importer': `
        import named from './v.mjs'; const other = named; log(named.name, other.name);
        --- v.mjs
        export default () => {};`,
    },
    '16.2.3 export names': {
      'strings': `
        import { 'a b' as ab, '' as empty, 'default' as d, '🙂' as smile, '1' as one, 'if' as keyword } from './s.mjs'; import * as ns from './s.mjs';
        log(ab, empty, d, smile, one, keyword, Object.keys(ns));
        --- s.mjs
        const x = 1; let y = 2; export { x as 'a b', y as '', x as 'default', y as '🙂', x as '1', y as 'if' };`,
      'strings through a chain': `
        import { 'c d' as cd } from './one.mjs'; import * as ns from './one.mjs'; log(cd, Object.keys(ns), ns['star name'].x);
        --- one.mjs
        export { 'a b' as 'c d' } from './two.mjs'; export * as 'star name' from './two.mjs';
        --- two.mjs
        export const x = 1; export { x as 'a b' };`,
      'a default written as a string': `
        import d, { 'default' as e } from './s.mjs'; log(d, e);
        --- s.mjs
        export { x as 'default' }; const x = 1;`,
      'escapes in strings and names': `
        import { '\\u0061 b' as ab, caf\\u00e9 } from './s.mjs'; log(ab, caf\\u00e9, café);
        --- s.mjs
        const x = 1; export { x as 'a\\x20b' }; export const café = 2;`,
      'quotes and backslashes': `
        import * as ns from './s.mjs'; log(Object.keys(ns), ns["it's"], ns['"'], ns['\\\\'], ns['\\n']);
        --- s.mjs
        const x = 1; export { x as "it's", x as '"', x as '\\\\', x as '\\n', x as '\\u{1F600}' };`,
      'reserved words': `
        import { if as i, class as c, new as n, await as a, let as l, static as s, yield as y, null as u, true as t, this as h } from './s.mjs';
        log(i, c, n, a, l, s, y, u, t, h);
        --- s.mjs
        const v = 'v'; export { v as if, v as class, v as new, v as await, v as let, v as static, v as yield, v as null, v as true, v as this };`,
      'words that are not reserved': `
        import as, { from, of, get, set, async, type, default as def } from './s.mjs'; import * as target from './s.mjs'; log(as, from, of, get, set, async, type, def);
        --- s.mjs
        export var from = 1, of = 2, get = 3, set = 4, async = 5, type = 6, as = 7; export default 8; export { as as as2, from as from2 };`,
      'import as as as': `
        import { as as as } from './s.mjs'; export { as }; export { as as from } from './s.mjs'; log(as);
        --- s.mjs
        export const as = 1;`,
      'trailing commas and empty lists': `
        import {} from './s.mjs'; import { a, } from './s.mjs'; import d, {} from './s.mjs'; export { a, }; export {}; log(a, d);
        --- s.mjs
        export const a = 1; export default 2;`,
      'no spaces at all': `
        import{a}from'./s.mjs';import*as ns from"./s.mjs";import d,{b as c}from'./s.mjs';import e,*as f from'./s.mjs';export{a};export*from'./s.mjs';export*as g from'./s.mjs';log(a,ns===f,d,c,e)
        --- s.mjs
        export const a=1,b=2;export default(3);export{a as h};`,
      'without semicolons, with comments': `
        import /* 1 */ { a /* 2 */ as /* 3 */ b } /* 4 */ from /* 5 */ './s.mjs' // 6
        import d from './s.mjs'
        export { b }
        export * from './s.mjs'
        log(b, d)
        --- s.mjs
        export const a = 1
        export default 2
        export { a as c } /* end */`,
      'imports below their use': `
        log(a, typeof f, d); import { a } from './s.mjs'; log('between'); import d, { f } from './s.mjs';
        --- s.mjs
        log('s runs first'); export const a = 1; export function f() {} export default 3;`,
      'exports above and below their declaration': `
        import { a, b, c } from './s.mjs'; log(a, b, c);
        --- s.mjs
        export { a, c }; const a = 1; var c = 3; export { b }; let b = 2;`,
    },
  },
]) {
  conform('names', table);
}
