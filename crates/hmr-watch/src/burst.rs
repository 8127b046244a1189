//! One batch or many? Decides when finished changes are handed over. Pure: the clock and the lock are arguments.
//!
//! A single save goes out at once. Eight or more files within 5 ms are a storm (a checkout, a formatter, a build)
//! and go out as one batch when it has been silent for 20 ms, after 500 ms at the latest. While git holds its index
//! lock everything waits for it: between the first and the last file of a checkout the tree is a mixture of two.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

const STORM: usize = 8;
const STORM_SPAN: Duration = Duration::from_millis(5);
const STORM_IDLE: Duration = Duration::from_millis(20);
const STORM_MOST: Duration = Duration::from_millis(500);
/// How often a held git lock is looked at.
const LOCK_LOOK: Duration = Duration::from_millis(4);
/// Silence after which a git lock no longer holds changes back: whoever holds it is not writing files.
/// Long, because a checkout may write thousands of files between two of interest.
const LOCK_IDLE: Duration = Duration::from_secs(2);
/// Longest time a git lock can hold changes back.
const LOCK_MOST: Duration = Duration::from_secs(10);

/// What to do with finished changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flow {
    /// Hand them over now.
    Deliver,
    /// Hand them over now; a lock was let go, so removals need no further hold.
    Release,
    /// Ask again at this time.
    Wait(Instant),
}

/// State of the stream of changes.
#[derive(Debug, Default)]
pub(crate) struct Burst {
    starts: VecDeque<Instant>,
    storm: Option<Instant>,
    locked: Option<Instant>,
    last: Option<Instant>,
}

impl Burst {
    /// A file became pending.
    pub(crate) fn started(&mut self, now: Instant) {
        self.starts.push_back(now);
        if self.starts.len() > STORM {
            self.starts.pop_front();
        }
        let first = self.starts[0];
        if self.storm.is_none()
            && self.starts.len() == STORM
            && now.duration_since(first) <= STORM_SPAN
        {
            self.storm = Some(first);
        }
    }

    /// Something happened to a file of interest.
    pub(crate) fn stirred(&mut self, now: Instant) {
        self.last = Some(now);
    }

    /// Decides about changes that are ready.
    pub(crate) fn flow(&mut self, locked: bool, now: Instant) -> Flow {
        let last = self.last.unwrap_or(now);
        if locked {
            let since = *self.locked.get_or_insert(now);
            if now < last + LOCK_IDLE && now < since + LOCK_MOST {
                return Flow::Wait(now + LOCK_LOOK);
            }
        } else if self.locked.is_some() {
            *self = Self { last: self.last, ..Self::default() };
            return Flow::Release;
        }
        match self.storm {
            Some(start) if now < last + STORM_IDLE && now < start + STORM_MOST => {
                Flow::Wait((last + STORM_IDLE).min(start + STORM_MOST))
            }
            _ => {
                self.storm = None;
                self.starts.clear();
                Flow::Deliver
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn a_single_file_is_not_delayed() {
        let t = Instant::now();
        let mut burst = Burst::default();
        burst.started(t);
        burst.stirred(t);
        assert_eq!(burst.flow(false, t), Flow::Deliver);
    }

    #[test]
    fn a_storm_is_one_batch() {
        let t = Instant::now();
        let mut burst = Burst::default();
        for _ in 0..8 {
            burst.started(t);
        }
        burst.stirred(t);
        assert_eq!(burst.flow(false, t), Flow::Wait(t + ms(20)));
        burst.stirred(t + ms(19));
        assert_eq!(burst.flow(false, t + ms(20)), Flow::Wait(t + ms(39)));
        assert_eq!(burst.flow(false, t + ms(39)), Flow::Deliver);
    }

    #[test]
    fn an_endless_storm_is_cut() {
        let t = Instant::now();
        let mut burst = Burst::default();
        for _ in 0..8 {
            burst.started(t);
        }
        burst.stirred(t + ms(499));
        assert_eq!(burst.flow(false, t + ms(499)), Flow::Wait(t + ms(500)));
        assert_eq!(burst.flow(false, t + ms(500)), Flow::Deliver);
    }

    #[test]
    fn slow_saves_are_no_storm() {
        let t = Instant::now();
        let mut burst = Burst::default();
        for n in 0..20 {
            burst.started(t + ms(n));
        }
        assert_eq!(burst.flow(false, t + ms(20)), Flow::Deliver);
    }

    #[test]
    fn a_lock_holds_and_its_end_releases() {
        let t = Instant::now();
        let mut burst = Burst::default();
        burst.stirred(t);
        assert_eq!(burst.flow(true, t), Flow::Wait(t + ms(4)));
        assert_eq!(burst.flow(false, t + ms(4)), Flow::Release);
        assert_eq!(burst.flow(false, t + ms(4)), Flow::Deliver);
    }

    #[test]
    fn an_idle_lock_does_not_hold_for_ever() {
        let t = Instant::now();
        let mut burst = Burst::default();
        burst.stirred(t);
        assert_eq!(burst.flow(true, t), Flow::Wait(t + ms(4)));
        assert_eq!(burst.flow(true, t + ms(2000)), Flow::Deliver);
    }
}
