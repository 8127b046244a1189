//! Tables: module text and the body of its executable text (prefix and suffix cut off).

use crate::{Context, Form, ImportName, parse};

/// Renders `source` with every import live or none, and compares the body.
#[track_caller]
fn check_form(source: &str, live: bool, form: Form, expected: &str) {
    let parsed = parse(source).unwrap_or_else(|errors| panic!("{source}\n{errors:#?}"));
    let live = vec![live; parsed.record.imports.len()];
    let code = parsed.render(source, &Context { live: &live, late: &[], form, seen_early: false });
    let (_, body) = code.split_once('\n').unwrap();
    let body = body.strip_suffix("\n})").unwrap();
    assert_eq!(body, expected, "executable text of {source:?}\nwhole: {code}");
}

#[track_caller]
fn check(source: &str, expected: &str) {
    check_form(source, false, Form::Plain, expected);
}

#[track_caller]
fn check_live(source: &str, expected: &str) {
    check_form(
        &format!("import {{a}} from 'x'\n{source}"),
        true,
        Form::Plain,
        &format!(";                  \n{expected}"),
    );
}

#[track_caller]
fn check_error(source: &str, message: &str, line: u32, column: u32) {
    let errors = parse(source).expect_err(source);
    let error = &errors[0];
    assert!(error.message.contains(message), "{source:?}: {error:#?}");
    let position = error.position.expect("a position");
    assert_eq!((position.line, position.column), (line, column), "{source:?}: {error:#?}");
    assert!(error.frame.contains('^'), "{}", error.frame);
}

#[test]
fn declarations_are_blanked() {
    check("import a from 'x'; a()", ";                  a()");
    check("import * as ns\nfrom 'x'\nns", ";             \n        \nns");
    check("import 'x' with { type: 'json' };", ";                                ");
    check("foo\nimport 'x'\n(bar)", "foo\n;         \n(bar)");
    check("let a\nexport { a as 'ü' };a", "let a\n;                   a");
    check("export * from 'x'", ";                ");
    check("export const a = 1;", ";      const a = 1;");
    check("export  async function f() {}", ";       async function f() {}");
    check("export class C {}", ";      class C {}");
    check("#!/usr/bin/env node\nexport let a", "///usr/bin/env node\n;      let a");
    check("import a from 'x'\r\na", ";                \r\na");
}

#[test]
fn default_exports_keep_columns() {
    check("export default 1", "let    $dflt=  1");
    check("export default(1)", "let    $dflt= (1)");
    check("export default [1]", "let    $dflt=  [1]");
    check("export\ndefault\n1", "let   \n$dflt= \n1");
    check("export default function f() {}", ";              function f() {}");
    check("export default class C {}", ";              class C {}");
    check("export default () => {}", "let $={default:() => {}};");
    check("export default () => {};", "let $={default:() => {}};");
    check("export default (class {});", "let $={default:(class {})};");
    check("export default class { }\nfoo", "let $={default:class { }};\nfoo");
    check("export default function () {}\nfoo", "let $={default:function () {}};\nfoo");
    check("let $; export default () => 1", "let $; let _={default:() => 1};");
    check("export default(() => 1)", "let $={default:(() => 1)};");
}

#[test]
fn anonymous_default_functions_are_hoisted_in_cycles() {
    let hoisted = |source, expected| check_form(source, false, Form::Generator, expected);
    hoisted("export default function () {}", "         ;function $dflt() {}");
    hoisted("export default async function* (a) {}", "         ;async function* $dflt(a) {}");
    hoisted("export default function\n() {}", ";function $dflt        \n() {}");
}

