//! Plain reachability, for pruning and for messages.

use std::collections::hash_map::Entry;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::graph::Graph;
use crate::module::ModuleId;

impl Graph {
    /// The entries and everything they request, statically or dynamically, at any distance.
    pub fn reachable(&self, entries: &[ModuleId]) -> FxHashSet<ModuleId> {
        let known = entries.iter().copied().filter(|&id| self.get(id).is_some());
        self.below(known, |id| self.get(id).is_some())
    }

    /// A shortest chain of importers from a module up to one of its direct or indirect importers,
    /// both included; `None` if there is none.
    pub fn chain(&self, from: ModuleId, to: ModuleId) -> Option<Vec<ModuleId>> {
        let mut ascent = Ascent::default();
        ascent.start(from);
        while let Some(id) = ascent.next() {
            if id == to {
                return Some(ascent.chain(to));
            }
            for (importer, _) in self.importers(id) {
                ascent.rise(id, importer);
            }
        }
        None
    }

    /// The tops and all that they request, at any distance, through modules for which `inside`
    /// holds.
    pub(crate) fn below(
        &self,
        tops: impl IntoIterator<Item = ModuleId>,
        inside: impl Fn(ModuleId) -> bool,
    ) -> FxHashSet<ModuleId> {
        let mut pending: Vec<_> = tops.into_iter().collect();
        let mut below: FxHashSet<_> = pending.iter().copied().collect();
        while let Some(id) = pending.pop() {
            for (target, _) in self.dependencies(id) {
                if inside(target) && below.insert(target) {
                    pending.push(target);
                }
            }
        }
        below
    }
}

/// A walk up through importers, nearest first, that remembers how it came to each module.
#[derive(Default)]
pub(crate) struct Ascent {
    came_from: FxHashMap<ModuleId, Option<ModuleId>>,
    /// In the order of the walk.
    visited: Vec<ModuleId>,
    /// How many of those have been looked at.
    done: usize,
}

impl Ascent {
    /// Begins at a module.
    pub(crate) fn start(&mut self, id: ModuleId) {
        self.visit(id, None);
    }

    /// Goes on to an importer.
    pub(crate) fn rise(&mut self, from: ModuleId, importer: ModuleId) {
        self.visit(importer, Some(from));
    }

    /// The next module to look at.
    pub(crate) fn next(&mut self) -> Option<ModuleId> {
        let next = self.visited.get(self.done).copied();
        self.done += usize::from(next.is_some());
        next
    }

    pub(crate) fn has_visited(&self, id: ModuleId) -> bool {
        self.came_from.contains_key(&id)
    }

    /// Every module it came to so far, nearest first.
    pub(crate) fn visited(&self) -> &[ModuleId] {
        &self.visited
    }

    /// How the walk came to a module it visited, from where it began.
    pub(crate) fn chain(&self, id: ModuleId) -> Vec<ModuleId> {
        let mut chain = vec![id];
        let mut at = id;
        while let Some(&Some(before)) = self.came_from.get(&at) {
            chain.push(before);
            at = before;
        }
        chain.reverse();
        chain
    }

    fn visit(&mut self, id: ModuleId, from: Option<ModuleId>) {
        if let Entry::Vacant(entry) = self.came_from.entry(id) {
            entry.insert(from);
            self.visited.push(id);
        }
    }
}
