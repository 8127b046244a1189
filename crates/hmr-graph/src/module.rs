//! Records: what one module says about itself, as the parser and the resolver found it.
//!
//! They follow the fields of ECMA-262's Source Text Module Records with specifiers already resolved
//! to [`ModuleId`]s. They hold no text, no path and no position, because nothing that is decided here
//! depends on them.

use std::sync::Arc;

/// Names one module, hot or external, in one dense id space starting at 0.
pub type ModuleId = u32;

/// A module as its source describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Module {
    /// What it requests, in order of first appearance in the source (`[[RequestedModules]]`).
    /// A target requested both statically and by `import()` has one entry for each kind.
    pub requests: Vec<Request>,
    /// `[[ImportEntries]]`: one for each imported local name.
    pub imports: Vec<Import>,
    /// `[[LocalExportEntries]]`: exports bound in this module itself.
    pub local_exports: Vec<LocalExport>,
    /// `[[IndirectExportEntries]]`: single names passed on from another module.
    pub indirect_exports: Vec<IndirectExport>,
    /// `[[StarExportEntries]]`, `export * from`: indices into `requests`, in source order.
    pub star_exports: Vec<u32>,
    /// `[[HasTLA]]`: `await` outside of any function.
    pub top_level_await: bool,
    /// Whether we run it or Node does.
    pub kind: Kind,
    /// What it told `import.meta.hot`.
    pub accept: Accept,
}

/// Who evaluates a module.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// We do, and it can be evaluated again.
    #[default]
    Hot,
    /// Node does, once: builtins, CommonJS, JSON, whatever is not parsed. Its exports are unknown, so
    /// every name may exist.
    External,
    /// Node does, once, and its text has been read: a package that is an ES module. Its exports are
    /// known; its requests are those that it takes names from.
    Transparent,
}

impl Kind {
    /// Whether Node evaluates the module, with everything it imports.
    #[must_use]
    pub fn is_external(self) -> bool {
        self != Kind::Hot
    }
}

/// One entry of `[[RequestedModules]]`, or one `import()` with a specifier known in advance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// The module the specifier resolves to.
    pub target: ModuleId,
    /// How it is requested.
    pub kind: RequestKind,
}

/// How a module requests another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RequestKind {
    /// `import`, `export … from`: linked and evaluated before the importer.
    Static,
    /// `import()`: evaluated when the call is reached.
    Dynamic,
}

/// What an import or a re-export takes from the requested module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportName {
    /// One export, `default` included.
    Name(Arc<str>),
    /// The namespace object, `* as`.
    Namespace,
}

/// One imported local name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// Index into [`Module::requests`].
    pub request: u32,
    /// What is imported.
    pub name: ImportName,
    /// The name it has in the importer.
    pub local: Arc<str>,
}

/// An export bound in the module itself.
///
/// `import * as ns from 'x'; export { ns }` is one as well (ECMA-262 sec-parsemodule: "This is a
/// re-export of an imported module namespace object"), with `hoisted` set, since the binding has
/// its value before evaluation; `import { a } from 'x'; export { a }` is an [`IndirectExport`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalExport {
    /// The exported name.
    pub name: Arc<str>,
    /// The name of the binding. Two exported names of one binding are one and the same to the
    /// ambiguity rule of star exports. Anonymous default exports use any name of their own, such as
    /// `*default*`.
    pub local: Arc<str>,
    /// The binding has its value before evaluation begins: a function declaration.
    pub hoisted: bool,
    /// The binding may be assigned after the module was evaluated, without telling its importers.
    pub mutated_unseen: bool,
    /// The binding is the imported namespace of this request, and stands for that namespace.
    pub namespace: Option<u32>,
}

/// A name passed on from another module: `export { a as b } from`, `export * as ns from`, or
/// `import { a } from` with `export { a }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndirectExport {
    /// The exported name.
    pub name: Arc<str>,
    /// Index into [`Module::requests`].
    pub request: u32,
    /// What is taken from the requested module.
    pub import: ImportName,
}

/// What a module told `import.meta.hot` about the updates it accepts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accept {
    /// `accept()` or `accept(callback)`: it is evaluated anew and its importers need not be.
    pub self_accepting: bool,
    /// `accept(dependency, callback)`: these are evaluated anew and it need not be.
    pub dependencies: Vec<ModuleId>,
    /// `acceptExports(names)`: importers that take nothing else need not be evaluated anew.
    pub exports: Vec<Arc<str>>,
    /// `decline()`: a change that reaches it always needs a restart.
    pub declined: bool,
}
