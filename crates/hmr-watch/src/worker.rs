//! The thread that watches: waits for hints, keeps the tree in step, lets files settle, hands over batches.
//!
//! The loop only waits and dispatches. It reads all hints before it acts on any, and it never calls the client.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError};
use std::time::{Duration, Instant, SystemTime};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::burst::{Burst, Flow};
use crate::deliver::{self, Delivery};
use crate::git::Locks;
use crate::interest::Delta;
use crate::links::is_folder_link;
use crate::look::{look, look_again};
use crate::save::Save;
use crate::settle::{ChangeKind, Outcome, Phase, Settle, Signal};
use crate::source::{Key, Raw};
use crate::spec::{WatchId, WatchSpec};
use crate::tree::{Health, Tree};
use crate::{Batch, Change, Intervals, Notice};

/// Rounds of looking in one pass; what is still due then waits for the next pass.
const ROUNDS: usize = 4;

/// An order from a [`Watcher`](crate::Watcher).
pub(crate) enum Command {
    /// With the time when the client began to read, and whom to tell when done.
    Set(WatchId, WatchSpec, Option<SystemTime>, SyncSender<()>),
    Remove(WatchId),
    Stop,
}

/// A look that was decided, before it is known whether newer hints contradict it.
struct Decided {
    path: PathBuf,
    phase: Phase,
    outcome: Outcome,
    /// What a changed file has in it.
    save: Option<Save>,
}

/// Everything the thread owns.
pub(crate) struct Worker {
    commands: Receiver<Command>,
    delivery: Delivery,
    tree: Tree,
    settle: Settle,
    burst: Burst,
    locks: Locks,
    ready: Vec<Change>,
    /// Time of the first hint about what is ready.
    first: Option<Instant>,
    /// When the ready changes are asked about again.
    ask: Option<Instant>,
    audit: Instant,
    poll: Instant,
    intervals: Intervals,
    said: FxHashSet<String>,
}

impl Worker {
    pub(crate) fn new(
        commands: Receiver<Command>,
        delivery: Delivery,
        tree: Tree,
        intervals: Intervals,
    ) -> Self {
        let now = Instant::now();
        Self {
            commands,
            delivery,
            tree,
            settle: Settle::default(),
            burst: Burst::default(),
            locks: Locks::default(),
            ready: Vec::new(),
            first: None,
            ask: None,
            audit: now + intervals.audit,
            poll: now + intervals.poll,
            intervals,
            said: FxHashSet::default(),
        }
    }

    /// Runs until told to stop.
    pub(crate) fn run(mut self) {
        loop {
            let timeout = self.timeout();
            self.tree.source.wait(timeout);
            let locked = self.locks.held();
            self.listen();
            if !self.obey() {
                return;
            }
            self.keep_up();
            self.look();
            self.flow(locked);
            self.say();
        }
    }

    fn timeout(&self) -> Option<Duration> {
        let polled = self.tree.has(Health::Polled).then_some(self.poll);
        let next =
            [self.settle.next(), self.ask, polled, Some(self.audit)].into_iter().flatten().min()?;
        Some(next.saturating_duration_since(Instant::now()))
    }

    /// Carries out all orders; `false` at the end.
    fn obey(&mut self) -> bool {
        loop {
            match self.commands.try_recv() {
                Ok(Command::Set(id, spec, read, done)) => {
                    self.tree.read_since(read);
                    let delta = self.tree.interest.set(id, spec);
                    self.change_interest(delta);
                    // Nobody waits any more when the caller is gone.
                    let _ = done.send(());
                }
                Ok(Command::Remove(id)) => {
                    let delta = self.tree.interest.remove(id);
                    self.change_interest(delta);
                }
                Err(TryRecvError::Empty) => return true,
                Ok(Command::Stop) | Err(TryRecvError::Disconnected) => return false,
            }
        }
    }

    fn change_interest(&mut self, delta: Delta) {
        self.tree.notices.extend(delta.faults.into_iter().map(|error| Notice::Pattern { error }));
        if delta.shrunk || !delta.removed.is_empty() {
            self.tree.prune();
            let interest = &self.tree.interest;
            self.settle.retain(|path| interest.wants(path));
        }
        delta.added.iter().for_each(|path| self.tree.attach(path));
        self.take_found(Instant::now());
    }

