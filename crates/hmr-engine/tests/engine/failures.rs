//! Broken code and files as values: what is wrong, where, and that nothing has changed.

use hmr_engine::code_frame;

use crate::project::{Project, check, check_in};

const NEXT: &str = "does not provide an export named";

#[test]
fn texts_that_do_not_parse() {
    check(
        "a.js: import './b.js'\nb.js: export const = 1",
        &[("load a.js", "syntax b.js:1:14 Unexpected token")],
    );
    check("a.js: 1\\n  ++", &[("load a.js", "syntax a.js:2:5 Unexpected token")]);
    // Where no type is stated, as a module only if it looks like one.
    check(
        "p/package.json: {}\np/a.js: import 'fs'\\nconst = 1",
        &[("load p/a.js", "syntax p/a.js:2:7 Unexpected token")],
    );
    check("p/package.json: {}\np/a.js: const = 1", &[("load p/a.js", "[p/a.js]")]);
}

#[test]
fn names_that_are_not_exported() {
    let missing = |place: &str, from: &str, name: &str| {
        format!("link {place} The requested module '{from}' {NEXT} '{name}'")
    };
    let cases = [
        ("import { y } from './b.js'", missing("a.js:1:10", "./b.js", "y")),
        ("1\\n\\n  import { x, y } from './b.js'", missing("a.js:3:15", "./b.js", "y")),
        ("import y from './b.js'", missing("a.js:1:8", "./b.js", "default")),
        ("import { y as z } from './b.js'", missing("a.js:1:10", "./b.js", "y")),
        ("import { 'a b' as z } from './b.js'", missing("a.js:1:10", "./b.js", "a b")),
        ("export { y } from './b.js'", missing("a.js:1:10", "./b.js", "y")),
        ("export { y as z } from './b.js'", missing("a.js:1:10", "./b.js", "y")),
        ("import { y } from './b.js'; export { y }", missing("a.js:1:10", "./b.js", "y")),
        ("import { default as y } from './s.js'", missing("a.js:1:10", "./s.js", "default")),
        (
            "import { y } from './j.json' with { type: 'json' }",
            missing("a.js:1:10", "./j.json", "y"),
        ),
    ];
    for (text, expected) in cases {
        let files = format!(
            "a.js: {text}\nb.js: export let x\ns.js: export * from './d.js'
             d.js: export default 1\nj.json: {{\"y\": 1}}"
        );
        check(&files, &[("load a.js", &expected)]);
    }
}

#[test]
fn names_that_are_exported_twice_or_in_a_circle() {
    check(
        "a.js: import { x } from './b.js'
         b.js: export * from './c.js'; export * from './d.js'
         c.js: export let x
         d.js: export let x",
        &[(
            "load a.js",
            "link a.js:1:10 The requested module './b.js' contains conflicting star exports for name 'x'",
        )],
    );
    check(
        "a.js: import { x } from './b.js'
         b.js: export { x } from './c.js'
         c.js: export { x } from './b.js'",
        &[(
            "load a.js",
            "link b.js:1:10 Detected cycle while resolving name 'x' in './c.js'\nlink c.js:1:10 Detected cycle while resolving name 'x' in './b.js'",
        )],
    );
}

#[test]
fn a_frame_shows_the_place() {
    let frame = |files: &str| {
        let mut project = Project::new(files);
        project.prepare("load a.js").plan.failures[0].frame.clone()
    };
    let link = frame("a.js: import 'fs'\\nimport { y } from './b.js'\\n1\nb.js: 1");
    let lines: Vec<_> = link.lines().collect();
    let marked = lines.iter().position(|line| line.starts_with('>')).expect("a marked line");
    assert!(lines[marked].ends_with("import { y } from './b.js'"), "{link}");
    let caret = lines[marked + 1].find('^').expect("a caret");
    assert_eq!(lines[marked].find('y'), Some(caret), "{link}");
    let syntax = frame("a.js: 1\\nconst = 1");
    assert!(
        syntax.lines().any(|line| line.starts_with('>') && line.ends_with("const = 1")),
        "{syntax}"
    );
}

#[test]
fn a_code_frame_of_any_place() {
    let project = Project::new("a.js: one\\ntwo\\nthree");
    let path = project.path("a.js");
    let frame = code_frame(&path, 2, 2).expect("a frame");
    let lines: Vec<_> = frame.lines().collect();
    let marked = lines.iter().position(|line| line.starts_with('>')).expect("a marked line");
    assert!(lines[marked].ends_with("two"), "{frame}");
    assert_eq!(lines[marked + 1].find('^'), lines[marked].find('w'), "{frame}");
    for (line, column) in [(0, 1), (4, 1), (u32::MAX, 1)] {
        assert_eq!(code_frame(&path, line, column), None, "{line}:{column}");
    }
    assert_eq!(code_frame(&project.path("none.js"), 1, 1), None);
}

#[test]
fn files_that_cannot_be_read() {
    let project = &mut Project::new("a.js: import './b.js'\nb.js: 1");
    project.run("load a.js");
    let b = project.path("b.js");
    std::fs::remove_file(&b).expect("removed");
    std::fs::create_dir(&b).expect("made");
    let expected = "missing b.js:0:0 Cannot read b.js: Is a directory (os error 21)";
    check_in(project, &[("touch b.js", expected)]);
    std::fs::remove_dir(&b).expect("removed");
    check_in(project, &[("b.js: 2", "b.js' a.js'")]);
}

/// Says nothing for a user who may read everything.
#[test]
fn files_that_must_not_be_read() {
    use std::fs::{Permissions, set_permissions};
    use std::os::unix::fs::PermissionsExt;

    let project = &mut Project::new("a.js: import './b.js'\nb.js: 1");
    let b = project.path("b.js");
    set_permissions(&b, Permissions::from_mode(0o000)).expect("set");
    if std::fs::read(&b).is_err() {
        let expected = "missing b.js:0:0 Cannot read b.js: Permission denied (os error 13)";
        check_in(project, &[("load a.js", expected)]);
    }
    set_permissions(&b, Permissions::from_mode(0o644)).expect("set");
    check_in(project, &[("load a.js", "b.js a.js")]);
}

#[test]
fn several_at_once_come_as_node_meets_them() {
    check(
        "a.js: import './d.js'; import './c.js'; import './b.js'\nb.js: +\nc.js: 1\nd.js: +",
        &[("load a.js", "syntax d.js:1:2 Unexpected token\nsyntax b.js:1:2 Unexpected token")],
    );
    let project = &mut Project::new("a.js: import './c.js'; import './b.js'\nb.js: 1\nc.js: 1");
    check_in(
        project,
        &[
            ("load a.js", "c.js b.js a.js"),
            (
                "c.js: +\nb.js: +",
                "syntax b.js:1:2 Unexpected token\nsyntax c.js:1:2 Unexpected token",
            ),
        ],
    );
    // Every name that is missing is told.
    let told = "The requested module './b.js' does not provide an export named";
    check(
        "a.js: import { x, y } from './b.js'\nb.js: 1",
        &[("load a.js", &format!("link a.js:1:10 {told} 'x'\nlink a.js:1:13 {told} 'y'"))],
    );
}

#[test]
fn a_failed_update_changes_nothing() {
    let missing = "The requested module './b.js' does not provide an export named 'x'";
    let link = format!("link a.js:1:10 {missing}");
    let project =
        &mut Project::new("a.js: import { x } from './b.js'\nb.js: export let x\nc.js: 1");
    check_in(
        project,
        &[
            ("load a.js", "b.js a.js"),
            ("b.js: export let y", &link),
            // The file is as before: nothing to do.
            ("b.js: export let x", "nothing"),
            ("b.js: import './c.js'", &link),
        ],
    );
    assert_eq!(project.files(), "a.js b.js");
    check_in(
        project,
        &[
            ("c.js: 2", "nothing"),
            ("b.js: +", "syntax b.js:1:2 Unexpected token"),
            // Only what is asked for is tried again.
            ("", "nothing"),
            ("touch b.js\na.js: import './b.js'", "syntax b.js:1:2 Unexpected token"),
            ("touch a.js\nb.js: export let x; import './c.js'", "c.js b.js' a.js'"),
        ],
    );
}

#[test]
fn a_failed_first_load_can_be_repeated() {
    let project = &mut Project::new("a.js: import { x } from './b.js'\nb.js: export let y");
    let missing = "The requested module './b.js' does not provide an export named";
    check_in(
        project,
        &[
            ("load a.js", &format!("link a.js:1:10 {missing} 'x'")),
            ("load a.js", &format!("link a.js:1:10 {missing} 'x'")),
            ("quietly b.js: +", "nothing"),
            ("load a.js", "syntax b.js:1:2 Unexpected token"),
            ("quietly b.js: export let x", "nothing"),
            ("load a.js", "b.js a.js"),
        ],
    );
}

#[test]
fn an_entry_that_is_not_there_is_left_to_node() {
    let project = &mut Project::new("");
    let answer = project.prepare("load a.js");
    project.roll_back(&answer, &[], false);
    check_in(project, &[("a.js: 1\nload a.js", "a.js")]);
}

#[test]
fn a_package_type_is_read_again_after_a_failure() {
    let project = &mut Project::new(
        "p/package.json: {\"type\":\"commonjs\"}\na.js: import './p/b.js'; +\np/b.js: 1",
    );
    check_in(
        project,
        &[
            ("load a.js", "syntax a.js:1:21 Unexpected token"),
            (
                "a.js: import './p/b.js'\np/package.json: {\"type\":\"module\"}\nload a.js",
                "p/b.js a.js",
            ),
        ],
    );
}

#[test]
fn the_place_of_an_import() {
    let mut project = Project::new(
        "a.js: import './b.js'\nb.js: import x, { join as j } from 'fs'\\nexport { sep } from 'fs'",
    );
    project.run("load a.js");
    let fs = project.id("node:fs");
    let b = project.id("b.js");
    let place = |name: Option<&str>| {
        let session = &project.session;
        let place = match name {
            Some(name) => session.place_of_request(b, 0, name),
            None => session.place_of_import(fs),
        };
        let place = place.expect("a place");
        assert_eq!(place.specifier.as_deref(), Some("fs"));
        assert_eq!(place.file, project.path("b.js"));
        (place.line, place.column)
    };
    assert_eq!(place(Some("join")), (1, 13));
    assert_eq!(place(Some("default")), (1, 8));
    assert_eq!(place(Some("sep")), (2, 10));
    assert_eq!(place(None).0, 1);
    assert!(project.session.place_of_import(project.id("a.js")).is_none());
    assert!(project.session.place_of_import(u32::MAX).is_none());
}
