//! ES modules that Node loads, read for the names they export, so that imports from packages link as
//! those from hot modules do.
//!
//! Only what names need is read: the module they are asked of, and where its `export … from` lead.
//! Nothing is read twice, because Node loads nothing twice. What cannot be read or resolved, or is no
//! ES module, stays opaque: then only Node knows its names.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};

use data_url::DataUrl;
use hmr_transform::{ImportName, ModuleRecord};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::deep;
use crate::lock::lock;
use crate::resolve::{Resolved, Resolver, file_path};
use crate::source::{self, Content};

/// What is known of modules that Node loads, by URL.
#[derive(Debug, Default)]
pub struct Outside {
    read: Mutex<FxHashMap<String, Once>>,
    /// Node has them: they stay as they are.
    held: FxHashSet<String>,
    /// Node finds other names in them than we do.
    distrusted: FxHashSet<String>,
}

/// What comes of reading a file once, by whomever.
type Once = Arc<OnceLock<Option<Arc<Reading>>>>;

/// One module that was read.
#[derive(Debug)]
pub struct Reading {
    /// Its file; empty if it stands in its URL.
    pub path: PathBuf,
    /// Its record.
    pub record: ModuleRecord,
    /// Where those of its requests lead that it takes names from.
    pub targets: Vec<Option<Resolved>>,
}

/// A name that is taken from a module, or all it has.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Want {
    /// URL of the module.
    pub url: String,
    /// Which name; none means all.
    pub name: Option<String>,
}

impl Outside {
    /// Reads what `wants` lead to, in parallel. Returns every module on the way, by URL.
    pub fn follow(&self, resolver: &Resolver, wants: Vec<Want>) -> Vec<(String, Arc<Reading>)> {
        let search =
            Search { outside: self, resolver, seen: Mutex::default(), found: Mutex::default() };
        if !wants.is_empty() {
            deep::scope(|scope| wants.into_iter().for_each(|want| search.spawn(scope, want)));
        }
        let found = search.found.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut found: Vec<_> = found.into_iter().collect();
        found.sort_by(|one, other| one.0.cmp(&other.0));
        found
    }

    /// What was read of the module at `url`.
    pub fn reading(&self, url: &str) -> Option<Arc<Reading>> {
        lock(&self.read).get(url)?.get()?.clone()
    }

    /// Node has loaded the module at `url`.
    pub fn hold(&mut self, url: &str) {
        self.held.insert(url.to_owned());
    }

    /// Node does not agree about the module at `url`, which is opaque from now on.
    pub fn distrust(&mut self, url: &str) {
        self.distrusted.insert(url.to_owned());
        lock(&self.read).remove(url);
    }

    /// Forgets what Node has not loaded: it may have been repaired. Returns the URLs.
    pub fn forget(&mut self) -> Vec<String> {
        let mut forgotten = Vec::new();
        lock(&self.read).retain(|url, _| {
            let stays = self.held.contains(url);
            if !stays {
                forgotten.push(url.clone());
            }
            stays
        });
        forgotten
    }

    fn read(&self, resolver: &Resolver, url: &str) -> Option<Arc<Reading>> {
        if self.distrusted.contains(url) {
            return None;
        }
        let cell = Arc::clone(lock(&self.read).entry(url.to_owned()).or_default());
        cell.get_or_init(|| Reading::of(resolver, url).map(Arc::new)).clone()
    }
}

impl Reading {
    fn of(resolver: &Resolver, url: &str) -> Option<Self> {
        let (path, record) = match data_module(url) {
            Some(text) => (PathBuf::new(), hmr_transform::parse(&text).ok()?.record),
            None => read_file(resolver, url)?,
        };
        let indirect = record.indirect_exports.iter().map(|export| export.request);
        let needed: FxHashSet<u32> = indirect.chain(record.star_exports.iter().copied()).collect();
        let targets = (0..).zip(&record.requests).map(|(at, request)| {
            let resolve = || resolver.resolve_outside(&request.specifier, url, &request.attributes);
            needed.contains(&at).then(resolve)
        });
        let targets = targets.collect();
        Some(Self { path, record, targets })
    }

    /// Where `name` is to be looked for next.
    fn leads(&self, name: Option<&str>) -> Vec<Want> {
        let exports = &self.record.indirect_exports;
        let Some(name) = name else {
            let named =
                exports.iter().filter_map(|export| self.want(export.request, &export.import));
            return named.chain(self.stars(None)).collect();
        };
        if self.record.local_exports.iter().any(|export| export.name == name) {
            return Vec::new();
        }
        match exports.iter().find(|export| export.name == name) {
            Some(export) => self.want(export.request, &export.import).into_iter().collect(),
            None if name == "default" => Vec::new(),
            None => self.stars(Some(name)).collect(),
        }
    }

    fn stars(&self, name: Option<&str>) -> impl Iterator<Item = Want> {
        let targets = self.record.star_exports.iter().filter_map(|&request| self.url(request));
        targets.map(move |url| Want { url: url.to_owned(), name: name.map(ToOwned::to_owned) })
    }

    fn want(&self, request: u32, import: &ImportName) -> Option<Want> {
        let ImportName::Named(name) = import else { return None };
        Some(Want { url: self.url(request)?.to_owned(), name: Some(name.clone()) })
    }

    fn url(&self, request: u32) -> Option<&str> {
        match self.targets[request as usize].as_ref()? {
            Resolved::External(url) => {
                let plain = self.record.requests[request as usize].attributes.is_empty();
                plain.then_some(url)
            }
            _ => None,
        }
    }
}

fn read_file(resolver: &Resolver, url: &str) -> Option<(PathBuf, ModuleRecord)> {
    let format = resolver.module_format(url)?;
    let path = file_path(url)?;
    let source = source::read(&path).ok()?;
    let Content::Module(parsed) = source::parse(&source, format).ok()? else { return None };
    Some((path, Arc::unwrap_or_clone(parsed).record))
}

/// The text of a module that stands in its URL.
fn data_module(url: &str) -> Option<String> {
    let data = DataUrl::process(url).ok()?;
    let mime = data.mime_type();
    let is_module = mime.type_ == "text" && mime.subtype == "javascript";
    let (body, _) = is_module.then(|| data.decode_to_vec().ok()).flatten()?;
    String::from_utf8(body).ok()
}

struct Search<'s> {
    outside: &'s Outside,
    resolver: &'s Resolver,
    seen: Mutex<FxHashSet<Want>>,
    found: Mutex<FxHashMap<String, Arc<Reading>>>,
}

impl Search<'_> {
    fn spawn<'s>(&'s self, scope: &rayon::Scope<'s>, want: Want) {
        if !lock(&self.seen).insert(want.clone()) {
            return;
        }
        scope.spawn(move |scope| {
            let Some(reading) = self.outside.read(self.resolver, &want.url) else { return };
            let next = reading.leads(want.name.as_deref());
            lock(&self.found).insert(want.url, reading);
            next.into_iter().for_each(|want| self.spawn(scope, want));
        });
    }
}
