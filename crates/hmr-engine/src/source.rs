//! One file's content: read, hashed, parsed.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::deep::on_deep_stack;
use hmr_transform::{
    Diagnostic, Dialect, JavaScript, Language, Origins, ParsedModule, Span, strip_byte_order_mark,
    to_javascript,
};
use hmr_watch::{Settled, Stamp};
use xxhash_rust::xxh3::xxh3_64;

/// A file's text with its hash.
#[derive(Debug, Clone)]
pub struct Source {
    /// The text without byte order mark; bytes that are no UTF-8 replaced as Node's decoder does.
    pub text: Arc<str>,
    /// Hash of the bytes: tells whether anything changed.
    pub hash: u64,
    /// What TypeScript or JSX has become.
    pub compiled: Option<Arc<JavaScript>>,
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

/// Reads the file at `path` as it is, but for one that was written just now: if somebody is still writing it, their end
/// is waited for, as long as a save may take.
///
/// # Errors
/// [`SourceError::Unreadable`] with the path.
pub fn read(path: &Path) -> Result<Source, SourceError> {
    let unreadable = |error| SourceError::Unreadable(path.to_owned(), Arc::new(error));
    let mut file = File::open(path).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    if is_young(&metadata)
        && let Some(source) = read_written(path)?
    {
        return Ok(source);
    }
    let mut bytes = Vec::with_capacity(metadata.len() as usize + 1);
    file.read_to_end(&mut bytes).map_err(unreadable)?;
    Ok(Source::new(bytes))
}

/// Whether the writer of a file may still be at it.
fn is_young(metadata: &Metadata) -> bool {
    // A time in the future is a skewed clock.
    metadata.modified().is_ok_and(|time| time.elapsed().map_or(true, |age| age < YOUTH))
}

/// Reads the file at `path` with the stamp of what was read, or nothing while somebody is writing it: the watcher
/// reports it again.
///
/// # Errors
/// [`SourceError::Unreadable`] with the path.
pub fn read_settled(path: &Path) -> Result<Option<(Source, Stamp)>, SourceError> {
    match hmr_watch::read_settled(path) {
        Ok(Settled::Content(bytes, stamp)) => Ok(Some((Source::new(bytes), stamp))),
        Ok(Settled::Busy) => Ok(None),
        Err(error) => Err(SourceError::Unreadable(path.to_owned(), Arc::new(error))),
    }
}

/// Reads a file when its writer is done, or nothing if that takes longer than a save does.
fn read_written(path: &Path) -> Result<Option<Source>, SourceError> {
    for _ in 0..WRITER_LOOKS {
        if let Some((source, _)) = read_settled(path)? {
            return Ok(Some(source));
        }
        std::thread::sleep(WRITER_PAUSE);
    }
    Ok(None)
}

/// Age of a file at which nobody is in the middle of saving it.
const YOUTH: Duration = Duration::from_secs(2);
const WRITER_LOOKS: u32 = 20;
const WRITER_PAUSE: Duration = Duration::from_millis(1);

impl Source {
    fn new(bytes: Vec<u8>) -> Self {
        let hash = xxh3_64(&bytes);
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
        };
        Self { text: Arc::from(strip_byte_order_mark(&text)), hash, compiled: None }
    }

    /// The JavaScript that runs.
    pub fn code(&self) -> &Arc<str> {
        self.compiled.as_ref().map_or(&self.text, |compiled| &compiled.text)
    }

    /// Where its tokens come from, if it was printed anew.
    pub fn origins(&self) -> Option<&Origins> {
        self.compiled.as_ref()?.origins.as_ref()
    }

    /// A diagnostic at `span` of the JavaScript, in the file.
    pub fn diagnostic(&self, span: Span, message: impl Into<String>) -> Diagnostic {
        self.in_file(Diagnostic::at(self.code(), span, message))
    }

    fn in_file(&self, diagnostic: Diagnostic) -> Diagnostic {
        match &self.compiled {
            Some(compiled) => compiled.in_file(&self.text, diagnostic),
            None => diagnostic,
        }
    }

    /// Compiles TypeScript and JSX to JavaScript.
    ///
    /// # Errors
    /// [`SourceError::Broken`] with every diagnostic.
    pub fn compile(&mut self, language: Language, dialect: &Dialect) -> Result<(), SourceError> {
        let compiled = on_deep_stack(&self.text, || to_javascript(&self.text, language, dialect));
        let compiled = compiled.map_err(SourceError::Broken)?;
        self.compiled = Some(Arc::new(compiled));
        Ok(())
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
    let may_be_script = format == Format::Ambiguous
        && !source.compiled.as_ref().is_some_and(|compiled| compiled.is_module);
    let code = source.code();
    match on_deep_stack(code, || hmr_transform::parse(code)) {
        Ok(parsed) if may_be_script && !parsed.record.has_module_syntax => Ok(Content::Script),
        Ok(parsed) => Ok(Content::Module(Arc::new(parsed))),
        Err(_) if may_be_script && !mentions_module_syntax(&source.text) => Ok(Content::Script),
        Err(diagnostics) => {
            let diagnostics = diagnostics.into_iter().map(|found| source.in_file(found));
            Err(SourceError::Broken(diagnostics.collect()))
        }
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
