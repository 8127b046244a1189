//! Storage: one node per id, with the edges in both directions kept in step.
//!
//! Owns every record; nothing else keeps a second map by module. Replacing a record touches only the
//! edges that differ, and forgets the known cycles only when one of those may open or close a circle.

use std::hash::Hasher;
use std::sync::OnceLock;

use rustc_hash::FxHasher;

use crate::cycles::{Cycles, closes_no_circle};
use crate::module::{Accept, Module, ModuleId, RequestKind};

/// All modules of one program and who imports whom.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    nodes: Vec<Node>,
    cycles: OnceLock<Cycles>,
    revision: u32,
}

#[derive(Clone, Debug, Default)]
struct Node {
    module: Option<Module>,
    /// Kept for ids without a record, too: importers may be inserted before what they import.
    importers: Vec<(ModuleId, RequestKind)>,
    exports: ExportIndex,
}

/// Where an exported name is written down in its module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Explicit {
    /// Index into [`Module::local_exports`].
    Local(u32),
    /// Index into [`Module::indirect_exports`].
    Indirect(u32),
}

/// The explicitly exported names of one module as (hash, position), sorted by hash.
#[derive(Clone, Debug, Default)]
struct ExportIndex(Box<[(u32, u32)]>);

impl Graph {
    /// An empty graph.
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts in a module for the first time. Its requests may name ids that follow later.
    pub fn insert(&mut self, id: ModuleId, module: Module) {
        self.replace(id, module);
    }

    /// Puts a module in the place of its former record, which is returned: giving that back to
    /// `replace` undoes the change.
    pub fn replace(&mut self, id: ModuleId, module: Module) -> Option<Module> {
        self.reserve(id);
        for request in &module.requests {
            self.reserve(request.target);
        }
        self.change_edges(id, edges(Some(&module)));
        if self.get(id).is_none() {
            self.revise();
        }
        let node = &mut self.nodes[id as usize];
        node.exports = ExportIndex::new(&module);
        node.module.replace(module)
    }

    /// Says anew what a module accepts.
    pub fn set_accept(&mut self, id: ModuleId, accept: Accept) {
        let module = self.nodes.get_mut(id as usize).and_then(|node| node.module.as_mut());
        if let Some(module) = module {
            module.accept = accept;
        }
    }

    /// Takes a module out and returns it. Importers keep their requests to the id.
    pub fn remove(&mut self, id: ModuleId) -> Option<Module> {
        self.get(id)?;
        self.revise();
        self.change_edges(id, Vec::new());
        let node = &mut self.nodes[id as usize];
        node.exports = ExportIndex::default();
        node.module.take()
    }

    /// A number that is another one whenever modules have come, gone or changed what they request.
    pub fn revision(&self) -> u32 {
        self.revision
    }

    /// The record of a module, if there is one.
    pub fn get(&self, id: ModuleId) -> Option<&Module> {
        self.nodes.get(id as usize)?.module.as_ref()
    }

    /// Every module in the graph, by ascending id.
    pub fn modules(&self) -> impl Iterator<Item = (ModuleId, &Module)> {
        (0..).zip(&self.nodes).filter_map(|(id, node)| Some((id, node.module.as_ref()?)))
    }

