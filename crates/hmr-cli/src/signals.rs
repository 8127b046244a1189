//! Signals of the system, as inputs of the loop.

use std::io;
use std::sync::mpsc::Sender;
use std::thread;

use signal_hook::consts::{SIGCHLD, SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2};
use signal_hook::iterator::SignalsInfo;
#[cfg(not(target_os = "linux"))]
use signal_hook::iterator::exfiltrator::SignalOnly as Exfiltrator;
#[cfg(target_os = "linux")]
use signal_hook::iterator::exfiltrator::origin::WithOrigin as Exfiltrator;

use crate::run::Input;
use crate::supervisor::Stop;

/// Receives signals from now on, on a thread of its own. Those that whoever started this process has switched off
/// (`nohup`, a background job) stay so.
///
/// # Errors
/// Of the system.
pub fn receive(inputs: Sender<Input>) -> io::Result<()> {
    let wanted = [SIGCHLD, SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2];
    let ignored = ignored();
    let wanted = wanted.into_iter().filter(|signal| ignored & (1 << (signal - 1)) == 0);
    let mut signals = SignalsInfo::<Exfiltrator>::new(wanted)?;
    thread::Builder::new().name("signals".into()).spawn(move || {
        for received in &mut signals {
            let (signal, to_all) = origin(&received);
            // Fails when the loop is over.
            let _ = inputs.send(input(signal, to_all));
        }
    })?;
    Ok(())
}

fn input(signal: i32, to_all: bool) -> Input {
    let stop = |signal| Input::Stop { signal, to_all };
    match signal {
        SIGCHLD => Input::ChildChanged,
        SIGCONT => Input::Continued,
        SIGHUP => stop(Stop::HangUp),
        SIGINT => stop(Stop::Interrupt),
        SIGQUIT => stop(Stop::Quit),
        SIGTERM => stop(Stop::Terminate),
        other => Input::PassOn(other),
    }
}

/// A signal, and whether it comes from the terminal, which sends it to all its processes.
#[cfg(target_os = "linux")]
fn origin(received: &signal_hook::low_level::siginfo::Origin) -> (i32, bool) {
    (received.signal, received.cause == signal_hook::low_level::siginfo::Cause::Kernel)
}

/// Elsewhere it is taken to come from there, if there is one.
#[cfg(not(target_os = "linux"))]
fn origin(received: &i32) -> (i32, bool) {
    let is_of_keys = [SIGINT, SIGQUIT].contains(received);
    (*received, is_of_keys && rustix::termios::isatty(rustix::stdio::stdin()))
}

/// Signals that are ignored, as a set of bits.
#[cfg(target_os = "linux")]
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    line.and_then(|set| u64::from_str_radix(set.trim(), 16).ok()).unwrap_or(0)
}

#[cfg(not(target_os = "linux"))]
fn ignored() -> u64 {
    0
}
