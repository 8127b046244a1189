//! JavaScript regular expressions over paths.
//!
//! Runs what picomatch or the user wrote, with JavaScript's own meaning, on text with `/` as separator. A pattern
//! that does not compile matches nothing and is handed back as a message: one bad pattern must not silence a watch.

use std::borrow::Cow;
use std::path::{Component, Path, PathBuf};

use crate::spec::{Glob, Ignored};

/// A compiled glob.
#[derive(Debug)]
pub(crate) struct GlobMatcher {
    pattern: String,
    absolute: bool,
    regex: Option<regress::Regex>,
    /// How many folders below the base can hold a match; `None` without bound.
    pub(crate) depth: Option<usize>,
}

/// A compiled [`Ignored`].
#[derive(Debug)]
pub(crate) enum IgnoredMatcher {
    Path(PathBuf),
    Glob(GlobMatcher),
    Regex(Option<regress::Regex>),
}

/// Compiles, and pushes a message to `faults` when the expression is invalid.
fn compile(source: &str, flags: &str, faults: &mut Vec<String>) -> Option<regress::Regex> {
    // `g` and `y` only steer JavaScript's iteration and `d` its result; they do not change whether a path matches.
    let flags: String = flags.chars().filter(|flag| !"gyd".contains(*flag)).collect();
    match regress::Regex::with_flags(source, flags.as_str()) {
        Ok(regex) => Some(regex),
        Err(error) => {
            faults.push(format!("/{source}/{flags}: {error}"));
            None
        }
    }
}

/// The path as text with `/` between its parts.
pub(crate) fn text(path: &Path) -> Cow<'_, str> {
    let text = path.to_string_lossy();
    if cfg!(windows) { Cow::Owned(text.replace('\\', "/")) } else { text }
}

/// The path from `cwd`, with `..` where it lies outside.
fn relative(path: &Path, cwd: &Path) -> String {
    if let Ok(below) = path.strip_prefix(cwd) {
        return text(below).into_owned();
    }
    let shared = path.components().zip(cwd.components()).take_while(|(a, b)| a == b).count();
    let mut out = PathBuf::new();
    for _ in cwd.components().skip(shared) {
        out.push(Component::ParentDir);
    }
    out.extend(path.components().skip(shared));
    text(&out).into_owned()
}

impl GlobMatcher {
    pub(crate) fn new(glob: &Glob, faults: &mut Vec<String>) -> Self {
        let pattern = glob.pattern.strip_prefix("./").unwrap_or(&glob.pattern).to_owned();
        Self {
            absolute: Path::new(&pattern).is_absolute(),
            depth: depth(&pattern),
            regex: compile(&glob.source, &glob.flags, faults),
            pattern,
        }
    }

    fn test(&self, text: &str) -> bool {
        text == self.pattern || self.regex.as_ref().is_some_and(|regex| regex.find(text).is_some())
    }

    /// Whether `path` matches, named as the user wrote the pattern: absolute or from `cwd`.
    pub(crate) fn matches(&self, path: &Path, cwd: &Path) -> bool {
        if self.absolute { self.test(&text(path)) } else { self.test(&relative(path, cwd)) }
    }
}

/// How many `/` a match may have behind the literal start of `pattern`, or `None` when there is no bound.
fn depth(pattern: &str) -> Option<usize> {
    if pattern.contains("**") || pattern.contains('(') {
        return None;
    }
    let magic = pattern.find(['*', '?', '[', '{', '!', '+', '@']).unwrap_or(pattern.len());
    Some(pattern[magic..].matches('/').count())
}

impl IgnoredMatcher {
    pub(crate) fn new(ignored: &Ignored, faults: &mut Vec<String>) -> Self {
        match ignored {
            Ignored::Path(path) => Self::Path(path.clone()),
            Ignored::Glob(glob) => Self::Glob(GlobMatcher::new(glob, faults)),
            Ignored::Regex { source, flags } => Self::Regex(compile(source, flags, faults)),
        }
    }

    /// Whether `path` itself is left out.
    pub(crate) fn matches(&self, path: &Path, cwd: &Path) -> bool {
        match self {
            Self::Path(ignored) => path.starts_with(ignored),
            Self::Glob(glob) => glob.test(&text(path)) || glob.test(&relative(path, cwd)),
            Self::Regex(regex) => {
                regex.as_ref().is_some_and(|regex| regex.find(&text(path)).is_some())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_paths_leave_cwd_by_dots() {
        for (path, cwd, expected) in [
            ("/a/b/c.mjs", "/a", "b/c.mjs"),
            ("/a/lib/c.mjs", "/a/app", "../lib/c.mjs"),
            ("/x", "/a/b", "../../x"),
            ("/a", "/a", ""),
        ] {
            assert_eq!(relative(Path::new(path), Path::new(cwd)), expected, "{path} from {cwd}");
        }
    }

    #[test]
    fn depth_is_bounded_without_globstar() {
        for (pattern, expected) in [
            ("*.js", Some(0)),
            ("src/*/a.js", Some(1)),
            ("src/{a/b,c}/*.js", Some(2)),
            ("src/**", None),
            ("+(a|b)/c", None),
        ] {
            assert_eq!(depth(pattern), expected, "{pattern}");
        }
    }

    #[test]
    fn expressions_and_literals() {
        let glob = |pattern: &str, source: &str| Glob {
            pattern: pattern.into(),
            source: source.into(),
            ..Glob::default()
        };
        let mut faults = Vec::new();
        let matches = |glob: &Glob, path: &str, faults: &mut Vec<String>| {
            GlobMatcher::new(glob, faults).matches(Path::new(path), Path::new("/p"))
        };
        let js = glob("src/*.js", r"^(?:src\/[^/]*?\.js)$");
        assert!(matches(&js, "/p/src/a.js", &mut faults));
        assert!(!matches(&js, "/p/src/b/a.js", &mut faults));
        assert!(
            matches(&glob("a[b].js", "^(?:a[b]\\.js)$"), "/p/a[b].js", &mut faults),
            "literal text"
        );
        assert!(faults.is_empty());
        assert!(!matches(&glob("x", "("), "/p/y", &mut faults));
        assert_eq!(faults.len(), 1);
    }
}
