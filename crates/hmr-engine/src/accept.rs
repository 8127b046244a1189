//! What running modules told `import.meta.hot`, and what follows from it for a change.
//!
//! What the *running* version of a module said decides, also about an edit of the module itself.

use std::path::{Path, PathBuf};

use hmr_graph::{Accept, Plan, Update};
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use crate::load;
use crate::plan::Boundary;
use crate::resolve::Resolved;
use crate::session::{ModuleId, Session, Undo, external_key};

/// What one version of a module accepts.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Accepts {
    /// `accept()`.
    pub itself: bool,
    /// Specifiers of `accept(dependencies)`.
    pub dependencies: Vec<String>,
    /// Names of `acceptExports(names)`.
    pub exports: Vec<String>,
    /// `decline()`.
    pub declined: bool,
}

/// What a change of a file would lead to.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// `hot`: it is applied; `restart`: nobody accepts it; `none`: nothing that runs consists of it.
    pub outcome: &'static str,
    /// Who accepts it.
    pub boundaries: Vec<ExplainedBoundary>,
    /// Files whose modules are evaluated anew, in order.
    pub evaluated: Vec<PathBuf>,
    /// From the file up to the module above which nobody accepts.
    pub chain: Vec<PathBuf>,
}

/// A boundary with its files.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct ExplainedBoundary {
    /// Who accepts.
    pub module: PathBuf,
    /// What it accepts: itself or a dependency.
    pub accepted: PathBuf,
    /// From the file up to `module`.
    pub via: Vec<PathBuf>,
}

impl Session {
    /// From now on the whole program is hot: a change that nobody accepts needs a restart.
    pub fn set_whole_app(&mut self) {
        self.whole_app = true;
    }

    /// The running version of a module accepts this, and nothing else.
    pub fn set_accepts(&mut self, id: ModuleId, accepts: &Accepts) {
        let Some(url) = self.node(id).map(|node| node.url.clone()) else { return };
        let keys = accepts.dependencies.iter().filter_map(|specifier| {
            let is_json = specifier.ends_with(".json");
            let json = [("type".to_owned(), "json".to_owned())];
            let attributes = if is_json { &json[..] } else { &[] };
            match self.resolver.resolve(specifier, &url, attributes) {
                // CommonJS of the project may be loaded again.
                Resolved::External(url) => Some(external_key(None, &url, attributes)),
                resolved => load::key(&resolved),
            }
        });
        let keys: Vec<String> = keys.collect();
        if keys.is_empty() {
            self.accepted_keys.remove(&id);
        } else {
            self.accepted_keys.insert(id, keys);
        }
        let accept = Accept {
            self_accepting: accepts.itself,
            dependencies: Vec::new(),
            exports: accepts.exports.iter().map(|name| name.as_str().into()).collect(),
            declined: accepts.declined,
        };
        self.graph.set_accept(id, accept);
    }

    /// Accepted dependencies may have come into the graph, or come back, since it was said.
    pub(crate) fn find_accepted(&mut self) {
        for (&id, keys) in &self.accepted_keys {
            let Some(module) = self.graph.get(id) else { continue };
            let dependencies = keys.iter().filter_map(|key| self.id_of_key(key)).collect();
            let accept = Accept { dependencies, ..module.accept.clone() };
            self.graph.set_accept(id, accept);
        }
    }

    /// What an update has to climb from. A module of which no version has run, since its `import()`
    /// failed, is nothing that a whole program would be restarted for: the next `import()` tries again.
    /// The module of an `hmr()` call is evaluated anew, which is its next try.
    pub(crate) fn origins(&self, changed: &[ModuleId]) -> Vec<ModuleId> {
        let ran = |id| self.node(id).is_some_and(|node| node.ran);
        // The old text of what is about to be evaluated has been handed out.
        let is_due = |id| self.open.values().any(|undo| undo.steps.contains(&id));
        let runs = |id| ran(id) || is_due(id);
        let counts = |id: &ModuleId| !self.whole_app || runs(*id);
        changed.iter().copied().filter(counts).collect()
    }

    /// Whether the program, or an `hmr()` call, consists of the module among others.
    pub(crate) fn is_needed(&self, id: ModuleId) -> bool {
        let is_top = |id| {
            let mut open = self.open.values();
            self.roots.contains(&id)
                || self.entries.contains_key(&id)
                || open.any(|undo| undo.steps.contains(&id))
        };
        let mut seen = FxHashSet::from_iter([id]);
        let mut pending = vec![id];
        while let Some(id) = pending.pop() {
            if is_top(id) {
                return true;
            }
            let importers = self.graph.importers(id).map(|(importer, _)| importer);
            pending.extend(importers.filter(|&importer| seen.insert(importer)));
        }
        false
    }

    /// Modules that nothing needs any more if a transaction succeeds, sorted.
    pub(crate) fn leaving(&self, undo: &Undo, imported: Option<ModuleId>) -> Vec<ModuleId> {
        if !self.loses_edges(undo) {
            return Vec::new();
        }
        let needed = self.needed(imported);
        let modules = self.graph.modules().map(|(id, _)| id);
        modules.filter(|id| !needed.contains(id)).collect()
    }

    /// A changed module does not import something any more.
    pub(crate) fn loses_edges(&self, undo: &Undo) -> bool {
        undo.replaced.iter().any(|(id, _, old)| {
            let still = |target| self.graph.dependencies(*id).any(|(other, _)| other == target);
            old.requests.iter().any(|request| !still(request.target))
        })
    }

