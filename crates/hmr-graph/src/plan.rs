//! Update plans: from changed modules up to those who accept the change.
//!
//! A plan says what has to happen and for whose sake; it does not order disposal, does not know
//! instances and never decides to restart: it names the chain that lacked an accept, and the caller
//! decides, because a change that one `hmr()` call accepts may well leave other importers as they are.

use rustc_hash::FxHashSet;

use crate::graph::Graph;
use crate::module::{ImportName, Kind, ModuleId, RequestKind};
use crate::order::{Order, Traversal, Visit};
use crate::reach::Ascent;

/// What changed, and whom it may concern.
#[derive(Clone, Copy, Debug, Default)]
pub struct Update<'a> {
    /// Modules whose code is new. Their records have been replaced already.
    pub changed: &'a [ModuleId],
    /// Entries of `hmr()` calls that this change triggers: each accepts for everything below it.
    pub entries: &'a [ModuleId],
    /// Modules that nothing needs any more, sorted: they are neither evaluated nor asked.
    pub leaving: &'a [ModuleId],
    /// Modules the program was started with. Modules without importers count as such anyway.
    pub roots: &'a [ModuleId],
}

/// What to do about a change. Nothing in it says how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Modules to evaluate anew or for the first time.
    pub evaluate: Order,
    /// Modules that stay but see an evaluated one, through imports or their own re-exports: their
    /// imports and namespace objects are to be linked again, which has to succeed like that of
    /// the evaluated ones before anything is disposed. Sorted by id.
    pub rebind: Vec<ModuleId>,
    /// Who accepts, with the reason.
    pub boundaries: Vec<Boundary>,
    /// A chain from a changed module up to one above which nobody accepts, or that declined, both
    /// included. Carrying out the rest of the plan leaves that module with what it made of the
    /// old version.
    pub restart: Option<Vec<ModuleId>>,
    /// Affected modules that only an `import()` reaches: to be evaluated anew by the next one.
    /// Sorted by id.
    pub dynamic: Vec<ModuleId>,
}

/// A module at which the walk up ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Boundary {
    /// Who accepts, and is called back.
    pub module: ModuleId,
    /// The module it accepts: itself, or a dependency.
    pub accepted: ModuleId,
    /// A shortest chain from a changed module up to `module`, both included.
    pub via: Vec<ModuleId>,
}

impl Graph {
    /// Plans an update. `stale` holds for modules without a current instance: those never
    /// evaluated, and those an earlier plan left in [`Plan::dynamic`] that were not imported since.
    pub fn plan_update(&self, update: Update, stale: impl Fn(ModuleId) -> bool) -> Plan {
        let mut climb = Climb::new(self, update);
        climb.reach_boundaries();
        climb.find_closed_circles();
        climb.reach_entries_above();
        let affected = climb.affected();
        let evaluate = climb.evaluate(&affected, stale);
        let evaluated: FxHashSet<_> = evaluate.modules().collect();
        let Climb { mut boundaries, restart, .. } = climb;
        let mut seen = FxHashSet::default();
        boundaries.retain(|it| {
            // A boundary that is evaluated itself has no instance left whose callback could be
            // called; one that imports both statically and dynamically came up twice.
            let is_replaced = it.module != it.accepted && evaluated.contains(&it.module);
            !is_replaced && seen.insert((it.module, it.accepted))
        });
        let left = |id: &ModuleId| !evaluated.contains(id) && self.is_hot(*id);
        let mut dynamic: Vec<_> = affected.into_iter().filter(left).collect();
        dynamic.sort_unstable();
        let mut rebind = self.importers_to_rebind(&evaluated, update.changed);
        rebind.retain(|id| update.leaving.binary_search(id).is_err());
        Plan { evaluate, rebind, boundaries, restart, dynamic }
    }

    fn is_hot(&self, id: ModuleId) -> bool {
        self.get(id).is_some_and(|module| module.kind == Kind::Hot)
    }
}

/// The walk from the changed modules up to their boundaries.
struct Climb<'a> {
    graph: &'a Graph,
    leaving: &'a [ModuleId],
    changed: FxHashSet<ModuleId>,
    entries: FxHashSet<ModuleId>,
    roots: FxHashSet<ModuleId>,
    ascent: Ascent,
    boundaries: Vec<Boundary>,
    /// Modules above which nobody can accept.
    dead_ends: Vec<ModuleId>,
    restart: Option<Vec<ModuleId>>,
}

impl<'a> Climb<'a> {
    fn new(graph: &'a Graph, update: Update<'a>) -> Self {
        let mut ascent = Ascent::default();
        // A deleted module that nobody imports any more concerns nobody.
        let known =
            |id: &ModuleId| graph.get(*id).is_some() || graph.importers(*id).next().is_some();
        let stays = |id: &ModuleId| update.leaving.binary_search(id).is_err();
        update.changed.iter().copied().filter(stays).filter(known).for_each(|id| ascent.start(id));
        Self {
            graph,
            leaving: update.leaving,
            changed: update.changed.iter().copied().collect(),
            entries: update.entries.iter().copied().collect(),
            roots: update.roots.iter().copied().collect(),
            ascent,
            boundaries: Vec::new(),
            dead_ends: Vec::new(),
            restart: None,
        }
    }

