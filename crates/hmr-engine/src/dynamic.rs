//! Edges of `import()`, which come to light when the call runs.

use hmr_graph::RequestKind;
use rustc_hash::FxHashSet;

use crate::load::{self, Loaded};
use crate::session::{ModuleId, Session};
use crate::source::Content;

impl Session {
    pub(crate) fn add_dynamic_request(&mut self, importer: ModuleId, target: ModuleId) {
        let kind = RequestKind::Dynamic;
        let request = hmr_graph::Request { target, kind };
        let Some(module) = self.graph.get(importer) else {
            return;
        };
        if module.requests.contains(&request) {
            return;
        }
        let mut module = module.clone();
        module.requests.push(request);
        self.graph.replace(importer, module);
    }

    /// Modules that do not run and lead to one of `changed` in any way.
    pub(crate) fn failed_above(&self, changed: impl Iterator<Item = ModuleId>) -> Vec<ModuleId> {
        let mut pending: Vec<ModuleId> = changed.collect();
        let mut seen: FxHashSet<ModuleId> = pending.iter().copied().collect();
        while let Some(id) = pending.pop() {
            let importers = self.graph.importers(id).map(|(importer, _)| importer);
            pending.extend(importers.filter(|&importer| seen.insert(importer)));
        }
        let mut failed: Vec<_> = seen.into_iter().filter(|&id| !self.is_evaluated(id)).collect();
        failed.sort_unstable();
        failed
    }

    /// A changed module keeps the edges of calls that its new text still has.
    pub(crate) fn keep_dynamic_requests(
        &self,
        id: ModuleId,
        loaded: &Loaded,
        new: &mut hmr_graph::Module,
    ) {
        let Content::Module(parsed) = &loaded.content else {
            return;
        };
        let literals = parsed.record.dynamic_imports.iter();
        let literals = literals.filter_map(|import| import.specifier.as_deref());
        let kept: FxHashSet<ModuleId> = literals
            .filter_map(|specifier| {
                let resolved = self.resolver.resolve(specifier, &loaded.file.url, &[]);
                self.id_of_key(&load::key(&resolved)?)
            })
            .collect();
        // A call whose specifier only running tells may lead anywhere.
        let any = parsed.record.dynamic_imports.iter().any(|import| import.specifier.is_none());
        let Some(old) = self.graph.get(id) else {
            return;
        };
        let dynamic = old.requests.iter().filter(|request| request.kind == RequestKind::Dynamic);
        new.requests.extend(dynamic.filter(|request| any || kept.contains(&request.target)));
    }
}
