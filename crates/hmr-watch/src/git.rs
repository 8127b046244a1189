//! Is git in the middle of something? Finds the index lock that guards a file's working tree.
//!
//! Only looks whether the lock exists; never opens anything inside `.git`.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use rustc_hash::{FxHashMap, FxHashSet};

/// How long a found (or not found) repository is believed.
const BELIEVED: Duration = Duration::from_secs(5);
/// A lock older than this was left behind by a crash, or belongs to a commit whose message is being written.
const STALE: Duration = Duration::from_secs(10);

/// How far times of files may lag behind the clock.
const TICK: Duration = Duration::from_millis(10);

/// The locks that guard the changes waiting now.
#[derive(Debug, Default)]
pub(crate) struct Locks {
    found: FxHashMap<PathBuf, Option<PathBuf>>,
    since: Option<Instant>,
    guarding: FxHashSet<PathBuf>,
}

impl Locks {
    /// A change to `path` waits.
    pub(crate) fn guard(&mut self, path: &Path, now: Instant) {
        if self.since.is_none_or(|since| now >= since + BELIEVED) {
            self.found.clear();
            self.since = Some(now);
        }
        if let Some(lock) = path.parent().and_then(|folder| self.lock_of(folder)) {
            self.guarding.insert(lock);
        }
    }

    fn lock_of(&mut self, folder: &Path) -> Option<PathBuf> {
        if let Some(lock) = self.found.get(folder) {
            return lock.clone();
        }
        let lock = lock_in(folder).or_else(|| self.lock_of(folder.parent()?));
        self.found.insert(folder.to_owned(), lock.clone());
        lock
    }

    /// Whether git holds one of the locks.
    pub(crate) fn held(&self) -> bool {
        self.guarding.iter().any(|lock| is_held(lock))
    }

    /// Whether git finished something since then: it may have come and gone between two looks at the lock.
    pub(crate) fn finished_since(&self, first: Instant) -> bool {
        let Some(since) = SystemTime::now().checked_sub(first.elapsed() + TICK) else {
            return false;
        };
        let written = |lock: &PathBuf| {
            fs::metadata(lock.with_extension("")).and_then(|index| index.modified())
        };
        self.guarding.iter().any(|lock| written(lock).is_ok_and(|time| time >= since))
    }

    /// The changes were handed over.
    pub(crate) fn clear(&mut self) {
        self.guarding.clear();
    }
}

fn is_held(lock: &Path) -> bool {
    let Ok(modified) = fs::symlink_metadata(lock).and_then(|metadata| metadata.modified()) else {
        return false;
    };
    // A time in the future is a skewed clock, not a stale lock.
    SystemTime::now().duration_since(modified).map_or(true, |age| age < STALE)
}

/// Where the index lock of a working tree rooted at `folder` would be.
fn lock_in(folder: &Path) -> Option<PathBuf> {
    let git = folder.join(".git");
    let metadata = fs::metadata(&git).ok()?;
    if metadata.is_dir() {
        return Some(git.join("index.lock"));
    }
    // Linked working trees and submodules: a file that names the real place.
    let text = fs::read_to_string(&git).ok()?;
    Some(folder.join(text.strip_prefix("gitdir:")?.trim()).join("index.lock"))
}
