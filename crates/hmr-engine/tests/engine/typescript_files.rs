//! TypeScript: which file a specifier means, and what of `tsconfig.json` counts.

use crate::project::{Project, check, check_in};

/// A project with a `tsconfig.json`, whose compiler options are `options`.
fn with_options(options: &str, files: &str) -> Project {
    Project::new(&format!("tsconfig.json: {{\"compilerOptions\":{options}}}\n{files}"))
}

#[test]
fn a_file_that_is_there_is_meant() {
    check("a.ts: import './b.js'\nb.js: 1\nb.ts: 2", &[("load a.ts", "b.js a.ts")]);
}

#[test]
fn extensions_of_what_is_compiled_stand_for_the_sources() {
    let cases = [
        ("./b.js", "b.ts"),
        ("./b.js", "b.tsx"),
        ("./b.jsx", "b.tsx"),
        ("./b.mjs", "b.mts"),
        ("./b.js?x", "b.ts?x"),
    ];
    for (specifier, file) in cases {
        let name = file.split('?').next().unwrap_or_default();
        check(
            &format!("a.ts: import '{specifier}'\n{name}: export {{}}"),
            &[("load a.ts", &format!("{file} a.ts"))],
        );
    }
    // JavaScript is Node's.
    check("a.js: import './b.js'\nb.ts: 1", &[("load a.js", "[./b.js of a.js] a.js")]);
    let allowed = &mut with_options(r#"{"allowJs":true}"#, "a.js: import './b.js'\nb.ts: 1");
    check_in(allowed, &[("load a.js", "b.ts a.js")]);
}

#[test]
fn extensions_are_left_out_where_tsconfig_allows_it() {
    let files = "a.ts: import './b'; import './c'\nb.ts: 1\nc/index.ts: 1";
    let found = "b.ts c/index.ts a.ts";
    for options in ["{}", r#"{"module":"esnext"}"#, r#"{"module":"CommonJS"}"#] {
        check_in(&mut with_options(options, files), &[("load a.ts", found)]);
    }
    let strict = &mut with_options(r#"{"module":"NodeNext"}"#, files);
    check_in(strict, &[("load a.ts", "[./b of a.ts] [./c of a.ts] a.ts")]);
    check(files, &[("load a.ts", "[./b of a.ts] [./c of a.ts] a.ts")]);
    // In a package without a type TypeScript compiles to CommonJS.
    let files = format!("package.json: {{}}\n{}", files.replace(": 1", ": export {}"));
    check_in(&mut with_options(r#"{"module":"nodenext"}"#, &files), &[("load a.ts", found)]);
}

#[test]
fn paths_and_base_url() {
    let files = "a.ts: import '@/b.js'; import '@/d'; import 'lib'\nsrc/b.ts: 1\nsrc/d/index.ts: 1\nl/lib.ts: 1";
    let options =
        r#"{"module":"nodenext","paths":{"@/*":["./none/*","./src/*"],"lib":["./l/lib.ts"]}}"#;
    let project = &mut with_options(options, files);
    check_in(project, &[("load a.ts", "src/b.ts src/d/index.ts l/lib.ts a.ts")]);
    let files = "a.ts: import 'lib/b'; import 'fs'\nsrc/lib/b.ts: 1\nsrc/fs.ts: 1";
    let project = &mut with_options(r#"{"baseUrl":"./src"}"#, files);
    check_in(project, &[("load a.ts", "src/lib/b.ts [node:fs] a.ts")]);
}

#[test]
fn extends_and_references() {
    let project = &mut Project::new(
        r#"tsconfig.json: {"files":[],"include":[],"references":[{"path":"./app"},{"path":"./other"}]}
           base.json: {"compilerOptions":{"paths":{"@/*":["./shared/*"]},"module":"nodenext"}}
           more.json: {"compilerOptions":{"module":"esnext"}}
           app/tsconfig.json: {"extends":["../base.json","../more.json"],"include":["."],"compilerOptions":{"composite":true}}
           other/tsconfig.json: {"include":["."],"compilerOptions":{"paths":{"@/*":["./own/*"]}}}
           app/a.ts: import '@/x.js'; import './b'
           app/b.ts: 1
           other/a.ts: import '@/x.js'
           shared/x.ts: 1
           other/own/x.ts: 1"#,
    );
    check_in(
        project,
        &[
            ("load app/a.ts", "shared/x.ts app/b.ts app/a.ts"),
            ("load other/a.ts", "other/own/x.ts other/a.ts"),
        ],
    );
}

#[test]
fn imports_of_types_are_none() {
    check("a.ts: import { T } from './none.js'; let t: T", &[("load a.ts", "a.ts")]);
    let verbatim = r#"{"verbatimModuleSyntax":true}"#;
    let project =
        &mut with_options(verbatim, "a.ts: import { T } from './b.ts'\nb.ts: export type T = 1");
    check_in(
        project,
        &[(
            "load a.ts",
            "link a.ts:1:10 The requested module './b.ts' does not provide an export named 'T'",
        )],
    );
}

#[test]
fn a_change_of_types_evaluates_nothing() {
    check(
        "a.ts: export const a: number = 1;",
        &[
            ("load a.ts", "a.ts"),
            ("a.ts: export const a: 1 | 2 = 1; type A = 1", "nothing"),
            ("a.ts: export const a: number = 2", "a.ts'"),
        ],
    );
}

#[test]
fn a_file_that_appears_is_found() {
    check(
        "a.ts: import './b.js'",
        &[
            ("load a.ts", "[./b.js of a.ts] a.ts"),
            ("b.ts: 1\na.ts: import './b.js';", "b.ts a.ts'"),
        ],
    );
}

#[test]
fn a_broken_tsconfig_is_told() {
    let project = &mut Project::new("tsconfig.json: {\"compilerOptions\":\na.ts: export {}");
    let told = project.run("load a.ts");
    assert!(told.contains("tsconfig.json"), "{told}");
}
