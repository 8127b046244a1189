//! Modules that Node sees before they run: a package imports them that they import themselves.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Emitter;
use super::early::{defined_in, is_hoisted};
use crate::request::Answer;
use crate::session::{ModuleId, Session};

impl Session {
    /// A package that `external` leads to imports the module `id` of an open transaction. The modules that are in one cycle
    /// with it (the graph ends at packages, and does not know of it) in a form for that: their functions exist before they
    /// run, what they import may have no value yet, and all that is assigned to their exports is told. The plan has these
    /// modules only, to take the places of the first; nothing if there are none.
    pub fn open_early(
        &mut self,
        transaction: u32,
        id: ModuleId,
        external: ModuleId,
    ) -> Option<Answer> {
        let mut above = self.evaluating(transaction, external);
        above.push(external);
        let mut members = self.around(id, &above);
        members.retain(|&member| member != external);
        if members.is_empty() {
            return None;
        }
        let emitter = self.with_functions(members)?.reading_late(self);
        let mut undo = self.open.remove(&transaction)?;
        let (plan, texts) = emitter.emit(self, &mut undo);
        self.open.insert(transaction, undo);
        let sources = self.sources(&plan, texts.len());
        Some(Answer { plan, texts, sources, ..Answer::default() })
    }

    /// These modules with those whose functions they import or pass on: these can be called, too.
    fn with_functions(&self, mut members: Vec<ModuleId>) -> Option<Emitter> {
        loop {
            let emitter = Emitter::opened(&members).link(self).ok()?;
            let imported = emitter.linked.values().flatten().map(|import| import.target.clone());
            let exported = members.iter().flat_map(|&id| {
                let names = self.graph.exported_names(id).names;
                names.iter().map(|it| it.resolution.clone()).collect::<Vec<_>>()
            });
            let functions = imported.chain(exported).filter(|target| is_hoisted(self, target));
            let mut new: Vec<_> = functions.filter_map(|target| defined_in(&target)).collect();
            new.retain(|id| !members.contains(id) && !self.is_evaluated(*id));
            new.sort_unstable();
            new.dedup();
            if new.is_empty() {
                return Some(emitter);
            }
            members.extend(new);
        }
    }

    /// The hot modules on all ways from one to those that wait `above`.
    fn around(&self, id: ModuleId, above: &[ModuleId]) -> Vec<ModuleId> {
        let mut importers: FxHashMap<ModuleId, Vec<ModuleId>> = FxHashMap::default();
        let (mut seen, mut left) = (FxHashSet::from_iter([id]), vec![id]);
        while let Some(importer) = left.pop() {
            for target in
                self.static_requests(importer).filter(|&target| !self.is_evaluated(target))
            {
                importers.entry(target).or_default().push(importer);
                if seen.insert(target) {
                    left.push(target);
                }
            }
        }
        let mut left: Vec<_> = above.iter().copied().filter(|id| seen.contains(id)).collect();
        let mut around: FxHashSet<ModuleId> = left.iter().copied().collect();
        while let Some(target) = left.pop() {
            let new = importers.remove(&target).unwrap_or_default();
            left.extend(new.into_iter().filter(|&importer| around.insert(importer)));
        }
        let mut around: Vec<_> = around.into_iter().collect();
        around.sort_unstable();
        around
    }
}

impl Emitter {
    /// One cycle that somebody sees while it runs.
    fn opened(members: &[ModuleId]) -> Self {
        let step = |&module| hmr_graph::Step {
            module,
            cycle: Some(0),
            is_async: false,
            waits_for: Vec::new(),
        };
        Self {
            steps: members.iter().map(step).collect(),
            evaluated: members.iter().copied().collect(),
            seen_early: FxHashSet::from_iter([0]),
            ..Self::default()
        }
    }

    /// Their functions may be called when nothing has run that they import.
    fn reading_late(mut self, session: &Session) -> Self {
        for (&id, imports) in &mut self.linked {
            for (slot, import) in imports.iter_mut().enumerate() {
                if !import.live && !is_hoisted(session, &import.target) {
                    import.live = true;
                    self.late.insert((id, slot));
                }
            }
        }
        self
    }
}
