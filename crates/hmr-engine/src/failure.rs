//! Why something cannot be loaded, linked or updated: a value the runtime turns into the error
//! that plain Node would throw.

use std::path::{Path, PathBuf};

use hmr_transform::Diagnostic;
use serde::Serialize;

use crate::deep::on_deep_stack;
use crate::resolve::file_path;
use crate::session::{ModuleId, NodeKind, Session};
use crate::source::{self, SourceError};

/// One reason, with its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Failure {
    /// What kind it is, hence what error class.
    pub kind: FailureKind,
    /// The file it is about.
    pub file: PathBuf,
    /// Line, counted from 1; 0 without a place.
    pub line: u32,
    /// Column, counted from 1; 0 without a place.
    pub column: u32,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// The lines around the place.
    pub frame: String,
    /// What the import asks for, where the failure is about an import.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub specifier: Option<String>,
    /// The text that is no module: the file may have changed since.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// Kinds of failures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum FailureKind {
    /// The text is no module: `SyntaxError`.
    Syntax,
    /// An import or re-export names nothing: `SyntaxError`.
    Link,
    /// A file is not there (any more) or cannot be read.
    Missing,
}

impl Failure {
    /// A failure of the file at `path`. Of several diagnostics the first is told: the others
    /// often follow from it.
    #[must_use]
    pub fn of_file(path: &Path, error: SourceError) -> Box<Self> {
        match error {
            SourceError::Unreadable(path, error) => {
                Box::new(Self::missing(&path, &error.to_string()))
            }
            SourceError::Broken(diagnostics) => {
                let first = diagnostics.into_iter().next();
                let diagnostic = first.unwrap_or_else(|| Diagnostic {
                    message: "Invalid or unexpected token".into(),
                    help: None,
                    position: None,
                    frame: String::new(),
                });
                Box::new(Self::at(FailureKind::Syntax, path, diagnostic))
            }
        }
    }

    /// The file at `path` cannot be compiled: `error` is about its `tsconfig.json`.
    #[must_use]
    pub fn of_config(path: &Path, error: String) -> Box<Self> {
        let diagnostic =
            Diagnostic { message: error, help: None, position: None, frame: String::new() };
        Box::new(Self::at(FailureKind::Syntax, path, diagnostic))
    }

    /// A failure at a place.
    #[must_use]
    pub fn at(kind: FailureKind, path: &Path, diagnostic: Diagnostic) -> Self {
        let (line, column) = diagnostic.position.map_or((0, 0), |at| (at.line, at.column));
        Self {
            kind,
            file: path.to_owned(),
            line,
            column,
            message: diagnostic.message,
            help: diagnostic.help,
            frame: diagnostic.frame,
            specifier: None,
            text: None,
        }
    }

    /// The file at `path` is needed and cannot be had.
    #[must_use]
    pub fn missing(path: &Path, why: &str) -> Self {
        Self {
            kind: FailureKind::Missing,
            file: path.to_owned(),
            line: 0,
            column: 0,
            message: format!("Cannot read {}: {why}", path.display()),
            help: None,
            frame: String::new(),
            specifier: None,
            text: None,
        }
    }
}

impl Session {
    /// Where the external module `id` is imported: the place that an error of Node about it concerns.
    #[must_use]
    pub fn place_of_import(&self, id: ModuleId) -> Option<Failure> {
        let mut importers = self.graph.importers(id).map(|(importer, _)| importer);
        importers.find_map(|importer| {
            let node = self.node(importer)?;
            let NodeKind::Module { parsed, source, .. } = &node.kind else { return None };
            // Behind those of the text stand those of `import()`, which have no place.
            let requests = &self.graph.get(importer)?.requests;
            let mut of_text = requests.iter().zip(&parsed.record.requests);
            let (_, request) = of_text.find(|(request, _)| request.target == id)?;
            let diagnostic = source.diagnostic(request.span, "");
            let failure = Failure::at(FailureKind::Link, node.path.as_deref()?, diagnostic);
            Some(Failure { specifier: Some(request.specifier.clone()), ..failure })
        })
    }

    /// Where the module `id`, which may be Node's, waits at its top level, if that is one place: line and column, which
    /// count from 1, and the line.
    #[must_use]
    pub fn place_of_await(&self, id: ModuleId) -> Option<(u32, u32, String)> {
        let node = self.node(id)?;
        let read = || source::read(&file_path(&node.url)?).ok();
        let source = node.source().cloned().or_else(read)?;
        let code = source.code();
        let awaits = on_deep_stack(code, || hmr_transform::top_level_awaits(code));
        let [span] = awaits[..] else { return None };
        let position = source.diagnostic(span, "").position?;
        let line = source.text.lines().nth(position.line as usize - 1)?;
        Some((position.line, position.column, line.to_owned()))
    }
}

/// The lines around a place of the file at `path`, or nothing if the file has no such place.
/// Line and column count from 1, columns in UTF-16 code units.
#[must_use]
pub fn code_frame(path: &Path, line: u32, column: u32) -> Option<String> {
    let text = std::fs::read_to_string(path).ok()?;
    hmr_transform::code_frame(&text, line, column, 1)
}
