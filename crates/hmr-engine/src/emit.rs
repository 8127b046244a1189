//! From planned steps to what the runtime is told: link results, executable texts, rebindings.

use hmr_graph::{ExternalImport, LinkedImport, Linking, RequestKind, Resolution, Update};
use hmr_transform::{Context, Form, ParsedModule};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::link::Unlinked;
use crate::plan::{Definition, DefinitionKind, Plan, Rebinding, Step, Target};
use crate::session::{ModuleId, NodeKind, Session, Undo};

/// From this many texts on, rendering in parallel pays.
const PARALLEL_FROM: usize = 16;

/// What is going to be evaluated, and how it links.
pub(crate) struct Emitter {
    steps: Vec<hmr_graph::Step>,
    /// The modules of `steps`.
    evaluated: FxHashSet<ModuleId>,
    rebind: Vec<ModuleId>,
    stale: Vec<ModuleId>,
    linked: FxHashMap<ModuleId, Vec<LinkedImport>>,
    externals: Vec<ExternalImport>,
    /// The module that is imported.
    root: Option<ModuleId>,
}

impl Emitter {
    /// The steps that make `roots` current after `changed` changed. `root`: the one that is imported.
    pub fn new(
        session: &Session,
        changed: &[ModuleId],
        roots: &[ModuleId],
        root: Option<ModuleId>,
    ) -> Self {
        let evaluated = |id| session.is_evaluated(id);
        let update = Update { changed, entries: roots, roots: &[] };
        let plan = if changed.is_empty() {
            hmr_graph::Plan::default()
        } else {
            session.graph.plan_update(update, |id| !evaluated(id))
        };
        let affected: FxHashSet<_> = plan.evaluate.steps.iter().map(|step| step.module).collect();
        let mut steps: Vec<hmr_graph::Step> = Vec::new();
        let mut seen = FxHashSet::default();
        let mut cycles = 0;
        for &top in roots {
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
        let rebind = plan.rebind.into_iter().filter(|id| !seen.contains(id) && evaluated(*id));
        let rebind = rebind.collect();
        let (linked, externals) = (FxHashMap::default(), Vec::new());
        Self { steps, rebind, stale, evaluated: seen, linked, externals, root }
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
        let externals =
            externals.filter_map(|step| self.definition(session, step, None, &mut Vec::new()));
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
        let hot = |id: ModuleId| session.node(id).is_some_and(|node| !node.is_native());
        let in_cycle = |id| {
            let mut targets = session.graph.dependencies(id);
            targets
                .any(|(target, _)| self.evaluates(target) && session.graph.same_cycle(id, target))
        };
        let outdated = |id| self.reads_otherwise(session, id) || in_cycle(id);
        self.rebind.iter().copied().filter(|&id| hot(id) && outdated(id)).collect()
    }

    fn reads_otherwise(&self, session: &Session, id: ModuleId) -> bool {
        let running = session.node(id).map_or(&[][..], |node| &node.live);
        let was_live = |slot: usize| running.get(slot).copied().unwrap_or(false);
        self.live(id).iter().enumerate().any(|(slot, &live)| live && !was_live(slot))
    }

    /// The plan and its texts. What the plan replaces in the session goes to `undo`.
    pub fn emit(self, session: &mut Session, undo: &mut Undo) -> (Plan, Vec<String>) {
        let mut plan = Plan { stale: self.stale.clone(), ..Plan::default() };
        for &id in &self.stale {
            // From now on: an `import()` in the middle of the update is to get the new version.
            if let Some(node) = session.node_mut(id)
                && std::mem::take(&mut node.evaluated)
            {
                undo.stale.push(id);
            }
        }
        self.leave_native(session, undo, &mut plan);
        self.mark_live_namespaces(session);
        let texts: Vec<Option<String>> = if self.steps.len() >= PARALLEL_FROM {
            self.steps.par_iter().map(|step| self.render(session, step)).collect()
        } else {
            self.steps.iter().map(|step| self.render(session, step)).collect()
        };
        let mut codes = Vec::new();
        plan.checks = session.checks(&self.externals, self.root);
        let external = |id| session.graph.is_external(id);
        let awaits = self.steps.iter().any(|step| step.is_async || external(step.module));
        undo.steps.extend(&self.evaluated);
        for (step, text) in self.steps.iter().zip(texts) {
            undo.live.push((step.module, self.live(step.module)));
            plan.modules.extend(self.definition(session, step, text, &mut codes));
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

    /// A namespace imported from within its own cycle can be seen before its bindings have values.
    fn mark_live_namespaces(&self, session: &mut Session) {
        let seen: Vec<ModuleId> = self
            .steps
            .iter()
            .filter(|step| step.cycle.is_some())
            .flat_map(|step| {
                let imports = self.linked.get(&step.module).into_iter().flatten().enumerate();
                imports.filter_map(|(slot, import)| match import.target {
                    Resolution::Namespace(target) => Some((step.module, slot, target)),
                    _ => None,
                })
            })
            .filter(|&(importer, slot, _)| imports_own_cycle(session, importer, slot))
            .map(|(.., target)| target)
            .collect();
        for id in seen {
            if let Some(node) = session.node_mut(id) {
                node.live_namespace = true;
            }
        }
    }

    fn live(&self, id: ModuleId) -> Vec<bool> {
        self.linked.get(&id).into_iter().flatten().map(|import| import.live).collect()
    }

    fn render(&self, session: &Session, step: &hmr_graph::Step) -> Option<String> {
        let node = session.node(step.module)?;
        match &node.kind {
            NodeKind::Module { native: false, parsed, source } => {
                let live = self.live(step.module);
                let context = Context { live: &live, form: form(parsed, step) };
                Some(parsed.render(&source.text, &context))
            }
            NodeKind::Json { source } => Some(source.text.to_string()),
            _ => None,
        }
    }

    fn definition(
        &self,
        session: &Session,
        step: &hmr_graph::Step,
        text: Option<String>,
        codes: &mut Vec<String>,
    ) -> Option<Definition> {
        let id = step.module;
        let node = session.node(id)?;
        let code = codes.len() as u32;
        codes.extend(text);
        let kind = match &node.kind {
            NodeKind::Module { native: true, .. } => DefinitionKind::Native,
            NodeKind::Module { parsed, .. } => DefinitionKind::Module {
                code,
                meta: parsed.record.uses_meta,
                awaits: parsed.record.top_level_await,
                cycle: step.cycle,
                exports: parsed.record.local_exports.iter().map(|e| e.name.clone()).collect(),
                name_default: parsed.default_to_name(form(parsed, step)),
                bindings: self.bindings(session, id),
                live: parsed.live_slots(&self.live(id)),
                pushed: parsed.record.pushed(),
            },
            NodeKind::Json { .. } => DefinitionKind::Json { code },
            NodeKind::External { specifier, parent, attributes, tried } => {
                DefinitionKind::External {
                    specifier: specifier.clone(),
                    parent: parent.clone(),
                    attributes: attributes.clone(),
                    tried: tried.clone(),
                    common_js: session.is_common_js(id),
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

/// Whether what an import asks is in the importer's own cycle.
fn imports_own_cycle(session: &Session, importer: ModuleId, slot: usize) -> bool {
    let Some(module) = session.graph.get(importer) else { return false };
    let request = module.imports.get(slot).map(|import| import.request as usize);
    let asked = request.and_then(|request| module.requests.get(request));
    asked.is_some_and(|asked| session.graph.same_cycle(importer, asked.target))
}

fn form(parsed: &ParsedModule, step: &hmr_graph::Step) -> Form {
    Form::new(parsed.record.top_level_await, step.cycle.is_some())
}

pub(crate) fn target(session: &Session, resolution: &Resolution) -> Target {
    match resolution {
        Resolution::Binding { module, name } => {
            let native = session.node(*module).is_some_and(super::session::Node::is_native);
            match session.graph.local_export(*module, name) {
                Some(index) if !native => Target::Getter(*module, index),
                _ => Target::Name(*module, name.to_string()),
            }
        }
        Resolution::Namespace(module) => Target::Namespace([*module]),
        Resolution::External(external) => Target::Name(external.module, external.name.to_string()),
        Resolution::ExternalStars(stars) => Target::Stars {
            stars: stars.iter().map(|star| (star.module, star.name.to_string())).collect(),
        },
        Resolution::NotFound | Resolution::Ambiguous => Target::Stars { stars: Vec::new() },
    }
}
