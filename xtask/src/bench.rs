//! `cargo xtask bench`: measures the package against plain Node and against its peers.
//!
//! `bench/main.js` does it, once for each Node version. The peers are installed in `bench/` and nowhere else: nothing but
//! this command needs them.

use std::process::{Command, ExitCode};

use anyhow::{Context, Result};

use crate::{binaries, npm, process, repository, test};

/// Node versions whose figures are published.
const MAJORS: [u32; 2] = [24, 26];

/// What to measure.
pub struct Options {
    node_majors: Vec<u32>,
    /// For `bench/main.js`, which knows them.
    rest: Vec<String>,
}

impl Options {
    /// Reads the arguments that follow `bench`.
    pub fn parse(arguments: &[String]) -> Result<Self> {
        let mut options = Self { node_majors: Vec::new(), rest: Vec::new() };
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--node" => options.node_majors.push(test::node_major(arguments.next())?),
                _ => options.rest.push(argument.clone()),
            }
        }
        if options.node_majors.is_empty() {
            options.node_majors = MAJORS.to_vec();
        }
        Ok(options)
    }

    fn has(&self, option: &str) -> bool {
        self.rest.iter().any(|argument| argument == option)
    }
}

/// Measures on each Node version, and fails if that could not be done; figures that are missed are no failure.
pub fn bench(options: &Options) -> Result<ExitCode> {
    npm::install()?;
    binaries::build()?;
    if !options.has("--quick") && !options.has("--no-peers") {
        npm::install_in("bench")?;
    }
    for major in &options.node_majors {
        println!("\n── Node {major}");
        let mut command = Command::new(test::node_binary(*major)?);
        command.arg(repository::path("bench/main.js")).args(&options.rest);
        process::run(&mut command).with_context(|| format!("measuring on Node {major}"))?;
    }
    Ok(ExitCode::SUCCESS)
}