    fn reach_boundaries(&mut self) {
        while let Some(id) = self.ascent.next() {
            let accept = self.graph.get(id).map(|module| &module.accept);
            if self.entries.contains(&id) {
                self.accept_itself(id);
            } else if accept.is_some_and(|accept| accept.declined) {
                self.dead_end(id);
            } else if accept.is_some_and(|accept| accept.self_accepting) {
                self.accept_itself(id);
            } else {
                if accept.is_some_and(|accept| !accept.exports.is_empty()) {
                    self.accept_itself(id);
                }
                self.reach_importers(id);
            }
        }
    }

    fn reach_importers(&mut self, id: ModuleId) {
        let importers: Vec<_> = self.importers(id).collect();
        if self.roots.contains(&id) || importers.is_empty() {
            self.dead_end(id);
        }
        for (importer, kind) in importers {
            if self.takes_only_accepted(importer, kind, id) {
                continue;
            }
            if !self.accepts(importer, id) {
                self.ascent.rise(id, importer);
            } else {
                let mut via = self.ascent.chain(id);
                via.push(importer);
                self.boundaries.push(Boundary { module: importer, accepted: id, via });
            }
        }
    }

    /// Entries of `hmr()` calls accept, but do not hide a change from entries further up: those are
    /// reached by going on from here. In between, nobody else's acceptance is asked for.
    fn reach_entries_above(&mut self) {
        let is_entry = |id: &ModuleId| self.entries.contains(id);
        let reached: Vec<_> =
            self.boundaries.iter().map(|it| it.accepted).filter(is_entry).collect();
        if reached.len() == self.entries.len() {
            return;
        }
        for id in reached {
            self.rise_above(id);
        }
        while let Some(id) = self.ascent.next() {
            if self.entries.contains(&id) {
                self.accept_itself(id);
            }
            let accept = self.graph.get(id).map(|module| &module.accept);
            if !accept.is_some_and(|accept| accept.declined || accept.self_accepting) {
                self.rise_above(id);
            }
        }
    }

    /// Importers that stay.
    fn importers(&self, id: ModuleId) -> impl Iterator<Item = (ModuleId, RequestKind)> + use<'a> {
        let leaving = self.leaving;
        self.graph
            .importers(id)
            .filter(move |(importer, _)| leaving.binary_search(importer).is_err())
    }

    fn rise_above(&mut self, id: ModuleId) {
        for (importer, _) in self.importers(id) {
            if !self.accepts(importer, id) {
                self.ascent.rise(id, importer);
            }
        }
    }

    /// Modules in a circle that no importer outside of it and no boundary leads out of are as
    /// unaccepted as one without importers.
    fn find_closed_circles(&mut self) {
        if self.restart.is_some() {
            return;
        }
        let accepted = self.boundaries.iter().map(|it| it.accepted);
        let tops = accepted.chain(self.dead_ends.iter().copied());
        let answered = self.graph.below(tops, |id| self.ascent.has_visited(id));
        let farthest = self.ascent.visited().iter().rfind(|id| !answered.contains(id));
        self.restart = farthest.map(|&id| self.ascent.chain(id));
    }

    /// Everything between a changed module and what a boundary accepts.
    fn affected(&self) -> FxHashSet<ModuleId> {
        let accepted = self.boundaries.iter().map(|it| it.accepted);
        self.graph.below(accepted, |id| self.ascent.has_visited(id))
    }

    fn evaluate(&self, affected: &FxHashSet<ModuleId>, stale: impl Fn(ModuleId) -> bool) -> Order {
        let visit = |id| {
            if stale(id) {
                Visit::Evaluate
            } else if !affected.contains(&id) {
                Visit::Skip
            } else if self.graph.is_hot(id) || self.changed.contains(&id) {
                Visit::Evaluate
            } else {
                // Node keeps its instance, which may import a hot module below it.
                Visit::LookThrough
            }
        };
        let mut traversal = Traversal::new(self.graph, visit);
        for boundary in &self.boundaries {
            traversal.evaluate(boundary.accepted);
        }
        traversal.order
    }

    fn accepts(&self, importer: ModuleId, dependency: ModuleId) -> bool {
        let module = self.graph.get(importer);
        module.is_some_and(|module| module.accept.dependencies.contains(&dependency))
    }

    /// Whether a module accepts changes of everything that one of its importers takes from it.
    fn takes_only_accepted(&self, importer: ModuleId, kind: RequestKind, id: ModuleId) -> bool {
        let accepted = self.graph.get(id).map_or(&[][..], |module| &module.accept.exports);
        let Some(importer) = self.graph.get(importer).filter(|_| !accepted.is_empty()) else {
            return false;
        };
        let from = |request: u32| importer.requests[request as usize].target == id;
        let is_accepted = |name: &ImportName| match name {
            ImportName::Name(name) => accepted.contains(name),
            ImportName::Namespace => false,
        };
        let imports = importer.imports.iter().map(|import| (import.request, &import.name));
        let exports = importer.indirect_exports.iter();
        let exports = exports.map(|export| (export.request, &export.import));
        kind == RequestKind::Static
            && !importer.star_exports.iter().any(|&request| from(request))
            && imports.chain(exports).all(|(request, name)| !from(request) || is_accepted(name))
    }

    fn accept_itself(&mut self, id: ModuleId) {
        let via = self.ascent.chain(id);
        self.boundaries.push(Boundary { module: id, accepted: id, via });
    }

    fn dead_end(&mut self, id: ModuleId) {
        self.dead_ends.push(id);
        if self.restart.is_none() {
            self.restart = Some(self.ascent.chain(id));
        }
    }
}
