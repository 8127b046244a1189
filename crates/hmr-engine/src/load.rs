//! Loading module files that the graph does not have yet: the whole static closure, in parallel.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use hmr_transform::{Language, ModuleRecord};
use rustc_hash::FxHashMap;

use crate::deep;
use crate::failure::Failure;
use crate::load_order::{self, Faults, Unresolved};
use crate::lock::lock;
use crate::records::{self, Records};
use crate::resolve::{FileUrl, Resolved, Resolver};
use crate::shared;
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
    /// What Node cannot resolve before it meets one of these.
    pub unresolved: Option<Unresolved>,
    /// On which level the first fault is: see [`Faults::level`].
    pub level: u32,
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

/// What loading needs beside a file.
#[derive(Clone, Copy)]
pub struct Loader<'l> {
    /// Resolves what files request.
    pub resolver: &'l Resolver,
    /// What is known of texts, unless nobody has seen them before.
    pub records: Option<&'l Records>,
}

/// Reads and parses one file and resolves what it requests.
pub fn load(loader: Loader, file: &FileUrl, format: Format) -> Result<Loaded, Box<Failure>> {
    let source = source::read(&file.path).map_err(|error| Failure::of_file(&file.path, error))?;
    understand(loader, file, source, format)
}

/// As [`load`], of a text already read.
///
/// # Errors
/// A failure that names the file.
pub fn understand(
    loader: Loader,
    file: &FileUrl,
    mut source: Source,
    format: Format,
) -> Result<Loaded, Box<Failure>> {
    let content = content(loader, file, &mut source, format)?;
    let requests = match &content {
        Content::Module(parsed) => resolve_requests(loader.resolver, &parsed.record, &file.url),
        Content::Json | Content::Script => Vec::new(),
    };
    Ok(Loaded { file: file.clone(), source, content, requests })
}

/// Compiles and parses a text, if it is not known what comes of that.
fn content(
    loader: Loader,
    file: &FileUrl,
    source: &mut Source,
    format: Format,
) -> Result<Content, Box<Failure>> {
    if format == Format::Json {
        return Ok(Content::Json);
    }
    let language = language(&file.path);
    let dialect = language.map(|_| loader.resolver.tsconfigs.dialect(&file.path)).transpose();
    let dialect = dialect.map_err(|error| Failure::of_config(&file.path, error))?;
    let language = language.zip(dialect.as_ref());
    let key = records::key(source, format, language);
    let known = shared::find(key, source);
    if let Some(known) = known.or_else(|| loader.records?.find(key, source)) {
        refuse_assertions(loader.resolver, file, source, &known)?;
        shared::add(key, source, &known);
        return Ok(known);
    }
    if let Some((language, dialect)) = language {
        let compiled = source.compile(language, dialect);
        compiled.map_err(|error| Failure::of_file(&file.path, error))?;
    }
    let content = source::parse(source, format).map_err(|error| broken(file, source, error))?;
    refuse_assertions(loader.resolver, file, source, &content)?;
    shared::add(key, source, &content);
    if let Some(records) = loader.records {
        records.add(key, source, &content);
    }
    Ok(content)
}

fn broken(file: &FileUrl, source: &Source, error: SourceError) -> Box<Failure> {
    let failure = Failure::of_file(&file.path, error);
    // What was printed anew has other lines than the file.
    let text = source.origins().is_none().then(|| source.code().to_string());
    Box::new(Failure { text, ..*failure })
}

/// Also of what an earlier run has found: that may have been another Node.
fn refuse_assertions(
    resolver: &Resolver,
    file: &FileUrl,
    source: &Source,
    content: &Content,
) -> Result<(), Box<Failure>> {
    if let Content::Module(parsed) = content
        && let Some(span) = parsed.record.assertion.filter(|_| !resolver.assertions)
    {
        let diagnostic = source.diagnostic(span, "`assert` of an import is now `with`");
        return Err(broken(file, source, SourceError::Broken(vec![diagnostic])));
    }
    Ok(())
}

/// What the file at `path` is written in, if not in JavaScript.
fn language(path: &Path) -> Option<Language> {
    Language::of_extension(path.extension()?.to_str()?)
}

fn resolve_requests(resolver: &Resolver, record: &ModuleRecord, url: &str) -> Vec<Resolved> {
    let requests = record.requests.iter();
    requests.map(|request| resolver.resolve(&request.specifier, url, &request.attributes)).collect()
}

/// Loads what `wanted` names and everything it requests statically, except what `known` has.
#[must_use]
pub fn load_closure(
    loader: Loader,
    wanted: Vec<Resolved>,
    known: &(dyn Fn(&str) -> bool + Sync),
) -> Loads {
    let _kept = loader.resolver.known_files.keep();
    let (seen, files, failures) = Default::default();
    let found = Closure { loader, known, seen, files, failures };
    let first: Vec<_> = wanted.iter().filter_map(|resolved| found.claim(resolved)).collect();
    if !first.is_empty() {
        deep::scope(|scope| first.into_iter().for_each(|job| found.spawn(scope, job)));
    }
    let files = found.files.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut failures = found.failures.into_inner().unwrap_or_else(PoisonError::into_inner);
    if failures.is_empty() {
        return Loads { files, ..Loads::default() };
    }
    let graph = load_order::Graph { files: &files, failures: &failures };
    let Faults { broken, unresolved, level } = graph.faults(&wanted, loader.resolver.load_order);
    let mut told: Vec<_> = broken.iter().filter_map(|key| failures.remove(key)).collect();
    let mut others: Vec<_> = failures.into_values().collect();
    others.sort_by(|one, other| one.file.cmp(&other.file));
    told.extend(others);
    Loads { files, failures: told, unresolved, level }
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
    loader: Loader<'c>,
    known: &'c (dyn Fn(&str) -> bool + Sync),
    seen: Mutex<rustc_hash::FxHashSet<String>>,
    files: Mutex<FxHashMap<String, Loaded>>,
    failures: Mutex<FxHashMap<String, Failure>>,
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
        scope.spawn(move |scope| match load(self.loader, &job.file, job.format) {
            Ok(loaded) => {
                let next: Vec<_> = loaded.requests.iter().filter_map(|r| self.claim(r)).collect();
                lock(&self.files).insert(job.key, loaded);
                next.into_iter().for_each(|job| self.spawn(scope, job));
            }
            Err(failure) => drop(lock(&self.failures).insert(job.key, *failure)),
        });
    }
}
