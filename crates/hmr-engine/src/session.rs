//! The state of one JavaScript thread's hot modules: which there are, what runs, what waits.
//!
//! A session thinks and never acts: it reads files and answers with plans. The runtime carries a
//! plan out and reports back with [`Session::commit`] or [`Session::roll_back`]; until then the
//! session can return to what ran before.

use std::path::{Path, PathBuf};

use hmr_graph::Graph;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::code_cache::CodeCache;
use crate::load::{Loaded, Loader, Loads, key};
use crate::native::NativeModules;
use crate::node::Rendered;
pub(crate) use crate::node::{Node, NodeKind, node_kind};
use crate::options::Options;
use crate::outside::Outside;
use crate::record::{external_module, graph_module, json_module, name_namespaces};
use crate::records::Records;
use crate::resolve::{Resolved, Resolver};
use crate::source::Content;
use crate::tried::Tried;

/// Identifies a hot or external module for the session's life.
pub use hmr_graph::ModuleId;

/// Hot modules of one JavaScript thread.
pub struct Session {
    pub(crate) resolver: Resolver,
    /// Compiled forms of texts.
    pub code_cache: CodeCache,
    pub(crate) records: Records,
    pub(crate) graph: Graph,
    pub(crate) nodes: Vec<Option<Node>>,
    by_key: FxHashMap<String, ModuleId>,
    by_path: FxHashMap<PathBuf, Vec<ModuleId>>,
    /// Links through which modules are imported, with their importers.
    links: FxHashMap<PathBuf, FxHashSet<ModuleId>>,
    links_revision: u32,
    pub(crate) native: NativeModules,
    pub(crate) outside: Outside,
    /// Modules asked for by `hmr()`, with the number of calls: they stay without importers.
    pub(crate) entries: FxHashMap<ModuleId, usize>,
    /// Modules the program begins with, and those that Node imports: they stay without importers.
    pub(crate) roots: FxHashSet<ModuleId>,
    /// Changes that nobody accepts need a restart.
    pub(crate) whole_app: bool,
    /// Keys of the dependencies that modules accept.
    pub(crate) accepted_keys: FxHashMap<ModuleId, Vec<String>>,
    /// Files beside the graph that were looked at, by the hash of their content.
    pub(crate) foreign: FxHashMap<PathBuf, Option<u64>>,
    pub(crate) tried: Tried,
    /// Modules that failed in their first evaluation.
    pub(crate) failed: Vec<ModuleId>,
    /// Something failed: what resolving has cached may be out of date.
    pub(crate) retries: bool,
    /// Keys of what hot modules name in `import()`.
    pub(crate) import_targets: FxHashSet<String>,
    /// Open transactions by number. Only loads overlap: `import()` inside an evaluation.
    pub(crate) open: FxHashMap<u32, Undo>,
    pub(crate) last_transaction: u32,
}

/// What a transaction replaced.
#[derive(Default)]
pub(crate) struct Undo {
    pub replaced: Vec<(ModuleId, Node, hmr_graph::Module)>,
    /// Modules that came in.
    pub inserted: Vec<ModuleId>,
    /// They are about to be evaluated.
    pub loaded: bool,
    /// What is imported.
    pub root: Option<ModuleId>,
    /// Modules it is about to evaluate.
    pub steps: Vec<ModuleId>,
    /// URLs of modules shared with Node that have hot instances if it succeeds.
    pub left: Vec<String>,
    /// Modules that are evaluated anew when next imported, and were current before.
    pub stale: Vec<ModuleId>,
    /// How the instances being evaluated are rendered.
    pub rendered: FxHashMap<ModuleId, Rendered>,
    /// Modules whose file is gone.
    pub gone: Vec<(ModuleId, PathBuf)>,
}

impl Session {
    /// # Errors
    /// A message naming the option that cannot be understood.
    pub fn new(options: &Options) -> Result<Self, String> {
        let resolver = Resolver::new(options)
            .map_err(|source| format!("include/exclude: not a regular expression: {source}"))?;
        Ok(Self {
            resolver,
            code_cache: CodeCache::new(&options.cache),
            records: Records::new(&options.cache.folder),
            graph: Graph::default(),
            nodes: Vec::new(),
            by_key: FxHashMap::default(),
            by_path: FxHashMap::default(),
            links: FxHashMap::default(),
            links_revision: 0,
            native: NativeModules::new(options.sees_loader),
            outside: Outside::default(),
            entries: FxHashMap::default(),
            roots: FxHashSet::default(),
            whole_app: false,
            accepted_keys: FxHashMap::default(),
            foreign: FxHashMap::default(),
            tried: Tried::default(),
            failed: Vec::new(),
            retries: false,
            import_targets: FxHashSet::default(),
            open: FxHashMap::default(),
            last_transaction: 0,
        })
    }

