//! Hands events to the client, on a thread of its own unless the client is prompt: no client can hold up the reading of
//! hints.
//!
//! While the client is busy, batches are folded into one: memory is bounded by the number of distinct files.

use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use rustc_hash::FxHashMap;

use crate::{Batch, Change, ChangeKind, Event, Notice};

#[derive(Debug, Default)]
pub(crate) struct Waiting {
    notices: Vec<Notice>,
    batch: Option<Batch>,
    closed: bool,
}

type Shared = Arc<(Mutex<Waiting>, Condvar)>;

/// The sending end; dropping it ends the thread and discards what waits. It does not wait for the thread: the client
/// may drop the watcher inside its own sink, or while it holds a lock that its sink wants.
pub(crate) enum Delivery {
    /// Waking another thread takes longer than many a client.
    Prompt(Box<dyn Fn(Event) + Send>),
    Thread(Shared),
}

impl Delivery {
    pub(crate) fn prompt(sink: impl Fn(Event) + Send + 'static) -> Self {
        Self::Prompt(Box::new(sink))
    }

    pub(crate) fn spawn(sink: impl Fn(Event) + Send + 'static) -> std::io::Result<Self> {
        let shared = Arc::new((Mutex::new(Waiting::default()), Condvar::new()));
        let theirs = Arc::clone(&shared);
        let run = move || {
            while let Some(events) = next(&theirs) {
                events.into_iter().for_each(&sink);
            }
        };
        std::thread::Builder::new().name("hmr-watch-deliver".into()).spawn(run)?;
        Ok(Self::Thread(shared))
    }

    pub(crate) fn notice(&self, notice: Notice) {
        match self {
            Self::Prompt(sink) => sink(Event::Notice(notice)),
            Self::Thread(shared) => update(shared, |waiting| waiting.notices.push(notice)),
        }
    }

    pub(crate) fn batch(&self, batch: Batch) {
        match self {
            Self::Prompt(sink) => sink(Event::Batch(batch)),
            Self::Thread(shared) => update(shared, |waiting| {
                waiting.batch = Some(match waiting.batch.take() {
                    None => batch,
                    Some(older) => fold(older, batch),
                });
            }),
        }
    }
}

impl Drop for Delivery {
    fn drop(&mut self) {
        if let Self::Thread(shared) = self {
            update(shared, |waiting| waiting.closed = true);
        }
    }
}

fn update(shared: &Shared, change: impl FnOnce(&mut Waiting)) {
    change(&mut shared.0.lock().unwrap_or_else(PoisonError::into_inner));
    shared.1.notify_one();
}

/// Sleeps until something waits; `None` at the end.
fn next(shared: &Shared) -> Option<Vec<Event>> {
    let waiting = shared.0.lock().unwrap_or_else(PoisonError::into_inner);
    let idle = |waiting: &mut Waiting| {
        waiting.batch.is_none() && waiting.notices.is_empty() && !waiting.closed
    };
    let mut waiting = shared.1.wait_while(waiting, idle).unwrap_or_else(PoisonError::into_inner);
    if waiting.closed {
        return None;
    }
    let mut events: Vec<Event> = waiting.notices.drain(..).map(Event::Notice).collect();
    events.extend(waiting.batch.take().map(Event::Batch));
    Some(events)
}

/// Two batches as one, with one change for each path.
pub(crate) fn fold(older: Batch, newer: Batch) -> Batch {
    let mut changes: FxHashMap<PathBuf, Change> = FxHashMap::default();
    let mut order = Vec::new();
    for change in older.changes.into_iter().chain(newer.changes) {
        let path = change.path.clone();
        match changes.remove(&path) {
            None => {
                order.push(path.clone());
                changes.insert(path, change);
            }
            Some(before) => {
                let kind = fold_kind(before.kind, change.kind);
                changes.insert(path, Change { kind, ..change });
            }
        }
    }
    let changes = order.into_iter().filter_map(|path| changes.remove(&path)).collect();
    Batch { changes, seen: older.seen.min(newer.seen) }
}

fn fold_kind(before: ChangeKind, after: ChangeKind) -> ChangeKind {
    use ChangeKind::{Attributes, Created, Modified, Removed, Vanished};
    match (before, after) {
        (Vanished, kind) => kind,
        (_, Removed | Vanished) => Removed,
        (Removed, _) => Modified,
        (Created, _) => Created,
        (Modified, _) | (_, Modified) => Modified,
        (Attributes, kind) => kind,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    #[test]
    fn folding_keeps_one_change_for_a_path() {
        use ChangeKind::{Attributes, Created, Modified, Removed, Vanished};
        for (before, after, expected) in [
            (Created, Modified, Created),
            (Created, Removed, Removed),
            (Removed, Created, Modified),
            (Modified, Removed, Removed),
            (Attributes, Modified, Modified),
            (Modified, Attributes, Modified),
            (Removed, Vanished, Removed),
            (Vanished, Created, Created),
        ] {
            let seen = Instant::now();
            let batch = |kind| Batch {
                changes: vec![Change { path: "/f".into(), kind, save: None, watches: Vec::new() }],
                seen,
            };
            let folded = fold(batch(before), batch(after));
            assert_eq!(folded.changes.len(), 1);
            assert_eq!(folded.changes[0].kind, expected, "{before:?} then {after:?}");
        }
    }
}
