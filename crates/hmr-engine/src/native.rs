//! Modules that Node itself had loaded before the package could: the caller of `hmr()`, the main
//! entry and what they import. They are shared with the hot side until they change.

use rustc_hash::FxHashMap;
use url::Url;

use crate::load::{Loaded, load};
use crate::resolve::{FileUrl, Resolved, Resolver};
use crate::source::{Content, Format};

/// URLs of modules loaded by Node, with the URLs of their importers among them.
#[derive(Debug, Default)]
pub struct NativeModules {
    importers: FxHashMap<String, Vec<String>>,
}

impl NativeModules {
    /// Adds the module at `url` and everything it imports, also by `import('literal')`: whether
    /// such a call has run already cannot be seen, and if Node loads the module for both sides
    /// there is one instance either way.
    pub fn add_closure(&mut self, resolver: &Resolver, url: &str) {
        if self.importers.contains_key(url) {
            return;
        }
        let path = Url::parse(url).ok().and_then(|url| url.to_file_path().ok());
        let Some(path) = path.filter(|path| path.is_file()) else {
            return;
        };
        let mut waiting = vec![FileUrl { path, url: url.to_owned(), link: None }];
        self.importers.insert(url.to_owned(), Vec::new());
        while let Some(file) = waiting.pop() {
            let Ok(loaded) = load(resolver, &file, Format::Ambiguous) else {
                continue;
            };
            for target in targets(resolver, &loaded) {
                let importers = self.importers.entry(target.url.clone());
                let known = matches!(importers, std::collections::hash_map::Entry::Occupied(_));
                importers.or_default().push(file.url.clone());
                if !known {
                    waiting.push(target);
                }
            }
        }
    }

    /// Whether Node has loaded the module at `url`.
    #[must_use]
    pub fn contains(&self, url: &str) -> bool {
        self.importers.contains_key(url)
    }

    /// The module at `url` has a hot instance from now on. Returns the modules that Node loaded
    /// and that go on with the old one.
    pub fn leave(&mut self, url: &str) -> Vec<String> {
        let mut importers = self.importers.remove(url).unwrap_or_default();
        importers.sort();
        importers.dedup();
        importers.retain(|importer| self.importers.contains_key(importer));
        importers
    }
}

fn targets(resolver: &Resolver, loaded: &Loaded) -> Vec<FileUrl> {
    let Content::Module(parsed) = &loaded.content else {
        return Vec::new();
    };
    let literals = parsed.record.dynamic_imports.iter();
    let literals = literals.filter_map(|import| import.specifier.as_deref());
    let dynamic = literals.map(|specifier| resolver.resolve(specifier, &loaded.file.url, false));
    loaded
        .requests
        .iter()
        .cloned()
        .chain(dynamic)
        .filter_map(|resolved| match resolved {
            Resolved::Module(file) | Resolved::Ambiguous(file) => Some(file),
            _ => None,
        })
        .collect()
}
