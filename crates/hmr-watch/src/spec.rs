//! What a client asks for: exact files, recursive roots, globs, and what to leave out.
//!
//! Only data. Globs arrive as the source of a JavaScript regular expression, made by picomatch in the runtime, so
//! that a pattern means here what it means to chokidar; this crate never interprets glob syntax itself.

use std::path::PathBuf;

/// Names one client of a [`Watcher`](crate::Watcher); chosen by the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WatchId(pub u32);

/// What one client wants to hear about. All paths are absolute and free of `.` and `..`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WatchSpec {
    /// Exact files, existing or not. Their folders are watched, not recursively; `ignored` does not apply.
    pub files: Vec<PathBuf>,
    /// Files that count as exact ones if roots or globs take them, and not at all if not.
    pub members: Vec<PathBuf>,
    /// Files or folders; folders are followed recursively. They need not exist yet.
    pub roots: Vec<PathBuf>,
    /// Patterns; everything below each `base` is followed.
    pub globs: Vec<Glob>,
    /// The folder that relative patterns are relative to.
    pub cwd: PathBuf,
    /// What roots and globs must leave out. A folder that matches is never entered.
    pub ignored: Vec<Ignored>,
}

/// A glob of the user, already translated to a regular expression.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Glob {
    /// The literal text; a path equal to it matches whatever the expression says.
    pub pattern: String,
    /// The deepest folder above the first magic part.
    pub base: PathBuf,
    /// Source of the JavaScript regular expression: `picomatch.makeRe(pattern, {dot: true}).source`.
    pub source: String,
    /// Flags of that expression.
    pub flags: String,
}

/// One thing to leave out of roots and globs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ignored {
    /// This path and all that is below it.
    Path(PathBuf),
    /// A glob, tested against the absolute path and against the path below `cwd`.
    Glob(Glob),
    /// A JavaScript regular expression of the user, tested against the absolute path.
    Regex {
        /// Source of the expression.
        source: String,
        /// Its flags.
        flags: String,
    },
}
