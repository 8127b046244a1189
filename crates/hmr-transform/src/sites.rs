//! Where imported names are used.

use oxc_span::Span;
use serde::{Deserialize, Serialize};

/// A place where an imported name is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Site {
    #[serde(with = "crate::span_form")]
    pub span: Span,
    /// Index into `ModuleRecord::imports`.
    pub import: u32,
    pub form: SiteForm,
}

/// How the name is used, hence how its live form must be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum SiteForm {
    /// `name` becomes `(name=$live.name)`.
    Read,
    /// The same at the beginning of a statement in a list: behind `;`, or the parenthesis would go
    /// on with a line above that has no semicolon.
    Start,
    /// `class extends name` becomes `class extends $live.name`: consoles take a class with a parenthesis there for a function.
    Heritage,
    /// `{name}` becomes `{name:(name=$live.name)}`.
    Shorthand,
    /// Assigned: must throw as an assignment to a constant does, whatever the graph is like.
    Write,
    /// Assigned in `({name} = …)`.
    ShorthandWrite,
}
