//! Which files are hot: the rest is loaded by Node, `[…]`.

use hmr_engine::{Options, Session};

use crate::project::{Project, check, check_in};

#[test]
fn extensions_and_the_type_of_the_package_decide() {
    let hot = "b a.js";
    let cases = [
        ("b.mjs", r#"{"type":"commonjs"}"#, "1", hot),
        ("b.cjs", r#"{"type":"module"}"#, "import 'fs'", "[b] a.js"),
        ("b.js", r#"{"type":"module"}"#, "1", hot),
        ("b.js", r#"{"type":"commonjs"}"#, "export {}", "[b] a.js"),
        ("b.ts", r#"{"type":"module"}"#, "export {}", hot),
        ("b.mts", r#"{"type":"commonjs"}"#, "1", hot),
        ("b.cts", r#"{"type":"module"}"#, "export {}", "[b] a.js"),
        ("b.tsx", r#"{"type":"commonjs"}"#, "1", hot),
        ("b.jsx", r#"{"type":"commonjs"}"#, "1", hot),
        ("b.ts", r#"{"type":"commonjs"}"#, "export {}", "[b] a.js"),
        ("b.ts", "{}", "export {}", hot),
        ("b.ts", "{}", "export type A = 1", hot),
        ("b.ts", "{}", "let a: 1", hot),
        ("b.ts", "{}", "exports.x = 1 as number", "[b] a.js"),
        ("b.ts", "{}", "let exports: 1", hot),
        ("b.node", r#"{"type":"module"}"#, "", "[b] a.js"),
        ("b.wasm", r#"{"type":"module"}"#, "", "[b] a.js"),
        ("b", r#"{"type":"module"}"#, "export {}", "[b] a.js"),
        // Without a type the text decides.
        ("b.js", "{}", "export {}", hot),
        ("b.js", "{}", "import.meta", hot),
        ("b.js", "{}", "await 1", "b~ a.js~"),
        ("b.js", "{}", "import('./c.js')", "[b] a.js"),
        ("b.js", "{}", "exports.x = 1", "[b] a.js"),
        ("b.js", "{}", "", "[b] a.js"),
        ("b.js", "{}", "return", "[b] a.js"),
        ("b.js", "{}", "with (x) {}", "[b] a.js"),
        ("b.js", r#"{"type":"other"}"#, "export {}", hot),
        ("b.js", "", "export {}", hot),
        ("b.js", "{}", "var require = 1", "[b] a.js"),
    ];
    for (file, package, text, expected) in cases {
        let file = format!("x/{file}");
        let expected = expected.replace('b', &file);
        let project = &mut Project::new(&format!("a.js: import './{file}'\n{file}: {text}"));
        if !package.is_empty() {
            project.write("x/package.json", package);
        } else {
            std::fs::remove_file(project.path("package.json")).expect("package.json");
            project.write("a.mjs", format!("import './{file}'"));
            check_in(project, &[("load a.mjs", &expected.replace("a.js", "a.mjs"))]);
            continue;
        }
        check_in(project, &[("load a.js", &expected)]);
    }
}

#[test]
fn a_text_that_declares_what_common_js_declares_is_a_module() {
    for text in ["const require = 1", "let __filename, module"] {
        let files = format!("a.js: import './x/b.js'\nx/package.json: {{}}\nx/b.js: {text}");
        check(&files, &[("load a.js", "x/b.js a.js")]);
    }
}

#[test]
fn the_nearest_package_counts_whether_it_has_a_type_or_not() {
    check(
        "a.js: import './x/y/b.js'; import './z/c.js'
         x/package.json: {}
         x/y/b.js: exports.x = 1
         z/c.js: 1",
        &[("load a.js", "[x/y/b.js] z/c.js a.js")],
    );
}

#[test]
fn an_entry_may_be_loaded_by_node() {
    check("a.cjs: 1", &[("load a.cjs", "[a.cjs]"), ("a.cjs: 2", "nothing")]);
    check("a.js: 1", &[("load package fs", "[node:fs]")]);
}

#[test]
fn node_modules_are_not_hot() {
    let files = "a.js: import 'p'
         node_modules/p/package.json: {\"type\":\"module\",\"exports\":\"./i.js\"}
         node_modules/p/i.js: import './x.js'
         node_modules/p/x.js: 1";
    check(files, &[("load a.js", "[node_modules/p/i.js] a.js")]);
    check(
        "a.js: import './node_modules/b.js'\nnode_modules/b.js: 1",
        &[("load a.js", "[node_modules/b.js] a.js")],
    );
    check(
        "a.js: import './my_node_modules/b.js'\nmy_node_modules/b.js: 1",
        &[("load a.js", "my_node_modules/b.js a.js")],
    );
}

/// Loads `a.js`, which imports a package and a file of the project.
#[track_caller]
fn check_options(change: impl FnOnce(&mut Options, &str), expected: &str) {
    let files = "a.js: import 'p'; import './lib/b.js'
         lib/b.js: 1
         node_modules/p/package.json: {\"type\":\"module\",\"exports\":\"./i.js\"}
         node_modules/p/i.js: import './x.js'
         node_modules/p/x.js: 1";
    check_in(&mut Project::with(files, change), &[("load a.js", expected)]);
}

#[test]
fn include_and_exclude_change_it() {
    let p = "node_modules/p/i.js";
    check_options(|_, _| {}, &format!("[{p}] lib/b.js a.js"));
    let texts = |texts: &[&str]| texts.iter().map(ToString::to_string).collect::<Vec<_>>();
    check_options(
        |options, _| options.include = texts(&["/node_modules/p/"]),
        &format!("node_modules/p/x.js {p} lib/b.js a.js"),
    );
    check_options(
        |options, _| options.include = texts(&[r"/i\.js$", "nothing"]),
        &format!("[node_modules/p/x.js] {p} lib/b.js a.js"),
    );
    check_options(
        |options, _| options.exclude = texts(&["/lib/"]),
        &format!("[{p}] [lib/b.js] a.js"),
    );
    check_options(
        |options, _| {
            options.include = texts(&["/p/"]);
            options.exclude = texts(&["x.js"]);
        },
        &format!("[node_modules/p/x.js] {p} lib/b.js a.js"),
    );
    // They are about absolute paths.
    check_options(
        |options, root| options.exclude = texts(&[&format!("^{root}/lib/b\\.js$")]),
        &format!("[{p}] [lib/b.js] a.js"),
    );
}

#[test]
fn files_of_the_own_package_are_not_hot() {
    let own = |folder: &'static str| {
        move |options: &mut Options, root: &str| {
            options.own_folder = format!("{root}/{folder}").into()
        }
    };
    let p = "node_modules/p/i.js";
    check_options(own("lib"), &format!("[{p}] [lib/b.js] a.js"));
    check_options(own("li"), &format!("[{p}] lib/b.js a.js"));
    // Whatever is included.
    let both = |options: &mut Options, root: &str| {
        own("lib")(options, root);
        options.include = vec!["b.js".to_owned()];
    };
    check_options(both, &format!("[{p}] [lib/b.js] a.js"));
}

#[test]
fn an_expression_that_is_none_is_told() {
    let options = Options { exclude: vec!["(".to_owned()], ..Options::default() };
    let message = Session::new(&options).err().expect("no session");
    assert!(message.contains("exclude") && message.ends_with('('), "{message}");
}

#[test]
fn workspace_packages_are_hot() {
    check(
        "a.js: import 'p'
         packages/p/package.json: {\"type\":\"module\",\"exports\":\"./i.js\"}
         packages/p/i.js: 1
         quietly link node_modules/p -> packages/p",
        &[("load a.js", "packages/p/i.js a.js"), ("packages/p/i.js: 2", "packages/p/i.js' a.js'")],
    );
}