#[test]
fn imported_names_are_read_live_where_needed() {
    check_live("a", ";(a=$live.a)");
    check_live("a(1)", ";(a=$live.a)(1)");
    check_live("a`x`", ";(a=$live.a)`x`");
    check_live("a?.(1)", ";(a=$live.a)?.(1)");
    check_live("a.b()", ";(a=$live.a).b()");
    check_live("a + a, a", ";(a=$live.a) + (a=$live.a), (a=$live.a)");
    check_live("new a.B(a)", "new (a=$live.a).B((a=$live.a))");
    check_live("new a", "new (a=$live.a)");
    check_live("({a, b: a})", "({a:(a=$live.a), b: (a=$live.a)})");
    check_live("{ let a = 1; a }", "{ let a = 1; a }");
    check_live("typeof a", "typeof (a=$live.a)");
    check_live("delete a.b", "delete (a=$live.a).b");
    check_live("a.b = 1", ";(a=$live.a).b = 1");
    check_live("for (a.b of a) ;", "for ((a=$live.a).b of (a=$live.a)) ;");
    check_live("f = a => a", "f = a => a");
    check_live("f = async () => a", "f = async () => (a=$live.a)");
    check_live("f = (b = a) => {}", "f = (b = (a=$live.a)) => {}");
    check_live("export default a", "let    $dflt=  (a=$live.a)");
    check_live("f = (b = () => a) => { var a }", "f = (b = () => (a=$live.a)) => { var a }");
    check_live("f = function (b = a, a) { a }", "f = function (b = a, a) { a }");
    check_live("({ a: 1, __proto__: a })", "({ a: 1, __proto__: (a=$live.a) })");
    check_live("class B extends a {}", "class B extends $live.a {}");
    check_live("class B { [a] = a }", "class B { [(a=$live.a)] = (a=$live.a) }");
    check_live("class B { b\na() { } }", "class B { b\na() { } }");
}

#[test]
fn live_reads_do_not_go_on_with_the_line_above() {
    check_live("let x = y\na.b()", "let x = y\n;(a=$live.a).b()");
    check_live("f = () => {\nx\na\n}", "f = () => {\nx\n;(a=$live.a)\n}");
    check_live("{ x\na }", "{ x\n;(a=$live.a) }");
    check_live("class B { static { x\na } }", "class B { static { x\n;(a=$live.a) } }");
    check_live("switch (x) { case 1: y\na }", "switch (x) { case 1: y\n;(a=$live.a) }");
    check_live("do x; while (y)\na()", "do x; while (y)\n;(a=$live.a)()");
    // Where one statement is expected, a semicolon would be that statement.
    check_live("if (x) a\nelse a", "if (x) (a=$live.a)\nelse (a=$live.a)");
    check_live("for (;;)\na", "for (;;)\n(a=$live.a)");
    check_live("do a\nwhile (x)", "do (a=$live.a)\nwhile (x)");
    check_live("b: a", "b: (a=$live.a)");
    check_live("return_(() => a)", "return_(() => (a=$live.a))");
}

#[test]
fn assignments_to_imports_throw_at_run_time() {
    let written = |source: &str, expected: &str| {
        check(
            &format!("import {{a}} from 'x'\n{source}"),
            &format!(";                  \n{expected}"),
        );
    };
    written("() => { a = 1 }", "() => { $live.a = 1 }");
    written("() => { a++ }", "() => { $live.a++ }");
    written("() => { [a] = [] }", "() => { [$live.a] = [] }");
    written("() => { ({a} = {}) }", "() => { ({a:$live.a} = {}) }");
    written("() => { ({a = 1} = {}) }", "() => { ({a:$live.a = 1} = {}) }");
    written("() => { for (a of []); }", "() => { for ($live.a of []); }");
}

/// Inside of a function of a module that exports `n` and `m`.
#[track_caller]
fn check_pushed(source: &str, expected: &str) {
    let around = |text: &str, list: &str| format!("let n, m{list}\nfunction* f() {{\n{text}\n}}");
    let exports = "; export { n, m as l }";
    let blanked = format!("; ;{}", " ".repeat(exports.len() - 3));
    check(&around(source, exports), &around(expected, &blanked));
}

