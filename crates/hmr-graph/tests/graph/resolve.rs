//! Every rule of `ResolveExport`.

use crate::notation::{expect, graph, show};

/// Each case: the graph, then `module.name -> resolution` pairs.
fn check(text: &str, cases: &[(u32, &str, &str)]) {
    let graph = graph(text);
    for &(module, name, expected) in cases {
        let found = show(&graph.resolve_export(module, name));
        expect(text, (module, name), found, expected.to_owned());
    }
}

#[test]
fn local_and_indirect() {
    check(
        "0: +a +b=v +default=*default*; 1: x=a@0 ns=*@0 gone=gone@0 default=default@0; 2: y=x@1 n=ns@1",
        &[
            (0, "a", "0.a"),
            (0, "b", "0.b"),
            (0, "v", "none"),
            (0, "default", "0.default"),
            (1, "x", "0.a"),
            (1, "a", "none"),
            (1, "ns", "*0"),
            (1, "gone", "none"),
            (1, "default", "0.default"),
            (2, "y", "0.a"),
            (2, "n", "*0"),
            (9, "a", "none"),
        ],
    );
}

#[test]
fn names_may_be_any_string() {
    check(
        "0: +not-an-identifier +🙂 +__proto__; 1: **@0 'x'=🙂@0",
        &[
            (1, "not-an-identifier", "0.not-an-identifier"),
            (1, "🙂", "0.🙂"),
            (1, "__proto__", "0.__proto__"),
            (1, "'x'", "0.🙂"),
            (1, "", "none"),
        ],
    );
}

#[test]
fn stars() {
    let text = "0: +a +default; 1: +b; 2: **@0 **@1; 3: **@2 +b";
    check(
        text,
        &[
            (2, "a", "0.a"),
            (2, "b", "1.b"),
            (2, "default", "none"),
            (3, "a", "0.a"),
            (3, "b", "3.b"),
        ],
    );
    // A default export that a module names itself does pass through stars under another name.
    check("0: +default; 1: d=default@0; 2: **@1", &[(2, "d", "0.default"), (2, "default", "none")]);
}

#[test]
fn ambiguity() {
    check(
        "0: +a; 1: +a; 2: **@0 **@1; 3: **@2; 4: x=a@2; 5: **@2 +a; 6: **@2 **@5",
        &[
            (2, "a", "ambiguous"),
            (3, "a", "ambiguous"),
            (4, "x", "ambiguous"),
            (5, "a", "5.a"),
            (6, "a", "ambiguous"),
        ],
    );
    // The same binding on both ways, by star, by name, renamed twice, and under two exported names.
    check(
        "0: +a +b=a +c; 1: **@0; 2: a=a@0; 3: a=b@0; 4: a=c@0; 5: **@1 **@2 **@0; 6: **@1 **@3; 7: **@1 **@4",
        &[(5, "a", "0.a"), (6, "a", "0.a"), (7, "a", "ambiguous")],
    );
    // Namespaces of one module are one binding, and differ from any other binding of it.
    check(
        "0: +a; 1: n=*@0; 2: n=*@0; 3: n=*@1; 4: n=a@0; 5: **@1 **@2; 6: **@1 **@3; 7: **@1 **@4",
        &[(5, "n", "*0"), (6, "n", "ambiguous"), (7, "n", "ambiguous")],
    );
}

#[test]
fn circles() {
    check("0: x=x@0", &[(0, "x", "none")]);
    check("0: x=y@1; 1: y=x@0", &[(0, "x", "none"), (1, "y", "none"), (1, "x", "none")]);
    check("0: **@0 +a", &[(0, "a", "0.a"), (0, "b", "none")]);
    check(
        "0: **@1 +a; 1: **@2 +b; 2: **@0 +c",
        &[(0, "a", "0.a"), (0, "b", "1.b"), (0, "c", "2.c"), (2, "b", "1.b"), (1, "d", "none")],
    );
    // Two ways round a circle of stars, to different bindings.
    check(
        "0: **@1 **@2; 1: **@0 **@3; 2: **@0 **@4; 3: +x; 4: +x",
        &[(0, "x", "ambiguous"), (1, "x", "ambiguous"), (2, "x", "ambiguous")],
    );
    // Going round and renaming: 0.a is 1.b is 0.c, which exists.
    check("0: a=b@1 +c; 1: b=c@0", &[(0, "a", "0.c"), (1, "b", "0.c")]);
}

#[test]
fn externals() {
    check(
        "0: ext; 1: x=a@0 ns=*@0; 2: **@0 +h; 3: **@2; 4: ext; 5: **@0 **@4; 6: **@1 **@2",
        &[
            (0, "a", "0?a"),
            (1, "x", "0?a"),
            (1, "ns", "*0"),
            (2, "h", "2.h"),
            (2, "a", "0?a"),
            (2, "default", "none"),
            (3, "a", "0?a"),
            (3, "h", "2.h"),
            (5, "a", "stars 0?a|4?a"),
            (6, "x", "0?a"),
            (6, "h", "2.h"),
        ],
    );
    // A re-export on the way renames.
    check("0: ext; 1: **@0; 2: x=y@1; 3: **@2 **@0", &[(3, "x", "stars 0?y|0?x")]);
}

#[test]
fn transparent_modules() {
    // Read from the first one on the way, by the name asked for there.
    let text = "0: open +a +b=a n=*@0; 1: open **@0 x=a@0; 2: open +a +c y=x@1 **@1; \
        3: **@2; 4: **@1 **@2; 5: z=y@2";
    check(
        text,
        &[
            (0, "a", "0?a"),
            (1, "x", "1?x"),
            (2, "y", "2?y"),
            (2, "b", "2?b"),
            (2, "gone", "none"),
            (3, "b", "2?b"),
            (3, "n", "2?n"),
            (3, "gone", "none"),
            (4, "b", "1?b"),
            (4, "a", "ambiguous"),
            (4, "c", "2?c"),
            (5, "z", "2?y"),
        ],
    );
    // What is opaque below is asked for at the first one, too, and hot ones compete with all.
    let text =
        "0: ext; 1: open **@0 d=default@0; 2: **@1 +a; 3: open +a; 4: **@3 **@2; 5: **@1 **@0";
    check(
        text,
        &[
            (1, "q", "1?q"),
            (2, "q", "1?q"),
            (2, "d", "1?d"),
            (4, "a", "ambiguous"),
            (5, "q", "1?q"),
        ],
    );
    // A circle among them.
    check("0: open **@1 +a; 1: open **@0 +b; 2: **@1 c=a@0", &[(2, "a", "1?a"), (2, "c", "0?a")]);
}
