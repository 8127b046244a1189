//! Files beside the program whose changes only a new start can take in, and where a program's project is.

use std::path::{Path, PathBuf};

use crate::node_flags;
use crate::settings::Settings;

/// What configures a program in each of its folders.
const MANIFESTS: [&str; 2] = ["package.json", "tsconfig.json"];

/// What installing packages leaves behind.
const LOCKS: [&str; 6] = [
    "package-lock.json",
    "npm-shrinkwrap.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "bun.lock",
    "bun.lockb",
];

/// Files whose changes always restart the program, existing or not.
pub fn restart_on(settings: &Settings) -> Vec<PathBuf> {
    let mut files = node_flags::env_files(&settings.node_flags, &settings.cwd);
    files.extend(settings.restart_on.iter().cloned());
    for start in [Some(settings.cwd.clone()), entry_folder(settings)].into_iter().flatten() {
        for folder in folders(&start) {
            files.extend(MANIFESTS.iter().chain(&LOCKS).map(|name| folder.join(name)));
            files.extend(tsconfigs(&folder));
        }
    }
    files.sort();
    files.dedup();
    files
}

/// What a `tsconfig.json` may extend: `tsconfig.base.json` and the like.
fn tsconfigs(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let is_tsconfig = |name: &str| name.starts_with("tsconfig.") && name.ends_with(".json");
    entries.map(|entry| entry.path()).filter(move |path| {
        path.file_name().and_then(|name| name.to_str()).is_some_and(is_tsconfig)
    })
}

/// The folder that everything of the program is in, as far as can be told.
pub fn root(settings: &Settings) -> PathBuf {
    let entry = entry_folder(settings).unwrap_or_else(|| settings.cwd.clone());
    let has_manifest = |folder: &&Path| folder.join("package.json").is_file();
    let manifest = settings.cwd.ancestors().chain(entry.ancestors()).find(has_manifest);
    manifest.map(Path::to_owned).unwrap_or(entry)
}

fn entry_folder(settings: &Settings) -> Option<PathBuf> {
    let entry = settings.cwd.join(settings.program.first()?);
    Some(std::fs::canonicalize(entry.parent()?).unwrap_or_else(|_| settings.cwd.clone()))
}

/// From `start` up to the top of the project: a repository, or where packages are installed.
fn folders(start: &Path) -> Vec<PathBuf> {
    let exists = |folder: &Path, name: &str| folder.join(name).exists();
    let is_top =
        |folder: &&Path| exists(folder, ".git") || LOCKS.iter().any(|lock| exists(folder, lock));
    let top = start.ancestors().find(is_top);
    let top = top.or_else(|| start.ancestors().find(|folder| exists(folder, "package.json")));
    let top = top.unwrap_or(start);
    start.ancestors().take_while(|folder| folder.starts_with(top)).map(Path::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[track_caller]
    fn check(existing: &[&str], start: &str, expected: &[&str]) {
        let root = tempfile::tempdir().unwrap();
        for file in existing {
            let path = root.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let start = root.path().join(start);
        fs::create_dir_all(&start).unwrap();
        let found = folders(&start);
        let found: Vec<_> =
            found.iter().map(|folder| folder.strip_prefix(root.path()).unwrap()).collect();
        let expected: Vec<_> = expected.iter().map(Path::new).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_project_reaches_up_to_where_packages_are_installed() {
        check(&["a/package.json"], "a/src", &["a/src", "a"]);
        check(&["w/yarn.lock", "w/p/package.json"], "w/p", &["w/p", "w"]);
        check(&["w/.git/HEAD", "w/p/package-lock.json"], "w/p", &["w/p"]);
        check(&["w/.git/HEAD"], "w/p/q", &["w/p/q", "w/p", "w"]);
    }
}