#[test]
fn assignments_to_exports_are_told() {
    check_pushed("n = 5", "n = 5;$push();");
    check_pushed("n = 5 ; n", "n = 5 ;$push(); n");
    check_pushed("return n += n", "return $push(n += n)");
    check_pushed("n++; --m", "n++;$push(); --m;$push();");
    check_pushed("n = m = 1", "n = $push(m = 1);$push();");
    check_pushed("n = 1, m = 1", "$push(n = 1), $push(m = 1)");
    check_pushed("n = () => m++;", "n = () => $push(m++);$push();");
    check_pushed("(n) = 5", "(n) = 5;$push();");
    check_pushed("x = n ??= () => {}", "x = $push(n ??= () => {})");
    check_pushed("[n, { m }] = x", "try{[n, { m }] = x}finally{$push();}");
    check_pushed("({ n, ...m } = x)", "try{({ n, ...m } = x)}finally{$push();}");
    check_pushed("[x = n++] = y", "[x = $push(n++)] = y");
    check_pushed("({ n } = y);\n[x] = y", "try{({ n } = y);}finally{$push();}\n[x] = y");
    check_pushed("[n, x = n] = y", "try{[n, x = ($push(),n)] = y}finally{$push();}");
    check_pushed("[x = n, n] = y", "try{[x = n, n] = y}finally{$push();}");
    check_pushed("[n, x = () => {}] = y", "try{[n, x = () => {}] = y}finally{$push();}");
    check_pushed("({ n, x = n } = y)", "try{({ n, x = ($push(),n) } = y)}finally{$push();}");
    check_pushed("[n, x[0]] = y", "try{[n, $push(x)[0]] = y}finally{$push();}");
    check_pushed("n.x = n[0]++", "n.x = n[0]++");
    check_pushed("{ let n; n = 1 }", "{ let n; n = 1 }");
    check_pushed("return[n]=x", "return $push([n]=x)");
    check_pushed("typeof++n", "typeof $push(++n)");
    check_pushed("-n++ / 2", "-$push(n++) / 2");
    check_pushed("x = () => n = 1", "x = () => $push(n = 1)");
    check_pushed("class A { b = n++ }", "class A { b = $push(n++) }");
    check_pushed("n = yield", "n = yield;$push();");
    check("export function f(a, { b = 1 } = {}) {}", ";      function f(a, { b = 1 } = {}) {}");
    check("export default function f({ b = 1 }) {}", ";              function f({ b = 1 }) {}");
    check("export const f = ({ b = 1 }) => b", ";      const f = ({ b = 1 }) => b");
    check_pushed(
        "[n, m = ({ a = 1 }) => a] = x",
        "try{[n, m = ({ a = 1 }) => a] = x}finally{$push();}",
    );
    check_pushed(
        "[n, m = f((a = 1) => a)] = x",
        "try{[n, m = ($push(),f((a = 1) => a))] = x}finally{$push();}",
    );
    check("export let n; n = 1", ";      let n; n = 1");
    check(
        "export let n; class A { static { n = 1 } }",
        ";      let n; class A { static { n = 1 } }",
    );
    check("export let n; class A { a = n++ }", ";      let n; class A { a = $push(n++) }");
    check(
        "let n; export { n }; export default () => n = 1",
        "let n; ;             let $={default:() => $push(n = 1)};",
    );
    check(
        "export default function g() { g = 1 }",
        ";              function g() { g = 1;$push(); }",
    );
}

#[test]
fn told_assignments_end_where_they_ended() {
    check_pushed("n++\n(x)", "n++;$push();\n(x)");
    check_pushed("n++ // why\n[x]", "n++;$push(); // why\n[x]");
    check_pushed("let x = n++\n`x`", "let x = $push(n++);\n`x`");
    check_pushed("if (x) n = () => {}\n(x)", "if (x) $push(n = () => {});\n(x)");
    check_pushed("x = m = () => {}\n/x/g", "x = $push(m = () => {});\n/x/g");
    check_pushed("n++\n/ x / m", "$push(n++)\n/ x / m");
    check_pushed("x = () => n++\n(y)", "x = () => $push(n++);\n(y)");
    check_pushed("class A { x = n++\n[y] = 1 }", "class A { x = $push(n++);\n[y] = 1 }");
    check_pushed("do n++\nwhile (x)", "do $push(n++)\nwhile (x)");
    check_pushed("if (x) n++\nelse m++", "if (x) $push(n++)\nelse $push(m++)");
}

