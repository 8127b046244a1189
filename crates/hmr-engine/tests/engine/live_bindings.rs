//! Importers that stay and would have to read otherwise than they do are evaluated anew.

use crate::project::{Project, check_in};

const CONSTANT: &str = "x.js: export let x = 1; export const set = () => 0";
const CYCLE: &str = "x.js: import './b.js'; export let x = 1; export const set = () => 0";

/// Two entries, of which only `a.js` is asked for afterwards.
fn two_entries(b: &str) -> Project {
    let mut project = Project::new(&format!("a.js: import './x.js'\nb.js: {b}\n{CONSTANT}"));
    project.run("load a.js");
    project.run("load b.js");
    project.entries.truncate(1);
    project
}

#[test]
fn copies_stay_copies() {
    let project = &mut two_entries("import { x } from './x.js'; x");
    check_in(project, &[("x.js: export let x = 2", "x.js' a.js' | rebind b.js")]);
}

#[test]
fn a_binding_that_becomes_live_evaluates_its_importer_anew() {
    let project = &mut two_entries("import { x } from './x.js'; x");
    project.entries.push(project.id("b.js"));
    check_in(project, &[(CYCLE, "b.js@0' x.js@0' a.js'")]);
}

#[test]
fn also_one_of_an_entry_that_was_not_asked_for() {
    let project = &mut two_entries("import { x } from './x.js'; x");
    check_in(project, &[(CYCLE, "b.js@0' x.js@0' a.js'")]);
}

#[test]
fn a_live_reader_stays_when_the_cycle_is_no_more() {
    let project = &mut Project::new(&format!(
        "a.js: import './x.js'\nb.js: import {{ x }} from './x.js'; x\n{CYCLE}"
    ));
    project.run("load a.js");
    project.run("load b.js");
    project.entries.truncate(1);
    check_in(project, &[(CONSTANT, "x.js' a.js' | rebind b.js"), (CYCLE, "b.js@0' x.js@0' a.js'")]);
}
