//! Tables: TypeScript and the JavaScript it becomes.

use super::{Dialect, Language, to_javascript};
use crate::edit::is_line_terminator;

#[track_caller]
fn check_text(dialect: &Dialect, source: &str, expected: &str) {
    let made = to_javascript(source, Language::TypeScript, dialect)
        .unwrap_or_else(|errors| panic!("{source}\n{errors:#?}"));
    assert!(made.origins.is_none(), "{source:?} was compiled: {}", made.text);
    assert_eq!(&*made.text, expected, "JavaScript of {source:?}");
    let units = |text: &str| -> Vec<usize> {
        text.split(is_line_terminator).map(|line| line.encode_utf16().count()).collect()
    };
    assert_eq!(units(source), units(&made.text), "lines of {source:?}");
    if let Err(errors) = crate::parse(&made.text) {
        panic!("{source}\n{}\n{errors:#?}", made.text);
    }
}

/// `marked` is the source. What stands in `«»` becomes spaces, what stands in `‹›` a semicolon and spaces.
#[track_caller]
fn check_with(dialect: &Dialect, marked: &str) {
    let (mut source, mut expected) = (String::new(), String::new());
    let (mut is_blank, mut is_start) = (false, false);
    for character in marked.chars() {
        match character {
            '«' => is_blank = true,
            '‹' => (is_blank, is_start) = (true, true),
            '»' | '›' => is_blank = false,
            _ => {
                source.push(character);
                if !is_blank || is_line_terminator(character) {
                    expected.push(character);
                    continue;
                }
                for _ in 0..character.len_utf16() {
                    expected.push(if std::mem::take(&mut is_start) { ';' } else { ' ' });
                }
            }
        }
    }
    check_text(dialect, &source, &expected);
}

#[track_caller]
fn check(marked: &str) {
    check_with(&Dialect { verbatim: true, ..Dialect::default() }, marked);
}

/// As [`check`], without `verbatimModuleSyntax`.
#[track_caller]
fn check_elided(marked: &str) {
    check_with(&Dialect::default(), marked);
}

/// What is no type is compiled.
#[track_caller]
fn check_compiled(source: &str, expected: &str) {
    let dialect = Dialect { legacy_decorators: true, using: false, ..Dialect::default() };
    let made = to_javascript(source, Language::TypeScript, &dialect).unwrap();
    assert!(made.origins.is_some(), "{source:?} was not compiled");
    assert_eq!(&*made.text, expected, "JavaScript of {source:?}");
}

#[test]
fn annotations() {
    check("let x«: number» = 1;");
    check("let x«!»«: number»;");
    check("const { a, b }«: { a: 1; b: 2 }» = y");
    check("function f(a«: A», b«?»«: B», c = 1« as C», ...d«: D[]»)«: E» {}");
    check("function f(«this: A,» b«: B») {}");
    check("function f(«this: A») {}");
    check("function f«<A, B extends C = D>»(a«: A») {}");
    check("async function* f«<A>»()«: AsyncGenerator<A>» {}");
    check("try {} catch (e«: unknown») {}");
    check("let f = (a«: A»)«: a is B» => a");
    check("let f = «<T,>»(a«: T») => a");
    check("let f = async «<T>»(a«: T») => a");
    check("let o = { f«<T>»(a«?: T»)«: T» { return a }, get x()«: A» { return 1 } }");
    check("let ü«: Ünï<'😀'>» = '😀'");
    check("for (const x of y« as Z[]») ;");
    check("let a«: A», b«: B» = 1, c");
    check("let a«: // one\n  /* two */ A» = 1");
}

#[test]
fn expressions() {
    check("let x = y« as A» « as B» + 1".replace("» «", "»«").as_str());
    check("let x = (y« as A»).z«!».w«!» + f«<T>»(1) + new F«<T>»(2)");
    check("x«!»++; x«!» = 1; (x« as any») = 2; x«!»[0]«!»()");
    check("f«<T>»`x`; f?.«<T>»(1); let g = f«<T>»;");
    check("let x = { a: 1 }« satisfies T»;");
    check("let x = [1]« as const»;");
    check("f(x« as A», y« as B»)");
    check("a?.b«!».c");
    check("a < b");
    check("let x = a« as number» < 1");
    check("for (x« as any» of y) ;".replace("x« as any»", "(x« as any»)").as_str());
    check("let f = () => ({})« as T»;");
    check("[x« as any», y«!»] = z;");
}

