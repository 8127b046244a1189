//! From planned steps to what the runtime is told: link results, executable texts, rebindings.

mod early;
mod opened;

use hmr_graph::{ExternalImport, LinkedImport, Linking, RequestKind, Update};
use hmr_transform::Form;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::deep;
use crate::link::Unlinked;
use crate::namespace::target;
use crate::node::Rendered;
use crate::plan::{Definition, DefinitionKind, Plan, Rebinding, Step, Target};
use crate::session::{ModuleId, NodeKind, Session, Undo};
use crate::source_map::source_map;

/// From this many texts on, rendering in parallel pays.
const PARALLEL_FROM: usize = 16;

/// What is going to be evaluated, and how it links.
#[derive(Default)]
pub(crate) struct Emitter {
    steps: Vec<hmr_graph::Step>,
    /// The modules of `steps`.
    evaluated: FxHashSet<ModuleId>,
    rebind: Vec<ModuleId>,
    stale: Vec<ModuleId>,
    boundaries: Vec<hmr_graph::Boundary>,
    /// A chain that nobody accepts: the rest only serves to prove that the new version links.
    restart: Option<Vec<ModuleId>>,
    linked: FxHashMap<ModuleId, Vec<LinkedImport>>,
    externals: Vec<ExternalImport>,
    /// Imports, by module and slot, that functions may read before the module they come from has run.
    late: FxHashSet<(ModuleId, usize)>,
    /// Modules outside of cycles that functions of a cycle may call before they run.
    opened: FxHashSet<ModuleId>,
    /// Modules of Node that may be seen before they run.
    linked_early: FxHashSet<ModuleId>,
    /// Cycles of which somebody has a namespace while they run.
    seen_early: FxHashSet<u32>,
    /// The module that is imported.
    root: Option<ModuleId>,
}

/// The executable text of a module that is evaluated.
enum Text {
    New(String),
    /// That of the running instance.
    Running,
    /// It has none.
    None,
}

impl Text {
    fn if_new(self) -> Option<String> {
        match self {
            Self::New(text) => Some(text),
            Self::Running | Self::None => None,
        }
    }
}

/// What a climb through importers has to know beside the graph.
pub(crate) struct Above<'a> {
    /// A module that does not accept what it has become, and that nobody imports.
    pub top: Option<ModuleId>,
    /// Modules that nothing needs any more, sorted.
    pub leaving: &'a [ModuleId],
}

impl Emitter {
    /// The steps that make `roots` current after `changed` changed. `root`: the one that is imported.
    pub fn new(
        session: &Session,
        changed: &[ModuleId],
        roots: &[ModuleId],
        root: Option<ModuleId>,
        above: &Above,
    ) -> Self {
        let evaluated = |id| session.is_evaluated(id);
        let (plan, restart) = planned(session, changed, roots, above);
        let affected: FxHashSet<_> = plan.evaluate.steps.iter().map(|step| step.module).collect();
        let mut steps: Vec<hmr_graph::Step> = Vec::new();
        let mut seen = FxHashSet::default();
        let mut cycles = 0;
        let accepted = plan.boundaries.iter().map(|boundary| boundary.accepted);
        let inner = accepted.filter(|id| !roots.contains(id));
        let tops: Vec<_> = inner.chain(roots.iter().copied()).collect();
        for top in tops {
            let already = |id| seen.contains(&id) || (evaluated(id) && !affected.contains(&id));
            let order = session.graph.evaluation_order(top, already);
            let first = cycles;
            for mut step in order.steps {
                step.cycle = step.cycle.map(|cycle| cycle + first);
                cycles = cycles.max(step.cycle.map_or(0, |cycle| cycle + 1));
                seen.insert(step.module);
                steps.push(step);
            }
        }
        let mut stale = plan.dynamic;
        stale.extend(affected.iter().copied().filter(|id| !seen.contains(id)));
        let changed = changed.iter().copied().filter(|id| !seen.contains(id) && evaluated(*id));
        stale.extend(changed);
        let runs = |id| evaluated(id) || session.is_loading(id);
        let rebind = plan.rebind.into_iter().filter(|id| !seen.contains(id) && runs(*id));
        Self {
            steps,
            rebind: rebind.collect(),
            stale,
            boundaries: plan.boundaries,
            restart,
            evaluated: seen,
            root,
            ..Self::default()
        }
    }

