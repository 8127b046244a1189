//! Which files matter, and whether one has another content.
//!
//! While the program runs, its runtime sees the changes of its modules; watched here is only what the runtime cannot
//! apply. When nothing runs, everything is watched that the program has read or looked for, and what has changed since it
//! was read is found by its hash: no save is lost between the end of the program and the first watch.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;
use std::time::{Duration, SystemTime};

use hmr_watch::{Batch, ChangeKind, Event, Ignored, Options, WatchId, WatchSpec, Watcher};
use rustc_hash::{FxHashMap, FxHashSet};
use xxhash_rust::xxh3::xxh3_64;

use crate::message::Reason;
use crate::project;
use crate::run::Input;
use crate::settings::Settings;

/// Watched all the time.
const ALWAYS: WatchId = WatchId(0);
/// Watched while nothing runs.
const IDLE: WatchId = WatchId(1);

/// File times lie a little before the moment of writing.
const GRAIN: Duration = Duration::from_millis(10);

/// The hash of a content; nothing for a file that is not there.
type Hash = Option<u64>;

/// Files, with what they contain.
pub type Contents = FxHashMap<PathBuf, Hash>;

/// Files of one program.
pub struct Files {
    watcher: Watcher,
    settings_say: Vec<PathBuf>,
    root: PathBuf,
    /// When the program was started.
    started: SystemTime,
    /// What always counts, files and folders, as it was when the program was started.
    always: Contents,
    /// What the runtime has read or looked for.
    read: Contents,
    /// Contents that the program may not have read, and was started again for.
    doubted: Contents,
    /// Nothing runs.
    idle: bool,
}

impl Files {
    /// Watches nothing yet. Changes go to `inputs`.
    ///
    /// # Errors
    /// If the watcher cannot be started.
    pub fn new(settings: &Settings, inputs: Sender<Input>) -> io::Result<Self> {
        let watcher = Watcher::spawn(
            Options { poll: poll_interval(), ..Options::default() },
            move |event| {
                // Fails when the loop is over.
                let _ = inputs.send(match event {
                    Event::Batch(batch) => Input::Batch(batch),
                    Event::Notice(notice) => Input::Notice(notice.to_string()),
                });
            },
        )?;
        Ok(Self {
            watcher,
            settings_say: project::restart_on(settings),
            root: project::root(settings),
            started: SystemTime::now(),
            always: FxHashMap::default(),
            read: FxHashMap::default(),
            doubted: FxHashMap::default(),
            idle: false,
        })
    }

    /// The program is about to be started.
    pub fn starting(&mut self) {
        self.idle = false;
        self.started = SystemTime::now();
        self.read.clear();
        self.watcher.remove(IDLE);
        let named = self.settings_say.iter();
        self.always = named.map(|file| (file.clone(), hash(file))).collect();
        self.watch_always();
    }

    /// What a process that is started now may read before it runs the program.
    pub fn needing_a_start(&self) -> Contents {
        self.always.keys().map(|file| (file.clone(), hash(file))).collect()
    }

    /// Changes of these need a restart; with the hash of what is in use, where that is known.
    pub fn restart_on(&mut self, files: Vec<(PathBuf, Option<String>)>) {
        let before = self.always.len();
        for (file, told) in files {
            if !self.always.contains_key(&file) {
                let hash = self.in_use(&file, told);
                self.always.insert(file, hash);
            }
        }
        if self.always.len() > before {
            self.watch_always();
        }
    }

    fn watch_always(&self) {
        let all = self.always.keys().cloned();
        let (roots, files): (Vec<_>, Vec<_>) = all.partition(|path| path.is_dir());
        let spec = WatchSpec { files, roots, ignored: self.ignored(), ..WatchSpec::default() };
        self.watcher.set_since(ALWAYS, spec, self.started).wait();
    }

    /// The program consists of these, or looks for them.
    pub fn read(&mut self, files: Vec<(PathBuf, Option<String>)>) {
        for (file, told) in files {
            let hash = self.in_use(&file, told);
            self.read.insert(file, hash);
        }
    }

    /// What the program has read of a file. If it may have read something else than is there now, that will be another
    /// content, but once only: the program may write it at every start.
    fn in_use(&mut self, file: &Path, told: Option<String>) -> Hash {
        if let Some(told) = told {
            return u64::from_str_radix(&told, 16).ok();
        }
        let now = hash(file);
        let is_old = now.is_none() || written(file).is_none_or(|time| time + GRAIN < self.started);
        let is_known = is_old || self.doubted.insert(file.to_owned(), now) == Some(now);
        is_known.then_some(now)?
    }

