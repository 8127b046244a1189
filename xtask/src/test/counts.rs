//! Reads how many tests passed and which failed from what test runners print.
//!
//! Pure: text in, numbers and names out.

/// Tests that passed and tests that failed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Tests that passed.
    pub passed: u64,
    /// Tests that failed or were cut short.
    pub failed: u64,
    /// Which these are and why, as far as the runner says.
    pub failures: Vec<String>,
}

/// Lines of an error that are shown again at the end.
const SHOWN: usize = 6;

impl Counts {
    /// Adds `other` to these.
    pub fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.failures.extend(other.failures);
    }
}

/// The sum of all `test result:` lines, of which `cargo test` prints one for each test binary.
pub fn of_cargo(output: &str) -> Counts {
    let mut counts = Counts::default();
    for line in output.lines().filter(|line| line.starts_with("test result: ")) {
        counts.passed += number_before(line, " passed");
        counts.failed += number_before(line, " failed");
    }
    let headings = output.lines().filter_map(|line| line.strip_prefix("---- "));
    counts
        .failures
        .extend(headings.filter_map(|line| line.strip_suffix(" stdout ----")).map(str::to_owned));
    counts
}

/// The summary at the end of `node --test`; none when the run ended before it was printed.
///
/// Only the last line of each kind counts: a test may itself print what another runner said.
pub fn of_node(output: &str) -> Option<Counts> {
    let passed = last_number(output, "pass")?;
    let failed = last_number(output, "fail")? + last_number(output, "cancelled").unwrap_or(0);
    Some(Counts { passed, failed, failures: failures_of_node(output) })
}

/// What follows the summary: `test at FILE:LINE:COLUMN`, `✖ NAME (TIME)`, the error with its stack.
fn failures_of_node(output: &str) -> Vec<String> {
    let Some((_, told)) = output.rsplit_once("\n✖ failing tests:\n") else { return Vec::new() };
    let tests = told.split("\ntest at ").skip(1);
    let shown = |test: &str| {
        let lines = test.lines().filter(|line| !line.trim().is_empty());
        lines
            .take_while(|line| !line.trim_start().starts_with("at "))
            .take(SHOWN)
            .collect::<Vec<_>>()
            .join("\n  ")
    };
    tests.map(shown).collect()
}

/// The last `count` lines of `output`.
pub fn last_lines(output: &str, count: usize) -> String {
    let lines: Vec<_> = output.lines().collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

fn number_before(line: &str, word: &str) -> u64 {
    let text = line.split(word).next().unwrap_or_default();
    let digits = text.rsplit(' ').next().unwrap_or_default();
    digits.parse().unwrap_or(0)
}

fn last_number(output: &str, word: &str) -> Option<u64> {
    output.lines().rev().find_map(|line| {
        let line = line.strip_prefix("ℹ ").or_else(|| line.strip_prefix("# "))?;
        line.strip_prefix(word)?.strip_prefix(' ')?.parse().ok()
    })
}

#[cfg(test)]
mod tests;
