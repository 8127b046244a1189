//! Imports bound, and errors as Node words them.

use hmr_graph::LinkErrorKind;

use crate::notation::{expect, graph, join, show, show_externals};

/// `expected`: for each module of the graph that imports, `id: target …`; `!` marks live imports,
/// `/` precedes rivals. For failures, `importer->target name kind …`.
fn check(text: &str, expected: &str) {
    let graph = graph(text);
    let ids: Vec<_> = graph.modules().map(|(id, _)| id).collect();
    let found = match graph.link(&ids).result() {
        Ok(modules) => join(modules.iter().filter(|it| !it.1.is_empty()).map(|(id, imports)| {
            let imports = imports.iter().map(|it| {
                let live = if it.live { "!" } else { "" };
                let slash = if it.rivals.is_empty() { "" } else { "/" };
                format!("{}{live}{slash}{}", show(&it.target), show_externals(&it.rivals))
            });
            format!("{id}: {}", join(imports))
        })),
        Err(errors) => join(errors.iter().map(|error| {
            let request = graph.get(error.importer).unwrap().requests[error.request as usize];
            let kind = match error.kind {
                LinkErrorKind::Missing => "missing",
                LinkErrorKind::Ambiguous => "ambiguous",
                LinkErrorKind::Circular => "circular",
            };
            format!("{}->{} {} {kind}", error.importer, request.target, error.name)
        })),
    };
    expect(text, "link", found, expected.to_owned());
}

#[test]
fn bindings() {
    check("0: +a +default; 1: **@0; 2: a@1 default@0 *@1", "2: 0.a 0.default *1");
    check("0: ext; 1: **@0 x=y@0; 2: a@0 *@0 x@1 z@1", "2: 0?a *0 0?y 0?z");
    check("0: ext; 1: +a; 2: **@0 **@1; 3: a@2", "3: 1.a/0?a");
}

#[test]
fn live() {
    check("0: +a +v! +f()! ; 1: a@0 v@0 f@0", "1: 0.a 0.v! 0.f!");
    check("0: +a +f() b@1; 1: +b a@0 f@0", "0: 1.b! 1: 0.a! 0.f");
    // Through a re-export outside of the circle, and from outside of it.
    check("0: +a 1; 1: a@2 +b; 2: a=a@0; 3: a@0 a@2", "1: 0.a! 3: 0.a 0.a");
    check("0: +a +f() a@0 f@0", "0: 0.a! 0.f");
    check("0: +a ~1; 1: a@0", "1: 0.a");
    check("0: open +v! +c x=v@0; 1: **@0; 2: v@0 c@0 v@1 x@1", "2: 0?v! 0?c 0?v! 0?x!");
}

#[test]
fn errors() {
    check("0: +a; 1: b@0 a@0 c@0", "1->0 b missing 1->0 c missing");
    check("0: +a; 1: default@2; 2: **@0", "1->2 default missing");
    check("0: +a; 1: +a; 2: **@0 **@1; 3: a@2 *@2", "3->2 a ambiguous");
    check("0: +a; 1: +a; 2: **@0 **@1; 3: x=a@2", "3->2 a ambiguous");
    check("0: a@9", "0->9 a missing");
    // Node 20 to 26 report imports before re-exports.
    check("0: +a; 1: x=nope@0 gone@0", "1->0 gone missing 1->0 nope missing");
}

#[test]
fn errors_name_the_last_re_export() {
    check("0: ; 1: x=y@0; 2: z=x@1; 3: z@2", "1->0 y missing");
    check("0: y=y@1; 1: y=y@0", "1->0 y circular 0->1 y circular");
    check("0: y=y@0; 1: y@0", "0->0 y circular");
    check("0: **@0; 1: y@0", "1->0 y missing");
}

#[test]
fn errors_in_the_order_of_v8() {
    // The imports of a module are sorted by their local names, `local_` and the name.
    check("0: +a; 1: z@0 y@0 B@0", "1->0 B missing 1->0 y missing 1->0 z missing");
    check("0: open +a n=n@1; 1: open; 2: b@0; 3: n@0", "2->0 b missing 0->1 n missing");
    check("0: open +a; 1: +a; 2: **@0 **@1; 3: a@2", "3->2 a ambiguous");
}

/// `expected`: `importer->request name=external …`, what external modules must have.
fn check_externals(text: &str, expected: &str) {
    let graph = graph(text);
    let ids: Vec<_> = graph.modules().map(|(id, _)| id).collect();
    let externals = graph.link(&ids).externals;
    let found = join(externals.iter().map(|it| {
        let request = graph.get(it.importer).unwrap().requests[it.request as usize];
        let all: Vec<_> = std::iter::once(&it.external).chain(&it.others).cloned().collect();
        let external = show_externals(&all);
        format!("{}->{} {}={external}", it.importer, request.target, it.name)
    }));
    expect(text, "externals", found, expected.to_owned());
}

#[test]
fn names_of_externals() {
    check_externals("0: ext; 1: b@0 a@0 *@0 n=c@0", "1->0 a=0?a 1->0 b=0?b 1->0 c=0?c");
    check_externals("0: ext; 1: **@0; 2: a@1", "2->1 a=0?a");
    check_externals("0: ext; 1: ext; 2: **@0 **@1; 3: a@2", "3->2 a=0?a|1?a");
    // Up to the first error.
    check_externals("0: ext; 1: +x; 2: c@0 b@1 a@0; 3: d@0", "2->0 a=0?a");
}
