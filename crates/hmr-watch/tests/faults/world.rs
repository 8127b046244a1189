//! A temporary folder, a watcher on it, and a client that applies files as the engine does: by content hash.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use hmr_watch::{
    Batch, Change, ChangeKind, Event, Notice, Options, Settled, WatchId, WatchSpec, Watcher,
    read_settled,
};

pub const ID: WatchId = WatchId(1);
/// No test takes so long: what a world reports without an audit, events have told, however slow the machine is.
const NEVER: Duration = Duration::from_hours(1);
/// Longest wait for anything; reached only by failures.
const PATIENCE: Duration = Duration::from_secs(20);

pub struct World {
    pub watcher: Watcher,
    events: Receiver<(Instant, Event)>,
    pub dir: PathBuf,
    pub notices: Vec<Notice>,
    pub log: Vec<(Instant, Batch)>,
    /// Content applied last, and how often anything was applied.
    pub applied: HashMap<PathBuf, Vec<u8>>,
    pub applies: usize,
    /// Paths that were busy when read; the watcher has to report them again.
    pub busy: usize,
    _temporary: tempfile::TempDir,
}

/// Content that shows whether it is whole: a number, a length, and the number again at the end.
pub fn content(number: usize, size: usize) -> Vec<u8> {
    let mut text = format!("{number} {size}\n").into_bytes();
    text.resize(text.len() + size, b'x');
    text.extend(format!("\n{number}").into_bytes());
    text
}

/// Whether content made by [`content`] is whole.
pub fn is_whole(bytes: &[u8]) -> bool {
    let parse = || {
        let text = std::str::from_utf8(bytes).ok()?;
        let (head, rest) = text.split_once('\n')?;
        let (number, size) = head.split_once(' ')?;
        let (body, tail) = rest.rsplit_once('\n')?;
        (body.len() == size.parse::<usize>().ok()? && tail == number).then_some(())
    };
    parse().is_some()
}

impl World {
    /// One in which only events tell of changes.
    pub fn new() -> Self {
        Self::with(Options { audit: Some(NEVER), ..Options::default() }, &std::env::temp_dir())
    }

    /// One in which files are compared with the disk as they are for users.
    pub fn audited() -> Self {
        Self::with(Options::default(), &std::env::temp_dir())
    }