    /// What the program and `hmr()` calls consist of, and what is being loaded.
    pub(crate) fn needed(&self, imported: Option<ModuleId>) -> FxHashSet<ModuleId> {
        let mut roots: Vec<ModuleId> = self.entries.keys().copied().collect();
        roots.extend(&self.roots);
        roots.extend(imported);
        roots.extend(self.open.values().flat_map(|undo| undo.steps.iter().copied()));
        self.graph.reachable(&roots)
    }

    /// Importers of modules that do not accept what they have become. Second: a module that has
    /// none, so that only a restart helps.
    pub(crate) fn invalidated(&self, ids: &[ModuleId]) -> (Vec<ModuleId>, Option<ModuleId>) {
        let mut importers = Vec::new();
        let mut top = None;
        for &id in ids {
            let before = importers.len();
            let above = self.graph.importers(id).map(|(importer, _)| importer);
            importers.extend(above.filter(|&importer| importer != id));
            let is_top = self.roots.contains(&id) || importers.len() == before;
            if is_top && !self.entries.contains_key(&id) {
                top = Some(id);
            }
        }
        (importers, top)
    }

    /// The module's first evaluation is under way.
    pub(crate) fn is_loading(&self, id: ModuleId) -> bool {
        let mut open = self.open.values().filter(|undo| undo.loaded);
        open.any(|undo| undo.steps.contains(&id)) && !self.is_evaluated(id)
    }

    /// A chain that nobody accepts, if that matters: the rest of a program that is not hot as a
    /// whole stays with what it made of the old version.
    pub(crate) fn needs_restart(&self, plan: &Plan) -> Option<Vec<ModuleId>> {
        let chain = plan.restart.as_ref()?;
        let top = *chain.last()?;
        let declined = self.graph.get(top).is_some_and(|module| module.accept.declined);
        (declined || (self.whole_app && !self.entries.contains_key(&top))).then(|| chain.clone())
    }

    pub(crate) fn program_roots(&self) -> Vec<ModuleId> {
        self.roots.iter().copied().collect()
    }

    pub(crate) fn boundary(&self, boundary: &hmr_graph::Boundary) -> Boundary {
        let hmr_graph::Boundary { module, accepted, via } = boundary;
        let url = self.urls(&[*accepted]).pop().unwrap_or_default();
        Boundary { module: *module, accepted: *accepted, url, via: self.urls(via) }
    }

    pub(crate) fn urls(&self, ids: &[ModuleId]) -> Vec<String> {
        ids.iter().filter_map(|&id| Some(self.node(id)?.url.clone())).collect()
    }

    /// What a change of the file at `path` would lead to.
    #[must_use]
    pub fn explain(&mut self, path: &Path) -> Explanation {
        self.find_accepted();
        self.explain_changed(&self.changed_by(path))
    }

    /// Running modules that another content of the file at `path` would change.
    pub(crate) fn changed_by(&self, path: &Path) -> Vec<ModuleId> {
        let ids = self.modules_at(path).iter().chain(self.importers_through(path));
        self.origins(&ids.copied().collect::<Vec<_>>())
    }

    pub(crate) fn explain_changed(&self, changed: &[ModuleId]) -> Explanation {
        if changed.is_empty() {
            return Explanation { outcome: "none", ..Explanation::default() };
        }
        let (entries, roots): (Vec<_>, _) =
            (self.entries.keys().copied().collect(), self.program_roots());
        let update = Update { changed, entries: &entries, roots: &roots, leaving: &[] };
        let plan = self.graph.plan_update(update, |id| !self.is_evaluated(id));
        let restart = self.needs_restart(&plan);
        let paths = |ids: &[ModuleId]| -> Vec<PathBuf> {
            ids.iter().filter_map(|&id| self.node(id)?.path.clone()).collect()
        };
        let path = |id: ModuleId| paths(&[id]).pop().unwrap_or_default();
        let boundaries = plan.boundaries.iter().map(|boundary| ExplainedBoundary {
            module: path(boundary.module),
            accepted: path(boundary.accepted),
            via: paths(&boundary.via),
        });
        let evaluated: Vec<_> = plan.evaluate.modules().collect();
        Explanation {
            outcome: if restart.is_some() { "restart" } else { "hot" },
            boundaries: boundaries.collect(),
            evaluated: if restart.is_some() { Vec::new() } else { paths(&evaluated) },
            chain: restart.map(|chain| paths(&chain)).unwrap_or_default(),
        }
    }

    /// Hot modules that have run, dependencies first: disposing goes the other way.
    #[must_use]
    pub fn running(&self) -> Vec<ModuleId> {
        let mut order: Vec<ModuleId> = Vec::new();
        let mut seen = FxHashSet::default();
        let mut tops = self.program_roots();
        tops.extend(self.entries.keys().copied());
        tops.sort_unstable();
        // What only an `import()` reaches has run after what reaches it.
        let rest = self.graph.modules().map(|(id, _)| id);
        for top in tops.into_iter().chain(rest) {
            let found = self.graph.evaluation_order(top, |id| seen.contains(&id));
            for id in found.modules() {
                seen.insert(id);
                order.push(id);
            }
        }
        order.retain(|&id| self.is_evaluated(id) || self.is_loading(id));
        order
    }
}
