//! Files: their stamps, and the links that lead to them.

use std::fs;
use std::io;
use std::path::Path;

use super::Tree;
use crate::look::look;
use crate::settle::{Look, Signal};
use crate::source::Scope;
use crate::stamp::{Stamp, names};

impl Tree {
    /// Compares one file with its stamp.
    pub(crate) fn consider(&mut self, path: &Path) {
        let Ok((metadata, is_link)) = stat(path) else {
            if self.seen.contains_key(path) {
                self.found.push((path.to_owned(), Signal::Left));
            }
            return;
        };
        if metadata.is_dir() {
            return;
        }
        let stamp = Stamp::of(&metadata);
        match self.seen.get(path) {
            Some(seen) if *seen == stamp => {}
            None if self.quiet => self.record(path, stamp, metadata, is_link),
            _ => self.found.push((path.to_owned(), Signal::Differs)),
        }
    }

    /// Takes a file as it is. One that is being written, or that was read too early, stays armed: its reader has to read
    /// it again.
    fn record(&mut self, path: &Path, stamp: Stamp, metadata: fs::Metadata, is_link: bool) {
        let recent =
            metadata.modified().is_ok_and(|time| time.elapsed().is_ok_and(|age| age.as_secs() < 2));
        let unread = self.read.is_some_and(|read| stamp.changed >= read);
        if unread || (recent && look(path, !self.is_polled(path)) == Look::Busy) {
            self.note(path, Some(Stamp { id: stamp.id, ..Stamp::default() }));
            self.found.push((path.to_owned(), Signal::Differs));
        } else {
            self.note(path, Some(stamp));
        }
        self.follow(path, Some((metadata, is_link)));
    }

    /// Records what was reported about a file.
    pub(crate) fn accept(&mut self, path: &Path, stamp: Option<Stamp>) {
        self.note(path, stamp);
        self.follow(path, stamp.and_then(|_| stat(path).ok()));
    }

    fn note(&mut self, path: &Path, stamp: Option<Stamp>) {
        let folder = path.parent().and_then(|parent| self.folders.get_mut(parent));
        if let (Some(folder), Some(name)) = (folder, path.file_name()) {
            if stamp.is_some() {
                if !folder.files.contains(name) {
                    folder.files.insert(name.to_owned());
                }
            } else {
                folder.files.remove(name);
            }
        }
        match stamp {
            Some(stamp) => self.seen.insert(path.to_owned(), stamp),
            None => self.seen.remove(path),
        };
    }

    /// Follows the links of a file: symbolic ones by name, hard ones by a watch on the file itself.
    fn follow(&mut self, path: &Path, found: Option<(fs::Metadata, bool)>) {
        let is_link = found.as_ref().is_some_and(|(_, is_link)| *is_link);
        for target in self.links.update(path, is_link, &mut self.interest) {
            // Recorded, not reported: the link itself is what was reported.
            let quiet = self.quiet;
            self.attach(&target);
            self.quiet = quiet;
        }
        let shared = found.is_some_and(|(metadata, _)| names(&metadata) > 1)
            && !path.components().any(|part| part.as_os_str() == "node_modules");
        let key = if shared { self.source.add(path, Scope::File).ok().flatten() } else { None };
        if let Some(old) = self.links.set_key(path, key)
            && Some(old) != key
        {
            self.unbind(old, path);
        }
        if let Some(key) = key {
            let names = self.keys.entry(key).or_default();
            if !names.iter().any(|name| name == path) {
                names.push(path.to_owned());
            }
        }
    }
}

/// The metadata of the file itself, and whether `path` is a symbolic link to it.
fn stat(path: &Path) -> io::Result<(fs::Metadata, bool)> {
    let metadata = fs::symlink_metadata(path)?;
    if metadata.file_type().is_symlink() {
        Ok((fs::metadata(path)?, true))
    } else {
        Ok((metadata, false))
    }
}
