//! When is a save finished? One small state machine per path, without clock or file system.
//!
//! A path is *pending* from the first signal until a look at the file answers. Signals only decide when to look;
//! the look decides what happened. A close or a rename asks for a look at once; plain writes wait until they have
//! been silent for [`QUIET`]; a name that went away gets [`HOLD`] to come back, because editors and git replace
//! files by delete and create. A busy file stays pending for ever: nothing is ever discarded half written.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustc_hash::FxHashMap;

use crate::stamp::Stamp;

/// Silence after a write without a close before the file is looked at.
pub(crate) const QUIET: Duration =
    Duration::from_millis(if cfg!(target_os = "linux") { 25 } else { 4 });
/// How long a removed name may take to come back before it counts as removed.
pub(crate) const HOLD: Duration = Duration::from_millis(100);
/// Removals that began within this time are one.
const TOGETHER: Duration = Duration::from_millis(20);
/// First pause after a look at a busy file.
const SOON: Duration = Duration::from_micros(20);
/// Decisions given up in favour of a newer one; a file that is saved without end is reported in between.
const REJOINS: u32 = 8;
/// Longest pause between two looks at a busy file.
const BUSY: Duration = Duration::from_millis(250);

/// What happened to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChangeKind {
    /// It was not there before.
    Created,
    /// Its content was written or replaced.
    Modified,
    /// It is gone, and did not come back within 100 ms.
    Removed,
    /// It is not there, and was not there when anything was last reported of it, but may have been in between: whoever
    /// read it on its own account has to know. Temporary files end like this, too.
    Vanished,
    /// Only mode, owner, link count or other attributes changed.
    Attributes,
}

/// A hint about one path.
#[cfg_attr(
    all(not(target_os = "linux"), not(test)),
    expect(dead_code, reason = "only Linux tells of closed files")
)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signal {
    /// The name appeared: open for writing, or complete already (a hard link).
    Appeared,
    /// Content was written; the writer may still be at it.
    Written,
    /// A writer closed the file.
    Closed,
    /// A file was renamed to this name.
    Arrived,
    /// The name was deleted or renamed away.
    Left,
    /// Attributes changed.
    Touched,
    /// A scan saw that the file differs from what was last reported.
    Differs,
}

/// What a look at the file says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// Nobody has it open for writing.
    Steady(Stamp),
    /// Whether somebody writes cannot be known (not our file, or no leases here).
    Unsure(Stamp),
    /// Somebody has it open for writing, or it changed during the look.
    Busy,
    /// There is no such file.
    Missing,
    /// It is a folder.
    Folder,
}

/// What follows from a look.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Outcome {
    /// Look again later.
    Pending(Phase),
    /// Nothing to report.
    Nothing,
    /// The file changed; `None` as stamp when it is gone.
    Changed(ChangeKind, Option<Stamp>),
    /// It is a folder now: not ours to settle.
    Folder,
}

/// The state of one pending path.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Phase {
    /// Time of the first signal.
    pub(crate) first: Instant,
    look: Instant,
    written: bool,
    closed: bool,
    left: Option<Instant>,
    looks: u32,
    rejoined: u32,
    before: Option<Stamp>,
}

impl Phase {
    fn start(signal: Signal, now: Instant) -> Self {
        let idle = Self {
            first: now,
            look: now,
            written: false,
            closed: false,
            left: None,
            looks: 0,
            rejoined: 0,
            before: None,
        };
        idle.on(signal, now)
    }

    /// The state after `signal`.
    fn on(mut self, signal: Signal, now: Instant) -> Self {
        let came_back = self.left.is_some();
        self.looks = 0;
        match signal {
            Signal::Written => {
                Self { written: true, closed: false, left: None, look: now + QUIET, ..self }
            }
            Signal::Appeared => {
                Self { written: true, closed: false, left: None, look: now, ..self }
            }
            Signal::Arrived => Self { written: true, closed: true, left: None, look: now, ..self },
            Signal::Closed => Self { closed: true, left: None, look: now, ..self },
            Signal::Left => {
                // Told twice (by the folder and by its own end), it is still the first time that counts.
                let left = self.left.unwrap_or(now);
                Self { left: Some(left), look: left + HOLD, ..self }
            }
            Signal::Differs if came_back => Self { left: None, look: now, ..self },
            Signal::Touched | Signal::Differs => {
                self.look = self.look.min(now + QUIET);
                self
            }
        }
    }

    /// Whether the last signal was a close, and nobody has looked since.
    pub(crate) fn is_just_closed(&self) -> bool {
        self.closed && self.looks == 0
    }

    /// Whether it has been closed, and was busy all the same.
    fn is_closing(&self) -> bool {
        self.closed && self.looks > 0
    }

