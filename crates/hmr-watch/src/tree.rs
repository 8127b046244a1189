//! What is watched and what was seen: folders with their watches, files with their stamps.
//!
//! The one primitive is [`Tree::sync`]: make the watches below a path agree with the disk, and name every file that
//! differs from what was last reported. Creation, removal, replaced folders, mounts, lost hints and polling are all
//! the same call. It always adds the watch first and lists afterwards, so nothing can slip in between. It decides
//! nothing about files: it hands signals to the settling, which looks for itself.

mod bind;
mod files;
mod walk;

use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::Notice;
use crate::interest::{Cover, Interest};
use crate::links::Links;
use crate::settle::Signal;
use crate::source::{Key, Raw, Scope, Source};
use crate::stamp::{FileId, Stamp};

/// Folders visited between two looks at the queue of hints.
const VISITS: usize = 64;
/// How far times of files may lag behind the clock.
const TICK: Duration = Duration::from_millis(10);
/// Names one folder may be reached by before further ones are left out: links can multiply without end.
const NAMES: usize = 8;

/// How a folder is kept up to date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Health {
    /// By hints.
    Watched,
    /// By the audit: the system refused the watch.
    Audited,
    /// By polling: hints do not tell about changes made elsewhere.
    Polled,
}

/// One folder under one of its names.
#[derive(Debug)]
struct Folder {
    id: FileId,
    key: Option<Key>,
    health: Health,
    scope: Scope,
    covers: Arc<[Cover]>,
    subs: FxHashSet<OsString>,
    files: FxHashSet<OsString>,
}

/// A folder to visit.
struct Visit {
    path: PathBuf,
    above: Arc<[Cover]>,
    deep: bool,
    /// What is not there now may have been there since somebody looked last, without a hint of its own.
    heard: bool,
}

/// What binding a path to a watch found.
enum Bound {
    Same,
    New,
    NoFolder,
    Nothing,
}

/// All folders and files known, and the source that watches them.
pub(crate) struct Tree {
    pub(crate) source: Box<dyn Source>,
    pub(crate) interest: Interest,
    /// Poll everything.
    poll: bool,
    folders: FxHashMap<PathBuf, Folder>,
    keys: FxHashMap<Key, Vec<PathBuf>>,
    seen: FxHashMap<PathBuf, Stamp>,
    pub(crate) links: Links,
    denied: FxHashSet<PathBuf>,
    /// Files not seen before are recorded instead of reported.
    quiet: bool,
    /// Files newer than this (nanoseconds since 1970) may have been read by a client in an older state.
    read: Option<i128>,
    /// Signals for the settling.
    pub(crate) found: Vec<(PathBuf, Signal)>,
    /// Hints drained during long walks.
    pub(crate) hints: VecDeque<Raw>,
    pub(crate) notices: Vec<Notice>,
}

impl Tree {
    pub(crate) fn new(source: Box<dyn Source>, poll: bool) -> Self {
        Self {
            source,
            interest: Interest::default(),
            poll,
            folders: FxHashMap::default(),
            keys: FxHashMap::default(),
            seen: FxHashMap::default(),
            links: Links::default(),
            denied: FxHashSet::default(),
            quiet: false,
            read: None,
            found: Vec::new(),
            hints: VecDeque::new(),
            notices: Vec::new(),
        }
    }

    /// Says when the client whose paths are attached next began to read.
    pub(crate) fn read_since(&mut self, read: Option<SystemTime>) {
        let since = read.and_then(|read| read.checked_sub(TICK)?.duration_since(UNIX_EPOCH).ok());
        self.read = since.and_then(|since| i128::try_from(since.as_nanos()).ok());
    }

    /// Starts to watch `path` and all that its specs want below it, without reporting what is there already.
    pub(crate) fn attach(&mut self, path: &Path) {
        self.quiet = true;
        self.widen(path);
        let mut way: Vec<&Path> = path.ancestors().collect();
        way.reverse();
        match way.iter().find(|folder| !self.folders.contains_key(**folder)) {
            // A file, or nothing yet, in a folder that is watched.
            Some(missing) if *missing == path && !self.interest.covers_here(path) => {
                self.consider(path, self.read.is_some());
            }
            Some(missing) => self.sync(missing, true),
            None => self.sync(path, true),
        }
        self.quiet = false;
    }

