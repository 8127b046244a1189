//! Files that are no hot modules: loaded by Node, or beside the graph.

use std::path::Path;
use std::time::{Duration, SystemTime};

use crate::deep::on_deep_stack;
use crate::resolve::{file_path, file_url};
use crate::session::{ModuleId, Node, NodeKind, Session, external_key};
use crate::source::{self, Source};
use crate::tried::content_hash;

impl Session {
    /// Whether Node has loaded the file at `path` for hot modules, as CommonJS for example: Node
    /// keeps what it has loaded.
    #[must_use]
    pub fn is_external(&self, path: &Path) -> bool {
        let url = file_url(path).unwrap_or_default();
        let external = |node: &Node| matches!(node.kind, NodeKind::External { .. });
        self.nodes.iter().flatten().any(|node| external(node) && node.url == url)
    }

    /// The module that the file at `path` is to the graph: a hot one, or CommonJS that Node has loaded for one.
    #[must_use]
    pub fn module_at(&self, path: &Path) -> Option<ModuleId> {
        let url = file_url(path)?;
        let external = || self.id_of_key(&external_key(None, &url, &[]));
        let id = self.id_of_key(&url).or_else(external)?;
        let is_hot = self.node(id)?.hot_path().is_some();
        (is_hot || self.is_common_js(id)).then_some(id)
    }

    /// Whether Node loads the external module `id` as CommonJS.
    pub(crate) fn is_common_js(&self, id: ModuleId) -> bool {
        let transparent =
            self.graph.get(id).is_some_and(|module| module.kind == hmr_graph::Kind::Transparent);
        !transparent && self.node(id).is_some_and(|node| self.resolver.is_common_js(&node.url))
    }

    /// Whether the module at `url`, which need not be hot, has a declaration that imports `specifier`.
    #[must_use]
    pub fn has_import(&self, url: &str, specifier: &str) -> bool {
        let source = file_path(url).and_then(|path| source::read(&path).ok());
        let Some(Source { text, .. }) = source else { return false };
        on_deep_stack(&text, || hmr_transform::parse(&text)).is_ok_and(|parsed| {
            parsed.record.requests.iter().any(|request| request.specifier == specifier)
        })
    }

    /// Remembers the content of a file that Node has loaded since `start`, in milliseconds since 1970, unless it was
    /// written after that: then Node may have loaded another one.
    pub fn foreign_loaded(&mut self, path: &Path, start: f64) {
        let start = SystemTime::UNIX_EPOCH + Duration::from_secs_f64(start.max(0.0) / 1e3);
        let hash = content_hash(path);
        // Asked after reading: a save between the two would pass for what was loaded.
        let modified = std::fs::metadata(path).and_then(|metadata| metadata.modified());
        if modified.is_ok_and(|modified| modified < start) {
            self.foreign.insert(path.to_owned(), hash);
        }
    }

    /// Whether the content of a file that is no module of `entry` differs from when it was last
    /// looked at. `written`: the event means writing; without it a first look finds no change.
    pub fn foreign_changed(&mut self, path: &Path, written: bool) -> bool {
        let hash = content_hash(path);
        match self.foreign.insert(path.to_owned(), hash) {
            Some(before) => before != hash,
            None => written && hash.is_some(),
        }
    }
}