    /// The state after a look, given the stamp last reported for this path.
    fn after(self, look: Look, seen: Option<Stamp>, now: Instant) -> Outcome {
        match look {
            Look::Folder => Outcome::Folder,
            Look::Missing => self.missing(seen, now),
            Look::Busy => {
                // The kernel says "closed" a moment before it lets go of the file: look again soon, then ever later.
                let pause = (SOON * 2_u32.pow(self.looks.min(16))).min(BUSY);
                Outcome::Pending(Self { looks: self.looks + 1, look: now + pause, ..self })
            }
            Look::Unsure(stamp) if !self.closed && self.before != Some(stamp) => {
                Outcome::Pending(Self { before: Some(stamp), look: now + QUIET, ..self })
            }
            Look::Unsure(stamp) | Look::Steady(stamp) => self.steady(stamp, seen),
        }
    }

    fn missing(self, seen: Option<Stamp>, now: Instant) -> Outcome {
        let left = self.left.unwrap_or(now);
        if now + TOGETHER >= left + HOLD {
            let kind = if seen.is_some() { ChangeKind::Removed } else { ChangeKind::Vanished };
            return Outcome::Changed(kind, None);
        }
        Outcome::Pending(Self { left: Some(left), look: left + HOLD, ..self })
    }

    fn steady(self, stamp: Stamp, seen: Option<Stamp>) -> Outcome {
        let kind = match seen {
            None => ChangeKind::Created,
            // Equal times prove nothing after a write: clocks of file systems tick in milliseconds.
            Some(seen) if self.written || !seen.same_content(&stamp) => ChangeKind::Modified,
            Some(seen) if seen != stamp => ChangeKind::Attributes,
            Some(_) => return Outcome::Nothing,
        };
        Outcome::Changed(kind, Some(stamp))
    }
}

/// All pending paths.
#[derive(Debug, Default)]
pub(crate) struct Settle {
    pending: FxHashMap<PathBuf, Phase>,
}

impl Settle {
    /// Takes a hint; `true` when the path was not pending before.
    pub(crate) fn signal(&mut self, path: &Path, signal: Signal, now: Instant) -> bool {
        if let Some(phase) = self.pending.get_mut(path) {
            *phase = phase.clone().on(signal, now);
            return false;
        }
        self.pending.insert(path.to_owned(), Phase::start(signal, now));
        true
    }

    /// Whether the path waits for a look.
    pub(crate) fn is_pending(&self, path: &Path) -> bool {
        self.pending.contains_key(path)
    }

    /// Takes out the paths whose look is due. Removals that began within [`TOGETHER`] of one that is
    /// due are one removal, of a folder for example: they come with it. So does a closed file that the kernel had not let
    /// go of: it may have since, and what was saved after it is not to be told before it.
    pub(crate) fn due(&mut self, now: Instant) -> Vec<(PathBuf, Phase)> {
        let removal_is_due =
            self.pending.values().any(|phase| phase.left.is_some() && phase.look <= now);
        let horizon = if removal_is_due { now + TOGETHER } else { now };
        let any_is_due = self.pending.values().any(|phase| phase.look <= now);
        let is_due = |phase: &Phase| {
            phase.look <= now
                || (phase.left.is_some() && phase.look <= horizon)
                || (any_is_due && phase.is_closing())
        };
        self.pending.extract_if(|_, phase| is_due(phase)).collect()
    }

    /// Feeds the answer for a path taken by [`Settle::due`]; gives phase and outcome when it is decided.
    pub(crate) fn looked(
        &mut self,
        path: &Path,
        phase: Phase,
        look: Look,
        seen: Option<Stamp>,
        now: Instant,
    ) -> Option<(Phase, Outcome)> {
        match phase.clone().after(look, seen, now) {
            Outcome::Pending(phase) => {
                self.pending.insert(path.to_owned(), phase);
                None
            }
            outcome => Some((phase, outcome)),
        }
    }

    /// Gives up a decision because newer signals came in during the look; `false` when there are none. What the
    /// given up phase knew about writes stays known.
    pub(crate) fn rejoin(&mut self, path: &Path, phase: &Phase, outcome: &Outcome) -> bool {
        let Some(newer) = self.pending.get_mut(path) else { return false };
        newer.written |= phase.written;
        newer.first = phase.first;
        let gone = matches!(outcome, Outcome::Changed(_, None));
        if let (true, Some(_), Some(left)) = (gone, newer.left, phase.left) {
            (newer.left, newer.look) = (Some(left), left + HOLD);
        }
        newer.rejoined = phase.rejoined + 1;
        newer.rejoined <= REJOINS
    }

    /// Makes every held removal due: whoever removed these files is known to be done.
    pub(crate) fn hurry(&mut self, now: Instant) {
        for phase in self.pending.values_mut().filter(|phase| phase.left.is_some()) {
            phase.left = now.checked_sub(HOLD);
            phase.look = now;
        }
    }

    /// When the next look is due.
    pub(crate) fn next(&self) -> Option<Instant> {
        self.pending.values().map(|phase| phase.look).min()
    }

    /// Drops the paths that `keep` refuses.
    pub(crate) fn retain(&mut self, keep: impl Fn(&Path) -> bool) {
        self.pending.retain(|path, _| keep(path));
    }
}

#[cfg(test)]
mod tests;
