//! `GetExportedNames`, as a namespace object needs it.

use std::cmp::Ordering;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::graph::Graph;
use crate::module::{Kind, ModuleId};
use crate::resolution::{ExternalName, Resolution};
use crate::resolve::Resolver;
use crate::star_index::{explicit_names, star_closure};

/// The keys of a module's namespace object, as far as they are known before evaluation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExportedNames {
    /// Sorted by UTF-16 code units, as namespace objects have them.
    pub names: Vec<ExportedName>,
    /// External modules whose names, except `default`, join at run time: those neither in `names`
    /// nor in `excluded`.
    pub external_stars: Vec<ModuleId>,
    /// Names that are exported somewhere but not by this module, being ambiguous or circular.
    pub excluded: Vec<Arc<str>>,
}

/// One key of a namespace object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportedName {
    /// The key.
    pub name: Arc<str>,
    /// What its value is; never `NotFound` or `Ambiguous`.
    pub resolution: Resolution,
    /// As in [`LinkedImport::rivals`](crate::LinkedImport::rivals): with a rival, there is no such key.
    pub rivals: Vec<ExternalName>,
}

impl Graph {
    /// The keys of the namespace object of a hot module. An external module has none that are known.
    pub fn exported_names(&self, module: ModuleId) -> ExportedNames {
        let mut exported = ExportedNames::default();
        if self.get(module).is_none_or(|module| module.kind == Kind::External) {
            return exported;
        }
        let mut resolver = Resolver::new(self, None);
        for name in self.all_names(module, &mut exported.external_stars) {
            // ECMA-262 sec-getmodulenamespace, 4.c.ii: If resolution is a ResolvedBinding Record,
            // append name to unambiguousNames.
            let found = resolver.find(module, name);
            let (name, resolution) = (name.clone(), found.resolution(self));
            if matches!(resolution, Resolution::NotFound | Resolution::Ambiguous) {
                exported.excluded.push(name);
            } else {
                let rivals = found.rivals(&resolution);
                exported.names.push(ExportedName { name, resolution, rivals });
            }
        }
        exported.names.sort_unstable_by(|a, b| compare_utf16(&a.name, &b.name));
        exported.excluded.sort_unstable_by(|a, b| compare_utf16(a, b));
        exported
    }

    /// `GetExportedNames`, each name once.
    fn all_names<'g>(&'g self, id: ModuleId, externals: &mut Vec<ModuleId>) -> Vec<&'g Arc<str>> {
        let mut names = Vec::new();
        let mut seen: FxHashSet<&str> = FxHashSet::default();
        // ECMA-262 sec-getexportednames, 3 and 4: each module of exportStarSet counts once.
        for (member, module, entry) in star_closure(self, id) {
            if module.kind == Kind::External
                && let Some(entry) = entry.filter(|entry| !externals.contains(entry))
            {
                externals.push(entry);
            }
            // 6 and 7. For each ExportEntry Record e of module.[[LocalExportEntries]] and
            // module.[[IndirectExportEntries]], append e.[[ExportName]] to exportedNames.
            for name in explicit_names(module).filter(|_| module.kind != Kind::External) {
                // 8.d. For each element n of starNames, if n is not "default" and exportedNames
                // does not contain n, then append n to exportedNames.
                if (member == id || **name != *"default") && seen.insert(name) {
                    names.push(name);
                }
            }
        }
        names
    }
}

/// The order of JavaScript strings. UTF-8 sorts by code points, which differs for supplementary
/// characters: their surrogates come before U+E000.
pub(crate) fn compare_utf16(a: &str, b: &str) -> Ordering {
    if a.is_ascii() && b.is_ascii() { a.cmp(b) } else { a.encode_utf16().cmp(b.encode_utf16()) }
}
