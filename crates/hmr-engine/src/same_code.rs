//! Files whose text has changed and whose code has not: nothing is evaluated, but places in the running
//! text are other places in the file.

use std::sync::Arc;

use hmr_transform::{Move, same_code, same_json};

use crate::deep::on_deep_stack;
use crate::load::Loaded;
use crate::node::node_kind;
use crate::plan::Moved;
use crate::session::{ModuleId, NodeKind, Session};
use crate::source::Content;
use crate::source_map::source_map;

impl Session {
    /// Takes over the new text of a module that runs if its code is the same. What moved is told.
    pub(crate) fn takes_over(&mut self, id: ModuleId, loaded: &Loaded) -> Option<Moved> {
        let node = self.node(id).filter(|node| node.evaluated)?;
        let running = node.running.clone().or_else(|| Some(Arc::clone(node.source()?.code())))?;
        let new = &loaded.source;
        let moves = match (&node.kind, &loaded.content) {
            // Printed texts have neither comments nor white space of the file.
            (NodeKind::Module { .. }, Content::Module(_)) if new.origins().is_some() => {
                (running == *new.code()).then(Vec::new)?
            }
            (NodeKind::Module { .. }, Content::Module(_)) => {
                let longer = std::cmp::max_by_key(&running, new.code(), |text| text.len());
                on_deep_stack(longer, || same_code(&running, new.code()))?
            }
            (NodeKind::Json { .. }, Content::Json) => {
                same_json(&running, &new.text).then(Vec::new)?
            }
            _ => return None,
        };
        let kind = node_kind(&loaded.content, &loaded.source, &loaded.file, node.is_native());
        let url = node.url.clone();
        let node = self.node_mut(id)?;
        (node.kind, node.running) = (kind, Some(running));
        let segments = moves.iter().map(|&Move { line, column, lines, columns }| {
            [i64::from(line), i64::from(column), i64::from(lines), i64::from(columns)]
        });
        let mut moved = Moved { url, segments: segments.collect(), map: None, own_map: None };
        if let Content::Module(parsed) = &loaded.content {
            moved.map = node.rendered.as_ref().and_then(|it| source_map(node, &it.context()));
            moved.own_map = parsed.record.source_mapping_url.clone();
        }
        Some(moved)
    }
}
