//! Namespaces that can be seen before their bindings have values: those that their own cycle imports.

use hmr_graph::Resolution;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Emitter;
use crate::session::{ModuleId, Session};

impl Emitter {
    /// Functions of a cycle can be called as soon as its first member runs. What they import from modules that come
    /// later has no value by then, unless it is a function: and what that imports is no different.
    pub(super) fn mark_late_imports(&mut self, session: &mut Session) {
        let order = self.steps.iter().enumerate().map(|(at, step)| (step.module, at));
        let order: FxHashMap<ModuleId, usize> = order.collect();
        // What waits may be in the middle of it by then, although its turn was earlier.
        let waiting = self.steps.iter().filter(|step| step.is_async).map(|step| step.module);
        let waiting: FxHashSet<ModuleId> = waiting.collect();
        let mut work = self.cycle_members();
        let mut begun: FxHashMap<ModuleId, usize> = FxHashMap::default();
        while let Some((id, from)) = work.pop() {
            if begun.get(&id).is_some_and(|&known| known <= from) {
                continue;
            }
            begun.insert(id, from);
            for (slot, import) in self.linked.get_mut(&id).into_iter().flatten().enumerate() {
                for target in modules_of(&import.target) {
                    let comes_later = order.get(&target).is_some_and(|&at| at > from)
                        || waiting.contains(&target);
                    if !comes_later || session.graph.same_cycle(id, target) {
                        continue;
                    }
                    if session.graph.is_external(target) {
                        self.linked_early.insert(target);
                    } else if is_callable(session, &import.target) {
                        work.push((target, from));
                    }
                    if is_namespace(&import.target) {
                        if let Some(node) = session.node_mut(target) {
                            node.early_namespace = true;
                            self.opened.insert(target);
                        }
                        continue;
                    }
                    let is_copied = is_hoisted(session, &import.target);
                    if !import.live && !is_copied {
                        import.live = true;
                        self.late.insert((id, slot));
                    }
                    if !session.graph.is_external(target) {
                        self.opened.insert(target);
                    }
                }
            }
        }
    }

    /// Per import of a module: whether it is read late.
    pub(super) fn late(&self, id: ModuleId) -> Vec<bool> {
        let count = self.linked.get(&id).map_or(0, Vec::len);
        if self.late.is_empty() {
            return Vec::new();
        }
        (0..count).map(|slot| self.late.contains(&(id, slot))).collect()
    }

    /// Members of cycles, each with the step with which its cycle begins. One that imports itself only has no others.
    fn cycle_members(&self) -> Vec<(ModuleId, usize)> {
        let mut first: FxHashMap<u32, (usize, bool)> = FxHashMap::default();
        for (at, step) in self.steps.iter().enumerate() {
            let Some(cycle) = step.cycle else { continue };
            first.entry(cycle).and_modify(|(_, others)| *others = true).or_insert((at, false));
        }
        let members = self.steps.iter().filter_map(|step| {
            let (at, others) = first[&step.cycle?];
            others.then_some((step.module, at))
        });
        members.collect()
    }

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
        read.extend(&self.opened);
        let seen =
            |step: &&hmr_graph::Step| step.cycle.is_some() || self.opened.contains(&step.module);
        for step in self.steps.iter().filter(seen) {
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

/// Modules on which the value of an import depends.
fn modules_of(resolution: &Resolution) -> Vec<ModuleId> {
    match resolution {
        Resolution::Binding { module, .. } | Resolution::Namespace(module) => vec![*module],
        Resolution::External(external) => vec![external.module],
        Resolution::ExternalStars(stars) => stars.iter().map(|star| star.module).collect(),
        Resolution::NotFound | Resolution::Ambiguous => Vec::new(),
    }
}

fn is_namespace(resolution: &Resolution) -> bool {
    matches!(resolution, Resolution::Namespace(_))
}

/// Whether a binding is a function that exists before its module runs.
pub(super) fn is_hoisted(session: &Session, resolution: &Resolution) -> bool {
    session.exported(resolution).is_some_and(|export| export.hoisted)
}

/// Whether code of the module may run through what is imported before the module does.
fn is_callable(session: &Session, resolution: &Resolution) -> bool {
    is_namespace(resolution) || is_hoisted(session, resolution)
}

/// The module that has a binding.
pub(super) fn defined_in(resolution: &Resolution) -> Option<ModuleId> {
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