#[test]
fn loops_that_assign_exports_tell_it_in_each_round() {
    check_pushed("for (n of x) { m++ }", "for (n of x) {$push(); m++;$push(); }");
    check_pushed("for (n in x);", "for (n in x){$push();;}");
    check_pushed("for ([n] of x) m++", "for ([n] of x) {$push();$push(m++)}");
    check_pushed("for (n of x) n++\n(y)", "for (n of x) {$push();$push(n++);}\n(y)");
    check_pushed("for (n of x) for (m of y) z", "for (n of x) {$push();for (m of y) {$push();z}}");
    check_pushed("for (const n of x) { n }", "for (const n of x) { n }");
    check_pushed("for (n.x of y) { }", "for (n.x of y) { }");
    check_pushed("for (x of n = 5) ;", "for (x of $push(n = 5)) ;");
}

#[test]
fn imports_are_read_late_until_their_modules_have_run() {
    let check = |statement: &str, expected: &str| {
        let source = format!("import {{ a, p as __proto__ }} from 'x'\n{statement}");
        let parsed = parse(&source).expect("a module");
        let late = Context {
            live: &[true, true],
            late: &[true, true],
            form: Form::Plain,
            seen_early: false,
        };
        assert_eq!(parsed.render(&source, &late).lines().nth(2), Some(expected));
    };
    check("f(a)", "f((a=a===$live||a===void 0?$live.a:a))");
    check("a()", ";(a=a===$live||a===void 0?$live.a:a)()");
    check("f({ a })", "f({ a:(a=a===$live||a===void 0?$live.a:a) })");
    check("a = 1", "$live.a = 1");
    check(
        "f({ __proto__ })",
        "f({ ['__proto__']:(__proto__=__proto__===$live||__proto__===void 0?$live.__proto__:__proto__) })",
    );
}

#[test]
fn module_only_expressions() {
    check("import.meta.url", "($m?.value).url");
    check("f(import.meta)", "f(($m?.value))");
    check("f(import.\nmeta)", "f(($m?.value)\n    )");
    check("x\nimport.meta.url", "x\n$importMeta.url");
    check("x = {}\nimport.meta.url", "x = {}\n$importMeta.url");
    check("x // ;\nimport.meta.url", "x // ;\n$importMeta.url");
    check("x; import.meta.url", "x; ($m?.value).url");
    check("x;\n\nimport.meta.url", "x;\n\n($m?.value).url");
    check("if (x) import.meta", "if (x) ($m?.value)");
    check("import(x)", "$mport(x)");
    check("import.meta; '$importMeta'; import(1)", "($m?.value); '$importMeta'; $mport(1)");
    check("arguments", "$live.arguments");
    check("typeof arguments", "typeof globalThis.arguments");
    check("function f() { arguments }", "function f() { arguments }");
    check("(() => arguments)", "(() => $live.arguments)");
    check("typeof (arguments)", "typeof (globalThis.arguments)");
    check("() => ({arguments})", "() => ({arguments:$live.arguments})");
    check("\\u0024mport; import(1)", "\\u0024mport; $mpor0(1)");
}

#[test]
fn prefix_declares_what_is_imported_and_exported() {
    let source = "import {a as b} from 'x'; export {b}; export let c, d; export default c";
    let parsed = parse(source).unwrap();
    let context =
        Context { live: &[false], late: &[], form: Form::AsyncGenerator, seen_early: false };
    let code = parsed.render(source, &context);
    let prefix = "(async function*($importMeta,$mport,$env,$live,$push){'use strict';var b;\
                  $env((function($s,$v){switch($s){case 0:b=$v;break;}$env}),(function($s){switch($s){\
                  case 0:return c;case 1:return d;case 2:return $dflt;}}));yield;";
    assert_eq!(code.split_once('\n').unwrap().0, prefix);
}

#[test]
fn substitutes_of_names_differ_from_each_other() {
    let source = "import b from 'x'; $second, $variable, $env, $live, $push";
    let parsed = parse(source).unwrap();
    let code = parsed.render(
        source,
        &Context { live: &[false], late: &[], form: Form::Plain, seen_early: false },
    );
    let prefix = "(function($importMeta,$mport,$en0,$liv0,$pus0){'use strict';var b;\
                  $en0((function($0,$1){switch($0){case 0:b=$1;break;}$en0}),(function($0){switch($0){}}));";
    assert_eq!(code.split_once('\n').unwrap().0, prefix);
}

