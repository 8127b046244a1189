//! What links a hot module to others, for who has Node link it.

use hmr_graph::ImportName;
use serde::Serialize;

use crate::session::{ModuleId, NodeKind, Session};

/// The requests and export entries of a hot module.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Links {
    /// What it imports, in order.
    pub requests: Vec<Linked>,
    /// `[[ImportEntries]]` that take a name from a module of Node.
    pub imports: Vec<(ModuleId, String)>,
    /// `[[LocalExportEntries]]`: names.
    pub own: Vec<String>,
    /// `[[IndirectExportEntries]]`: a name, the module that it is taken from, and its name there, or that module's
    /// namespace.
    pub passed_on: Vec<(String, ModuleId, Option<String>)>,
    /// `[[StarExportEntries]]`.
    pub stars: Vec<ModuleId>,
}

/// A module that is imported.
#[derive(Debug, Serialize)]
pub struct Linked {
    /// Which one.
    pub id: ModuleId,
    /// What Node is asked for, if the module is Node's.
    pub specifier: Option<String>,
    /// With these attributes.
    pub attributes: Vec<(String, String)>,
}

impl Session {
    /// What links the hot module `id` to others. A JSON module exports its default only.
    #[must_use]
    pub fn links(&self, id: ModuleId) -> Links {
        let Some(module) = self.graph.get(id) else { return Links::default() };
        if matches!(self.node(id).map(|node| &node.kind), Some(NodeKind::Json { .. })) {
            return Links { own: vec!["default".to_owned()], ..Links::default() };
        }
        let target = |request: u32| module.requests[request as usize].target;
        let name = |import: &ImportName| match import {
            ImportName::Name(name) => Some(name.to_string()),
            ImportName::Namespace => None,
        };
        let indirect = module.indirect_exports.iter();
        let local = module.local_exports.iter();
        let namespaces = local
            .clone()
            .filter_map(|export| Some((export.name.to_string(), target(export.namespace?), None)));
        let imports =
            module.imports.iter().filter_map(|it| Some((target(it.request), name(&it.name)?)));
        Links {
            imports: imports.filter(|&(id, _)| self.request(id).specifier.is_some()).collect(),
            requests: self.static_requests(id).map(|id| self.request(id)).collect(),
            own: local.filter(|it| it.namespace.is_none()).map(|it| it.name.to_string()).collect(),
            passed_on: indirect
                .map(|it| (it.name.to_string(), target(it.request), name(&it.import)))
                .chain(namespaces)
                .collect(),
            stars: module.star_exports.iter().map(|&request| target(request)).collect(),
        }
    }

    fn request(&self, id: ModuleId) -> Linked {
        let (specifier, attributes) = match self.node(id).map(|node| (&node.kind, &node.url)) {
            Some((NodeKind::External { specifier, attributes, .. }, _)) => {
                (Some(specifier.clone()), attributes.clone())
            }
            Some((NodeKind::Module { native: true, .. }, url)) => (Some(url.clone()), Vec::new()),
            _ => (None, Vec::new()),
        };
        Linked { id, specifier, attributes }
    }
}
