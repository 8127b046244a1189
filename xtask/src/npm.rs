//! The npm side: installing what package-lock.json names, and packing the package.
//!
//! Packages' install scripts are never run, and nothing is fetched that the lock file does not name.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::SystemTime;

use anyhow::{Context, Result};

use crate::{process, repository};

/// Installs the npm packages if they are missing or older than package-lock.json.
pub fn install() -> Result<()> {
    install_in("")
}

/// The same for the packages of a folder that has a lock file of its own.
pub fn install_in(folder: &str) -> Result<()> {
    let folder = repository::path(folder);
    let lock = modified(&folder.join("package-lock.json"));
    // npm writes this file last: one that is missing tells of an installation that was interrupted.
    let installed = modified(&folder.join("node_modules/.package-lock.json"));
    if installed.is_some() && installed >= lock {
        return Ok(());
    }
    let verb = if lock.is_some() { "ci" } else { "install" };
    let mut command = npm();
    command.arg("--prefix").arg(&folder);
    process::run(command.args([verb, "--ignore-scripts", "--no-audit", "--no-fund"]))
}

/// Makes `runtime/dist/` of `runtime/lib/`.
pub fn bundle() -> Result<()> {
    process::run(Command::new("node").arg(repository::path("xtask/bundle.js")))
}

/// Packs `runtime/` into `target/npm`, which is emptied first.
///
/// The package is laid out in a folder of its own, so that README and licence exist once in the
/// repository and yet lie in the tarball. Returns the tarballs' paths.
pub fn pack() -> Result<Vec<PathBuf>> {
    let output = repository::path("target/npm");
    if output.exists() {
        fs::remove_dir_all(&output).with_context(|| format!("emptying {}", output.display()))?;
    }
    let staged = output.join("package");
    for file in package_files()? {
        copy(&file, &staged.join(file.strip_prefix(repository::path("runtime"))?))?;
    }
    for name in ["README.md", "LICENSE"] {
        copy(&repository::path(name), &staged.join(name))?;
    }

    let mut command = npm();
    command.args(["pack", "--silent", "--ignore-scripts", "--pack-destination"]);
    let packed = process::run(command.arg(&output).arg(&staged).stdout(Stdio::null()));
    fs::remove_dir_all(&staged).with_context(|| format!("removing {}", staged.display()))?;
    packed?;
    repository::files(&output, &|name| name.ends_with(".tgz"))
}

/// All files of `runtime/`; which of them are published is for its package.json (`files`) to say.
fn package_files() -> Result<Vec<PathBuf>> {
    let mut files = repository::files(&repository::path("runtime"), &|_| true)?;
    for built in ["runtime/native", "runtime/dist"] {
        let is_whole = |name: &str| !name.ends_with(".new");
        files.extend(repository::files(&repository::path(built), &is_whole)?);
    }
    Ok(files)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to.parent().expect("a file lies in a folder"))?;
    fs::copy(from, to).with_context(|| format!("copying {}", from.display()))?;
    Ok(())
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|metadata| metadata.modified()).ok()
}

fn npm() -> Command {
    Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" })
}
