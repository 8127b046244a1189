//! Loading and updating as one transaction: everything is read, parsed, resolved and linked before
//! the runtime is told to do anything. Initial loads, `import()` and updates are the same thing:
//! *bring these entries up to date with these changed files*.

use std::path::PathBuf;
use std::time::Instant;

use rustc_hash::FxHashSet;
use serde::Deserialize;

use crate::emit::Emitter;
use crate::failure::Failure;
use crate::link::Unlinked;
use crate::load::{self, Loaded, Loads, load_closure};
use crate::plan::{Plan, Times};
use crate::resolve::{FileUrl, Resolved};
use crate::session::{ModuleId, NodeKind, Session, Undo, node_kind};
use crate::source::{self, Format, SourceError};

/// What is to be brought up to date.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    /// Paths that may have changed.
    pub paths: Vec<PathBuf>,
    /// Those of them that are known to be gone. Others that are not there are between two steps of
    /// a save: the watcher will tell.
    pub removed: Vec<PathBuf>,
    /// A file that somebody is writing makes the whole request wait; otherwise it is left out.
    pub patient: bool,
    /// Modules that must be current afterwards: entries of `hmr()` calls.
    pub entries: Vec<ModuleId>,
    /// Entries to evaluate anew even if none of their files changed.
    pub forced: Vec<ModuleId>,
    /// A module to import, its id to be found in `Answer::imported`.
    pub import: Option<Import>,
}

/// An `import()` or the first load of an entry.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Import {
    /// As written.
    pub specifier: String,
    /// URL of the module it is written in.
    pub parent: String,
    /// The importer, if it is hot: the graph remembers the edge.
    #[serde(default)]
    pub importer: Option<ModuleId>,
    /// Import attributes.
    #[serde(default)]
    pub attributes: Vec<(String, String)>,
    /// It is an entry of an `hmr()` call.
    #[serde(default)]
    pub entry: bool,
}

/// The answer to a [`Request`].
#[derive(Debug, Default)]
pub struct Answer {
    /// What to do.
    pub plan: Plan,
    /// Executable texts, by index.
    pub texts: Vec<String>,
    /// The id of the module asked for.
    pub imported: Option<ModuleId>,
}

/// Everything a transaction needs from the disk, before the graph is touched.
#[derive(Default)]
struct Staged {
    changed: Vec<(ModuleId, Loaded)>,
    gone: Vec<(ModuleId, PathBuf)>,
    loads: Loads,
    import: Option<Resolved>,
    /// Somebody is writing one of the files.
    is_busy: bool,
    /// What was known of modules that Node loads has been forgotten.
    forgot: bool,
}

impl Session {
    /// Plans what brings `request`'s entries up to date. With failures nothing has changed; the
    /// caller gives the paths again when it tries again.
    pub fn prepare(&mut self, request: &Request) -> Answer {
        let started = Instant::now();
        let mut staged = self.stage(request);
        if request.patient && staged.is_busy {
            return Answer { plan: Plan { waits: true, ..Plan::default() }, ..Answer::default() };
        }
        let failures = std::mem::take(&mut staged.loads.failures);
        let files = staged.files();
        if !failures.is_empty() {
            self.retries = true;
            return failed(failures.into(), files);
        }
        let mut undo = Undo::default();
        let forgot = staged.forgot;
        let imported = self.enter(staged, request, &mut undo);
        let replaced = undo.replaced.iter().map(|(id, ..)| *id);
        let mut entered: Vec<_> = replaced.chain(undo.inserted.iter().copied()).collect();
        if forgot {
            entered = self.graph.modules().map(|(id, _)| id).collect();
        }
        self.look_outside(&entered);
        let load = started.elapsed();
        let depth = imported.filter(|id| !self.is_evaluated(*id));
        let depth = depth.map(|id| self.depth(id, &undo.inserted)).unwrap_or_default();
        match self.plan(request, imported, &mut undo) {
            Ok((mut plan, texts)) => {
                plan.depth = depth;
                undo.root = imported;
                let link = started.elapsed().saturating_sub(load);
                let micros = |time: std::time::Duration| time.as_micros() as u64;
                plan.times = Times { load: micros(load), link: micros(link) };
                self.last_transaction += 1;
                plan.transaction = self.last_transaction;
                self.open.insert(plan.transaction, undo);
                Answer { plan, texts, imported }
            }
            Err(unlinked) => {
                self.retries = true;
                self.restore(undo, false);
                let mut answer = failed(unlinked, files);
                answer.plan.depth = depth;
                answer
            }
        }
    }

