//! Where hints come from: one trait over the kernel's interfaces, and the source that has no hints at all.
//!
//! A source says *where* to look, never what happened: every hint may be early, late, doubled or missing.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use crate::settle::Signal;

/// One watched folder or file, by identity and not by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key(pub(crate) i32);

/// How closely to watch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Scope {
    /// A folder on the way: only names that come and go.
    Names,
    /// A folder with files of interest.
    Entries,
    /// One file, for writes under another of its names.
    File,
}

/// One hint.
#[derive(Debug)]
#[expect(dead_code, reason = "no system has all kinds")]
pub(crate) enum Raw {
    /// An entry of a watched folder.
    Entry { key: Key, name: OsString, signal: Signal, folder: bool },
    /// The watched object itself.
    Itself { key: Key, signal: Signal },
    /// The watched object moved, or its folder's permissions changed.
    Moved { key: Key },
    /// The kernel ended the watch: deleted or unmounted.
    Ended { key: Key },
    /// A hint that names a whole path.
    Path { path: PathBuf, signal: Signal },
    /// Hints were lost.
    Overflow,
    /// File systems were mounted or unmounted.
    Mounts,
}

/// Wakes the thread that waits in a source.
pub(crate) type Waker = Arc<dyn Fn() + Send + Sync>;

/// A supplier of hints.
pub(crate) trait Source: Send {
    /// Watches `path`; the same object gives the same key. `None` when this source has nothing to watch with.
    fn add(&mut self, path: &Path, scope: Scope) -> io::Result<Option<Key>>;
    /// Ends a watch.
    fn remove(&mut self, key: Key);
    /// Sleeps until there are hints, the waker is called, or the time is over.
    fn wait(&mut self, timeout: Option<Duration>);
    /// Takes all hints that are there, without waiting.
    fn drain(&mut self, out: &mut VecDeque<Raw>);
    /// What wakes [`Source::wait`].
    fn waker(&self) -> Waker;
    /// The name of the file system of `path` when it gives no hints about changes made elsewhere.
    fn remote(&self, path: &Path) -> Option<&'static str> {
        crate::remote::remote(path)
    }
}

/// A flag to sleep on.
#[derive(Debug, Default)]
pub(crate) struct Bell {
    rung: Mutex<bool>,
    changed: Condvar,
}

impl Bell {
    pub(crate) fn ring(&self) {
        *self.rung.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.changed.notify_one();
    }

    pub(crate) fn sleep(&self, timeout: Option<Duration>) {
        let rung = self.rung.lock().unwrap_or_else(PoisonError::into_inner);
        // Without a timeout an hour does: waking for nothing is harmless.
        let timeout = timeout.unwrap_or(Duration::from_secs(3600));
        let woken = self.changed.wait_timeout_while(rung, timeout, |rung| !*rung);
        *woken.unwrap_or_else(PoisonError::into_inner).0 = false;
    }
}

/// The source without hints: everything is found by polling.
#[derive(Debug, Default)]
pub(crate) struct Silent {
    bell: Arc<Bell>,
}

impl Source for Silent {
    fn add(&mut self, _: &Path, _: Scope) -> io::Result<Option<Key>> {
        Ok(None)
    }

    fn remove(&mut self, _: Key) {}

    fn wait(&mut self, timeout: Option<Duration>) {
        self.bell.sleep(timeout);
    }

    fn drain(&mut self, _: &mut VecDeque<Raw>) {}

    fn waker(&self) -> Waker {
        let bell = Arc::clone(&self.bell);
        Arc::new(move || bell.ring())
    }
}
