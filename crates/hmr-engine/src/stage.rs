//! What a transaction needs from the disk, before the graph is touched.

use std::path::PathBuf;

use hmr_watch::{Save, Stamp};
use rayon::prelude::*;
use rustc_hash::FxHashSet;

use crate::deep;
use crate::failure::Failure;
use crate::load::{self, Loaded, Loader, Loads, load_closure};
use crate::load_order::Unresolved;
use crate::plan::{Definition, DefinitionKind, Moved};
use crate::request::Request;
use crate::resolve::{FileUrl, Resolved};
use crate::session::{ModuleId, NodeKind, Session};
use crate::source::{self, Content, Format, Source, SourceError};

/// From this many files on, reading them in parallel pays.
const PARALLEL_FROM: usize = 8;

/// Everything a transaction needs from the disk, before the graph is touched.
#[derive(Default)]
pub(crate) struct Staged {
    pub changed: Vec<(ModuleId, Loaded)>,
    pub gone: Vec<(ModuleId, PathBuf)>,
    pub loads: Loads,
    pub import: Option<Resolved>,
    /// Files that somebody is in the middle of saving.
    pub unsettled: Vec<PathBuf>,
    /// Modules whose code has not changed, but whose places have.
    pub moved: Vec<Moved>,
    /// What was known of modules that Node loads has been forgotten.
    pub forgot: bool,
}

/// What a changed file is found to be.
enum Found {
    /// Somebody is in the middle of saving it.
    Unsettled(PathBuf),
    /// It is not there, and whether it is known to be gone.
    Missing(PathBuf, bool),
    Failed(Box<Failure>),
    /// The file, what the watcher would say of it, and what has become of it if it is another one than before.
    Read(PathBuf, Stamp, Source, Option<Box<Result<Loaded, Box<Failure>>>>),
}

impl Session {
    /// Reads and parses what changed, and everything new that it leads to.
    pub(crate) fn stage(&mut self, request: &Request, unneeded: &FxHashSet<ModuleId>) -> Staged {
        let mut staged = Staged::default();
        let import = request.import.as_ref();
        let relinked = request.paths.iter().flat_map(|path| self.importers_through(path));
        let relinked: FxHashSet<ModuleId> = relinked.copied().collect();
        let named = request.paths.iter().flat_map(|path| self.modules_at(path)).copied();
        let mut ids: FxHashSet<ModuleId> = named.chain(relinked.iter().copied()).collect();
        if import.is_none_or(|import| import.entry) {
            // What never ran is read again: it may have been repaired where nobody watches.
            self.failed =
                self.failed.iter().copied().filter(|&id| !self.is_evaluated(id)).collect();
            ids.extend(&self.failed);
            if std::mem::take(&mut self.retries) {
                self.resolver.clear_cache();
                staged.forgot = self.forget_outside();
            }
        }
        let ids: Vec<_> = ids.difference(unneeded).copied().collect();
        let find = |&id: &ModuleId| Some((id, self.find(id, request, relinked.contains(&id))?));
        let found: Vec<_> = if ids.len() >= PARALLEL_FROM {
            deep::threads().install(|| ids.par_iter().filter_map(find).collect())
        } else {
            ids.iter().filter_map(find).collect()
        };
        for (id, found) in found {
            self.take(id, found, relinked.contains(&id), &mut staged);
        }
        let mut wanted: Vec<Resolved> = Vec::new();
        if let Some(import) = import {
            let resolved =
                self.resolver.resolve(&import.specifier, &import.parent, &import.attributes);
            wanted.push(resolved.clone());
            staged.import = Some(resolved);
        }
        wanted.extend(staged.changed.iter().flat_map(|(_, loaded)| loaded.requests.clone()));
        let loads = load_closure(self.loader(), wanted, &|key| self.knows(key));
        staged.loads.files = loads.files;
        staged.loads.failures.extend(loads.failures);
        (staged.loads.unresolved, staged.loads.level) = (loads.unresolved, loads.level);
        staged
    }

    /// Looks at the file of a module. `relinked`: a link on the way to what it imports may lead elsewhere.
    fn find(&self, id: ModuleId, request: &Request, relinked: bool) -> Option<Found> {
        let node = self.node(id)?;
        let format = match &node.kind {
            NodeKind::Module { .. } => Format::Module,
            NodeKind::Json { .. } => Format::Json,
            NodeKind::External { .. } => return None,
        };
        let path = node.path.clone()?;
        let known = node.source().map(|old| old.hash);
        let (source, stamp) = match source::read_settled(&path) {
            Ok(Some(read)) if !request.knows_less(&path, saved(&read)) => read,
            Ok(_) => return Some(Found::Unsettled(path)),
            Err(SourceError::Unreadable(path, _)) if !path.exists() => {
                let known = request.removed.contains(&path);
                return Some(Found::Missing(path, known));
            }
            Err(error) => return Some(Found::Failed(Failure::of_file(&path, error))),
        };
        if !relinked && known == Some(source.hash) {
            return Some(Found::Read(path, stamp, source, None));
        }
        let file = FileUrl { path: path.clone(), url: node.url.clone(), link: None };
        let unread = Loader { resolver: &self.resolver, records: None };
        let loaded = load::understand(unread, &file, source.clone(), format);
        Some(Found::Read(path, stamp, source, Some(Box::new(loaded))))
    }

    fn take(&mut self, id: ModuleId, found: Found, relinked: bool, staged: &mut Staged) {
        let (path, stamp, source, loaded) = match found {
            Found::Read(path, stamp, source, loaded) => (path, stamp, source, loaded),
            Found::Failed(failure) => return staged.loads.failures.push(*failure),
            Found::Missing(path, known) => {
                // Should the same file come back, it is news.
                self.tried.forget(&path);
                return match known {
                    true => staged.gone.push((id, path)),
                    false => staged.unsettled.push(path),
                };
            }
            Found::Unsettled(path) => return staged.unsettled.push(path),
        };
        self.tried.read(&path, stamp, &source);
        match loaded.map(|loaded| *loaded) {
            None => {}
            Some(Ok(loaded)) => match (!relinked).then(|| self.takes_over(id, &loaded)).flatten() {
                Some(moved) => staged.moved.push(moved),
                None => staged.changed.push((id, loaded)),
            },
            Some(Err(failure)) => staged.loads.failures.push(*failure),
        }
    }
}

fn saved((source, stamp): &(Source, Stamp)) -> Save {
    Save { stamp: *stamp, content: Some(source.hash) }
}

impl Staged {
    /// What Node cannot resolve before it meets a broken file.
    pub fn unresolved(&self) -> Option<Definition> {
        let Unresolved { key, request } = self.loads.unresolved.as_ref()?;
        let loaded = self.loads.files.get(key)?;
        let Content::Module(parsed) = &loaded.content else { return None };
        let Resolved::Unresolved(tried) = loaded.requests.get(*request)? else { return None };
        let asked = parsed.record.requests.get(*request)?;
        let kind = DefinitionKind::External {
            specifier: asked.specifier.clone(),
            parent: Some(loaded.file.url.clone()),
            attributes: asked.attributes.clone(),
            tried: tried.clone(),
            common_js: false,
            early: false,
        };
        Some(Definition { id: ModuleId::MAX, url: String::new(), kind })
    }

    /// Everything that was read.
    pub fn files(&self) -> Vec<PathBuf> {
        let changed = self.changed.iter().map(|(_, loaded)| loaded);
        changed.chain(self.loads.files.values()).map(|loaded| loaded.file.path.clone()).collect()
    }
}
