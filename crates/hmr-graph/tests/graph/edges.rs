//! Both directions of the edges are kept in step.

use hmr_graph::{Graph, RequestKind};

use crate::notation::{expect, graph, join, module};

fn importers(graph: &Graph, id: u32) -> String {
    join(graph.importers(id).map(|(id, kind)| match kind {
        RequestKind::Static => id.to_string(),
        RequestKind::Dynamic => format!("~{id}"),
    }))
}

#[test]
fn replace_and_remove() {
    let mut graph = graph("0: 1 2 ~1; 1: 2; 2: 2");
    let mut check = |change: &dyn Fn(&mut Graph), expected: [&str; 4]| {
        change(&mut graph);
        for (id, expected) in (0..).zip(expected) {
            expect(&format!("{graph:#?}"), id, importers(&graph, id), expected.to_owned());
        }
    };
    check(&|_| {}, ["", "0 ~0", "0 1 2", ""]);
    check(&|it| drop(it.replace(0, module("2 3 ~1"))), ["", "~0", "0 1 2", "0"]);
    check(&|it| drop(it.replace(2, module(""))), ["", "~0", "0 1", "0"]);
    check(&|it| assert_eq!(it.remove(1), Some(module("2"))), ["", "~0", "0", "0"]);
    check(&|it| assert_eq!(it.remove(1), None), ["", "~0", "0", "0"]);
    check(&|it| it.insert(1, module("3")), ["", "~0", "0", "0 1"]);
    check(&|it| assert_eq!(it.replace(0, module("1")), Some(module("2 3 ~1"))), ["", "0", "", "1"]);
}

#[test]
fn two_specifiers_of_one_target_are_one_edge() {
    let mut record = module("1");
    record.requests.push(record.requests[0]);
    let mut graph = Graph::new();
    graph.insert(0, record);
    assert_eq!(importers(&graph, 1), "0");
    graph.remove(0);
    assert_eq!(importers(&graph, 1), "");
}

#[test]
fn cycles_follow_changes() {
    let mut graph = graph("0: 1; 1: 2 ~0; 2: 2; 3: 3");
    assert!(!graph.in_cycle(0) && graph.in_cycle(2) && !graph.same_cycle(2, 3));
    graph.replace(1, module("0"));
    assert!(graph.same_cycle(0, 1));
    graph.remove(0);
    assert!(!graph.in_cycle(1));
}

#[test]
fn reachable_and_chain() {
    let text = "0: 1 ~2; 1: 3; 2: 3; 3: ; 4: 3; 5: 6; 6: 5";
    let graph = graph(text);
    let reachable = |entries: &[u32]| {
        let mut found: Vec<_> = graph.reachable(entries).into_iter().collect();
        found.sort_unstable();
        join(found)
    };
    expect(text, "reachable", reachable(&[0]), "0 1 2 3".to_owned());
    expect(text, "reachable", reachable(&[4, 5, 9]), "3 4 5 6".to_owned());
    expect(text, "chain", graph.chain(3, 0), Some(vec![3, 1, 0]));
    expect(text, "chain", graph.chain(2, 0), Some(vec![2, 0]));
    expect(text, "chain", graph.chain(3, 3), Some(vec![3]));
    expect(text, "chain", graph.chain(5, 0), None);
}
