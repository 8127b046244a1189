//! One file's content: read, hashed, parsed.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use hmr_transform::{Diagnostic, ParsedModule, strip_byte_order_mark};
use hmr_watch::Settled;
use xxhash_rust::xxh3::xxh3_64;

/// A file's text with its hash.
#[derive(Debug, Clone)]
pub struct Source {
    /// The text without byte order mark; bytes that are no UTF-8 replaced as Node's decoder does.
    pub text: Arc<str>,
    /// Hash of the bytes: tells whether anything changed.
    pub hash: u64,
}

/// What the text is.
#[derive(Debug, Clone)]
pub enum Content {
    /// An ECMAScript module.
    Module(Arc<ParsedModule>),
    /// A JSON module.
    Json,
    /// A script: CommonJS, which Node loads.
    Script,
}

/// What went wrong with a file.
#[derive(Debug, Clone)]
pub enum SourceError {
    /// It could not be read.
    Unreadable(PathBuf, Arc<io::Error>),
    /// It is no module.
    Broken(Vec<Diagnostic>),
}

/// Reads the file at `path`.
///
/// # Errors
/// [`SourceError::Unreadable`] with the path.
pub fn read(path: &Path) -> Result<Source, SourceError> {
    let bytes = std::fs::read(path)
        .map_err(|error| SourceError::Unreadable(path.to_owned(), Arc::new(error)))?;
    Ok(Source::new(bytes))
}

/// Reads the file at `path`, or nothing while somebody is writing it: the watcher reports it again.
///
/// # Errors
/// [`SourceError::Unreadable`] with the path.
pub fn read_settled(path: &Path) -> Result<Option<Source>, SourceError> {
    match hmr_watch::read_settled(path) {
        Ok(Settled::Content(bytes, _)) => Ok(Some(Source::new(bytes))),
        Ok(Settled::Busy) => Ok(None),
        Err(error) => Err(SourceError::Unreadable(path.to_owned(), Arc::new(error))),
    }
}

/// Reads a file that was found empty and may just have been created, or nothing if its writer takes
/// longer than a save does.
///
/// # Errors
/// [`SourceError::Unreadable`] with the path.
pub fn read_written(path: &Path) -> Result<Option<Source>, SourceError> {
    for _ in 0..WRITER_LOOKS {
        if let Some(source) = read_settled(path)? {
            return Ok(Some(source));
        }
        std::thread::sleep(WRITER_PAUSE);
    }
    Ok(None)
}

const WRITER_LOOKS: u32 = 20;
const WRITER_PAUSE: Duration = Duration::from_millis(1);

impl Source {
    fn new(bytes: Vec<u8>) -> Self {
        let hash = xxh3_64(&bytes);
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
        };
        Self { text: Arc::from(strip_byte_order_mark(&text)), hash }
    }
}

/// How a file's text is to be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// ECMAScript module.
    Module,
    /// Module if it has module syntax, else script (Node's syntax detection).
    Ambiguous,
    /// JSON module.
    Json,
}

/// Parses a text.
///
/// # Errors
/// [`SourceError::Broken`] with every diagnostic.
pub fn parse(source: &Source, format: Format) -> Result<Content, SourceError> {
    if format == Format::Json {
        return Ok(Content::Json);
    }
    match hmr_transform::parse(&source.text) {
        Ok(parsed) if format == Format::Ambiguous && !parsed.record.has_module_syntax => {
            Ok(Content::Script)
        }
        Ok(parsed) => Ok(Content::Module(Arc::new(parsed))),
        Err(_) if format == Format::Ambiguous && !mentions_module_syntax(&source.text) => {
            Ok(Content::Script)
        }
        Err(diagnostics) => Err(SourceError::Broken(diagnostics)),
    }
}

/// A rough look at a text that does not parse: whether its author meant a module.
fn mentions_module_syntax(text: &str) -> bool {
    text.lines().map(str::trim_start).any(|line| {
        ["import ", "import{", "import'", "import\"", "export ", "export{", "export*"]
            .iter()
            .any(|start| line.starts_with(start))
    })
}
