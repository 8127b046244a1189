//! Edges of `import()`, which come to light when the call runs.

use std::path::PathBuf;

use hmr_graph::RequestKind;
use hmr_transform::{Column, ModuleRecord};
use rustc_hash::FxHashSet;

use crate::deep::on_deep_stack;
use crate::load::{self, Loaded};
use crate::resolve::Resolved;
use crate::session::{ModuleId, NodeKind, Session};
use crate::source::Content;

impl Session {
    /// Entries that consist of one of these modules among others.
    pub(crate) fn entries_above(&self, ids: &[ModuleId]) -> Vec<ModuleId> {
        let above = |entry: &ModuleId| {
            let reachable = self.graph.reachable(&[*entry]);
            ids.iter().any(|id| reachable.contains(id))
        };
        self.entries.keys().copied().filter(above).collect()
    }

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

    /// Resolves as `import` in the module at `parent` would: the URL, or nothing where only Node
    /// can tell. Second: the paths that were tried.
    #[must_use]
    pub fn resolve(&self, specifier: &str, parent: &str) -> (Option<String>, Vec<PathBuf>) {
        match self.resolver.resolve(specifier, parent, &[]) {
            Resolved::Module(file) | Resolved::Ambiguous(file) | Resolved::Json(file) => {
                (Some(file.url), Vec::new())
            }
            Resolved::External(url) => (Some(url), Vec::new()),
            Resolved::Unresolved(tried) => (None, tried),
        }
    }

    /// Whether Node imports what a module at `parent` imports by this specifier: it is no hot file.
    #[must_use]
    pub fn left_to_node(
        &self,
        specifier: &str,
        parent: &str,
        attributes: &[(String, String)],
    ) -> bool {
        match self.resolver.resolve(specifier, parent, attributes) {
            Resolved::Module(file) | Resolved::Ambiguous(file) => self.is_shared(&file.url),
            Resolved::Json(_) => false,
            Resolved::External(_) | Resolved::Unresolved(_) => true,
        }
    }

    /// Whether the instance at `url` is Node's.
    fn is_shared(&self, url: &str) -> bool {
        match self.id_of_key(url).and_then(|id| self.node(id)) {
            Some(node) => node.is_native(),
            None => self.native.contains(url),
        }
    }

    /// Tells which files Node has just imported, each with its importer: those that may be hot are
    /// shared with it.
    pub fn seen_by_node(&mut self, imports: &[(String, String)]) {
        for (url, importer) in imports {
            let may_be_hot = !matches!(self.resolver.resolve(url, url, &[]), Resolved::External(_));
            if may_be_hot && self.hot_module(url).is_none() {
                self.loaded_by_node(std::slice::from_ref(url));
                self.native.add_importer(url, importer);
            }
        }
    }

    /// The hot module at `url`, if there is one and Node has not loaded it before.
    #[must_use]
    pub fn hot_module(&self, url: &str) -> Option<ModuleId> {
        let id = self.id_of_key(url)?;
        let node = self.node(id)?;
        matches!(node.kind, NodeKind::Module { native: false, .. }).then_some(id)
    }

    /// What a part of the executable text of a module is in its file.
    #[must_use]
    pub fn original(&self, id: ModuleId, executed: &str, part: &str) -> Option<String> {
        let node = self.node(id)?;
        let NodeKind::Module { parsed, source, .. } = &node.kind else { return None };
        let own = match &node.running {
            Some(running) => {
                let parsed = on_deep_stack(running, || hmr_transform::parse(running));
                parsed.ok()?.original(running, executed, part)?.to_owned()
            }
            None => parsed.original(source.code(), executed, part)?.to_owned(),
        };
        Some(own)
    }

    /// Where the executable text of a module has other columns than the text it was made from.
    #[must_use]
    pub fn columns(&self, id: ModuleId, executed: &str) -> Vec<Column> {
        let Some(NodeKind::Module { parsed, source, .. }) = self.node(id).map(|node| &node.kind)
        else {
            return Vec::new();
        };
        match self.node(id).and_then(|node| node.running.as_ref()) {
            Some(running) => on_deep_stack(running, || hmr_transform::parse(running))
                .map_or_else(|_| Vec::new(), |parsed| parsed.columns(running, executed)),
            None => parsed.columns(source.code(), executed),
        }
    }

    /// The code that is to run in the place of `code`, which a module gives to a direct `eval` where `others` are names
    /// of something else: see [`hmr_transform::ParsedModule::render_eval`].
    #[must_use]
    pub fn render_eval(
        &self,
        id: ModuleId,
        code: &str,
        live: &[bool],
        others: &str,
    ) -> Option<String> {
        match &self.node(id)?.kind {
            NodeKind::Module { parsed, .. } => {
                on_deep_stack(code, || parsed.render_eval(code, live, others))
            }
            _ => None,
        }
    }

    /// Whether one of these modules calls `import()`.
    pub(crate) fn imports_dynamically(&self, modules: &[ModuleId]) -> bool {
        modules.iter().any(|&id| match self.node(id).map(|node| &node.kind) {
            Some(NodeKind::Module { parsed, native: false, .. }) => {
                !parsed.record.dynamic_imports.is_empty()
            }
            _ => false,
        })
    }

    /// Modules whose namespaces an `import('literal')` may ask for as soon as `steps` run: what
    /// these name, and those of them that others have named before.
    pub(crate) fn imported_namespaces(&mut self, steps: &[ModuleId]) -> Vec<ModuleId> {
        let mut found = Vec::new();
        for &id in steps {
            let Some(NodeKind::Module { parsed, native: false, .. }) =
                self.node(id).map(|node| &node.kind)
            else {
                continue;
            };
            let url = self.node(id).map_or("", |node| &node.url);
            for key in self.literal_targets(&parsed.record, url) {
                found.extend(self.id_of_key(&key));
                self.import_targets.insert(key);
            }
        }
        let named = |id: &&ModuleId| {
            self.node(**id).is_some_and(|node| self.import_targets.contains(&node.key))
        };
        found.extend(steps.iter().filter(named));
        found.retain(|id| steps.contains(id) || self.is_evaluated(*id));
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Keys of the hot files that a module at `url` names in `import()`.
    fn literal_targets(&self, record: &ModuleRecord, url: &str) -> Vec<String> {
        let literals = record.dynamic_imports.iter();
        let literals = literals.filter_map(|import| import.specifier.as_deref());
        let resolved = literals.map(|specifier| self.resolver.resolve(specifier, url, &[]));
        resolved.filter_map(|resolved| load::key(&resolved)).collect()
    }

    /// The modules of a transaction are about to be evaluated: for others they are loaded.
    pub fn loaded(&mut self, transaction: u32) {
        if let Some(undo) = self.open.get_mut(&transaction) {
            undo.loaded = true;
        }
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
        let literals = self.literal_targets(&parsed.record, &loaded.file.url);
        let kept: FxHashSet<ModuleId> =
            literals.iter().filter_map(|key| self.id_of_key(key)).collect();
        // A call whose specifier only running tells may lead anywhere.
        let any = parsed.record.dynamic_imports.iter().any(|import| import.specifier.is_none());
        let Some(old) = self.graph.get(id) else {
            return;
        };
        let dynamic = old.requests.iter().filter(|request| request.kind == RequestKind::Dynamic);
        new.requests.extend(dynamic.filter(|request| any || kept.contains(&request.target)));
    }
}
