//! One save of a file, told apart from the next one.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use xxhash_rust::xxh3::xxh3_64;

use crate::stamp::Stamp;

/// The contents of larger files are not read, in bytes.
const SMALL: u64 = 1 << 20;

/// What a file looked like and, unless it is large, what was in it: two saves of the same size within one tick of the
/// file system's clock, which are some milliseconds, have equal stamps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Save {
    /// What it looked like.
    pub stamp: Stamp,
    /// XXH3 of its content, if that was read.
    pub content: Option<u64>,
}

impl Save {
    /// What the file at `path` has in it now, of which `stamp` has just been seen.
    pub(crate) fn of(path: &Path, stamp: Stamp) -> Self {
        let mut bytes = Vec::new();
        let mut read =
            || File::open(path).and_then(|file| file.take(SMALL).read_to_end(&mut bytes));
        let is_read = stamp.size < SMALL && read().is_ok_and(|length| length as u64 == stamp.size);
        Self { stamp, content: is_read.then(|| xxh3_64(&bytes)) }
    }

    /// The save as a text: for those who cannot hold one.
    #[must_use]
    pub fn text(&self) -> String {
        self.content.map_or_else(|| self.stamp.content_text(), |content| format!("{content:x}"))
    }

    /// Whether `text` stands for this save.
    #[must_use]
    pub fn is(&self, text: &str) -> bool {
        self.text() == text || self.stamp.content_text() == text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn saves_with_equal_stamps_are_told_apart() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("f.mjs");
        fs::write(&path, "one").expect("write");
        let stamp = Stamp::of(&fs::metadata(&path).expect("metadata"));
        let one = Save::of(&path, stamp);
        fs::write(&path, "two").expect("write");
        let two = Save::of(&path, stamp);
        assert!(one.is(&one.text()) && !two.is(&one.text()));
        let unread = Save { content: None, ..one };
        assert!(two.is(&unread.text()), "nothing but the stamp is known");
        assert_eq!(Save::of(&path, Stamp { size: SMALL, ..stamp }).content, None);
    }
}
