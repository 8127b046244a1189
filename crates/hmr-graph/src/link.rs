//! Linking: what every import of a module is bound to, or why it cannot be.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::graph::{Explicit, Graph};
use crate::module::{ImportName, IndirectExport, ModuleId};
use crate::names::compare_utf16;
use crate::resolution::{ExternalName, Hot, Resolution};
use crate::resolve::Resolver;

/// A module and its imports, in the order of [`Module::imports`](crate::Module::imports).
pub type LinkedModule = (ModuleId, Vec<LinkedImport>);

/// What linking found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Linking {
    /// Every module; without errors each has all its imports.
    pub modules: Vec<LinkedModule>,
    /// Why some imports cannot be bound, each once, in the order in which V8 comes upon them.
    pub errors: Vec<LinkError>,
    /// Names that external modules must have, up to the first error, in the same order. Node checks
    /// them too.
    pub externals: Vec<ExternalImport>,
}

/// A name that is taken from an external module.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ExternalImport {
    /// The hot module that asks.
    pub importer: ModuleId,
    /// The index of the request it asks through, which may lead to a re-exporting module.
    pub request: u32,
    /// The name it asks for there.
    pub name: Arc<str>,
    /// The external module in the end, and the name there.
    pub external: ExternalName,
    /// Further ones that may have it instead, by stars: exactly one of all must.
    pub others: Vec<ExternalName>,
}

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
    /// Binds every import of the given modules and notes every error, in the order of `ids`: with
    /// `ids` in evaluation order the first error is the one Node throws.
    pub fn link(&self, ids: &[ModuleId]) -> Linking {
        let resolver = Resolver::new(self, None);
        let mut linker = Linker { graph: self, resolver, linking: Linking::default() };
        let hot = ids.iter().copied().filter(|&id| !self.is_external(id));
        for id in hot {
            let imports = linker.link(id);
            linker.linking.modules.push((id, imports));
        }
        let mut linking = linker.linking;
        let mut seen = FxHashSet::default();
        linking.errors.retain(|error| seen.insert(error.clone()));
        linking
    }
}

impl Linking {
    /// Every module, or the errors.
    ///
    /// # Errors
    /// All of them, at least one.
    pub fn result(self) -> Result<Vec<LinkedModule>, Vec<LinkError>> {
        if self.errors.is_empty() { Ok(self.modules) } else { Err(self.errors) }
    }

    fn note(&mut self, asked: Asked) {
        match asked {
            Asked::External(import) if self.errors.is_empty() => self.externals.push(import),
            Asked::External(_) => {}
            Asked::InVain(error) => self.errors.push(error),
        }
    }
}

struct Linker<'g> {
    graph: &'g Graph,
    resolver: Resolver<'g>,
    linking: Linking,
}

/// A name whose import can go wrong, or has.
enum Asked {
    External(ExternalImport),
    InVain(LinkError),
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
        let mut asked = Vec::new();
        for import in &module.imports {
            let (request, target) = (import.request, target(import.request));
            match &import.name {
                ImportName::Namespace => linked.push(namespace(target)),
                ImportName::Name(name) => {
                    let ask = Ask { importer: id, request, target, name };
                    let (bound, noted) = self.import(ask);
                    linked.extend(bound);
                    asked.extend(noted.map(|noted| (&import.local, noted)));
                }
            }
        }
        // V8 keeps the imports of a module sorted by their local names.
        asked.sort_by(|(one, _), (other, _)| compare_utf16(one, other));
        asked.into_iter().for_each(|(_, asked)| self.linking.note(asked));
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
    fn import(&mut self, ask: Ask<'g>) -> (Option<LinkedImport>, Option<Asked>) {
        let found = self.resolver.find(ask.target, ask.name);
        let target = found.resolution(self.graph);
        if let Some(kind) = failure(&target) {
            let error = self.blame(ask, kind, FxHashSet::default());
            return (None, Some(Asked::InVain(error)));
        }
        let live = match found.only_hot() {
            Some(hot) => self.is_live(ask, hot),
            // What a module of the cycle passes on may be loaded only after this one has run.
            None => self.graph.same_cycle(ask.importer, ask.target),
        };
        let asked = ask.of_external(&target);
        (Some(LinkedImport { live, rivals: found.rivals(&target), target }), asked)
    }

    /// Step 1: For each ExportEntry Record e of module.`[[IndirectExportEntries]]`, let resolution be
    /// module.ResolveExport(e.`[[ExportName]]`). If it is null or ambiguous, throw a SyntaxError.
    fn check_indirect(&mut self, ask: Ask<'g>, exported: &'g Arc<str>) {
        let found = self.resolver.find(ask.importer, exported);
        let target = found.resolution(self.graph);
        let asked = if let Some(kind) = failure(&target) {
            let seen = FxHashSet::from_iter([(ask.importer, &**exported)]);
            Some(Asked::InVain(self.blame(ask, kind, seen)))
        } else {
            ask.of_external(&target)
        };
        asked.into_iter().for_each(|asked| self.linking.note(asked));
    }

    fn is_live(&self, ask: Ask, hot: Hot) -> bool {
        let Hot::Local(module, at) = hot else {
            return false;
        };
        let record = self.graph.get(module).expect("a local export has a record");
        let export = &record.local_exports[at as usize];
        let in_cycle = |other| self.graph.same_cycle(ask.importer, other);
        // What a module of the cycle passes on from outside may not have run either.
        export.mutated_unseen
            || (!export.hoisted && in_cycle(module))
            || (in_cycle(ask.target) && !in_cycle(module))
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
}

impl Ask<'_> {
    fn of_external(self, target: &Resolution) -> Option<Asked> {
        let (external, others) = match target {
            Resolution::External(external) => (external, &[][..]),
            Resolution::ExternalStars(stars) => stars.split_first()?,
            _ => return None,
        };
        let &Self { importer, request, name, .. } = &self;
        let (name, external, others) = (name.clone(), external.clone(), others.to_vec());
        Some(Asked::External(ExternalImport { importer, request, name, external, others }))
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
