//! Loading module files that the graph does not have yet: the whole static closure, in parallel.

use std::path::PathBuf;
use std::sync::Mutex;

use hmr_transform::{Diagnostic, ModuleRecord};
use rustc_hash::FxHashMap;

use crate::failure::Failure;
use crate::resolve::{FileUrl, Resolved, Resolver};
use crate::source::{self, Content, Format, Source, SourceError};

/// A file read, parsed and with its static requests resolved; nothing of the graph is involved.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The file.
    pub file: FileUrl,
    /// Its text.
    pub source: Source,
    /// What the text is.
    pub content: Content,
    /// Parallel to `ModuleRecord::requests`.
    pub requests: Vec<Resolved>,
}

/// Files by [`key`], and what went wrong with others.
#[derive(Debug, Default)]
pub struct Loads {
    /// Loaded files.
    pub files: FxHashMap<String, Loaded>,
    /// Broken and unreadable ones.
    pub failures: Vec<Failure>,
}

/// What identifies a module in the graph: its URL, and that it is asked for as JSON
/// (ModuleRequestsEqual compares attributes too).
#[must_use]
pub fn key(resolved: &Resolved) -> Option<String> {
    match resolved {
        Resolved::Module(file) | Resolved::Ambiguous(file) => Some(file.url.clone()),
        Resolved::Json(file) => Some(format!("json:{}", file.url)),
        Resolved::External(_) | Resolved::Unresolved(_) => None,
    }
}

/// Reads and parses one file and resolves what it requests.
///
/// # Errors
/// A failure that names the file.
pub fn load(resolver: &Resolver, file: &FileUrl, format: Format) -> Result<Loaded, Box<Failure>> {
    let unreadable = |error| Failure::of_file(&file.path, error);
    let mut source = source::read(&file.path).map_err(unreadable)?;
    if source.text.is_empty() {
        source = source::read_written(&file.path).map_err(unreadable)?.unwrap_or(source);
    }
    understand(resolver, file, source, format)
}

/// As [`load`], of a text already read.
///
/// # Errors
/// A failure that names the file.
pub fn understand(
    resolver: &Resolver,
    file: &FileUrl,
    source: Source,
    format: Format,
) -> Result<Loaded, Box<Failure>> {
    let broken = |error| {
        let failure = Failure::of_file(&file.path, error);
        Box::new(Failure { text: Some(source.text.to_string()), ..*failure })
    };
    let content = source::parse(&source, format).map_err(broken)?;
    if let Content::Module(parsed) = &content
        && let Some(span) = parsed.record.assertion.filter(|_| !resolver.assertions)
    {
        let message = "`assert` of an import is now `with`";
        let diagnostic = Diagnostic::at(&source.text, span, message);
        return Err(broken(SourceError::Broken(vec![diagnostic])));
    }
    let requests = match &content {
        Content::Module(parsed) => resolve_requests(resolver, &parsed.record, &file.url),
        Content::Json | Content::Script => Vec::new(),
    };
    Ok(Loaded { file: file.clone(), source, content, requests })
}

fn resolve_requests(resolver: &Resolver, record: &ModuleRecord, url: &str) -> Vec<Resolved> {
    let requests = record.requests.iter();
    requests.map(|request| resolver.resolve(&request.specifier, url, &request.attributes)).collect()
}

/// Loads what `wanted` names and everything it requests statically, except what `known` has.
#[must_use]
pub fn load_closure(
    resolver: &Resolver,
    wanted: Vec<Resolved>,
    known: &(dyn Fn(&str) -> bool + Sync),
) -> Loads {
    let found = Closure { resolver, known, seen: Mutex::default(), loads: Mutex::default() };
    let first: Vec<_> = wanted.iter().filter_map(|resolved| found.claim(resolved)).collect();
    if !first.is_empty() {
        rayon::scope(|scope| first.into_iter().for_each(|job| found.spawn(scope, job)));
    }
    let mut loads = found.loads.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    loads.failures.sort_by(|one, other| one.file.cmp(&other.file));
    loads
}

impl Loaded {
    /// Links on the way to what it requests: pointed elsewhere, they change what it imports.
    pub fn links(&self) -> Vec<PathBuf> {
        let links = self.requests.iter().filter_map(|resolved| match resolved {
            Resolved::Module(file) | Resolved::Ambiguous(file) | Resolved::Json(file) => {
                file.link.clone()
            }
            Resolved::External(_) | Resolved::Unresolved(_) => None,
        });
        links.collect()
    }
}

struct Closure<'c> {
    resolver: &'c Resolver,
    known: &'c (dyn Fn(&str) -> bool + Sync),
    seen: Mutex<rustc_hash::FxHashSet<String>>,
    loads: Mutex<Loads>,
}

struct Job {
    key: String,
    file: FileUrl,
    format: Format,
}

impl Closure<'_> {
    /// The job of loading `resolved`, unless somebody has it.
    fn claim(&self, resolved: &Resolved) -> Option<Job> {
        let key = key(resolved)?;
        if (self.known)(&key) || !lock(&self.seen).insert(key.clone()) {
            return None;
        }
        let (file, format) = match resolved {
            Resolved::Module(file) => (file, Format::Module),
            Resolved::Ambiguous(file) => (file, Format::Ambiguous),
            Resolved::Json(file) => (file, Format::Json),
            Resolved::External(_) | Resolved::Unresolved(_) => return None,
        };
        Some(Job { key, file: file.clone(), format })
    }

    fn spawn<'s>(&'s self, scope: &rayon::Scope<'s>, job: Job) {
        scope.spawn(move |scope| match load(self.resolver, &job.file, job.format) {
            Ok(loaded) => {
                let next: Vec<_> = loaded.requests.iter().filter_map(|r| self.claim(r)).collect();
                lock(&self.loads).files.insert(job.key, loaded);
                next.into_iter().for_each(|job| self.spawn(scope, job));
            }
            Err(failure) => lock(&self.loads).failures.push(*failure),
        });
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
