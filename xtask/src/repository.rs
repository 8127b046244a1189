//! Where things are in this repository, and lists of its files.
//!
//! Reads the disk and never asks git, so that checks also see files that are not committed yet.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Folders that hold only what was installed or built.
const GENERATED: [&str; 5] = ["node_modules", "target", "native", "dist", ".git"];

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies below the root")
}

/// The absolute path of `relative`, which uses `/` and is relative to the root.
pub fn path(relative: &str) -> PathBuf {
    root().join(relative)
}

/// `path` as the repository's own messages name it: relative to the root, with `/`.
pub fn name(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

/// Every file at or below `folder` whose name `wanted` accepts, sorted; generated folders and
/// symbolic links are left out. A folder that does not exist holds no files.
pub fn files(folder: &Path, wanted: &dyn Fn(&str) -> bool) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    if folder.exists() {
        collect(folder, wanted, &mut found)?;
    }
    found.sort();
    Ok(found)
}

fn collect(folder: &Path, wanted: &dyn Fn(&str) -> bool, found: &mut Vec<PathBuf>) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let kind = entry.file_type()?;
        if kind.is_dir() && !GENERATED.contains(&name.as_str()) {
            collect(&entry.path(), wanted, found)?;
        } else if kind.is_file() && wanted(&name) {
            found.push(entry.path());
        }
    }
    Ok(())
}

/// The text of a file, with its path in the error.
pub fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))
}