    /// Binds the imports of everything that is evaluated or rebound.
    pub fn link(mut self, session: &Session) -> Result<Self, Unlinked> {
        let modules = self.steps.iter().map(|step| step.module);
        let ids: Vec<_> = modules.chain(self.rebind.iter().copied()).collect();
        let mut linking = session.graph.link(&ids);
        if !linking.errors.is_empty() {
            return Err(self.unlinked(session, &linking));
        }
        self.linked = std::mem::take(&mut linking.modules).into_iter().collect();
        self.externals = linking.externals;
        Ok(self)
    }

    /// Why it does not link, and what Node would load and link before.
    fn unlinked(&self, session: &Session, linking: &Linking) -> Unlinked {
        let externals = self.steps.iter().filter(|step| session.graph.is_external(step.module));
        let externals = externals
            .filter_map(|step| self.definition(session, step, None, Text::None, &mut Vec::new()));
        let fails = linking.errors.first().map(|error| error.importer);
        let first = self.steps.iter().take_while(|step| Some(step.module) != fails);
        let first = first.map(|step| Step { id: step.module, ..Step::default() });
        Unlinked {
            modules: externals.collect(),
            steps: first.collect(),
            ..session.unlinked(linking, self.root)
        }
    }

    pub fn evaluates(&self, id: ModuleId) -> bool {
        self.evaluated.contains(&id)
    }

    /// Running importers that must be evaluated anew although they did not change: their text would
    /// be another one, because a binding they import must be read live now, or they are in one
    /// cycle with a module that is evaluated, whose functions call theirs before it is finished.
    pub fn outdated(&self, session: &Session) -> Vec<ModuleId> {
        if self.restart.is_some() {
            return Vec::new();
        }
        let hot = |id: ModuleId| session.node(id).is_some_and(|node| !node.is_native());
        let in_cycle = |id| {
            let mut targets = session.graph.dependencies(id);
            targets.any(|(target, _)| {
                self.evaluates(target)
                    && !self.is_accepted(session, target)
                    && session.graph.same_cycle(id, target)
            })
        };
        let outdated = |id| self.reads_otherwise(session, id) || in_cycle(id);
        self.rebind.iter().copied().filter(|&id| hot(id) && outdated(id)).collect()
    }

    /// A module said that it accepts changes of this one: its importers need not be evaluated, whatever
    /// cycles they are in.
    fn is_accepted(&self, session: &Session, id: ModuleId) -> bool {
        let mut accepted = self.boundaries.iter().map(|boundary| boundary.accepted);
        !session.entries.contains_key(&id) && accepted.any(|accepted| accepted == id)
    }

    fn reads_otherwise(&self, session: &Session, id: ModuleId) -> bool {
        let running = session.node(id).and_then(|node| node.rendered.as_ref());
        let was_live = |slot| running.is_some_and(|it| it.live.get(slot).is_some_and(|live| *live));
        self.live(id).iter().enumerate().any(|(slot, &live)| live && !was_live(slot))
    }