#[test]
fn records_follow_the_standard() {
    let record = parse(
        "export * from 'b'; import d, {x as y} from 'a'; import * as n from 'a';
         export {y as z, n, v}; export * as m from 'c'; let v; export function f() {}
         export let later; () => { later = 1 }; await 0; import('lazy')",
    )
    .unwrap()
    .record;
    let specifiers: Vec<_> = record.requests.iter().map(|r| r.specifier.as_str()).collect();
    assert_eq!(specifiers, ["b", "a", "c"]);
    assert_eq!(record.star_exports, [0]);
    let imports: Vec<_> = record.imports.iter().map(|i| (i.local.as_str(), i.request)).collect();
    assert_eq!(imports, [("d", 1), ("y", 1), ("n", 1)]);
    assert_eq!(record.imports[2].name, ImportName::Namespace);
    let locals: Vec<_> =
        record.local_exports.iter().map(|e| (e.name.as_str(), e.hoisted, e.pushed)).collect();
    assert_eq!(
        locals,
        [("n", true, false), ("v", false, false), ("f", true, false), ("later", false, true)]
    );
    let indirect: Vec<_> = record.indirect_exports.iter().map(|e| e.name.as_str()).collect();
    assert_eq!(indirect, ["m", "z"]);
    assert!(record.top_level_await && record.has_module_syntax);
    assert_eq!(record.dynamic_imports[0].specifier.as_deref(), Some("lazy"));
}

#[test]
fn direct_eval_may_assign_every_export() {
    let record = parse("export let a; export const b = 1; eval('a = 2')").unwrap().record;
    let pushed: Vec<_> = record.local_exports.iter().map(|e| e.pushed).collect();
    assert_eq!(pushed, [true, false]);
}

#[test]
fn code_for_a_direct_eval_is_rendered() {
    check("eval(x)", "eval($live.eval('',x))");
    check("() => { eval(x, 1) }", "() => { eval($live.eval('',x, 1)) }");
    check("function f(x) { eval(x) }", "function f(x) { eval($live.eval('arguments',x)) }");
    check("class A { b = eval(x) }", "class A { b = eval($live.eval('arguments',x)) }");
    check("eval?.(x), (0, eval)(x)", "eval?.(x), (0, eval)(x)");
    check_live("(a) => eval(a)", "(a) => eval($live.eval('a',a))");
    let source = "import { a, b } from 'x'; export let n = 1; eval('')";
    let parsed = parse(source).unwrap();
    let check = |code: &str, others: &str, expected: Option<&str>| {
        let rendered = parsed.render_eval(code, &[true, false], others);
        assert_eq!(rendered.as_deref(), expected, "{code}");
    };
    check("n = 2", "", Some("$push(n = 2)"));
    check("n = 2; 5", "", Some("$push(n = 2); 5"));
    check("var n = 2; n = 3", "", None);
    check("a + b", "", Some(";(a=$live.a) + b"));
    check("a + b", "a", None);
    check("b = 5", "", Some("$live.b = 5"));
    check("typeof arguments", "", Some("typeof globalThis.arguments"));
    check("arguments", "arguments", None);
    check("new.target", "", Some("(0,eval)(\"new.target\")"));
    check("new.target", "arguments", None);
    check("import('x')", "", Some("$mport('x')"));
    check("import.meta", "", None);
    check("eval('n = 1')", "", Some("eval($live.eval('','n = 1'))"));
    check("let x = ;", "", None);
    check("other", "", None);
    check("// n = 2", "", None);
}

#[test]
fn hot_calls_are_found() {
    let hot = |source: &str| parse(source).unwrap().record.hot;
    assert!(hot("import.meta.hot?.accept()").accepts_self);
    assert!(hot("if (import.meta.hot) import.meta.hot.accept(m => {})").accepts_self);
    assert_eq!(hot("import.meta.hot.accept('./a.js', f)").accepts, ["./a.js"]);
    assert_eq!(hot("import.meta.hot.accept(['./a.js', `./b.js`])").accepts, ["./a.js", "./b.js"]);
    assert_eq!(hot("import.meta.hot.acceptExports(['x'])").accepts_exports, ["x"]);
    assert!(hot("import.meta.hot.decline()").declines);
    assert_eq!(hot("foo.hot.accept()"), crate::HotCalls::default());
}

