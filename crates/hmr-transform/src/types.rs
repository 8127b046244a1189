//! TypeScript and JSX: from a file's text to the JavaScript that is made executable.
//!
//! Types that say nothing at run time are overwritten by spaces: every other token keeps its place, and
//! the text has the same length. What cannot be left out (enums, namespaces, parameter properties,
//! decorators, JSX) is compiled by oxc's transformer and printed anew; then [`Origins`] tell where each
//! token has come from.

mod blank;
mod classes;
mod decorators;
mod elide;
mod metadata;
mod modules;
mod origins;
#[cfg(test)]
mod tests;
mod transform;

use std::sync::Arc;

use oxc_allocator::Allocator;
use oxc_ast::ast::Program;
use oxc_parser::{ParseOptions, Parser};
use oxc_semantic::{Scoping, SemanticBuilder};
use oxc_span::SourceType;

use crate::diagnostic::{Diagnostic, Position, code_frame};
use crate::edit::Shift;

use elide::Elision;
pub use origins::{Origin, Origins};
use serde::{Deserialize, Serialize};
pub use transform::HELPERS;

/// What a file is written in, which its name tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// `.jsx`.
    Jsx,
    /// `.ts`, `.mts`, `.cts`.
    TypeScript,
    /// `.tsx`.
    Tsx,
}

/// What a `tsconfig.json` and the running Node say about compiling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dialect {
    /// `verbatimModuleSyntax`: imports stay unless they are marked as those of types.
    pub verbatim: bool,
    /// `experimentalDecorators`.
    pub legacy_decorators: bool,
    /// `emitDecoratorMetadata`.
    pub decorator_metadata: bool,
    /// `strictNullChecks`, for that metadata.
    pub strict_null_checks: bool,
    /// `useDefineForClassFields`: fields are defined, as ECMAScript has it, and not assigned.
    pub define_fields: bool,
    /// The running V8 has `using`.
    pub using: bool,
    /// How JSX is compiled.
    pub jsx: Jsx,
}

/// How JSX is compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Jsx {
    /// `"jsx": "react-jsx"`: calls of functions that are imported from a package.
    Automatic {
        /// `jsxImportSource`.
        source: Option<String>,
        /// `"jsx": "react-jsxdev"`.
        development: bool,
    },
    /// `"jsx": "react"`: calls of a function that is in scope.
    Classic {
        /// `jsxFactory`.
        factory: Option<String>,
        /// `jsxFragmentFactory`.
        fragment: Option<String>,
    },
}

impl Default for Dialect {
    fn default() -> Self {
        Self {
            verbatim: false,
            legacy_decorators: false,
            decorator_metadata: false,
            strict_null_checks: true,
            define_fields: true,
            using: true,
            jsx: Jsx::Automatic { source: None, development: false },
        }
    }
}

/// What a text becomes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct JavaScript {
    /// ECMAScript, yet to be parsed.
    pub text: Arc<str>,
    /// Where its tokens come from, unless they kept their places.
    pub origins: Option<Origins>,
    /// The text has syntax of modules, perhaps for types only, or nothing that only CommonJS has.
    pub is_module: bool,
    /// Names of exports that are types.
    pub types: Vec<String>,
}

impl JavaScript {
    /// A diagnostic of this text as one of the file it was made from.
    #[must_use]
    pub fn in_file(&self, file: &str, diagnostic: Diagnostic) -> Diagnostic {
        let Some(at) = diagnostic.position else { return diagnostic };
        let origin = |origins: &Origins| origins.of(at.line - 1, at.column - 1);
        let (line, column) = match &self.origins {
            Some(origins) => origin(origins).map_or((at.line, at.column), |(l, c)| (l + 1, c + 1)),
            None => (at.line, at.column),
        };
        let carets = diagnostic.frame.matches('^').count();
        let frame = code_frame(file, line, column, carets).unwrap_or(diagnostic.frame);
        Diagnostic { position: Some(Position { line, column }), frame, ..diagnostic }
    }
}

