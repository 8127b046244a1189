//! ESM resolution as Node does it: URLs for relative specifiers, `oxc_resolver` for packages.
//!
//! What cannot be resolved here is no error yet: the runtime asks Node itself, whose answer (or
//! whose error, with its code and words) is the specification.

use std::path::{Path, PathBuf};

use oxc_resolver::{ResolveOptions, Resolver as PackageResolver};
use rustc_hash::FxHashSet;
use url::Url;

use crate::options::{HotFiles, Options};
use crate::package::{PackageType, PackageTypes};
use crate::source::Format;

/// Where a specifier leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolved {
    /// An ES module file that may be hot.
    Module(FileUrl),
    /// A file that may be hot if its text is a module: `.js` where no `type` is stated.
    Ambiguous(FileUrl),
    /// A JSON file that may be hot.
    Json(FileUrl),
    /// Anything else that Node loads: the URL to import.
    External(String),
    /// Left to Node; the paths whose appearance could change the answer.
    Unresolved(Vec<PathBuf>),
}

/// A file with the URL that identifies its module: query and hash make instances of their own.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FileUrl {
    /// Real path.
    pub path: PathBuf,
    /// `file:` URL.
    pub url: String,
    /// The path that was asked for, where links lead from it to `path`.
    pub link: Option<PathBuf>,
}

/// Resolves specifiers for one session.
#[derive(Debug)]
pub struct Resolver {
    packages: PackageResolver,
    package_types: PackageTypes,
    builtins: FxHashSet<String>,
    hot_files: HotFiles,
    preserve_symlinks: bool,
}

impl Resolver {
    /// # Errors
    /// The source of an `include` or `exclude` expression that does not compile.
    pub fn new(options: &Options) -> Result<Self, String> {
        let packages = PackageResolver::new(ResolveOptions {
            condition_names: options.conditions.clone(),
            fully_specified: true,
            extensions: vec![".js".into(), ".json".into(), ".node".into()],
            main_fields: vec!["main".into()],
            symlinks: !options.preserve_symlinks,
            ..ResolveOptions::default()
        });
        Ok(Self {
            packages,
            package_types: PackageTypes::default(),
            builtins: options.builtins.iter().cloned().collect(),
            hot_files: HotFiles::new(options)?,
            preserve_symlinks: options.preserve_symlinks,
        })
    }

    /// Forgets cached folders and `package.json` files.
    pub fn clear_cache(&self) {
        self.packages.clear_cache();
        self.package_types.clear();
    }

    /// Resolves `specifier` as written in the module at `parent`, an URL, with import attributes.
    /// Only JSON may be hot with attributes: Node says what is wrong with others.
    #[must_use]
    pub fn resolve(
        &self,
        specifier: &str,
        parent: &str,
        attributes: &[(String, String)],
    ) -> Resolved {
        let json = attributes == [("type".to_owned(), "json".to_owned())];
        match self.locate(specifier, parent, json) {
            Resolved::Module(file) | Resolved::Ambiguous(file) if !attributes.is_empty() => {
                Resolved::External(file.url)
            }
            resolved => resolved,
        }
    }

    /// As [`Resolver::resolve`], for a module that Node loads: what it imports, Node loads, too.
    #[must_use]
    pub fn resolve_outside(
        &self,
        specifier: &str,
        parent: &str,
        attributes: &[(String, String)],
    ) -> Resolved {
        match self.resolve(specifier, parent, attributes) {
            Resolved::Module(file) | Resolved::Ambiguous(file) | Resolved::Json(file) => {
                Resolved::External(file.url)
            }
            resolved => resolved,
        }
    }

    /// How Node understands the file at a URL, if it may be an ES module.
    #[must_use]
    pub fn module_format(&self, url: &str) -> Option<Format> {
        let path = Url::parse(url).ok()?.to_file_path().ok()?;
        match path.extension()?.to_str()? {
            "mjs" => Some(Format::Module),
            "js" => match self.package_types.of(path.parent()?) {
                PackageType::Module => Some(Format::Module),
                PackageType::Unstated => Some(Format::Ambiguous),
                PackageType::CommonJs => None,
            },
            _ => None,
        }
    }

