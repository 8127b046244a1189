//! Keys from the terminal, if the user wants that: the program gets no stdin then.

use std::io::{self, BufReader, Read};
use std::sync::mpsc::Sender;
use std::thread;

use rustix::process::getpgrp;
use rustix::stdio::stdin;
use rustix::termios::{
    LocalModes, OptionalActions, Termios, isatty, tcgetattr, tcgetpgrp, tcsetattr,
};

use crate::run::Input;
use crate::supervisor::Key;

/// The terminal as it was: it is so again when this is dropped.
pub struct Keyboard {
    before: Termios,
}

impl Keyboard {
    /// Takes keys from now on; nothing if stdin is no terminal, or not ours to read.
    pub fn take(inputs: Sender<Input>) -> Option<Self> {
        let is_ours = isatty(stdin()) && tcgetpgrp(stdin()).is_ok_and(|group| group == getpgrp());
        let keyboard = Self { before: is_ours.then(|| tcgetattr(stdin()).ok())?? };
        keyboard.set().ok()?;
        thread::Builder::new()
            .name("keys".into())
            .spawn(move || {
                for byte in BufReader::new(io::stdin()).bytes().map_while(Result::ok) {
                    if inputs.send(Input::Key(key(byte))).is_err() {
                        return;
                    }
                }
            })
            .ok()?;
        Some(keyboard)
    }

    /// Single keys, not shown. Signals and output stay as they are.
    pub fn set(&self) -> io::Result<()> {
        let mut now = self.before.clone();
        now.local_modes.remove(LocalModes::ICANON | LocalModes::ECHO);
        Ok(tcsetattr(stdin(), OptionalActions::Now, &now)?)
    }
}

impl Drop for Keyboard {
    fn drop(&mut self) {
        let _ = tcsetattr(stdin(), OptionalActions::Now, &self.before);
    }
}

fn key(byte: u8) -> Option<Key> {
    match byte.to_ascii_lowercase() {
        b'r' => Some(Key::Restart),
        b'p' => Some(Key::Pause),
        b'c' => Some(Key::Clear),
        b'h' | b'?' => Some(Key::Help),
        b'q' => Some(Key::Quit),
        _ => None,
    }
}
