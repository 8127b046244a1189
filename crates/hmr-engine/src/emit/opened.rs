//! Modules that Node orders, since it evaluates modules of its own that import some of them.

use rustc_hash::FxHashSet;

use super::Emitter;
use super::early::is_hoisted;
use crate::request::Answer;
use crate::session::{ModuleId, NodeKind, Session};

impl Session {
    /// A package that an open transaction imports imports a module of it. The graph ends at packages, and does not know how
    /// they lie in cycles with hot modules: all modules that are about to run in a form for that. Their functions exist before
    /// they run, what they import may have no value yet, and all that is assigned to their exports is told. The plan has these
    /// modules only, to take the places of the first; nothing if there are none.
    pub fn open_early(&mut self, transaction: u32) -> Option<Answer> {
        let members = self.open.get(&transaction)?.steps.iter().copied();
        let members: Vec<_> = members.filter(|&id| self.is_own(id)).collect();
        let emitter = Emitter::opened(&members).link(self).ok()?.reading_late(self);
        let mut undo = self.open.remove(&transaction)?;
        let (plan, texts) = emitter.emit(self, &mut undo);
        self.open.insert(transaction, undo);
        let sources = self.sources(&plan, texts.len());
        Some(Answer { plan, texts, sources, ..Answer::default() })
    }

    /// Whether a module is hot and has not run.
    fn is_own(&self, id: ModuleId) -> bool {
        let is_module =
            self.node(id).is_some_and(|node| matches!(node.kind, NodeKind::Module { .. }));
        is_module && !self.is_evaluated(id)
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
