//! `ResolveExport`: which binding a name stands for.
//!
//! The standard walks from (module, name) to (module, name), never entering a pair twice, and every
//! binding it comes upon reaches the caller: none means missing, two different ones mean ambiguous.
//! So the answer is the set of bindings that can be reached, which does not depend on where a walk
//! began; that is why answers, including those of pairs in circles, can be kept and shared
//! (the standard's resolveSet only keeps its recursion finite). The walk below is Tarjan's algorithm
//! over pairs with its own stack: all pairs of one circle get the same answer.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::graph::{Explicit, Graph};
use crate::module::{ImportName, Kind, Module, ModuleId};
use crate::resolution::{External, ExternalName, Found, Hot, Resolution};
use crate::star_index::StarIndexes;

impl Graph {
    /// `module.ResolveExport(name)`.
    pub fn resolve_export(&self, module: ModuleId, name: &str) -> Resolution {
        let name = Arc::from(name);
        Resolver::new(self, None).find(module, &name).resolution(self)
    }

    /// Whether a transparent module's binding may be assigned after that module was evaluated.
    pub fn is_assigned_later(&self, external: &ExternalName) -> bool {
        let found = Resolver::new(self, None).find(external.module, &external.name);
        let Some(Hot::Local(module, at)) = found.only_hot() else { return false };
        let exports = self.get(module).map(|module| &module.local_exports);
        exports.is_some_and(|exports| exports[at as usize].mutated_unseen)
    }
}

/// Answers many questions about one state of the graph.
pub(crate) struct Resolver<'g> {
    graph: &'g Graph,
    /// Modules whose part in an answer is to be noted, see [`Found::through`].
    marked: Option<&'g dyn Fn(ModuleId) -> bool>,
    answers: FxHashMap<Pair<'g>, Found<'g>>,
    stars: StarIndexes<'g>,
}

type Pair<'g> = (ModuleId, &'g str);

/// Where a pair leads.
enum Look<'g> {
    Done(Found<'g>),
    Open(Edges<'g>),
}

#[derive(Clone, Copy)]
enum Edges<'g> {
    /// One other pair.
    One(ModuleId, &'g Arc<str>),
    /// The same name in each star export.
    Stars(&'g Module, &'g Arc<str>),
}

/// One pair being walked.
struct Frame<'g> {
    pair: Pair<'g>,
    edges: Edges<'g>,
    next: usize,
    lowest: u32,
    found: Found<'g>,
}

/// The state of one walk.
#[derive(Default)]
struct Walk<'g> {
    frames: Vec<Frame<'g>>,
    /// Pairs whose circle is not complete yet, and their position in that list.
    open: Vec<Pair<'g>>,
    positions: FxHashMap<Pair<'g>, u32>,
}

impl<'g> Resolver<'g> {
    pub(crate) fn new(graph: &'g Graph, marked: Option<&'g dyn Fn(ModuleId) -> bool>) -> Self {
        Self { graph, marked, answers: FxHashMap::default(), stars: StarIndexes::default() }
    }