#[test]
fn early_errors_have_a_place() {
    check_error("let a\nlet a", "", 2, 5);
    check_error("return", "", 1, 1);
    check_error("import {a} from 'x'\nvar a", "", 2, 5);
    check_error("export {a}", "'a' is not defined", 1, 9);
    check_error("1\n2 +", "", 2, 4);
    check_error("new.target", "", 1, 1);
    check_error("export let a; export {a}", "", 1, 23);
    check_error("with (a) {}", "", 1, 1);
    check_error("(() => { await 1 })", "", 1, 10);
    check_error("var yield", "", 1, 5);
    check_error("import source a from 'x'", "import source", 1, 1);
    check_error("a: a: 1", "", 1, 4);
    check_error("super()", "", 1, 1);
    check_error("a<!--b", "HTML comments", 1, 2);
    check("a +\u{2028}b", "a +\u{2028}b");
    check_error("delete a", "", 1, 8);
    check_error("010", "", 1, 1);
    check_error("import.meta = 1", "", 1, 1);
    check_error("class C { x = arguments }", "", 1, 15);
}

#[test]
fn code_frames_show_the_place() {
    let errors = parse("const ok = 1\nconst ü = 'ü' +\n\nconst x").expect_err("missing operand");
    assert_eq!(errors[0].frame.lines().count(), 4, "{}", errors[0].frame);
}

#[test]
fn the_text_of_a_function_is_the_one_in_the_module() {
    let check = |source: &str, live: &[bool], form: Form, own: &str| {
        let parsed = parse(source).expect("a module");
        for seen_early in [false, true] {
            let code = parsed.render(source, &Context { live, late: &[], form, seen_early });
            let starts = code.find("/*<*/").expect("a begin") + 5;
            let ends = code.find("/*>*/").expect("an end");
            let part = code[starts..ends].trim();
            assert_eq!(parsed.original(source, &code, part), Some(own), "{code}");
        }
    };
    let imported = "import { a } from 'a';\n";
    check("/*<*/() => import.meta/*>*/;", &[], Form::Plain, "() => import.meta");
    check(
        &format!("{imported}f(/*<*/() => import(a) + {{ a }}.a/*>*/)"),
        &[true],
        Form::Generator,
        "() => import(a) + { a }.a",
    );
    check(
        "export let n = 1;\n/*<*/function f() { n++ } /*>*/",
        &[],
        Form::Plain,
        "function f() { n++ }",
    );
    check("export let n = 1; f(/*<*/() => n = 2/*>*/)", &[], Form::Plain, "() => n = 2");
    check("export let n = 1; f(/*<*/() => { n = 2 }/*>*/)", &[], Form::Plain, "() => { n = 2 }");
}

#[test]
fn columns_of_the_executed_text_lead_back() {
    // The place of `!` in the executable text is that of the other one in the source.
    let check = |source: &str, live: &[bool], executed: &str, own: &str| {
        let parsed = parse(source).expect("a module");
        let code = parsed
            .render(source, &Context { live, late: &[], form: Form::Plain, seen_early: false });
        let place = |text: &str, part: &str| {
            let at = text.find(part).unwrap_or_else(|| panic!("{part:?} in {text}"));
            (
                text[..at].matches('\n').count() as u32,
                text[..at].rsplit('\n').next().unwrap().len() as u32,
            )
        };
        let (line, column) = place(&code, executed);
        let columns = parsed.columns(source, &code);
        let last = columns.iter().rfind(|place| place.line == line && place.column <= column);
        let mapped = last.map_or((line, column), |last| {
            let further = if last.advances { column - last.column } else { 0 };
            (last.to_line, last.to_column + further)
        });
        let (own_line, own_column) = place(source, own);
        assert_eq!(mapped, (own_line + 1, own_column), "{executed:?} in {code}\n{columns:?}");
    };
    let live = "import { a } from 'x';\n";
    check(&format!("{live}f(a, null.x)"), &[true], "null", "null");
    check(&format!("{live}f(a, null.x)"), &[true], "$live.a", "a, null");
    check(&format!("{live}f(1, a(2), 3)"), &[true], "(2)", "a(2)");
    check(&format!("{live}f(1, a(2), 3)"), &[true], "2)", "2)");
    check(&format!("{live}f(1, a\n(2), 3)"), &[true], "(2)", "a\n(2)");
    check(&format!("{live}f(a\n, null.x)"), &[true], "null", "null");
    check("let n; export { n }; () => [n = 1, null.x]", &[], "null", "null");
    check("export default () => {}; null.x", &[], "null", "null");
    check("arguments, null.x", &[], "null", "null");
    check("import 'x'; null.x", &[], "null", "null");
    check("f(eval('x;'), null.x)", &[], "$live.eval", "eval");
    check("f(eval('x;'), null.x)", &[], "null", "null");
}

