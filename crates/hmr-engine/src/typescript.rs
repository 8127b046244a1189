//! What specifiers mean in TypeScript and not in Node: `./x.js` stands for `./x.ts`, `paths` name files,
//! and where `tsconfig.json` allows it, extensions are left out.

use std::path::{Path, PathBuf};

use crate::package::{Manifests, PackageType};
use crate::tsconfig::{Extensions, Tsconfigs};

/// The languages beside JavaScript that an extension can stand for.
#[must_use]
pub fn is_typescript(path: &Path) -> bool {
    matches!(extension(path), Some("ts" | "mts" | "cts" | "tsx" | "jsx"))
}

fn extension(path: &Path) -> Option<&str> {
    path.extension().and_then(|extension| extension.to_str())
}

/// Where the specifiers of one importing file lead.
#[derive(Debug)]
pub struct Meaning<'m> {
    pub tsconfigs: &'m Tsconfigs,
    pub manifests: &'m Manifests,
    /// The importing file.
    pub importer: &'m Path,
}

/// The first of these files that exists, or all that were looked for.
pub type Found = Result<PathBuf, Vec<PathBuf>>;

impl Meaning<'_> {
    /// Whether TypeScript has a say in the importing file.
    pub fn applies(&self) -> bool {
        is_typescript(self.importer) || self.tsconfigs.allows_js(self.importer)
    }

    /// What is meant by a path at which there is no file.
    pub fn of_path(&self, path: &Path) -> Found {
        let mut candidates = sources_of(path);
        if self.leaves_out_extensions() {
            candidates.extend(completed(path));
        }
        first(candidates)
    }

    /// What `paths` and `baseUrl` make of a specifier that is no path.
    pub fn of_alias(&self, specifier: &str) -> Found {
        let mut candidates = Vec::new();
        for path in self.tsconfigs.aliases(specifier, self.importer) {
            candidates.push(path.clone());
            candidates.extend(sources_of(&path));
            candidates.extend(completed(&path));
        }
        first(candidates)
    }

    fn leaves_out_extensions(&self) -> bool {
        match self.tsconfigs.extensions(self.importer) {
            Extensions::Written => false,
            Extensions::LeftOut => true,
            Extensions::LeftOutInCommonJs => {
                let folder = self.importer.parent().unwrap_or(Path::new("/"));
                let is_module = self.manifests.type_of(folder) == PackageType::Module;
                !is_module && extension(self.importer) != Some("mts")
            }
        }
    }
}

/// The sources that a file is compiled from.
fn sources_of(path: &Path) -> Vec<PathBuf> {
    let sources: &[&str] = match extension(path) {
        Some("js") => &["ts", "tsx", "jsx"],
        Some("jsx") => &["tsx"],
        Some("mjs") => &["mts"],
        Some("cjs") => &["cts"],
        _ => &[],
    };
    sources.iter().map(|source| path.with_extension(source)).collect()
}

/// The path with an extension, then as a folder.
fn completed(path: &Path) -> Vec<PathBuf> {
    const EXTENSIONS: [&str; 6] = ["ts", "tsx", "mts", "js", "jsx", "mjs"];
    let with = |path: &Path, extension: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(".");
        name.push(extension);
        PathBuf::from(name)
    };
    let index = path.join("index");
    let files = EXTENSIONS.iter().map(|extension| with(path, extension));
    files.chain(EXTENSIONS.iter().map(|extension| with(&index, extension))).collect()
}

fn first(candidates: Vec<PathBuf>) -> Found {
    let found = candidates.iter().find(|path| path.is_file()).cloned();
    found.ok_or(candidates)
}
