//! `package.json` files: what Node's resolver and its choice of a format read in them.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use rustc_hash::FxHashMap;
use serde_json::{Map, Value};

use crate::lock::lock;

/// `"type"` of the nearest `package.json`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PackageType {
    /// `"module"`.
    Module,
    /// `"commonjs"`.
    CommonJs,
    /// No field, or no `package.json`: the text decides.
    #[default]
    Unstated,
    /// The `package.json` is one that Node refuses, with an error for everything it holds for.
    Broken,
}

/// The fields that resolving asks for; what has the wrong type is as if it was not there.
#[derive(Debug, Default)]
pub struct Manifest {
    /// `"name"`.
    pub name: Option<String>,
    /// `"main"`.
    pub main: Option<String>,
    /// `"type"`.
    pub kind: PackageType,
    /// `"exports"`.
    pub exports: Option<Value>,
    /// `"imports"`.
    pub imports: Option<Map<String, Value>>,
}

/// Manifests by folder, read once until [`Manifests::clear`]. `None`: there is no `package.json`.
#[derive(Debug, Default)]
pub struct Manifests {
    read: Mutex<FxHashMap<PathBuf, Option<Arc<Manifest>>>>,
    scopes: Mutex<FxHashMap<PathBuf, Scope>>,
}

/// The folder of the nearest `package.json` with what is in it, if there is one.
pub type Scope = Option<(PathBuf, Arc<Manifest>)>;

impl Manifests {
    /// The `package.json` in `folder` itself.
    pub fn of(&self, folder: &Path) -> Option<Arc<Manifest>> {
        if let Some(known) = lock(&self.read).get(folder) {
            return known.clone();
        }
        let found = read(folder).map(Arc::new);
        lock(&self.read).insert(folder.to_owned(), found.clone());
        found
    }

    /// LOOKUP_PACKAGE_SCOPE for the files of `folder`.
    pub fn scope(&self, folder: &Path) -> Scope {
        if let Some(known) = lock(&self.scopes).get(folder) {
            return known.clone();
        }
        // It ends at a `node_modules` folder.
        let mut folders = folder.ancestors().take_while(|at| !at.ends_with("node_modules"));
        let found = folders.find_map(|at| Some((at.to_owned(), self.of(at)?)));
        lock(&self.scopes).insert(folder.to_owned(), found.clone());
        found
    }

    /// The type that holds for the files of `folder`.
    pub fn type_of(&self, folder: &Path) -> PackageType {
        self.scope(folder).map_or(PackageType::Unstated, |(_, manifest)| manifest.kind)
    }

    /// Forgets everything, after a `package.json` changed.
    pub fn clear(&self) {
        lock(&self.read).clear();
        lock(&self.scopes).clear();
    }
}

fn read(folder: &Path) -> Option<Manifest> {
    let broken = || Manifest { kind: PackageType::Broken, ..Manifest::default() };
    let bytes = std::fs::read(folder.join("package.json")).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
    let Ok(Value::Object(mut fields)) = serde_json::from_str(text) else {
        return Some(broken());
    };
    // Since Node 22; before, it is as if there was none.
    if fields.get("type").is_some_and(|kind| !kind.is_string()) {
        return Some(broken());
    }
    let mut string = |name: &str| match fields.remove(name) {
        Some(Value::String(value)) => Some(value),
        _ => None,
    };
    let (name, main) = (string("name"), string("main"));
    let kind = match string("type").as_deref() {
        Some("module") => PackageType::Module,
        Some("commonjs") => PackageType::CommonJs,
        _ => PackageType::Unstated,
    };
    let exports = fields.remove("exports").filter(|value| !value.is_null());
    let imports = match fields.remove("imports") {
        Some(Value::Object(imports)) => Some(imports),
        _ => None,
    };
    Some(Manifest { name, main, kind, exports, imports })
}
