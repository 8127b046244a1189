//! Update plans.

use hmr_graph::{Plan, Update};

use crate::notation::{expect, graph, ids, join};
use crate::order::show_order;

/// What changed, and for whom: `changed / entries / roots / stale`, each a list of ids.
fn plan(text: &str, asked: &str) -> Plan {
    let mut parts = asked.split('/').map(ids);
    let mut part = || parts.next().unwrap_or_default();
    let (changed, entries, roots, stale) = (part(), part(), part(), part());
    let update = Update { changed: &changed, entries: &entries, roots: &roots, leaving: &[] };
    graph(text).plan_update(update, |id| stale.contains(&id))
}

/// `evaluate | rebind | boundaries | restart | dynamic`; a boundary is `module<accepted via chain`.
fn show(plan: &Plan) -> String {
    let chain = |ids: &[u32]| ids.iter().map(u32::to_string).collect::<Vec<_>>().join(">");
    let boundaries = plan.boundaries.iter();
    let boundaries =
        boundaries.map(|it| format!("{}<{} via {}", it.module, it.accepted, chain(&it.via)));
    [
        show_order(&plan.evaluate),
        join(&plan.rebind),
        boundaries.collect::<Vec<_>>().join(", "),
        plan.restart.as_deref().map(chain).unwrap_or_default(),
        join(&plan.dynamic),
    ]
    .join(" | ")
}

fn check(text: &str, asked: &str, expected: &str) {
    expect(text, asked, show(&plan(text, asked)), expected.to_owned());
}

#[test]
fn entries() {
    // A diamond, and a sibling that stays.
    let text = "0: 1; 1: 2 3 5; 2: 4; 3: 4; 4: ; 5: 6; 6: ";
    check(text, "4/1", "4 2 3 1 |  | 1<1 via 4>2>1 |  | ");
    check(text, "5/1", "5 1 |  | 1<1 via 5>1 |  | ");
    check(text, "1/1", "1 |  | 1<1 via 1 |  | ");
    check(text, "4 6/1", "4 2 3 6 5 1 |  | 1<1 via 4>2>1 |  | ");
    // Not below the entry.
    check(text, "0/1", " |  |  | 0 | ");
    check(text, "7/1", " |  |  |  | ");
}

#[test]
fn several_entries() {
    let text = "0: 1 2; 1: 3; 2: 3 4; 3: ; 4: ";
    check(text, "3/1 2", "3 1 2 |  | 1<1 via 3>1, 2<2 via 3>2 |  | ");
    check(text, "4/1 2", "4 2 |  | 2<2 via 4>2 |  | ");
    // An entry above another one, by way of a module that is no entry.
    let text = "0: 1; 1: 2 ; 2: 3; 3: 4; 4: ; 5: 3";
    check(text, "4/3 1", "4 3 2 1 |  | 3<3 via 4>3, 1<1 via 4>3>2>1 |  | ");
    check(text, "4/3", "4 3 |  | 3<3 via 4>3 |  | ");
    // Only the part of it that no entry accepts needs a restart.
    check("0: 1 2; 1: 2; 2: ", "2/1", "2 1 |  | 1<1 via 2>1 | 2>0 | ");
}

#[test]
fn dynamic_requests() {
    let text = "0: 1; 1: ~2; 2: 3; 3: ";
    check(text, "3/0", "1 0 |  | 0<0 via 3>2>1>0 |  | 2 3");
    check(text, "3/2", "3 2 |  | 2<2 via 3>2 |  | ");
    // Reached both ways: then it is evaluated with the rest.
    check("0: 1 3; 1: ~2; 2: 3; 3: ", "3/0", "1 3 0 |  | 0<0 via 3>0 |  | 2");
    check("0: 1; 1: 2 ~2; 2: ", "2/0", "2 1 0 |  | 0<0 via 2>1>0 |  | ");
}

