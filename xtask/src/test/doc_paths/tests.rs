use std::path::Path;

use super::{existing_part, paths_in};

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let found: Vec<_> = paths_in(text).into_iter().map(|(_, named)| named.path).collect();
    assert_eq!(found, expected, "in {text}");
}

#[test]
fn code_spans_that_start_with_an_own_folder_count() {
    check(
        "see `crates/hmr-graph/src/lib.rs:12` and `src/users.js`",
        &["crates/hmr-graph/src/lib.rs"],
    );
    check("run `cargo xtask test` or `examples/basic index.js`", &[]);
    check("built: `runtime/native/x.node`, `tests/node_modules/x`", &[]);
}

#[test]
fn link_targets_count_and_addresses_do_not() {
    check("[a](docs/limits.md#cycles), [b](https://nodejs.org), [c](#part)", &["docs/limits.md"]);
}

#[test]
fn fenced_blocks_are_the_readers() {
    check("```sh\n`docs/nothing.md`\n```\n`docs/a.md`", &["docs/a.md"]);
}

#[test]
fn of_a_pattern_the_folder_must_exist() {
    assert_eq!(existing_part("tests/e2e/*.test.js"), Path::new("tests/e2e"));
    assert_eq!(existing_part("crates/hmr-<name>/src"), Path::new("crates"));
    assert_eq!(existing_part("docs/limits.md"), Path::new("docs/limits.md"));
}
