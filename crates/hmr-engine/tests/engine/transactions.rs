//! Commit and roll back: what runs afterwards, and what the next request makes of it.

use crate::project::{Project, check_in};

const PAIR: &str = "a.js: import './b.js'\nb.js: 1\nc.js: 1";

#[test]
fn a_rolled_back_update_can_be_repeated() {
    let project = &mut Project::new(PAIR);
    project.run("load a.js");
    for _ in 0..2 {
        let answer = project.prepare("b.js: import './c.js'");
        // A first instance of `c.js` has come to be, and is no longer new.
        project.roll_back(&answer, &["b.js"], true);
        assert_eq!(project.files(), "a.js b.js");
    }
    // The old text runs, so the old text is no change.
    check_in(
        project,
        &[
            ("b.js: 1", "nothing"),
            ("a.js: import './b.js'; 2", "a.js'"),
            ("b.js: import './c.js'", "c.js b.js' a.js'"),
        ],
    );
}

#[test]
fn new_modules_that_ran_stay_when_others_fail() {
    let project = &mut Project::new(PAIR);
    project.run("load a.js");
    let answer = project.prepare("b.js: import './c.js'");
    project.roll_back(&answer, &["c.js"], true);
    check_in(project, &[("touch b.js", "b.js' a.js'")]);
}

#[test]
fn without_keep_new_modules_are_forgotten() {
    let project = &mut Project::new(PAIR);
    project.run("load a.js");
    let answer = project.prepare("b.js: import './c.js'");
    let first = project.id("c.js");
    project.roll_back(&answer, &[], false);
    check_in(project, &[("quietly c.js: 2\ntouch b.js", "c.js b.js' a.js'")]);
    assert_ne!(project.id("c.js"), first, "it is another one");
}

/// A project whose first module has thrown while it was loaded.
fn thrown_in_first_load() -> Project {
    let mut project = Project::new(PAIR);
    let answer = project.prepare("load a.js");
    project.roll_back(&answer, &[], true);
    project
}

#[test]
fn a_first_load_that_threw_is_read_again() {
    let project = &mut Project::new(PAIR);
    let answer = project.prepare("load a.js");
    project.roll_back(&answer, &["b.js"], true);
    check_in(project, &[("load a.js", "a.js")]);

    // What ran is current, what did not is read again wherever it was repaired.
    let project = &mut thrown_in_first_load();
    check_in(project, &[("quietly b.js: import './c.js'\nload a.js", "c.js b.js a.js")]);
}

#[test]
fn a_first_load_that_threw_is_read_again_after_another_failure() {
    let project = &mut thrown_in_first_load();
    check_in(
        project,
        &[
            ("quietly b.js: +\nload a.js", "syntax b.js:1:2 Unexpected token"),
            ("quietly b.js: import './c.js'\nload a.js", "c.js b.js a.js"),
        ],
    );
}

#[test]
fn a_first_load_that_threw_may_lose_an_import() {
    let project = &mut thrown_in_first_load();
    check_in(project, &[("quietly a.js: 2\nload a.js", "a.js | removed b.js")]);
}

#[test]
fn without_keep_a_first_load_leaves_no_trace() {
    let project = &mut Project::new(PAIR);
    let answer = project.prepare("load a.js");
    let a = project.id("a.js");
    project.roll_back(&answer, &[], false);
    assert!(project.session.files(Some(a)).is_empty());
    assert!(!project.session.contains(Some(a), &project.path("a.js")));
    check_in(project, &[("a.js: 1\nload a.js", "a.js")]);
}

#[test]
fn what_became_stale_is_current_again() {
    let project = &mut Project::new("a.js: import('./c.js')\nc.js: import './d.js'\nd.js: 1");
    project.run("load a.js");
    project.run("import c.js from a.js");
    let answer = project.prepare("d.js: 2");
    project.roll_back(&answer, &[], true);
    check_in(
        project,
        &[
            ("import c.js from a.js", "nothing"),
            ("touch d.js", "a.js' | stale c.js d.js"),
            ("import c.js from a.js", "d.js c.js"),
        ],
    );
}

