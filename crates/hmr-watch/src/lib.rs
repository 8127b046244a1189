//! File events to settled batches of absolute paths.
//!
//! A [`Watcher`] runs on threads of its own and tells its clients which of their files changed, once each save is
//! finished: no debounce timer stands between a closed file and its report. Events of the operating system are only
//! hints where to look; what a look at the disk finds is the truth, so that lost, doubled or late events, replaced
//! folders and mounts end in the same state as if every event had come.
//!
//! It refuses to know modules, to read content (the client compares hashes), and to report folders. It keeps no file
//! open.
//!
//! A client that reads files does so after [`Watcher::set`] has returned, with [`read_settled`]: whatever changes
//! later is reported. One that must read first says since when with [`Watcher::set_since`].

mod burst;
mod deliver;
mod git;
#[cfg(target_os = "linux")]
mod inotify;
mod interest;
#[cfg(target_os = "linux")]
mod lease;
mod links;
mod look;
mod pattern;
#[cfg(not(target_os = "linux"))]
mod portable;
mod remote;
mod save;
mod settle;
mod source;
mod spec;
mod stamp;
mod tree;
mod worker;

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime};

pub use look::{Settled, read_settled};
pub use remote::remote;
pub use save::Save;
pub use settle::ChangeKind;
pub use spec::{Glob, Ignored, WatchId, WatchSpec};
pub use stamp::{FileId, Stamp};

use source::{Silent, Source, Waker};
use worker::{Command, Worker};

/// How often the disk is compared with what is known of it.
#[derive(Clone, Copy)]
pub(crate) struct Intervals {
    /// Where no events come.
    poll: Duration,
    /// Every exact file, whatever the events say.
    audit: Duration,
}

const INTERVALS: Intervals =
    Intervals { poll: Duration::from_millis(100), audit: Duration::from_secs(1) };

/// One changed file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Absolute, named as the specs name it: links are not resolved.
    pub path: PathBuf,
    /// What happened.
    pub kind: ChangeKind,
    /// What was saved; `None` when the file is gone. A reader that finds something else reads a newer save, which will
    /// be reported, too.
    pub save: Option<Save>,
    /// Whose specs want it, in ascending order; never empty.
    pub watches: Vec<WatchId>,
}

/// Changes that belong together, each path once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// In the order in which they were finished.
    pub changes: Vec<Change>,
    /// When the first hint about any of them was read.
    pub seen: Instant,
}

/// Something that makes the watcher slower or blind somewhere. Each is said once; `Display` is one line with cause
/// and remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notice {
    /// The system allows no further watches; the remaining folders are checked once a second.
    TooManyWatches,
    /// The system allows no further queue; everything is polled.
    TooManyQueues,
    /// `path` is on a file system that does not tell about changes made elsewhere; it is polled.
    Polling {
        /// The topmost such folder.
        path: PathBuf,
        /// Kind of file system.
        system: &'static str,
    },
    /// The folder may not be read.
    Denied {
        /// The folder.
        path: PathBuf,
    },
    /// The system dropped events; everything was compared with the disk instead.
    Overflow,
    /// A pattern is no valid regular expression; it matches nothing.
    Pattern {
        /// The expression and what is wrong with it.
        error: String,
    },
}

impl Notice {
    /// What it is about: a topic is mentioned once.
    fn topic(&self) -> String {
        match self {
            Self::Polling { system, .. } => (*system).to_owned(),
            other => other.to_string(),
        }
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooManyWatches => f.write_str(
                "the limit of file watches is reached, so some folders are checked once a second only; \
                 raise it with: sudo sysctl fs.inotify.max_user_watches=524288",
            ),
            Self::TooManyQueues => f.write_str(
                "the limit of inotify instances is reached, so all files are polled; \
                 raise it with: sudo sysctl fs.inotify.max_user_instances=512",
            ),
            Self::Polling { path, system } => write!(
                f,
                "{} is on {system}, which does not tell about changes made elsewhere, so it is polled; \
                 a local folder is faster",
                path.display()
            ),
            Self::Denied { path } => {
                write!(f, "{} may not be read, so changes there are not seen; check its permissions", path.display())
            }
            Self::Overflow => f.write_str(
                "the system dropped file events, so all files were compared with the disk; \
                 if this is frequent: sudo sysctl fs.inotify.max_queued_events=131072",
            ),
            Self::Pattern { error } => write!(f, "pattern ignored, it is no valid regular expression: {error}"),
        }
    }
}

