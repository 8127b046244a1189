use super::rust_problems;

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let problems = rust_problems("x.rs", text).expect("it parses");
    assert_eq!(problems, expected);
}

fn lines(count: usize) -> String {
    "\n".repeat(count)
}

#[test]
fn a_function_of_sixty_lines_is_short_enough() {
    check(&format!("fn f() {{{}}}", lines(59)), &[]);
    check(&format!("\nfn f() {{{}}}", lines(60)), &["x.rs:2: f has 61 lines, 60 at most"]);
}

#[test]
fn methods_and_nested_functions_count() {
    let long = format!("{{{}}}", lines(60));
    check(&format!("impl A {{ fn f(&self) {long} }}"), &["x.rs:1: f has 61 lines, 60 at most"]);
    check(&format!("trait A {{ fn f(&self) {long} }}"), &["x.rs:1: f has 61 lines, 60 at most"]);
    check(&format!("mod m {{ fn f() {long} }}"), &["x.rs:1: f has 61 lines, 60 at most"]);
}

#[test]
fn a_file_is_measured_without_its_tests() {
    let tests = format!("#[cfg(test)] mod tests {{ fn f() {{{}}} }}\n", lines(300));
    check(&format!("{}{tests}", lines(390)), &[]);
    check(&format!("{}{tests}", lines(401)), &["x.rs: 401 lines, 400 at most"]);
}
