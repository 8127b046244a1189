//! What is told: lines for people on stderr, and objects for programs. One closed type, one function for each form.
//!
//! Nothing is ever written to stdout, which is the program's.

use std::fs::File;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};

use crate::message::Reason;
use crate::supervisor::Exit;

/// Something to be told.
#[derive(Clone, Debug, PartialEq)]
pub enum Report {
    /// The program has been started.
    Started {
        /// Its process.
        pid: u32,
    },
    /// It ended by itself, without complaint. `waits`: for changes.
    Done {
        /// A change starts it again.
        waits: bool,
    },
    /// It failed.
    Crashed {
        /// How.
        exit: Exit,
        /// The error it ended with, as far as it is known.
        error: Option<String>,
        /// A change starts it again.
        waits: bool,
    },
    /// It is to be started again.
    Restarting {
        /// Why.
        reason: Reason,
        /// The runtime has printed it already.
        by_runtime: bool,
    },
    /// The next start has to wait.
    BackingOff(Duration),
    /// The runtime does not answer and may be paused by a debugger.
    NoAnswer,
    /// The program did not end in time and is killed.
    GraceOver,
    /// It is killed since somebody insists.
    Killing,
    /// Changes are held back, or applied again.
    Paused(bool),
    /// The keys.
    Help,
    /// The watcher has something to say.
    Notice(String),
    /// Something that the runtime has told, and printed.
    Event(Value),
}

impl Report {
    /// The runtime knows more about it and prints it.
    fn is_printed_by_runtime(&self) -> bool {
        matches!(self, Self::Event(_) | Self::Restarting { by_runtime: true, .. })
    }
}

/// In which form things are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Log {
    /// For people.
    Pretty,
    /// An object per line.
    Json,
    /// Not at all.
    Silent,
}

impl Log {
    /// The form with this name.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "pretty" => Some(Self::Pretty),
            "json" => Some(Self::Json),
            "silent" => Some(Self::Silent),
            _ => None,
        }
    }

    /// As the runtime knows it, in `NODE_ESM_HMR_LOG`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pretty => "pretty",
            Self::Json => "json",
            Self::Silent => "silent",
        }
    }
}

/// Prints, and tells who follows.
pub struct Reporter {
    log: Log,
    cwd: PathBuf,
    followers: Option<File>,
}

impl Reporter {
    /// `followers` gets an object per line for all that happens.
    pub fn new(log: Log, cwd: PathBuf, followers: Option<File>) -> Self {
        Self { log, cwd, followers }
    }

    /// Tells one thing.
    pub fn tell(&mut self, report: &Report) {
        let object = object(report);
        if let (Some(file), Some(object)) = (&mut self.followers, &object)
            && writeln!(file, "{object}").is_err()
        {
            // Nobody reads any more.
            self.followers = None;
        }
        if report.is_printed_by_runtime() {
            return;
        }
        match self.log {
            Log::Silent => {}
            Log::Json => object.iter().for_each(|object| self.print(&object.to_string())),
            Log::Pretty => {
                let text = text(report, &self.cwd);
                text.iter().for_each(|text| self.print(&format!("{}  {text}", label())));
            }
        }
    }

    /// Clears the terminal, where there is one.
    pub fn clear(&self) {
        if std::io::stderr().is_terminal() {
            let _ = std::io::stderr().write_all(b"\x1b[2J\x1b[3J\x1b[H");
        }
    }

    /// In one piece: the program writes there, too.
    fn print(&self, line: &str) {
        let _ = std::io::stderr().write_all(format!("{line}\n").as_bytes());
    }
}

/// What people read, if they want to know it.
fn text(report: &Report, cwd: &Path) -> Option<String> {
    let waiting = |waits: bool| if waits { ": waiting for changes" } else { "" };
    Some(match report {
        Report::Started { .. } | Report::Event(_) => return None,
        Report::Restarting { reason, .. } => format!("restart: {}", because(reason, cwd)),
        Report::Done { waits: false } => return None,
        Report::Done { waits } => format!("the program has ended{}", waiting(*waits)),
        Report::Crashed { exit, error, waits } => {
            let error = error.as_ref().map(|error| format!(" ({error})")).unwrap_or_default();
            format!("the program {}{error}{}", ending(*exit), waiting(*waits))
        }
        Report::BackingOff(pause) => {
            format!("it keeps failing: starting in {:.1} s", pause.as_secs_f64())
        }
        Report::NoAnswer => "the program does not answer, it may be paused at a breakpoint: it is restarted when it \
                             goes on (key r: now)"
            .into(),
        Report::GraceOver => "the program did not end in time: killed".into(),
        Report::Killing => "killed".into(),
        Report::Paused(true) => "paused: changes wait (key p: go on)".into(),
        Report::Paused(false) => "changes are applied again".into(),
        Report::Help => "keys: r restart, p pause or go on, c clear, h help, q quit".into(),
        Report::Notice(text) => text.clone(),
    })
}

