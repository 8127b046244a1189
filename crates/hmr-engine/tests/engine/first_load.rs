//! What the first load of an entry evaluates, and what the runtime is told about each module.

use hmr_engine::plan::{Check, Definition, DefinitionKind};

use crate::project::{Project, check};
use crate::told;

#[test]
fn dependencies_come_first_in_the_order_of_their_imports() {
    check("a.js: 1", &[("load a.js", "a.js")]);
    check(
        "a.js: import './b.js'; import './c.js'
         b.js: import './d.js'
         c.js: export * from './d.js'
         d.js: export {} ",
        &[("load a.js", "d.js b.js c.js a.js")],
    );
    check("a.js: export { x } from './b.js'\nb.js: export let x", &[("load a.js", "b.js a.js")]);
    // `import()` is not followed.
    check("a.js: import('./b.js')\nb.js: 1", &[("load a.js", "a.js")]);
    // What runs already does not run again.
    check(
        "a.js: import './b.js'\nb.js: 1\nc.js: import './b.js'",
        &[("load a.js", "b.js a.js"), ("load c.js", "c.js"), ("load b.js", "nothing")],
    );
}

#[test]
fn cycles_are_numbered() {
    check("a.js: import './a.js'", &[("load a.js", "a.js@0")]);
    check(
        "a.js: import './b.js'; import './d.js'
         b.js: import './c.js'
         c.js: import './b.js'
         d.js: import './e.js'
         e.js: import './d.js'",
        &[("load a.js", "c.js@0 b.js@0 e.js@1 d.js@1 a.js")],
    );
}

#[test]
fn what_has_to_be_awaited_is_marked() {
    check(
        "a.js: import './b.js'; import './c.js'\nb.js: await 1\nc.js: 1",
        &[("load a.js", "b.js~ c.js a.js~")],
    );
    check(
        "a.js: import './b.js'\nb.js: import './a.js'; await 1",
        &[("load a.js", "b.js@0~ a.js@0~")],
    );
}

#[test]
fn json_is_a_module_of_its_own_where_it_is_asked_for() {
    check(
        "a.js: import d from './d.json' with { type: 'json' }\nd.json: {}",
        &[("load a.js", "{d.json} a.js")],
    );
    check("d.json: {}", &[("load d.json as json", "{d.json}")]);
    // Without the attribute Node has to say what is wrong.
    check("a.js: import './d.json'\nd.json: {}", &[("load a.js", "[d.json] a.js")]);
}

#[test]
fn attributes_that_do_not_fit_are_left_to_node() {
    // ERR_IMPORT_ATTRIBUTE_TYPE_INCOMPATIBLE, ERR_IMPORT_ATTRIBUTE_UNSUPPORTED
    for kind in ["json", "css"] {
        let files = format!("a.js: import './b.js' with {{ type: '{kind}' }}\nb.js: 1");
        let told = Project::new(&files).run("load a.js");
        assert!(told == "[b.js] a.js" || told == "[./b.js of a.js] a.js", "{kind}: {told}");
    }
}

#[test]
fn a_query_or_a_hash_makes_a_module_of_its_own() {
    check(
        "a.js: import './b.js'; import './b.js?1'; import './b.js#x'; import './b.js?1#x'; \
               import './b.js?1'\nb.js: 1",
        &[("load a.js", "b.js b.js?1 b.js#x b.js?1#x a.js")],
    );
    // Other ways to write the path do not.
    check(
        "a.js: import './b.js'; import '././b.js'; import './%62.js'; import './x/../b.js'; \
               import './/b.js'\nb.js: 1",
        &[("load a.js", "b.js a.js")],
    );
}

#[test]
fn dependencies_are_told_only_where_something_is_awaited() {
    let told = |files: &str| {
        let mut project = Project::new(files);
        let answer = project.prepare("load a.js");
        let steps = answer.plan.steps.iter().map(|step| {
            let names = step.dependencies.iter().map(|&id| project.name(id));
            let names = names.collect::<Vec<_>>().join(" ");
            format!("{}: {names}", project.name(step.id))
        });
        steps.collect::<Vec<_>>().join("; ")
    };
    assert_eq!(told("a.js: import './b.js'\nb.js: 1"), "b.js: ; a.js: ");
    assert_eq!(told("a.js: import './b.js'\nb.js: await 1"), "b.js: ; a.js: b.js");
    assert_eq!(
        told("a.js: import './b.js'\nb.js: import 'fs'"),
        "node:fs: ; b.js: node:fs; a.js: b.js"
    );
}

