//! Where specifiers lead: as Node resolves them, or left to Node.

use std::path::PathBuf;

use hmr_engine::Session;
use hmr_engine::resolve::{Resolved, Resolver};

use crate::project::{Project, options};

const PROJECT: &str = r##"
    package.json: {"type":"module","name":"self","exports":{"./e":"./e.js","./gone":"./gone.js"},"imports":{"#e":"./e.js","#p":"p","#fs":"fs","#x/*":"./x/*.js","#null":null,"#c":{"custom":"./custom.js","node":"./e.js"}}}
    e.js:
    custom.js:
    x/i.js:
    x/y.js:
    node_modules/p/package.json: {"type":"module","exports":{".":{"custom":"./custom.js","import":"./i.js","default":"./r.js"},"./sub/*.js":"./lib/*.js","./sub/secret.js":null}}
    node_modules/p/i.js:
    node_modules/p/r.js:
    node_modules/p/custom.js:
    node_modules/p/lib/x.js:
    node_modules/p/lib/secret.js:
    node_modules/old/package.json: {"main":"./main.js"}
    node_modules/old/main.js:
    node_modules/old/lib/index.js:
    node_modules/old/lib/y.js:
    node_modules/@s/q/package.json: {"exports":"./q.js"}
    node_modules/@s/q/q.js:
    x/node_modules/p/package.json: {"exports":"./inner.js"}
    x/node_modules/p/inner.js:
"##;

/// Resolves each specifier in the module `parent`. `LEFT`: only Node can tell.
#[track_caller]
fn check(session: &Session, project: &Project, parent: &str, cases: &[(&str, &str)]) {
    for (specifier, expected) in cases {
        let specifier = specifier.replace("ROOT", &project.root());
        let (url, _) = session.resolve(&specifier, &project.url(parent));
        let got = url.map_or_else(|| LEFT.to_owned(), |url| project.name_of_url(&url));
        assert_eq!(&got, expected, "{specifier} in {parent}");
    }
}

const LEFT: &str = "left to Node";

fn project() -> Project {
    let project = Project::new(PROJECT);
    project.write("a b.js", "");
    project.write("a#b?c%.js", "");
    project
}

#[test]
fn paths_and_urls() {
    let project = project();
    check(
        &project.session,
        &project,
        "main.js",
        &[
            ("./e.js", "e.js"),
            ("./x/y.js", "x/y.js"),
            ("./x/../e.js", "e.js"),
            ("././/e.js", "e.js"),
            (r".\x\y.js", LEFT),
            (r"./x\y.js", "x/y.js"),
            ("ROOT/e.js", "e.js"),
            ("file://ROOT/e.js", "e.js"),
            ("FILE:ROOT/e.js", "e.js"),
            ("file://localhost/ROOT/e.js", "e.js"),
            ("./e.js?q", "e.js?q"),
            ("./e.js?q#h", "e.js?q#h"),
            ("./e.js#h", "e.js#h"),
            ("./e.js?a b", "e.js?a%20b"),
            ("./%65.js", "e.js"),
            ("./a%20b.js", "a%20b.js"),
            ("./a b.js", "a%20b.js"),
            ("./a%23b%3Fc%25.js", "a%23b%3Fc%25.js"),
            ("./x%2Fy.js", LEFT),
            ("./x%2fy.js", LEFT),
            ("./x%5Cy.js", LEFT),
            ("./x%5cy.js", LEFT),
            ("./e.js?x%2Fy", "e.js?x%2Fy"),
            ("./e", LEFT),
            ("./E.js", LEFT),
            ("./missing.js", LEFT),
            ("./x", LEFT),
            ("./x/", LEFT),
            ("./e.js/", LEFT),
            (".", LEFT),
            ("..", LEFT),
            ("./", LEFT),
            ("file://elsewhere/ROOT/e.js", LEFT),
        ],
    );
    check(
        &project.session,
        &project,
        "x/y.js",
        &[("./i.js", "x/i.js"), ("../e.js", "e.js"), ("./../x/i.js", "x/i.js")],
    );
}

#[test]
fn an_empty_query_or_hash_is_none() {
    let project = project();
    let cases = ["./e.js?", "./e.js#", "./e.js?#"].map(|specifier| (specifier, "e.js"));
    check(&project.session, &project, "main.js", &cases);
}