    /// The plan and its texts. What the plan replaces in the session goes to `undo`.
    pub fn emit(mut self, session: &mut Session, undo: &mut Undo) -> (Plan, Vec<String>) {
        if let Some(chain) = &self.restart {
            return (Plan { restart: session.urls(chain), ..Plan::default() }, Vec::new());
        }
        let mut plan = Plan { stale: self.stale.clone(), ..Plan::default() };
        let boundaries = self.boundaries.iter();
        plan.boundaries = boundaries.map(|boundary| session.boundary(boundary)).collect();
        for &id in &self.stale {
            // From now on: an `import()` in the middle of the update is to get the new version.
            if let Some(node) = session.node_mut(id)
                && std::mem::take(&mut node.evaluated)
            {
                undo.stale.push(id);
            }
        }
        self.leave_native(session, undo, &mut plan);
        self.mark_late_imports(session);
        self.mark_early_namespaces(session);
        let replaced: FxHashSet<_> = undo.replaced.iter().map(|(id, ..)| *id).collect();
        let render = |step| self.render(session, step, replaced.contains(&step.module));
        let rendered: Vec<(Option<Rendered>, Text)> = if self.steps.len() >= PARALLEL_FROM {
            deep::threads().install(|| self.steps.par_iter().map(render).collect())
        } else {
            self.steps.iter().map(render).collect()
        };
        let mut codes = Vec::new();
        plan.checks = session.checks(&self.externals, self.root);
        let external = |id| session.graph.is_external(id);
        let awaits = self.steps.iter().any(|step| step.is_async || external(step.module))
            || !session.failed.is_empty();
        undo.steps.extend(&self.evaluated);
        for (step, (rendered, text)) in self.steps.iter().zip(rendered) {
            plan.modules.extend(self.definition(
                session,
                step,
                rendered.as_ref(),
                text,
                &mut codes,
            ));
            undo.rendered.extend(rendered.map(|rendered| (step.module, rendered)));
            let (id, is_async) = (step.module, step.is_async);
            let dependencies = if awaits { self.dependencies(session, id) } else { Vec::new() };
            let again = session.is_evaluated(id);
            plan.steps.push(Step { id, again, is_async, dependencies });
        }
        let steps: Vec<_> = self.steps.iter().map(|step| step.module).collect();
        plan.imports_dynamically = session.imports_dynamically(&steps);
        plan.namespaces = session.imported_namespaces(&steps);
        for &id in &self.rebind {
            if session.node(id).is_some_and(|node| !node.is_native()) {
                plan.rebind.push(Rebinding { id, bindings: self.bindings(session, id) });
            }
        }
        (plan, codes)
    }

    /// Modules shared with Node that changed, or are evaluated anew, become hot.
    fn leave_native(&self, session: &mut Session, undo: &mut Undo, plan: &mut Plan) {
        for step in &self.steps {
            let id = step.module;
            let Some(node) = session.node(id) else { continue };
            let again = node.is_native() && node.evaluated;
            if again && let Some(module) = session.graph.get(id).cloned() {
                undo.replaced.push((id, node.clone(), module));
            }
        }
        for (id, old, _) in &undo.replaced {
            if !old.is_native() {
                continue;
            }
            if let Some(node) = session.node_mut(*id)
                && let NodeKind::Module { native, .. } = &mut node.kind
            {
                *native = false;
            }
            session.tell_assignments(*id);
            undo.left.push(old.url.clone());
        }
        plan.left_behind = session.native.left_behind(&undo.left);
    }

    fn live(&self, id: ModuleId) -> Vec<bool> {
        self.linked.get(&id).into_iter().flatten().map(|import| import.live).collect()
    }

    /// How a module is rendered, and the text that comes of it.
    fn render(
        &self,
        session: &Session,
        step: &hmr_graph::Step,
        is_replaced: bool,
    ) -> (Option<Rendered>, Text) {
        let Some(node) = session.node(step.module) else { return (None, Text::None) };
        match &node.kind {
            NodeKind::Module { native: false, parsed, source } => {
                let form = Form::new(parsed.record.top_level_await, step.cycle.is_some());
                let (live, late) = (self.live(step.module), self.late(step.module));
                let seen_early = self.is_seen_early(step);
                let rendered = Rendered { live, late, form, seen_early };
                let runs = node.evaluated && node.running.is_none() && !is_replaced;
                let text = if runs && node.rendered.as_ref() == Some(&rendered) {
                    Text::Running
                } else {
                    Text::New(parsed.render(source.code(), &rendered.context()))
                };
                (Some(rendered), text)
            }
            NodeKind::Json { source } => (None, Text::New(source.text.to_string())),
            _ => (None, Text::None),
        }
    }

