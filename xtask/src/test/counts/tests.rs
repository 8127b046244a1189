use super::{Counts, last_lines, of_cargo, of_node};

#[test]
fn cargo_summaries_are_added_up() {
    let output = "running 2 tests\n..\ntest result: ok. 12 passed; 0 failed; 1 ignored; 0 measured\n\
                  ---- a::b stdout ----\n\nthread 'a::b' panicked\n---- c stdout ----\n\n\nfailures:\n    a::b\n\
                  test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured\n";
    let failures = vec!["a::b".to_owned(), "c".to_owned()];
    assert_eq!(of_cargo(output), Counts { passed: 15, failed: 2, failures });
}

#[test]
fn output_without_a_summary_has_no_tests() {
    assert_eq!(of_cargo("error: could not compile"), Counts::default());
    assert_eq!(of_node("Error: Cannot find module"), None);
}

#[test]
fn node_counts_the_last_summary_and_cancelled_tests_as_failed() {
    let output = "ℹ pass 1\nℹ fail 9\nℹ tests 7\nℹ pass 4\nℹ fail 2\nℹ cancelled 1\nℹ skipped 0\n";
    assert_eq!(of_node(output), Some(Counts { passed: 4, failed: 3, failures: Vec::new() }));
}

#[test]
fn node_names_what_failed_after_the_summary() {
    let output = "ℹ pass 1\nℹ fail 2\n\n✖ failing tests:\n\ntest at a.test.js:2:1\n✖ one (2ms)\n  Error: wrong\n  \n\
                  \x20 1 !== 2\n\n      at f (a.test.js:3:4) {\n    code: 1\n  }\n\ntest at b.test.js:9:1\n✖ other\n  'no'\n";
    let failures = of_node(output).expect("a summary").failures;
    let one = "a.test.js:2:1\n  ✖ one (2ms)\n    Error: wrong\n    1 !== 2";
    assert_eq!(failures, [one, "b.test.js:9:1\n  ✖ other\n    'no'"]);
}

#[test]
fn last_lines_stop_at_the_beginning() {
    assert_eq!(last_lines("a\nb\nc", 2), "b\nc");
    assert_eq!(last_lines("a", 2), "a");
}
