//! V8's compiled form of executable texts, from earlier runs.

use std::path::PathBuf;
use std::sync::Arc;

use rayon::prelude::*;
use serde::Deserialize;

use crate::deep;
use crate::plan::{DefinitionKind, Plan};
use crate::session::Session;
use crate::store::{self, Key, Store};

/// Where earlier runs have left something, and what it depends on beside the texts.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CacheOptions {
    /// The folder of the store; empty: there is none.
    pub folder: PathBuf,
    /// Names V8.
    pub v8: String,
}

/// Compiled forms of a plan's texts.
#[derive(Debug, Default)]
pub struct Compiled {
    /// For each text, by which [`Session::leave`] is told of its compiled form.
    pub keys: Vec<Key>,
    /// All compiled forms, each at a multiple of eight.
    pub data: Vec<u8>,
    /// For each text, where in `data` its form begins and ends; the same number twice: there is none.
    pub places: Vec<u32>,
    /// Length of the files that had to be parsed, in bytes.
    pub parsed: u32,
}

/// Compiled forms in the project's store.
#[derive(Debug, Default, Clone)]
pub struct CodeCache {
    options: CacheOptions,
}

impl CodeCache {
    /// Opens nothing yet.
    #[must_use]
    pub fn new(options: &CacheOptions) -> Self {
        Self { options: options.clone() }
    }

    /// Compiled forms of texts, each with the URL it is compiled under; nothing if there is no place for them.
    #[must_use]
    pub fn find(&self, texts: &[(&str, &str)]) -> Option<Compiled> {
        if self.options.folder.as_os_str().is_empty() {
            return None;
        }
        let store = Store::open(&self.options.folder, false);
        let found: Vec<_> = deep::threads()
            .install(|| texts.par_iter().map(|text| self.find_one(store.as_ref(), text)).collect());
        let lengths = found.iter().flat_map(|(_, form)| form).map(|form| form.len() + 8);
        let mut compiled = Compiled::default();
        compiled.data.reserve_exact(lengths.sum());
        for (key, data) in found {
            compiled.keys.push(key);
            compiled.data.resize(compiled.data.len().next_multiple_of(8), 0);
            let begin = compiled.data.len();
            compiled.data.extend(data.unwrap_or_default());
            compiled.places.extend([begin as u32, compiled.data.len() as u32]);
        }
        Some(compiled)
    }

    fn find_one(
        &self,
        store: Option<&Arc<Store>>,
        (url, text): &(&str, &str),
    ) -> (Key, Option<Vec<u8>>) {
        let parts = ["code", &self.options.v8, url, text].map(str::as_bytes);
        let key = store::key(&parts);
        (key, store.and_then(|store| store.get(key, <[u8]>::to_vec)))
    }
}

/// What is to be written for later runs.
pub struct Leaving {
    folder: PathBuf,
    entries: Vec<(Key, Vec<u8>)>,
}

impl Leaving {
    /// Writes it.
    pub fn write(self) {
        if self.entries.is_empty() {
            return;
        }
        if let Some(store) = Store::open(&self.folder, true) {
            store.put(self.entries.iter().map(|(key, entry)| (*key, entry.as_slice())));
        }
    }
}

impl Session {
    /// What later runs need not find out again: these compiled forms of texts, and what parsing has found. Each is taken once.
    pub fn leave(&self, forms: impl IntoIterator<Item = (Key, Vec<u8>)>) -> Leaving {
        let mut entries = self.records.take();
        entries.extend(forms);
        Leaving { folder: self.code_cache.options.folder.clone(), entries }
    }

    /// Compiled forms of the texts of a plan.
    pub(crate) fn compiled(&self, plan: &Plan, texts: &[String]) -> Option<Compiled> {
        let mut urls = vec![""; texts.len()];
        for definition in &plan.modules {
            if let DefinitionKind::Module { code, .. } = definition.kind {
                urls[code as usize] = &definition.url;
            }
        }
        let texts: Vec<_> = urls.into_iter().zip(texts.iter().map(String::as_str)).collect();
        let parsed = self.records.parsed();
        Some(Compiled { parsed, ..self.code_cache.find(&texts)? })
    }
}
