//! Linking: what every import of a module is bound to, or why it cannot be.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::graph::{Explicit, Graph};
use crate::module::{Import, ImportName, IndirectExport, ModuleId};
use crate::resolution::{ExternalName, Hot, Resolution};
use crate::resolve::Resolver;

/// A module and its imports, in the order of [`Module::imports`](crate::Module::imports).
pub type LinkedModule = (ModuleId, Vec<LinkedImport>);

/// What an import is bound to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkedImport {
    /// Never `NotFound` or `Ambiguous`.
    pub target: Resolution,
    /// A variable holding a copy of the value would not be exact: the binding may be assigned unseen
    /// after its module was evaluated, or importer and definition are in one cycle and the binding
    /// has no value before evaluation.
    pub live: bool,
    /// Externals that the same star exports lead to. If one of them turns out to export this name
    /// with another value, then the import is ambiguous. Nearly always empty.
    pub rivals: Vec<ExternalName>,
}

/// An import or re-export that cannot be bound.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LinkError {
    /// The module that asks: the last of a chain of named re-exports, which need not be one of the
    /// modules to be linked.
    pub importer: ModuleId,
    /// The index of the request it asks through.
    pub request: u32,
    /// The name it asks for there.
    pub name: Arc<str>,
    /// Why not.
    pub kind: LinkErrorKind,
}

/// Why a name cannot be bound; each has a message of its own in Node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LinkErrorKind {
    /// "The requested module '…' does not provide an export named '…'"
    Missing,
    /// "The requested module '…' contains conflicting star exports for name '…'"
    Ambiguous,
    /// "Detected cycle while resolving name '…' in '…'"
    Circular,
}

impl Graph {
    /// Binds every import of the given modules, or returns every error once, in the order of `ids`:
    /// with `ids` in evaluation order the first error is the one Node throws.
    pub fn link(&self, ids: &[ModuleId]) -> Result<Vec<LinkedModule>, Vec<LinkError>> {
        let mut linker =
            Linker { graph: self, resolver: Resolver::new(self, None), errors: vec![] };
        let linked = ids.iter().map(|&id| (id, linker.link(id))).collect();
        if linker.errors.is_empty() { Ok(linked) } else { Err(linker.distinct_errors()) }
    }
}

struct Linker<'g> {
    graph: &'g Graph,
    resolver: Resolver<'g>,
    errors: Vec<LinkError>,
}

/// One name asked for through one request.
#[derive(Clone, Copy)]
struct Ask<'g> {
    importer: ModuleId,
    request: u32,
    target: ModuleId,
    name: &'g Arc<str>,
}

impl<'g> Linker<'g> {
    /// ECMA-262 sec-source-text-module-record-initialize-environment. Steps 1 and 7 are in the
    /// order in which V8 does them, imports first, so that errors come in Node's order.
    fn link(&mut self, id: ModuleId) -> Vec<LinkedImport> {
        let Some(module) = self.graph.get(id) else {
            return Vec::new();
        };
        let target = |request: u32| module.requests[request as usize].target;
        let mut linked = Vec::with_capacity(module.imports.len());
        for import in &module.imports {
            let &Import { request, ref name, .. } = import;
            let target = target(request);
            match name {
                ImportName::Namespace => linked.push(namespace(target)),
                ImportName::Name(name) => {
                    linked.extend(self.import(Ask { importer: id, request, target, name }));
                }
            }
        }
        for export in &module.indirect_exports {
            let &IndirectExport { request, ref import, .. } = export;
            if let ImportName::Name(name) = import {
                let ask = Ask { importer: id, request, target: target(request), name };
                self.check_indirect(ask, &export.name);
            }
        }
        linked
    }

