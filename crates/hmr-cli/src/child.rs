//! The program's process, and the pair of sockets between it and us.

use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, WaitOptions, kill_process, wait};

use crate::descriptor;
use crate::message::Ask;
use crate::run::Input;
use crate::settings::Settings;
use crate::supervisor::Exit;

/// How long to wait for the last words of a program that is gone.
const LAST_WORDS: Duration = Duration::from_millis(200);

/// A running program.
pub struct Child {
    pid: Pid,
    socket: UnixStream,
    /// Ends when the program's end of the sockets is closed and all that it said has been handed on.
    heard: Receiver<()>,
}

impl Child {
    /// Starts the program. What its runtime says goes to `inputs`. It dies if the calling thread does. One that stands by
    /// boots, and waits for [`Ask::Go`].
    ///
    /// # Errors
    /// If Node cannot be started.
    pub fn start(
        settings: &Settings,
        takes_stdin: bool,
        stands_by: bool,
        inputs: &Sender<Input>,
    ) -> io::Result<Self> {
        let (ours, theirs) = UnixStream::pair()?;
        let theirs = theirs.into();
        let mut command = command(settings);
        let number = descriptor::hand_down(&theirs)?;
        let supervisor = format!("{}:{number}:{}", std::process::id(), u8::from(stands_by));
        command.env("NODE_ESM_HMR_SUPERVISOR", supervisor);
        command.env("NODE_ESM_HMR_LOG", settings.log.name());
        for name in ["NODE_ESM_HMR_NODE", "NODE_ESM_HMR_LAUNCHER"] {
            command.env_remove(name);
        }
        if takes_stdin {
            command.stdin(Stdio::null());
        }
        descriptor::die_with_parent(&mut command);
        let child = command.spawn()?;
        drop(theirs);
        let pid = Pid::from_raw(child.id() as i32).expect("a process has a number");
        let heard = hear(pid, ours.try_clone()?, inputs.clone())?;
        Ok(Self { pid, socket: ours, heard })
    }

    /// Its process.
    pub fn pid(&self) -> Pid {
        self.pid
    }

    /// Says something to its runtime, if that still hears.
    pub fn ask(&mut self, ask: Ask) {
        let line = serde_json::to_string(&ask).unwrap_or_default();
        let _ = self.socket.write_all(format!("{line}\n").as_bytes());
    }

    /// Sends it a signal.
    pub fn signal(&self, number: i32) {
        if let Some(signal) = Signal::from_named_raw(number) {
            // It may be gone by now.
            let _ = kill_process(self.pid, signal);
        }
    }

    /// Ends it, whatever it does.
    pub fn kill(&self) {
        // It may be gone by now.
        let _ = kill_process(self.pid, Signal::KILL);
    }

    /// Waits until all that the runtime said before its end has been handed on.
    pub fn hear_out(&self) {
        let _ = self.heard.recv_timeout(LAST_WORDS);
    }
}

/// Takes note of all children that have ended, adopted ones too.
pub fn reap() -> Vec<(Pid, Exit)> {
    let mut ended = Vec::new();
    while let Ok(Some((pid, status))) = wait(WaitOptions::NOHANG) {
        match (status.exit_status(), status.terminating_signal()) {
            (Some(code), _) => ended.push((pid, Exit::Code(code))),
            (_, Some(signal)) => ended.push((pid, Exit::Signal(signal))),
            _ => {}
        }
    }
    ended
}

/// Node with everything it is to run.
pub fn command(settings: &Settings) -> Command {
    let mut command = Command::new(&settings.node);
    if let Some(register) = &settings.register {
        command.args(["--import", register]);
    }
    command.args(&settings.node_flags);
    // Otherwise it would be taken for a flag.
    let is_odd =
        |entry: &OsString| entry.to_str().is_some_and(|text| text.starts_with('-') && text != "-");
    if settings.program.first().is_some_and(is_odd) {
        command.arg("--");
    }
    command.args(&settings.program);
    command
}

fn hear(pid: Pid, socket: UnixStream, inputs: Sender<Input>) -> io::Result<Receiver<()>> {
    let (speaking, heard) = channel();
    thread::Builder::new().name("runtime".into()).spawn(move || {
        let _speaking: Sender<()> = speaking;
        for line in BufReader::new(socket).lines() {
            let Ok(line) = line else { return };
            // Something that a later version of the runtime would say.
            let Ok(told) = serde_json::from_str(&line) else { continue };
            if inputs.send(Input::Told { pid, told }).is_err() {
                return;
            }
        }
    })?;
    Ok(heard)
}