    /// The plan was carried out. `evaluated`: the modules that ran. Returns the modules that
    /// nothing needs any more: they have left the graph.
    pub fn commit(&mut self, transaction: u32, evaluated: &[ModuleId]) -> Vec<ModuleId> {
        let Some(undo) = self.open.remove(&transaction) else {
            return Vec::new();
        };
        self.mark_evaluated(evaluated, &undo);
        for url in &undo.left {
            self.native.leave(url);
        }
        let lost = undo.replaced.iter().any(|(id, _, old)| {
            let still = |target| self.graph.dependencies(*id).any(|(other, _)| other == target);
            old.requests.iter().any(|request| !still(request.target))
        });
        if lost { self.prune() } else { Vec::new() }
    }

    /// The plan could not be carried out: old versions are current again. `evaluated`: modules
    /// that ran; those among them that never ran before stay. `keep`: so do new modules that did
    /// not run, because one of them threw; otherwise they could not even be linked.
    pub fn roll_back(&mut self, transaction: u32, evaluated: &[ModuleId], keep: bool) {
        let Some(undo) = self.open.remove(&transaction) else {
            return;
        };
        let replaced: FxHashSet<_> = undo.replaced.iter().map(|(id, ..)| *id).collect();
        let fresh = evaluated.iter().copied().filter(|id| !replaced.contains(id));
        let fresh: Vec<_> = fresh.filter(|&id| !self.is_evaluated(id)).collect();
        self.mark_evaluated(&fresh, &undo);
        self.restore(undo, keep);
    }

    fn mark_evaluated(&mut self, ids: &[ModuleId], undo: &Undo) {
        self.hold_outside(ids);
        for &id in ids {
            if let Some(node) = self.node_mut(id) {
                node.evaluated = true;
            }
        }
        for (id, live) in &undo.live {
            if let Some(node) = self.node_mut(*id)
                && node.evaluated
            {
                node.live.clone_from(live);
            }
        }
    }

    /// Reads and parses what changed, and everything new that it leads to.
    fn stage(&mut self, request: &Request) -> Staged {
        let mut staged = Staged::default();
        let import = request.import.as_ref();
        let at = |path| self.modules_at(path).iter().chain(self.importers_through(path));
        let mut ids: FxHashSet<ModuleId> =
            request.paths.iter().flat_map(|path| at(path)).copied().collect();
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
        for id in ids {
            self.stage_file(id, request, &mut staged);
        }
        let mut wanted: Vec<Resolved> = Vec::new();
        if let Some(import) = import {
            let resolved =
                self.resolver.resolve(&import.specifier, &import.parent, &import.attributes);
            wanted.push(resolved.clone());
            staged.import = Some(resolved);
        }
        wanted.extend(staged.changed.iter().flat_map(|(_, loaded)| loaded.requests.clone()));
        let loads = load_closure(&self.resolver, wanted, &|key| self.knows(key));
        staged.loads.files = loads.files;
        staged.loads.failures.extend(loads.failures);
        staged
    }

    fn stage_file(&self, id: ModuleId, request: &Request, staged: &mut Staged) {
        let Some((node, path, format)) = self.node(id).and_then(|node| {
            let format = match &node.kind {
                NodeKind::Module { .. } => Format::Module,
                NodeKind::Json { .. } => Format::Json,
                NodeKind::External { .. } => return None,
            };
            Some((node, node.path.clone()?, format))
        }) else {
            return;
        };
        let source = match source::read_settled(&path) {
            Ok(Some(source)) => source,
            Ok(None) => {
                staged.is_busy = true;
                return;
            }
            Err(SourceError::Unreadable(path, _)) if !path.exists() => {
                if request.removed.contains(&path) {
                    staged.gone.push((id, path));
                }
                return;
            }
            Err(error) => return staged.loads.failures.push(*Failure::of_file(&path, error)),
        };
        let links_changed = request
            .paths
            .iter()
            .any(|path| self.importers_through(path).any(|&importer| importer == id));
        if !links_changed && node.source().is_some_and(|old| old.hash == source.hash) {
            return;
        }
        let file = FileUrl { path, url: node.url.clone(), link: None };
        match load::understand(&self.resolver, &file, source, format) {
            Ok(loaded) => staged.changed.push((id, loaded)),
            Err(failure) => staged.loads.failures.push(*failure),
        }
    }

    /// Brings the staged files into the graph; what they replace goes to `undo`.
    fn enter(&mut self, staged: Staged, request: &Request, undo: &mut Undo) -> Option<ModuleId> {
        undo.inserted = self.insert(staged.loads);
        for (id, loaded) in staged.changed {
            let mut module = self.linked(&loaded, false);
            self.keep_dynamic_requests(id, &loaded, &mut module);
            let Some(old) = self.graph.replace(id, module) else {
                continue;
            };
            let kind = node_kind(&loaded.content, &loaded.source, &loaded.file, false);
            if let Some(node) = self.node_mut(id) {
                let mut new = node.clone();
                (new.kind, new.live_namespace) = (kind, false);
                undo.replaced.push((id, std::mem::replace(node, new), old));
            }
            self.set_links(id, loaded.links());
        }
        undo.gone = staged.gone;
        let import = request.import.as_ref()?;
        let resolved = staged.import?;
        let id = self.id_of(&resolved, &import.specifier, &import.parent, &import.attributes);
        if import.entry {
            *self.entries.entry(id).or_default() += 1;
        }
        if let Some(importer) = import.importer {
            self.add_dynamic_request(importer, id);
        }
        Some(id)
    }