#[test]
fn circles() {
    check("0: 1; 1: 2; 2: 1 3; 3: ", "3/0", "3 2#0 1#0 0 |  | 0<0 via 3>2>1>0 |  | ");
    check("0: 1; 1: 2; 2: 1 3; 3: ", "1/0", "2#0 1#0 0 |  | 0<0 via 1>0 |  | ");
    check("0: 1; 1: 0", "1/0", "1#0 0#0 |  | 0<0 via 1>0 |  | ");
    // Nothing leads out of the circle at the top, so nobody accepts.
    check("0: 1; 1: 0 2; 2: ", "2", " |  |  | 2>1>0 | ");
    check("0: 1; 1: 0 2; 2: ; 3: 2 accept", "2", "2 3 |  | 3<3 via 2>3 | 2>1>0 | ");
}

#[test]
fn stale_modules_are_evaluated_when_reached() {
    let text = "0: 1 4; 1: 2; 2: 3 ext; 3: ; 4: 5; 5: ";
    check(text, "1/0//2 3 5", "3 2 1 0 |  | 0<0 via 1>0 |  | ");
    check("0: 1 2; 1: ; 2: tla", "0/0//2", "2* 0*(2) |  | 0<0 via 0 |  | ");
}

#[test]
fn externals_stay() {
    check("0: 1; 1: ext 2; 2: ", "2/0", "2 0 |  | 0<0 via 2>1>0 |  | ");
    check("0: 1; 1: ext", "1/0", "1 0 |  | 0<0 via 1>0 |  | ");
    check("0: ext 1; 1: ", "1", " |  |  | 1>0 | ");
}

#[test]
fn accepting() {
    check("0: 1; 1: 2 accept; 2: ", "2", "2 1 |  | 1<1 via 2>1 |  | ");
    check("0: 1; 1: 2 accept:2; 2: 3; 3: ", "3", "3 2 |  | 1<2 via 3>2>1 |  | ");
    check("0: 1; 1: 2 accept:2; 2: ", "1", " |  |  | 1>0 | ");
    check("0: 1; 1: 2 decline; 2: ", "2/0", " |  |  | 2>1 | ");
    check("0: 1; 1: 2 ~2 accept:2; 2: ", "2", "2 |  | 1<2 via 2>1 |  | ");
    // Evaluated for another reason: its former instance is not called back.
    check("0: 1; 1: 2 3 accept:2; 2: ; 3: ", "2 3/0", "2 3 1 0 |  | 0<0 via 3>1>0 |  | ");
    // A self-accepting module hides the change from an entry above.
    check("0: 1; 1: 2 accept; 2: ", "2/0", "2 1 |  | 1<1 via 2>1 |  | ");
    // One importer accepts, the other does not.
    check("0: 1 2; 1: 3 accept; 2: 3; 3: ", "3", "3 1 |  | 1<1 via 3>1 | 3>2>0 | ");
}

#[test]
fn accepting_exports() {
    // Every importer takes what is accepted.
    check("0: a@1; 1: +a +b accept+a", "1", "1 | 0 | 1<1 via 1 |  | ");
    check("0: a@1; 1: a@2 accept; 2: +a +b accept+a accept+b", "2", "2 | 1 | 2<2 via 2 |  | ");
    // One of them takes more, or cannot be seen to take less.
    check("0: a@1 b@1; 1: +a +b accept+a", "1", "1 | 0 | 1<1 via 1 | 1>0 | ");
    check("0: *@1; 1: +a accept+a", "1", "1 | 0 | 1<1 via 1 | 1>0 | ");
    check("0: **@1; 1: +a accept+a", "1", "1 | 0 | 1<1 via 1 | 1>0 | ");
    check("0: ~1; 1: +a accept+a", "1", "1 |  | 1<1 via 1 | 1>0 | ");
    // For its effects only.
    check("0: 1; 1: +a accept+a", "1", "1 |  | 1<1 via 1 |  | ");
}

#[test]
fn roots() {
    // The main module, although something imports it.
    check("0: 1; 1: 2 accept; 2: 0", "0//0", "0#0 2#0 1#0 |  | 1<1 via 0>2>1 | 0 | ");
    check("0: 1; 1: 2 accept; 2: 0", "0", "0#0 2#0 1#0 |  | 1<1 via 0>2>1 |  | ");
}
