//! One batch or many? Decides when finished changes are handed over. Pure: the clock and the lock are arguments.
//!
//! A single save goes out at once. Eight files within 5 ms or sixteen within 25 ms are a storm (a checkout, a formatter, a
//! build) and go out as one batch when it has been silent for 10 to 20 ms, after 500 ms at the latest. While git holds its index
//! lock everything waits for it: between the first and the last file of a checkout the tree is a mixture of two.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// So many files within such a time are a storm. The second one is for busy machines.
const STORMS: [(usize, Duration); 2] =
    [(8, Duration::from_millis(5)), (16, Duration::from_millis(25))];
/// The largest of these numbers.
const MOST_STARTS: usize = 16;
/// Silence that ends a storm: some times the pause between two of its files, within these bounds.
const STORM_PAUSES: u32 = 8;
const STORM_IDLE: [Duration; 2] = [Duration::from_millis(10), Duration::from_millis(20)];
const STORM_MOST: Duration = Duration::from_millis(500);
/// How often a held git lock is looked at.
const LOCK_LOOK: Duration = Duration::from_millis(4);
/// Silence after which a git lock no longer holds changes back: whoever holds it is not writing files.
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
    /// Something happened to any file at all.
    noise: Option<Instant>,
}

impl Burst {
    /// A file became pending.
    pub(crate) fn started(&mut self, now: Instant) {
        self.starts.push_back(now);
        if self.starts.len() > MOST_STARTS {
            self.starts.pop_front();
        }
        let first_of = |count: usize| {
            self.starts.len().checked_sub(count).and_then(|at| self.starts.get(at)).copied()
        };
        let mut storms = STORMS.iter().filter_map(|&(count, span)| {
            first_of(count).filter(|&first| now.duration_since(first) <= span)
        });
        if self.storm.is_none() {
            self.storm = storms.next();
        }
    }

    fn idle(&self) -> Duration {
        let (first, last) = (self.starts.front(), self.starts.back());
        let span = first.zip(last).map_or(Duration::ZERO, |(first, last)| *last - *first);
        let pause = span / (self.starts.len().max(2) as u32 - 1);
        (pause * STORM_PAUSES).clamp(STORM_IDLE[0], STORM_IDLE[1])
    }

    /// Something happened to a file of interest.
    pub(crate) fn stirred(&mut self, now: Instant) {
        self.last = Some(now);
    }

    /// Something happened to a file that nobody wants. It may be a part of what holds a lock.
    pub(crate) fn noticed(&mut self, now: Instant) {
        self.noise = Some(now);
    }

    /// Decides about changes that are ready.
    pub(crate) fn flow(&mut self, locked: bool, now: Instant) -> Flow {
        let last = self.last.unwrap_or(now);
        if locked {
            let since = *self.locked.get_or_insert(now);
            if now < self.noise.unwrap_or(last).max(last) + LOCK_IDLE && now < since + LOCK_MOST {
                return Flow::Wait(now + LOCK_LOOK);
            }
        } else if self.locked.is_some() {
            *self = Self { last: self.last, ..Self::default() };
            return Flow::Release;
        }
        match self.storm {
            Some(start) if now < last + self.idle() && now < start + STORM_MOST => {
                Flow::Wait((last + self.idle()).min(start + STORM_MOST))
            }
            storm => {
                if storm.is_some() {
                    self.starts.clear();
                }
                self.storm = None;
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
        assert_eq!(burst.flow(false, t), Flow::Wait(t + ms(10)));
        burst.stirred(t + ms(9));
        assert_eq!(burst.flow(false, t + ms(10)), Flow::Wait(t + ms(19)));
        assert_eq!(burst.flow(false, t + ms(19)), Flow::Deliver);
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
            burst.started(t + ms(2 * n));
        }
        assert_eq!(burst.flow(false, t + ms(40)), Flow::Deliver);
    }

    #[test]
    fn files_that_go_out_one_by_one_become_a_storm() {
        let t = Instant::now();
        let mut burst = Burst::default();
        for n in 0..16 {
            let flow = burst.flow(false, t + ms(n));
            assert_eq!(flow, Flow::Deliver, "{n}");
            burst.started(t + ms(n));
            burst.stirred(t + ms(n));
        }
        assert_eq!(burst.flow(false, t + ms(15)), Flow::Wait(t + ms(25)));
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
    fn a_lock_holds_while_other_files_are_written() {
        let t = Instant::now();
        let mut burst = Burst::default();
        burst.stirred(t);
        burst.noticed(t + ms(1500));
        assert_eq!(burst.flow(true, t), Flow::Wait(t + ms(4)));
        assert_eq!(burst.flow(true, t + ms(3000)), Flow::Wait(t + ms(3004)));
        assert_eq!(burst.flow(true, t + ms(3500)), Flow::Deliver);
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
