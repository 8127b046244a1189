//! What the last attempt has read: one save may be reported more than once, and is tried once.

use std::fs;
use std::path::{Path, PathBuf};

use hmr_watch::Stamp;
use rustc_hash::FxHashMap;
use serde::Serialize;
use xxhash_rust::xxh3::xxh3_64;

use crate::session::Session;
use crate::source::Source;

/// How a file differs from what the last attempt has read of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum News {
    /// It is the same save.
    Nothing,
    /// It was saved again, with the same content.
    Saved,
    /// Its content is another one, or it is not known.
    Changed,
}

/// Files that attempts have read.
#[derive(Debug, Default)]
pub(crate) struct Tried(FxHashMap<PathBuf, (Stamp, u64)>);

impl Tried {
    pub fn forget(&mut self, path: &Path) {
        self.0.remove(path);
    }

    pub fn read(&mut self, path: &Path, stamp: Stamp, source: &Source) {
        self.0.insert(path.to_owned(), (stamp, source.hash));
    }
}

/// The hash by which contents of files are compared, or nothing if the file cannot be read.
#[must_use]
pub fn content_hash(path: &Path) -> Option<u64> {
    fs::read(path).ok().map(|bytes| xxh3_64(&bytes))
}

impl Session {
    /// Files that were read, with the hash of what was read last, whether it could be applied or not.
    #[must_use]
    pub fn contents(&self) -> Vec<(PathBuf, u64)> {
        let modules = self.graph.modules().filter_map(|(id, _)| {
            let node = self.node(id)?;
            Some((node.hot_path()?.to_owned(), node.source()?.hash))
        });
        let mut hashes: FxHashMap<_, _> = modules.collect();
        hashes.extend(self.tried.0.iter().map(|(path, (_, hash))| (path.clone(), *hash)));
        hashes.into_iter().collect()
    }

    /// Whether an event about the file at `path` tells something new.
    #[must_use]
    pub fn news(&self, path: &Path) -> News {
        let Some((stamp, hash)) = self.tried.0.get(path) else { return News::Changed };
        let now = fs::metadata(path).map(|metadata| Stamp::of(&metadata));
        match fs::read(path) {
            Ok(bytes) if xxh3_64(&bytes) != *hash => News::Changed,
            Ok(_) if now.is_ok_and(|now| now.same_content(stamp)) => News::Nothing,
            Ok(_) => News::Saved,
            Err(_) => News::Changed,
        }
    }
}
