//! Descriptors that were handed down: the one place of this crate with unsafe code.

use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, OwnedFd};
use std::process::Command;

use rustix::io::{FdFlags, fcntl_dupfd_cloexec, fcntl_setfd};

/// The descriptor `number` that whoever started this process has left open. The program does not get it.
///
/// # Errors
/// If it is not open.
pub fn inherited(number: i32) -> io::Result<File> {
    // SAFETY: the descriptor is only borrowed for this call, and a number that is not open is an error of it. The standard
    // library owns none of these numbers: they were open before the process began, or it would refuse to close them.
    let borrowed = unsafe { BorrowedFd::borrow_raw(number) };
    let own = fcntl_dupfd_cloexec(borrowed, 3)?;
    if number > 2 {
        fcntl_setfd(borrowed, FdFlags::CLOEXEC)?;
    }
    Ok(File::from(own))
}

/// Leaves `end` open in the programs that are started until it is dropped. Returns its number there.
///
/// # Errors
/// Of the system.
pub fn hand_down(end: &OwnedFd) -> io::Result<i32> {
    fcntl_setfd(end, FdFlags::empty())?;
    Ok(end.as_raw_fd())
}

/// Ends this process, as SIGTERM does, when its parent is killed: the launcher of the package, or the shell of a package
/// manager, which ends that shell alone.
pub fn end_with_parent() {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Pid, Signal, getppid, set_parent_process_death_signal};
        let launcher = std::env::var("NODE_ESM_HMR_LAUNCHER").ok().and_then(|pid| pid.parse().ok());
        let is_launched = launcher.is_some() && launcher == getppid().map(Pid::as_raw_pid);
        if is_launched || std::env::var_os("npm_config_user_agent").is_some() {
            let _ = set_parent_process_death_signal(Some(Signal::TERM));
        }
    }
}

/// The program dies with the thread that starts it, whatever kills that.
pub fn die_with_parent(command: &mut Command) {
    #[cfg(target_os = "linux")]
    {
        use std::os::unix::process::CommandExt;

        use rustix::process::{Signal, getppid, set_parent_process_death_signal};
        let parent = rustix::process::getpid();
        let set = move || {
            set_parent_process_death_signal(Some(Signal::KILL))?;
            // It may have died before that.
            if getppid() == Some(parent) { Ok(()) } else { Err(io::ErrorKind::BrokenPipe.into()) }
        };
        // SAFETY: two system calls without allocation or locks, which is what may run between fork and exec.
        unsafe { command.pre_exec(set) };
    }
    #[cfg(not(target_os = "linux"))]
    let _ = command;
}
