//! Loading and updating as one transaction: everything is read, parsed, resolved and linked before
//! the runtime is told to do anything. Initial loads, `import()` and updates are the same thing:
//! *bring these entries up to date with these changed files*.

use std::path::PathBuf;
use std::time::Instant;

use rustc_hash::FxHashSet;

use crate::emit::{Above, Emitter};
use crate::failure::Failure;
use crate::link::Unlinked;
use crate::plan::{Plan, Times};
use crate::request::{Answer, Request};
use crate::session::{ModuleId, Session, Undo, node_kind};
use crate::stage::Staged;

impl Session {
    /// Plans what brings `request`'s entries up to date. With failures nothing has changed; the
    /// caller gives the paths again when it tries again.
    pub fn prepare(&mut self, request: &Request) -> Answer {
        let started = Instant::now();
        let mut staged = self.stage(request, &FxHashSet::default());
        if !staged.loads.failures.is_empty() {
            let moved = std::mem::take(&mut staged.moved);
            let unneeded = self.unneeded(request, std::mem::take(&mut staged));
            staged = self.stage(request, &unneeded);
            staged.moved.extend(moved);
        }
        let moved = std::mem::take(&mut staged.moved);
        let unsettled = staged.unsettled.clone();
        let mut answer = self.answer(request, staged, started);
        (answer.plan.moved, answer.plan.unsettled) = (moved, unsettled);
        self.records.close();
        answer
    }

    fn answer(&mut self, request: &Request, mut staged: Staged, started: Instant) -> Answer {
        if request.patient && !staged.unsettled.is_empty() {
            return Answer { plan: Plan { waits: true, ..Plan::default() }, ..Answer::default() };
        }
        let failures = std::mem::take(&mut staged.loads.failures);
        let files = staged.files();
        if !failures.is_empty() {
            self.retries = true;
            let modules = staged.unresolved().into_iter().collect();
            let mut answer = failed(Unlinked { failures, modules, ..Unlinked::default() }, files);
            answer.plan.depth.levels.breadth_first = staged.loads.level;
            return answer;
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
                let compiled = request.import.is_some().then(|| self.compiled(&plan, &texts));
                let sources = self.sources(&plan, texts.len());
                Answer { plan, texts, sources, imported, compiled: compiled.flatten() }
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
        if self.loses_edges(&undo) { self.prune() } else { Vec::new() }
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

    /// These modules of an open transaction have run; others of it may take long.
    pub fn progress(&mut self, transaction: u32, evaluated: &[ModuleId]) {
        if let Some(undo) = self.open.remove(&transaction) {
            self.mark_evaluated(evaluated, &undo);
            self.open.insert(transaction, undo);
        }
    }

    fn mark_evaluated(&mut self, ids: &[ModuleId], undo: &Undo) {
        self.hold_outside(ids);
        for &id in ids {
            self.ran(id);
            if let Some(node) = self.node_mut(id) {
                node.running = None;
                node.rendered = undo.rendered.get(&id).cloned();
            }
        }
    }

    /// Changed modules that nobody imports any more once the others have their new versions: it does not
    /// matter what is wrong with them.
    fn unneeded(&mut self, request: &Request, staged: Staged) -> FxHashSet<ModuleId> {
        let mut undo = Undo::default();
        let only_changes = Request { paths: request.paths.clone(), ..Request::default() };
        self.enter(staged, &only_changes, &mut undo);
        let changed = request.paths.iter().flat_map(|path| self.modules_at(path));
        let unneeded = changed.copied().filter(|&id| !self.is_needed(id)).collect();
        self.restore(undo, false);
        unneeded
    }

    /// Brings the staged files into the graph; what they replace goes to `undo`.
    fn enter(&mut self, staged: Staged, request: &Request, undo: &mut Undo) -> Option<ModuleId> {
        undo.inserted = self.insert(staged.loads);
        for (id, loaded) in staged.changed {
            let mut module = self.linked(&loaded, false);
            // Until another version runs, what the running one accepts counts.
            module.accept = self.graph.get(id).map(|old| old.accept.clone()).unwrap_or_default();
            self.keep_dynamic_requests(id, &loaded, &mut module);
            let Some(old) = self.graph.replace(id, module) else {
                continue;
            };
            let kind = node_kind(&loaded.content, &loaded.source, &loaded.file, false);
            if let Some(node) = self.node_mut(id) {
                let mut new = node.clone();
                (new.kind, new.early_namespace) = (kind, false);
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
        if import.root {
            self.roots.insert(id);
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
        let script = |id: &ModuleId| self.is_common_js(*id);
        changed.extend(request.forced.iter().copied().filter(|id| hot(id) || script(id)));
        let (importers, top) = self.invalidated(&request.invalidated);
        changed.extend(importers.iter().copied().filter(hot));
        self.find_accepted();
        let leaving = self.leaving(undo, imported);
        let mut roots = request.entries.clone();
        roots.extend(imported);
        let root = roots.last().copied();
        let emitter = loop {
            let emitter =
                Emitter::new(self, &changed, &roots, root, &Above { top, leaving: &leaving });
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
                self.roots.remove(&id);
            }
        }
    }

    /// Removes hot modules that no entry reaches and no open transaction is about to evaluate.
    pub(crate) fn prune(&mut self) -> Vec<ModuleId> {
        let needed = self.needed(None);
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
