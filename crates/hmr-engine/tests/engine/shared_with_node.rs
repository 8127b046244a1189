//! Modules that Node had loaded itself, `<…>`: one instance for both sides until they change.

use hmr_engine::Answer;

use crate::project::{Project, check_in};

/// A project in which Node has loaded `main.js`.
fn project(files: &str) -> Project {
    let mut project = Project::new(files);
    let main = project.url("main.js");
    project.session.loaded_by_node(&[main]);
    project
}

const SHARED: &str = "main.js: import './s.js'; import './t.js'
    s.js: export let s = 1
    t.js: import './s.js'
    a.js: import { s } from './s.js'";

#[test]
fn the_closure_of_the_caller_is_shared() {
    check_in(&mut project(SHARED), &[("load a.js", "<s.js> a.js")]);
    // With what is behind `import('literal')`, whether it has run or not.
    let files = "main.js: export {}; import('./s.js'); import(x)
         s.js: import './t.js'\nt.js: 1\na.js: import './t.js'";
    check_in(&mut project(files), &[("load a.js", "<t.js> a.js")]);
    // The caller itself, too.
    let files = "main.js: import './s.js'\ns.js: 1\na.js: import './main.js'";
    check_in(&mut project(files), &[("load a.js", "<s.js> <main.js> a.js")]);
    check_in(&mut project("main.js: 1"), &[("load main.js", "<main.js>")]);
}

#[test]
fn what_is_behind_a_call_alone_is_shared() {
    // The file is a module by its package, not by its text.
    let files = "main.js: import('./s.js')\ns.js: 1\na.js: import './s.js'";
    check_in(&mut project(files), &[("load a.js", "<s.js> a.js")]);
}

#[test]
fn names_come_from_the_namespace() {
    let project = &mut project(SHARED);
    let answer = project.prepare("load a.js");
    let json = serde_json::to_value(&answer.plan).expect("JSON");
    let s = project.id("s.js");
    let modules = json["modules"].as_array().expect("modules");
    let a = modules.iter().find(|module| module["kind"] == "module").expect("a.js");
    assert_eq!(a["bindings"], serde_json::json!([[s, "s"]]));
    let shared = modules.iter().find(|module| module["id"] == s).expect("s.js");
    assert_eq!(shared["kind"], "native");
}

#[test]
fn assignments_are_told_only_by_what_is_hot() {
    let files = "main.js: import './s.js'\ns.js: export let s; export const f = () => s++
         a.js: import { s } from './s.js'; export { s as t } from './s.js'; s";
    let project = &mut project(files);
    let live = |project: &Project, answer: &Answer| {
        let json = serde_json::to_value(&answer.plan).expect("JSON");
        let modules = json["modules"].as_array().expect("modules");
        let a = modules.iter().find(|module| module["id"] == project.id("a.js")).expect("a.js");
        (
            a["live"] == serde_json::json!([[0, "s"]]),
            project.session.namespace(project.id("a.js")).live,
        )
    };
    let answer = project.prepare("load a.js");
    assert_eq!(live(project, &answer), (true, true));
    project.commit(&answer);
    let answer = project.prepare("s.js: export let s = 2; export const f = () => s++");
    assert_eq!(live(project, &answer), (false, false));
    project.roll_back(&answer, &[], true);
    let answer =
        project.prepare("a.js: import { s } from './s.js'; export { s as t } from './s.js'; s + 1");
    assert_eq!(live(project, &answer), (true, true));
}

#[test]
fn a_changed_one_becomes_hot_and_leaves_its_importers_behind() {
    check_in(
        &mut project(SHARED),
        &[
            ("load a.js", "<s.js> a.js"),
            ("s.js: export let s = 1", "nothing"),
            ("s.js: export let s = 2", "s.js' a.js' | left main.js t.js"),
            ("s.js: export let s = 3", "s.js' a.js'"),
        ],
    );
    // Importers on the hot side become hot with it.
    let files = "main.js: import './t.js'\nt.js: import './s.js'\ns.js: 1\na.js: import './t.js'";
    check_in(
        &mut project(files),
        &[("load a.js", "<s.js> <t.js> a.js"), ("s.js: 2", "s.js' t.js' a.js' | left main.js")],
    );
}

#[test]
fn a_broken_one_changes_nothing() {
    check_in(
        &mut project(SHARED),
        &[
            ("load a.js", "<s.js> a.js"),
            ("s.js: +", "syntax s.js:1:2 Unexpected token"),
            ("a.js: import './s.js'", "a.js'"),
            ("s.js: export let s = 2", "s.js' a.js' | left main.js t.js"),
        ],
    );
}

#[test]
fn after_a_failed_update_it_is_shared_again() {
    let project = &mut project(SHARED);
    project.run("load a.js");
    let answer = project.prepare("s.js: export let s = 2");
    project.roll_back(&answer, &["s.js"], true);
    let answer = project.prepare("a.js: import { s } from './s.js'; 2");
    let json = serde_json::to_value(&answer.plan).expect("JSON");
    assert_eq!(json["modules"][0]["bindings"], serde_json::json!([[project.id("s.js"), "s"]]));
    project.commit(&answer);
    check_in(project, &[("touch s.js", "s.js' a.js' | left main.js t.js")]);
}

#[test]
fn one_that_only_an_entry_between_makes_new() {
    // `a.js` is forced, and shared.
    let files = "main.js: import './a.js'\na.js: import './s.js'\ns.js: 1";
    check_in(
        &mut project(files),
        &[
            ("load a.js", "<s.js> <a.js>"),
            ("force a.js", "a.js' | left main.js"),
            ("s.js: 2", "s.js' a.js'"),
        ],
    );
}

#[test]
fn what_the_changed_one_imports_anew_is_hot() {
    let files = "main.js: import './s.js'\ns.js: 1\nn.js: 1\na.js: import './s.js'";
    check_in(
        &mut project(files),
        &[
            ("load a.js", "<s.js> a.js"),
            ("s.js: import './n.js'", "n.js s.js' a.js' | left main.js"),
        ],
    );
}

#[test]
fn urls_that_are_no_modules_here() {
    let mut project = Project::new("a.js: import './s.js'\ns.js: 1");
    let none = project.url("none.js");
    let urls = ["node:fs", "data:text/javascript,1", "no url", &none];
    project.session.loaded_by_node(&urls.map(ToOwned::to_owned));
    check_in(&mut project, &[("load a.js", "s.js a.js")]);
}

#[test]
fn a_caller_whose_url_node_writes_otherwise() {
    let mut project = Project::new("");
    // `pathToFileURL('/[x]~/main.js')` of Node.
    for (name, text) in [("main", "import './s.js'"), ("s", ""), ("a", "import './main.js'")] {
        project.write(&format!("[x]~/{name}.js"), text);
    }
    let main = project.url("main.js").replace("main.js", "%5Bx%5D%7E/main.js");
    project.session.loaded_by_node(std::slice::from_ref(&main));
    let told = project.run("load [x]~/a.js").replace("%5Bx%5D%7E", "[x]~");
    assert_eq!(told, "<[x]~/s.js> <[x]~/main.js> [x]~/a.js");
}
