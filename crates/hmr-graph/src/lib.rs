//! The module graph, without anything around it.
//!
//! What it does: stores one [`Module`] record per module, answers the questions ECMA-262 asks about
//! a set of module records (`ResolveExport`, `GetExportedNames`, the checks of
//! `InitializeEnvironment`, the order of `InnerModuleEvaluation`), and turns a set of changed modules
//! into a [`Plan`].
//!
//! What it refuses to do: read files, know paths or specifiers, parse, keep instances, look at a
//! clock or start threads. Ids come in, values go out, so that every rule can be tested with a table
//! of a few numbers, and so that a plan can be proved before anything is disposed.
//!
//! Costs: everything that starts from some modules takes time proportional to what is reachable from
//! them, plus one flat array of four bytes for each id. No function recurses: chains of 100,000
//! modules are fine. [`ModuleId`]s index an array, so the caller hands them out densely from 0.

mod module;

mod graph;

mod resolution;

mod resolve;

mod star_index;

mod link;

mod names;

mod order;

mod cycles;

mod plan;

mod rebind;

mod reach;

pub use graph::Graph;
pub use link::{ExternalImport, LinkError, LinkErrorKind, LinkedImport, LinkedModule, Linking};
pub use module::{
    Accept, Import, ImportName, IndirectExport, Kind, LocalExport, Module, ModuleId, Request,
    RequestKind,
};
pub use names::{ExportedName, ExportedNames};
pub use order::{Order, Step};
pub use plan::{Boundary, Plan, Update};
pub use resolution::{ExternalName, Resolution};
