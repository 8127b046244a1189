//! An index over wide barrels: which module below its star exports writes a name down.
//!
//! Asking 1,000 star exports for each of 1,000 names is a million look-ups; the index is built once
//! a barrel has been asked a few times and answers each name with one. It refuses to answer
//! wherever it could be wrong (several modules have the name, or a module that has it hides an
//! external behind it, or passing through a marked module would go unnoticed), and then the walk of
//! the standard decides.

use std::collections::hash_map::Entry;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::graph::Graph;
use crate::module::{Kind, Module, ModuleId};

/// Narrower modules are asked one by one: that is as fast, and long chains of them stay linear.
const WIDE: usize = 8;
/// A small update asks a barrel for a few names only, and should not pay for all of them.
const ASKED_OFTEN: u32 = 8;

#[derive(Default)]
pub(crate) struct StarIndexes<'g>(FxHashMap<ModuleId, State<'g>>);

enum State<'g> {
    Asked(u32),
    Built(Option<StarIndex<'g>>),
}

pub(crate) struct StarIndex<'g> {
    sources: FxHashMap<&'g str, Source>,
    externals: Vec<ModuleId>,
}

#[derive(Clone, Copy)]
enum Source {
    One(ModuleId),
    Several,
}

impl<'g> StarIndexes<'g> {
    /// The index of a module's star exports, once it pays.
    pub(crate) fn of(
        &mut self,
        graph: &'g Graph,
        marked: Option<&dyn Fn(ModuleId) -> bool>,
        id: ModuleId,
        module: &'g Module,
    ) -> Option<&StarIndex<'g>> {
        if module.star_exports.len() < WIDE {
            return None;
        }
        let state = match self.0.entry(id) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => entry.insert(State::Asked(0)),
        };
        if let State::Asked(times) = state {
            *times += 1;
            if *times > ASKED_OFTEN {
                *state = State::Built(StarIndex::build(graph, marked, id));
            }
        }
        match state {
            State::Asked(_) => None,
            State::Built(index) => index.as_ref(),
        }
    }
}

impl<'g> StarIndex<'g> {
    /// The only module below that has the name, `Some(None)` if none has it, `None` if the walk has
    /// to decide.
    pub(crate) fn only_source(&self, graph: &Graph, name: &str) -> Option<Option<ModuleId>> {
        match self.sources.get(name) {
            None => Some(None),
            Some(Source::Several) => None,
            Some(&Source::One(source)) => {
                // What has the name itself is not asked for its stars, so an external
                // behind it may be out of reach.
                let hides = graph.get(source).is_some_and(|module| !module.star_exports.is_empty());
                (self.externals.is_empty() || !hides).then_some(Some(source))
            }
        }
    }

    /// Externals that every name not hidden on the way leads to.
    pub(crate) fn externals(&self) -> impl Iterator<Item = ModuleId> {
        self.externals.iter().copied()
    }

    fn build(
        graph: &'g Graph,
        marked: Option<&dyn Fn(ModuleId) -> bool>,
        barrel: ModuleId,
    ) -> Option<Self> {
        let mut index = Self { sources: FxHashMap::default(), externals: Vec::new() };
        let is_hot = !graph.is_external(barrel);
        for (id, module, _) in star_closure(graph, barrel) {
            if module.kind == Kind::External {
                index.externals.push(id);
            } else if id != barrel {
                // Names behind it are read from its namespace: the walk notes that.
                if is_hot && module.kind == Kind::Transparent {
                    return None;
                }
                if !module.star_exports.is_empty() && marked.is_some_and(|marked| marked(id)) {
                    return None;
                }
                index.add(id, module);
            }
        }
        Some(index)
    }

    fn add(&mut self, id: ModuleId, module: &'g Module) {
        for name in explicit_names(module) {
            let source = self.sources.entry(name).or_insert(Source::One(id));
            if !matches!(*source, Source::One(only) if only == id) {
                *source = Source::Several;
            }
        }
    }
}

/// A module and all that star exports lead to, in the order of `GetExportedNames`, each with the first
/// external module on the way to it.
pub(crate) fn star_closure(
    graph: &Graph,
    id: ModuleId,
) -> Vec<(ModuleId, &Module, Option<ModuleId>)> {
    let mut closure = Vec::new();
    let mut seen = FxHashSet::default();
    let mut pending = vec![(id, None)];
    while let Some((id, above)) = pending.pop() {
        if !seen.insert(id) {
            continue;
        }
        let Some(module) = graph.get(id) else {
            continue;
        };
        let entry = above.or_else(|| module.kind.is_external().then_some(id));
        closure.push((id, module, entry));
        if module.kind != Kind::External {
            let targets = module.star_exports.iter().rev();
            let targets = targets.map(|&request| module.requests[request as usize].target);
            pending.extend(targets.map(|target| (target, entry)));
        }
    }
    closure
}

/// The names a module itself writes down as exported, without those its star exports add.
pub(crate) fn explicit_names(module: &Module) -> impl Iterator<Item = &std::sync::Arc<str>> {
    let local = module.local_exports.iter().map(|export| &export.name);
    local.chain(module.indirect_exports.iter().map(|export| &export.name))
}
