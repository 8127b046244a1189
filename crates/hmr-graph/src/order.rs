//! Evaluation order: the traversal of `InnerModuleEvaluation`, without evaluating anything.
//!
//! The recursion of ECMA-262 sec-innermoduleevaluation with its own stack, so that depth costs
//! memory and nothing else. The same traversal finds the cycles of the graph.

use crate::graph::Graph;
use crate::module::{Kind, ModuleId, RequestKind};

/// What evaluating one module and everything it requests statically amounts to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Order {
    /// Dependencies first, in the order in which they are to be started.
    pub steps: Vec<Step>,
    /// Some step must be awaited; if not, all of it can run synchronously.
    pub is_async: bool,
}

/// One module to be evaluated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Which one.
    pub module: ModuleId,
    /// The number of the cycle it is a member of (two or more modules, or one that imports itself),
    /// counted from 0 within this order: its environment must exist before it runs.
    pub cycle: Option<u32>,
    /// It is finished only later: it has a top-level `await` or waits for a module that has.
    pub is_async: bool,
    /// It may start only when these earlier steps have finished (`[[PendingAsyncDependencies]]`).
    /// A step with none starts at once, even while earlier ones are still pending: siblings with
    /// top-level await run side by side.
    pub waits_for: Vec<ModuleId>,
}

impl Order {
    /// The modules of its steps, in order.
    pub fn modules(&self) -> impl ExactSizeIterator<Item = ModuleId> + '_ {
        self.steps.iter().map(|step| step.module)
    }
}

impl Graph {
    /// The order in which evaluating `entry` evaluates modules, `entry` last. Modules for which
    /// `already` holds are left out and not looked through.
    pub fn evaluation_order(&self, entry: ModuleId, already: impl Fn(ModuleId) -> bool) -> Order {
        let visit = |id| {
            if already(id) { Visit::Skip } else { Visit::Evaluate }
        };
        let mut traversal = Traversal::new(self, visit);
        traversal.evaluate(entry);
        traversal.order
    }
}

/// What to do with a module come upon.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Visit {
    /// It is evaluated, and so is all it imports.
    Skip,
    /// It stays, but something below it may be evaluated.
    LookThrough,
    /// It gets a step.
    Evaluate,
}

/// `InnerModuleEvaluation` of one entry after the other.
pub(crate) struct Traversal<'g, F> {
    graph: &'g Graph,
    visit: F,
    pub(crate) order: Order,
    /// For each id one more than its index in `visited`, or 0.
    seen: Vec<u32>,
    /// In the order of `[[DFSIndex]]`, which is the index.
    visited: Vec<Visited>,
    /// Modules whose evaluation is under way: the call stack of the recursion.
    calls: Vec<u32>,
    /// Modules whose cycle is not complete yet: the standard's `stack`.
    open: Vec<u32>,
    cycles: u32,
}

struct Visited {
    module: ModuleId,
    next_request: u32,
    /// `[[DFSAncestorIndex]]`
    ancestor: u32,
    /// `[[CycleRoot]]`, once that is evaluated.
    cycle_root: Option<u32>,
    step: Option<u32>,
    imports_itself: bool,
    waits_for: Vec<ModuleId>,
}

impl<'g, F: Fn(ModuleId) -> Visit> Traversal<'g, F> {
    pub(crate) fn new(graph: &'g Graph, visit: F) -> Self {
        let seen = vec![0; graph.id_count()];
        let order = Order::default();
        Self { graph, visit, order, seen, visited: vec![], calls: vec![], open: vec![], cycles: 0 }
    }

    /// Adds what evaluating `entry` needs and what was not added before.
    pub(crate) fn evaluate(&mut self, entry: ModuleId) {
        if self.index(entry).is_none() {
            self.enter(entry);
        }
        while let Some(&at) = self.calls.last() {
            match self.next_request(at) {
                Some(target) => self.require(at, target),
                None => self.leave(at),
            }
        }
    }

    fn index(&self, id: ModuleId) -> Option<u32> {
        self.seen.get(id as usize)?.checked_sub(1)
    }

