//! macOS and Windows: `notify` as a source of hints that name whole paths.
//!
//! One recursive watch on the topmost folder of each tree serves everything below it. Folders that are only on the
//! way are left to the audit: a recursive watch that high up would report the whole disk. Neither system tells when
//! a writer closes a file; the settling asks for two equal looks instead.

use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use notify::event::{EventKind, ModifyKind, RenameMode};
use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};
use rustc_hash::FxHashMap;

use crate::settle::Signal;
use crate::source::{Bell, Key, Raw, Scope, Source, Waker};

pub(crate) struct Notify {
    watcher: RecommendedWatcher,
    events: Receiver<notify::Result<notify::Event>>,
    bell: Arc<Bell>,
    /// Folders with a recursive watch.
    tops: Vec<PathBuf>,
    keys: FxHashMap<PathBuf, Key>,
    next: i32,
}

impl Notify {
    pub(crate) fn new() -> io::Result<Self> {
        let bell = Arc::new(Bell::default());
        let (sender, events) = channel();
        let ring = Arc::clone(&bell);
        let handler = move |event| {
            let _ = sender.send(event);
            ring.ring();
        };
        let watcher = notify::recommended_watcher(handler).map_err(io::Error::other)?;
        let (tops, keys) = Default::default();
        Ok(Self { watcher, events, bell, tops, keys, next: 0 })
    }

    fn hint(&mut self, event: notify::Event, out: &mut VecDeque<Raw>) {
        let Some(signal) = signal(&event.kind) else { return };
        for path in event.paths {
            // The system's watch ends with its folder; a new folder of that name needs a new one.
            if signal == Signal::Left && self.tops.contains(&path) {
                self.tops.retain(|top| *top != path);
                let _ = self.watcher.unwatch(&path);
                out.extend(self.keys.remove(&path).map(|key| Raw::Ended { key }));
            }
            out.push_back(Raw::Path { path, signal });
        }
    }
}

impl Source for Notify {
    fn add(&mut self, path: &Path, scope: Scope) -> io::Result<Option<Key>> {
        if scope != Scope::Entries {
            return Ok(None);
        }
        if !self.tops.iter().any(|top| path.starts_with(top)) {
            self.watcher.watch(path, RecursiveMode::Recursive).map_err(io::Error::other)?;
            self.tops.push(path.to_owned());
        }
        self.next += 1;
        Ok(Some(*self.keys.entry(path.to_owned()).or_insert(Key(self.next))))
    }

    fn remove(&mut self, key: Key) {
        let Some(path) = self.keys.iter().find(|(_, other)| **other == key).map(|it| it.0.clone())
        else {
            return;
        };
        self.keys.remove(&path);
        // Others below may still need the watch of a top; it stays until the folder goes.
        if self.keys.is_empty() {
            for top in self.tops.drain(..) {
                let _ = self.watcher.unwatch(&top);
            }
        }
    }

    fn wait(&mut self, timeout: Option<Duration>) {
        self.bell.sleep(timeout);
    }

    fn drain(&mut self, out: &mut VecDeque<Raw>) {
        while let Ok(event) = self.events.try_recv() {
            match event {
                Ok(event) if !event.need_rescan() => self.hint(event, out),
                _ => out.push_back(Raw::Overflow),
            }
        }
    }

    fn waker(&self) -> Waker {
        let bell = Arc::clone(&self.bell);
        Arc::new(move || bell.ring())
    }
}

/// Every content event is a write that may go on; renames say too little to be more.
fn signal(kind: &EventKind) -> Option<Signal> {
    Some(match kind {
        EventKind::Access(_) => return None,
        EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(RenameMode::From)) => {
            Signal::Left
        }
        EventKind::Modify(ModifyKind::Metadata(_)) => Signal::Touched,
        EventKind::Create(_) => Signal::Appeared,
        _ => Signal::Written,
    })
}
