//! Symbolic links: a module is its real path, and a link pointed elsewhere is a change.

use crate::project::{Project, check, check_in};

const LINKED: &str = "a.js: import './l.js'; import './x.js'
    x.js: 1
    y.js: 1
    quietly link l.js -> x.js";

#[test]
fn a_link_is_the_module_it_leads_to() {
    check(LINKED, &[("load a.js", "x.js a.js"), ("x.js: 2", "x.js' a.js'")]);
    check(LINKED, &[("load l.js", "x.js"), ("load x.js", "nothing")]);
}

#[test]
fn with_preserved_links_it_is_a_module_of_its_own() {
    let project = &mut Project::with(LINKED, |options, _| options.preserve_symlinks = true);
    check_in(project, &[("load a.js", "l.js x.js a.js")]);
}

#[test]
fn a_link_pointed_elsewhere_changes_its_importers() {
    let project = &mut Project::new(LINKED);
    check_in(project, &[("load a.js", "x.js a.js"), ("link l.js -> y.js", "y.js a.js'")]);
    assert_eq!(project.files(), "a.js l.js x.js y.js");
    check_in(project, &[("y.js: 2", "y.js' a.js'"), ("x.js: 2", "x.js' a.js'")]);
}

#[test]
fn through_a_linked_folder() {
    let project = &mut Project::new(
        "a.js: import './lib/i.js'
         v1/i.js: 1
         v2/i.js: 1
         quietly link lib -> v1",
    );
    check_in(project, &[("load a.js", "v1/i.js a.js")]);
    assert_eq!(project.files(), "a.js lib/i.js v1/i.js");
    check_in(project, &[("quietly link lib -> v2", "nothing")]);
    check_in(project, &[("touch lib/i.js", "v2/i.js a.js' | removed v1/i.js")]);
    assert_eq!(project.files(), "a.js lib/i.js v2/i.js");
}

#[test]
fn links_belong_to_the_entries_that_import_through_them() {
    let project = &mut Project::new(LINKED);
    project.run("load a.js");
    project.run("load y.js");
    let link = project.path("l.js");
    let [a, y] = project.entries[..] else { panic!("two entries") };
    assert!(project.session.contains(Some(a), &link));
    assert!(!project.session.contains(Some(y), &link));
}

#[test]
fn a_link_that_is_imported_no_more_is_forgotten() {
    let project = &mut Project::new(LINKED);
    check_in(project, &[("load a.js", "x.js a.js"), ("a.js: import './x.js'", "a.js'")]);
    assert_eq!(project.files(), "a.js x.js");
    check_in(project, &[("link l.js -> y.js", "nothing")]);
}

#[test]
fn a_link_of_a_version_that_failed_is_forgotten() {
    let project = &mut Project::new("a.js: 1\nx.js: 1\nquietly link l.js -> x.js");
    project.run("load a.js");
    let answer = project.prepare("a.js: import './l.js'");
    project.roll_back(&answer, &["x.js"], true);
    assert_eq!(project.files(), "a.js");
}

#[test]
fn a_broken_link_is_left_to_node() {
    let project = &mut Project::new("a.js: import './l.js'\nx.js: 1\nquietly link l.js -> none.js");
    check_in(project, &[("load a.js", "[./l.js of a.js] a.js")]);
}
