//! Which modules fail with one that throws.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::session::{ModuleId, NodeKind, Session};

/// A module that InnerModuleEvaluation has entered.
struct Entered {
    id: ModuleId,
    requests: Vec<ModuleId>,
    /// How many of them have been visited.
    visited: usize,
}

/// Where there may be a top-level await.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Awaits {
    /// In a hot module.
    pub own: bool,
    /// URLs of packages that may have one.
    pub packages: Vec<String>,
}

impl Session {
    /// The modules on the stack of InnerModuleEvaluation (ECMA-262 16.2.1.6.1.3.1) while `failed` is
    /// executed for the import of a transaction, without itself: its importers on the way to it, and
    /// modules that have run but whose cycle is not complete. Evaluate, step 9.a, fails them all.
    #[must_use]
    pub fn evaluating(&self, transaction: u32, failed: ModuleId) -> Vec<ModuleId> {
        let Some((undo, root)) =
            self.open.get(&transaction).and_then(|undo| Some((undo, undo.root?)))
        else {
            return Vec::new();
        };
        let steps: FxHashSet<ModuleId> = undo.steps.iter().copied().collect();
        let mut order: FxHashMap<ModuleId, usize> = FxHashMap::default();
        // [[DFSAncestorIndex]]
        let mut ancestor: FxHashMap<ModuleId, usize> = FxHashMap::default();
        let mut stack: Vec<ModuleId> = Vec::new();
        let mut path = vec![self.entered(root, &steps)];
        order.insert(root, 0);
        ancestor.insert(root, 0);
        stack.push(root);
        while let Some(last) = path.last_mut() {
            let id = last.id;
            if let Some(&next) = last.requests.get(last.visited) {
                last.visited += 1;
                if let Some(&index) = order.get(&next) {
                    if stack.contains(&next) {
                        ancestor.entry(id).and_modify(|own| *own = index.min(*own));
                    }
                    continue;
                }
                let index = order.len();
                order.insert(next, index);
                ancestor.insert(next, index);
                stack.push(next);
                path.push(self.entered(next, &steps));
                continue;
            }
            if id == failed {
                stack.retain(|&other| other != failed);
                return stack;
            }
            path.pop();
            let own = ancestor[&id];
            if own == order[&id] {
                let at = stack.iter().position(|&other| other == id).unwrap_or(stack.len());
                stack.truncate(at);
            }
            if let Some(parent) = path.last() {
                ancestor.entry(parent.id).and_modify(|index| *index = own.min(*index));
            }
        }
        Vec::new()
    }

    /// Whether a module, or one that it imports, has a top-level await. What packages have is not known: their URLs.
    #[must_use]
    pub fn awaits(&self, id: ModuleId) -> Awaits {
        let (mut seen, mut left) = (FxHashSet::from_iter([id]), vec![id]);
        let mut found = Awaits::default();
        while let Some(id) = left.pop() {
            match self.node(id).map(|node| &node.kind) {
                Some(NodeKind::Module { parsed, .. }) => {
                    found.own |= parsed.record.top_level_await;
                }
                Some(NodeKind::External { specifier, parent: None, .. })
                    if specifier.starts_with("file:") && !self.is_common_js(id) =>
                {
                    found.packages.push(specifier.clone());
                }
                _ => {}
            }
            left.extend(self.static_requests(id).filter(|&target| seen.insert(target)));
        }
        found
    }

    /// What a module imports, in order.
    #[must_use]
    pub fn dependencies(&self, id: ModuleId) -> Vec<ModuleId> {
        self.static_requests(id).collect()
    }

    fn entered(&self, id: ModuleId, steps: &FxHashSet<ModuleId>) -> Entered {
        let requests = self.static_requests(id).filter(|id| steps.contains(id));
        Entered { id, requests: requests.collect(), visited: 0 }
    }
}