    /// Watches the folder of `path` for files if it was watched for names only.
    fn widen(&mut self, path: &Path) {
        let Some(folder) = path.parent() else { return };
        if self.folders.get(folder).is_some_and(|it| it.scope == Scope::Names) {
            let covers = self.interest.covers(folder).into();
            self.bind(folder, covers);
        }
    }

    /// Makes watches and knowledge at and below `path` agree with the disk. Folders that are still the same are
    /// listed, and entered again only when `deep`.
    pub(crate) fn sync(&mut self, path: &Path, deep: bool) {
        let (above, heard) = (self.covers_above(path), !self.quiet || self.read.is_some());
        let mut work = vec![Visit { path: path.to_owned(), above, deep, heard }];
        let mut visits = 0;
        while let Some(visit) = work.pop() {
            self.visit(visit, &mut work);
            visits += 1;
            if visits % VISITS == 0 {
                self.source.drain(&mut self.hints);
            }
        }
    }

    /// Checks everything: after hints were lost.
    pub(crate) fn sync_all(&mut self) {
        let tops: Vec<PathBuf> =
            self.folders.keys().filter(|path| path.parent().is_none()).cloned().collect();
        tops.iter().for_each(|top| self.sync(top, true));
    }

    fn covers_above(&self, path: &Path) -> Arc<[Cover]> {
        let Some(parent) = path.parent() else { return Arc::new([]) };
        match self.folders.get(parent) {
            Some(folder) => Arc::clone(&folder.covers),
            None => self.interest.covers(parent).into(),
        }
    }

    /// Drops what nobody wants any more, without a word.
    pub(crate) fn prune(&mut self) {
        let paths: Vec<PathBuf> = self.folders.keys().cloned().collect();
        for path in paths {
            let covers: Arc<[Cover]> = self.interest.covers(&path).into();
            if covers.is_empty() && self.interest.named(&path).is_none() {
                self.forget(&path);
            } else if let Some(folder) = self.folders.get_mut(&path) {
                folder.covers = covers;
            }
        }
        let unwanted: Vec<PathBuf> =
            self.seen.keys().filter(|path| !self.interest.wants(path)).cloned().collect();
        unwanted.iter().for_each(|path| self.accept(path, None));
        self.found.retain(|(path, _)| self.seen.contains_key(path));
    }

    /// The names of a watched folder or file.
    pub(crate) fn paths(&self, key: Key) -> &[PathBuf] {
        self.keys.get(&key).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn is_folder(&self, path: &Path) -> bool {
        self.folders.contains_key(path)
    }

    pub(crate) fn is_covered(&self, folder: &Path) -> bool {
        self.folders.get(folder).is_some_and(|folder| !folder.covers.is_empty())
    }

    /// Whether leases cannot be trusted for this file.
    pub(crate) fn is_polled(&self, file: &Path) -> bool {
        let folder = file.parent().and_then(|folder| self.folders.get(folder));
        folder.is_some_and(|folder| folder.health == Health::Polled) && self.source_is_remote(file)
    }

    fn source_is_remote(&self, file: &Path) -> bool {
        !self.poll || self.source.remote(file).is_some()
    }

    pub(crate) fn seen(&self, path: &Path) -> Option<Stamp> {
        self.seen.get(path).copied()
    }

    /// The topmost folders kept up to date in this way (those below come with them), and with the audit those that may
    /// not be entered.
    pub(crate) fn kept(&mut self, health: Health) -> Vec<PathBuf> {
        let is_kept =
            |path: &Path| self.folders.get(path).is_some_and(|folder| folder.health == health);
        let topmost = |path: &Path| is_kept(path) && !path.parent().is_some_and(is_kept);
        let mut paths: Vec<PathBuf> =
            self.folders.keys().filter(|path| topmost(path)).cloned().collect();
        if health == Health::Audited {
            paths.extend(self.denied.drain());
        }
        paths
    }

    pub(crate) fn has(&self, health: Health) -> bool {
        self.folders.values().any(|folder| folder.health == health)
    }

    /// Folders whose path leads to another folder than the watched one.
    pub(crate) fn replaced(&self) -> Vec<PathBuf> {
        let differs = |path: &Path, id: FileId| {
            fs::metadata(path).map(|now| Stamp::of(&now).id).ok() != Some(id)
        };
        self.folders
            .iter()
            .filter(|(path, folder)| differs(path, folder.id))
            .map(|(path, _)| path.clone())
            .collect()
    }
}
