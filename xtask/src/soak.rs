//! `cargo xtask soak`: what takes too long for every day. The watcher's tests at full counts, in the crate and through the
//! whole package, and then random operations on the files of a running program.

use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

use crate::{binaries, npm, process, repository, test};

/// What to run.
pub struct Options {
    minutes: u32,
    node: u32,
}

impl Options {
    /// Reads the arguments that follow `soak`.
    pub fn parse(arguments: &[String]) -> Result<Self> {
        let mut options = Self { minutes: 60, node: 24 };
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--minutes" => {
                    let minutes = arguments.next().and_then(|text| text.parse().ok());
                    options.minutes = minutes.context("--minutes takes a number")?;
                }
                "--node" => options.node = test::node_major(arguments.next())?,
                _ => bail!("there is no option `{argument}`"),
            }
        }
        Ok(options)
    }
}

/// Runs everything, and fails if anything did.
pub fn soak(options: &Options) -> Result<ExitCode> {
    npm::install()?;
    binaries::build()?;
    let mut failed = false;
    for (name, mut command) in commands(options)? {
        println!("\n── {name}");
        let status = command.status().with_context(|| process::describe(&command))?;
        failed |= !status.success();
        println!("── {name} {}", if status.success() { "ok" } else { "FAILED" });
    }
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn commands(options: &Options) -> Result<Vec<(&'static str, Command)>> {
    let mut watcher = Command::new(env!("CARGO"));
    watcher.args(["test", "--release", "--package", "hmr-watch", "--test", "faults"]);
    // One after the other: they measure times.
    watcher.args(["--", "--nocapture", "--test-threads=1"]).env("HMR_TEST_FULL", "1");
    let node = test::node_binary(options.node)?;
    let tests = |folder: &str| -> Result<Command> {
        let folder = repository::path("tests").join(folder);
        let files = repository::files(&folder, &|name| name.ends_with(".test.js"))?;
        let mut command = Command::new(&node);
        command.args(["--test", "--test-reporter=spec", "--test-concurrency=1"]);
        command.args(files).env("HMR_TEST_FULL", "1");
        Ok(command)
    };
    let mut commands = vec![("the watcher", watcher), ("the package", tests("watching")?)];
    if options.minutes > 0 {
        let mut random = tests("soak")?;
        random.env("HMR_TEST_SOAK_MINUTES", options.minutes.to_string());
        commands.push(("random operations", random));
    }
    Ok(commands)
}
