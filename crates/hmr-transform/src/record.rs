//! What linking needs to know of one module: ECMA-262's Source Text Module Record fields
//! (16.2.1.7) plus what decides whether a copied import is exact.

use oxc_span::Span;
use serde::{Deserialize, Serialize};

/// The static facts of one module.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
pub struct ModuleRecord {
    /// \[\[RequestedModules]]: distinct by specifier and attributes, in source order.
    pub requests: Vec<ModuleRequest>,
    /// \[\[ImportEntries]] in source order; the position is the import's slot in the executable text.
    pub imports: Vec<ImportEntry>,
    /// \[\[LocalExportEntries]]; the position is the export's number in the executable text.
    pub local_exports: Vec<LocalExport>,
    /// \[\[IndirectExportEntries]], `export * as ns from` included.
    pub indirect_exports: Vec<IndirectExport>,
    /// \[\[StarExportEntries]] as indices into `requests`.
    pub star_exports: Vec<u32>,
    /// \[\[HasTLA]].
    pub top_level_await: bool,
    /// An import or export declaration, `import.meta` or top-level `await` is present: what tells
    /// a module from a script where the file name does not.
    pub has_module_syntax: bool,
    /// The first `assert { … }`, the former `with { … }`, which Node 20 has and later ones have not.
    #[serde(with = "crate::span_form::optional")]
    pub assertion: Option<Span>,
    /// `import()` calls.
    pub dynamic_imports: Vec<DynamicImport>,
    /// `import.meta` is mentioned.
    pub uses_meta: bool,
    /// `eval(…)` is called directly, so any variable may be read or assigned by code that is not known yet.
    pub direct_eval: bool,
    /// `eval` or `Function` is mentioned, or a class has static initialisers: V8 tells places of what these run
    /// by the beginning of the executable text.
    pub odd_places: bool,
    /// `import.meta.hot` calls that shape update boundaries.
    pub hot: HotCalls,
    /// The URL of the last `//# sourceMappingURL=` comment.
    pub source_mapping_url: Option<String>,
}

/// One requested module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModuleRequest {
    /// As written.
    pub specifier: String,
    /// Import attributes in source order.
    pub attributes: Vec<(String, String)>,
    /// Where the specifier stands.
    #[serde(with = "crate::span_form")]
    pub span: Span,
}

/// What an import or re-export asks of the other module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ImportName {
    /// An export by name, `default` included.
    Named(String),
    /// The module namespace object.
    Namespace,
}

/// An import entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportEntry {
    /// Index into [`ModuleRecord::requests`].
    pub request: u32,
    /// \[\[ImportName]].
    pub name: ImportName,
    /// \[\[LocalName]].
    pub local: String,
    /// Where it stands.
    #[serde(with = "crate::span_form")]
    pub span: Span,
}

/// A local export entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalExport {
    /// \[\[ExportName]].
    pub name: String,
    /// The expression that reads the binding in the executable text.
    pub local: String,
    /// The binding holds its final value before the module runs: a function declaration that is
    /// never assigned, or an imported namespace.
    pub hoisted: bool,
    /// The binding is assigned inside a nested function, or may be by a direct `eval`, so perhaps after the module
    /// has been evaluated. The executable text tells each such assignment.
    pub pushed: bool,
}

/// An indirect export entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndirectExport {
    /// \[\[ExportName]].
    pub name: String,
    /// Index into [`ModuleRecord::requests`].
    pub request: u32,
    /// \[\[ImportName]].
    pub import: ImportName,
    /// Where it stands.
    #[serde(with = "crate::span_form")]
    pub span: Span,
}

/// An `import()` call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DynamicImport {
    /// The specifier if it is a string literal without options.
    pub specifier: Option<String>,
    /// Where the call stands.
    #[serde(with = "crate::span_form")]
    pub span: Span,
}

/// `import.meta.hot` calls found in the text, in Vite's shape.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HotCalls {
    /// `accept()` or `accept(callback)`.
    pub accepts_self: bool,
    /// Specifiers of `accept('./dep.js')` and `accept(['./a.js', './b.js'])`.
    pub accepts: Vec<String>,
    /// Names of `acceptExports('a')` and `acceptExports(['a', 'b'])`.
    pub accepts_exports: Vec<String>,
    /// `decline()`.
    pub declines: bool,
}

impl ModuleRecord {
    /// Positions of the local exports whose assignments the executable text tells.
    #[must_use]
    pub fn pushed(&self) -> Vec<u32> {
        let exports = self.local_exports.iter().enumerate();
        exports.filter(|(_, export)| export.pushed).map(|(index, _)| index as u32).collect()
    }

    /// Where `name` is imported or re-exported through `request`: the place a link error shows.
    #[must_use]
    pub fn place_of(&self, request: u32, name: &str) -> Span {
        self.place_of_name(request, name).unwrap_or_else(|| self.requests[request as usize].span)
    }

    /// As [`Self::place_of`], or nothing if `name` is not mentioned.
    #[must_use]
    pub fn place_of_name(&self, request: u32, name: &str) -> Option<Span> {
        let wanted = ImportName::Named(name.to_owned());
        let imports = self.imports.iter().map(|entry| (entry.request, &entry.name, entry.span));
        let exports = self.indirect_exports.iter();
        let exports = exports.map(|entry| (entry.request, &entry.import, entry.span));
        let mut entries = imports.chain(exports);
        let found = entries.find(|(from, import, _)| *from == request && **import == wanted);
        found.map(|(.., span)| span)
    }
}
