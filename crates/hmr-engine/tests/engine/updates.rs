//! What an update evaluates: changed modules and those between them and their entries.

use crate::project::{Project, check, check_in};

const CHAIN: &str = "a.js: import './b.js'; import './c.js'
    b.js: import './d.js'
    c.js: 1
    d.js: 1";

#[test]
fn nothing_happens_for_nothing() {
    check(
        CHAIN,
        &[
            ("load a.js", "d.js b.js c.js a.js"),
            ("", "nothing"),
            ("touch d.js", "nothing"),
            ("d.js: 1", "nothing"),
            ("other.js: 1", "nothing"),
            ("touch none.js", "nothing"),
            ("quietly d.js: 2", "nothing"),
            ("touch d.js", "d.js' b.js' a.js'"),
            ("touch d.js", "nothing"),
        ],
    );
}

#[test]
fn only_what_changed_and_what_is_between() {
    check(
        CHAIN,
        &[
            ("load a.js", "d.js b.js c.js a.js"),
            ("d.js: 2", "d.js' b.js' a.js'"),
            ("c.js: 2", "c.js' a.js'"),
            ("a.js: import './c.js'; import './b.js'", "a.js'"),
            ("d.js: 3\nc.js: 3", "c.js' d.js' b.js' a.js'"),
        ],
    );
}

#[test]
fn changed_files_are_told() {
    let project = &mut Project::new(CHAIN);
    project.run("load a.js");
    let answer = project.prepare("d.js: 2\nc.js: 1\nb.js: import './d.js';");
    let mut changed = answer.plan.changed.clone();
    changed.sort();
    assert_eq!(changed, [project.path("b.js"), project.path("d.js")]);
}

#[test]
fn a_diamond_is_evaluated_once() {
    check(
        "a.js: import './b.js'; import './c.js'\nb.js: import './d.js'\nc.js: import './d.js'\nd.js: 1",
        &[("load a.js", "d.js b.js c.js a.js"), ("d.js: 2", "d.js' b.js' c.js' a.js'")],
    );
}

#[test]
fn a_forced_entry_is_evaluated_without_a_change() {
    check(
        CHAIN,
        &[
            ("load a.js", "d.js b.js c.js a.js"),
            ("force a.js", "a.js'"),
            ("d.js: 2\nforce a.js", "d.js' b.js' a.js'"),
        ],
    );
    // CommonJS can be loaded again, other modules of Node cannot.
    check("a.cjs: 1", &[("load a.cjs", "[a.cjs]"), ("force a.cjs", "[a.cjs]'")]);
    check("a.js: import 'fs'", &[("load a.js", "[node:fs] a.js"), ("force a.js", "a.js'")]);
}

#[test]
fn new_imports_come_in() {
    check(
        "a.js: 1\nb.js: import './c.js'\nc.js: 1",
        &[
            ("load a.js", "a.js"),
            ("a.js: import './b.js'", "c.js b.js a.js'"),
            ("c.js: import 'fs'", "[node:fs] c.js' b.js' a.js'"),
            ("c.js: import 'node:fs'", "c.js' b.js' a.js'"),
        ],
    );
}

#[test]
fn what_nothing_imports_any_more_is_removed() {
    let project = &mut Project::new(CHAIN);
    check_in(
        project,
        &[
            ("load a.js", "d.js b.js c.js a.js"),
            ("a.js: import './c.js'", "a.js' | removed b.js d.js"),
        ],
    );
    assert_eq!(project.files(), "a.js c.js");
    check_in(
        project,
        &[("d.js: 2", "nothing"), ("a.js: import './d.js'", "d.js a.js' | removed c.js")],
    );
    // Others keep what they import.
    check(
        "a.js: import './b.js'; import './c.js'\nb.js: import './c.js'\nc.js: 1",
        &[
            ("load a.js", "c.js b.js a.js"),
            ("a.js: import './b.js'", "a.js'"),
            ("a.js: import './c.js'", "a.js' | removed b.js"),
        ],
    );
    // Entries stay.
    check(
        "a.js: import './b.js'\nb.js: 1",
        &[
            ("load a.js", "b.js a.js"),
            ("load b.js", "nothing"),
            ("a.js: 1", "a.js'"),
            ("b.js: 2", "b.js'"),
        ],
    );
}