    /// Step 7.c: Let resolution be importedModule.ResolveExport(in.`[[ImportName]]`). If it is null
    /// or ambiguous, throw a SyntaxError exception.
    fn import(&mut self, ask: Ask<'g>) -> Option<LinkedImport> {
        let found = self.resolver.find(ask.target, ask.name);
        let target = found.resolution(self.graph);
        if let Some(kind) = failure(&target) {
            self.errors.push(self.blame(ask, kind, FxHashSet::default()));
            return None;
        }
        let live = match found.only_hot() {
            Some(hot) => self.is_live(ask.importer, hot),
            None => self.is_mutated_external(&target),
        };
        Some(LinkedImport { live, rivals: found.rivals(&target), target })
    }

    /// Step 1: For each ExportEntry Record e of module.`[[IndirectExportEntries]]`, let resolution be
    /// module.ResolveExport(e.`[[ExportName]]`). If it is null or ambiguous, throw a SyntaxError.
    fn check_indirect(&mut self, ask: Ask<'g>, exported: &'g Arc<str>) {
        let found = self.resolver.find(ask.importer, exported);
        if let Some(kind) = failure(&found.resolution(self.graph)) {
            let seen = FxHashSet::from_iter([(ask.importer, &**exported)]);
            self.errors.push(self.blame(ask, kind, seen));
        }
    }

    fn is_live(&self, importer: ModuleId, hot: Hot) -> bool {
        let Hot::Local(module, at) = hot else {
            return false;
        };
        let record = self.graph.get(module).expect("a local export has a record");
        let export = &record.local_exports[at as usize];
        export.mutated_unseen || (!export.hoisted && self.graph.same_cycle(importer, module))
    }

    /// Whether an external that is asked is known to assign the name later.
    fn is_mutated_external(&self, target: &Resolution) -> bool {
        let names = match target {
            Resolution::External(name) => std::slice::from_ref(name),
            Resolution::ExternalStars(names) => &names[..],
            _ => &[],
        };
        names.iter().any(|external| {
            let Some(module) = self.graph.get(external.module) else {
                return false;
            };
            let known = module.local_exports.iter().find(|export| export.name == external.name);
            known.is_some_and(|export| export.mutated_unseen)
        })
    }

    /// Follows named re-exports to the last one, which is the one Node's message is about.
    fn blame(
        &self,
        mut ask: Ask<'g>,
        kind: LinkErrorKind,
        mut seen: FxHashSet<(ModuleId, &'g str)>,
    ) -> LinkError {
        let error = |ask: Ask, kind| LinkError {
            importer: ask.importer,
            request: ask.request,
            name: ask.name.clone(),
            kind,
        };
        while let Some(next) = self.re_export(ask) {
            if !seen.insert((ask.target, ask.name)) {
                return error(ask, LinkErrorKind::Circular);
            }
            ask = next;
        }
        error(ask, kind)
    }

    fn re_export(&self, ask: Ask<'g>) -> Option<Ask<'g>> {
        let Some(Explicit::Indirect(at)) = self.graph.explicit(ask.target, ask.name) else {
            return None;
        };
        let module = self.graph.get(ask.target)?;
        let &IndirectExport { request, ref import, .. } = &module.indirect_exports[at as usize];
        let ImportName::Name(name) = import else {
            return None;
        };
        let target = module.requests[request as usize].target;
        Some(Ask { importer: ask.target, request, target, name })
    }

    fn distinct_errors(self) -> Vec<LinkError> {
        let mut seen = FxHashSet::default();
        self.errors.into_iter().filter(|error| seen.insert(error.clone())).collect()
    }
}

/// Step 7.b: a namespace object is its own live view.
fn namespace(target: ModuleId) -> LinkedImport {
    LinkedImport { target: Resolution::Namespace(target), live: false, rivals: Vec::new() }
}

fn failure(resolution: &Resolution) -> Option<LinkErrorKind> {
    match resolution {
        Resolution::NotFound => Some(LinkErrorKind::Missing),
        Resolution::Ambiguous => Some(LinkErrorKind::Ambiguous),
        _ => None,
    }
}
