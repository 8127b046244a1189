//! Links to modules that Node loads: which names Node has to know, and errors in Node's words.

use std::path::Path;

use hmr_graph::{ExternalImport, LinkError, LinkErrorKind, Linking};
use hmr_transform::ModuleRecord;
use rustc_hash::FxHashSet;

use crate::failure::{Failure, FailureKind};
use crate::outside::Want;
use crate::plan::{Check, Definition, Step};
use crate::record::{external_module, transparent_module};
use crate::resolve::Resolved;
use crate::session::{ModuleId, NodeKind, Session};
use crate::source::Source;

/// Why a plan does not link.
#[derive(Debug, Default)]
pub(crate) struct Unlinked {
    pub failures: Vec<Failure>,
    /// Modules that Node would load first.
    pub modules: Vec<Definition>,
    /// What links before the first failure.
    pub steps: Vec<Step>,
    /// What Node may find fault with before that.
    pub checks: Vec<Check>,
    /// The last check is one that fails by our own reading of a module that Node loads.
    pub doubt: bool,
}

impl From<Vec<Failure>> for Unlinked {
    fn from(failures: Vec<Failure>) -> Self {
        Self { failures, ..Self::default() }
    }
}

impl Session {
    /// Reads the modules of Node that `ids` take names from.
    pub(crate) fn look_outside(&mut self, ids: &[ModuleId]) {
        let wants = ids.iter().flat_map(|&id| self.wants(id)).collect();
        for (url, reading) in self.outside.follow(&self.resolver, wants) {
            let id = self.id_of(&Resolved::External(url.clone()), &url, &url, &[]);
            if self.graph.get(id).is_some_and(|module| module.kind == hmr_graph::Kind::Transparent)
            {
                continue;
            }
            let requests = reading.record.requests.iter().zip(&reading.targets);
            let targets: Vec<_> = requests
                .map(|(request, target)| {
                    let target = target.as_ref()?;
                    Some(self.id_of(target, &request.specifier, &url, &request.attributes))
                })
                .collect();
            self.graph.replace(id, transparent_module(&reading.record, &targets));
        }
    }

    /// What the hot module `id` takes from modules that Node loads.
    fn wants(&self, id: ModuleId) -> Vec<Want> {
        let Some(module) = self.graph.get(id).filter(|module| !module.kind.is_external()) else {
            return Vec::new();
        };
        let urls = module.requests.iter().map(|request| self.url_outside(request.target));
        let urls: Vec<_> = urls.collect();
        let want = |request: u32, name: Option<&str>| {
            let url = urls[request as usize]?.to_owned();
            Some(Want { url, name: name.map(ToOwned::to_owned) })
        };
        let named = |request, name: &hmr_graph::ImportName| match name {
            hmr_graph::ImportName::Name(name) => want(request, Some(name)),
            hmr_graph::ImportName::Namespace => None,
        };
        let imports = module.imports.iter().filter_map(|it| named(it.request, &it.name));
        let exports = module.indirect_exports.iter();
        let exports = exports.filter_map(|it| named(it.request, &it.import));
        let stars = module.star_exports.iter().filter_map(|&request| want(request, None));
        imports.chain(exports).chain(stars).collect()
    }

    fn url_outside(&self, id: ModuleId) -> Option<&str> {
        let node = self.node(id)?;
        match &node.kind {
            NodeKind::External { parent: None, attributes, .. }
                if attributes.is_empty() && node.path.is_none() =>
            {
                Some(&node.url)
            }
            _ => None,
        }
    }

    /// Reads anew, when next asked, what Node has not loaded. Whether there is anything.
    pub(crate) fn forget_outside(&mut self) -> bool {
        let urls = self.outside.forget();
        urls.iter().for_each(|url| self.make_opaque(url));
        !urls.is_empty()
    }

    /// Node finds names in the module at `url` that the engine does not find.
    pub fn distrust(&mut self, url: &str) {
        self.outside.distrust(url);
        self.make_opaque(url);
    }

    fn make_opaque(&mut self, url: &str) {
        let id = self.id_of(&Resolved::External(url.to_owned()), url, url, &[]);
        self.graph.replace(id, external_module());
    }

    /// Node has loaded these modules, with all they consist of.
    pub(crate) fn hold_outside(&mut self, ids: &[ModuleId]) {
        let external = ids.iter().copied().filter(|&id| self.graph.is_external(id));
        for id in self.graph.reachable(&external.collect::<Vec<_>>()) {
            if let Some(url) = self.url_outside(id).map(ToOwned::to_owned) {
                self.outside.hold(&url);
            }
        }
    }

    /// What external modules must have, each name once, in the order of linking.
    /// `root`: the module that is loaded.
    pub(crate) fn checks(
        &self,
        externals: &[ExternalImport],
        root: Option<ModuleId>,
    ) -> Vec<Check> {
        let mut seen = FxHashSet::default();
        let new = externals.iter().filter(|it| seen.insert((&it.external, &it.others)));
        new.filter_map(|import| self.check(import, root)).collect()
    }

