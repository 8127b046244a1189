//! Looking at one file: rule R of the watcher, up to the comparison of content.
//!
//! Open, stat, ask for writers, stat the path again. What is read between two equal stamps of a file that nobody has
//! open for writing is the whole of one save. No descriptor outlives the look.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use crate::remote::remote;
use crate::settle::Look;
use crate::stamp::Stamp;

/// Further looks at a file that was just closed, without a pause.
const AGAIN: usize = 5;

/// A file read by [`read_settled`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settled {
    /// The whole content, not in the middle of a save, and what the file looked like.
    Content(Vec<u8>, Stamp),
    /// Somebody is writing. The watcher reports the path again when they are done; keep what you have.
    Busy,
}

/// Reads `path` so that half a save is never returned. Errors are those of opening and reading.
pub fn read_settled(path: &Path) -> io::Result<Settled> {
    let mut file = open(path)?;
    let before = Stamp::of(&file.metadata()?);
    let mut content = Vec::with_capacity(before.size as usize + 1);
    file.read_to_end(&mut content)?;
    let busy = matches!(compare(path, &file, before), Look::Busy | Look::Missing);
    Ok(if busy || content.len() as u64 != before.size {
        Settled::Busy
    } else {
        Settled::Content(content, before)
    })
}

/// Looks without reading. `local` says that leases can be trusted here.
pub(crate) fn look(path: &Path, local: bool) -> Look {
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) => return absent(&error),
    };
    if metadata.is_dir() {
        return Look::Folder;
    }
    if !metadata.is_file() {
        return Look::Missing;
    }
    if !local {
        return Look::Unsure(Stamp::of(&metadata));
    }
    match open(path).and_then(|file| Ok((Stamp::of(&file.metadata()?), file))) {
        Ok((before, file)) => compare(path, &file, before),
        Err(error) if error.kind() == ErrorKind::NotFound => Look::Missing,
        // It is there and cannot be read: the reader of the content has to say so.
        Err(_) => Look::Unsure(Stamp::of(&metadata)),
    }
}

/// Looks at a file that was just closed. The kernel says "closed" a moment before it lets go of the file, and that is
/// shorter than any sleep.
pub(crate) fn look_again(path: &Path, local: bool) -> Look {
    let mut found = look(path, local);
    for _ in 0..AGAIN {
        if found != Look::Busy {
            break;
        }
        std::thread::yield_now();
        found = look(path, local);
    }
    found
}

fn absent(error: &io::Error) -> Look {
    match error.kind() {
        ErrorKind::PermissionDenied => Look::Busy,
        _ => Look::Missing,
    }
}

/// The second half of a look: writers, then the path again.
fn compare(path: &Path, file: &File, before: Stamp) -> Look {
    let writers = writers(file);
    match fs::metadata(path) {
        Err(error) => absent(&error),
        Ok(now) if Stamp::of(&now) != before => Look::Busy,
        Ok(_) => match writers {
            // Some of these refuse every lease.
            Writers::Some if remote(path).is_some() => Look::Unsure(before),
            Writers::None => Look::Steady(before),
            Writers::Some => Look::Busy,
            Writers::Unknown => Look::Unsure(before),
        },
    }
}

#[cfg(target_os = "linux")]
use crate::lease::{Writers, writers};

/// Elsewhere nobody can be asked: two equal stamps have to do.
#[cfg(not(target_os = "linux"))]
enum Writers {
    #[expect(dead_code, reason = "only leases can tell")]
    None,
    #[expect(dead_code, reason = "only leases can tell")]
    Some,
    Unknown,
}

#[cfg(not(target_os = "linux"))]
fn writers(_: &File) -> Writers {
    Writers::Unknown
}

#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    #[cfg(target_os = "linux")]
    const FLAGS: i32 = libc::O_NONBLOCK | libc::O_NOCTTY;
    #[cfg(not(target_os = "linux"))]
    const FLAGS: i32 = 0;
    OpenOptions::new().read(true).custom_flags(FLAGS).open(path)
}

#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<File> {
    // The standard library opens with all three share modes, delete included: editors may replace the file.
    OpenOptions::new().read(true).open(path)
}
