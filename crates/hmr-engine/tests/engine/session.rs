//! What a session is asked beside requests: files of an entry, files beside the graph.

use std::time::{Duration, SystemTime};

use crate::project::{Project, check_in};

#[test]
fn files_of_an_entry() {
    let project = &mut Project::new(
        "a.js: import './b.js?x'; import './b.js'; import './d.json' with { type: 'json' }; import './c.cjs'; import 'fs'
         b.js: 1
         c.cjs: 1
         d.json: 1
         e.js: import './b.js'",
    );
    project.run("load a.js");
    let mut files = project.session.files(Some(project.entries[0]));
    files.sort();
    files.dedup();
    assert_eq!(files, ["a.js", "b.js", "d.json"].map(|name| project.path(name)));
    project.run("load e.js");
    let [a, e] = project.entries[..] else { panic!("two entries") };
    for (name, in_a, in_e) in [
        ("a.js", true, false),
        ("b.js", true, true),
        ("d.json", true, false),
        ("e.js", false, true),
        ("none.js", false, false),
    ] {
        let path = project.path(name);
        assert_eq!(project.session.contains(Some(a), &path), in_a, "{name} in a.js");
        assert_eq!(project.session.contains(Some(e), &path), in_e, "{name} in e.js");
    }
    assert!(project.session.files(Some(u32::MAX)).is_empty());
}

#[test]
fn a_closed_entry_goes_when_nothing_needs_it() {
    // It is not watched any more, so it must not come back as it was.
    let project = &mut Project::new("a.js: import './b.js'\nb.js: 1");
    check_in(
        project,
        &[
            ("load a.js", "b.js a.js"),
            ("close a.js", "nothing"),
            ("quietly b.js: 2\nquietly a.js: import './b.js'; 2\nload a.js", "b.js a.js"),
        ],
    );
    // Others keep it.
    let project = &mut Project::new("a.js: import './b.js'\nb.js: 1");
    check_in(
        project,
        &[
            ("load b.js", "b.js"),
            ("load a.js", "a.js"),
            ("close b.js", "nothing"),
            ("b.js: 2", "b.js' a.js'"),
            ("a.js: 1", "a.js' | removed b.js"),
        ],
    );
}

#[test]
fn files_that_node_has_loaded() {
    let project = &mut Project::new(
        "a.js: import './c.cjs'; import './p/d.js'\nc.cjs: 1\np/package.json: {}\np/d.js: exports.x = 1",
    );
    for name in ["a.js", "c.cjs", "p/d.js"] {
        assert!(!project.session.is_external(&project.path(name)), "{name} before");
    }
    check_in(project, &[("load a.js", "[c.cjs] [p/d.js] a.js")]);
    for (name, expected) in [("a.js", false), ("c.cjs", true), ("p/d.js", true), ("x.js", false)] {
        assert_eq!(project.session.is_external(&project.path(name)), expected, "{name}");
    }
}

#[test]
fn what_node_has_loaded_is_known_unless_it_was_written_since() {
    for (age, expected) in [(Duration::from_secs(60), true), (Duration::ZERO, false)] {
        let mut project = Project::new("a.cjs: 1");
        let path = project.path("a.cjs");
        let file = std::fs::File::options().write(true).open(&path).expect("file");
        file.set_modified(SystemTime::now() - age).expect("time");
        let now = SystemTime::UNIX_EPOCH.elapsed().expect("time").as_secs_f64() * 1e3;
        project.session.foreign_loaded(&path, now - 30_000.0);
        assert_eq!(!project.session.foreign_changed(&path, true), expected, "{age:?}");
    }
}

#[test]
fn files_beside_the_graph() {
    let mut project = Project::new("seen.txt: 1\nwritten.txt: 1");
    let mut changed = |name: &str, text: Option<&str>, written: bool| {
        let path = project.path(name);
        match text {
            Some("gone") => std::fs::remove_file(&path).expect("removed"),
            Some(text) => project.write(name, text),
            None => {}
        }
        project.session.foreign_changed(&path, written)
    };
    let steps = [
        // At the first look, only the event tells.
        ("seen.txt", None, false, false),
        ("seen.txt", None, true, false),
        ("seen.txt", Some("1"), true, false),
        ("seen.txt", Some("2"), true, true),
        ("seen.txt", Some("2"), true, false),
        ("seen.txt", Some("3"), false, true),
        ("seen.txt", Some("gone"), true, true),
        ("seen.txt", None, true, false),
        ("seen.txt", Some("3"), true, true),
        ("written.txt", None, true, true),
        ("written.txt", None, true, false),
        ("none.txt", None, true, false),
        ("none.txt", None, false, false),
        ("none.txt", Some("1"), true, true),
    ];
    for (number, (name, text, written, expected)) in steps.into_iter().enumerate() {
        assert_eq!(changed(name, text, written), expected, "step {number}: {name} {text:?}");
    }
}
