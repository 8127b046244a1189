//! What comes into the supervisor and out of it.

use crate::message::{Reason, Told};
use crate::report::Report;

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// By itself.
    Code(i32),
    /// Killed by this signal.
    Signal(i32),
}

/// Signals that matter here, whatever their numbers are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Ctrl-C.
    Interrupt,
    /// What ends a program in an orderly way.
    Terminate,
    /// The terminal is gone.
    HangUp,
    /// Ctrl-\.
    Quit,
}

/// A key of the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// Restart, by force if that does not come about.
    Restart,
    /// Pause or resume.
    Pause,
    /// Clear the terminal.
    Clear,
    /// Show the keys.
    Help,
    /// End everything.
    Quit,
}

/// What has happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The program's process is gone.
    Ended(Exit),
    /// Nothing that it started is left.
    Alone,
    /// Something is.
    NotAlone,
    /// The runtime said something.
    Told(Told),
    /// Files have other contents.
    Changed(Reason),
    /// Somebody wants the program, and this one, to end. What comes from the terminal, the program gets, too.
    Stop {
        /// The signal.
        signal: Stop,
        /// It was sent to all processes of the terminal.
        to_all: bool,
    },
    /// A key was pressed.
    Key(Key),
    /// A time that was asked for has come.
    Time,
}

/// What is to be done. In order.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Start the program.
    Start,
    /// Ask the runtime to dispose what runs, and to say so.
    Dispose,
    /// Send a signal to the program's process.
    Signal(Stop),
    /// Tell what the program has started, and what is left now, to end; then look who is left.
    EndRest,
    /// Kill the program and all it has started; then look who is left.
    Kill,
    /// Tell the runtime to hold changes back, or to apply them again.
    Pause(bool),
    /// Watch all that the program consisted of: nothing runs.
    WatchAll,
    /// Print, and tell who follows.
    Say(Report),
    /// Clear the terminal, if that is wanted at a restart (`false`) or now (`true`).
    Clear(bool),
    /// End as the program has ended.
    Leave(Exit),
}

impl Stop {
    /// Its number, the same on all systems that have it.
    pub fn number(self) -> i32 {
        match self {
            Self::HangUp => 1,
            Self::Interrupt => 2,
            Self::Quit => 3,
            Self::Terminate => 15,
        }
    }
}
