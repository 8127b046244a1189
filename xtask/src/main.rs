//! Developer commands: `cargo xtask build | pack | demo | test | bench | instructions | soak | ci`.
//!
//! Everything a fresh clone needs (crates, npm packages, the addon) is fetched or built by the command
//! that needs it. No command changes files under version control, and none needs more than Rust,
//! Node 20 with npm, and a C linker.

mod bench;
mod binaries;
mod editors;
mod instructions;
mod npm;
mod process;
mod repository;
mod soak;
mod test;

use std::env;
use std::process::{Command, ExitCode};

use anyhow::{Result, bail};

const USAGE: &str = "\
usage: cargo xtask COMMAND

  build                 install the npm packages, build addon and command into runtime/native, bundle runtime/lib into runtime/dist
  pack                  build, then pack the npm package into target/npm/*.tgz
  demo                  build, then edit a running HTTP app and show what happens
  test [options]        build, then every check and test
    --only STEP         this step only (may be repeated); `--list` names them
    --node MAJOR        this Node version only: 20, 22, 24 or 26 (may be repeated)
    --list              name the steps and stop
    FILE...             Node tests in these files only
  bench [options]       measure against plain node and other tools on Node 24 and 26, and save the run in bench/runs
    --node MAJOR        this Node version only (may be repeated)
    --quick             fewer rounds, no other tools; below two minutes for each version
    --no-peers          no other tools
    --only PART,...     of start, live, crowd, cpu, requests, memory
    --apps N,...        apps of so many modules instead of 100, 1000, 5000 and 20000
    --runs, --images    folders for the run and the plots, default bench/runs and, of a whole run, docs/images
  instructions [--save] count what the engine's parts take, and compare with bench/instructions.txt; needs valgrind
  soak [options]        the watcher's tests at full counts, then random operations; for an hour
    --minutes N         how long the random operations take (0: none)
    --node MAJOR        the Node version, default 24
  ci                    what .ci/run runs: `test`, after installing editors if that is allowed
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
        "test" => test::test(&test::Selection::parse(rest)?),
        "bench" => bench::bench(&bench::Options::parse(rest)?),
        "instructions" => instructions::instructions(rest),
        "soak" => soak::soak(&soak::Options::parse(rest)?),
        "ci" => {
            editors::install();
            test::test(&test::Selection::parse(rest)?)
        }
        "help" | "--help" | "-h" => {
            print!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        other => bail!("there is no command `{other}`\n\n{USAGE}"),
    }
}

fn build() -> Result<()> {
    npm::install()?;
    binaries::build()
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
