// Direct eval (19.2.1): the code sees and assigns the variables of the module.

import { conform } from './conform.js';

const x = `
--- x.mjs
export let x = 1; export const set = (value) => { x = value; }; export function f() { return 'f'; } export default class {} export const run = (code) => eval(code); export var v = 0;`;
const each = (texts) => Object.fromEntries(texts.map((text) => [text, `import d, * as ns from './x.mjs'; import { x, set, f, run, v } from './x.mjs'; ${text}${x}`]));

conform('direct eval', {
  '19.2.1.1 PerformEval, reading imports': each([
    'log(eval("x"), eval("x + v"), eval("typeof nothing"), eval("f()"), eval("d.name"), eval("Object.keys(ns).join()")); set(5); log(eval("x"));',
    'const read = eval("() => x"); set(6); log(read());',
    'const f2 = (x) => eval("x"); log(f2("own")); { const x = "block"; log(eval("x")); }',
    'log(eval("var x = 9; x"), x); log(eval("let x = 8; x")); log(eval("(function (x) { return x; })(7)"));',
    'log(eval("({ x, v })"), eval("[x, ...[v]]"), eval("`${x}`"), eval("(({ x: y = v }) => y)({})"));',
    'log(eval("1; x"), eval("{ x }"), eval("if (x) 3; else 4"), eval("x; {}"), eval(""), eval(5), eval(), eval("x,"[0]), eval("x", 1));',
    'log(eval("eval(\\"x\\")"), eval("(0, eval)(\\"typeof set\\")"), (0, eval)("typeof set"));',
    'class A { m() { return eval("x + arguments.length"); } static s = eval("x"); [eval("\'k\'")] = eval("v"); } log(new A().m(1, 2), A.s, new A().k);',
    'attempt("function", () => (function () { return eval("arguments.length + (new.target === undefined)"); })(1, 2)); attempt("arrow", () => eval("arguments"));',
    'attempt("new.target", () => eval("new.target")); attempt("arrow", () => (() => eval("() => new.target"))()); log(new (function () { this.t = eval("new.target") !== undefined; })().t);',
    'class A { field = eval("x = undefined; new.target"); } attempt("field", () => new A()); class B { field = (() => eval("new.target"))(); static s = eval("new.target"); } log(new B().field, B.s);',
    'class A { field = eval("arguments"); } attempt("field", () => new A()); attempt("static", () => { class B { static s = eval("() => arguments"); } }); class C { field = function () { return eval("arguments.length"); }; } log(new C().field(1, 2));',
    'log(eval("x +\u2028 v"), eval("v +\u3000x"), eval("(\u00a0x)"));',
    'attempt("super", () => eval("super.x")); attempt("return", () => eval("return 1")); attempt("await", () => eval("await 1")); attempt("import", () => eval("import \'./x.mjs\'")); attempt("export", () => eval("export {}")); attempt("meta", () => eval("import.meta")); attempt("syntax", () => eval("x = ;")); attempt("this", () => eval("this"));',
    'log(await eval("import(\'./x.mjs\')") === ns, (await eval("import(\'./x.mjs\')")).x);',
  ]),
  '9.1.1.5.1 assigning imports': each([
    'for (const code of ["x = 1", "x++", "[x] = [1]", "({ x } = {})", "for (x of [1]);", "(() => { x = 1; })()", "d = 1", "ns = 1", "f = 1", "x &&= 5", "x ??= 5"]) attempt(code, () => eval(code));',
    'attempt("delete", () => eval("delete x")); attempt("typeof", () => eval("typeof x")); attempt("redeclare", () => eval("var f = 1; f"));',
  ]),
  '9.1.1.1.5 assigning exports': each([
    'run("x = 2"); log(x, ns.x); run("x++"); log(x, ns.x, run("x")); log(run("x = 3"), run("5; x = 4"), run("x += 1; 7"), run("({ x } = { x: 9 }); 1"), x);',
    'const later = run("(value) => { x = value; }"); later("later"); log(x, ns.x); later(later); log(x === later);',
    'run("f = () => 2"); log(f(), ns.f()); run("for (x of [1, 2, 3]);"); log(x); run("for (x in { a: 1 }) { }"); log(x); log(run("for (x of [1, 2]) 7"));',
    'run("eval(\'x = 11\')"); log(x); run("(function () { [x, v] = [12, 13]; })()"); log(x, v, ns.v); run("var x = 1; x = 2"); log(x); run("{ let x = 1; x = 2; }"); log(x);',
    'log(ns); run("v = { deep: 1 }"); log(ns); setTimeout(() => log(v)); run("setTimeout(() => { v = \'timer\'; })"); await new Promise((done) => setTimeout(done, 5)); log(v);',
    'attempt("throws", () => run("x = 20; throw new Error(\'after\')")); log(x); attempt("const", () => run("set = 1")); attempt("class", () => run("d = 1"));',
  ]),
  'in a cycle': {
    'reading and assigning before and after': `
import { b, read, write } from './b.mjs'; export let a = 'a'; export function hoisted() { return 'h'; } export const run = (code) => eval(code); log(read('a'), read('hoisted()')); run('a = 2'); log(read('a')); attempt('write', () => write('a = 3')); log(eval('b')); setTimeout(() => log(read('a + 1')));
--- b.mjs
import * as ns from './main.mjs'; import { a, hoisted, run } from './main.mjs'; export const b = 'b'; export const read = (code) => eval(code); export const write = (code) => eval(code);
attempt('a', () => eval('a')); attempt('typeof', () => eval('typeof a')); attempt('hoisted', () => eval('hoisted()')); attempt('assign', () => eval('a = 1')); attempt('run', () => eval('run')); attempt('keys', () => Object.keys(ns));`,
  },
});
