//! The nearest `package.json`: what decides whether a `.js` file is a module
//! (Node's documentation, "Determining module system").

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use rustc_hash::FxHashMap;
use serde::Deserialize;

/// `"type"` of the nearest `package.json`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PackageType {
    /// `"module"`.
    Module,
    /// `"commonjs"`.
    CommonJs,
    /// No field, or no `package.json`: the text decides.
    Unstated,
}

/// Answers by folder, read once until [`PackageTypes::clear`].
#[derive(Debug, Default)]
pub struct PackageTypes {
    known: Mutex<FxHashMap<PathBuf, PackageType>>,
}

#[derive(Deserialize)]
struct Manifest {
    #[serde(rename = "type")]
    kind: Option<String>,
}

impl PackageTypes {
    /// The type that holds for the files of `folder`.
    pub fn of(&self, folder: &Path) -> PackageType {
        if let Some(&known) = self.lock().get(folder) {
            return known;
        }
        let found = match read(folder) {
            Some(found) => found,
            // Node's LOOKUP_PACKAGE_SCOPE ends at a `node_modules` folder.
            None if folder.ends_with("node_modules") => PackageType::Unstated,
            None => folder.parent().map_or(PackageType::Unstated, |parent| self.of(parent)),
        };
        self.lock().insert(folder.to_owned(), found);
        found
    }

    /// Forgets everything, after a `package.json` changed.
    pub fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, FxHashMap<PathBuf, PackageType>> {
        self.known.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

fn read(folder: &Path) -> Option<PackageType> {
    let text = std::fs::read(folder.join("package.json")).ok()?;
    let kind = serde_json::from_slice::<Manifest>(&text).ok().and_then(|manifest| manifest.kind);
    Some(match kind.as_deref() {
        Some("module") => PackageType::Module,
        Some("commonjs") => PackageType::CommonJs,
        _ => PackageType::Unstated,
    })
}