#[test]
fn a_cycle_that_nothing_imports_any_more_is_removed() {
    let files = "a.js: import './b.js'\nb.js: import './c.js'\nc.js: import './b.js'\nd.js: import './d.js'";
    check(
        files,
        &[
            ("load a.js", "c.js@0 b.js@0 a.js"),
            ("a.js: import './d.js'", "d.js@0 a.js' | removed b.js c.js"),
            ("a.js: 1", "a.js' | removed d.js"),
        ],
    );
}

#[test]
fn what_comes_back_is_the_new_version() {
    for files in [
        "a.js: import './b.js'\nb.js: 1",
        "a.js: import './b.js'\nb.js: import './c.js'\nc.js: import './b.js'",
    ] {
        let project = &mut Project::new(files);
        project.run("load a.js");
        project.run("a.js: 1");
        // Nobody watches it meanwhile.
        project.run("quietly b.js: 2");
        check_in(project, &[("a.js: import './b.js'", "b.js a.js'")]);
    }
}

#[test]
fn removed_files() {
    // With an importer it is an error, until the importer goes without it.
    check(
        "a.js: import './b.js'\nb.js: 1",
        &[
            ("load a.js", "b.js a.js"),
            ("remove b.js", "missing b.js:0:0 Cannot read b.js: it was removed"),
            ("a.js: 1\nquietly b.js: 1\nremove b.js", "a.js' | removed b.js"),
        ],
    );
    // It may come back.
    check(
        "a.js: import './b.js'\nb.js: 1",
        &[
            ("load a.js", "b.js a.js"),
            ("remove b.js", "missing b.js:0:0 Cannot read b.js: it was removed"),
            ("b.js: 1", "nothing"),
            ("remove b.js", "missing b.js:0:0 Cannot read b.js: it was removed"),
            ("b.js: 2", "b.js' a.js'"),
        ],
    );
    check(
        "a.js: 1",
        &[
            ("load a.js", "a.js"),
            ("remove a.js", "missing a.js:0:0 Cannot read a.js: it was removed"),
            ("a.js: 2", "a.js'"),
        ],
    );
    // Without an importer nobody minds.
    check(
        "a.js: import './b.js'\nb.js: 1",
        &[("load a.js", "b.js a.js"), ("a.js: 1\nremove b.js", "a.js' | removed b.js")],
    );
    // Between two steps of a save nothing is said yet.
    check(
        "a.js: import './b.js'\nb.js: 1",
        &[("load a.js", "b.js a.js"), ("vanish b.js", "nothing"), ("b.js: 2", "b.js' a.js'")],
    );
    // A request may say removed of what is there again.
    check(
        "a.js: import './b.js'\nb.js: 1",
        &[("load a.js", "b.js a.js"), ("remove b.js\nquietly b.js: 2", "b.js' a.js'")],
    );
}

#[test]
fn modules_of_one_file_change_together() {
    check(
        "a.js: import './b.js?1'; import './b.js?2'\nb.js: 1",
        &[("load a.js", "b.js?1 b.js?2 a.js"), ("b.js: 2", "b.js?1' b.js?2' a.js'")],
    );
}

#[test]
fn json_changes_like_a_module() {
    check(
        "a.js: import d from './d.json' with { type: 'json' }\nd.json: 1",
        &[
            ("load a.js", "{d.json} a.js"),
            ("d.json: 2", "{d.json}' a.js'"),
            ("d.json: 2", "nothing"),
        ],
    );
}

