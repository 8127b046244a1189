//! Programs that are hot as a whole: what is saved while they load, and what their texts say while they do not run.

use hmr_engine::{Import, Request};

use crate::project::Project;

fn root(project: &Project, name: &str) -> Request {
    let url = project.url(name);
    let (specifier, parent) = (url.clone(), url);
    let import = Import {
        specifier,
        parent,
        importer: None,
        attributes: Vec::new(),
        entry: false,
        root: true,
    };
    Request { import: Some(import), ..Request::default() }
}

#[test]
fn a_save_between_loading_and_running_needs_a_restart() {
    let project = &mut Project::new("a.js: import './b.js'\nb.js: 1");
    project.session.set_whole_app();
    let loading = project.session.prepare(&root(project, "a.js"));
    assert!(loading.plan.failures.is_empty());
    // The text of `b.js` has been handed out and will run.
    let update = project.prepare("b.js: 2");
    let names = update.plan.restart.iter().map(|url| project.name_of_url(url));
    assert_eq!(names.collect::<Vec<_>>(), ["b.js", "a.js"]);
}

/// What a change of `name` would do to a program that begins with `a.js`, and which accepts would help.
#[track_caller]
fn check(files: &str, name: &str, expected: &str) {
    let project = &mut Project::new(files);
    let url = project.url("a.js");
    project.session.suppose_running(&url).expect("it loads");
    let path = project.path(name);
    let short = |path: &std::path::Path| path.file_name().unwrap().to_string_lossy().into_owned();
    let explained = project.session.explain(&path);
    let evaluated: Vec<_> = explained.evaluated.iter().map(|path| short(path)).collect();
    let remedies = project.session.remedies(&path);
    let remedies: Vec<_> = remedies
        .iter()
        .map(|it| format!("{}<{}:{}", short(&it.module), short(&it.accepted), it.evaluated))
        .collect();
    let chain: Vec<_> = explained.chain.iter().map(|path| short(path)).collect();
    let told = match explained.outcome {
        "restart" => format!("restart {}; {}", chain.join(" "), remedies.join(" ")),
        outcome => format!("{outcome} {}", evaluated.join(" ")),
    };
    assert_eq!(told.trim_end(), expected, "{files}");
}

#[test]
fn literal_accepts_are_known_without_running() {
    let files = "a.js: import './b.js'\nb.js: import './c.js'; import.meta.hot?.accept()\nc.js: 1";
    check(files, "c.js", "hot c.js b.js");
    check(files, "b.js", "hot b.js");
    check(files, "a.js", "restart a.js; a.js<a.js:1");
    check(files, "none.js", "none");
    check(
        "a.js: import './b.js'; import.meta.hot.accept(['./b.js'], () => {})\nb.js: import './c.js'\nc.js: 1",
        "c.js",
        "hot c.js b.js",
    );
    check(
        "a.js: import './b.js'\nb.js: export const x = 1; import.meta.hot.acceptExports('x')",
        "b.js",
        "hot b.js",
    );
}

#[test]
fn calls_of_import_are_followed() {
    check(
        "a.js: import('./b.js'); import.meta.hot.accept('./b.js')\nb.js: import './c.js'\nc.js: import('./none.js')",
        "c.js",
        "hot c.js b.js",
    );
}

#[test]
fn the_smallest_accept_stands_first() {
    check(
        "a.js: import './b.js'\nb.js: import './c.js'\nc.js: 1",
        "c.js",
        "restart c.js b.js a.js; c.js<c.js:1 b.js<c.js:1 b.js<b.js:2 a.js<b.js:2 a.js<a.js:3",
    );
    // One of two ways does not help.
    check(
        "a.js: import './b.js'; import './c.js'\nb.js: import './d.js'\nc.js: import './d.js'\nd.js: 1",
        "d.js",
        "restart d.js b.js a.js; d.js<d.js:1 a.js<a.js:4",
    );
}

#[test]
fn what_declines_is_not_accepted_above() {
    check(
        "a.js: import './b.js'; import.meta.hot.accept('./b.js')\nb.js: import './c.js'; import.meta.hot.decline()\nc.js: 1",
        "c.js",
        "restart c.js b.js; c.js<c.js:1 b.js<c.js:1",
    );
}