/// The definition of `a.js` as text: exports, bindings, live slots, flags.
#[track_caller]
fn check_definition(files: &str, expected: &str) {
    let mut project = Project::new(files);
    let answer = project.prepare("load a.js");
    assert!(answer.plan.failures.is_empty(), "{:?}", answer.plan.failures);
    let of_a = |definition: &&Definition| definition.url == project.url("a.js");
    let definition = answer.plan.modules.iter().find(of_a).expect("a.js");
    let DefinitionKind::Module { meta, awaits, exports, name_default, bindings, live, .. } =
        &definition.kind
    else {
        panic!("{definition:?}");
    };
    let bindings = bindings.iter().map(|binding| told::target(&project, binding));
    let live = live.iter().map(|(slot, name)| format!("{slot}:{name}"));
    let flags = [
        (*meta, "meta".to_owned()),
        (*awaits, "awaits".to_owned()),
        (name_default.is_some(), format!("named {}", name_default.unwrap_or_default())),
    ];
    let flags = flags.into_iter().filter(|(is, _)| *is).map(|(_, name)| name);
    let sections = [
        ("exports ", exports.clone()),
        ("bindings ", bindings.collect()),
        ("live ", live.collect()),
        ("", flags.collect::<Vec<_>>()),
    ];
    let sections = sections.into_iter().filter(|(_, words)| !words.is_empty());
    let got: Vec<_> = sections.map(|(title, words)| title.to_owned() + &words.join(" ")).collect();
    assert_eq!(got.join(" | "), expected, "\n{files}");
}

#[test]
fn definitions_say_what_a_module_exports_and_is() {
    check_definition("a.js: 1", "");
    check_definition("a.js: export let x, y; let z; export { z as w }", "exports x y w");
    check_definition("a.js: import.meta.url", "meta");
    check_definition("a.js: await 1", "awaits");
    check_definition("a.js: export default 1", "exports default");
}

#[test]
fn bindings_lead_to_where_a_value_lives() {
    let b = "b.js: export let x = 1, y = 2; export default 3";
    let cases = [
        ("import { x } from './b.js'", "bindings b.js.0"),
        ("import { y as x, x as y } from './b.js'", "bindings b.js.1 b.js.0"),
        ("import d, * as b from './b.js'", "bindings b.js.2 b.js.*"),
        ("import { x } from './re.js'", "bindings b.js.0"),
        ("import { ns } from './re.js'", "bindings b.js.*"),
        ("import { y } from './star.js'", "bindings b.js.1"),
        ("import { join } from 'fs'", "bindings [node:fs].join"),
        ("import fs from 'fs'", "bindings [node:fs].default"),
        ("import * as fs from 'fs'", "bindings node:fs.*"),
        ("import { z } from './stars.js'", "bindings node:fs.z|node:fs/promises.z"),
        ("import d from './d.json' with { type: 'json' }", "bindings d.json.0"),
    ];
    for (import, expected) in cases {
        let files = format!(
            "a.js: {import}\n{b}
             re.js: export {{ x }} from './b.js'; export * as ns from './b.js'
             star.js: export * from './b.js'
             stars.js: export * from 'fs'; export * from 'fs/promises'
             d.json: 1"
        );
        check_definition(&files, expected);
    }
}

#[test]
fn a_binding_of_a_cycle_is_live() {
    // Assignments in functions and by code for `eval` are told.
    check_definition(
        "a.js: import { x, f } from './b.js'; x
         b.js: export let x = 1; export const f = (y) => eval(y)",
        "bindings b.js.0 b.js.1",
    );
    check_definition(
        "a.js: import { x, f } from './b.js'; x
         b.js: export let x = 1; export const f = () => x++",
        "bindings b.js.0 b.js.1",
    );
    // In a cycle it may have no value yet, but for functions, which exist from the start.
    check_definition(
        "a.js: import { x, f } from './b.js'; x; f()
         b.js: import './a.js'; export let x = 1; export function f() {}",
        "bindings b.js.0 b.js.1 | live 0:x",
    );
}

#[test]
fn texts_are_those_of_the_definitions() {
    let mut project =
        Project::new("a.js: import { x } from './b.js'; globalThis.a = x\nb.js: export let x = 1");
    let answer = project.prepare("load a.js");
    assert_eq!(answer.texts.len(), 2);
    for Definition { url, kind, .. } in &answer.plan.modules {
        let DefinitionKind::Module { code, .. } = kind else { panic!("{kind:?}") };
        let text = &answer.texts[*code as usize];
        let (_, body) = text.split_once('\n').expect("a line before the module's");
        let own = if url.ends_with("a.js") { "globalThis.a = x" } else { "let x = 1" };
        let column = if url.ends_with("a.js") { 28 } else { 7 };
        assert_eq!(body.find(own), Some(column), "the text keeps its columns: {text}");
    }
    let mut project = Project::new("d.json: {\"n\": 1}");
    assert_eq!(project.prepare("load d.json as json").texts, [r#"{"n": 1}"#]);
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_text() {
    check("a.js: \u{feff}import './b.js'\nb.js: 1", &[("load a.js", "b.js a.js")]);
    let mut project = Project::new("d.json: \u{feff}{}");
    assert_eq!(project.prepare("load d.json as json").texts, ["{}"]);
}

#[test]
fn names_imported_from_node_are_told_with_their_importer() {
    let mut project = Project::new(
        "a.js: import fs, { join as j } from 'fs'; import './b.js'
         b.js: import { join, sep } from 'node:fs'; export * as f from 'fs'",
    );
    let answer = project.prepare("load a.js");
    let told = |check: &Check| format!("{} for {}", check.name, project.name(check.importer));
    let names: Vec<_> = answer.plan.checks.iter().map(told).collect();
    // In the order of linking, by local names, and each once.
    assert_eq!(names, ["join for b.js", "sep for b.js", "default for a.js"]);
}
