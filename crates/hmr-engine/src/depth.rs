//! How many levels of imports lie below a module: Node spends turns on each of them when `import()` loads it.

use hmr_graph::RequestKind;
use rustc_hash::FxHashSet;

use crate::plan::{Depth, Levels};
use crate::session::{ModuleId, Session};

impl Session {
    /// How deep the graph below `imported` is, of which `read` have just been read. What other
    /// transactions are loading at this moment is as new.
    pub(crate) fn depth(&self, imported: ModuleId, read: &[ModuleId]) -> Depth {
        let others = self.open.values().filter(|undo| !undo.loaded);
        let others = others.flat_map(|undo| &undo.inserted);
        let read: FxHashSet<ModuleId> = read.iter().chain(others).copied().collect();
        let is_new =
            |id| self.graph.is_external(id) && !self.is_evaluated(id) && !self.is_loading(id);
        let is_read = |id| read.contains(&id) || (!read.is_empty() && is_new(id));
        let (all, order) = self.depth_first(&[imported]);
        let (breadth_first, deepest_read) = self.breadth_first(&[imported], is_read);
        let levels = Levels { breadth_first, depth_first: all, read: deepest_read };
        let externals: Vec<_> = order.into_iter().filter(|&id| is_new(id)).collect();
        let below = (!externals.is_empty()).then(|| {
            let (breadth_first, _) = self.breadth_first(&externals, |_| false);
            let depth_first = self.depth_first(&externals).0 + 1;
            Levels { breadth_first: breadth_first + 1, depth_first, read: breadth_first + 1 }
        });
        Depth { levels, by_node: below }
    }

    /// The number of levels below `roots` by shortest paths, and of those down to the last one that has something for
    /// which `is_read` holds.
    fn breadth_first(&self, roots: &[ModuleId], is_read: impl Fn(ModuleId) -> bool) -> (u32, u32) {
        let (mut all, mut read) = (0, 0);
        let mut seen: FxHashSet<ModuleId> = roots.iter().copied().collect();
        let mut level = roots.to_vec();
        while !level.is_empty() {
            all += 1;
            if level.iter().any(|&id| is_read(id)) {
                read = all;
            }
            let requests = level.iter().flat_map(|&id| self.static_requests(id));
            level = requests.filter(|id| seen.insert(*id)).collect();
        }
        (all, read)
    }

    /// The number of levels, each module on the one where a depth-first search meets it first, and the modules in that order.
    fn depth_first(&self, roots: &[ModuleId]) -> (u32, Vec<ModuleId>) {
        let mut deepest = 0;
        let mut seen = FxHashSet::default();
        let mut order = Vec::new();
        let mut waiting: Vec<_> = roots.iter().rev().map(|&root| (root, 1)).collect();
        while let Some((id, depth)) = waiting.pop() {
            if !seen.insert(id) {
                continue;
            }
            order.push(id);
            deepest = deepest.max(depth);
            let requests: Vec<_> = self.static_requests(id).collect();
            waiting.extend(requests.into_iter().rev().map(|target| (target, depth + 1)));
        }
        (deepest, order)
    }

    /// What a module imports, in the order of the source.
    pub(crate) fn static_requests(&self, id: ModuleId) -> impl Iterator<Item = ModuleId> {
        let requests = self.graph.get(id).map_or(&[][..], |module| &module.requests);
        let requests = requests.iter().filter(|request| request.kind == RequestKind::Static);
        requests.map(|request| request.target)
    }
}
