//! Which modules import each other in circles: the graph's strongly connected components.
//!
//! Found by one traversal of everything, and then kept as long as changes to the graph provably
//! leave them as they are, because that traversal takes milliseconds in a large graph and hardly any
//! edit of an import opens or closes a circle. It does not try to mend them: in doubt they are
//! found anew.

use rustc_hash::FxHashSet;

use crate::graph::Graph;
use crate::module::{ModuleId, RequestKind};
use crate::order::{Traversal, Visit};

/// How many modules a proof may look at before finding the cycles anew is the better bargain.
const PATIENCE: usize = 2_000;

#[derive(Clone, Debug, Default)]
pub(crate) struct Cycles(Vec<Option<u32>>);

impl Cycles {
    pub(crate) fn of_graph(graph: &Graph) -> Self {
        let mut traversal = Traversal::new(graph, |_| Visit::Evaluate);
        for (id, _) in graph.modules() {
            traversal.evaluate(id);
        }
        let mut cycles = vec![None; graph.id_count()];
        for step in &traversal.order.steps {
            cycles[step.module as usize] = step.cycle;
        }
        Self(cycles)
    }

    /// The number of the cycle that a module is a member of.
    pub(crate) fn of(&self, id: ModuleId) -> Option<u32> {
        self.0.get(id as usize).copied().flatten()
    }

    /// Whether both are members of one cycle. An edge between modules of which this is not true
    /// can go without a change to any cycle.
    pub(crate) fn has_both(&self, a: ModuleId, b: ModuleId) -> bool {
        let cycle = self.of(a);
        cycle.is_some() && cycle == self.of(b)
    }
}

/// Whether a new static edge certainly closes no circle: `to` does not lead to `from`. Searched
/// from both ends in turns, since mostly one of them is near the rim of the graph.
pub(crate) fn closes_no_circle(graph: &Graph, from: ModuleId, to: ModuleId) -> bool {
    let mut down = Search::at(to);
    let mut up = Search::at(from);
    for _ in 0..PATIENCE {
        let (Some(below), Some(above)) = (down.next(), up.next()) else { return true };
        if up.seen.contains(&below) || down.seen.contains(&above) {
            return false;
        }
        down.add(graph.dependencies(below));
        up.add(graph.importers(above));
    }
    false
}

struct Search {
    seen: FxHashSet<ModuleId>,
    pending: Vec<ModuleId>,
}

impl Search {
    fn at(id: ModuleId) -> Self {
        Self { seen: FxHashSet::from_iter([id]), pending: vec![id] }
    }

    fn next(&mut self) -> Option<ModuleId> {
        self.pending.pop()
    }

    fn add(&mut self, edges: impl Iterator<Item = (ModuleId, RequestKind)>) {
        for (id, _) in edges.filter(|edge| edge.1 == RequestKind::Static) {
            if self.seen.insert(id) {
                self.pending.push(id);
            }
        }
    }
}