#[test]
fn other_schemes_and_builtins() {
    let project = project();
    check(
        &project.session,
        &project,
        "main.js",
        &[
            ("fs", "node:fs"),
            ("fs/promises", "node:fs/promises"),
            ("node:fs", "node:fs"),
            ("node:test", "node:test"),
            ("node:none", "node:none"),
            ("test", LEFT),
            ("fs/", LEFT),
            ("data:text/javascript,1", "data:text/javascript,1"),
            ("https://example.org/x.js", "https://example.org/x.js"),
        ],
    );
    let data = "data:text/javascript,1";
    assert_eq!(project.session.resolve("fs", data).0.as_deref(), Some("node:fs"));
    assert_eq!(project.session.resolve("./e.js", data).0, None);
    assert_eq!(project.session.resolve("p", data).0, None);
}

#[test]
fn packages() {
    let project = project();
    check(
        &project.session,
        &project,
        "main.js",
        &[
            ("p", "node_modules/p/i.js"),
            ("p/sub/x.js", "node_modules/p/lib/x.js"),
            ("p/sub/secret.js", LEFT),
            ("p/sub/none.js", LEFT),
            ("p/lib/x.js", LEFT),
            ("p/package.json", LEFT),
            ("p/", LEFT),
            ("@s/q", "node_modules/@s/q/q.js"),
            ("@s/q/q.js", LEFT),
            ("@s", LEFT),
            ("old", "node_modules/old/main.js"),
            ("old/main.js", "node_modules/old/main.js"),
            ("old/lib/y.js", "node_modules/old/lib/y.js"),
            ("old/lib/y", LEFT),
            ("old/lib", LEFT),
            ("old/lib/", LEFT),
            ("none", LEFT),
            ("none/x.js", LEFT),
            ("", LEFT),
        ],
    );
    check(
        &project.session,
        &project,
        "x/y.js",
        &[("p", "x/node_modules/p/inner.js"), ("old", "node_modules/old/main.js")],
    );
}

#[test]
fn imports_and_the_own_name() {
    let project = project();
    for parent in ["main.js", "x/y.js"] {
        check(
            &project.session,
            &project,
            parent,
            &[
                ("#e", "e.js"),
                ("#c", "e.js"),
                ("#x/i", "x/i.js"),
                ("#x/none", LEFT),
                ("#null", LEFT),
                ("#none", LEFT),
                ("#", LEFT),
                ("#/e", LEFT),
                ("self/e", "e.js"),
                ("self/gone", LEFT),
                ("self/e.js", LEFT),
                ("self", LEFT),
            ],
        );
    }
    check(&project.session, &project, "main.js", &[("#p", "node_modules/p/i.js")]);
    // In another package they mean nothing.
    check(&project.session, &project, "node_modules/p/i.js", &[("#e", LEFT), ("self/e", LEFT)]);
}

#[test]
fn an_import_that_maps_to_a_builtin_is_that_builtin_or_left_to_node() {
    let project = project();
    let (url, _) = project.session.resolve("#fs", &project.url("main.js"));
    assert!(url.is_none() || url.as_deref() == Some("node:fs"), "{url:?}");
}

#[test]
fn what_a_broken_package_holds_is_left_to_node() {
    for manifest in ["", "{", "[]", "null", "{\"type\":1}"] {
        let project = Project::new("m.mjs:\nx/j.js:");
        project.write("x/package.json", manifest);
        project.write("x/m.mjs", "");
        check(&project.session, &project, "m.mjs", &[("./x/j.js", LEFT), ("./x/m.mjs", "x/m.mjs")]);
    }
}

#[test]
fn slashes_in_names_of_imports() {
    for (slash_imports, expected) in [(true, "e.js"), (false, LEFT)] {
        let files = r##"package.json: {"type":"module","imports":{"#/*":"./*"}}
            e.js:"##;
        let project = Project::with(files, |options, _| options.slash_imports = slash_imports);
        check(&project.session, &project, "main.js", &[("#/e.js", expected)]);
    }
}

#[test]
fn conditions_of_the_command_line() {
    let project = Project::with(PROJECT, |options, _| options.conditions.push("custom".into()));
    check(
        &project.session,
        &project,
        "main.js",
        &[("p", "node_modules/p/custom.js"), ("#c", "custom.js"), ("self/e", "e.js")],
    );
}