    /// Nothing runs any more. Returns what has changed since the program has read it.
    pub fn idle(&mut self) -> Option<Reason> {
        self.idle = true;
        let (files, roots) = match self.read.is_empty() {
            true => (Vec::new(), vec![self.root.clone()]),
            false => (self.read.keys().cloned().collect(), Vec::new()),
        };
        let spec = WatchSpec { files, roots, ignored: self.ignored(), ..WatchSpec::default() };
        self.watcher.set_since(IDLE, spec, self.started).wait();
        let files: Vec<_> = self.read.keys().cloned().collect();
        reason(files.into_iter().filter(|file| differs(&mut self.read, file)).collect())
    }

    /// What of a batch matters.
    pub fn changed(&mut self, batch: Batch) -> Option<Reason> {
        let is_news = |change: hmr_watch::Change| {
            let is_news = self.is_news(&change.path, change.kind, change.watches.contains(&IDLE));
            is_news.then_some(change.path)
        };
        reason(
            batch
                .changes
                .into_iter()
                .filter_map(is_news)
                .collect::<FxHashSet<_>>()
                .into_iter()
                .collect(),
        )
    }

    fn is_news(&mut self, path: &Path, kind: ChangeKind, is_idle: bool) -> bool {
        if self.always.contains_key(path) {
            return differs(&mut self.always, path);
        }
        if self.idle && self.read.contains_key(path) {
            return differs(&mut self.read, path);
        }
        // Something in a folder.
        let in_folder = self.always.keys().any(|folder| path.starts_with(folder));
        kind != ChangeKind::Attributes
            && (in_folder || (is_idle && self.idle && self.read.is_empty()))
    }

    /// Installed packages and hidden files, in folders that are watched.
    fn ignored(&self) -> Vec<Ignored> {
        let folders = self.settings_say.iter().chain([&self.root]).filter(|path| path.is_dir());
        let one = |folder: &PathBuf| Ignored::Regex {
            source: format!(
                "^{}/(.*/)?(node_modules|\\.[^/]*)(/|$)",
                escaped(&folder.to_string_lossy())
            ),
            flags: String::new(),
        };
        folders.map(one).collect()
    }
}

fn reason(mut files: Vec<PathBuf>) -> Option<Reason> {
    files.sort();
    let reason = "changed".into();
    (!files.is_empty()).then_some(Reason { files, chain: Vec::new(), reason })
}

/// Whether a file has another content than is remembered, which is corrected.
fn differs(known: &mut Contents, file: &Path) -> bool {
    let now = hash(file);
    known.insert(file.to_owned(), now) != Some(now)
}

/// When a file was written, or came to be where it is.
fn written(file: &Path) -> Option<SystemTime> {
    let metadata = fs::metadata(file).ok()?;
    let seconds = u64::try_from(metadata.ctime()).ok()?;
    let nanoseconds = u32::try_from(metadata.ctime_nsec()).ok()?;
    Some(SystemTime::UNIX_EPOCH + Duration::new(seconds, nanoseconds))
}

/// Whether files contain the same as they did.
pub fn are_same(contents: &Contents) -> bool {
    contents.iter().all(|(file, known)| hash(file) == *known)
}

fn hash(file: &Path) -> Hash {
    fs::read(file).ok().map(|bytes| xxh3_64(&bytes))
}

/// A text as part of a regular expression.
fn escaped(text: &str) -> String {
    let special = |char: char| r"\^$.|?*+()[]{}/-".contains(char);
    text.chars().flat_map(|char| special(char).then_some('\\').into_iter().chain([char])).collect()
}

/// What `NODE_ESM_HMR_POLL` says, as the runtime reads it: polling in this interval instead of waiting for events.
fn poll_interval() -> Option<Duration> {
    let text = std::env::var("NODE_ESM_HMR_POLL").ok()?;
    let asked = !matches!(text.as_str(), "" | "0" | "false");
    let milliseconds = text.parse().ok().filter(|&number: &u64| number >= 10).unwrap_or(100);
    asked.then(|| Duration::from_millis(milliseconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_stand_for_themselves() {
        assert_eq!(escaped("/a.b/(c)"), r"\/a\.b\/\(c\)");
    }

    #[test]
    fn only_another_content_differs() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a");
        let mut known = FxHashMap::from_iter([(file.clone(), None)]);
        assert!(!differs(&mut known, &file));
        fs::write(&file, "1").unwrap();
        assert!(differs(&mut known, &file));
        fs::write(&file, "1").unwrap();
        assert!(!differs(&mut known, &file));
        fs::remove_file(&file).unwrap();
        assert!(differs(&mut known, &file));
    }
}
