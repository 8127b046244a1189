//! Files: their stamps, and the links that lead to them.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use super::{Folder, Tree};
use crate::look::look;
use crate::settle::{Look, Signal};
use crate::source::Scope;
use crate::stamp::{Stamp, names};

impl Tree {
    /// Compares one file with its stamp. `heard`: if it is not there, it may have been, and a client may have read it.
    pub(crate) fn consider(&mut self, path: &Path, heard: bool) {
        let Ok((metadata, is_link)) = stat(path) else {
            if self.seen.contains_key(path) || (heard && self.interest.is_exact(path)) {
                self.found.push((path.to_owned(), Signal::Left));
            }
            return;
        };
        if metadata.is_dir() {
            return;
        }
        let stamp = Stamp::of(&metadata);
        match self.seen.get(path) {
            // The folder may be one that came back and knows nothing of its files yet.
            Some(seen) if *seen == stamp => self.belongs(path),
            None if self.quiet => self.record(path, stamp, metadata, is_link),
            _ => self.found.push((path.to_owned(), Signal::Differs)),
        }
    }

    /// There is nothing at `path`: clients may have read what was below it for a moment.
    pub(super) fn absent(&mut self, path: &Path) {
        let missing =
            fs::symlink_metadata(path).is_err_and(|error| error.kind() == ErrorKind::NotFound);
        if missing {
            let below =
                self.interest.exact_below(path).filter(|file| !self.seen.contains_key(file));
            self.found.extend(below.map(|file| (file, Signal::Left)));
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
        if let Some(stamp) = stamp {
            self.belongs(path);
            self.seen.insert(path.to_owned(), stamp);
            return;
        }
        if let (Some(folder), Some(name)) = (self.folder_of(path), path.file_name()) {
            folder.files.remove(name);
        }
        self.seen.remove(path);
    }

    fn belongs(&mut self, path: &Path) {
        if let (Some(folder), Some(name)) = (self.folder_of(path), path.file_name())
            && !folder.files.contains(name)
        {
            folder.files.insert(name.to_owned());
        }
    }

    fn folder_of(&mut self, path: &Path) -> Option<&mut Folder> {
        self.folders.get_mut(path.parent()?)
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
