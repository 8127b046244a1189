//! The order of `InnerModuleEvaluation`, its cycles, and who waits for whom.

use hmr_graph::Order;

use crate::notation::{expect, graph, ids, join};

/// `3` plain, `3#0` in cycle 0, `3*` asynchronous, `3*(1,2)` after 1 and 2 have finished.
pub fn show_order(order: &Order) -> String {
    join(order.steps.iter().map(|step| {
        let cycle = step.cycle.map(|cycle| format!("#{cycle}")).unwrap_or_default();
        let star = if step.is_async { "*" } else { "" };
        let waits: Vec<_> = step.waits_for.iter().map(u32::to_string).collect();
        let waits = if waits.is_empty() { String::new() } else { format!("({})", waits.join(",")) };
        format!("{}{cycle}{star}{waits}", step.module)
    }))
}

fn check(text: &str, already: &str, expected: &str) {
    let already = ids(already);
    let order = graph(text).evaluation_order(0, |id| already.contains(&id));
    expect(text, ("already", already), show_order(&order), expected.to_owned());
    assert_eq!(order.is_async, order.steps.iter().any(|step| step.is_async));
}

#[test]
fn post_order_in_request_order() {
    check("0: 1 2; 1: ; 2: ", "", "1 2 0");
    check("0: 2 1; 1: ; 2: ", "", "2 1 0");
    check("0: 1 2; 1: 3; 2: 3; 3: ", "", "3 1 2 0");
    check("0: 1 2; 1: 2; 2: 3; 3: ", "", "3 2 1 0");
    check("0: ~1 2; 1: ; 2: ~1", "", "2 0");
    check("0: 1 9; 1: ext 2; 2: ", "", "2 1 0");
    check("0: 1 2; 1: 3; 2: 3; 3: ", "3", "1 2 0");
    check("0: 1 2; 1: 3; 2: ; 3: ", "1", "2 0");
    check("0: 1; 1: ", "0", "");
}

#[test]
fn cycles() {
    check("0: 0", "", "0#0");
    check("0: 1; 1: 0", "", "1#0 0#0");
    check("0: 1; 1: 2; 2: 1 3; 3: ", "", "3 2#0 1#0 0");
    check("0: 1 3; 1: 2; 2: 1; 3: 4; 4: 3 1", "", "2#0 1#0 4#1 3#1 0");
    check("0: 1 2; 1: 3; 2: 3; 3: 2", "", "2#0 3#0 1 0");
    check("0: 1 2; 1: 0; 2: 0 1", "", "1#0 2#0 0#0");
    check("0: 1; 1: ~0 2; 2: 1", "2", "1 0");
}

#[test]
fn top_level_await() {
    check("0: 1 2; 1: tla; 2: ", "", "1* 2 0*(1)");
    check("0: 1 2; 1: tla; 2: tla", "", "1* 2* 0*(1,2)");
    check("0: 1 2; 1: 3; 2: 3; 3: tla; ", "", "3* 1*(3) 2*(3) 0*(1,2)");
    check("0: tla 1; 1: ", "", "1 0*");
    check("0: 1; 1: tla", "1", "0");
    check("0: ~1; 1: tla", "", "0");
}

#[test]
fn top_level_await_in_cycles() {
    // 2 runs before its cyclic dependency 1 is asynchronous, so that it does not wait for it.
    check("0: 1; 1: tla 2; 2: 1", "", "2#0 1#0* 0*(1)");
    check("0: 1; 1: 2; 2: tla 1", "", "2#0* 1#0*(2) 0*(1)");
    check("0: 1; 1: 2 3; 2: tla 1; 3: 2", "", "2#0* 3#0*(2) 1#0*(2,3) 0*(1)");
    // From outside one waits for the cycle's root, whichever member one imports.
    check("0: 1 3; 1: 2; 2: tla 1; 3: 2", "", "2#0* 1#0*(2) 3*(1) 0*(1,3)");
}