    fn locate(&self, specifier: &str, parent: &str, json: bool) -> Resolved {
        let builtin = specifier.strip_prefix("node:");
        if let Some(name) = builtin {
            return Resolved::External(format!("node:{name}"));
        }
        if self.builtins.contains(specifier) {
            return Resolved::External(format!("node:{specifier}"));
        }
        let relative = ["./", "../", "/"].iter().any(|start| specifier.starts_with(start))
            || matches!(specifier, "." | "..");
        if relative {
            let joined = Url::parse(parent).and_then(|base| base.join(specifier));
            return joined.map_or(Resolved::Unresolved(Vec::new()), |url| self.file(&url, json));
        }
        match Url::parse(specifier) {
            Ok(url) if url.scheme() == "file" => self.file(&url, json),
            Ok(_) => Resolved::External(specifier.to_owned()),
            Err(_) => self.package(specifier, parent, json),
        }
    }

    /// Whether the file at a URL is CommonJS by its name and its package.
    #[must_use]
    pub fn is_common_js(&self, url: &str) -> bool {
        let path = Url::parse(url).ok().and_then(|url| url.to_file_path().ok());
        let Some(path) = path else { return false };
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("cjs") => true,
            Some("js") => {
                let folder = path.parent().unwrap_or(Path::new("/"));
                self.package_types.of(folder) != PackageType::Module
            }
            _ => false,
        }
    }

    /// Steps of ESM_RESOLVE that follow once the URL is known.
    fn file(&self, url: &Url, json: bool) -> Resolved {
        let encoded_separator = ["%2f", "%2F", "%5c", "%5C"];
        if encoded_separator.iter().any(|code| url.path().contains(code)) {
            return Resolved::Unresolved(Vec::new());
        }
        let Ok(path) = url.to_file_path() else {
            return Resolved::Unresolved(Vec::new());
        };
        if !path.is_file() || url.path().ends_with('/') {
            return Resolved::Unresolved(vec![path]);
        }
        let suffix =
            [(url.query(), '?'), (url.fragment(), '#')].into_iter().filter_map(|(part, mark)| {
                let part = part.filter(|part| !part.is_empty())?;
                Some(format!("{mark}{part}"))
            });
        self.classify(path, &suffix.collect::<String>(), json)
    }

    fn package(&self, specifier: &str, parent: &str, json: bool) -> Resolved {
        let parent = Url::parse(parent).ok().and_then(|url| url.to_file_path().ok());
        let Some(folder) = parent.as_deref().and_then(Path::parent) else {
            return Resolved::Unresolved(Vec::new());
        };
        match self.packages.resolve(folder, specifier) {
            Ok(found) => self.classify(found.into_path_buf(), "", json),
            Err(_) => Resolved::Unresolved(Vec::new()),
        }
    }

    /// The format of a file (ESM_FILE_FORMAT) and whether it may be hot.
    fn classify(&self, path: PathBuf, suffix: &str, json: bool) -> Resolved {
        let real = if self.preserve_symlinks { None } else { path.canonicalize().ok() };
        let (path, link) = match real {
            Some(real) if real != path => (real, Some(path)),
            _ => (path, None),
        };
        let Some(url) = file_url(&path) else {
            return Resolved::Unresolved(vec![path]);
        };
        let url = format!("{url}{suffix}");
        if !self.hot_files.allows(&path) {
            return Resolved::External(url);
        }
        let folder = path.parent().unwrap_or(Path::new("/"));
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("mjs") => Resolved::Module(FileUrl { path, url, link }),
            Some("json") if json => Resolved::Json(FileUrl { path, url, link }),
            Some("js") => match self.package_types.of(folder) {
                PackageType::Module => Resolved::Module(FileUrl { path, url, link }),
                PackageType::Unstated => Resolved::Ambiguous(FileUrl { path, url, link }),
                PackageType::CommonJs => Resolved::External(url),
            },
            _ => Resolved::External(url),
        }
    }
}

/// The URL of a file as `pathToFileURL` of Node writes it, which encodes more than it must.
#[must_use]
pub fn file_url(path: &Path) -> Option<String> {
    let url = String::from(Url::from_file_path(path).ok()?);
    let encoded = [('[', "%5B"), (']', "%5D"), ('^', "%5E"), ('|', "%7C"), ('~', "%7E")];
    if !url.contains(encoded.map(|(character, _)| character)) {
        return Some(url);
    }
    let write = |url: String, (character, code): (char, &str)| url.replace(character, code);
    Some(encoded.into_iter().fold(url, write))
}