    /// Steps 4 to 10.
    fn enter(&mut self, id: ModuleId) {
        if self.graph.get(id).is_none() || (self.visit)(id) == Visit::Skip {
            return;
        }
        let at = self.visited.len() as u32;
        self.seen[id as usize] = at + 1;
        self.visited.push(Visited {
            module: id,
            next_request: 0,
            ancestor: at,
            cycle_root: None,
            step: None,
            imports_itself: false,
            waits_for: Vec::new(),
        });
        self.calls.push(at);
        self.open.push(at);
    }

    /// Step 11: For each ModuleRequest Record required of module.`[[RequestedModules]]`, do
    fn next_request(&mut self, at: u32) -> Option<ModuleId> {
        let visited = &mut self.visited[at as usize];
        let module = self.graph.get(visited.module)?;
        // Node evaluates what a package consists of.
        if module.kind == Kind::Transparent {
            return None;
        }
        let requests = &module.requests;
        while let Some(request) = requests.get(visited.next_request as usize) {
            visited.next_request += 1;
            if request.kind == RequestKind::Static {
                return Some(request.target);
            }
        }
        None
    }

    /// Step 11.b: InnerModuleEvaluation(requiredModule, stack, index), which returns at once for a
    /// module seen before (steps 2 and 3).
    fn require(&mut self, at: u32, target: ModuleId) {
        match self.index(target) {
            Some(required) => self.required(at, required),
            None => self.enter(target),
        }
    }

    /// Step 11.c, after the required module returned.
    fn required(&mut self, at: u32, required: u32) {
        let (ancestor, awaited) = {
            let required = &self.visited[required as usize];
            match required.cycle_root {
                // 11.c.iii. If requiredModule.[[Status]] is evaluating, set module.[[DFSAncestorIndex]] to
                // min(module.[[DFSAncestorIndex]], requiredModule.[[DFSAncestorIndex]]).
                None => (Some(required.ancestor), required),
                // 11.c.iv.1. Set requiredModule to requiredModule.[[CycleRoot]].
                Some(root) => (None, &self.visited[root as usize]),
            }
        };
        // 11.c.v. If requiredModule.[[AsyncEvaluationOrder]] is an integer, then module waits for it.
        let step = awaited.step.map(|step| &self.order.steps[step as usize]);
        let waits_for = step.filter(|step| step.is_async).map(|step| step.module);
        let visited = &mut self.visited[at as usize];
        visited.imports_itself |= at == required;
        visited.ancestor = visited.ancestor.min(ancestor.unwrap_or(visited.ancestor));
        if let Some(module) = waits_for
            && !visited.waits_for.contains(&module)
        {
            visited.waits_for.push(module);
        }
    }

    /// Steps 12 to 16, and the return to the importer.
    fn leave(&mut self, at: u32) {
        let visited = &mut self.visited[at as usize];
        let (id, ancestor) = (visited.module, visited.ancestor);
        if (self.visit)(id) == Visit::Evaluate {
            // 12. If module.[[PendingAsyncDependencies]] > 0 or module.[[HasTLA]] is true, then set
            // module.[[AsyncEvaluationOrder]]; 13. else perform module.ExecuteModule().
            let waits_for = std::mem::take(&mut visited.waits_for);
            let awaits = self.graph.get(id).is_some_and(|module| module.top_level_await);
            let is_async = awaits || !waits_for.is_empty();
            visited.step = Some(self.order.steps.len() as u32);
            self.order.is_async |= is_async;
            self.order.steps.push(Step { module: id, cycle: None, is_async, waits_for });
        }
        // 16. If module.[[DFSAncestorIndex]] = module.[[DFSIndex]], then its cycle is complete.
        if ancestor == at {
            self.close(at);
        }
        self.calls.pop();
        if let Some(&importer) = self.calls.last() {
            self.required(importer, at);
        }
    }

    /// Step 16.b: removes the members of a cycle from the stack, each with `root` as its `[[CycleRoot]]`.
    fn close(&mut self, root: u32) {
        let from = self.open.iter().rposition(|&at| at == root).expect("entered before");
        let is_cycle = from + 1 < self.open.len() || self.visited[root as usize].imports_itself;
        for at in self.open.drain(from..) {
            let member = &mut self.visited[at as usize];
            member.cycle_root = Some(root);
            if let Some(step) = member.step.filter(|_| is_cycle) {
                self.order.steps[step as usize].cycle = Some(self.cycles);
            }
        }
        self.cycles += u32::from(is_cycle);
    }
}