#[test]
fn tried_paths_are_told() {
    let project = project();
    let tried = |specifier: &str| project.session.resolve(specifier, &project.url("x/y.js")).1;
    assert_eq!(tried("./e.js"), [project.path("x/e.js")]);
    assert_eq!(tried("../none/e.js"), [project.path("none/e.js")]);
    assert_eq!(tried("./i.js"), Vec::<PathBuf>::new());
    assert_eq!(tried("fs"), Vec::<PathBuf>::new());
}

#[test]
fn a_file_is_seen_when_it_appears() {
    let project = project();
    let main = &project.url("main.js");
    assert_eq!(project.session.resolve("./new.js", main).0, None);
    project.write("new.js", "");
    assert_eq!(project.session.resolve("./new.js", main).0, Some(project.url("new.js")));
}

#[test]
fn urls_are_written_as_node_writes_them() {
    // `pathToFileURL()` of Node 20 to 26, of every printable character.
    let cases = [
        ("!$&'()*+,-.js", "!$&'()*+,-.js"),
        (":;=@_.js", ":;=@_.js"),
        ("\"#%<>?`.js", "%22%23%25%3C%3E%3F%60.js"),
        ("[id].js", "%5Bid%5D.js"),
        ("{x}.js", "%7Bx%7D.js"),
        ("^|.js", "%5E%7C.js"),
        ("~.js", "%7E.js"),
        ("\\.js", "%5C.js"),
        ("é 中.js", "%C3%A9%20%E4%B8%AD.js"),
    ];
    for (file, expected) in cases {
        let project = Project::new("");
        project.write(&format!("x/{file}"), "");
        let encoded = file.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
        // `%5C` in a specifier is refused.
        if encoded.contains("%5C") {
            continue;
        }
        let (url, _) = project.session.resolve(&format!("./x/{encoded}"), &project.url("main.js"));
        let url = url.map(|url| project.name_of_url(&url));
        assert_eq!(url, Some(format!("x/{expected}")), "{file}");
    }
}

#[test]
fn kinds_of_files() {
    let project = Project::new(
        "m.mjs: 1\nc.cjs: 1\nj.json: 1\nt.ts: 1\nt/package.json: {}\nt/j.js: 1\ne: 1
         c/package.json: {\"type\":\"commonjs\"}\nc/j.js: 1\nj.js: 1",
    );
    let resolver = Resolver::new(&options()).expect("options");
    let json = [("type".to_owned(), "json".to_owned())];
    let kind = |name: &str, attributes: &[(String, String)]| match resolver.resolve(
        &format!("./{name}"),
        &project.url("main.js"),
        attributes,
    ) {
        Resolved::Module(_) => "module",
        Resolved::Ambiguous(_) => "ambiguous",
        Resolved::Json(_) => "json",
        Resolved::External(_) => "external",
        Resolved::Unresolved(_) => "unresolved",
    };
    for (name, without, with) in [
        ("m.mjs", "module", None),
        ("j.js", "module", None),
        ("t/j.js", "ambiguous", None),
        ("c/j.js", "external", None),
        ("c.cjs", "external", None),
        ("t.ts", "module", None),
        ("e", "external", None),
        ("j.json", "external", Some("json")),
        ("none.json", "unresolved", Some("unresolved")),
    ] {
        assert_eq!(kind(name, &[]), without, "{name}");
        if let Some(with) = with {
            assert_eq!(kind(name, &json), with, "{name}");
        }
    }
}

#[test]
fn common_js_by_name_and_package() {
    let project = Project::new(
        "c/package.json: {\"type\":\"commonjs\"}\nc/j.js:\nc/m.mjs:\nu/package.json: {}\nu/j.js:\nj.js:\nc.cjs:",
    );
    let resolver = Resolver::new(&options()).expect("options");
    for (name, expected) in [
        ("c/j.js", true),
        ("c/m.mjs", false),
        ("u/j.js", true),
        ("j.js", false),
        ("c.cjs", true),
        ("x.json", false),
    ] {
        assert_eq!(resolver.is_common_js(&project.url(name)), expected, "{name}");
    }
    assert!(!resolver.is_common_js("node:fs"));
}
