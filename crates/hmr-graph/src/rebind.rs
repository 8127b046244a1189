//! Which modules outside of an update see what it evaluates.
//!
//! Exact for named imports: those that lead to or through an evaluated module. Namespace imports
//! count as soon as a key of the namespace may be new.

use rustc_hash::FxHashSet;

use crate::graph::Graph;
use crate::module::{ImportName, Module, ModuleId, RequestKind};
use crate::resolution::{Hot, Resolution};
use crate::resolve::Resolver;

impl Graph {
    /// The modules outside of `evaluated` with an import or re-export that leads to one of them,
    /// sorted. Those in `changed` are left out, too: their instances belong to former records.
    pub(crate) fn importers_to_rebind(
        &self,
        evaluated: &FxHashSet<ModuleId>,
        changed: &[ModuleId],
    ) -> Vec<ModuleId> {
        let marked = |id| evaluated.contains(&id);
        let mut search = Search {
            graph: self,
            resolver: Resolver::new(self, Some(&marked)),
            touched: evaluated.clone(),
            found: FxHashSet::default(),
        };
        let mut pending: Vec<_> = evaluated.iter().copied().collect();
        while let Some(id) = pending.pop() {
            let edges = self.importers(id).filter(|edge| edge.1 == RequestKind::Static);
            for (importer, _) in edges.filter(|edge| !evaluated.contains(&edge.0)) {
                if search.passes_on(importer, id) {
                    pending.push(importer);
                }
            }
        }
        let mut found: Vec<_> =
            search.found.into_iter().filter(|id| !changed.contains(id)).collect();
        found.sort_unstable();
        found
    }
}

struct Search<'g> {
    graph: &'g Graph,
    resolver: Resolver<'g>,
    /// Modules whose namespace may have new keys or values.
    touched: FxHashSet<ModuleId>,
    found: FxHashSet<ModuleId>,
}

impl<'g> Search<'g> {
    /// Looks at what an importer takes from a touched module. Whether that touches the importer's
    /// own exports for the first time.
    fn passes_on(&mut self, importer: ModuleId, id: ModuleId) -> bool {
        let Some(module) = self.graph.get(importer) else {
            return false;
        };
        let re_exports = !self.touched.contains(&importer) && self.re_exports(module, id);
        if re_exports {
            self.touched.insert(importer);
        }
        if re_exports || (!self.found.contains(&importer) && self.imports(module, id)) {
            self.found.insert(importer);
        }
        re_exports
    }

    fn re_exports(&mut self, module: &'g Module, id: ModuleId) -> bool {
        let from = |request: u32| module.requests[request as usize].target == id;
        module.star_exports.iter().any(|&request| from(request))
            || module
                .indirect_exports
                .iter()
                .any(|export| from(export.request) && self.leads_to_touched(id, &export.import))
    }

    fn imports(&mut self, module: &'g Module, id: ModuleId) -> bool {
        let mut from = module
            .imports
            .iter()
            .filter(|import| module.requests[import.request as usize].target == id);
        from.any(|import| self.leads_to_touched(id, &import.name))
    }

    /// Whether what is taken from a touched module may be new. What cannot be resolved counts, so
    /// that linking the module reports it.
    fn leads_to_touched(&mut self, id: ModuleId, name: &'g ImportName) -> bool {
        let ImportName::Name(name) = name else {
            return true;
        };
        let found = self.resolver.find(id, name);
        let through_namespace = match found.only_hot() {
            Some(Hot::Namespace(module)) => self.touched.contains(&module),
            _ => false,
        };
        let unresolved = || {
            let resolution = found.resolution(self.graph);
            matches!(resolution, Resolution::NotFound | Resolution::Ambiguous)
        };
        found.through || through_namespace || unresolved()
    }
}
