//! A row of crashes, and how far it sets the next start back.
//!
//! Counted from one start to the next, so that whoever saves at the speed of people never waits.

use std::time::Duration;

use super::Exit;

/// After the second crash in a row starts are this far apart, and twice as far after each next one.
const APART: Duration = Duration::from_millis(100);
const APART_MOST: Duration = Duration::from_secs(2);
/// A program that has run for so long starts a new row.
const LONG_RUN: Duration = Duration::from_secs(10);

/// Crashes in a row.
#[derive(Clone, Copy, Debug, Default)]
pub struct Crashes(u32);

impl Crashes {
    /// The program has ended by itself after this time.
    pub fn count(&mut self, exit: Exit, ran: Duration) {
        self.0 = match exit {
            Exit::Code(0) => 0,
            _ if ran >= LONG_RUN => 1,
            _ => self.0 + 1,
        };
    }

    /// How far the next start has to be from the last one.
    pub fn apart(self) -> Duration {
        match self.0 {
            0 | 1 => Duration::ZERO,
            crashes => (APART * 2_u32.pow((crashes - 2).min(8))).min(APART_MOST),
        }
    }
}
