//! Keys of namespace objects.

use crate::notation::{expect, graph, join, show, show_externals};

fn check(text: &str, module: u32, names: &str, external_stars: &str, excluded: &str) {
    let exported = graph(text).exported_names(module);
    let found = join(exported.names.iter().map(|it| match &it.rivals[..] {
        [] => format!("{}:{}", it.name, show(&it.resolution)),
        rivals => format!("{}:{}/{}", it.name, show(&it.resolution), show_externals(rivals)),
    }));
    expect(text, module, found, names.to_owned());
    expect(text, module, join(exported.external_stars), external_stars.to_owned());
    expect(text, module, join(exported.excluded), excluded.to_owned());
}

#[test]
fn keys() {
    check("0: +b +default +a", 0, "a:0.a b:0.b default:0.default", "", "");
    check("0: +a +default; 1: **@0 n=*@0 +b", 1, "a:0.a b:1.b n:*0", "", "");
    check("0: +x +y; 1: +x +z; 2: **@0 **@1", 2, "y:0.y z:1.z", "", "x");
    check("0: +x; 1: +x; 2: **@0 **@1; 3: **@2 +x", 3, "x:3.x", "", "");
    check("0: **@1 +a; 1: **@0 +b", 0, "a:0.a b:1.b", "", "");
    check("0: a=a@1; 1: a=a@0; 2: **@0 +b", 2, "b:2.b", "", "a");
}

#[test]
fn external_names_join_later() {
    check("0: ext +known", 0, "", "", "");
    check("0: ext; 1: **@0 +a n=*@0 x=y@0", 1, "a:1.a n:*0 x:0?y", "0", "");
    check("0: ext; 1: +a; 2: **@0 **@1", 2, "a:1.a/0?a", "0", "");
    check("0: ext; 1: x=x@0; 2: ext; 3: **@1 **@2", 3, "x:0?x/2?x", "2", "");
    check("0: ext; 1: +a; 2: +a; 3: **@0 **@1 **@2", 3, "", "0", "a");
}

#[test]
fn transparent_modules_have_known_names() {
    check("0: open +a +default **@1; 1: open +b; 2: **@0 +c", 2, "a:0?a b:0?b c:2.c", "", "");
    check("0: open +a **@1; 1: ext; 2: **@0", 2, "a:0?a", "0", "");
    check("0: open +a; 1: +a; 2: **@0 **@1", 2, "", "", "a");
}

#[test]
fn sorted_by_utf16_code_units() {
    // Code points would put U+FF41 before U+1F642, whose first surrogate is U+D83D.
    check("0: +ａ +🙂 +b +B +_ +é", 0, "B:0.B _:0._ b:0.b é:0.é 🙂:0.🙂 ａ:0.ａ", "", "");
}
