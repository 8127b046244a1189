//! `import()`: what it loads, and what becomes of it in updates.

use crate::project::{Project, check};

const LAZY: &str = "a.js: import './b.js'; import('./c.js')
    b.js: 1
    c.js: import './d.js'
    d.js: 1";

#[test]
fn it_loads_what_does_not_run_yet() {
    check(
        LAZY,
        &[
            ("load a.js", "b.js a.js"),
            ("import b.js from a.js", "nothing"),
            ("import c.js from a.js", "d.js c.js"),
            ("import c.js from a.js", "nothing"),
            ("import package fs from a.js", "[node:fs]"),
            ("import package fs from a.js", "nothing"),
            ("import none.js from a.js", "[./none.js of a.js]"),
        ],
    );
}

#[test]
fn it_becomes_a_part_of_its_entry() {
    let project = &mut Project::new(LAZY);
    project.run("load a.js");
    assert_eq!(project.files(), "a.js b.js");
    project.run("import c.js from a.js");
    assert_eq!(project.files(), "a.js b.js c.js d.js");
    assert!(project.session.contains(Some(project.entries[0]), &project.path("d.js")));
    assert!(!project.session.contains(Some(project.entries[0]), &project.path("e.js")));
}

#[test]
fn a_change_behind_it_evaluates_the_importer_and_the_rest_with_the_next_call() {
    check(
        LAZY,
        &[
            ("load a.js", "b.js a.js"),
            ("import c.js from a.js", "d.js c.js"),
            ("d.js: 2", "a.js' | stale c.js d.js"),
            ("import c.js from a.js", "d.js c.js"),
            // A change before the next call counts, too.
            ("d.js: 3", "a.js' | stale c.js d.js"),
            ("c.js: import './d.js'; 2", "a.js' | stale c.js"),
            ("import c.js from a.js", "d.js c.js"),
            ("c.js: 3", "a.js' | stale c.js | removed d.js"),
            ("import c.js from a.js", "c.js"),
        ],
    );
}

#[test]
fn what_is_imported_both_ways_is_evaluated_with_its_importer() {
    check(
        "a.js: import './b.js'; import('./b.js')\nb.js: 1",
        &[
            ("load a.js", "b.js a.js"),
            ("import b.js from a.js", "nothing"),
            ("b.js: 2", "b.js' a.js'"),
        ],
    );
}

#[test]
fn a_changed_importer_keeps_the_calls_it_still_has() {
    check(
        LAZY,
        &[
            ("load a.js", "b.js a.js"),
            ("import c.js from a.js", "d.js c.js"),
            ("a.js: import('./c.js')", "a.js' | removed b.js"),
            ("d.js: 2", "a.js' | stale c.js d.js"),
            ("import c.js from a.js", "d.js c.js"),
            ("a.js: 2", "a.js' | removed c.js d.js"),
        ],
    );
}

#[test]
fn a_removed_file_behind_it_is_missed() {
    check(
        LAZY,
        &[
            ("load a.js", "b.js a.js"),
            ("import c.js from a.js", "d.js c.js"),
            ("remove d.js", "missing d.js:0:0 Cannot read d.js: it was removed"),
            ("c.js: 1\nquietly d.js: 1\nremove d.js", "a.js' | stale c.js | removed d.js"),
        ],
    );
}

#[test]
fn a_broken_module_fails_the_call_alone() {
    check(
        "a.js: import('./b.js')\nb.js: import",
        &[
            ("load a.js", "a.js"),
            ("import b.js from a.js", "syntax b.js:1:7 Expected `from` but found `EOF`"),
            ("b.js: 1", "nothing"),
            ("import b.js from a.js", "b.js"),
        ],
    );
}

#[test]
fn calls_in_a_circle() {
    check(
        "a.js: import('./b.js')\nb.js: import('./a.js')",
        &[
            ("load a.js", "a.js"),
            ("import b.js from a.js", "b.js"),
            ("import a.js from b.js", "nothing"),
            ("b.js: import('./a.js'); 2", "a.js' | stale b.js"),
            ("import b.js from a.js", "b.js"),
            ("import a.js from b.js", "nothing"),
        ],
    );
}

#[test]
fn json_of_a_call() {
    check(
        "a.js: 1\nd.json: 1",
        &[
            ("load a.js", "a.js"),
            ("import d.json as json from a.js", "{d.json}"),
            ("d.json: 2", "a.js' | stale d.json"),
            ("import d.json as json from a.js", "{d.json}"),
        ],
    );
}

#[test]
fn a_json_call_is_kept_by_a_changed_importer() {
    check(
        "a.js: import('./d.json', { with: { type: 'json' } })\nd.json: 1",
        &[
            ("load a.js", "a.js"),
            ("import d.json as json from a.js", "{d.json}"),
            ("a.js: import('./d.json', { with: { type: 'json' } }); 2", "a.js'"),
        ],
    );
}
