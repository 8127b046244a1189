//! Visiting folders: compares their entries with what is known and decides which to enter.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::{Bound, Health, Tree, Visit};
use crate::interest::Cover;
use crate::settle::Signal;

impl Tree {
    pub(super) fn visit(
        &mut self,
        Visit { path, above, deep, heard }: Visit,
        work: &mut Vec<Visit>,
    ) {
        let covers: Arc<[Cover]> = self.interest.covers_below(&above, &path).into();
        if covers.is_empty() && self.interest.named(&path).is_none() {
            self.forget(&path);
            return;
        }
        match self.bind(&path, covers) {
            Bound::Same => self.list(&path, deep, false, work),
            Bound::New => self.list(&path, true, heard, work),
            Bound::NoFolder => {
                self.forget(&path);
                if self.interest.wants(&path) {
                    self.consider(&path, false);
                }
            }
            Bound::Nothing => {
                self.forget(&path);
                if heard {
                    self.absent(&path);
                }
                if self.seen.contains_key(&path) {
                    self.found.push((path, Signal::Left));
                }
            }
        }
    }

    /// Compares the entries of a bound folder with what is known of them.
    fn list(&mut self, path: &Path, deep: bool, heard: bool, work: &mut Vec<Visit>) {
        let Some(folder) = self.folders.get(path) else { return };
        let above = Arc::clone(&folder.covers);
        // Only hints tell that a part of the way was replaced; without them every part is looked at.
        let known_too = deep || folder.health != Health::Watched;
        let entries = if above.is_empty() { None } else { read(path) };
        let mut names = FxHashSet::default();
        let mut folders = Vec::new();
        for (name, is_folder) in entries.iter().flatten() {
            names.insert(name.clone());
            let child = path.join(name);
            if *is_folder {
                folders.push(child);
            } else if self.interest.wants_below(&above, &child) {
                self.consider(&child, false);
            }
        }
        if let Some(named) = self.interest.named(path) {
            folders.extend(named.steps.keys().map(|name| path.join(name)));
            let files: Vec<PathBuf> = named.files.keys().map(|name| path.join(name)).collect();
            files.iter().for_each(|file| self.consider(file, heard));
        }
        folders.retain(|child| known_too || !self.folders.contains_key(child));
        work.extend(folders.into_iter().map(|path| Visit {
            path,
            above: Arc::clone(&above),
            deep,
            heard,
        }));
        if entries.is_some() {
            self.drop_absent(path, &names);
        }
    }

    /// Lets go of known entries that a listing no longer has.
    pub(super) fn drop_absent(&mut self, path: &Path, names: &FxHashSet<OsString>) {
        let Some(folder) = self.folders.get(path) else { return };
        let gone = |known: &FxHashSet<OsString>| {
            known
                .iter()
                .filter(|name| !names.contains(*name))
                .map(|name| path.join(name))
                .collect::<Vec<_>>()
        };
        let (files, subs) = (gone(&folder.files), gone(&folder.subs));
        self.found.extend(files.into_iter().map(|file| (file, Signal::Left)));
        subs.iter().for_each(|sub| self.forget(sub));
    }
}

/// Names in a folder, and which of them lead to folders; `None` when it cannot be read.
fn read(path: &Path) -> Option<Vec<(OsString, bool)>> {
    let entries = fs::read_dir(path).ok()?;
    let named = entries.flatten().filter_map(|entry| {
        let kind = entry.file_type().ok()?;
        let is_folder = kind.is_dir() || (kind.is_symlink() && entry.path().is_dir());
        Some((entry.file_name(), is_folder))
    });
    Some(named.collect())
}
