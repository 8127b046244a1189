//! Random small graphs against the standard's algorithms, written down as recursively as they are
//! there.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use hmr_graph::*;

const NAMES: [&str; 4] = ["a", "b", "c", "default"];

/// A linear congruential generator: the same graphs in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) as usize % bound
    }

    fn name(&mut self) -> Arc<str> {
        NAMES[self.below(NAMES.len())].into()
    }

    fn module(&mut self, modules: usize, requests: usize) -> Module {
        let mut module = Module { top_level_await: self.below(4) == 0, ..Module::default() };
        let mut exported = HashSet::new();
        for request in 0..self.below(requests + 1) as u32 {
            let target = self.below(modules) as ModuleId;
            let kind = if self.below(8) == 0 { RequestKind::Dynamic } else { RequestKind::Static };
            module.requests.push(Request { target, kind });
            if kind == RequestKind::Dynamic {
                continue;
            }
            let (name, import) = (self.name(), ImportName::Name(self.name()));
            match self.below(6) {
                0..=2 => module.star_exports.push(request),
                3 if exported.insert(name.clone()) => {
                    module.indirect_exports.push(IndirectExport { name, request, import });
                }
                4 if exported.insert(name.clone()) => {
                    let import = ImportName::Namespace;
                    module.indirect_exports.push(IndirectExport { name, request, import });
                }
                _ => module.imports.push(Import { request, name: import, local: name }),
            }
        }
        let name = self.name();
        if self.below(2) == 0 && exported.insert(name.clone()) {
            let local = name.clone();
            module.local_exports.push(LocalExport {
                name,
                local,
                hoisted: false,
                mutated_unseen: false,
                namespace: None,
            });
        }
        module
    }

    fn graph(&mut self, modules: usize, requests: usize) -> Graph {
        let mut graph = Graph::new();
        for id in 0..modules {
            graph.insert(id as ModuleId, self.module(modules, requests));
        }
        graph
    }
}

type ResolveSet = HashSet<(ModuleId, Arc<str>)>;

/// sec-resolveexport
fn resolve(graph: &Graph, id: ModuleId, name: &Arc<str>, set: &mut ResolveSet) -> Resolution {
    if !set.insert((id, name.clone())) {
        return Resolution::NotFound;
    }
    let module = graph.get(id).unwrap();
    if module.local_exports.iter().any(|export| export.name == *name) {
        return Resolution::Binding { module: id, name: name.clone() };
    }
    let target = |request: u32| module.requests[request as usize].target;
    if let Some(export) = module.indirect_exports.iter().find(|export| export.name == *name) {
        return match &export.import {
            ImportName::Namespace => Resolution::Namespace(target(export.request)),
            ImportName::Name(name) => resolve(graph, target(export.request), name, set),
        };
    }
    if **name == *"default" {
        return Resolution::NotFound;
    }
    let mut star_resolution = Resolution::NotFound;
    for &request in &module.star_exports {
        let resolution = resolve(graph, target(request), name, set);
        if resolution == Resolution::NotFound {
            continue;
        }
        if star_resolution == Resolution::NotFound {
            star_resolution = resolution;
        } else if resolution != star_resolution {
            return Resolution::Ambiguous;
        }
    }
    star_resolution
}

#[derive(Clone, Default)]
struct State {
    ancestor: usize,
    root: Option<ModuleId>,
    is_async: bool,
    waits_for: Vec<ModuleId>,
}

#[derive(Default)]
struct Evaluation {
    states: HashMap<ModuleId, State>,
    stack: Vec<ModuleId>,
    cycles: u32,
    steps: Vec<Step>,
}

impl Evaluation {
    /// sec-innermoduleevaluation
    fn inner(&mut self, graph: &Graph, id: ModuleId) {
        if self.states.contains_key(&id) {
            return;
        }
        let index = self.states.len();
        self.states.insert(id, State { ancestor: index, ..State::default() });
        self.stack.push(id);
        let module = graph.get(id).unwrap();
        let is_static = |request: &&Request| request.kind == RequestKind::Static;
        for request in module.requests.iter().filter(is_static) {
            self.inner(graph, request.target);
            let mut required = self.states[&request.target].clone();
            let mut awaited = request.target;
            let state = self.states.get_mut(&id).unwrap();
            if let Some(root) = required.root {
                awaited = root;
                required = self.states[&root].clone();
            } else {
                state.ancestor = state.ancestor.min(required.ancestor);
            }
            let state = self.states.get_mut(&id).unwrap();
            if required.is_async && !state.waits_for.contains(&awaited) {
                state.waits_for.push(awaited);
            }
        }
        let state = self.states.get_mut(&id).unwrap();
        state.is_async = module.top_level_await || !state.waits_for.is_empty();
        let (waits_for, is_async) = (state.waits_for.clone(), state.is_async);
        self.steps.push(Step { module: id, cycle: None, is_async, waits_for });
        if self.states[&id].ancestor == index {
            self.close(graph, id);
        }
    }

