//! A program that does not run: loaded from its entry on, as if all of it had run and had said what stands in its texts.
//!
//! What a text says is what its calls of `import.meta.hot` say literally; what is said through a variable, or depends on what
//! happens, is not known here. So it is with `import()`.

use std::path::{Path, PathBuf};

use hmr_graph::{Accept, Kind, RequestKind};
use hmr_transform::HotCalls;
use rustc_hash::FxHashSet;
use serde::Serialize;

use crate::accept::Accepts;
use crate::failure::Failure;
use crate::request::{Import, Request};
use crate::session::{ModuleId, NodeKind, Session};

/// More places for an accept than these are not tried.
const MOST_TRIED: usize = 500;

/// A hot module of a program.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SeenModule {
    /// Its file.
    pub file: PathBuf,
    /// What it imports, in order.
    pub imports: Vec<SeenImport>,
    /// It accepts its own changes.
    pub accepts_itself: bool,
    /// Files whose changes it accepts.
    pub accepts: Vec<PathBuf>,
    /// Exports whose changes it accepts.
    pub accepts_exports: Vec<String>,
    /// It declines.
    pub declines: bool,
}

/// Something that a module imports.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct SeenImport {
    /// The file of a hot module, or the URL of something that Node loads.
    pub module: String,
    /// It is hot.
    pub hot: bool,
    /// It is imported by `import()`.
    pub dynamic: bool,
}

/// An accept that would make a change hot.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Remedy {
    /// Where it would have to stand.
    pub module: PathBuf,
    /// What it would accept: the module itself, or something it imports.
    pub accepted: PathBuf,
    /// How many modules a change would evaluate anew then.
    pub evaluated: usize,
}

impl Session {
    /// Supposes that the program that begins with the module at `url` runs.
    ///
    /// # Errors
    /// What is wrong with its texts.
    pub fn suppose_running(&mut self, url: &str) -> Result<(), Vec<Failure>> {
        self.set_whole_app();
        let (specifier, parent) = (url.to_owned(), url.to_owned());
        let import = Import {
            specifier,
            parent,
            importer: None,
            attributes: Vec::new(),
            entry: false,
            root: true,
        };
        self.suppose_imported(import)?;
        let mut followed = FxHashSet::default();
        loop {
            let ids = self.graph.modules().map(|(id, _)| id);
            let new: Vec<_> = ids.filter(|id| !followed.contains(id)).collect();
            if new.is_empty() {
                break;
            }
            for id in new {
                followed.insert(id);
                self.suppose_called(id);
            }
        }
        for id in followed {
            if let Some(said) = self.record_of(id).map(|record| accepts(&record.hot)) {
                self.set_accepts(id, &said);
            }
        }
        self.find_accepted();
        Ok(())
    }

    fn suppose_imported(&mut self, import: Import) -> Result<(), Vec<Failure>> {
        let answer = self.prepare(&Request { import: Some(import), ..Request::default() });
        if !answer.plan.failures.is_empty() {
            return Err(answer.plan.failures);
        }
        let evaluated: Vec<_> = answer.plan.steps.iter().map(|step| step.id).collect();
        self.commit(answer.plan.transaction, &evaluated);
        Ok(())
    }

    /// All `import()` calls of a module that can be known. Those that fail are the program's business.
    fn suppose_called(&mut self, id: ModuleId) {
        let Some(record) = self.record_of(id) else { return };
        let calls = record.dynamic_imports.iter().filter_map(|call| call.specifier.clone());
        let calls: Vec<_> = calls.collect();
        let parent = self.node(id).map(|node| node.url.clone()).unwrap_or_default();
        for specifier in calls {
            let (parent, importer, attributes) = (parent.clone(), Some(id), Vec::new());
            let import =
                Import { specifier, parent, importer, attributes, entry: false, root: false };
            let _ = self.suppose_imported(import);
        }
    }

    fn record_of(&self, id: ModuleId) -> Option<&hmr_transform::ModuleRecord> {
        match &self.node(id)?.kind {
            NodeKind::Module { parsed, .. } => Some(&parsed.record),
            _ => None,
        }
    }

    /// Every hot module, in the order of evaluation.
    #[must_use]
    pub fn seen_modules(&self) -> Vec<SeenModule> {
        self.running().into_iter().filter_map(|id| self.seen_module(id)).collect()
    }

    fn seen_module(&self, id: ModuleId) -> Option<SeenModule> {
        let module = self.graph.get(id).filter(|module| module.kind == Kind::Hot)?;
        let file = |id: ModuleId| self.node(id)?.hot_path().map(Path::to_owned);
        let import = |(target, kind): (ModuleId, RequestKind)| {
            let node = self.node(target)?;
            let module = match file(target) {
                Some(file) => file.to_string_lossy().into_owned(),
                None => node.url.clone(),
            };
            Some(SeenImport {
                module,
                hot: node.hot_path().is_some(),
                dynamic: kind == RequestKind::Dynamic,
            })
        };
        let Accept { self_accepting, dependencies, exports, declined } = &module.accept;
        Some(SeenModule {
            file: file(id)?,
            imports: self.graph.dependencies(id).filter_map(import).collect(),
            accepts_itself: *self_accepting,
            accepts: dependencies.iter().filter_map(|&id| file(id)).collect(),
            accepts_exports: exports.iter().map(ToString::to_string).collect(),
            declines: *declined,
        })
    }

    /// Single accepts that would make a change of the file at `path` hot: those that evaluate the fewest modules first.
    #[must_use]
    pub fn remedies(&mut self, path: &Path) -> Vec<Remedy> {
        let changed = self.changed_by(path);
        let mut found = Vec::new();
        for (module, accepted) in self.places_above(&changed) {
            let Some(before) = self.graph.get(module).map(|module| module.accept.clone()) else {
                continue;
            };
            let mut accept = before.clone();
            if module == accepted {
                accept.self_accepting = true;
            } else {
                accept.dependencies.push(accepted);
            }
            self.graph.set_accept(module, accept);
            let explained = self.explain_changed(&changed);
            self.graph.set_accept(module, before);
            let file = |id: ModuleId| self.node(id)?.path.clone();
            if let (Some(module), Some(accepted)) = (file(module), file(accepted))
                && explained.outcome == "hot"
            {
                found.push(Remedy { module, accepted, evaluated: explained.evaluated.len() });
            }
        }
        found.sort_by_key(|remedy| remedy.evaluated);
        found
    }

    /// Where an accept may stand: in the changed modules and all above, of themselves or of what they import.
    fn places_above(&self, changed: &[ModuleId]) -> Vec<(ModuleId, ModuleId)> {
        let mut places: Vec<_> = changed.iter().map(|&id| (id, id)).collect();
        let mut seen: FxHashSet<_> = changed.iter().copied().collect();
        let mut pending: Vec<_> = changed.to_vec();
        while let Some(id) = pending.pop() {
            for (importer, _) in self.graph.importers(id) {
                places.push((importer, id));
                if seen.insert(importer) && places.len() < MOST_TRIED {
                    places.push((importer, importer));
                    pending.push(importer);
                }
            }
        }
        places
    }
}

fn accepts(calls: &HotCalls) -> Accepts {
    Accepts {
        itself: calls.accepts_self,
        dependencies: calls.accepts.clone(),
        exports: calls.accepts_exports.clone(),
        declined: calls.declines,
    }
}