    /// The plan for what has been entered into the graph, or why it does not link.
    fn plan(
        &mut self,
        request: &Request,
        imported: Option<ModuleId>,
        undo: &mut Undo,
    ) -> Result<(Plan, Vec<String>), Unlinked> {
        let mut changed: Vec<ModuleId> = undo.replaced.iter().map(|(id, ..)| *id).collect();
        let hot = |id: &ModuleId| self.node(*id).is_some_and(|node| node.hot_path().is_some());
        changed.extend(request.forced.iter().copied().filter(hot));
        let mut roots = request.entries.clone();
        roots.extend(imported);
        let root = roots.last().copied();
        let emitter = loop {
            let emitter = Emitter::new(self, &changed, &roots, root);
            let emitter = emitter.link(self)?;
            // An importer whose reads must become live is another text: it changed, too.
            let outdated = emitter.outdated(self);
            if outdated.is_empty() {
                break emitter;
            }
            roots.extend(self.entries_above(&outdated));
            changed.extend(outdated);
        };
        let missing = self.missing(&undo.gone, &emitter);
        if !missing.is_empty() {
            return Err(missing.into());
        }
        let (mut plan, texts) = emitter.emit(self, undo);
        plan.retried = self.failed_above(undo.replaced.iter().map(|(id, ..)| *id));
        for (_, node, _) in &undo.replaced {
            plan.changed.extend(node.path.clone());
        }
        Ok((plan, texts))
    }

    /// Entries that consist of one of these modules among others.
    fn entries_above(&self, ids: &[ModuleId]) -> Vec<ModuleId> {
        let above = |entry: &ModuleId| {
            let reachable = self.graph.reachable(&[*entry]);
            ids.iter().any(|id| reachable.contains(id))
        };
        self.entries.keys().copied().filter(above).collect()
    }

    /// Files that are gone although something that stays imports them.
    fn missing(&self, gone: &[(ModuleId, PathBuf)], emitter: &Emitter) -> Vec<Failure> {
        let needed = gone.iter().filter(|(id, _)| {
            self.entries.contains_key(id)
                || self
                    .graph
                    .importers(*id)
                    .any(|(importer, _)| self.is_evaluated(importer) || emitter.evaluates(importer))
        });
        needed.map(|(_, path)| Failure::missing(path, "it was removed")).collect()
    }

    fn restore(&mut self, undo: Undo, keep: bool) {
        for (id, node, module) in undo.replaced {
            self.graph.replace(id, module);
            let links = node.links.clone();
            if let Some(current) = self.node_mut(id) {
                let new = std::mem::replace(current, node);
                current.links = new.links;
            }
            self.set_links(id, links);
        }
        for id in undo.stale {
            if let Some(node) = self.node_mut(id) {
                node.evaluated = true;
            }
        }
        for id in undo.inserted {
            if self.is_evaluated(id) {
                continue;
            }
            let other = self.open.values_mut().find(|other| other.steps.contains(&id));
            if let Some(other) = other {
                other.inserted.push(id);
            } else if keep {
                self.failed.push(id);
            } else {
                self.remove(id);
                self.entries.remove(&id);
            }
        }
    }

    /// Removes hot modules that no entry reaches and no open transaction is about to evaluate.
    pub(crate) fn prune(&mut self) -> Vec<ModuleId> {
        let mut roots: Vec<ModuleId> = self.entries.keys().copied().collect();
        roots.extend(self.open.values().flat_map(|undo| undo.steps.iter().copied()));
        let needed = self.graph.reachable(&roots);
        let hot = |id: &ModuleId| self.node(*id).is_some_and(|node| node.hot_path().is_some());
        let modules = self.graph.modules().map(|(id, _)| id);
        let removed: Vec<_> = modules.filter(|id| !needed.contains(id) && hot(id)).collect();
        for &id in &removed {
            self.remove(id);
        }
        removed
    }
}

fn failed(unlinked: Unlinked, mut awaited: Vec<PathBuf>) -> Answer {
    let Unlinked { failures, modules, steps, checks, doubt } = unlinked;
    awaited.extend(failures.iter().map(|failure| failure.file.clone()));
    let plan = Plan { failures, awaited, modules, steps, checks, doubt, ..Plan::default() };
    Answer { plan, ..Answer::default() }
}

impl Staged {
    /// Everything that was read.
    fn files(&self) -> Vec<PathBuf> {
        let changed = self.changed.iter().map(|(_, loaded)| loaded);
        changed.chain(self.loads.files.values()).map(|loaded| loaded.file.path.clone()).collect()
    }
}
