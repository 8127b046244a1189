//! Linking and planning in generated graphs. An update must cost what it changes, whatever else there is.
//!
//! The functions named `measured_…` are what `cargo xtask instructions` counts.

use std::hint::black_box;
use std::sync::Arc;

use divan::Bencher;
use hmr_graph::{
    Accept, Graph, Import, ImportName, Linking, LocalExport, Module, ModuleId, Plan, Request,
    RequestKind, Update,
};

const SIZES: [u32; 3] = [100, 1000, 5000];
/// Importers between the changed module and the one that accepts.
const CHAIN: u32 = 7;

fn main() {
    divan::main();
}

/// A module with exports as a service has them, which imports `value` from each of `targets`.
fn module(targets: &[ModuleId]) -> Module {
    let export = |name: &str| LocalExport {
        name: name.into(),
        local: name.into(),
        hoisted: name.starts_with("fold"),
        mutated_unseen: false,
        namespace: None,
    };
    let import = |(request, target): (usize, &ModuleId)| Import {
        request: u32::try_from(request).expect("few requests"),
        name: ImportName::Name(Arc::from("value")),
        local: format!("value{target}").into(),
    };
    let request = |target: &ModuleId| Request { target: *target, kind: RequestKind::Static };
    Module {
        requests: targets.iter().map(request).collect(),
        imports: targets.iter().enumerate().map(import).collect(),
        local_exports: ["value", "service", "fold1", "fold2", "Service"].map(export).into(),
        ..Module::default()
    }
}

/// A tree of `count` modules, and a chain beside it: its first module imports the tree, accepts itself and is the entry;
/// the last one is the leaf that changes. Both ids are returned.
fn graph(count: u32) -> (Graph, ModuleId, ModuleId) {
    let mut graph = Graph::new();
    for id in 0..count {
        let children = [id * 3 + 1, id * 3 + 2, id * 3 + 3, id * 4 + 9];
        let targets: Vec<_> = children.into_iter().filter(|child| *child < count).collect();
        graph.insert(id, module(&targets));
    }
    let (boundary, leaf) = (count, count + CHAIN + 1);
    for id in boundary..=leaf {
        let below = (id < leaf).then_some(id + 1);
        let tree = (id == boundary).then_some(0);
        graph.insert(id, module(&below.into_iter().chain(tree).collect::<Vec<_>>()));
    }
    graph.set_accept(boundary, Accept { self_accepting: true, ..Accept::default() });
    (graph, boundary, leaf)
}

#[inline(never)]
fn measured_plan(graph: &Graph, changed: &[ModuleId], entry: ModuleId) -> Plan {
    let update = Update { changed, entries: &[entry], leaving: &[], roots: &[] };
    graph.plan_update(update, |_| false)
}

#[inline(never)]
fn measured_link(graph: &Graph, ids: &[ModuleId]) -> Linking {
    graph.link(ids)
}

#[inline(never)]
fn measured_update(graph: &mut Graph, entry: ModuleId, changed: ModuleId) -> Linking {
    graph.replace(changed, module(&[]));
    let plan = measured_plan(graph, &[changed], entry);
    measured_link(graph, &plan.evaluate.modules().collect::<Vec<_>>())
}

/// One changed leaf, seven importers below what accepts.
#[divan::bench(args = SIZES)]
fn plan(bencher: Bencher, count: u32) {
    let (graph, boundary, leaf) = graph(count);
    bencher.bench_local(|| measured_plan(black_box(&graph), black_box(&[leaf]), boundary));
}

/// A whole update: the leaf's record is replaced by its new one, which imports the same; then plan and links.
#[divan::bench(args = SIZES)]
fn update(bencher: Bencher, count: u32) {
    let (mut graph, boundary, leaf) = graph(count);
    // Cycles are known since the start.
    black_box(graph.in_cycle(boundary));
    bencher.bench_local(|| measured_update(black_box(&mut graph), boundary, leaf));
}

/// Links everything, as at start.
#[divan::bench(args = SIZES)]
fn link_all(bencher: Bencher, count: u32) {
    let (graph, _, leaf) = graph(count);
    let ids: Vec<_> = (0..=leaf).collect();
    bencher.bench_local(|| measured_link(black_box(&graph), black_box(&ids)));
}
