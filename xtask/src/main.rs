//! Developer commands: `cargo xtask build | pack | demo | test | ci`.
//!
//! Everything a fresh clone needs (crates, npm packages, the addon) is fetched or built by the command
//! that needs it. No command changes files under version control, and none needs more than Rust,
//! Node 20 with npm, and a C linker.

mod addon;
mod npm;
mod process;
mod repository;
mod test;

use std::env;
use std::process::{Command, ExitCode};

use anyhow::{Result, bail};

const USAGE: &str = "\
usage: cargo xtask COMMAND

  build                 build the addon into runtime/native and install the npm packages
  pack                  build, then pack the npm package into target/npm/*.tgz
  demo                  build, then edit a running HTTP app and show what happens
  test [options]        build, then every check and test
    --only STEP         this step only (may be repeated); `--list` names them
    --node MAJOR        this Node version only: 20, 22, 24 or 26 (may be repeated)
    --list              name the steps and stop
    FILE...             Node tests in these files only
  ci                    what .ci/run runs: the same as `test`
";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    run(&arguments).unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

fn run(arguments: &[String]) -> Result<ExitCode> {
    let Some((command, rest)) = arguments.split_first() else {
        print!("{USAGE}");
        return Ok(ExitCode::FAILURE);
    };
    match command.as_str() {
        "build" => build().map(|()| ExitCode::SUCCESS),
        "pack" => pack().map(|()| ExitCode::SUCCESS),
        "demo" => demo(),
        "test" | "ci" => test::test(&test::Selection::parse(rest)?),
        "help" | "--help" | "-h" => {
            print!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        other => bail!("there is no command `{other}`\n\n{USAGE}"),
    }
}

fn build() -> Result<()> {
    addon::build()?;
    npm::install()
}

fn pack() -> Result<()> {
    build()?;
    for tarball in npm::pack()? {
        println!("{}", tarball.display());
    }
    Ok(())
}

fn demo() -> Result<ExitCode> {
    build()?;
    let script = repository::path("examples/http-app/demo.js");
    process::exit_code(Command::new("node").arg(script))
}
