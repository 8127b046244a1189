//! Tying paths to watches. A watch belongs to a folder, not to its name: several paths may share one, and a path may
//! lead to another folder from one moment to the next.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Bound, Folder, Health, NAMES, Tree};
use crate::Notice;
use crate::interest::Cover;
use crate::settle::Signal;
use crate::source::{Key, Scope};
use crate::stamp::{FileId, Stamp};

impl Tree {
    /// Points a watch at the folder that `path` leads to now.
    pub(super) fn bind(&mut self, path: &Path, covers: Arc<[Cover]>) -> Bound {
        let entries = !covers.is_empty() || self.interest.has_files(path);
        let scope = if entries { Scope::Entries } else { Scope::Names };
        let added = self.source.add(path, scope);
        let metadata = match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => metadata,
            Ok(_) => return Bound::NoFolder,
            Err(error) if error.kind() == ErrorKind::PermissionDenied => {
                self.refused(path, &error, scope);
                return Bound::Nothing;
            }
            Err(_) => return Bound::Nothing,
        };
        let key = added.unwrap_or_else(|error| {
            self.refused(path, &error, scope);
            None
        });
        let id = Stamp::of(&metadata).id;
        let crowded =
            key.and_then(|key| self.keys.get(&key)).is_some_and(|names| names.len() >= NAMES);
        if let Some(folder) = self.folders.get_mut(path) {
            if folder.id == id && folder.key == key {
                (folder.covers, folder.scope) = (covers, scope);
                return Bound::Same;
            }
        } else if crowded || self.is_loop(path, id) {
            return Bound::Nothing;
        }
        self.forget_key(path);
        self.insert(path, id, key, scope, covers);
        Bound::New
    }

    pub(super) fn insert(
        &mut self,
        path: &Path,
        id: FileId,
        key: Option<Key>,
        scope: Scope,
        covers: Arc<[Cover]>,
    ) {
        if let Some(key) = key {
            self.keys.entry(key).or_default().push(path.to_owned());
        }
        let health = self.health(path, id, key);
        if let Some(old) = self.folders.get_mut(path) {
            (old.id, old.key, old.health, old.scope, old.covers) = (id, key, health, scope, covers);
            return;
        }
        let (subs, files) = Default::default();
        self.folders
            .insert(path.to_owned(), Folder { id, key, health, scope, covers, subs, files });
        if let (Some(parent), Some(name)) = (path.parent(), path.file_name())
            && let Some(parent) = self.folders.get_mut(parent)
        {
            parent.subs.insert(name.to_owned());
        }
    }

    pub(super) fn health(&mut self, path: &Path, id: FileId, key: Option<Key>) -> Health {
        if self.poll {
            return Health::Polled;
        }
        let parent = path.parent().and_then(|parent| self.folders.get(parent));
        let remote = match parent {
            Some(parent) if parent.id.device == id.device => parent.health == Health::Polled,
            _ => self.source.remote(path).is_some(),
        };
        match (remote, key) {
            (true, _) => {
                if let Some(system) = self.source.remote(path) {
                    self.notices.push(Notice::Polling { path: path.to_owned(), system });
                }
                Health::Polled
            }
            (false, Some(_)) => Health::Watched,
            (false, None) => Health::Audited,
        }
    }

    /// Notes why a folder cannot be watched; the audit tries again.
    pub(super) fn refused(&mut self, path: &Path, error: &io::Error, scope: Scope) {
        match error.kind() {
            ErrorKind::PermissionDenied => {
                self.denied.insert(path.to_owned());
                if scope != Scope::Names {
                    self.notices.push(Notice::Denied { path: path.to_owned() });
                }
            }
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
                self.notices.push(Notice::TooManyWatches)
            }
            _ => {}
        }
    }

    /// Whether a folder above is the same one: a link that leads back up.
    pub(super) fn is_loop(&self, path: &Path, id: FileId) -> bool {
        id != FileId::default()
            && path
                .ancestors()
                .skip(1)
                .any(|above| self.folders.get(above).is_some_and(|folder| folder.id == id))
    }

    /// Lets go of a folder and all below it; known files there count as gone until a look says otherwise.
    pub(crate) fn forget(&mut self, path: &Path) {
        self.forget_key(path);
        let Some(folder) = self.folders.remove(path) else { return };
        if let (Some(parent), Some(name)) = (path.parent(), path.file_name())
            && let Some(parent) = self.folders.get_mut(parent)
        {
            parent.subs.remove(name);
        }
        self.found.extend(folder.files.iter().map(|name| (path.join(name), Signal::Left)));
        folder.subs.iter().for_each(|name| self.forget(&path.join(name)));
    }

    pub(super) fn forget_key(&mut self, path: &Path) {
        if let Some(key) = self.folders.get_mut(path).and_then(|folder| folder.key.take()) {
            self.unbind(key, path);
        }
    }

    pub(super) fn unbind(&mut self, key: Key, path: &Path) {
        if let Some(names) = self.keys.get_mut(&key) {
            names.retain(|name| name != path);
            if names.is_empty() {
                self.keys.remove(&key);
                self.source.remove(key);
            }
        }
    }

    /// The kernel ended a watch: takes its paths, to be checked.
    pub(crate) fn ended(&mut self, key: Key) -> Vec<PathBuf> {
        let paths = self.keys.remove(&key).unwrap_or_default();
        for path in &paths {
            if let Some(folder) = self.folders.get_mut(path) {
                folder.key = None;
            }
            self.links.set_key(path, None);
        }
        paths
    }
}
