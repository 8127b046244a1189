//! Files that can change under another name: targets of symbolic links, and files with several hard links.
//!
//! Only bookkeeping: which link leads over which names to its file, and which files carry a watch of their own.

use std::fs;
use std::path::{Component, Path, PathBuf};

use rustc_hash::FxHashMap;

use crate::interest::Interest;
use crate::source::Key;

/// Links followed before a chain counts as a loop (as in Linux).
const MOST: usize = 40;

/// Both directions, and the watches on files.
#[derive(Debug, Default)]
pub(crate) struct Links {
    targets: FxHashMap<PathBuf, Vec<PathBuf>>,
    sources: FxHashMap<PathBuf, Vec<PathBuf>>,
    keys: FxHashMap<PathBuf, Key>,
}

impl Links {
    /// Brings the chain of `link` up to date and gives the targets that are new.
    pub(crate) fn update(
        &mut self,
        link: &Path,
        is_link: bool,
        interest: &mut Interest,
    ) -> Vec<PathBuf> {
        let now = if is_link { chain(link) } else { Vec::new() };
        let before = match self.targets.get(link) {
            None if now.is_empty() => return now,
            before => before.cloned().unwrap_or_default(),
        };
        let (new, old) = (without(&now, &before), without(&before, &now));
        for target in &new {
            interest.add_target(target);
            self.sources.entry(target.clone()).or_default().push(link.to_owned());
        }
        for target in &old {
            interest.remove_target(target);
            if let Some(links) = self.sources.get_mut(target) {
                links.retain(|other| other != link);
                if links.is_empty() {
                    self.sources.remove(target);
                }
            }
        }
        if now.is_empty() {
            self.targets.remove(link);
        } else {
            self.targets.insert(link.to_owned(), now);
        }
        new
    }

    /// The links that lead to `target`.
    pub(crate) fn leading_to(&self, target: &Path) -> &[PathBuf] {
        self.sources.get(target).map_or(&[], Vec::as_slice)
    }

    /// Remembers the watch on a file itself; gives the former one.
    pub(crate) fn set_key(&mut self, path: &Path, key: Option<Key>) -> Option<Key> {
        match key {
            Some(key) => self.keys.insert(path.to_owned(), key),
            None => self.keys.remove(path),
        }
    }
}

fn without(these: &[PathBuf], those: &[PathBuf]) -> Vec<PathBuf> {
    these.iter().filter(|path| !those.contains(path)).cloned().collect()
}

/// Every name that the link leads over, the file at its end included, also when it does not exist.
fn chain(link: &Path) -> Vec<PathBuf> {
    let mut names = Vec::new();
    let mut at = link.to_owned();
    while let Ok(target) = fs::read_link(&at) {
        let folder = at.parent().unwrap_or(Path::new("/"));
        // `..` counts from where the folder really is.
        let folder = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
        at = normal(&folder.join(target));
        if names.len() == MOST || names.contains(&at) {
            break;
        }
        names.push(at.clone());
    }
    names
}

fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            part => out.push(part),
        }
    }
    out
}

/// Whether the path is a symbolic link to a folder.
pub(crate) fn is_folder_link(path: &Path) -> bool {
    path.is_symlink() && path.is_dir()
}
