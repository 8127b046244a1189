//! `why` and `graph`: which program is meant, and who answers. Node does, with the package's engine: only there is known what a
//! specifier means.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::ArgMatches;
use serde_json::json;

use crate::last_run::{self, LastRun};
use crate::node_flags;
use crate::settings::{self, Defaults};

/// The command that says whether a change of a file would be hot.
///
/// # Errors
/// If it cannot be told which program is meant.
pub fn why(options: &ArgMatches, flags: Vec<OsString>) -> Result<Command> {
    let file = options.get_one::<OsString>("file").context("which file?")?;
    let file = std::env::current_dir().context("the working directory")?.join(file);
    command(
        options,
        flags,
        |entry| json!({ "command": "why", "entry": entry, "file": file, "json": options.get_flag("json") }),
    )
}

/// The command that shows a program's modules.
///
/// # Errors
/// If it cannot be told which program is meant.
pub fn graph(options: &ArgMatches, flags: Vec<OsString>) -> Result<Command> {
    let format = options.get_one::<String>("format").map_or("text", String::as_str);
    command(options, flags, |entry| json!({ "command": "graph", "entry": entry, "format": format }))
}

fn command(
    options: &ArgMatches,
    mut flags: Vec<OsString>,
    question: impl FnOnce(&str) -> serde_json::Value,
) -> Result<Command> {
    let cwd = std::env::current_dir().context("the working directory")?;
    let (folder, defaults) = Defaults::of(&cwd);
    let given = options.get_one::<String>("entry").cloned();
    let given = given.map(|entry| LastRun { cwd: cwd.clone(), entry, flags: Vec::new() });
    let Some(run) = given.or_else(|| last_run::recall(&cwd)).or_else(|| named(&folder, &defaults))
    else {
        bail!("which program? name it with --entry, or as \"main\" in package.json");
    };
    flags.extend(node_flags::about_resolution(&run.flags).map(OsString::from));
    let mut command = Command::new(settings::node(options, &defaults));
    command.current_dir(&run.cwd).args(flags);
    command.arg(settings::package()?.join("bin/analyse.js")).arg(question(&run.entry).to_string());
    command.env_remove("NODE_ESM_HMR_NODE");
    Ok(command)
}

/// The program that package.json names.
fn named(folder: &Path, defaults: &Defaults) -> Option<LastRun> {
    let main = || Defaults::main_of(folder);
    let index = || folder.join("index.js").is_file().then(|| "index.js".to_owned());
    let entry = defaults.entry.clone().or_else(main).or_else(index)?;
    let entry: PathBuf = folder.join(entry);
    Some(LastRun { cwd: folder.to_owned(), entry: entry.to_str()?.to_owned(), flags: Vec::new() })
}
