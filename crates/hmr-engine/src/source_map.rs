//! Source maps of modules that were printed anew: where their executable text comes from.

use std::sync::Arc;

use hmr_transform::Context;
use serde_json::json;

use crate::node::{Node, NodeKind};
use crate::plan::{DefinitionKind, Plan};
use crate::session::Session;

/// JSON of the source map of a module's executable text.
pub(crate) fn source_map(node: &Node, context: &Context) -> Option<String> {
    let NodeKind::Module { source, parsed, .. } = &node.kind else { return None };
    let origins = parsed.origins(source.code(), context, source.origins()?);
    let file = node.url.split(['?', '#']).next()?;
    let map = json!({
        "version": 3,
        "names": [],
        "sources": [file],
        "sourcesContent": [&*source.text],
        "mappings": origins.mappings(),
    });
    Some(map.to_string())
}

impl Session {
    /// For each executable text of a plan the one that it was made from, unless it was printed anew.
    pub(crate) fn sources(&self, plan: &Plan, texts: usize) -> Vec<Option<Arc<str>>> {
        let mut sources = vec![None; texts];
        for definition in &plan.modules {
            if let DefinitionKind::Module { code, map: None, .. } = definition.kind
                && let Some(NodeKind::Module { source, .. }) =
                    self.node(definition.id).map(|node| &node.kind)
            {
                sources[code as usize] = Some(Arc::clone(source.code()));
            }
        }
        sources
    }
}