    fn check(&self, import: &ExternalImport, root: Option<ModuleId>) -> Option<Check> {
        let target = self.target(import.importer, import.request)?;
        let external = self.node(import.external.module)?;
        let NodeKind::External { specifier, attributes, .. } = &external.kind else { return None };
        Some(Check {
            importer: import.importer,
            request: import.request,
            asked: import.name.to_string(),
            external: import.external.module,
            url: specifier.clone(),
            attributes: attributes.clone(),
            name: import.external.name.to_string(),
            common_js: target == import.external.module && self.is_common_js(target),
            common_js_of_root: self.asks_common_js(root.unwrap_or(import.importer), import),
            stars: self.stars(import)?,
            place: None,
        })
    }

    /// All modules of which exactly one must have a name, with their URLs; none if only one comes into question.
    fn stars(&self, import: &ExternalImport) -> Option<Vec<(ModuleId, String)>> {
        if import.others.is_empty() {
            return Some(Vec::new());
        }
        let all = std::iter::once(&import.external).chain(&import.others);
        let star = |it: &hmr_graph::ExternalName| {
            (it.name == import.external.name).then_some(())?;
            Some((it.module, self.plain_url(it.module)?.to_owned()))
        };
        all.map(star).collect()
    }

    /// Whether `root` requests a CommonJS module by the same specifier as an import.
    fn asks_common_js(&self, root: ModuleId, import: &ExternalImport) -> bool {
        let requests = |id| match &self.node(id)?.kind {
            NodeKind::Module { parsed, .. } => Some(&parsed.record.requests),
            _ => None,
        };
        let asked = requests(import.importer).and_then(|all| all.get(import.request as usize));
        let at = asked.and_then(|asked| {
            requests(root)?.iter().position(|request| request.specifier == asked.specifier)
        });
        let target = at.and_then(|at| self.target(root, at as u32));
        target.is_some_and(|target| self.is_common_js(target))
    }

    fn target(&self, importer: ModuleId, request: u32) -> Option<ModuleId> {
        Some(self.graph.get(importer)?.requests.get(request as usize)?.target)
    }

    /// Link errors in Node's words, and what Node may say before them.
    pub(crate) fn unlinked(&self, linking: &Linking, root: Option<ModuleId>) -> Unlinked {
        let failures = linking.errors.iter().filter_map(|error| self.link_failure(error));
        let failures: Vec<_> = failures.collect();
        let mut checks = self.checks(&linking.externals, root);
        let doubtful = linking.errors.first().and_then(|error| self.doubtful(error));
        let doubt = doubtful.is_some();
        checks.extend(doubtful);
        for check in &mut checks {
            check.place = self.place_of_request(check.importer, check.request, &check.asked);
        }
        Unlinked { failures, checks, doubt, ..Unlinked::default() }
    }

    /// The check that shows whether Node agrees that a module it loads does not have a name.
    fn doubtful(&self, error: &LinkError) -> Option<Check> {
        let (importer, request) = (error.importer, error.request);
        let module = self.target(importer, request)?;
        self.graph.is_external(module).then_some(())?;
        let external = hmr_graph::ExternalName { module, name: error.name.clone() };
        let (name, others) = (error.name.clone(), Vec::new());
        self.check(&ExternalImport { importer, request, name, external, others }, None)
    }

    fn link_failure(&self, error: &LinkError) -> Option<Failure> {
        let place = self.place_of_request(error.importer, error.request, &error.name)?;
        let (name, specifier) = (&error.name, place.specifier.as_deref()?);
        let message = match error.kind {
            LinkErrorKind::Missing => format!(
                "The requested module '{specifier}' does not provide an export named '{name}'"
            ),
            LinkErrorKind::Circular => {
                format!("Detected cycle while resolving name '{name}' in '{specifier}'")
            }
            LinkErrorKind::Ambiguous => format!(
                "The requested module '{specifier}' contains conflicting star exports for name '{name}'"
            ),
        };
        let help = self.exports_type(error).then(|| {
            format!("'{name}' is a type in '{specifier}': import or export it with `type`")
        });
        Some(Failure { message, help, specifier: None, ..place })
    }

    /// Whether the module that lacks a name has a type of that name.
    fn exports_type(&self, error: &LinkError) -> bool {
        let target = self.target(error.importer, error.request).and_then(|id| self.node(id));
        let compiled = target.and_then(|node| node.source()?.compiled.as_ref());
        compiled.is_some_and(|compiled| compiled.types.iter().any(|name| **name == *error.name))
    }

    /// Where the module `importer` asks for `name` through a request: the place of an error about it.
    #[must_use]
    pub fn place_of_request(
        &self,
        importer: ModuleId,
        request: u32,
        name: &str,
    ) -> Option<Failure> {
        let node = self.node(importer)?;
        let place = |record: &ModuleRecord, request: u32, path: &Path, source: &Source| {
            let specifier = record.requests.get(request as usize)?.specifier.clone();
            let diagnostic = source.diagnostic(record.place_of(request, name), "");
            let failure = Failure::at(FailureKind::Link, path, diagnostic);
            Some(Failure { specifier: Some(specifier), ..failure })
        };
        if let NodeKind::Module { parsed, source, .. } = &node.kind {
            return place(&parsed.record, request, node.path.as_deref()?, source);
        }
        let reading = self.outside.reading(&node.url)?;
        let kept = (0..).zip(&reading.targets).filter(|(_, target)| target.is_some());
        let request = kept.map(|(at, _)| at).nth(request as usize)?;
        let source = crate::source::read(&reading.path).ok()?;
        place(&reading.record, request, &reading.path, &source)
    }
}