    /// Who requests a module and how; a module that does it both ways comes twice.
    pub fn importers(&self, id: ModuleId) -> impl Iterator<Item = (ModuleId, RequestKind)> + '_ {
        self.nodes.get(id as usize).into_iter().flat_map(|node| node.importers.iter().copied())
    }

    /// What a module requests and how, in source order.
    pub fn dependencies(&self, id: ModuleId) -> impl Iterator<Item = (ModuleId, RequestKind)> + '_ {
        let requests = self.get(id).map_or(&[][..], |module| &module.requests);
        requests.iter().map(|request| (request.target, request.kind))
    }

    /// Whether Node evaluates a module.
    pub fn is_external(&self, id: ModuleId) -> bool {
        self.get(id).is_some_and(|module| module.kind.is_external())
    }

    /// Whether a module is one of several that import each other statically in a circle, or
    /// imports itself.
    pub fn in_cycle(&self, id: ModuleId) -> bool {
        self.cycles().of(id).is_some()
    }

    /// Whether two modules are members of one cycle of static requests.
    pub fn same_cycle(&self, a: ModuleId, b: ModuleId) -> bool {
        self.cycles().has_both(a, b)
    }

    /// The position of a name among a module's own [`Module::local_exports`].
    pub fn local_export(&self, id: ModuleId, name: &str) -> Option<u32> {
        match self.explicit(id, name)? {
            Explicit::Local(at) => Some(at),
            Explicit::Indirect(_) => None,
        }
    }

    /// One more than the greatest id seen: the length of an array indexed by id.
    pub(crate) fn id_count(&self) -> usize {
        self.nodes.len()
    }

    /// Where a module itself writes down an exported name.
    pub(crate) fn explicit(&self, id: ModuleId, name: &str) -> Option<Explicit> {
        let node = self.nodes.get(id as usize)?;
        node.exports.find(node.module.as_ref()?, name)
    }

    /// Found when first asked for after they were forgotten.
    fn cycles(&self) -> &Cycles {
        self.cycles.get_or_init(|| Cycles::of_graph(self))
    }

    fn reserve(&mut self, id: ModuleId) {
        let needed = id as usize + 1;
        if self.nodes.len() < needed {
            self.nodes.resize_with(needed, Node::default);
        }
    }

    fn revise(&mut self) {
        self.revision = self.revision.wrapping_add(1);
    }

    fn change_edges(&mut self, id: ModuleId, new: Vec<(ModuleId, RequestKind)>) {
        let old = edges(self.get(id));
        if old != new {
            self.revise();
        }
        for &(target, kind) in old.iter().filter(|edge| new.binary_search(edge).is_err()) {
            self.forget_cycles(kind, |_, cycles| cycles.has_both(id, target));
            let importers = &mut self.nodes[target as usize].importers;
            importers.retain(|importer| *importer != (id, kind));
        }
        for &(target, kind) in new.iter().filter(|edge| old.binary_search(edge).is_err()) {
            self.forget_cycles(kind, |graph, _| !closes_no_circle(graph, id, target));
            self.nodes[target as usize].importers.push((id, kind));
        }
    }

    fn forget_cycles(&mut self, kind: RequestKind, change: impl FnOnce(&Self, &Cycles) -> bool) {
        let known = self.cycles.get().filter(|_| kind == RequestKind::Static);
        if known.is_some_and(|cycles| change(self, cycles)) {
            self.cycles.take();
        }
    }
}

/// The distinct edges a record asks for, sorted.
fn edges(module: Option<&Module>) -> Vec<(ModuleId, RequestKind)> {
    let requests = module.map_or(&[][..], |module| &module.requests);
    let mut edges: Vec<_> = requests.iter().map(|request| (request.target, request.kind)).collect();
    edges.sort_unstable();
    edges.dedup();
    edges
}

impl ExportIndex {
    fn new(module: &Module) -> Self {
        let local = module.local_exports.iter().map(|export| &export.name);
        let indirect = module.indirect_exports.iter().map(|export| &export.name);
        let mut index: Box<[_]> =
            (0..).zip(local.chain(indirect)).map(|(at, name)| (hash(name), at)).collect();
        index.sort_unstable();
        Self(index)
    }

    fn find(&self, module: &Module, name: &str) -> Option<Explicit> {
        let hash = hash(name);
        let from = self.0.partition_point(|entry| entry.0 < hash);
        let same_hash = self.0[from..].iter().take_while(|entry| entry.0 == hash);
        let locals = module.local_exports.len() as u32;
        same_hash.map(|&(_, at)| at).find_map(|at| {
            let (found, explicit) = match at.checked_sub(locals) {
                None => (&module.local_exports[at as usize].name, Explicit::Local(at)),
                Some(at) => (&module.indirect_exports[at as usize].name, Explicit::Indirect(at)),
            };
            (**found == *name).then_some(explicit)
        })
    }
}

/// Half of the hash is enough: names are compared where it agrees.
fn hash(name: &str) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write(name.as_bytes());
    (hasher.finish() >> 32) as u32
}