#[test]
fn in_the_middle_of_an_update_a_call_gets_the_new_version() {
    let project = &mut Project::new("a.js: import('./c.js')\nc.js: import './d.js'\nd.js: 1");
    project.run("load a.js");
    project.run("import c.js from a.js");
    let update = project.prepare("d.js: 2");
    check_in(project, &[("import c.js from a.js", "d.js c.js")]);
    assert_eq!(project.commit(&update), "a.js' | stale c.js d.js");
    check_in(project, &[("import c.js from a.js", "nothing")]);
}

#[test]
fn live_reads_are_those_of_the_running_version() {
    let project = &mut Project::new(
        "a.js: import './x.js'
         b.js: import { x } from './x.js'; x
         x.js: export let x = 1",
    );
    project.run("load a.js");
    project.run("load b.js");
    let live = "x.js: export let x = 1; export const set = () => x++";
    // A version that reads live was made and failed: a copy runs.
    let answer = project.prepare(live);
    project.roll_back(&answer, &["x.js", "a.js"], true);
    check_in(project, &[("touch x.js", "x.js' a.js' b.js'")]);
}

#[test]
fn loads_may_overlap() {
    let files = "a.js: 1\nb.js: import './x.js'\nc.js: import './x.js'\nx.js: 1";
    let two = |project: &mut Project| {
        project.run("load a.js");
        let one = project.prepare("import b.js from a.js");
        let other = project.prepare("import c.js from a.js");
        assert_ne!(one.plan.transaction, other.plan.transaction);
        (one, other)
    };

    // Both plans have the steps; who runs them first is the runtime's affair.
    let project = &mut Project::new(files);
    let (one, other) = two(project);
    assert_eq!(project.commit(&other), "x.js c.js");
    assert_eq!(project.commit(&one), "x.js b.js");
    check_in(
        project,
        &[("import b.js from a.js", "nothing"), ("import c.js from a.js", "nothing")],
    );

    // One throws after the shared part has run.
    let project = &mut Project::new(files);
    let (one, other) = two(project);
    project.roll_back(&one, &["x.js"], true);
    project.commit(&other);
    check_in(project, &[("import c.js from a.js", "nothing"), ("import b.js from a.js", "b.js")]);

    // One cannot be linked, while the other has run what they share.
    let project = &mut Project::new(files);
    let (one, other) = two(project);
    project.commit(&other);
    project.roll_back(&one, &[], false);
    check_in(project, &[("import c.js from a.js", "nothing"), ("import b.js from a.js", "b.js")]);
    assert_eq!(project.files(), "a.js b.js c.js x.js");
}

#[test]
fn a_load_that_cannot_be_linked_takes_nothing_from_another() {
    let project =
        &mut Project::new("a.js: 1\nb.js: import './x.js'\nc.js: import './x.js'\nx.js: 1");
    project.run("load a.js");
    let one = project.prepare("import b.js from a.js");
    let other = project.prepare("import c.js from a.js");
    project.roll_back(&one, &[], false);
    project.commit(&other);
    check_in(project, &[("import c.js from a.js", "nothing")]);
    assert_eq!(project.files(), "a.js c.js x.js");
    check_in(project, &[("x.js: 2", "a.js' | stale c.js x.js")]);
}

#[test]
fn loads_that_fail_side_by_side_can_both_be_repeated() {
    let project =
        &mut Project::new("a.js: 1\nb.js: import './x.js'\nc.js: import './x.js'\nx.js: 1");
    project.run("load a.js");
    let one = project.prepare("import b.js from a.js");
    let other = project.prepare("import c.js from a.js");
    project.roll_back(&one, &[], false);
    project.roll_back(&other, &[], true);
    check_in(project, &[("import c.js from a.js", "x.js c.js"), ("import b.js from a.js", "b.js")]);
}

#[test]
fn unknown_transactions_are_nothing() {
    let project = &mut Project::new(PAIR);
    let answer = project.prepare("load a.js");
    project.commit(&answer);
    // A second time, and of a plan with failures, which has number 0.
    assert!(project.session.commit(answer.plan.transaction, &[]).is_empty());
    assert!(project.session.commit(0, &[]).is_empty());
    project.session.roll_back(answer.plan.transaction, &[], true);
    check_in(project, &[("touch a.js", "nothing"), ("load a.js", "nothing")]);
}
