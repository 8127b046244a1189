//! Which modules fail with one that throws.

use crate::project::Project;

/// `thrower` throws while `a.js` is loaded: these fail with it.
#[track_caller]
fn check(files: &str, thrower: &str, expected: &[&str]) {
    let mut project = Project::new(files);
    let answer = project.prepare("load a.js");
    let thrower = project.id(thrower);
    let failed = project.session.evaluating(answer.plan.transaction, thrower);
    let expected: Vec<_> = expected.iter().map(|name| project.id(name)).collect();
    assert_eq!(failed, expected);
}

#[test]
fn importers_fail_with_what_they_import() {
    let chain = "a.js: import './b.js'\nb.js: import './c.js'\nc.js: throw 1";
    check(chain, "c.js", &["a.js", "b.js"]);
    check("a.js: import './b.js'; import './c.js'\nb.js: 1\nc.js: throw 1", "c.js", &["a.js"]);
    // What comes later has not been reached.
    let later = "a.js: import './b.js'; import './c.js'\nb.js: throw 1\nc.js: import './b.js'";
    check(later, "b.js", &["a.js"]);
}

#[test]
fn so_do_modules_of_a_cycle_that_is_not_complete() {
    // `c.js` has run, but its cycle with `b.js` ends after `d.js`.
    let cycle = "a.js: import './b.js'\nb.js: import './c.js'; import './d.js'\n\
                 c.js: import './b.js'\nd.js: throw 1";
    check(cycle, "d.js", &["a.js", "b.js", "c.js"]);
    // Here it is complete.
    let complete = "a.js: import './b.js'; import './d.js'\nb.js: import './c.js'\nc.js: import './b.js'\nd.js: throw 1";
    check(complete, "d.js", &["a.js"]);
}