    pub fn with(options: Options, below: &Path) -> Self {
        let temporary = tempfile::Builder::new()
            .prefix("hmr-watch-")
            .tempdir_in(below)
            .expect("temporary folder");
        let (sender, events) = channel();
        let sink = move |event| {
            let _ = sender.send((Instant::now(), event));
        };
        Self {
            watcher: Watcher::spawn(options, sink).expect("watcher"),
            events,
            dir: temporary.path().canonicalize().expect("path"),
            notices: Vec::new(),
            log: Vec::new(),
            applied: HashMap::new(),
            applies: 0,
            busy: 0,
            _temporary: temporary,
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("parent")).expect("folder");
        fs::write(&path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        path
    }

    pub fn watch_files(&self, names: &[&str]) {
        let files = names.iter().map(|name| self.path(name)).collect();
        self.watcher.set(ID, WatchSpec { files, cwd: self.dir.clone(), ..WatchSpec::default() });
    }

    pub fn watch_root(&self, name: &str) {
        let roots = vec![self.path(name)];
        self.watcher.set(ID, WatchSpec { roots, cwd: self.dir.clone(), ..WatchSpec::default() });
    }

    /// Takes the next event if one comes in time.
    pub fn step(&mut self, timeout: Duration) -> bool {
        match self.events.recv_timeout(timeout) {
            Ok((at, Event::Batch(batch))) => {
                for change in &batch.changes {
                    self.apply(change);
                }
                self.log.push((at, batch));
                true
            }
            Ok((_, Event::Notice(notice))) => {
                self.notices.push(notice);
                true
            }
            Err(RecvTimeoutError::Timeout) => false,
            Err(RecvTimeoutError::Disconnected) => panic!("the watcher died; {}", self.story()),
        }
    }

    fn apply(&mut self, change: &Change) {
        if matches!(change.kind, ChangeKind::Removed | ChangeKind::Vanished) {
            self.applied.remove(&change.path);
            return;
        }
        match read_settled(&change.path) {
            Ok(Settled::Content(bytes, _)) => {
                if self.applied.get(&change.path) != Some(&bytes) {
                    self.applies += 1;
                    self.applied.insert(change.path.clone(), bytes);
                }
            }
            Ok(Settled::Busy) => self.busy += 1,
            Err(_) => {}
        }
    }

    /// Takes events until `done`.
    pub fn until(&mut self, what: &str, mut done: impl FnMut(&Self) -> bool) -> Duration {
        let start = Instant::now();
        while !done(self) {
            let left = PATIENCE.checked_sub(start.elapsed());
            let Some(left) = left else { panic!("no {what} in {PATIENCE:?}; {}", self.story()) };
            self.step(left);
        }
        start.elapsed()
    }

    /// Takes events until the client holds exactly what these files hold on disk.
    pub fn until_same(&mut self, names: &[&str]) -> Duration {
        let paths: Vec<PathBuf> = names.iter().map(|name| self.path(name)).collect();
        self.until_same_paths(&paths)
    }

    pub fn until_same_paths(&mut self, paths: &[PathBuf]) -> Duration {
        self.until("agreement with the disk", |world| {
            paths.iter().all(|path| fs::read(path).ok().as_ref() == world.applied.get(path))
        })
    }

    /// Takes events until a change of this kind to this file.
    pub fn until_change(&mut self, name: &str, kind: ChangeKind) -> Duration {
        let path = self.path(name);
        self.until(&format!("{kind:?} of {name}"), |world| {
            world.changes().any(|it| it.path == path && it.kind == kind)
        })
    }

    /// Takes events for a while, for claims that nothing more comes.
    pub fn rest(&mut self, time: Duration) {
        let end = Instant::now() + time;
        while let Some(left) = end.checked_duration_since(Instant::now()) {
            self.step(left);
        }
    }

    pub fn changes(&self) -> impl Iterator<Item = &Change> {
        self.log.iter().flat_map(|(_, batch)| &batch.changes)
    }

    /// What was reported, as sorted `kind name` lines.
    pub fn kinds(&self) -> Vec<String> {
        let name = |path: &Path| path.strip_prefix(&self.dir).unwrap_or(path).display().to_string();
        let mut kinds: Vec<String> =
            self.changes().map(|it| format!("{:?} {}", it.kind, name(&it.path))).collect();
        kinds.sort();
        kinds
    }

    pub fn forget(&mut self) {
        self.rest(Duration::from_millis(30));
        self.log.clear();
    }

    /// For failures: what happened, and what is on disk.
    pub fn story(&self) -> String {
        let tree = Command::new("ls").arg("-laR").arg(&self.dir).output();
        let tree = tree
            .map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
            .unwrap_or_default();
        let tree: String = tree.lines().take(60).map(|line| format!("{line}\n")).collect();
        let mut counts = std::collections::BTreeMap::new();
        self.kinds().into_iter().for_each(|kind| *counts.entry(kind).or_insert(0) += 1);
        format!("reported: {counts:#?}\nnotices: {:?}\ntree:\n{tree}", self.notices)
    }
}

pub fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// Whether a program is there; says so when it is not.
pub fn has(program: &str) -> bool {
    let found = std::env::var_os("PATH").is_some_and(|path| {
        std::env::split_paths(&path).any(|folder| folder.join(program).exists())
    });
    if !found {
        eprintln!("skipped: {program} is not installed");
    }
    found
}

/// Runs the named test again in a process of its own, by this command. `true` inside.
pub fn in_process(test: &str, command: &[&str]) -> bool {
    const INSIDE: &str = "HMR_WATCH_TEST_INSIDE";
    if std::env::var_os(INSIDE).is_some() {
        return true;
    }
    let run = |program: &[&str]| {
        let mut inside = Command::new(command[0]);
        inside.args(&command[1..]).args(program).env(INSIDE, "1").output()
    };
    if !has(command[0]) || !run(&["true"]).is_ok_and(|it| it.status.success()) {
        eprintln!("skipped: `{}` is not allowed here", command.join(" "));
        return false;
    }
    let this = std::env::current_exe().expect("test program");
    let output = run(&[this.to_str().expect("path"), "--exact", test, "--nocapture"]).expect("run");
    let text = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{test}: {text}");
    assert!(text.contains("1 passed"), "{test} did not run: {text}");
    // Skipped inside, or figures.
    text.lines()
        .filter(|line| !line.starts_with("running") && !line.starts_with("test "))
        .for_each(|line| eprintln!("{line}"));
    false
}

/// How often to do something: the full count when `HMR_TEST_FULL` is set.
pub fn count(reduced: usize, full: usize) -> usize {
    if std::env::var_os("HMR_TEST_FULL").is_some() { full } else { reduced }
}