    /// Reads all hints and brings the tree in step with them.
    fn listen(&mut self) {
        let mut hints = std::mem::take(&mut self.tree.hints);
        self.tree.source.drain(&mut hints);
        // A walk may take so long that hints come in meanwhile; they are read during the walk and handled next.
        while !hints.is_empty() {
            let now = Instant::now();
            let mut checks = FxHashMap::default();
            for hint in hints {
                self.dispatch(hint, now, &mut checks);
            }
            let mut checks: Vec<(PathBuf, bool)> = checks.into_iter().collect();
            checks.sort();
            checks.iter().for_each(|(path, deep)| self.tree.sync(path, *deep));
            self.take_found(now);
            hints = std::mem::take(&mut self.tree.hints);
        }
    }

    /// Sorts one hint: files to the settling, folders to the paths to check (`true` for deeply).
    fn dispatch(&mut self, hint: Raw, now: Instant, checks: &mut FxHashMap<PathBuf, bool>) {
        match hint {
            Raw::Entry { key, name, signal, folder } => {
                self.entry(key, &name, signal, folder, now, checks)
            }
            Raw::Itself { key, signal } => {
                for path in self.tree.paths(key).to_vec() {
                    self.signal(&path, signal, now);
                }
            }
            Raw::Moved { key } => {
                checks.extend(self.tree.paths(key).iter().map(|path| (path.clone(), false)))
            }
            Raw::Ended { key } => {
                checks.extend(self.tree.ended(key).into_iter().map(|path| (path, true)))
            }
            Raw::Path { path, signal } => self.whole_path(&path, signal, now, checks),
            Raw::Mounts => checks.extend(self.tree.replaced().into_iter().map(|path| (path, true))),
            Raw::Overflow => {
                self.tree.notices.push(Notice::Overflow);
                self.tree.sync_all();
            }
        }
    }

    fn entry(
        &mut self,
        key: Key,
        name: &OsString,
        signal: Signal,
        folder: bool,
        now: Instant,
        checks: &mut FxHashMap<PathBuf, bool>,
    ) {
        for base in self.tree.paths(key).to_vec() {
            self.child(&base, name, signal, folder, now, checks);
        }
    }

    fn whole_path(
        &mut self,
        path: &Path,
        signal: Signal,
        now: Instant,
        checks: &mut FxHashMap<PathBuf, bool>,
    ) {
        if self.tree.is_folder(path) {
            checks.insert(path.to_owned(), false);
        }
        if let (Some(base), Some(name)) = (path.parent(), path.file_name()) {
            self.child(base, name, signal, path.is_dir(), now, checks);
        }
    }

    /// A hint about `name` in a watched folder.
    fn child(
        &mut self,
        base: &Path,
        name: &OsStr,
        signal: Signal,
        folder: bool,
        now: Instant,
        checks: &mut FxHashMap<PathBuf, bool>,
    ) {
        let path = base.join(name);
        let appeared = matches!(signal, Signal::Appeared | Signal::Arrived);
        let known = self.tree.is_folder(&path) || self.tree.interest.is_step(base, name);
        let covered = || self.tree.is_covered(base);
        if known || (folder && covered()) || (appeared && covered() && is_folder_link(&path)) {
            checks.entry(path.clone()).or_insert(false);
        }
        if folder {
            return;
        }
        for link in self.tree.links.leading_to(&path).to_vec() {
            self.signal(&link, signal, now);
        }
        if self.settle.is_pending(&path)
            || self.tree.seen(&path).is_some()
            || self.tree.interest.wants(&path)
        {
            self.signal(&path, signal, now);
        } else {
            self.burst.noticed(now);
        }
    }

    fn signal(&mut self, path: &Path, signal: Signal, now: Instant) {
        self.burst.stirred(now);
        if self.settle.signal(path, signal, now) {
            self.burst.started(now);
        }
    }

    fn take_found(&mut self, now: Instant) {
        for (path, signal) in std::mem::take(&mut self.tree.found) {
            self.signal(&path, signal, now);
        }
    }