    fn definition(
        &self,
        session: &Session,
        step: &hmr_graph::Step,
        rendered: Option<&Rendered>,
        text: Text,
        codes: &mut Vec<String>,
    ) -> Option<Definition> {
        let id = step.module;
        let node = session.node(id)?;
        let code = codes.len() as u32;
        let is_running = matches!(text, Text::Running);
        codes.extend(text.if_new());
        let kind = match &node.kind {
            NodeKind::Module { native: true, .. } => DefinitionKind::Native,
            NodeKind::Module { .. } if is_running => {
                DefinitionKind::Again { cycle: step.cycle, bindings: self.bindings(session, id) }
            }
            NodeKind::Module { parsed, source, .. } => {
                let rendered = rendered?;
                let (live, context) = (&rendered.live, rendered.context());
                DefinitionKind::Module {
                    code,
                    version: format!("{:x}", source.hash),
                    map: source_map(node, &context),
                    other_places: parsed.has_other_places(&context),
                    evals: parsed.record.direct_eval.then(|| live.clone()),
                    meta: parsed.record.uses_meta,
                    mentions_hot: source.text.contains("hot"),
                    awaits: parsed.record.top_level_await,
                    cycle: step.cycle,
                    exports: parsed.record.local_exports.iter().map(|e| e.name.clone()).collect(),
                    name_default: parsed.default_to_name(rendered.form),
                    bindings: self.bindings(session, id),
                    live: parsed.live_slots(live),
                    pushed: if rendered.seen_early {
                        (0..parsed.record.local_exports.len() as u32).collect()
                    } else {
                        parsed.record.pushed()
                    },
                }
            }
            NodeKind::Json { .. } => DefinitionKind::Json { code },
            NodeKind::External { .. } if session.is_evaluated(id) => DefinitionKind::Script,
            NodeKind::External { specifier, parent, attributes, tried } => {
                DefinitionKind::External {
                    specifier: specifier.clone(),
                    parent: parent.clone(),
                    attributes: attributes.clone(),
                    tried: tried.clone(),
                    common_js: session.is_common_js(id),
                    early: self.linked_early.contains(&id),
                }
            }
        };
        Some(Definition { id, url: node.url.clone(), kind })
    }

    fn dependencies(&self, session: &Session, id: ModuleId) -> Vec<ModuleId> {
        if session.graph.is_external(id) {
            return Vec::new();
        }
        let requests = session.graph.dependencies(id);
        let requests = requests.filter(|&(_, kind)| kind == RequestKind::Static);
        requests.map(|(target, _)| target).filter(|&target| self.evaluates(target)).collect()
    }

    fn bindings(&self, session: &Session, id: ModuleId) -> Vec<Target> {
        let imports = self.linked.get(&id).into_iter().flatten();
        imports.map(|import| target(session, &import.target)).collect()
    }
}

/// The update that `changed` leads to, or what proves it and the chain that makes a restart necessary.
fn planned(
    session: &Session,
    changed: &[ModuleId],
    entries: &[ModuleId],
    &Above { top, leaving }: &Above,
) -> (hmr_graph::Plan, Option<Vec<ModuleId>>) {
    let stale = |id| !session.is_evaluated(id);
    let (changed, roots) = (session.origins(changed), session.program_roots());
    let restart = top.map(|id| vec![id]);
    if changed.is_empty() {
        return (hmr_graph::Plan::default(), restart);
    }
    let update = Update { changed: &changed, entries, roots: &roots, leaving };
    let plan = session.graph.plan_update(update, stale);
    let Some(chain) = restart.or_else(|| session.needs_restart(&plan)) else {
        return (plan, None);
    };
    let update = Update { changed: &changed, entries: &changed, roots: &[], leaving };
    (session.graph.plan_update(update, stale), Some(chain))
}
