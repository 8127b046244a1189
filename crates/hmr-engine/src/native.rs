//! Modules that Node itself had loaded before the package could: the caller of `hmr()`, the main
//! entry and what they import. They are shared with the hot side until they change.

use rustc_hash::FxHashMap;

use crate::load::{Loaded, Loader, load};
use crate::resolve::{FileUrl, Resolved, Resolver, file_path};
use crate::source::{Content, Format};

/// URLs of modules loaded by Node, with the URLs of their importers among them.
#[derive(Debug, Default)]
pub struct NativeModules {
    importers: FxHashMap<String, Vec<String>>,
    /// What Node loads after the start is told: nothing has to be assumed.
    sees_loader: bool,
}

impl NativeModules {
    /// `sees_loader`: every module that Node loads after the start is told.
    #[must_use]
    pub fn new(sees_loader: bool) -> Self {
        Self { importers: FxHashMap::default(), sees_loader }
    }

    /// Adds the module at `url` and everything it imports, also by `import('literal')` where it
    /// cannot be seen whether such a call has run: if Node loads the module for both sides there
    /// is one instance either way. Not what `is_hot`: it has a hot instance already.
    pub fn add_closure(&mut self, resolver: &Resolver, url: &str, is_hot: &dyn Fn(&str) -> bool) {
        if self.importers.contains_key(url) || is_hot(url) {
            return;
        }
        let path = file_path(url);
        let Some(path) = path.filter(|path| path.is_file()) else {
            return;
        };
        let first = FileUrl { path, url: url.to_owned(), link: None };
        let format = match resolver.resolve(url, url, &[]) {
            Resolved::Module(_) => Format::Module,
            _ => Format::Ambiguous,
        };
        let mut waiting = vec![(first, format)];
        self.importers.insert(url.to_owned(), Vec::new());
        while let Some((file, format)) = waiting.pop() {
            let loader = Loader { resolver, records: None };
            let Ok(loaded) = load(loader, &file, format) else { continue };
            for (target, format) in self.targets(resolver, &loaded) {
                if is_hot(&target.url) {
                    continue;
                }
                let importers = self.importers.entry(target.url.clone());
                let known = matches!(importers, std::collections::hash_map::Entry::Occupied(_));
                importers.or_default().push(file.url.clone());
                if !known {
                    waiting.push((target, format));
                }
            }
        }
    }

    /// A module that Node has loaded imports the one at `url`.
    pub fn add_importer(&mut self, url: &str, importer: &str) {
        let importers = self.importers.entry(url.to_owned()).or_default();
        if !importers.iter().any(|known| known == importer) {
            importers.push(importer.to_owned());
        }
    }

    /// Whether Node has loaded the module at `url`.
    #[must_use]
    pub fn contains(&self, url: &str) -> bool {
        self.importers.contains_key(url)
    }

    /// Modules that Node loaded and that go on with the old `urls` when these become hot.
    #[must_use]
    pub fn left_behind(&self, urls: &[String]) -> Vec<String> {
        let importers = urls.iter().filter_map(|url| self.importers.get(url)).flatten();
        let stays = |importer: &&String| self.contains(importer) && !urls.contains(importer);
        let mut importers: Vec<_> = importers.filter(stays).cloned().collect();
        importers.sort();
        importers.dedup();
        importers
    }

    /// The module at `url` has a hot instance from now on.
    pub fn leave(&mut self, url: &str) {
        self.importers.remove(url);
    }

    fn targets(&self, resolver: &Resolver, loaded: &Loaded) -> Vec<(FileUrl, Format)> {
        let Content::Module(parsed) = &loaded.content else {
            return Vec::new();
        };
        let literals = parsed.record.dynamic_imports.iter();
        let literals = literals.filter_map(|import| import.specifier.as_deref());
        let dynamic = literals.map(|specifier| resolver.resolve(specifier, &loaded.file.url, &[]));
        let dynamic = dynamic.filter(|_| !self.sees_loader);
        loaded
            .requests
            .iter()
            .cloned()
            .chain(dynamic)
            .filter_map(|resolved| match resolved {
                Resolved::Module(file) => Some((file, Format::Module)),
                Resolved::Ambiguous(file) => Some((file, Format::Ambiguous)),
                _ => None,
            })
            .collect()
    }
}