#[test]
fn line_ends_do_not_go_on_with_what_a_type_has_ended() {
    check("x‹ as T›\n(y)");
    check("let x = y« as A»‹ as B›\n(z)");
    check("let x = y‹ as T›\n[1].f()");
    check("let x = y‹ satisfies T›\n`a`");
    check("f = () => x‹ as T›\n(y)");
    check("if (a) b« as T»\nelse c");
    check("do a« as T»\nwhile (b)");
    check("for (let x = a« as T»; ; ) ;");
    check("a\n‹type T = 1›\n(b)");
    check("a\n‹declare let x›\n(b)");
    check("export default x‹ as T›\n(y)");
    check("class C { x = y‹ as T›\n['z'] = 1 }");
    check("class C { get‹: T›\nx() {} }");
    check("class C { static‹?›\nx() {} }");
    check("class C { a = 1\n‹public› ['b'] = 2 }");
    check("class C { a = 1\n‹private› *b() {} }");
    check("class C { a = 1\n‹declare b: T›\n['c'] = 2 }");
    check("class C { a = 1;\n«[key: string]: T»\n['c'] = 2 }");
    check("let x«: T»\n(y)");
    check("let x = y« as T»\nz()");
    check("x\n«type T = 1»\nz()");
    check("class C { x = y« as T»\ninto() {} }");
}

#[test]
fn arrows_stay_on_their_line() {
    let moved = |source, expected| check_text(&Dialect::default(), source, expected);
    moved("let f = (a): {\n  b: 1\n} => a", "let f = (a    \n      \n) => a");
    moved("let f = (a):\nT => a", "let f = (a  \n) => a");
    moved("let f = (a): Array<\nT\n> => a", "let f = (a         \n \n) => a");
    moved("let f = async <\nT\n>(a: T) => a", "let f = async (\n \n  a   ) => a");
    moved("() => { return <\nT\n>(a: T) => a }", "() => { return (\n \n  a   ) => a }");
    check("let f = function (a)«: {\n}» { }");
}

#[test]
fn classes() {
    check("«abstract» class C«<T>» extends B«<T>» «implements I, J<T>» {}");
    check("export «abstract» class C {}");
    check("export default «abstract» class {}");
    check("let C = class «implements I» {}");
    check("class C «implements I» {}");
    check("class C«<T>» /* implements */ «implements I» {}");
    check("class C extends (B« as any») {}");
    check(
        "class C { «public» a = 1; «private» static «readonly» b«: T» = 2; «protected» c«?: T»; d«!: T»; }",
    );
    check("class C { «constructor(a: A);» constructor(a«: B») {} «f(): T;» f() {} }");
    check("«abstract» class C { «abstract a: T;» «abstract f(): T;» «private» async *g() {} }");
    check("class C extends B { «override» get x()«: T» { return 1 } }");
    check("class C { «[key: string]: any;» «declare x: T;» «static [k: string]: T» }");
    check(
        "class C { readonly«: T»; declare; public«: T» = 1; get = 2; f«?»() {} ['x']«?: T»; 'y'«!»‹: T› }",
    );
    check("class C { #x«: T» = 1; static #y«?: T»; static { let x«: T» = 1 } }");
    check("export default class C«<T>» { }");
    check("class C { static async f«<T>»(«this: T») {} }");
}

#[test]
fn fields_that_are_assigned() {
    let assigned = |marked| {
        check_with(&Dialect { define_fields: false, ..Dialect::default() }, marked);
    };
    assigned("class C { «x: number;» #y«: T» = 1; «static z?: T;» f() {} }");
}

#[test]
fn declarations() {
    check(
        "«type A = 1;» «interface B {}» «declare const c: 1;» «declare function d(): void;» «declare class E {}»",
    );
    check(
        "«declare enum A {}» «declare namespace B {}» «declare module 'c' {}» «declare global {}»",
    );
    check("«namespace A { export type B = 1; namespace C { interface D {} } }»");
    check(
        "«export type A = 1;» «export interface B {}» «export declare let c;» «export default interface D {}»",
    );
    check("«function f(a: 1): 2;» function f(a«: any») {}");
    check("«export function f(a: 1): 2;» export function f(a) {}");
    check("«export default function f(a: 1): 2;» export default function f(a) {}");
    check("«export as namespace X»");
}

