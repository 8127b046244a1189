// Erasable TypeScript: what Node's own stripping of types runs logs the same when it is hot.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProject } from '../harness/index.js';
import { register, stripsTypes } from './project.js';

/** Imports are those of Node: nothing is left out that is not marked. */
const tsconfig = '{"compilerOptions":{"verbatimModuleSyntax":true,"erasableSyntaxOnly":true}}';

/** @type {Record<string, string>} */
const programs = {
  'annotations and generics': `
    const add = <T extends number>(a: T, b?: T): number => a + (b ?? 1);
    function f<T>(this: { x: T } | void, ...rest: T[]): T[] { return rest; }
    let later!: number; later = add<number>(1, 2);
    const { a, ...others }: Record<string, number> = { a: 1, b: 2 };
    log(add(1), later, f<number>(1, 2), a, others, f.toString());`,
  'line ends after types': `
    let x = 1 as number
    [1].forEach((n) => log('each', n))
    const y = { z: 1 } satisfies object
    ;(() => log('called'))()
    type T = string
    (log)('statement')
    const arrow = (a: number): {
      b: number
    } => ({ b: a });
    const f = async <
      T
    >(a: T) => a;
    log(x, y, arrow(1), f.length);
    function g() { return <
      T
    >(a: T) => a; }
    log(typeof g());`.replace("[1].forEach", ";[1].forEach"),
  classes: `
    interface I { a: number }
    abstract class A<T> implements I {
      declare readonly hidden: string;
      public a = 1;
      protected static b?: number = 2;
      get: string
      set?: string
      static: number = 3;
      [key: string]: unknown;
      abstract c(): void;
      constructor(x: T);
      constructor(x: any) { this.a = x; }
      private async *gen(): AsyncGenerator<number> { yield this.a }
      static of(): number | undefined { return this.b }
    }
    class B extends A<number> { c(): void {} override toString(): string { return 'B'; } #p: number = 1; has(o: object): boolean { return #p in o; } }
    const b = new B(5);
    log(Object.keys(b), A.of(), String(b), b.has(b), b.a, Object.getOwnPropertyNames(A.prototype));`,
  'expressions with types': `
    const o: any = { f: (x: unknown) => x, n: { m: null } };
    let v = o!.f!<number>(1)! + (o as any).f(2)!;
    (v as number)++;
    (o.n as any).m = 5 as const;
    log(v, o.n!.m, o?.n!.m, [1, 2].map<string>(String), new Map<string, number>([['a', 1]]).size);
    const tag = <T,>(s: TemplateStringsArray, ...v: T[]) => s.raw.join('|') + v.join();
    log(tag<number>\`a\${1}b\`, typeof (String as any), (log as unknown) === log);
    for (const k in o as object) log(k);
    try { throw 1 } catch (e: unknown) { log(e) }`,
  'declarations that are only types': `
    declare const nothing: number;
    declare function f(): void;
    declare module 'm' { export const x: 1 }
    declare global { var y: number }
    declare enum E { A }
    namespace N { export type T = 1; export interface I {} }
    export type { T } from './other.ts';
    import type D from './other.ts';
    import { type T as U, value } from './other.ts';
    function over(a: string): void;
    function over(a: number): void;
    function over(a: any): void { log('over', a); }
    over(1); log(value, typeof nothing, typeof f);
    export interface Exported {}
    export default interface Default {}
    --- other.ts
    export type T = 1; export const value: number = 3; export default class {};
    log('other runs');`,
  'live bindings and cycles': `
    import { read, type Kind } from './b.ts';
    export let n: number = 1;
    export function bump(): void { n++; }
    bump(); log(read() as Kind);
    --- b.ts
    import { n } from './main.ts';
    export type Kind = number;
    export const read = (): Kind => n;`,
  stacks: `
    type Long = {
      a: number;
    };
    class C<T> { m(x: T): never { throw new Error('boom'); } }
    function outer<T extends Long>(t: T): void { new C<T>().m(t); }
    try { outer<Long>({ a: 1 }); } catch (e: any) { log(e.stack.split('\\n').slice(1, 4).map((l: string) => /[^/]+$/.exec(l)![0]).join()); }`,
  'names beyond ASCII': `
    type Größe = '😀' | 'ü'; const größe: Größe = '😀'; const o: { ü: Größe } = { ü: größe };
    try { null!.x; } catch (e: any) { log(/main.ts:\\d+:\\d+/.exec(e.stack)![0]); } log(o);`,
};

/** @param {string} text */
function filesOf(text) {
  const [main, ...others] = text.split(/^\s*--- /m);
  const files = others.map((other) => {
    const [, name, content] = /** @type {RegExpExecArray} */ (/^(\S+)\n([^]*)$/.exec(other));
    return [name, content];
  });
  return Object.fromEntries([['main.ts', `const log = globalThis.log as Function;${main}`], ...files.map(([name, content]) =>
    [name, content.replaceAll('log(', '(globalThis as any).log(')])]);
}

for (const [name, text] of Object.entries(programs)) {
  test(name, { skip: !stripsTypes }, async (t) => {
    const project = createProject(t, {
      'tsconfig.json': tsconfig,
      'log.mjs': 'globalThis.log = (...values) => console.log(...values);',
      ...filesOf(text),
    });
    const outcomes = [];
    for (const flags of [[], register]) {
      const app = project.start(['--no-warnings', '--import', './log.mjs', ...flags, 'main.ts']);
      const { code } = await app.end();
      outcomes.push({ code, stdout: app.output('stdout'), stderr: app.output('stderr') });
    }
    const [plain, hot] = outcomes;
    assert.deepEqual({ code: plain.code, stderr: plain.stderr }, { code: 0, stderr: '' });
    assert.deepEqual(hot, plain);
  });
}
