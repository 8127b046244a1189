//! What a session is told once, at its start.

use std::path::{Path, PathBuf};

use hmr_transform::HELPERS;
use regress::Regex;
use serde::Deserialize;

use crate::code_cache::CacheOptions;
use crate::load_order::LoadOrder;
use crate::resolve::file_url;

/// Options of a session, as the runtime sends them.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Options {
    /// Every module that Node loads after the start is told to the session.
    pub sees_loader: bool,
    /// Conditions for `exports` and `imports` of `package.json`, without `default`.
    pub conditions: Vec<String>,
    /// Names of Node's builtin modules, without `node:`.
    pub builtins: Vec<String>,
    /// `#/x` is a name that `imports` of `package.json` may define.
    pub slash_imports: bool,
    /// `assert { … }` of an import is understood.
    pub assertions: bool,
    /// How Node walks a graph that it loads.
    pub load_order: LoadOrder,
    /// `import * as n from 'x'; export { n }` exports the same as `export * as n from 'x'`.
    pub names_namespaces: bool,
    /// V8 has `using`.
    pub using: bool,
    /// `--preserve-symlinks`.
    pub preserve_symlinks: bool,
    /// Folder of the functions that compiled code imports.
    pub helpers: PathBuf,
    /// Folder of this package: its own files are never hot.
    pub own_folder: PathBuf,
    /// Sources of regular expressions over absolute paths that make a file hot in spite of
    /// `node_modules`.
    pub include: Vec<String>,
    /// Sources of regular expressions over absolute paths that keep a file from being hot.
    pub exclude: Vec<String>,
    /// What earlier runs have left.
    pub cache: CacheOptions,
}

/// Decides which files are hot.
#[derive(Debug)]
pub struct HotFiles {
    own_folder: PathBuf,
    helpers: PathBuf,
    include: Vec<Regex>,
    exclude: Vec<Regex>,
}

impl HotFiles {
    /// # Errors
    /// The source of an expression that does not compile.
    pub fn new(options: &Options) -> Result<Self, String> {
        let compile = |sources: &[String]| -> Result<Vec<Regex>, String> {
            sources.iter().map(|source| Regex::new(source).map_err(|_| source.clone())).collect()
        };
        Ok(Self {
            own_folder: options.own_folder.clone(),
            helpers: options.helpers.clone(),
            include: compile(&options.include)?,
            exclude: compile(&options.exclude)?,
        })
    }

    /// The URL of a function that compiled code imports, if `specifier` is one of them.
    #[must_use]
    pub fn helper(&self, specifier: &str) -> Option<String> {
        let name = specifier.strip_prefix(HELPERS)?.strip_prefix("/helpers/")?;
        if self.helpers.as_os_str().is_empty() {
            return None;
        }
        file_url(&self.helpers.join(format!("{name}.js")))
    }

    /// Whether the file at the real path `path` may be hot; its format is another question.
    #[must_use]
    pub fn allows(&self, path: &Path) -> bool {
        if !self.own_folder.as_os_str().is_empty() && path.starts_with(&self.own_folder) {
            return false;
        }
        let text = path.to_string_lossy();
        let any =
            |expressions: &[Regex]| expressions.iter().any(|regex| regex.find(&text).is_some());
        if any(&self.exclude) {
            return false;
        }
        any(&self.include) || !path.components().any(|part| part.as_os_str() == "node_modules")
    }
}
