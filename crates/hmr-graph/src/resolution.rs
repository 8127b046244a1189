//! Answers of `ResolveExport`: the set of bindings that a name leads to, and what it amounts to.
//!
//! The standard's answer is one binding, null or "ambiguous". External modules, whose exports only
//! Node knows, make it a set: one that stays undecided where an external may have a name, too.

use std::sync::Arc;

use crate::graph::Graph;
use crate::module::ModuleId;

/// What an exported name of a module stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// A local export of a hot module, by its exported name.
    Binding {
        /// The module that defines it.
        module: ModuleId,
        /// The name under which that module exports it.
        name: Arc<str>,
    },
    /// The namespace object of a module, hot or external.
    Namespace(ModuleId),
    /// An export of an external module. Unless that is transparent, only Node knows whether it exists.
    External(ExternalName),
    /// No hot module exports the name, but these externals may, through star exports. The runtime
    /// asks each: none has it: missing; one value: that; different values: ambiguous.
    ExternalStars(Vec<ExternalName>),
    /// Nobody exports it, or only a circle of re-exports does.
    NotFound,
    /// Star exports lead to different bindings.
    Ambiguous,
}

/// An export of an external module.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ExternalName {
    /// The external module: one that a hot module requests, so that its namespace can be had.
    pub module: ModuleId,
    /// The name to look for in its namespace; differs from the name asked for where a re-export on
    /// the way renames.
    pub name: Arc<str>,
}

/// The bindings that a name may stand for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found<'g> {
    /// One of its hot bindings: the one, unless it is ambiguous.
    pub(crate) hot: Option<Hot>,
    pub(crate) ambiguous: bool,
    pub(crate) externals: Vec<External<'g>>,
    /// Where hot modules can read `hot` if it belongs to a transparent module.
    pub(crate) entry: Option<Entry<'g>>,
    /// A marked module defines it or passes it on.
    pub(crate) through: bool,
}

/// The first external module on the way to a binding, with the name asked for there.
pub(crate) type Entry<'g> = (ModuleId, &'g str);

/// A binding that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hot {
    /// A position in the module's `local_exports`.
    Local(ModuleId, u32),
    Namespace(ModuleId),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct External<'g> {
    pub(crate) module: ModuleId,
    pub(crate) name: &'g Arc<str>,
    /// Asked for by name, so that it must exist, and not by a star.
    pub(crate) by_name: bool,
    pub(crate) entry: Entry<'g>,
}

impl<'g> Found<'g> {
    pub(crate) fn is_empty(&self) -> bool {
        self.hot.is_none() && self.externals.is_empty()
    }

    /// Steps 9.d and 9.e of sec-resolveexport: equal bindings are one, different ones are ambiguous.
    pub(crate) fn merge(&mut self, graph: &Graph, from: &Found<'g>) {
        self.through |= from.through;
        self.ambiguous |= from.ambiguous;
        match (self.hot, from.hot) {
            (None, hot) => (self.hot, self.entry) = (hot, from.entry),
            (Some(a), Some(b)) => self.ambiguous |= !same_binding(graph, a, b),
            (Some(_), None) => {}
        }
        for external in &from.externals {
            let same =
                |it: &&mut External| (it.module, it.name) == (external.module, external.name);
            match self.externals.iter_mut().find(same) {
                Some(known) => known.by_name |= external.by_name,
                None => self.externals.push(*external),
            }
        }
    }

    /// Whoever asks from outside reads all of it from here.
    pub(crate) fn enter_at(&mut self, entry: Entry<'g>) {
        self.entry = self.hot.map(|_| entry);
        for external in &mut self.externals {
            external.entry = entry;
        }
    }

    /// The one hot binding it stands for.
    pub(crate) fn only_hot(&self) -> Option<Hot> {
        self.hot.filter(|_| !self.ambiguous)
    }

    /// The one answer. Externals count only where no hot module answers, and those asked for by
    /// name count before those reached by a star: see [`Found::rivals`].
    pub(crate) fn resolution(&self, graph: &Graph) -> Resolution {
        let mut named = self.externals.iter().filter(|external| external.by_name);
        match (self.ambiguous, self.hot, named.next(), named.next()) {
            (true, ..) => Resolution::Ambiguous,
            (_, Some(_), ..) if let Some(entry) = self.entry => Resolution::External(owned(entry)),
            (_, Some(Hot::Namespace(module)), ..) => Resolution::Namespace(module),
            (_, Some(Hot::Local(module, at)), ..) => {
                let record = graph.get(module).expect("a local export has a record");
                Resolution::Binding { module, name: record.local_exports[at as usize].name.clone() }
            }
            (_, None, Some(only), None) => Resolution::External(only.owned()),
            _ => self.stars(),
        }
    }

    fn stars(&self) -> Resolution {
        let mut entries: Vec<ExternalName> = Vec::new();
        for external in self.externals.iter().map(External::owned) {
            if !entries.contains(&external) {
                entries.push(external);
            }
        }
        match entries.len() {
            0 => Resolution::NotFound,
            1 => Resolution::External(entries.remove(0)),
            _ => Resolution::ExternalStars(entries),
        }
    }

    /// The externals that were not chosen, but would make the name ambiguous if they had it.
    pub(crate) fn rivals(&self, chosen: &Resolution) -> Vec<ExternalName> {
        let passed_over = |external: &&External| match chosen {
            Resolution::Binding { .. } | Resolution::Namespace(_) => true,
            Resolution::External(chosen) => external.owned() != *chosen,
            _ => false,
        };
        self.externals.iter().filter(passed_over).map(External::owned).collect()
    }
}

impl External<'_> {
    fn owned(&self) -> ExternalName {
        owned(self.entry)
    }
}

fn owned((module, name): Entry) -> ExternalName {
    ExternalName { module, name: Arc::from(name) }
}

/// Whether two resolved bindings are the same, which two exported names of one local name are.
fn same_binding(graph: &Graph, a: Hot, b: Hot) -> bool {
    match (a, b) {
        (Hot::Local(a, at), Hot::Local(b, bt)) if a == b && at != bt => {
            let exports = graph.get(a).map_or(&[][..], |module| &module.local_exports);
            exports[at as usize].local == exports[bt as usize].local
        }
        _ => a == b,
    }
}
