//! Namespaces that can be seen before their bindings have values: those that their own cycle imports.

use hmr_graph::Resolution;
use rustc_hash::FxHashSet;

use super::Emitter;
use crate::session::{ModuleId, Session};

impl Emitter {
    /// A namespace imported from within its own cycle can be seen before its bindings have values.
    pub(super) fn mark_early_namespaces(&mut self, session: &mut Session) {
        let members = self.steps.iter().filter(|step| step.cycle.is_some());
        let mut seen: Vec<ModuleId> = Vec::new();
        for &hmr_graph::Step { module, .. } in members {
            let imports = self.linked.get(&module).into_iter().flatten().enumerate();
            seen.extend(imports.filter_map(|(slot, import)| match import.target {
                Resolution::Namespace(target) if imports_own_cycle(session, module, slot) => {
                    Some(target)
                }
                _ => None,
            }));
            seen.extend(passes_on_own_cycle(session, module));
        }
        for id in seen {
            if let Some(node) = session.node_mut(id) {
                node.early_namespace = true;
            }
        }
        let early = |id| session.node(id).is_some_and(|node| node.early_namespace);
        self.open_what_cycles_pass_on(session);
        let cycles = self.steps.iter().filter(|step| early(step.module));
        let cycles: Vec<_> = cycles.filter_map(|step| step.cycle).collect();
        self.seen_early.extend(cycles);
    }

    /// A cycle can read what it passes on from a module outside of it before that has run: its environment must exist,
    /// too, as if it were a cycle.
    fn open_what_cycles_pass_on(&mut self, session: &Session) {
        let mut read: FxHashSet<ModuleId> = FxHashSet::default();
        let mut shown: FxHashSet<ModuleId> = FxHashSet::default();
        for step in self.steps.iter().filter(|step| step.cycle.is_some()) {
            let imports = self.linked.get(&step.module).into_iter().flatten();
            let live = imports.filter(|import| import.live);
            read.extend(live.filter_map(|import| defined_in(&import.target)));
            if session.node(step.module).is_some_and(|node| node.early_namespace) {
                let exported = session.graph.exported_names(step.module);
                shown.extend(exported.names.iter().filter_map(|it| defined_in(&it.resolution)));
            }
        }
        let mut cycles = self.steps.iter().filter_map(|step| step.cycle).max().unwrap_or(0);
        for step in self.steps.iter_mut().filter(|step| step.cycle.is_none()) {
            if read.contains(&step.module) || shown.contains(&step.module) {
                cycles += 1;
                step.cycle = Some(cycles);
            }
        }
        let passed_on = self.steps.iter().filter(|step| shown.contains(&step.module));
        self.seen_early.extend(passed_on.filter_map(|step| step.cycle));
    }

    /// Whether somebody in the cycle of a module has a namespace of it.
    pub(super) fn is_seen_early(&self, step: &hmr_graph::Step) -> bool {
        step.cycle.is_some_and(|cycle| self.seen_early.contains(&cycle))
    }
}

/// The module that has a binding.
fn defined_in(resolution: &Resolution) -> Option<ModuleId> {
    match resolution {
        Resolution::Binding { module, .. } => Some(*module),
        _ => None,
    }
}

/// Whether what an import asks is in the importer's own cycle.
fn imports_own_cycle(session: &Session, importer: ModuleId, slot: usize) -> bool {
    let Some(module) = session.graph.get(importer) else { return false };
    let request = module.imports.get(slot).map(|import| import.request as usize);
    let asked = request.and_then(|request| module.requests.get(request));
    asked.is_some_and(|asked| session.graph.same_cycle(importer, asked.target))
}

/// Members of its own cycle whose namespaces a module exports by `export * as`.
fn passes_on_own_cycle(session: &Session, id: ModuleId) -> Vec<ModuleId> {
    let Some(module) = session.graph.get(id) else { return Vec::new() };
    let exports = module.indirect_exports.iter();
    let namespaces = exports.filter(|export| export.import == hmr_graph::ImportName::Namespace);
    let targets = namespaces.map(|export| module.requests[export.request as usize].target);
    targets.filter(|&target| session.graph.same_cycle(id, target)).collect()
}
