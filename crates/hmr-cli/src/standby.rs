//! A Node that has booted, with the runtime in it, and waits to become the program: a restart then takes only what the
//! program itself takes.

use std::io;
use std::sync::mpsc::Sender;

use rustix::process::Pid;

use crate::child::Child;
use crate::files::{self, Contents};
use crate::message::Ask;
use crate::run::Input;
use crate::settings::Settings;

/// A process that waits.
pub struct Standby {
    child: Child,
    /// What it may have read while it booted: `.env` files, package.json, preloaded modules and the like.
    read: Contents,
}

impl Standby {
    /// Boots one. `contents` is what it may read meanwhile.
    ///
    /// # Errors
    /// If Node cannot be started.
    pub fn boot(
        settings: &Settings,
        takes_stdin: bool,
        inputs: &Sender<Input>,
        contents: Contents,
    ) -> io::Result<Self> {
        let child = Child::start(settings, takes_stdin, true, inputs)?;
        Ok(Self { child, read: contents })
    }

    /// Its process.
    pub fn pid(&self) -> Pid {
        self.child.pid()
    }

    /// Makes it the program, unless it would read something else by now: then it ends.
    pub fn go(mut self) -> Option<Child> {
        if !files::are_same(&self.read) {
            self.child.kill();
            return None;
        }
        self.child.ask(Ask::Go);
        Some(self.child)
    }
}
