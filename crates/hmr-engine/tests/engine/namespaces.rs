//! What namespace objects consist of.

use crate::project::Project;
use crate::told;

/// The namespace of `a.js`: names with their bindings, stars, excluded names, whether it is live or seen early.
#[track_caller]
fn check(files: &str, expected: &str) {
    let mut project = Project::new(files);
    let told = project.run("load a.js");
    assert_eq!(namespace(&project, "a.js"), expected, "\n{files}\n{told}");
}

#[track_caller]
fn namespace(project: &Project, name: &str) -> String {
    let namespace = project.session.namespace(project.id(name));
    let names = namespace.names.iter();
    let mut words: Vec<_> =
        names.map(|(name, target)| format!("{name}={}", told::target(project, target))).collect();
    words.extend(namespace.stars.iter().map(|star| {
        let name = star.namespace.iter().map(|name| format!("={name}"));
        format!("*{}{}", project.name(star.id), name.collect::<String>())
    }));
    words.extend(namespace.contested.iter().map(|name| format!("?{name}")));
    words.extend(namespace.excluded.iter().map(|name| format!("-{name}")));
    words.extend(namespace.live.then(|| "live".to_owned()));
    words.extend(namespace.early.then(|| "early".to_owned()));
    words.join(" ")
}

#[test]
fn names_are_sorted_by_code_units() {
    check("a.js: 1", "");
    check(
        "a.js: export let b, a, B, é, $, _; export default 1",
        "$=a.js.4 B=a.js.2 _=a.js.5 a=a.js.1 b=a.js.0 default=a.js.6 é=a.js.3",
    );
    // U+FF5E sorts behind a pair of surrogates.
    check(
        "a.js: let x; export { x as '\u{ff5e}', x as '\u{10000}' }",
        "\u{10000}=a.js.1 \u{ff5e}=a.js.0",
    );
}

#[test]
fn bindings_of_others() {
    check(
        "a.js: export { x as y } from './b.js'; export * as b from './b.js'; import { x } from './b.js'; export { x as z }
         b.js: export let x",
        "b=b.js.* y=b.js.0 z=b.js.0",
    );
    check(
        "a.js: export { join } from 'fs'; export * as fs from 'fs'",
        "fs=node:fs.* join=[node:fs].join",
    );
    check(
        "a.js: import d from './d.json' with { type: 'json' }; export { d }\nd.json: 1",
        "d=d.json.0",
    );
}

#[test]
fn stars() {
    check(
        "a.js: export * from './b.js'; export let y\nb.js: export let x, y; export default 1",
        "x=b.js.0 y=a.js.0",
    );
    // An ambiguous name is none.
    check(
        "a.js: export * from './b.js'; export * from './c.js'\nb.js: export let x, y\nc.js: export let x",
        "y=b.js.1 -x",
    );
    // Names of packages are known to Node alone; own names hide them.
    check("a.js: export * from 'fs'; export let x", "x=a.js.0 *node:fs");
    // With a name of the package it may be ambiguous.
    check(
        "a.js: export * from 'fs'; export * from './b.js'\nb.js: export let x",
        "x=b.js.0 *node:fs ?x",
    );
    // With one of `path` only, so Node could not compute the names from one module.
    check(
        "a.js: export * from 'path'; export * from './b.js'\nb.js: export let x; export * from 'fs'",
        "x=b.js.0 *path *node:fs ?x live",
    );
    check(
        "a.js: export * from 'fs'; export * from './b.js'; export * from './c.js'
         b.js: export let x\nc.js: export let x",
        "*node:fs -x live",
    );
}

#[test]
fn it_is_told_of_assignments() {
    check("a.js: export let x = 1; x = 2", "x=a.js.0");
    check("a.js: export let x = 1; export const set = () => x++", "set=a.js.1 x=a.js.0");
    check("a.js: export let x = 1; eval('x++')", "x=a.js.0");
}

#[test]
fn it_is_seen_early_from_within_its_own_cycle() {
    check("a.js: import * as self from './a.js'; export let x", "x=a.js.0 early");
    check(
        "a.js: import './b.js'; export let x\nb.js: import * as a from './a.js'",
        "x=a.js.0 early",
    );
    check(
        "a.js: import './b.js'; export let x\nb.js: export * as a from './a.js'",
        "x=a.js.0 early",
    );
    check("a.js: import './b.js'; export let x\nb.js: import './a.js'", "x=a.js.0");
    // A namespace of Node is there before Node has evaluated its module.
    check(
        "a.js: import * as self from './a.js'; export * as fs from 'fs'; export let x",
        "x=a.js.0 *node:fs=fs early",
    );
    check("a.js: import * as self from './a.js'; export let x; eval('x = 1')", "x=a.js.0 early");
}

#[test]
fn it_follows_updates() {
    let mut project = Project::new("a.js: export * from './b.js'\nb.js: export let x");
    project.run("load a.js");
    project.run("b.js: export let y, x = () => eval(y)");
    assert_eq!(namespace(&project, "a.js"), "x=b.js.1 y=b.js.0");
    let answer = project.prepare("b.js: export let z");
    project.roll_back(&answer, &["b.js"], true);
    assert_eq!(namespace(&project, "a.js"), "x=b.js.1 y=b.js.0");
    project.run("touch b.js");
    assert_eq!(namespace(&project, "a.js"), "z=b.js.0");
    project.run("a.js: import * as a from './a.js'; export * from './b.js'");
    assert_eq!(namespace(&project, "a.js"), "z=b.js.0 early");
    project.run("a.js: export * from './b.js'");
    assert_eq!(namespace(&project, "a.js"), "z=b.js.0");
}

#[test]
fn of_json_and_of_node() {
    let mut project = Project::new(
        "a.js: import d from './d.json' with { type: 'json' }; import 'fs'\nd.json: {\"x\": 1}",
    );
    project.run("load a.js");
    assert_eq!(namespace(&project, "d.json"), "default=d.json.0");
    assert!(project.session.namespace(project.id("node:fs")).names.is_empty());
    assert!(project.session.namespace(u32::MAX).names.is_empty());
}
