//! Graphs as text, one module a line (or between semicolons), `id: item item …`:
//!
//! | item | meaning |
//! |---|---|
//! | `1` `~1` | requests module 1 statically, by `import()` |
//! | `+a` `+a=v` | exports its binding `a`; its binding `v` under the name `a` |
//! | `+f()` `+v!` | a function declaration; a binding that is assigned unseen |
//! | `a@1` `*@1` | imports `a`, the namespace of 1 |
//! | `b=a@1` `b=*@1` | re-exports `a`, the namespace of 1 as `b` |
//! | `**@1` | `export * from` 1 |
//! | `tla` `ext` `open` | has top-level await; is external; is transparent |
//! | `accept` `accept:1` `decline` | what it told `import.meta.hot` |

use std::fmt::Debug;

use hmr_graph::*;

/// Reads a graph.
pub fn graph(text: &str) -> Graph {
    let mut graph = Graph::new();
    for line in text.split(['\n', ';']).map(str::trim).filter(|line| !line.is_empty()) {
        let (id, items) = line.split_once(':').expect("id: items");
        graph.insert(number(id), module(items));
    }
    graph
}

/// Reads the items of one module.
pub fn module(items: &str) -> Module {
    let mut module = Module::default();
    items.split_whitespace().for_each(|item| add(&mut module, item));
    module
}

fn add(module: &mut Module, item: &str) {
    match item {
        "tla" => module.top_level_await = true,
        "ext" => module.kind = Kind::External,
        "open" => module.kind = Kind::Transparent,
        "accept" => module.accept.self_accepting = true,
        "decline" => module.accept.declined = true,
        _ => {
            if let Some(name) = item.strip_prefix("accept+") {
                module.accept.exports.push(name.into());
            } else if let Some(id) = item.strip_prefix("accept:") {
                module.accept.dependencies.push(number(id));
            } else if let Some(export) = item.strip_prefix('+') {
                module.local_exports.push(local_export(export));
            } else if let Some(id) = item.strip_prefix('~') {
                request(module, number(id), RequestKind::Dynamic);
            } else if let Some((names, id)) = item.split_once('@') {
                let request = request(module, number(id), RequestKind::Static);
                add_names(module, names, request);
            } else {
                request(module, number(item), RequestKind::Static);
            }
        }
    }
}

fn local_export(item: &str) -> LocalExport {
    let (item, mutated_unseen) = strip(item, "!");
    let (item, hoisted) = strip(item, "()");
    let (name, local) = item.split_once('=').unwrap_or((item, item));
    LocalExport { name: name.into(), local: local.into(), hoisted, mutated_unseen, namespace: None }
}

fn strip<'a>(item: &'a str, suffix: &str) -> (&'a str, bool) {
    item.strip_suffix(suffix).map_or((item, false), |item| (item, true))
}

fn add_names(module: &mut Module, names: &str, request: u32) {
    if names == "**" {
        module.star_exports.push(request);
    } else if let Some((name, import)) = names.split_once('=') {
        let import = import_name(import);
        module.indirect_exports.push(IndirectExport { name: name.into(), request, import });
    } else {
        let local = format!("local_{names}").into();
        module.imports.push(Import { request, name: import_name(names), local });
    }
}

fn import_name(name: &str) -> ImportName {
    if name == "*" { ImportName::Namespace } else { ImportName::Name(name.into()) }
}

fn request(module: &mut Module, target: ModuleId, kind: RequestKind) -> u32 {
    let request = Request { target, kind };
    let at = module.requests.iter().position(|it| *it == request).unwrap_or_else(|| {
        module.requests.push(request);
        module.requests.len() - 1
    });
    at as u32
}

fn number(text: &str) -> ModuleId {
    text.trim().parse().unwrap_or_else(|_| panic!("not an id: {text:?}"))
}

/// Reads `1 2 3`.
pub fn ids(text: &str) -> Vec<ModuleId> {
    text.split_whitespace().map(number).collect()
}

/// `1.a` binding, `*1` namespace, `1?a` external, `1?a|2?a` external stars.
pub fn show(resolution: &Resolution) -> String {
    match resolution {
        Resolution::Binding { module, name } => format!("{module}.{name}"),
        Resolution::Namespace(module) => format!("*{module}"),
        Resolution::External(name) => show_externals(std::slice::from_ref(name)),
        Resolution::ExternalStars(names) => format!("stars {}", show_externals(names)),
        Resolution::NotFound => "none".to_owned(),
        Resolution::Ambiguous => "ambiguous".to_owned(),
    }
}

/// `1?a|2?a`
pub fn show_externals(names: &[ExternalName]) -> String {
    let names: Vec<_> = names.iter().map(|it| format!("{}?{}", it.module, it.name)).collect();
    names.join("|")
}

/// Each with a space between.
pub fn join<T: ToString>(items: impl IntoIterator<Item = T>) -> String {
    items.into_iter().map(|item| item.to_string()).collect::<Vec<_>>().join(" ")
}

/// Compares, showing the graph and what was asked on failure.
pub fn expect<T: PartialEq + Debug>(text: &str, asked: impl Debug, found: T, expected: T) {
    assert!(found == expected, "{text}\nasked {asked:?}\nfound {found:?}\nnot   {expected:?}");
}
