//! `cargo xtask test`: every check and test of the repository, one step after the other.
//!
//! A step that fails does not keep the next ones from running, so one run shows everything that is
//! wrong; only a failed installation or build ends it at once. The last line is always `N passed, N failed`: the tests
//! of cargo and of Node together, where a step that fails without naming a test counts as one failure.

mod counts;
mod crate_table;
mod doc_paths;
mod lengths;
mod node;

use std::process::{Command, ExitCode};
use std::time::Instant;

use anyhow::{Result, bail};

use crate::process::{self, Recorded};
use crate::{binaries, npm, repository};
use counts::Counts;
pub use node::{binary as node_binary, major as node_major};

/// One step: its name and what it does.
struct Step {
    name: &'static str,
    run: fn(&Selection) -> Result<Counts>,
}

/// In the order in which they run: quick answers first.
const STEPS: [Step; 10] = [
    Step { name: "install", run: |_| npm::install().map(|()| Counts::default()) },
    Step { name: "build", run: |_| binaries::build().map(|()| Counts::default()) },
    Step { name: "fmt", run: |_| fmt() },
    Step { name: "crates", run: |_| crate_table::check() },
    Step { name: "docs", run: |_| doc_paths::check() },
    Step { name: "lengths", run: |_| lengths::check() },
    Step { name: "types", run: |_| types() },
    Step { name: "clippy", run: |_| clippy() },
    Step { name: "cargo", run: |_| cargo_test() },
    Step { name: "node", run: node::test },
];

/// Which steps, Node versions and test files a developer asked for; empty lists mean all.
#[derive(Default)]
pub struct Selection {
    steps: Vec<String>,
    node_majors: Vec<u32>,
    files: Vec<String>,
    list: bool,
}

impl Selection {
    /// Reads the arguments that follow `test`.
    pub fn parse(arguments: &[String]) -> Result<Self> {
        let mut selection = Self::default();
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            match (argument.as_str(), argument.starts_with('-')) {
                ("--list", _) => selection.list = true,
                ("--only", _) => selection.steps.push(step_name(arguments.next())?),
                ("--node", _) => selection.node_majors.push(node::major(arguments.next())?),
                (_, true) => bail!("there is no option `{argument}`"),
                (_, false) => selection.files.push(argument.clone()),
            }
        }
        Ok(selection)
    }

    fn contains(&self, step: &str) -> bool {
        self.names(step) || self.names_one_that_needs(step)
    }

    /// Test files or Node versions alone ask for nothing but the Node tests.
    fn names(&self, step: &str) -> bool {
        let node_only = !self.files.is_empty() || !self.node_majors.is_empty();
        match (self.steps.is_empty(), node_only) {
            (true, true) => step == "node",
            (true, false) => true,
            (false, _) => self.steps.iter().any(|name| name == step),
        }
    }

    fn names_one_that_needs(&self, step: &str) -> bool {
        let needing: &[&str] = match step {
            "install" => &["lengths", "types", "cargo", "node"],
            "build" => &["types", "node"],
            _ => &[],
        };
        needing.iter().any(|name| self.names(name))
    }
}

/// Runs the steps of `selection` and prints what came of them.
pub fn test(selection: &Selection) -> Result<ExitCode> {
    if selection.list {
        STEPS.iter().for_each(|step| println!("{}", step.name));
        return Ok(ExitCode::SUCCESS);
    }
    let mut total = Counts::default();
    let mut failures = Vec::new();
    for step in STEPS.iter().filter(|step| selection.contains(step.name)) {
        let failure = run_step(step, selection, &mut total);
        let ends = failure.is_some() && ["install", "build"].contains(&step.name);
        failures.extend(failure);
        if ends {
            break;
        }
    }
    Ok(conclude(selection, total, &failures))
}

/// Runs one step and returns its name and what is wrong, if anything is.
fn run_step(
    step: &Step,
    selection: &Selection,
    total: &mut Counts,
) -> Option<(&'static str, String)> {
    println!("\n── {}", step.name);
    let start = Instant::now();
    let result = (step.run)(selection);
    let seconds = start.elapsed().as_secs_f64();
    let (counts, problem) = match result {
        Ok(counts) if counts.failed == 0 => (counts, None),
        Ok(counts) => {
            let problem = format!("{} tests failed", counts.failed);
            (counts, Some(problem))
        }
        Err(error) => (Counts { failed: 1, ..Counts::default() }, Some(format!("{error:#}"))),
    };
    total.add(counts);
    println!("── {} {}, {seconds:.1} s", step.name, problem.as_ref().map_or("ok", |_| "FAILED"));
    problem.map(|problem| (step.name, problem))
}

fn conclude(selection: &Selection, total: Counts, failures: &[(&'static str, String)]) -> ExitCode {
    println!();
    for (step, problem) in failures {
        println!("FAILED {step}: {problem}");
        println!("       again: cargo xtask test --only {step}\n");
    }
    for failure in &total.failures {
        println!("{failure}\n");
    }
    // A developer may choose a step that has no tests in it; the whole must have some.
    let nothing_ran = total.passed == 0 && selection.steps.is_empty();
    if nothing_ran && failures.is_empty() {
        println!("FAILED: no test ran");
    }
    println!("{} passed, {} failed", total.passed, total.failed);
    if failures.is_empty() && !nothing_ran { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn step_name(argument: Option<&String>) -> Result<String> {
    let name = argument.map_or("", String::as_str);
    if !STEPS.iter().any(|step| step.name == name) {
        let names: Vec<_> = STEPS.iter().map(|step| step.name).collect();
        bail!("--only takes one of: {}", names.join(", "));
    }
    Ok(name.to_owned())
}

fn fmt() -> Result<Counts> {
    succeeds(cargo().args(["fmt", "--all", "--check"]))
}

fn clippy() -> Result<Counts> {
    let arguments = ["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"];
    succeeds(cargo().args(arguments))
}

/// The runtime's JSDoc types, checked by TypeScript, which emits nothing.
fn types() -> Result<Counts> {
    let compiler = repository::path("node_modules/typescript/bin/tsc");
    succeeds(Command::new("node").arg(compiler).args(["--noEmit", "--pretty", "false"]))
}

fn cargo_test() -> Result<Counts> {
    let mut command = cargo();
    let recorded =
        process::record(command.args(["test", "--quiet", "--workspace", "--no-fail-fast"]))?;
    counted(&command, &recorded, counts::of_cargo(&recorded.output))
}

fn succeeds(command: &mut Command) -> Result<Counts> {
    let recorded = process::record(command)?;
    counted(command, &recorded, Counts::default())
}

/// A program that failed without a failed test (it did not compile, it crashed) is an error.
fn counted(command: &Command, recorded: &Recorded, counts: Counts) -> Result<Counts> {
    if !recorded.success && counts.failed == 0 {
        let excerpt = counts::last_lines(&recorded.output, 40);
        bail!("{} failed:\n{excerpt}", process::describe(command));
    }
    Ok(counts)
}

fn cargo() -> Command {
    Command::new(env!("CARGO"))
}