#[test]
fn the_text_of_a_function_that_ends_with_a_replaced_expression() {
    let source = "const f = () => import . meta; const g = 1;\n";
    let parsed = parse(source).expect("a module");
    let context = Context { live: &[], late: &[], form: Form::Plain, seen_early: false };
    let code = parsed.render(source, &context);
    let line = code.lines().nth(1).expect("a second line");
    let part = line[line.find("()").expect("a function")..line.find(';').expect("an end")].trim();
    assert_eq!(parsed.original(source, &code, part), Some("() => import . meta"), "{code}");
}

#[test]
fn the_text_of_an_anonymous_default_function_too() {
    let source = "export default async function () { return import.meta; }\n";
    let parsed = parse(source).expect("a module");
    for form in [Form::Plain, Form::Generator] {
        let code = parsed.render(source, &Context { live: &[], late: &[], form, seen_early: true });
        let line = code.lines().nth(1).expect("a second line");
        let part = &line[line.find("async").expect("a function")..=line.find('}').expect("an end")];
        let own = "async function () { return import.meta; }";
        assert_eq!(parsed.original(source, &code, part), Some(own), "{code}");
    }
}

#[test]
fn values_are_told_as_soon_as_exports_have_them() {
    let check = |source: &str, expected: &str| {
        let parsed = parse(source).expect("a module");
        let context = Context { live: &[], late: &[], form: Form::Generator, seen_early: true };
        let code = parsed.render(source, &context);
        assert_eq!(code.lines().nth(1), Some(expected));
    };
    check("export let a = 1", ";      let a = 1,{}=$push(0)");
    check("let a = 1; export { a };", "let a = 1,{}=$push(0); ;            ");
    check("export let a; a = 2; b = 3;", ";      let a,{}=$push(0); a = 2;$push(); b = 3;");
    check("export var a, b = 1", ";      var a, b = 1,{}=$push(0)");
    check("export const a = 1, b = f(a)", ";      const a = 1,{}=$push(0), b = f(a),{}=$push(0)");
    check("export const { a, b = a } = x", ";      const { a, b = ($push(),a) } = x,{}=$push(0)");
    check("let a; export { a }; f(a = 1)", "let a,{}=$push(0); ;             f($push(a = 1))");
    check(
        "export let a; [a, b[c]] = d",
        ";      let a,{}=$push(0); try{[a, $push(b)[c]] = d}finally{$push();}",
    );
    check("export let a = () => a++\n[1]", ";      let a = () => $push(a++),{}=$push(0);");
    check("export class A {}", ";      class A {};$push();");
    check("using a = b; export { a };", "using a = b;$push(); ;            ");
    check("export function f() {}", ";      function f() {}");
    check("export default 1", "let    $dflt=  1;$push();");
    check(
        "export default () => a = 1; let a; export { a }",
        "let $={default:() => $push(a = 1)};$push(); let a,{}=$push(0); ;           ",
    );
    check(
        "export var a; for (a of b) c(); if (a) { a = 2 }",
        ";      var a; for (a of b) {$push();c();} if (a) { a = 2;$push(); }",
    );
    check(
        "for (var a of b) ; for (var c = 1; a++;) ; export { a, c }",
        "for (var a of b) {$push();;} for (var c = 1,{}=$push(0); $push(a++);) ; ;              ",
    );
    check(
        "export let a; class A { static x = (a = 1, a); static { a = 2 } }",
        ";      let a,{}=$push(0); class A { static x = ($push(a = 1), a); static { a = 2;$push(); } }",
    );
}