/// What a sink receives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Files changed.
    Batch(Batch),
    /// Something is worse than it could be.
    Notice(Notice),
}

/// How to watch.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Poll everything in this interval instead of using the system's events.
    pub poll: Option<Duration>,
    /// Compare every exact file with the disk in this interval, whatever the events say; every second if not said.
    pub audit: Option<Duration>,
    /// The sink returns at once and calls no method of the watcher: the thread that watches calls it itself, which saves
    /// waking another one.
    pub prompt: bool,
}

/// Watches that are being put in place.
pub struct Placing(Receiver<()>);

impl Placing {
    /// Returns once they are, and all that were ordered before.
    pub fn wait(self) {
        // Fails only when the thread is gone, and then there is nothing to wait for.
        let _ = self.0.recv();
    }
}

/// Watches files for any number of clients. Dropping it ends its threads; a call of the sink that is under way may
/// outlast it.
pub struct Watcher {
    commands: Sender<Command>,
    wake: Waker,
    thread: Option<JoinHandle<()>>,
}

impl Watcher {
    /// Starts watching nothing. `sink` is called from one thread, one event at a time; while it is busy, later
    /// batches are folded into one. It may call every method of the watcher, unless it is said to be prompt.
    pub fn spawn(options: Options, sink: impl Fn(Event) + Send + 'static) -> io::Result<Self> {
        let delivery = match options.prompt {
            true => deliver::Delivery::prompt(sink),
            false => deliver::Delivery::spawn(sink)?,
        };
        let (source, poll) = match options.poll {
            Some(_) => (Box::<Silent>::default() as Box<dyn Source>, true),
            None => match native() {
                Ok(source) => (source, false),
                Err(error) => {
                    delivery.notice(limit(error)?);
                    (Box::<Silent>::default() as Box<dyn Source>, true)
                }
            },
        };
        let intervals = Intervals {
            poll: options.poll.unwrap_or(INTERVALS.poll),
            audit: options.audit.unwrap_or(INTERVALS.audit),
        };
        Self::start(tree::Tree::new(source, poll), delivery, intervals)
    }

    fn start(
        tree: tree::Tree,
        delivery: deliver::Delivery,
        intervals: Intervals,
    ) -> io::Result<Self> {
        let (commands, orders) = channel();
        let wake = tree.source.waker();
        let worker = Worker::new(orders, delivery, tree, intervals);
        let thread =
            std::thread::Builder::new().name("hmr-watch".into()).spawn(move || worker.run())?;
        Ok(Self { commands, wake, thread: Some(thread) })
    }

    /// Adds or replaces what `id` wants, and returns once its watches are in place. What exists by then is not
    /// reported.
    pub fn set(&self, id: WatchId, spec: WatchSpec) {
        self.order(id, spec, None).wait();
    }

    /// The same for a client that has read files already: those newly watched that changed after `read` (the time
    /// when it began to read) are reported as modified, and exact ones that are not there as vanished. Some may be whose
    /// content is the same, or that never were there. It can be waited for.
    pub fn set_since(&self, id: WatchId, spec: WatchSpec, read: SystemTime) -> Placing {
        self.order(id, spec, Some(read))
    }

    fn order(&self, id: WatchId, spec: WatchSpec, read: Option<SystemTime>) -> Placing {
        let (done, placed) = sync_channel(1);
        self.send(Command::Set(id, spec, read, done));
        Placing(placed)
    }

    /// Forgets what `id` wants; changes already on the way may still name it.
    pub fn remove(&self, id: WatchId) {
        self.send(Command::Remove(id));
    }

    fn send(&self, command: Command) {
        let _ = self.commands.send(command);
        (self.wake)();
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.send(Command::Stop);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

#[cfg(target_os = "linux")]
fn native() -> io::Result<Box<dyn Source>> {
    Ok(Box::new(inotify::Inotify::new()?))
}

#[cfg(not(target_os = "linux"))]
fn native() -> io::Result<Box<dyn Source>> {
    Ok(Box::new(portable::Notify::new()?))
}

/// The notice for a limit of the system; other errors are errors.
fn limit(error: io::Error) -> io::Result<Notice> {
    #[cfg(target_os = "linux")]
    if matches!(error.raw_os_error(), Some(libc::EMFILE | libc::ENFILE)) {
        return Ok(Notice::TooManyQueues);
    }
    Err(error)
}
