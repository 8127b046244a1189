//! Depth costs no stack, and width no squares.

use hmr_graph::*;

use crate::notation::{graph, module, show};

#[test]
fn deep_chains() {
    const DEPTH: u32 = 100_000;
    let mut graph = Graph::new();
    for id in 0..DEPTH {
        let next = id + 1;
        graph.insert(id, module(&format!("x=x@{next} **@{next}")));
    }
    graph.insert(DEPTH, module("+x +y"));
    assert_eq!(show(&graph.resolve_export(0, "x")), format!("{DEPTH}.x"));
    assert_eq!(show(&graph.resolve_export(0, "y")), format!("{DEPTH}.y"));
    assert_eq!(graph.exported_names(0).names.len(), 2);
    let ids: Vec<_> = (0..=DEPTH).collect();
    assert_eq!(graph.link(&ids).result().unwrap().len(), ids.len());
    let order = graph.evaluation_order(0, |_| false);
    assert!(order.modules().eq((0..=DEPTH).rev()));
    let update = Update { changed: &[DEPTH], entries: &[0], roots: &[], leaving: &[] };
    let plan = graph.plan_update(update, |_| false);
    assert_eq!(plan.evaluate.steps.len(), ids.len());
    // Closing the chain to a circle makes one cycle of it all.
    graph.replace(DEPTH, module("0 +x +y"));
    let order = graph.evaluation_order(0, |_| false);
    assert!(order.steps.iter().all(|step| step.cycle == Some(0)));
    assert!(graph.same_cycle(0, DEPTH));
}

#[test]
fn deep_circle_of_re_exports() {
    const DEPTH: u32 = 10_000;
    let mut graph = Graph::new();
    for id in 0..DEPTH {
        let next = (id + 1) % DEPTH;
        graph.insert(id, module(&format!("x=x@{next}")));
    }
    assert_eq!(show(&graph.resolve_export(0, "x")), "none");
}

#[test]
fn wide_barrel() {
    const WIDTH: u32 = 1_000;
    let mut graph = Graph::new();
    let barrel: String = (1..=WIDTH).map(|id| format!(" **@{id}")).collect();
    graph.insert(0, module(&barrel));
    for id in 1..=WIDTH {
        graph.insert(id, module(&format!("+n{id} +same=n{id} +default")));
        graph.insert(WIDTH + id, module(&format!("n{id}@0")));
    }
    let importers: Vec<_> = (WIDTH + 1..=2 * WIDTH).collect();
    for (id, imports) in graph.link(&importers).result().unwrap() {
        let leaf = id - WIDTH;
        assert_eq!(show(&imports[0].target), format!("{leaf}.n{leaf}"));
    }
    let exported = graph.exported_names(0);
    assert_eq!((exported.names.len() as u32, exported.excluded.len()), (WIDTH, 1));
}

#[test]
fn wide_barrel_with_externals() {
    let leaves: String = (1..20).map(|id| format!("{id}: +n{id};")).collect();
    let stars: String = (1..24).map(|id| format!(" **@{id}")).collect();
    // 20 is external; 21 has n21 and hides the external 24 behind it; 22 and 23 both export `two`.
    let importer: String = (1..22).map(|id| format!(" n{id}@0")).collect();
    let text = format!(
        "0:{stars}; {leaves} 20: ext; 21: +n21 **@24; 22: +two; 23: +two; 24: ext; 25:{importer} n1@0 zz@0; 26: two@0",
    );
    let graph = graph(&text);
    let linked = graph.link(&[25]).result().unwrap().remove(0).1;
    for import in &linked {
        let alone = match &import.target {
            Resolution::Binding { name, .. } => graph.resolve_export(0, name),
            Resolution::External(name) => graph.resolve_export(0, &name.name),
            Resolution::ExternalStars(names) => graph.resolve_export(0, &names[0].name),
            other => panic!("{other:?}"),
        };
        let rivals: Vec<_> = import.rivals.iter().map(|rival| rival.module).collect();
        match &import.target {
            Resolution::Binding { module: 21, .. } => assert_eq!(rivals, [20]),
            Resolution::Binding { .. } => assert_eq!(rivals, [20, 24]),
            _ => assert!(rivals.is_empty()),
        }
        assert_eq!(alone, import.target);
    }
    assert_eq!(graph.link(&[26]).result().unwrap_err()[0].kind, LinkErrorKind::Ambiguous);
}
