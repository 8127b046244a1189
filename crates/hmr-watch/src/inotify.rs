//! Linux: inotify, with mount changes from `/proc/self/mountinfo`.
//!
//! Never asks for OPEN or ACCESS events: reading must not cause hints. Symbolic links to folders are followed, so a
//! watch belongs to the folder itself and survives its renames; the caller compares keys to find out.

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rustix::event::{EventfdFlags, PollFd, PollFlags, Timespec, eventfd, poll};
use rustix::fs::inotify::{self, CreateFlags, ReadFlags, Reader, WatchFlags};

use crate::settle::Signal;
use crate::source::{Key, Raw, Scope, Source, Waker};

/// Room for about two thousand hints a read.
const BUFFER: usize = 64 * 1024;

pub(crate) struct Inotify {
    queue: OwnedFd,
    wake: Arc<OwnedFd>,
    mounts: Option<File>,
    mounts_changed: bool,
    buffer: Box<[MaybeUninit<u8>]>,
}

impl Inotify {
    /// Opens a queue. Fails with EMFILE when the user has too many of them.
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self {
            queue: inotify::init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK)?,
            wake: Arc::new(eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?),
            mounts: File::open("/proc/self/mountinfo").ok(),
            mounts_changed: false,
            buffer: vec![MaybeUninit::uninit(); BUFFER].into_boxed_slice(),
        })
    }
}

fn mask(scope: Scope) -> WatchFlags {
    let names = WatchFlags::CREATE
        | WatchFlags::DELETE
        | WatchFlags::MOVE
        | WatchFlags::DELETE_SELF
        | WatchFlags::MOVE_SELF
        | WatchFlags::ONLYDIR
        | WatchFlags::EXCL_UNLINK
        // Two paths may lead to one folder: never narrow what the other needs.
        | WatchFlags::MASK_ADD;
    let content = WatchFlags::MODIFY | WatchFlags::CLOSE_WRITE | WatchFlags::ATTRIB;
    match scope {
        Scope::Names => names,
        Scope::Entries => names | content,
        Scope::File => content | WatchFlags::MASK_ADD,
    }
}

impl Source for Inotify {
    fn add(&mut self, path: &Path, scope: Scope) -> io::Result<Option<Key>> {
        Ok(Some(Key(inotify::add_watch(&self.queue, path, mask(scope))?)))
    }

    fn remove(&mut self, key: Key) {
        // Fails when the kernel ended the watch already: just as well.
        let _ = inotify::remove_watch(&self.queue, key.0);
    }

    fn wait(&mut self, timeout: Option<Duration>) {
        let timeout = timeout.and_then(|timeout| Timespec::try_from(timeout).ok());
        let mut polled = vec![
            PollFd::new(&self.queue, PollFlags::IN),
            PollFd::from_borrowed_fd(std::os::fd::AsFd::as_fd(&*self.wake), PollFlags::IN),
        ];
        // The kernel marks the descriptor of mountinfo with PRI and ERR after every change.
        polled.extend(self.mounts.as_ref().map(|mounts| PollFd::new(mounts, PollFlags::PRI)));
        let ready = poll(&mut polled, timeout.as_ref()).is_ok_and(|count| count > 0);
        if ready && polled.get(2).is_some_and(|mounts| !mounts.revents().is_empty()) {
            self.mounts_changed = true;
        }
        if ready && !polled[1].revents().is_empty() {
            let _ = rustix::io::read(&*self.wake, &mut [0; 8]);
        }
    }

    fn drain(&mut self, out: &mut VecDeque<Raw>) {
        if std::mem::take(&mut self.mounts_changed) {
            out.push_back(Raw::Mounts);
        }
        let mut reader = Reader::new(&self.queue, &mut self.buffer);
        // Ends with EAGAIN when the queue is empty.
        while let Ok(event) = reader.next() {
            let name = event.file_name().map(|name| OsStr::from_bytes(name.to_bytes()));
            hints(Key(event.wd()), event.events(), name, out);
        }
    }

    fn waker(&self) -> Waker {
        let wake = Arc::clone(&self.wake);
        Arc::new(move || {
            let _ = rustix::io::write(&*wake, &1u64.to_ne_bytes());
        })
    }
}

/// Turns one kernel event into hints.
fn hints(key: Key, events: ReadFlags, name: Option<&OsStr>, out: &mut VecDeque<Raw>) {
    if events.contains(ReadFlags::QUEUE_OVERFLOW) {
        out.push_back(Raw::Overflow);
        return;
    }
    if events.intersects(ReadFlags::IGNORED | ReadFlags::UNMOUNT) {
        out.push_back(Raw::Ended { key });
        return;
    }
    if events.intersects(ReadFlags::MOVE_SELF | ReadFlags::DELETE_SELF) {
        out.push_back(Raw::Moved { key });
        return;
    }
    let signal = match events {
        events if events.contains(ReadFlags::MODIFY) => Signal::Written,
        events if events.contains(ReadFlags::CLOSE_WRITE) => Signal::Closed,
        events if events.contains(ReadFlags::MOVED_TO) => Signal::Arrived,
        events if events.contains(ReadFlags::CREATE) => Signal::Appeared,
        events if events.intersects(ReadFlags::DELETE | ReadFlags::MOVED_FROM) => Signal::Left,
        events if events.contains(ReadFlags::ATTRIB) => Signal::Touched,
        _ => return,
    };
    let folder = events.contains(ReadFlags::ISDIR);
    match name {
        Some(name) => out.push_back(Raw::Entry { key, name: OsString::from(name), signal, folder }),
        None if folder => out.push_back(Raw::Moved { key }),
        None => out.push_back(Raw::Itself { key, signal }),
    }
}