#[test]
fn marked_imports_and_exports() {
    check("«import type A from 'a';» «import type { B } from 'b';» «import type * as C from 'c';»");
    check("«import type D = require('d')»");
    check("import a, { «type B,» c, «type D as E» } from 'a'");
    check("import { «type A» } from 'a'");
    check(
        "«export type { A };» «export type { B } from 'b';» «export type * from 'c';» «export type * as D from 'd'»",
    );
    check("let a; export { a, «type B» }; «type B = 1»");
    check("import a from 'a'");
}

#[test]
fn imports_that_no_value_mentions() {
    check_elided("«import a from 'a'»");
    check_elided("import 'a'");
    check_elided("import {} from 'a'");
    check_elided("import «a,» { «b,» c } from 'a'; let x«: a» = c");
    check_elided("import a«, * as b» from 'a'; a()");
    check_elided("import «a,» * as b from 'a'; b()");
    check_elided("import a, { «b» } from 'a'; a()");
    check_elided("«import { a } from 'a';» «type B = typeof a»");
    check_elided("import { a } from 'a'; export { a }");
    check_elided("import a from 'a'; export default a");
    check_elided("«type A = 1;» «interface B {}» «export { A, B }»");
    check_elided("«type A = 1;» let b; export { «A,» b }");
    check_elided("«interface A {}» «export default A»");
    check_elided("«export { type A } from 'a'»");
}

#[test]
fn what_is_more_than_types_is_compiled() {
    check_compiled(
        "enum A { B, C = 'c' }",
        "var A = function(A) {\n\tA[A[\"B\"] = 0] = \"B\";\n\tA[\"C\"] = \"c\";\n\treturn A;\n}(A || {});\n",
    );
    check_compiled(
        "class C { constructor(private a: A) {} }",
        "class C {\n\ta;\n\tconstructor(a) {\n\t\tthis.a = a;\n\t}\n}\n",
    );
    check_compiled("let x = <any>y", "let x = y;\n");
}

#[test]
fn metadata_of_what_is_not_there_is_object() {
    let dialect =
        Dialect { legacy_decorators: true, decorator_metadata: true, ..Dialect::default() };
    let source = "import { A, B } from './a'; import C from './c';\n\
                  @d(B) class E { @d f(a: A, b: B, c: C): string {} }";
    let made = to_javascript(source, Language::TypeScript, &dialect).unwrap();
    let lookup =
        |name: &str| format!("((() => {{ try {{ return {name}; }} catch {{}} }})() ?? Object)");
    let types = ["_types_A.A", "B", "_types_C.default"].map(lookup);
    for expected in types.iter().map(String::as_str).chain([
        "import * as _types_A from \"./a\"; import { B } from \"./a\";\n",
        "import * as _types_C from \"./c\"; \n",
        "_decorateMetadata(\"design:returntype\", String)",
    ]) {
        assert!(made.text.contains(expected), "{expected}\n{}", made.text);
    }
    crate::parse(&made.text).unwrap();
}

#[test]
fn decorators_of_ecmascript_are_applied() {
    let source =
        "@a class C { @b m() {}\n@c.d x = 1;\naccessor y = 2 }\nexport @e class F {}\nlet g = 1";
    let made = to_javascript(source, Language::TypeScript, &Dialect::default()).unwrap();
    for expected in [
        "import _$0 from \"node-esm-hmr/helpers/applyDecs2311\"",
        "[void 0, a]",
        "[(_$01 = [void 0, b], _$02 = \"m\")]() {}",
        "[(_$03 = [c, c.d], _$04 = \"x\")] = _$05(this, 1)",
        "get y() {",
        "export let F = (() => {",
    ] {
        assert!(made.text.contains(expected), "{expected}\n{}", made.text);
    }
    crate::parse(&made.text).unwrap();
    let line = made.text.lines().position(|line| line.starts_with("let g")).unwrap();
    let origins = made.origins.unwrap();
    assert_eq!(origins.of(line as u32, 4), Some((4, 4)));
    let of = |text: &str| {
        let at = made.text.find(text).unwrap();
        let before = &made.text[..at];
        let column = at - before.rfind('\n').map_or(0, |end| end + 1);
        origins.of(before.matches('\n').count() as u32, column as u32)
    };
    assert_eq!(of("() {}\n\t\t[("), Some((0, 16)), "m() in {}", made.text);
    assert_eq!(of("1);\n\t\t#"), Some((1, 9)), "1 in {}", made.text);
}