    fn close(&mut self, graph: &Graph, root: ModuleId) {
        let from = self.stack.iter().position(|&id| id == root).unwrap();
        let members = self.stack.split_off(from);
        let imports_itself = graph.dependencies(root).any(|it| it == (root, RequestKind::Static));
        let is_cycle = members.len() > 1 || imports_itself;
        for id in members {
            self.states.get_mut(&id).unwrap().root = Some(root);
            let step = self.steps.iter_mut().find(|step| step.module == id).unwrap();
            step.cycle = is_cycle.then_some(self.cycles);
        }
        self.cycles += u32::from(is_cycle);
    }
}

#[test]
fn resolutions_and_links() {
    let mut random = Random(1);
    for round in 0..900 {
        let (modules, requests) = [(4, 3), (8, 4), (30, 14)][round % 3];
        let graph = random.graph(modules, requests);
        let ids: Vec<_> = (0..modules as ModuleId).collect();
        let mut expected = Vec::new();
        let mut fails = false;
        for &id in &ids {
            let names = graph.exported_names(id);
            for name in NAMES.map(Arc::from) {
                let resolution = resolve(&graph, id, &name, &mut ResolveSet::new());
                assert_eq!(graph.resolve_export(id, &name), resolution, "{id}.{name} {graph:#?}");
                let named = names.names.iter().find(|it| it.name == name).map(|it| &it.resolution);
                let is_bound = !matches!(resolution, Resolution::NotFound | Resolution::Ambiguous);
                assert_eq!(named, is_bound.then_some(&resolution), "{id}.{name} {graph:#?}");
                let indirect = &graph.get(id).unwrap().indirect_exports;
                fails |= !is_bound && indirect.iter().any(|export| export.name == name);
            }
            let module = graph.get(id).unwrap();
            let bound = module.imports.iter().map(|import| {
                let target = module.requests[import.request as usize].target;
                let ImportName::Name(name) = &import.name else {
                    return Resolution::Namespace(target);
                };
                resolve(&graph, target, name, &mut ResolveSet::new())
            });
            expected.push((id, bound.collect::<Vec<_>>()));
        }
        fails |= expected
            .iter()
            .flat_map(|it| &it.1)
            .any(|it| matches!(it, Resolution::NotFound | Resolution::Ambiguous));
        match graph.link(&ids).result() {
            Err(errors) => assert!(fails && !errors.is_empty(), "{graph:#?}"),
            Ok(linked) => {
                let targets = |it: Vec<LinkedImport>| it.into_iter().map(|it| it.target).collect();
                let found: Vec<_> = linked.into_iter().map(|it| (it.0, targets(it.1))).collect();
                assert!(!fails);
                assert_eq!(found, expected, "{graph:#?}");
            }
        }
    }
}

#[test]
fn orders_and_cycles() {
    let mut random = Random(2);
    for round in 0..3000 {
        let graph = random.graph(2 + round % 12, 1 + round % 4);
        let mut evaluation = Evaluation::default();
        evaluation.inner(&graph, 0);
        let order = graph.evaluation_order(0, |_| false);
        assert_eq!(order.steps, evaluation.steps, "{graph:#?}");
        for a in &order.steps {
            assert_eq!(graph.in_cycle(a.module), a.cycle.is_some(), "{graph:#?}");
            for b in &order.steps {
                let same = a.cycle.is_some() && a.cycle == b.cycle;
                assert_eq!(graph.same_cycle(a.module, b.module), same, "{graph:#?}");
            }
        }
    }
}

#[test]
fn cycles_kept_over_changes() {
    let mut random = Random(4);
    for round in 0..300 {
        let modules = 2 + round % 12;
        let mut graph = random.graph(modules, 2);
        for _ in 0..10 {
            let id = random.below(modules) as ModuleId;
            if random.below(4) == 0 {
                graph.remove(id);
            } else {
                graph.replace(id, random.module(modules, 2));
            }
            let mut anew = Graph::new();
            for (id, module) in graph.modules() {
                anew.insert(id, module.clone());
            }
            for a in 0..modules as ModuleId {
                for b in 0..modules as ModuleId {
                    assert_eq!(graph.same_cycle(a, b), anew.same_cycle(a, b), "{a} {b} {graph:#?}");
                }
            }
        }
    }
}

#[test]
fn plans() {
    let mut random = Random(3);
    for round in 0..3000 {
        let modules = 3 + round % 10;
        let graph = random.graph(modules, 1 + round % 4);
        let (changed, entry) =
            (random.below(modules) as ModuleId, random.below(modules) as ModuleId);
        let plan = graph.plan_update(
            Update { changed: &[changed], entries: &[entry], roots: &[], leaving: &[] },
            |_| false,
        );
        let above = |id| graph.chain(changed, id).is_some();
        let mut between: Vec<_> = (0..modules as ModuleId)
            .filter(|&id| above(id) && graph.chain(id, entry).is_some())
            .collect();
        // Above the entry only where a circle leads back to it, and then the walk had no reason to.
        let evaluated: Vec<_> =
            plan.evaluate.modules().chain(plan.dynamic.iter().copied()).collect();
        between.retain(|id| evaluated.contains(id) || graph.chain(entry, *id).is_none());
        let mut sorted = evaluated.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, between, "{changed} {entry} {graph:#?}");
        assert_eq!(plan.boundaries.len(), usize::from(above(entry)), "{graph:#?}");
    }
}