#[test]
fn cycles_are_evaluated_as_a_whole() {
    let files = "a.js: import './b.js'
         b.js: import './c.js'
         c.js: import './d.js'; import './x.js'
         d.js: import './b.js'
         x.js: 1";
    check(
        files,
        &[
            ("load a.js", "d.js@0 x.js c.js@0 b.js@0 a.js"),
            ("d.js: import './b.js'; 2", "d.js@0' c.js@0' b.js@0' a.js'"),
            ("c.js: import './d.js'; import './x.js'; 2", "d.js@0' c.js@0' b.js@0' a.js'"),
            ("x.js: 2", "d.js@0' x.js' c.js@0' b.js@0' a.js'"),
            ("a.js: import './b.js'; 2", "a.js'"),
            // And no longer once it is none.
            ("d.js: 3", "d.js' c.js' b.js' a.js'"),
            ("d.js: 4", "d.js' c.js' b.js' a.js'"),
        ],
    );
}

#[test]
fn a_cycle_with_an_entry_in_it() {
    check(
        "a.js: import { b } from './b.js'; export let a
         b.js: import { a } from './a.js'; export let b",
        &[
            ("load b.js", "a.js@0 b.js@0"),
            ("a.js: import { b } from './b.js'; export let a = 2", "a.js@0' b.js@0'"),
            ("b.js: import { a } from './a.js'; export let b = 2", "a.js@0' b.js@0'"),
            ("force b.js", "a.js@0' b.js@0'"),
        ],
    );
}

#[test]
fn entries_above_entries_are_updated_with_them() {
    check(
        "a.js: import './b.js'\nb.js: import './c.js'\nc.js: 1",
        &[
            ("load b.js", "c.js b.js"),
            ("load a.js", "a.js"),
            ("c.js: 2", "c.js' b.js' a.js'"),
            ("force b.js", "b.js' a.js'"),
        ],
    );
}

#[test]
fn entries_that_are_not_asked_for_are_rebound() {
    let project = &mut Project::new(
        "a.js: import { x } from './x.js'\nb.js: import { x } from './x.js'\nx.js: export let x",
    );
    project.run("load a.js");
    project.run("load b.js");
    let entries = project.entries.clone();
    project.entries.truncate(1);
    check_in(project, &[("x.js: export let x = 2", "x.js' a.js' | rebind b.js")]);
    let answer = project.prepare("x.js: export let y, x = 3");
    let rebinding = &answer.plan.rebind[0];
    assert_eq!(crate::told::target(project, &rebinding.bindings[0]), "x.js.1");
    project.commit(&answer);
    project.entries = entries;
    check_in(project, &[("x.js: export let x = 4", "x.js' a.js' b.js'")]);
}

#[test]
fn top_level_await_comes_and_goes() {
    check(
        "a.js: import './b.js'\nb.js: 1",
        &[
            ("load a.js", "b.js a.js"),
            ("b.js: await 1", "b.js'~ a.js'~"),
            ("a.js: import './b.js'; 2", "a.js'"),
            ("b.js: 2", "b.js' a.js'"),
        ],
    );
}

#[test]
fn a_file_that_was_saved_again_waits_for_the_watcher() {
    // Another file may have been saved between the two saves of `b.js`.
    check(
        "a.js: import './b.js'; import './c.js'\nb.js: 1\nc.js: 1",
        &[
            ("load a.js", "b.js c.js a.js"),
            ("seen before b.js: 22", "waits"),
            ("seen before b.js: 33", "waits"),
            ("touch b.js\nc.js: 22", "b.js' c.js' a.js'"),
        ],
    );
}

/// Its folder may be moved away for a moment, of which the watcher has nothing to tell.
#[test]
fn a_file_that_is_not_there_and_was_not_removed_is_to_be_tried_again() {
    let mut project = Project::new("a.js: import './b.js'; import './c.js'\nb.js: 1\nc.js: 1");
    assert_eq!(project.run("load a.js"), "b.js c.js a.js");
    project.write("b.js", "2");
    let away = project.path("away.js");
    std::fs::rename(project.path("b.js"), &away).expect("moved");
    let answer = project.prepare("touch b.js");
    assert_eq!(answer.plan.unsettled, [project.path("b.js")]);
    assert_eq!(project.commit(&answer), "nothing");
    std::fs::rename(&away, project.path("b.js")).expect("moved");
    assert_eq!(project.run("touch b.js"), "b.js' a.js'");
}
