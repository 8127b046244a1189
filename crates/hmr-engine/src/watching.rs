//! The watcher in the runtime's terms: specs and events as JSON.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use std::{fs, io};

use hmr_watch::{ChangeKind, Event, Options, WatchId, WatchSpec, Watcher};
use serde::{Deserialize, Serialize};

/// Watches files for the entries of one JavaScript thread.
pub struct Watching(Watcher);

/// JSON form of [`hmr_watch::WatchSpec`].
#[derive(Debug, Deserialize)]
struct Spec {
    files: Vec<PathBuf>,
    #[serde(default)]
    members: Vec<PathBuf>,
    roots: Vec<PathBuf>,
    globs: Vec<Glob>,
    cwd: PathBuf,
    ignored: Vec<Ignored>,
}

#[derive(Debug, Deserialize)]
struct Glob {
    pattern: String,
    base: PathBuf,
    source: String,
    flags: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Ignored {
    Path(PathBuf),
    Glob(Glob),
    Regex { source: String, flags: String },
}

/// JSON form of [`hmr_watch::Event`].
#[derive(Debug, Serialize)]
#[serde(rename_all = "lowercase", untagged)]
enum Told {
    Batch { changes: Vec<Change> },
    Notice { notice: String },
}

#[derive(Debug, Serialize)]
struct Change {
    /// As the watch path names it.
    path: PathBuf,
    /// With links resolved, as modules are named.
    real: PathBuf,
    kind: &'static str,
    /// [`hmr_watch::Save::text`] of what the watcher saw; nothing when the file is gone.
    save: Option<String>,
    watches: Vec<u32>,
}

impl Watching {
    /// Starts watching nothing. `sink` gets each event as JSON, on the thread that watches: it returns at once. With `poll`, in milliseconds,
    /// files are looked at in this interval instead of waiting for the system's events.
    ///
    /// # Errors
    /// If no thread can be started.
    pub fn spawn(sink: impl Fn(String) + Send + 'static, poll: Option<u32>) -> io::Result<Self> {
        let told = move |event| {
            // Paths that are no UTF-8 cannot be modules and have no JSON.
            if let Ok(text) = serde_json::to_string(&tell(event)) {
                sink(text);
            }
        };
        let poll = poll.map(|milliseconds| Duration::from_millis(milliseconds.into()));
        Watcher::spawn(Options { poll, prompt: true, ..Options::default() }, told).map(Self)
    }

    /// Adds or replaces what the entry `id` wants; `spec` is JSON. Files that have changed after
    /// `read`, in milliseconds since 1970, are reported. Returns when watches are in place; with `soon` at once.
    ///
    /// # Errors
    /// If `spec` is not understood.
    pub fn set(&self, id: u32, spec: &str, read: f64, soon: bool) -> serde_json::Result<()> {
        let spec: Spec = serde_json::from_str(spec)?;
        let read = SystemTime::UNIX_EPOCH + Duration::from_secs_f64(read.max(0.0) / 1000.0);
        let placing = self.0.set_since(WatchId(id), spec.into(), read);
        if !soon {
            placing.wait();
        }
        Ok(())
    }

    /// Forgets what the entry `id` wants.
    pub fn remove(&self, id: u32) {
        self.0.remove(WatchId(id));
    }
}

impl From<Spec> for WatchSpec {
    fn from(spec: Spec) -> Self {
        Self {
            files: spec.files,
            members: spec.members,
            roots: spec.roots,
            globs: spec.globs.into_iter().map(Into::into).collect(),
            cwd: spec.cwd,
            ignored: spec.ignored.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<Glob> for hmr_watch::Glob {
    fn from(Glob { pattern, base, source, flags }: Glob) -> Self {
        Self { pattern, base, source, flags }
    }
}

impl From<Ignored> for hmr_watch::Ignored {
    fn from(ignored: Ignored) -> Self {
        match ignored {
            Ignored::Path(path) => Self::Path(path),
            Ignored::Glob(glob) => Self::Glob(glob.into()),
            Ignored::Regex { source, flags } => Self::Regex { source, flags },
        }
    }
}

fn tell(event: Event) -> Told {
    match event {
        Event::Notice(notice) => Told::Notice { notice: notice.to_string() },
        Event::Batch(batch) => {
            let changes = batch.changes.into_iter().map(|change| Change {
                real: real_path(&change.path),
                path: change.path,
                kind: match change.kind {
                    ChangeKind::Created => "created",
                    ChangeKind::Modified => "modified",
                    ChangeKind::Removed => "removed",
                    ChangeKind::Vanished => "vanished",
                    ChangeKind::Attributes => "attributes",
                },
                save: change.save.map(|save| save.text()),
                watches: change.watches.iter().map(|id| id.0).collect(),
            });
            Told::Batch { changes: changes.collect() }
        }
    }
}

/// The path without links; of a file that is gone, its folder's and its name.
fn real_path(path: &Path) -> PathBuf {
    let of_folder = || Some(fs::canonicalize(path.parent()?).ok()?.join(path.file_name()?));
    fs::canonicalize(path).ok().or_else(of_folder).unwrap_or_else(|| path.to_owned())
}
