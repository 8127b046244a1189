//! The command `node-esm-hmr`: runs a program hot under a supervisor, and explains it.
//!
//! It starts Node with the package's `register`, which does all the replacing; this process only restarts what cannot be
//! replaced, and survives what the program does not. It knows no modules and parses no JavaScript. Under
//! `NODE_ENV=production` it becomes plain Node.
//!
//! It is built on what Unix systems have (signals, process trees, descriptors that are handed down): elsewhere this crate is
//! empty.
#![cfg(unix)]

mod arguments;
mod ask;
mod child;
mod descriptor;
mod doctor;
mod files;
mod keyboard;
mod last_run;
mod message;
mod node_flags;
mod project;
mod report;
mod run;
mod settings;
mod signals;
mod standby;
mod supervisor;
mod tree;

use std::os::unix::process::CommandExt;
use std::process::ExitCode;

use anyhow::Result;

use arguments::Asked;
use settings::Settings;
use supervisor::Exit;

/// Does what the command line says.
pub fn main() -> ExitCode {
    let asked = match arguments::parse(std::env::args_os().skip(1).collect()) {
        Ok(asked) => asked,
        Err(error) => error.exit(),
    };
    match carry_out(asked) {
        Ok(Exit::Code(code)) => std::process::exit(code),
        Ok(Exit::Signal(signal)) => die_of(signal),
        Err(error) => {
            eprintln!("node-esm-hmr: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn carry_out(asked: Asked) -> Result<Exit> {
    match asked {
        Asked::Run(run) => {
            let settings = Settings::new(run)?;
            match settings.register {
                Some(_) => run::run(settings),
                None => Err(child::command(&settings).exec().into()),
            }
        }
        Asked::Why(options, flags) => Err(ask::why(&options, flags)?.exec().into()),
        Asked::Graph(options, flags) => Err(ask::graph(&options, flags)?.exec().into()),
        Asked::Doctor(options) => doctor::examine(&options),
    }
}

/// Ends as a program that this signal has killed.
fn die_of(signal: i32) -> ExitCode {
    // The first process of a container does not die of signals that it does not handle.
    if std::process::id() != 1 {
        let _ = signal_hook::low_level::emulate_default_handler(signal);
    }
    ExitCode::from(128_u8.saturating_add(u8::try_from(signal).unwrap_or(0)))
}