/// The same for programs; nothing for what only people want to know.
fn object(report: &Report) -> Option<Value> {
    Some(match report {
        Report::Started { pid } => json!({ "type": "start", "pid": pid }),
        Report::Done { .. } => json!({ "type": "exit", "code": 0 }),
        Report::Crashed { exit, error, .. } => {
            let (code, signal) = match *exit {
                Exit::Code(code) => (Some(code), None),
                Exit::Signal(signal) => (None, Some(signal_name(signal))),
            };
            json!({ "type": "crash", "code": code, "signal": signal, "error": error })
        }
        Report::Restarting { reason, .. } => json!({
            "type": "restart", "files": reason.files, "chain": reason.chain, "reason": reason.reason
        }),
        Report::BackingOff(pause) => {
            json!({ "type": "backoff", "milliseconds": pause.as_millis() as u64 })
        }
        Report::NoAnswer => json!({ "type": "no-answer" }),
        Report::GraceOver | Report::Killing => json!({ "type": "kill" }),
        Report::Paused(true) => json!({ "type": "pause" }),
        Report::Paused(false) => json!({ "type": "resume" }),
        Report::Help => return None,
        Report::Notice(text) => json!({ "type": "notice", "message": text }),
        Report::Event(event) => event.clone(),
    })
}

fn because(reason: &Reason, cwd: &Path) -> String {
    let named: Vec<_> = reason.files.iter().take(3).map(|file| short(file, cwd)).collect();
    match (named.is_empty(), reason.files.len().saturating_sub(named.len())) {
        (true, _) => reason.reason.clone(),
        (false, 0) => format!("{}: {}", named.join(", "), reason.reason),
        (false, more) => format!("{}, {more} more: {}", named.join(", "), reason.reason),
    }
}

fn ending(exit: Exit) -> String {
    match exit {
        Exit::Code(code) => format!("failed with exit code {code}"),
        Exit::Signal(signal) => format!("was ended by {}", signal_name(signal)),
    }
}

/// A file as it is shown: relative to the working directory if it is inside.
fn short(file: &Path, cwd: &Path) -> String {
    file.strip_prefix(cwd).unwrap_or(file).display().to_string()
}

fn signal_name(signal: i32) -> String {
    signal_hook::low_level::signal_name(signal)
        .map_or_else(|| format!("signal {signal}"), Into::into)
}

/// As the runtime prints it.
fn label() -> &'static str {
    let colored = match std::env::var("FORCE_COLOR") {
        Ok(force) if !force.is_empty() => force != "0",
        _ => {
            let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
            std::io::stderr().is_terminal() && !plain
        }
    };
    if colored { "\x1b[36mhmr\x1b[39m" } else { "hmr" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(report: Report, expected: &str, expected_object: Value) {
        assert_eq!(text(&report, "/app".as_ref()).unwrap_or_default(), expected);
        assert_eq!(object(&report).unwrap_or_default(), expected_object);
    }

    #[test]
    fn what_people_and_programs_are_told() {
        check(
            Report::Crashed { exit: Exit::Code(1), error: Some("Error: x".into()), waits: true },
            "the program failed with exit code 1 (Error: x): waiting for changes",
            json!({ "type": "crash", "code": 1, "signal": null, "error": "Error: x" }),
        );
        check(
            Report::Crashed { exit: Exit::Signal(9), error: None, waits: false },
            "the program was ended by SIGKILL",
            json!({ "type": "crash", "code": null, "signal": "SIGKILL", "error": null }),
        );
        let files = ["/app/a", "/b", "/app/c", "/app/d"].map(PathBuf::from).to_vec();
        let reason = Reason { files, chain: Vec::new(), reason: "changed".into() };
        check(
            Report::Restarting { reason: reason.clone(), by_runtime: false },
            "restart: a, /b, c, 1 more: changed",
            json!({ "type": "restart", "files": reason.files, "chain": [], "reason": "changed" }),
        );
    }

    #[test]
    fn what_the_runtime_has_printed_is_not_printed_again() {
        let report = |by_runtime| Report::Restarting { reason: Reason::default(), by_runtime };
        assert!(report(true).is_printed_by_runtime());
        assert!(!report(false).is_printed_by_runtime());
    }
}
