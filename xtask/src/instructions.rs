//! `cargo xtask instructions`: how many instructions the engine's parts take, counted by Valgrind.
//!
//! A count is the same on a busy machine as on an idle one, so it shows a regression of a few percent, which no time does.
//! Counts depend on the compiler: they are compared with those in `bench/instructions.txt`, which `--save` renews.

use std::fmt::Write;
use std::fs;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

use crate::{process, repository};

/// Counts that are larger by this part are regressions.
const TOLERANCE: f64 = 0.03;
const SAVED: &str = "bench/instructions.txt";

/// What is counted: package, bench target, the benchmark as divan names it, and the function in it.
const CASES: [[&str; 4]; 7] = [
    ["hmr-graph", "graph", "plan::100", "measured_plan"],
    ["hmr-graph", "graph", "plan::5000", "measured_plan"],
    ["hmr-graph", "graph", "update::5000", "measured_update"],
    ["hmr-graph", "graph", "link_all::5000", "measured_link"],
    ["hmr-transform", "transform", "parse_functions::50", "measured_parse"],
    ["hmr-transform", "transform", "render::false", "measured_render"],
    ["hmr-engine", "resolve", "relative::1000", "measured_resolve"],
];

/// Counts, and fails if something takes more than it did. `arguments`: `--save` or nothing.
pub fn instructions(arguments: &[String]) -> Result<ExitCode> {
    let save = match arguments {
        [] => false,
        [argument] if argument == "--save" => true,
        _ => bail!("instructions takes nothing but --save"),
    };
    let saved = fs::read_to_string(repository::path(SAVED)).unwrap_or_default();
    let mut counts = String::new();
    let mut worse = false;
    for [package, target, benchmark, function] in CASES {
        let count = count(package, target, benchmark, function)?;
        let name = format!("{package} {benchmark}");
        let change = saved_count(&saved, &name).map(|before| count as f64 / before as f64 - 1.0);
        let compared = change.map_or("new".to_owned(), |part| format!("{:+.1} %", part * 100.0));
        println!("{name:40} {count:>12} {compared:>8}");
        worse |= change.is_some_and(|part| part > TOLERANCE);
        writeln!(counts, "{name} {count}")?;
    }
    if save {
        fs::write(repository::path(SAVED), counts).with_context(|| format!("writing {SAVED}"))?;
        return Ok(ExitCode::SUCCESS);
    }
    Ok(if worse { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn saved_count(saved: &str, name: &str) -> Option<u64> {
    let count = saved.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '))?;
    count.parse().ok()
}

/// Instructions of all calls of `function` while a benchmark runs once.
fn count(package: &str, target: &str, benchmark: &str, function: &str) -> Result<u64> {
    let results = repository::path("target/callgrind.out");
    let valgrind = format!(
        "valgrind --tool=callgrind --toggle-collect=*{function}* --callgrind-out-file={}",
        results.display()
    );
    let mut command = Command::new(env!("CARGO"));
    command.args(["bench", "--quiet", "--package", package, "--bench", target, "--"]);
    command.args(["--exact", &format!("{target}::{benchmark}")]);
    command.args(["--sample-count", "1", "--sample-size", "1"]);
    command.env("CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUNNER", valgrind);
    let output = command.current_dir(repository::root()).output().context("starting cargo")?;
    let told = String::from_utf8_lossy(&output.stderr);
    let count = told.lines().find_map(|line| line.split_once("Collected : "));
    let count = count.and_then(|(_, number)| number.trim().parse().ok()).filter(|count| *count > 0);
    count.with_context(|| {
        let command = process::describe(&command);
        format!("{command} counted nothing; it needs valgrind (on Debian: apt-get install valgrind):\n{told}")
    })
}
