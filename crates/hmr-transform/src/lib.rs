//! Pure transform: module text in, executable text, module record and diagnostics out.
//!
//! **Blank, don't rewrite.** A hot module runs as a function compiled from its own text in which
//! import and export syntax is overwritten by spaces. Every remaining token keeps its line and
//! column, so stack traces, breakpoints and coverage point into the user's file without a source
//! map, and an imported name is a real local variable.
//!
//! [`parse`] does everything that depends on the text alone; [`ParsedModule::render`] adds what
//! depends on the graph: which imports must be read through their live binding and whether the
//! module is part of a cycle. Parsing is therefore cached by content, rendering is cheap.
//!
//! This crate refuses to touch files, resolve specifiers or know other modules: it has no state
//! and no input but the text. Broken user code is a value ([`Diagnostic`]), never an `Err` with I/O.

mod awaits;
mod declarations;
mod diagnostic;
mod edit;
mod evals;
mod hot_calls;
mod names;
mod original;
mod parse;
mod push;
mod record;
mod references;
mod render;
mod same_code;
mod sites;
mod span_form;
mod text;
mod types;

pub use oxc_span::Span;

pub use awaits::top_level_awaits;
pub use diagnostic::{Diagnostic, Position, code_frame};
pub use original::Column;
pub use parse::{ParsedModule, parse};
pub use record::{
    DynamicImport, HotCalls, ImportEntry, ImportName, IndirectExport, LocalExport, ModuleRecord,
    ModuleRequest,
};
pub use render::{Context, Form};
pub use same_code::{Move, same_code, same_json};
pub use text::strip_byte_order_mark;
pub use types::{Dialect, HELPERS, JavaScript, Jsx, Language, Origin, Origins, to_javascript};

#[cfg(test)]
mod tests;
