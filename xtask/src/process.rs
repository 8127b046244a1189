//! Running other programs from the root of the repository.
//!
//! Their output is never hidden: it passes through as it comes, and [`record`] keeps a copy for what
//! has to be read from it.

use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Command, ExitCode, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use anyhow::{Context, Result, bail};

use crate::repository;

/// What a program printed and whether it succeeded.
pub struct Recorded {
    /// The program ended by itself with exit code 0.
    pub success: bool,
    /// Standard output and standard error in the order in which they came.
    pub output: String,
}

/// Runs `command` and fails unless it exits with 0.
pub fn run(command: &mut Command) -> Result<()> {
    let status = status(command)?;
    if !status.success() {
        bail!("{} failed: {status}", describe(command));
    }
    Ok(())
}

/// Runs `command` with this terminal and hands its exit code on.
pub fn exit_code(command: &mut Command) -> Result<ExitCode> {
    let code = status(command)?.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

/// Runs `command`, passing its output through and keeping a copy; it gets no standard input.
pub fn record(command: &mut Command) -> Result<Recorded> {
    println!("$ {}", describe(command));
    command.current_dir(repository::root()).stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().with_context(|| format!("starting {}", describe(command)))?;

    let copy = Arc::new(Mutex::new(Vec::new()));
    let readers = [
        pass_through(child.stdout.take().expect("piped"), io::stdout(), Arc::clone(&copy)),
        pass_through(child.stderr.take().expect("piped"), io::stderr(), Arc::clone(&copy)),
    ];
    for reader in readers {
        reader.join().expect("a reader does not panic")?;
    }
    let success = child.wait()?.success();
    let bytes = copy.lock().expect("no reader panicked");
    Ok(Recorded { success, output: String::from_utf8_lossy(&bytes).into_owned() })
}

/// The command line of `command` for people: paths relative to the root, and other programs by name.
pub fn describe(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let program = if program.starts_with(repository::root()) {
        repository::name(program)
    } else {
        program.file_name().unwrap_or_default().to_string_lossy().into_owned()
    };
    let arguments = command.get_args().map(|word| repository::name(Path::new(word)));
    std::iter::once(program).chain(arguments).collect::<Vec<_>>().join(" ")
}

fn status(command: &mut Command) -> Result<ExitStatus> {
    command.current_dir(repository::root());
    command.status().with_context(|| format!("starting {}", describe(command)))
}

fn pass_through(
    mut from: impl Read + Send + 'static,
    mut to: impl Write + Send + 'static,
    copy: Arc<Mutex<Vec<u8>>>,
) -> JoinHandle<io::Result<()>> {
    thread::spawn(move || {
        let mut buffer = [0; 8192];
        loop {
            let length = from.read(&mut buffer)?;
            if length == 0 {
                return Ok(());
            }
            to.write_all(&buffer[..length])?;
            to.flush()?;
            copy.lock().expect("no reader panicked").extend_from_slice(&buffer[..length]);
        }
    })
}