    /// Polling and the audit: finds what no hint told.
    fn keep_up(&mut self) {
        let now = Instant::now();
        if now >= self.poll && self.tree.has(Health::Polled) {
            self.check_kept(Health::Polled);
            self.poll = Instant::now() + self.intervals.poll;
        }
        if now >= self.audit {
            self.check_kept(Health::Audited);
            let files: Vec<PathBuf> = self.tree.interest.files().collect();
            files
                .iter()
                .filter(|file| !self.settle.is_pending(file))
                .for_each(|file| self.tree.consider(file, false));
            self.audit = Instant::now() + self.intervals.audit;
        }
        self.take_found(now);
    }

    fn check_kept(&mut self, health: Health) {
        for folder in self.tree.kept(health) {
            self.tree.sync(&folder, false);
        }
    }

    /// Looks at every file that is due; hints that come in meanwhile call for another look before anything is said.
    fn look(&mut self) {
        for _ in 0..ROUNDS {
            let due = self.settle.due(Instant::now());
            if due.is_empty() {
                return;
            }
            let decided: Vec<Decided> =
                due.into_iter().filter_map(|(path, phase)| self.look_at(path, phase)).collect();
            self.listen();
            for one in decided {
                if self.settle.rejoin(&one.path, &one.phase, &one.outcome) {
                    continue;
                }
                // Nobody tells that a file has gone with its folder if the tree does not know it yet.
                match one.save.is_some() && !one.path.exists() {
                    true => self.signal(&one.path, Signal::Left, Instant::now()),
                    false => self.decide(one),
                }
            }
        }
    }

    fn look_at(&mut self, path: PathBuf, phase: Phase) -> Option<Decided> {
        let local = !self.tree.is_polled(&path);
        let look =
            if phase.is_just_closed() { look_again(&path, local) } else { look(&path, local) };
        let (phase, outcome) =
            self.settle.looked(&path, phase, look, self.tree.seen(&path), Instant::now())?;
        let save = match outcome {
            Outcome::Changed(_, Some(stamp)) => Some(Save::of(&path, stamp)),
            _ => None,
        };
        Some(Decided { path, phase, outcome, save })
    }

    fn decide(&mut self, Decided { path, phase, outcome, save }: Decided) {
        match outcome {
            Outcome::Pending(_) | Outcome::Nothing => {}
            Outcome::Folder => self.became_folder(&path, phase.first),
            Outcome::Changed(kind, _) => self.changed(path, kind, save, phase.first),
        }
    }

    /// A name leads to a folder now; a file that was there is gone.
    fn became_folder(&mut self, path: &Path, first: Instant) {
        if self.tree.seen(path).is_some() {
            self.changed(path.to_owned(), ChangeKind::Removed, None, first);
        }
        self.tree.sync(path, false);
        self.take_found(Instant::now());
    }

    fn changed(&mut self, path: PathBuf, kind: ChangeKind, save: Option<Save>, first: Instant) {
        self.tree.accept(&path, save.map(|save| save.stamp));
        let watches = self.tree.interest.watches(&path);
        if watches.is_empty() {
            return;
        }
        self.locks.guard(&path, Instant::now());
        self.first = Some(self.first.map_or(first, |before| before.min(first)));
        self.ready.push(Change { path, kind, save, watches });
    }

    /// Hands over what is ready, unless a storm or git is still at it.
    fn flow(&mut self, locked: bool) {
        self.ask = None;
        if self.ready.is_empty() {
            return;
        }
        match self.burst.flow(locked || self.locks.held(), Instant::now()) {
            Flow::Wait(until) => self.ask = Some(until),
            Flow::Deliver => {
                let git = self.first.is_some_and(|first| self.locks.finished_since(first));
                if git { self.release() } else { self.deliver() }
            }
            Flow::Release => self.release(),
        }
    }

    /// Git is done: all its hints are there by now, and what it took away will not come back.
    fn release(&mut self) {
        self.listen();
        self.settle.hurry(Instant::now());
        self.look();
        self.deliver();
    }

    fn deliver(&mut self) {
        let seen = self.first.take().unwrap_or_else(Instant::now);
        let batch = Batch { changes: std::mem::take(&mut self.ready), seen };
        let none = Batch { changes: Vec::new(), seen };
        self.delivery.batch(deliver::fold(batch, none));
        self.locks.clear();
    }

    /// Says each thing once.
    fn say(&mut self) {
        for notice in std::mem::take(&mut self.tree.notices) {
            if self.said.insert(notice.topic()) {
                self.delivery.notice(notice);
            }
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests;
