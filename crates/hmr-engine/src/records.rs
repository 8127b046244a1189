//! What texts have become and what was found in them, from earlier runs: what has been stored need not be compiled and
//! parsed again.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use hmr_transform::{Dialect, JavaScript, Language, ParsedModule};
use serde::{Deserialize, Serialize};

use crate::lock::lock;
use crate::source::{Content, Format, Source};
use crate::store::{self, Key, Store};

/// So many entries at most wait to be written.
const MOST_FRESH: usize = 100_000;

/// Entries of the project's store, and those that are to become ones.
#[derive(Default)]
pub struct Records {
    folder: PathBuf,
    store: Mutex<Opened>,
    fresh: Mutex<Vec<(Key, Vec<u8>)>>,
    /// Length of the texts that `fresh` is about.
    parsed: AtomicU32,
}

/// The store while modules are loaded: an open one takes memory.
#[derive(Default)]
enum Opened {
    #[default]
    NotYet,
    Store(Option<Arc<Store>>),
}

#[derive(Serialize)]
struct Stored<'a> {
    compiled: Option<&'a JavaScript>,
    module: Option<&'a ParsedModule>,
}

#[derive(Deserialize)]
struct Found {
    compiled: Option<JavaScript>,
    /// Nothing: the text is a script.
    module: Option<ParsedModule>,
}

/// What identifies an understanding of `source`, which has not been compiled.
pub fn key(source: &Source, format: Format, language: Option<(Language, &Dialect)>) -> Key {
    let how = format!("{format:?} {language:?}");
    let engine = env!("HMR_ENGINE_SOURCES");
    store::key(&["record", engine, &how, &source.text].map(str::as_bytes))
}

impl Records {
    /// With an empty `folder` nothing is found and nothing kept.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), ..Self::default() }
    }

    /// What `source` was found to be, which is then compiled if need be.
    pub fn find(&self, key: Key, source: &mut Source) -> Option<Content> {
        let found = self.store()?.get(key, |entry| postcard::from_bytes::<Found>(entry).ok())??;
        source.compiled = found.compiled.map(Arc::new);
        Some(found.module.map_or(Content::Script, |module| Content::Module(Arc::new(module))))
    }

    fn store(&self) -> Option<Arc<Store>> {
        if self.folder.as_os_str().is_empty() {
            return None;
        }
        let mut opened = lock(&self.store);
        if matches!(*opened, Opened::NotYet) {
            *opened = Opened::Store(Store::open(&self.folder, false));
        }
        match &*opened {
            Opened::Store(store) => store.clone(),
            Opened::NotYet => None,
        }
    }

    /// A load is over.
    pub fn close(&self) {
        *lock(&self.store) = Opened::NotYet;
    }

    /// Remembers what `source` is for [`Self::take`].
    pub fn add(&self, key: Key, source: &Source, content: &Content) {
        if self.folder.as_os_str().is_empty() {
            return;
        }
        let module = match content {
            Content::Module(module) => Some(module.as_ref()),
            Content::Script => None,
            Content::Json => return,
        };
        let stored = Stored { compiled: source.compiled.as_deref(), module };
        if let Ok(entry) = postcard::to_stdvec(&stored) {
            let mut fresh = lock(&self.fresh);
            if fresh.len() < MOST_FRESH {
                fresh.push((key, entry));
                self.parsed.fetch_add(source.text.len() as u32, Ordering::Relaxed);
            }
        }
    }

    /// Length of the texts that what is to be written is about.
    pub fn parsed(&self) -> u32 {
        self.parsed.load(Ordering::Relaxed)
    }

    /// What is to be written.
    pub fn take(&self) -> Vec<(Key, Vec<u8>)> {
        self.parsed.store(0, Ordering::Relaxed);
        std::mem::take(&mut *lock(&self.fresh))
    }
}
