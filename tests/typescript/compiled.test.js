// What is more than types means what it means to another compiler: each program is compiled by esbuild, run under plain
// Node, and run hot from its source.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { transformSync } from 'esbuild';
import { createProject } from '../harness/index.js';
import { register } from './project.js';

/** @type {Record<string, {options?: object, text: string, file?: string}>} */
const programs = {
  enums: { text: `
    enum A { X, Y = 5, Z, S = 's', W = A.Y | 2, L = 'abc'.length }
    const enum B { One = 1, Two = One << 1 }
    export enum C { K }
    enum C { L = 10 }
    console.log(A, B.Two, C, A[5], typeof A.S);` },
  namespaces: { text: `
    namespace N { export const a = 1; export function f() { return a; } export namespace M { export let b = 2; } const hidden = 3; }
    namespace N { export const c = N.a + N.M.b; }
    function Merged() { return 'm'; } namespace Merged { export const x = 1; }
    class K {} namespace K { export const y = 2; }
    import Alias = N.M;
    console.log(N, N.f(), Merged(), Merged.x, (K as any).y, Alias.b);` },
  'parameter properties': { text: `
    class A { constructor(public a: number, private readonly b = 2, protected c?: string) { console.log(Object.keys(this)); } }
    class B extends A { d = 1; constructor(override a: number, readonly e: number) { super(a); console.log(Object.keys(this)); } }
    console.log(new A(1), new B(3, 4));` },
  'type assertions': { text: 'const a = <any>{ x: 1 }; const f = () => <any>{ y: 2 }; console.log(a, f(), (<string>"s").length);' },
  'fields that are assigned': { options: { target: 'es2020', useDefineForClassFields: false }, text: `
    class A { set x(v: number) { console.log('set', v); } }
    class B extends A { x = 1; y!: number; declare z: number; static s = 5; #p = 2; p() { return this.#p; } constructor(private q: number) { super(); console.log(this.q); } w = this.q; }
    const b = new B(7); console.log(Object.keys(b), B.s, b.p(), b.w);` },
  'legacy decorators': { options: { experimentalDecorators: true }, text: `
    const d = (name: string) => (...args: any[]) => { console.log(name, args.map((a) => typeof a)); };
    @d('class') class A {
      @d('field') x = 1;
      @d('method') m(@d('param') p: number) {}
      @d('get') get g() { return 1; }
      @d('static') static s = 2;
      constructor(@d('ctor') c: string) {}
    }
    const wrap = (c: any) => class extends c { wrapped = true } as any;
    @wrap class W {} console.log(new W(), new A('x'));` },
  "ECMAScript's decorators": { text: `
    const log = (...v: unknown[]) => console.log(...v);
    const d = (name: string) => (value: any, context: any) => {
      log(name, context.kind, context.name, context.static, context.private, typeof value);
      context.addInitializer?.(function (this: any) { log('init', name, typeof this); });
    };
    log('before');
    const add = (n: number) => (value: unknown, context: unknown) => (v: number = 0) => v + n;
    const double = (value: any, context: any) => function (this: any, ...args: any[]) { return value.apply(this, args) * 2; };
    const o = { dec(this: any, value: unknown, context: any) { log('called', context.name); } };
    const key = () => { log('key'); return 'computed'; };
    @d('class 1') @d('class 2')
    class A extends Array<number> {
      @d('field') @add(1) x: number = (log('x'), 1);
      @add(2) static s = 5;
      @add(3) empty!: number;
      @double @d('method') m(@(null as never) a: number = 1): number { return a; }
      @double static of2() { return 4; }
      @d('get') get g() { return 1; }
      @d('set') set h(v: number) {}
      @d('accessor') accessor y: number = 3;
      @o.dec async *gen() { yield 1; }
      @d('computed') [key()]() { return 'c'; }
      accessor plain = 7; static accessor also: number = 8;
      @d('quoted') 'a b' = 1;
      constructor() { super(); log('constructor', Object.keys(this)); }
    }
    const a: any = new A();
    log(a.x, a.empty, A.s, a.m(), A.of2(), a.y, (a.y = 9, a.y), a.plain, A.also, a.computed(), A.name, a['a b']);
    const wrap = (c: any) => class extends c { wrapped = 1 } as any;
    @wrap class W { static self = () => W; }
    log(new W(), typeof (W as any).self());
    function factory(n: number) { return new (class { @add(n) v = 0; @d('inner') f() {} })().v; }
    log(factory(1), factory(2));
    export @d('exported') class E {} 
    @d('exported too') export class E2 {}
    log(typeof E, E2.name);`.replace('@(null as never) ', '') },
  'the automatic JSX of a package': { file: 'main.tsx', options: { jsx: 'react-jsx', jsxImportSource: 'preact' }, text: `
    import { Fragment } from 'preact';
    const P = ({ a, children }: { a: number; children?: any }) => <p class="x" {...{ a }}>{children}</p>;
    const show = (v: any): any => v && ({ type: v.type?.name ?? v.type, key: v.key, props: v.props && { ...v.props, children: [v.props.children].flat().map((c: any) => c?.props ? show(c) : c) } });
    console.log(JSON.stringify(show(<><P a={1} key="k">text {1 + 1}</P><div data-x="&amp;" /></>)), Fragment === (<></>).type);` },
  'the classic JSX': { file: 'main.tsx', options: { jsx: 'react', jsxFactory: 'h', jsxFragmentFactory: 'F' }, text: `
    const h = (...args: unknown[]) => args; const F = 'fragment';
    console.log(JSON.stringify(<><a b="c" d>{1}text</a></>));` },
  using: { text: `
    const r = (n: string) => ({ [Symbol.dispose ?? Symbol.for('Symbol.dispose')]() { console.log('dispose', n); } });
    (Symbol as any).dispose ??= Symbol.for('Symbol.dispose');
    function f() { using a = r('a') as any; using b = r('b') as any; console.log('body'); return 1; }
    console.log(f());
    { using c = r('c') as any; console.log('block'); }` },
  'imports that are left out': { text: `
    import { T, value } from './other.js'; import U from './none.js'; import * as V from './none.js';
    enum E { A } const t: T = E.A; const u: U = null!; type W = typeof V; console.log(t, value);
    export { T };`.replace('export { T };', 'export type { T };') },
};

for (const [name, { text, options = {}, file = 'main.ts' }] of Object.entries(programs)) {
  test(name, async (t) => {
    const compilerOptions = { module: 'esnext', ...options };
    const tsconfigRaw = JSON.stringify({ compilerOptions });
    const loader = file.endsWith('x') ? 'tsx' : 'ts';
    // The target would change the meaning of fields: their option says it.
    const { code } = transformSync(text, { loader, tsconfigRaw, target: 'node20', format: 'esm', sourcefile: file });
    const project = createProject(t, {
      'tsconfig.json': tsconfigRaw,
      [file]: text,
      'other.ts': 'export type T = number; export const value: number = 1;',
      'plain/main.mjs': code.replace('./other.js', './other.mjs'),
      'plain/other.mjs': 'export const value = 1;',
    }, { packages: ['preact'] });
    const [plain, hot] = [project.start(['plain/main.mjs']), project.start([...register, file])];
    for (const app of [plain, hot]) {
      const { code } = await app.end();
      assert.equal(code, 0, app.output());
    }
    assert.equal(hot.output('stdout'), plain.output('stdout'));
    assert.ok(hot.output('stdout').length > 0);
  });
}
