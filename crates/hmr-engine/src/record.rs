//! From the transform's records to the graph's: the one place that knows both.

use std::sync::Arc;

use hmr_graph::{
    Import, ImportName, IndirectExport, Kind, LocalExport, Module, ModuleId, Request, RequestKind,
};
use hmr_transform::ModuleRecord;

/// Exports of imported namespaces stand for these, as `export * as` does: one name that leads to both
/// ways of writing it is not ambiguous. So it is since V8 of Node 26.
pub(crate) fn name_namespaces(record: &ModuleRecord, module: &mut Module) {
    for (export, entry) in module.local_exports.iter_mut().zip(&record.local_exports) {
        let mut imports = record.imports.iter();
        let import = imports.find(|import| import.local == entry.local);
        let import = import.filter(|it| it.name == hmr_transform::ImportName::Namespace);
        export.namespace = import.map(|import| import.request);
    }
}

/// A module whose requests lead to `targets`. With `native` Node runs it, from its own text.
pub(crate) fn graph_module(record: &ModuleRecord, targets: &[ModuleId], native: bool) -> Module {
    let kind = RequestKind::Static;
    Module {
        requests: targets.iter().map(|&target| Request { target, kind }).collect(),
        imports: record
            .imports
            .iter()
            .map(|import| Import {
                request: import.request,
                name: import_name(&import.name),
                local: Arc::from(import.local.as_str()),
            })
            .collect(),
        local_exports: local_exports(record, native),
        indirect_exports: indirect_exports(record),
        star_exports: record.star_exports.clone(),
        top_level_await: record.top_level_await,
        ..Module::default()
    }
}

/// A module that Node loads and that was read. `targets` are known for the requests that it takes
/// names from; it keeps only those.
pub(crate) fn transparent_module(record: &ModuleRecord, targets: &[Option<ModuleId>]) -> Module {
    let kind = RequestKind::Static;
    let mut requests = Vec::new();
    let mut kept = Vec::with_capacity(targets.len());
    for target in targets {
        kept.push(requests.len() as u32);
        requests.extend(target.map(|target| Request { target, kind }));
    }
    let mut indirect_exports = indirect_exports(record);
    indirect_exports.iter_mut().for_each(|export| export.request = kept[export.request as usize]);
    Module {
        requests,
        local_exports: local_exports(record, true),
        indirect_exports,
        star_exports: record.star_exports.iter().map(|&at| kept[at as usize]).collect(),
        kind: Kind::Transparent,
        ..Module::default()
    }
}

/// `native`: Node runs the module, whose assignments nobody is told.
fn local_exports(record: &ModuleRecord, native: bool) -> Vec<LocalExport> {
    let exports = record.local_exports.iter().map(|export| LocalExport {
        name: Arc::from(export.name.as_str()),
        local: Arc::from(export.local.as_str()),
        hoisted: export.hoisted,
        mutated_unseen: native && export.pushed,
        namespace: None,
    });
    exports.collect()
}

fn indirect_exports(record: &ModuleRecord) -> Vec<IndirectExport> {
    let exports = record.indirect_exports.iter().map(|export| IndirectExport {
        name: Arc::from(export.name.as_str()),
        request: export.request,
        import: import_name(&export.import),
    });
    exports.collect()
}

/// A JSON module: a synthetic module record whose one export is `default`.
pub(crate) fn json_module() -> Module {
    let default = LocalExport {
        name: Arc::from("default"),
        local: Arc::from("*default*"),
        hoisted: false,
        mutated_unseen: false,
        namespace: None,
    };
    Module { local_exports: vec![default], ..Module::default() }
}

/// A module that Node loads.
pub(crate) fn external_module() -> Module {
    Module { kind: Kind::External, ..Module::default() }
}

fn import_name(name: &hmr_transform::ImportName) -> ImportName {
    match name {
        hmr_transform::ImportName::Named(name) => ImportName::Name(Arc::from(name.as_str())),
        hmr_transform::ImportName::Namespace => ImportName::Namespace,
    }
}