impl Language {
    /// The language that an extension without its dot stands for.
    #[must_use]
    pub fn of_extension(extension: &str) -> Option<Self> {
        match extension {
            "jsx" => Some(Self::Jsx),
            "ts" | "mts" | "cts" => Some(Self::TypeScript),
            "tsx" => Some(Self::Tsx),
            _ => None,
        }
    }

    fn source_type(self) -> SourceType {
        match self {
            Self::Jsx => SourceType::jsx().with_module(true),
            Self::TypeScript => SourceType::ts().with_module(true),
            Self::Tsx => SourceType::tsx().with_module(true),
        }
    }
}

/// The JavaScript of `source`, without byte order mark, that is written in `language`.
///
/// # Errors
/// Every syntax error and early error that is found, in source order.
pub fn to_javascript(
    source: &str,
    language: Language,
    dialect: &Dialect,
) -> Result<JavaScript, Vec<Diagnostic>> {
    let allocator = Allocator::default();
    if !dialect.legacy_decorators
        && let Some((text, shifts)) = without_decorators(&allocator, source, language)?
    {
        let made = compiled(&text, language, dialect, true)?;
        let origins = made.origins.map(|origins| origins.before(&shifts));
        return Ok(JavaScript { origins, ..made });
    }
    compiled(source, language, dialect, false)
}

/// The text with ECMAScript's decorators applied.
fn without_decorators(
    allocator: &Allocator,
    source: &str,
    language: Language,
) -> Result<Option<(String, Vec<Shift>)>, Vec<Diagnostic>> {
    if !source.contains('@') && !source.contains("accessor") {
        return Ok(None);
    }
    let parsed = Parser::new(allocator, source, language.source_type()).parse();
    refuse(source, parsed.panicked, &parsed.diagnostics.errors().collect::<Vec<_>>())?;
    decorators::applied(source, &parsed.program)
}

/// `prints`: also what could be blanked.
fn compiled(
    source: &str,
    language: Language,
    dialect: &Dialect,
    prints: bool,
) -> Result<JavaScript, Vec<Diagnostic>> {
    let allocator = Allocator::default();
    let options = ParseOptions { preserve_parens: true, ..ParseOptions::default() };
    let mut parsed =
        Parser::new(&allocator, source, language.source_type()).with_options(options).parse();
    refuse(source, parsed.panicked, &parsed.diagnostics.errors().collect::<Vec<_>>())?;
    let is_module = parsed.module_record.has_module_syntax;
    let scoping = scoping(source, &parsed.program)?;
    let is_module = is_module || !mentions_common_js(&scoping);
    let types = modules::exported_types(&parsed.program, &Elision::new(&scoping, dialect));
    if language == Language::TypeScript
        && !prints
        && let Some(text) = blank::blanked(source, &parsed.program, &scoping, dialect)
    {
        return Ok(JavaScript { text: text.into(), origins: None, is_module, types });
    }
    let (text, origins) =
        transform::transformed(&allocator, source, &mut parsed.program, scoping, dialect)?;
    Ok(JavaScript { text: text.into(), origins: Some(origins), is_module, types })
}

fn mentions_common_js(scoping: &Scoping) -> bool {
    let unresolved = scoping.root_unresolved_references();
    let names = ["require", "module", "exports", "__filename", "__dirname"];
    names.iter().any(|&name| unresolved.contains_key(name))
}

fn scoping(source: &str, program: &Program) -> Result<Scoping, Vec<Diagnostic>> {
    let built =
        SemanticBuilder::new().with_check_syntax_error(true).with_enum_eval(true).build(program);
    refuse(source, false, &built.diagnostics.errors().collect::<Vec<_>>())?;
    Ok(built.semantic.into_scoping())
}

fn refuse(
    source: &str,
    panicked: bool,
    errors: &[&oxc_diagnostics::OxcDiagnostic],
) -> Result<(), Vec<Diagnostic>> {
    if !panicked && errors.is_empty() {
        return Ok(());
    }
    Err(errors.iter().map(|error| Diagnostic::from_oxc(source, error)).collect())
}
