//! Texts of modules and what was found in them, shared by all JavaScript threads of the process: workers mostly run the
//! same files.

use std::sync::{Arc, Mutex, Weak};

use hmr_transform::{JavaScript, ParsedModule};
use rustc_hash::FxHashMap;

use crate::lock::lock;
use crate::source::{Content, Source};
use crate::store::Key;

/// Dead entries keep memory until they are removed: so many new ones may come before, and one for eight that live.
const FRESH: usize = 64;

/// One text, as long as somebody needs it.
struct Entry {
    text: Weak<str>,
    compiled: Option<Weak<JavaScript>>,
    module: Weak<ParsedModule>,
}

#[derive(Default)]
struct Shared {
    entries: FxHashMap<Key, Entry>,
    /// Added since dead ones were removed.
    fresh: usize,
}

static SHARED: Mutex<Option<Shared>> = Mutex::new(None);

/// What another thread has found `source` to be; its text and what it was compiled to take the place of the own ones.
pub fn find(key: Key, source: &mut Source) -> Option<Content> {
    let shared = lock(&SHARED);
    let entry = shared.as_ref()?.entries.get(&key)?;
    let (text, module) = (entry.text.upgrade()?, entry.module.upgrade()?);
    let compiled = match &entry.compiled {
        Some(compiled) => Some(compiled.upgrade()?),
        None => None,
    };
    (source.text, source.compiled) = (text, compiled);
    Some(Content::Module(module))
}

/// Others may find it.
pub fn add(key: Key, source: &Source, content: &Content) {
    let Content::Module(module) = content else { return };
    let entry = Entry {
        text: Arc::downgrade(&source.text),
        compiled: source.compiled.as_ref().map(Arc::downgrade),
        module: Arc::downgrade(module),
    };
    let mut shared = lock(&SHARED);
    let shared = shared.get_or_insert_default();
    shared.entries.insert(key, entry);
    shared.fresh += 1;
    if shared.fresh > FRESH + shared.entries.len() / 8 {
        shared.entries.retain(|_, entry| entry.module.strong_count() > 0);
        shared.fresh = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Format, parse};

    fn source(text: &str) -> Source {
        Source { text: Arc::from(text), hash: 0, compiled: None }
    }

    #[test]
    fn a_text_is_shared_while_somebody_has_it() {
        let first = source("export const a = 1;");
        let content = parse(&first, Format::Module).unwrap();
        add(1, &first, &content);
        let mut second = source("export const a = 1;");
        let found = find(1, &mut second).unwrap();
        assert!(Arc::ptr_eq(&first.text, &second.text));
        let (Content::Module(one), Content::Module(other)) = (&content, &found) else { panic!() };
        assert!(Arc::ptr_eq(one, other));
        assert!(find(2, &mut second).is_none());
        drop((first, second, content, found));
        assert!(find(1, &mut source("export const a = 1;")).is_none());
    }

    #[test]
    fn what_nobody_has_does_not_stay() {
        for key in 100..10_000 {
            let source = source("export const a = 2;");
            let content = parse(&source, Format::Module).unwrap();
            add(key, &source, &content);
        }
        assert!(lock(&SHARED).as_ref().unwrap().entries.len() < 2 * FRESH);
    }
}
