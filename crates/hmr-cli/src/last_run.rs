//! Which program was started last in a project, for `why` and `graph`: a small file in `node_modules/.cache/node-esm-hmr/`. There is none
//! where there is no `node_modules`.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::settings::Settings;

/// A program, and how Node was told to run it.
#[derive(Debug, Deserialize, Serialize)]
pub struct LastRun {
    /// Its working directory.
    pub cwd: PathBuf,
    /// Its entry, relative to that.
    pub entry: String,
    /// Node's flags.
    pub flags: Vec<String>,
}

/// Remembers what is about to be started. That it cannot be is no reason not to start it.
pub fn remember(settings: &Settings) {
    let text = |text: &std::ffi::OsString| text.to_str().map(str::to_owned);
    let Some(entry) = settings.program.first().and_then(text) else { return };
    let flags = settings.node_flags.iter().filter_map(text).collect();
    let run = LastRun { cwd: settings.cwd.clone(), entry, flags };
    let Some(file) = file(&settings.cwd) else { return };
    let _ = fs::create_dir_all(file.parent().unwrap_or(&file));
    let _ = fs::write(file, serde_json::to_string(&run).unwrap_or_default());
}

/// The program that was started last in the project that `cwd` is in.
pub fn recall(cwd: &Path) -> Option<LastRun> {
    serde_json::from_slice(&fs::read(file(cwd)?).ok()?).ok()
}

fn file(cwd: &Path) -> Option<PathBuf> {
    let modules =
        cwd.ancestors().map(|folder| folder.join("node_modules")).find(|path| path.is_dir())?;
    Some(modules.join(".cache/node-esm-hmr/last-run.json"))
}
