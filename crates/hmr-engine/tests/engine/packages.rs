//! ES modules that Node loads are read for their names.

use hmr_engine::Answer;
use hmr_engine::plan::{Check, DefinitionKind, Target};

use crate::project::{Project, check};

/// A package `p` whose `index.js` is `text`, and more `files`.
fn package(text: &str, files: &str) -> Project {
    let manifest = r#"{"type":"module","exports":{".":"./index.js","./*":"./*"}}"#;
    let root = "node_modules/p";
    Project::new(&format!("{root}/package.json: {manifest}\n{root}/index.js: {text}\n{files}"))
}

/// How `a.js` reads its imports: the external module's file and name, `!` for a live read.
fn bindings(project: &Project, answer: &Answer) -> String {
    let a = answer.plan.modules.iter().find(|module| module.url.ends_with("/a.js"));
    let Some(DefinitionKind::Module { bindings, live, .. }) = a.map(|module| &module.kind) else {
        panic!("{:?}", answer.plan.failures)
    };
    let told = (0..).zip(bindings).map(|(slot, target)| {
        let live = if live.iter().any(|(at, _)| *at == slot) { "!" } else { "" };
        let target = match target {
            Target::Name(id, name) => format!("{}.{name}", project.name(*id)),
            Target::Stars { stars } => format!("{} stars", stars.len()),
            other => format!("{other:?}"),
        };
        format!("{target}{live}")
    });
    told.collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn check_bindings(text: &str, files: &str, expected: &str) {
    let mut project = package(text, files);
    let answer = project.prepare("load a.js");
    assert_eq!(bindings(&project, &answer).replace("node_modules/", ""), expected);
}

const COUNTER: &str = "export let n = 0; export const c = 1; export function add() { n += 1 }";

#[test]
fn bindings_that_are_assigned_later_are_read_live() {
    let a = "a.js: import { n, c, add } from 'p'";
    check_bindings(COUNTER, a, "p/index.js.n! p/index.js.c p/index.js.add");
    let inner = format!("{a}\nnode_modules/p/in.js: {COUNTER}");
    let read = "p/index.js.n! p/index.js.c p/index.js.add";
    check_bindings("export * from './in.js'", &inner, read);
    check_bindings("export { n, c, add } from './in.js'", &inner, read);
    check_bindings("import { n, c, add } from './in.js'; export { n, c, add }", &inner, read);
    // Through a hot module, and through another package.
    let hot = "a.js: import { m, c } from './b.js'\nb.js: export { n as m, c } from 'p'";
    check_bindings(COUNTER, hot, "p/index.js.n! p/index.js.c");
    let star = "a.js: import { n, c } from './b.js'\nb.js: export * from 'p'";
    check_bindings(COUNTER, star, "p/index.js.n! p/index.js.c");
    let other = format!(
        "a.js: import {{ n }} from 'p'\nnode_modules/q/index.mjs: {COUNTER}\n\
        node_modules/q/package.json: {{\"exports\":\"./index.mjs\"}}"
    );
    check_bindings("export * from 'q'", &other, "p/index.js.n!");
}

#[test]
fn what_is_no_module_of_its_own_text_is_opaque() {
    let a = "a.js: import { n } from 'p'";
    check_bindings(
        "export { n } from './c.cjs'",
        &format!("{a}\nnode_modules/p/c.cjs: 1"),
        "p/index.js.n",
    );
    check_bindings("export { n } from './none.js'", a, "p/index.js.n");
    check_bindings("export let n = ; +", a, "p/index.js.n");
    check_bindings("export * from 'fs'", a, "p/index.js.n");
}

#[test]
fn links_to_packages() {
    let steps = |files: &str, expected: &str| {
        let files = format!(
            "node_modules/p/package.json: {{\"type\":\"module\",\"exports\":{{\".\":\"./index.js\",\"./*\":\"./*\"}}}}\n{files}"
        );
        check(&files, &[("load a.js", expected)]);
    };
    let p = "node_modules/p/index.js:";
    steps(
        &format!("a.js: import {{ x }} from 'p'\n{p} export let y"),
        "link a.js:1:10 The requested module 'p' does not provide an export named 'x'",
    );
    // The last re-export is to blame, in whose file ever it stands.
    steps(
        &format!(
            "a.js: import {{ x }} from 'p'\n{p} export {{ z as x }} from './b.js'\nnode_modules/p/b.js: 1"
        ),
        "link node_modules/p/index.js:1:10 The requested module './b.js' does not provide an export named 'z'",
    );
    steps(
        &format!(
            "a.js: import {{ x }} from './b.js'\nb.js: export * from 'p'; export * from './c.js'\nc.js: export let x\n{p} export let x"
        ),
        "link a.js:1:10 The requested module './b.js' contains conflicting star exports for name 'x'",
    );
    // One binding on two ways.
    steps(
        &format!(
            "a.js: import {{ x }} from './b.js'\nb.js: export * from 'p'; export * from 'p/in.js'\n{p} export * from './in.js'\nnode_modules/p/in.js: export let x"
        ),
        "[node_modules/p/index.js] [node_modules/p/in.js] b.js a.js",
    );
}

fn told(project: &Project, checks: &[Check]) -> String {
    let told = checks.iter().map(|check| {
        let place = check.place.as_ref().map_or(String::new(), |it| format!(" {}", it.line));
        format!("{} of {}{place}", check.name, project.name_of_url(&check.url))
    });
    told.collect::<Vec<_>>().join(", ")
}

#[track_caller]
fn check_asked(files: &str, expected: &str, doubt: bool) {
    let mut project = package("export let y", files);
    let answer = project.prepare("load a.js");
    let found = told(&project, &answer.plan.checks).replace("node_modules/", "");
    assert_eq!((found.as_str(), answer.plan.doubt), (expected, doubt));
}

#[test]
fn what_node_is_asked() {
    check_asked(
        "a.js: import { y } from 'p'; import { join } from 'fs'",
        "join of node:fs, y of p/index.js",
        false,
    );
    // Before the first failure.
    check_asked(
        "a.js: import { z } from './b.js'; import { join } from 'fs'\nb.js: 1",
        "join of node:fs 1",
        false,
    );
    check_asked("a.js: import { a } from './b.js'; import { join } from 'fs'\nb.js: 1", "", false);
    // What is missing by our own reading, Node is asked, too.
    check_asked(
        "a.js: import { z } from 'p'; import { join } from 'fs'",
        "join of node:fs 1, z of p/index.js 1",
        true,
    );
}

#[test]
fn what_node_knows_better_is_opaque() {
    let mut project = package("export let y", "a.js: import { z } from 'p'");
    let answer = project.prepare("load a.js");
    assert!(answer.plan.doubt);
    project.session.distrust(&answer.plan.checks[0].url);
    let answer = project.prepare("load a.js");
    assert_eq!(bindings(&project, &answer), "node_modules/p/index.js.z");
}

#[test]
fn what_node_has_not_loaded_is_read_again() {
    let mut project = package("export let y", "a.js: import { z } from 'p'");
    assert!(project.prepare("load a.js").plan.doubt);
    let answer = project.prepare("quietly node_modules/p/index.js: export let z\nload a.js");
    assert_eq!(bindings(&project, &answer), "node_modules/p/index.js.z");
    project.commit(&answer);
    // It has now.
    project.prepare("a.js: +");
    project.prepare("quietly node_modules/p/index.js: export let x");
    let answer = project.prepare("a.js: import { z } from 'p'; 2");
    assert!(answer.plan.failures.is_empty(), "{:?}", answer.plan.failures);
    assert!(project.prepare("a.js: import { x } from 'p'").plan.doubt);
}

#[test]
fn namespaces_know_the_names() {
    let mut project = package(COUNTER, "a.js: export * from 'p'; export let own");
    let answer = project.prepare("load a.js");
    project.commit(&answer);
    let namespace = project.session.namespace(project.id("a.js"));
    let names: Vec<_> = namespace.names.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["add", "c", "own"]);
    // What is assigned later is shown as Node has it.
    let passed_on: Vec<_> = namespace.stars.iter().map(|star| star.names.clone()).collect();
    assert_eq!(passed_on, [Some(vec![("n".to_owned(), "n".to_owned())])]);
    assert!(!namespace.live);
    let mut project = package("export let c", "a.js: export * from 'p'");
    let answer = project.prepare("load a.js");
    project.commit(&answer);
    assert!(!project.session.namespace(project.id("a.js")).live);
}
