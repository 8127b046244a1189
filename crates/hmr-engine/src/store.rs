//! What earlier runs have found out and later ones need not find out again, in one LMDB file of the project: several
//! processes may read and write it at a time, a crash leaves it as it was, and it may be deleted at any moment.
//!
//! An entry's key is the hash of everything the entry depends on, so entries are never out of date, only unused.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, Weak};

use heed::types::Bytes;
use heed::{Database, Env, EnvOpenOptions, WithoutTls};
use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use crate::lock::lock;

/// Hash of what an entry depends on.
pub type Key = u128;

/// Size of the file in bytes from which on it is emptied before more is written.
const FULL: u64 = 512 << 20;
/// Address space that the file may take.
const MAP: usize = if usize::BITS < 64 { 256 << 20 } else { 2 << 30 };
/// Length of the checksum behind an entry.
const CHECKSUM: usize = size_of::<u64>();

/// Hash of several parts.
#[must_use]
pub fn key(parts: &[&[u8]]) -> Key {
    let mut hash = Xxh3::new();
    for part in parts {
        hash.update(&part.len().to_le_bytes());
        hash.update(part);
    }
    hash.digest128()
}

/// An open file.
pub struct Store {
    env: Env<WithoutTls>,
    entries: Database<Bytes, Bytes>,
}

/// LMDB must not be opened twice in a process: threads share it.
static OPEN: Mutex<Option<FxHashMap<PathBuf, Weak<Store>>>> = Mutex::new(None);

impl Store {
    /// The store in `folder`, if it is there and can be read. With `create` it is made if it is not there.
    #[must_use]
    pub fn open(folder: &Path, create: bool) -> Option<Arc<Self>> {
        let mut open = lock(&OPEN);
        let open = open.get_or_insert_default();
        let data = folder.join("data.mdb");
        if let Some(store) = open.get(folder).and_then(Weak::upgrade)
            && (data.exists() || !create)
        {
            return Some(store);
        }
        if create {
            fs::create_dir_all(folder).ok()?;
        } else if !data.exists() {
            return None;
        }
        let store = Arc::new(Self::at(folder).or_else(|| {
            // Not a file of ours any more, or one that lost its end.
            fs::remove_file(&data).ok()?;
            create.then(|| Self::at(folder)).flatten()
        })?);
        open.insert(folder.to_owned(), Arc::downgrade(&store));
        Some(store)
    }

    fn at(folder: &Path) -> Option<Self> {
        let mut options = EnvOpenOptions::new().read_txn_without_tls();
        options.map_size(MAP).max_readers(1024);
        // SAFETY: the file is only changed through LMDB; what was cut off is found below.
        let env = unsafe { options.open(folder) }.ok()?;
        let length = fs::metadata(folder.join("data.mdb")).ok()?.len();
        // LMDB's own page size is not told; no system has a smaller one.
        if (env.info().last_page_number as u64) * 4096 > length {
            return None;
        }
        let _ = env.clear_stale_readers();
        let entries = {
            let transaction = env.read_txn().ok()?;
            env.open_database(&transaction, None).ok()?
        };
        let entries = entries.or_else(|| {
            let mut transaction = env.write_txn().ok()?;
            let entries = env.create_database(&mut transaction, None).ok()?;
            transaction.commit().ok()?;
            Some(entries)
        })?;
        Some(Self { env, entries })
    }

    /// Calls `use_entry` with the entry, if there is a sound one.
    pub fn get<T>(&self, key: Key, use_entry: impl FnOnce(&[u8]) -> T) -> Option<T> {
        let transaction = self.env.read_txn().ok()?;
        let stored = self.entries.get(&transaction, &key.to_le_bytes()).ok()??;
        let (entry, checksum) = stored.split_at_checked(stored.len().checked_sub(CHECKSUM)?)?;
        (checksum == xxh3_64(entry).to_le_bytes()).then(|| use_entry(entry))
    }

    /// Writes entries, all or none. What fails is no loss.
    pub fn put<'e>(&self, entries: impl IntoIterator<Item = (Key, &'e [u8])>) {
        let _ = self.try_put(entries);
    }

    fn try_put<'e>(&self, entries: impl IntoIterator<Item = (Key, &'e [u8])>) -> heed::Result<()> {
        let mut transaction = self.env.write_txn()?;
        if self.env.real_disk_size()? > FULL {
            self.entries.clear(&mut transaction)?;
        }
        let mut stored = Vec::new();
        for (key, entry) in entries {
            stored.clear();
            stored.extend_from_slice(entry);
            stored.extend_from_slice(&xxh3_64(entry).to_le_bytes());
            self.entries.put(&mut transaction, &key.to_le_bytes(), &stored)?;
        }
        transaction.commit()
    }
}

#[cfg(test)]
mod tests;
