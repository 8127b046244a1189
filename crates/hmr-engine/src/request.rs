//! What the runtime asks of a [`Session`](crate::Session), and the form of the answer.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use hmr_watch::Save;
use rustc_hash::FxHashMap;
use serde::Deserialize;

use crate::code_cache::Compiled;
use crate::plan::Plan;
use crate::session::ModuleId;

/// What is to be brought up to date.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    /// Paths that may have changed.
    pub paths: Vec<PathBuf>,
    /// Those of them that are known to be gone. Others that are not there are between two steps of
    /// a save, or their folder was moved for a moment.
    pub removed: Vec<PathBuf>,
    /// What the watcher saw of `paths`, as [`hmr_watch::Save::text`]. A file that is another one has been saved
    /// again, and so may others have been before it: it counts as being written until the watcher tells.
    pub saves: FxHashMap<PathBuf, String>,
    /// A file that somebody is writing makes the whole request wait; otherwise it is left out.
    pub patient: bool,
    /// Modules that must be current afterwards: entries of `hmr()` calls.
    pub entries: Vec<ModuleId>,
    /// Modules to evaluate anew though their files have not changed: something that belongs to them has. Of those that
    /// Node loads only CommonJS can be among them.
    pub forced: Vec<ModuleId>,
    /// Modules that do not accept what they have just become: their importers are evaluated anew.
    pub invalidated: Vec<ModuleId>,
    /// A module to import, its id to be found in `Answer::imported`.
    pub import: Option<Import>,
}

impl Request {
    /// Whether the file has been saved again since the watcher saw it. Who is not patient takes it as it is.
    pub(crate) fn knows_less(&self, path: &Path, save: Save) -> bool {
        let seen = self.saves.get(path).filter(|_| self.patient);
        seen.is_some_and(|seen| !save.is(seen))
    }
}

/// An `import()` or the first load of an entry.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Import {
    /// As written.
    pub specifier: String,
    /// URL of the module it is written in.
    pub parent: String,
    /// The importer, if it is hot: the graph remembers the edge.
    #[serde(default)]
    pub importer: Option<ModuleId>,
    /// Import attributes.
    #[serde(default)]
    pub attributes: Vec<(String, String)>,
    /// It is an entry of an `hmr()` call.
    #[serde(default)]
    pub entry: bool,
    /// The program begins with it, or Node imports it: it stays, and nobody above it can accept.
    #[serde(default)]
    pub root: bool,
}

/// The answer to a [`Request`].
#[derive(Debug, Default)]
pub struct Answer {
    /// What to do.
    pub plan: Plan,
    /// Executable texts, by index.
    pub texts: Vec<String>,
    /// For each of them the text that it was made from, if its lines are that one's.
    pub sources: Vec<Option<Arc<str>>>,
    /// The id of the module asked for.
    pub imported: Option<ModuleId>,
    /// Compiled forms of `texts`, if earlier runs may have left some.
    pub compiled: Option<Compiled>,
}
