//! What a file looked like: enough to tell by one `stat` whether it changed. Holds no content and no descriptor.

use std::fs::Metadata;

/// Identity of a file or folder: device and inode (zeroes where the platform has none).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct FileId {
    /// Device number.
    pub device: u64,
    /// Inode number.
    pub inode: u64,
}

/// Identity, size and times of a file. Compare with `!=` only: clocks run backwards and file systems round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stamp {
    /// Identity.
    pub id: FileId,
    /// Bytes.
    pub size: u64,
    /// Last change of content, nanoseconds since 1970.
    pub modified: i128,
    /// Last change of content or attributes, nanoseconds since 1970.
    pub changed: i128,
}

impl Stamp {
    /// The stamp that `metadata` stands for.
    #[cfg(unix)]
    pub fn of(metadata: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        let nanos =
            |seconds: i64, nanos: i64| i128::from(seconds) * 1_000_000_000 + i128::from(nanos);
        Self {
            id: FileId { device: metadata.dev(), inode: metadata.ino() },
            size: metadata.len(),
            modified: nanos(metadata.mtime(), metadata.mtime_nsec()),
            changed: nanos(metadata.ctime(), metadata.ctime_nsec()),
        }
    }

    /// The stamp that `metadata` stands for.
    #[cfg(not(unix))]
    pub fn of(metadata: &Metadata) -> Self {
        let modified = metadata
            .modified()
            .ok()
            .and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok())
            .map_or(0, |since| since.as_nanos() as i128);
        Self { id: FileId::default(), size: metadata.len(), modified, changed: modified }
    }

    /// Whether both stand for the same content, as far as a `stat` can tell.
    pub fn same_content(&self, other: &Self) -> bool {
        self.id == other.id && self.size == other.size && self.modified == other.modified
    }

    /// What [`Stamp::same_content`] compares, as a text.
    pub(crate) fn content_text(&self) -> String {
        let FileId { device, inode } = self.id;
        format!("{device:x}-{inode:x}-{:x}-{:x}", self.size, self.modified)
    }
}

/// How many names the file has; 1 where the platform does not say.
pub(crate) fn names(metadata: &Metadata) -> u64 {
    #[cfg(unix)]
    {
        std::os::unix::fs::MetadataExt::nlink(metadata)
    }
    #[cfg(not(unix))]
    {
        let _ = metadata;
        1
    }
}