    /// Tells which modules Node has loaded itself: the static closure of `urls`, as far as they
    /// have no hot instance.
    pub fn loaded_by_node(&mut self, urls: &[String]) {
        let (keys, nodes) = (&self.by_key, &self.nodes);
        let is_hot = |url: &str| {
            let node = keys.get(url).and_then(|&id| nodes.get(id as usize)?.as_ref());
            node.is_some_and(|node| !node.is_native())
        };
        for url in urls {
            self.native.add_closure(&self.resolver, url, &is_hot);
        }
    }

    pub(crate) fn loader(&self) -> Loader<'_> {
        Loader { resolver: &self.resolver, records: Some(&self.records) }
    }

    /// A module of a transaction that was rolled back has run to its end all the same.
    pub fn ran(&mut self, id: ModuleId) {
        if let Some(node) = self.node_mut(id) {
            (node.evaluated, node.ran) = (true, true);
        }
    }

    /// A number that is another one whenever [`Self::files`] may be.
    #[must_use]
    pub fn revision(&self) -> u32 {
        self.graph.revision().wrapping_add(self.links_revision)
    }

    /// Paths of the hot files that `entry`, or everything, consists of, and of links to them, in no order.
    #[must_use]
    pub fn files(&self, entry: Option<ModuleId>) -> Vec<PathBuf> {
        let reachable = match entry {
            Some(entry) => self.graph.reachable(&[entry]),
            None => self.graph.modules().map(|(id, _)| id).collect(),
        };
        let files = reachable.iter().filter_map(|&id| self.node(id)?.hot_path());
        let links = self.links.iter().filter(|(_, importers)| !importers.is_disjoint(&reachable));
        files.chain(links.map(|(link, _)| link.as_path())).map(Path::to_owned).collect()
    }

    /// Whether the module at `path`, or a link to one, is part of what `entry`, or anything, consists of.
    #[must_use]
    pub fn contains(&self, entry: Option<ModuleId>, path: &Path) -> bool {
        let ids = self.modules_at(path).iter().chain(self.importers_through(path));
        let ids: Vec<_> = ids.collect();
        let Some(entry) = entry else { return !ids.is_empty() };
        !ids.is_empty() && {
            let reachable = self.graph.reachable(&[entry]);
            ids.into_iter().any(|id| reachable.contains(id))
        }
    }

    /// Forgets one call for an entry. Returns the modules that nothing needs any more: they have
    /// left the graph.
    pub fn close(&mut self, entry: ModuleId) -> Vec<ModuleId> {
        let Some(calls) = self.entries.get_mut(&entry) else { return Vec::new() };
        *calls -= 1;
        if *calls > 0 {
            return Vec::new();
        }
        self.entries.remove(&entry);
        self.prune()
    }

    pub(crate) fn node(&self, id: ModuleId) -> Option<&Node> {
        self.nodes.get(id as usize)?.as_ref()
    }

    pub(crate) fn node_mut(&mut self, id: ModuleId) -> Option<&mut Node> {
        self.nodes.get_mut(id as usize)?.as_mut()
    }

    pub(crate) fn is_evaluated(&self, id: ModuleId) -> bool {
        self.node(id).is_some_and(|node| node.evaluated)
    }

    pub(crate) fn knows(&self, key: &str) -> bool {
        self.by_key.contains_key(key)
    }

    pub(crate) fn id_of_key(&self, key: &str) -> Option<ModuleId> {
        self.by_key.get(key).copied()
    }

    pub(crate) fn modules_at(&self, path: &Path) -> &[ModuleId] {
        self.by_path.get(path).map_or(&[], Vec::as_slice)
    }

    /// Modules that import something through the link at `path`.
    pub(crate) fn importers_through(&self, path: &Path) -> impl Iterator<Item = &ModuleId> {
        self.links.get(path).into_iter().flatten()
    }

    /// A module imports through these links from now on, and no others.
    pub(crate) fn set_links(&mut self, id: ModuleId, links: Vec<PathBuf>) {
        let Some(node) = self.node_mut(id) else { return };
        let before = std::mem::replace(&mut node.links, links.clone());
        if before == links {
            return;
        }
        self.links_revision = self.links_revision.wrapping_add(1);
        for link in before {
            if let Some(importers) = self.links.get_mut(&link) {
                importers.remove(&id);
                if importers.is_empty() {
                    self.links.remove(&link);
                }
            }
        }
        for link in links {
            self.links.entry(link).or_default().insert(id);
        }
    }

    /// Gives every loaded file an id, then its links, which may point at each other.
    /// Returns the ids.
    pub(crate) fn insert(&mut self, loads: Loads) -> Vec<ModuleId> {
        let mut files: Vec<_> = loads.files.into_iter().collect();
        files.sort_by(|one, other| one.0.cmp(&other.0));
        let ids: Vec<_> = files
            .iter()
            .map(|(key, loaded)| {
                let native = self.native.contains(&loaded.file.url);
                let kind = node_kind(&loaded.content, &loaded.source, &loaded.file, native);
                self.add(key.clone(), &loaded.file.url, Some(loaded.file.path.clone()), kind)
            })
            .collect();
        for (&id, (_, loaded)) in ids.iter().zip(files) {
            let native = self.native.contains(&loaded.file.url);
            let module = self.linked(&loaded, native);
            self.graph.insert(id, module);
            self.set_links(id, loaded.links());
        }
        ids
    }

    /// The graph's view of a module. With `native` Node runs it.
    pub(crate) fn linked(&mut self, loaded: &Loaded, native: bool) -> hmr_graph::Module {
        match &loaded.content {
            Content::Module(parsed) => {
                let url = &loaded.file.url;
                let targets = parsed.record.requests.iter().zip(&loaded.requests);
                let targets: Vec<_> = targets
                    .map(|(request, resolved)| {
                        self.id_of(resolved, &request.specifier, url, &request.attributes)
                    })
                    .collect();
                let mut module = graph_module(&parsed.record, &targets, native);
                if self.resolver.names_namespaces {
                    name_namespaces(&parsed.record, &mut module);
                }
                module
            }
            Content::Json => json_module(),
            Content::Script => external_module(),
        }
    }

    /// From now on the module runs from its executable text, which tells assignments.
    pub(crate) fn tell_assignments(&mut self, id: ModuleId) {
        let Some(mut module) = self.graph.get(id).cloned() else { return };
        for export in &mut module.local_exports {
            export.mutated_unseen = false;
        }
        self.graph.replace(id, module);
    }

    /// The module a request leads to; files must be loaded, others are made on the way.
    pub(crate) fn id_of(
        &mut self,
        resolved: &Resolved,
        specifier: &str,
        parent: &str,
        attributes: &[(String, String)],
    ) -> ModuleId {
        if let Some(&id) = key(resolved).and_then(|key| self.by_key.get(&key)) {
            return id;
        }
        let (specifier, parent, tried) = match resolved {
            Resolved::External(url) => (url.clone(), None, Vec::new()),
            Resolved::Unresolved(tried) => {
                (specifier.to_owned(), Some(parent.to_owned()), tried.clone())
            }
            // A file that is not in the graph: its load failed, which the caller has seen.
            _ => (specifier.to_owned(), Some(parent.to_owned()), Vec::new()),
        };
        let key = external_key(parent.as_deref(), &specifier, attributes);
        if let Some(&id) = self.by_key.get(&key) {
            return id;
        }
        let url = specifier.clone();
        let attributes = attributes.to_vec();
        let kind = NodeKind::External { specifier, parent, attributes, tried };
        let id = self.add(key, &url, None, kind);
        self.graph.insert(id, external_module());
        id
    }

    fn add(&mut self, key: String, url: &str, path: Option<PathBuf>, kind: NodeKind) -> ModuleId {
        let id = self.nodes.len() as ModuleId;
        let real = path.as_deref().and_then(|path| self.resolver.behind_link(path));
        for path in path.iter().chain(&real) {
            self.by_path.entry(path.clone()).or_default().push(id);
        }
        self.by_key.insert(key.clone(), id);
        let url = url.to_owned();
        let (evaluated, ran, early_namespace) = (false, false, false);
        let (running, rendered, links) = (None, None, Vec::new());
        let node = Node {
            url,
            key,
            path,
            real,
            kind,
            evaluated,
            running,
            ran,
            rendered,
            links,
            early_namespace,
        };
        self.nodes.push(Some(node));
        id
    }

    pub(crate) fn remove(&mut self, id: ModuleId) {
        self.set_links(id, Vec::new());
        self.graph.remove(id);
        self.accepted_keys.remove(&id);
        self.roots.remove(&id);
        let Some(node) = self.nodes.get_mut(id as usize).and_then(Option::take) else {
            return;
        };
        self.by_key.remove(&node.key);
        for path in node.path.iter().chain(&node.real) {
            let Some(ids) = self.by_path.get_mut(path) else { continue };
            ids.retain(|&other| other != id);
            if ids.is_empty() {
                self.by_path.remove(path);
            }
        }
    }
}

/// What identifies a module that Node loads.
pub(crate) fn external_key(
    parent: Option<&str>,
    specifier: &str,
    attributes: &[(String, String)],
) -> String {
    format!("external:{parent:?}:{specifier}:{attributes:?}")
}
