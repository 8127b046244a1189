//! What the session knows of one module beside its links.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use hmr_transform::{Context, Form, ParsedModule};

use crate::resolve::FileUrl;
use crate::source::{Content, Source};

/// What the session knows of one module beside its links.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub url: String,
    pub key: String,
    pub path: Option<PathBuf>,
    /// With `--preserve-symlinks` the file behind a link: its changes are the module's.
    pub real: Option<PathBuf>,
    pub kind: NodeKind,
    /// An instance of this version runs.
    pub evaluated: bool,
    /// The text that runs, if the file has another one with the same code.
    pub running: Option<Arc<str>>,
    /// So did one of some version.
    pub ran: bool,
    /// How the running instance has been rendered.
    pub rendered: Option<Rendered>,
    /// Links on the way to what it imports.
    pub links: Vec<PathBuf>,
    /// Its namespace is imported from within its own cycle, where bindings may be uninitialised.
    pub early_namespace: bool,
}

/// What the executable text of a module depends on beside its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rendered {
    /// Which imports it reads through live bindings.
    pub live: Vec<bool>,
    /// Of these, those whose variables hold copies once their modules have been evaluated.
    pub late: Vec<bool>,
    pub form: Form,
    pub seen_early: bool,
}

impl Rendered {
    pub fn context(&self) -> Context<'_> {
        let Self { live, late, form, seen_early } = self;
        Context { live, late, form: *form, seen_early: *seen_early }
    }
}

#[derive(Debug, Clone)]
pub(crate) enum NodeKind {
    Module {
        source: Source,
        parsed: Arc<ParsedModule>,
        native: bool,
    },
    Json {
        source: Source,
    },
    External {
        specifier: String,
        parent: Option<String>,
        attributes: Vec<(String, String)>,
        /// Paths that resolving has tried.
        tried: Vec<PathBuf>,
    },
}

impl Node {
    /// The path, if changes of the file concern the session.
    pub(crate) fn hot_path(&self) -> Option<&Path> {
        match self.kind {
            NodeKind::Module { .. } | NodeKind::Json { .. } => self.path.as_deref(),
            NodeKind::External { .. } => None,
        }
    }

    pub(crate) fn source(&self) -> Option<&Source> {
        match &self.kind {
            NodeKind::Module { source, .. } | NodeKind::Json { source } => Some(source),
            NodeKind::External { .. } => None,
        }
    }

    pub(crate) fn is_native(&self) -> bool {
        matches!(self.kind, NodeKind::Module { native: true, .. })
    }
}

pub(crate) fn node_kind(
    content: &Content,
    source: &Source,
    file: &FileUrl,
    native: bool,
) -> NodeKind {
    let source = source.clone();
    match content {
        Content::Module(parsed) => NodeKind::Module { source, parsed: Arc::clone(parsed), native },
        Content::Json => NodeKind::Json { source },
        Content::Script => {
            let specifier = file.url.clone();
            NodeKind::External {
                specifier,
                parent: None,
                attributes: Vec::new(),
                tried: Vec::new(),
            }
        }
    }
}
