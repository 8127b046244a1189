//! What has been found out about files during one load: the files of an app share their folders, and each is imported
//! several times. Between loads nothing is kept, since the disk changes.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use rustc_hash::FxHashMap;

use crate::lock::lock;
use crate::resolve::Resolved;

/// Answers by question.
#[derive(Debug, Default)]
pub struct KnownFiles {
    kept: Mutex<Option<Kept>>,
}

#[derive(Debug, Default)]
struct Kept {
    /// Real paths of folders.
    folders: FxHashMap<PathBuf, PathBuf>,
    /// What files are, by URL and whether they are asked for as JSON. What is not there, or goes by another name, is asked for
    /// each time: it may depend on who asks.
    files: FxHashMap<(String, bool), Resolved>,
}

/// While it lives, answers are kept.
pub struct Keeping<'r>(&'r KnownFiles);

impl Drop for Keeping<'_> {
    fn drop(&mut self) {
        *lock(&self.0.kept) = None;
    }
}

impl KnownFiles {
    /// Keeps answers until the result is dropped.
    pub fn keep(&self) -> Keeping<'_> {
        *lock(&self.kept) = Some(Kept::default());
        Keeping(self)
    }

    /// What the file at `url` is, from `find` if it is not known.
    pub fn of(&self, url: String, json: bool, find: impl FnOnce() -> Resolved) -> Resolved {
        let question = (url, json);
        if let Some(known) = lock(&self.kept).as_ref().and_then(|kept| kept.files.get(&question)) {
            return known.clone();
        }
        let found = find();
        let name = question.0.rsplit('/').next();
        if let Resolved::Module(file) | Resolved::Ambiguous(file) | Resolved::Json(file) = &found
            && file.path.file_name().and_then(|name| name.to_str()) == name
            && let Some(kept) = lock(&self.kept).as_mut()
        {
            kept.files.insert(question, found.clone());
        }
        found
    }

    /// The real path of the file at `path`, or nothing if there is no file.
    pub fn real_path(&self, path: &Path) -> Option<PathBuf> {
        let metadata = path.symlink_metadata().ok()?;
        if metadata.is_file() {
            return Some(self.real_folder(path.parent()?)?.join(path.file_name()?));
        }
        (metadata.is_symlink() && path.is_file()).then(|| path.canonicalize().ok()).flatten()
    }

    fn real_folder(&self, folder: &Path) -> Option<PathBuf> {
        if let Some(real) = lock(&self.kept).as_ref().and_then(|kept| kept.folders.get(folder)) {
            return Some(real.clone());
        }
        let real = folder.canonicalize().ok()?;
        if let Some(kept) = lock(&self.kept).as_mut() {
            kept.folders.insert(folder.to_owned(), real.clone());
        }
        Some(real)
    }
}

/// The URL that a relative specifier leads to, if the texts are so plain that this takes no parser of URLs.
pub fn plain_url(specifier: &str, parent: &str) -> Option<String> {
    let is_plain = |text: &str| {
        text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte))
    };
    let path = parent.strip_prefix("file://").filter(|path| is_plain(path))?;
    let (folder, _) = path.rsplit_once('/')?;
    let mut segments: Vec<&str> = folder.split('/').collect();
    let named = specifier.strip_prefix("./").unwrap_or(specifier);
    if !is_plain(named) {
        return None;
    }
    for segment in named.split('/') {
        match segment {
            // Empty ones and others are kept, which is a question for the parser.
            "" | "." => return None,
            ".." if segments.len() > 1 => drop(segments.pop()),
            ".." => return None,
            name => segments.push(name),
        }
    }
    (!named.ends_with("..")).then(|| format!("file://{}", segments.join("/")))
}

#[cfg(test)]
mod tests;
