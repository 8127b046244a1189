//! Source maps of modules that were printed anew: where their executable text comes from.

use hmr_transform::Context;
use serde_json::json;

use crate::node::{Node, NodeKind};

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
