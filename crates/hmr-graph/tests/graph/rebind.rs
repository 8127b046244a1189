//! Which importers outside of an update see it.

use hmr_graph::Update;

use crate::notation::{expect, graph, join};

/// Only module 0 changes, and it accepts itself.
fn check(text: &str, expected: &str) {
    let update = Update { changed: &[0], entries: &[0], roots: &[], leaving: &[] };
    let plan = graph(text).plan_update(update, |_| false);
    expect(text, "evaluate", join(plan.evaluate.modules()), "0".to_owned());
    expect(text, "rebind", join(plan.rebind), expected.to_owned());
}

#[test]
fn importers() {
    check("0: +a; 1: a@0; 2: *@0; 3: 0; 4: ~0", "1 2");
    // A name that is gone: linking has to say so.
    check("0: +a; 1: b@0", "1");
    check("0: ext +a; 1: b@0", "1");
}

#[test]
fn through_re_exports() {
    let barrel = "0: +a; 1: +b; 2: **@0 **@1;";
    check(&format!("{barrel} 3: a@2; 4: b@2; 5: *@2; 6: c@2"), "2 3 5 6");
    check("0: +a; 1: +b; 2: x=a@0 y=b@1; 3: x@2; 4: y@2; 5: z=x@2; 6: z@5; 7: 6", "2 3 5 6");
    // The binding lies elsewhere, but the way there may be new.
    check("0: a=a@1; 1: +a; 2: a@0; 3: **@0; 4: a@3; 5: a@1", "2 3 4");
    check("0: **@1; 1: +a; 2: **@0; 3: a@2", "2 3");
    check("0: +a; 1: **@0; 2: n=*@1; 3: n@2; 4: m=n@2; 5: m@4 ; 6: **@4; 7: m@6", "1 2 3 4 5 6 7");
    check("0: +a 1; 1: **@0; 2: **@1 **@3; 3: **@2 +x; 4: x@2; 5: a@3", "1 2 3 5");
}

#[test]
fn wide_barrels_are_exact() {
    let mut text = String::from("0: +n0\n");
    let stars: String = (0..40).map(|id| format!(" **@{id}")).collect();
    for id in 1..40 {
        text += &format!("{id}: +n{id}\n");
    }
    text += &format!("40:{stars}\n41: **@40 +own\n");
    for id in 0..40 {
        text += &format!("{}: n{id}@41\n{}: n{id}@40\n", 100 + id, 200 + id);
    }
    check(&text, "40 41 100 200");
}

#[test]
fn former_records_are_left_alone() {
    let text = "0: +a; 1: a@0; 2: a@0";
    let update = Update { changed: &[0, 1], entries: &[0], roots: &[], leaving: &[] };
    let plan = graph(text).plan_update(update, |_| false);
    assert_eq!((plan.rebind, plan.restart), (vec![2], Some(vec![1])));
}
