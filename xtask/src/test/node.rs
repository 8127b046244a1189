//! The tests that run on Node: every `*.test.js` below `tests/`, once for each Node version.
//!
//! A test starts the programs it tests with the Node it runs on, so the version is chosen here only.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::Selection;
use super::counts::{self, Counts};
use crate::{process, repository};

const MAJORS: [u32; 4] = [20, 22, 24, 26];

/// Milliseconds after which one test file is given up. The tests have shorter deadlines of their own,
/// which say what they waited for; this one is for a file that hangs in spite of them.
const FILE_DEADLINE: &str = "--test-timeout=600000";

/// What a test must not inherit, since it changes what Node or the package does.
const FOREIGN_SETTINGS: [&str; 7] = [
    "NODE_ENV",
    "NODE_OPTIONS",
    "NODE_PATH",
    "NODE_TEST_CONTEXT",
    "NODE_V8_COVERAGE",
    "NO_COLOR",
    "FORCE_COLOR",
];

/// Reads the value of `--node`.
pub fn major(argument: Option<&String>) -> Result<u32> {
    let major = argument.and_then(|text| text.parse().ok());
    major.filter(|major| MAJORS.contains(major)).context("--node takes 20, 22, 24 or 26")
}

/// Runs the selected test files on the selected Node versions.
pub fn test(selection: &Selection) -> Result<Counts> {
    let files = test_files(&selection.files)?;
    let mut total = Counts::default();
    let mut problems = Vec::new();
    for major in MAJORS {
        if !selection.node_majors.is_empty() && !selection.node_majors.contains(&major) {
            continue;
        }
        match binary(major).and_then(|node| test_on(node, &files)) {
            Ok(mut counts) => {
                counts
                    .failures
                    .iter_mut()
                    .for_each(|told| told.insert_str(0, &format!("Node {major}: ")));
                total.add(counts);
            }
            Err(error) => problems.push(format!("Node {major}: {error:#}")),
        }
    }
    total.failed += problems.len() as u64;
    total.failures.extend(problems);
    Ok(total)
}

fn test_on(node: PathBuf, files: &[PathBuf]) -> Result<Counts> {
    let mut command = Command::new(node);
    command.args(["--test", "--test-reporter=spec", "--test-concurrency=2", FILE_DEADLINE]);
    command.args(files);
    for name in FOREIGN_SETTINGS {
        command.env_remove(name);
    }
    let recorded = process::record(&mut command)?;
    let counts = counts::of_node(&recorded.output)
        .context("the test runner ended without a summary of its tests")?;
    if !recorded.success && counts.failed == 0 {
        bail!("the test runner failed though no test did");
    }
    Ok(counts)
}

/// The Node binary of one major version, an npm package of `tests/package.json`.
pub fn binary(major: u32) -> Result<PathBuf> {
    let path = repository::path(&format!("node_modules/node{major}/bin/node"));
    if !path.exists() {
        bail!("{} is missing; these packages exist for Linux x64 only", repository::name(&path));
    }
    Ok(path)
}

fn test_files(wanted: &[String]) -> Result<Vec<PathBuf>> {
    let all = repository::files(&repository::path("tests"), &|name| name.ends_with(".test.js"))?;
    let chosen: Vec<_> = all
        .into_iter()
        .filter(|path| {
            let name = repository::name(path);
            wanted.is_empty() || wanted.iter().any(|part| name.contains(part.as_str()))
        })
        .collect();
    if chosen.is_empty() {
        bail!("of the *.test.js files below tests/ none is chosen by: {}", wanted.join(" "));
    }
    Ok(chosen)
}