    /// `module.ResolveExport(name)`, as a set of bindings.
    pub(crate) fn find(&mut self, module: ModuleId, name: &'g Arc<str>) -> Found<'g> {
        match self.look(module, name, true) {
            Look::Done(found) => found,
            Look::Open(edges) => {
                if let Some(found) = self.answers.get(&(module, &**name)) {
                    return found.clone();
                }
                let mut walk = Walk::default();
                self.enter(&mut walk, module, name, edges);
                self.walk(&mut walk)
            }
        }
    }

    /// The steps of ECMA-262 sec-resolveexport that need no other module.
    fn look(&self, id: ModuleId, name: &'g Arc<str>, by_name: bool) -> Look<'g> {
        let Some(module) = self.graph.get(id) else {
            return Look::Done(Found::default());
        };
        if module.kind == Kind::External {
            let externals = vec![External { module: id, name, by_name, entry: (id, name) }];
            let through = self.is_marked(id);
            return Look::Done(Found { externals, through, ..Found::default() });
        }
        match self.graph.explicit(id, name) {
            // 5.a.ii. Return ResolvedBinding Record { [[Module]]: module, [[BindingName]]: e.[[LocalName]] }.
            Some(Explicit::Local(at)) => {
                let namespace = module.local_exports[at as usize].namespace;
                let target = namespace.map(|request| module.requests[request as usize].target);
                let hot = target.map_or(Hot::Local(id, at), Hot::Namespace);
                Look::Done(self.hot(id, name, hot))
            }
            Some(Explicit::Indirect(at)) => {
                let export = &module.indirect_exports[at as usize];
                let target = module.requests[export.request as usize].target;
                match &export.import {
                    // 6.a.iii.2. Return ResolvedBinding Record { [[Module]]: importedModule,
                    // [[BindingName]]: namespace }.
                    ImportName::Namespace => Look::Done(self.hot(id, name, Hot::Namespace(target))),
                    // 6.a.iv.2. Return importedModule.ResolveExport(e.[[ImportName]], resolveSet).
                    ImportName::Name(name) => Look::Open(Edges::One(target, name)),
                }
            }
            // 7. If exportName is "default", return null.
            None if **name == *"default" => Look::Done(Found::default()),
            // 10. Return starResolution (null, there being no star exports).
            None if module.star_exports.is_empty() => Look::Done(Found::default()),
            // 9. For each ExportEntry Record e of module.[[StarExportEntries]], do
            None => Look::Open(Edges::Stars(module, name)),
        }
    }

    fn hot(&self, by: ModuleId, name: &'g str, hot: Hot) -> Found<'g> {
        let through = self.is_marked(by);
        let entry = self.graph.is_external(by).then_some((by, name));
        Found { hot: Some(hot), entry, through, ..Found::default() }
    }

    fn is_marked(&self, id: ModuleId) -> bool {
        self.marked.is_some_and(|marked| marked(id))
    }

    /// Begins with a pair: steps 2 to 4, which append it to resolveSet.
    fn enter(&mut self, walk: &mut Walk<'g>, id: ModuleId, name: &'g Arc<str>, edges: Edges<'g>) {
        let pair = (id, &**name);
        let position = walk.open.len() as u32;
        walk.open.push(pair);
        walk.positions.insert(pair, position);
        let mut found = Found::default();
        let mut edges = edges;
        if let Edges::Stars(module, name) = edges
            && let Some(index) = self.stars.of(self.graph, self.marked, id, module)
            && let Some(only) = index.only_source(self.graph, name)
        {
            let externals = index.externals();
            found.externals.extend(externals.map(|module| External {
                module,
                name,
                by_name: false,
                entry: (module, &**name),
            }));
            match only {
                Some(source) => edges = Edges::One(source, name),
                None => edges = Edges::Stars(&EMPTY, name),
            }
        }
        walk.frames.push(Frame { pair, edges, next: 0, lowest: position, found });
    }

    /// Walks until the first pair entered is complete, and returns its answer.
    fn walk(&mut self, walk: &mut Walk<'g>) -> Found<'g> {
        loop {
            let frame = walk.frames.last_mut().expect("the first frame returns below");
            let Some((id, name, by_name)) = frame.edges.get(frame.next) else {
                let found = self.leave(walk);
                match walk.frames.last_mut() {
                    Some(parent) => parent.found.merge(self.graph, &found),
                    None => return found,
                }
                continue;
            };
            frame.next += 1;
            match self.look(id, name, by_name) {
                Look::Done(found) => frame.found.merge(self.graph, &found),
                Look::Open(edges) => {
                    let pair = (id, &**name);
                    if let Some(found) = self.answers.get(&pair) {
                        frame.found.merge(self.graph, found);
                    } else if let Some(&position) = walk.positions.get(&pair) {
                        // 3.a.ii. Return null: a circular request adds nothing.
                        frame.lowest = frame.lowest.min(position);
                    } else {
                        self.enter(walk, id, name, edges);
                    }
                }
            }
        }
    }

    /// Ends with a pair, and with its circle if it was the first of that to be entered.
    fn leave(&mut self, walk: &mut Walk<'g>) -> Found<'g> {
        let Frame { pair, lowest, mut found, .. } = walk.frames.pop().expect("called for a frame");
        found.through |= !found.is_empty() && self.is_marked(pair.0);
        let position = walk.positions[&pair];
        if lowest < position {
            if let Some(parent) = walk.frames.last_mut() {
                parent.lowest = parent.lowest.min(lowest);
            }
            return found;
        }
        let circle = walk.open.split_off(position as usize);
        found.through |= !found.is_empty() && circle.iter().any(|pair| self.is_marked(pair.0));
        for &other in &circle[1..] {
            walk.positions.remove(&other);
            self.answers.insert(other, self.seen_from(other, found.clone()));
        }
        walk.positions.remove(&pair);
        let found = self.seen_from(pair, found);
        self.answers.insert(pair, found.clone());
        found
    }

    /// What lies behind an external module is read from that module's namespace.
    fn seen_from(&self, pair: Pair<'g>, mut found: Found<'g>) -> Found<'g> {
        if self.graph.is_external(pair.0) {
            found.enter_at(pair);
        }
        found
    }
}

/// A module with nothing in it, for a name that a star index does not know.
static EMPTY: Module = Module {
    requests: Vec::new(),
    imports: Vec::new(),
    local_exports: Vec::new(),
    indirect_exports: Vec::new(),
    star_exports: Vec::new(),
    top_level_await: false,
    kind: Kind::Hot,
    accept: crate::module::Accept {
        self_accepting: false,
        dependencies: Vec::new(),
        exports: Vec::new(),
        declined: false,
    },
};

impl<'g> Edges<'g> {
    fn get(&self, at: usize) -> Option<(ModuleId, &'g Arc<str>, bool)> {
        match *self {
            Edges::One(target, name) => (at == 0).then_some((target, name, true)),
            Edges::Stars(module, name) => {
                let request = *module.star_exports.get(at)?;
                Some((module.requests[request as usize].target, name, false))
            }
        }
    }
}
