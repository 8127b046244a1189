//! ESM resolution as Node does it: ESM_RESOLVE; packages are resolved beside it.
//!
//! What cannot be resolved here is no error yet: the runtime asks Node itself, whose answer (or
//! whose error, with its code and words) is the specification.

use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;
use url::Url;

use crate::known_files::{KnownFiles, plain_url};
use crate::load_order::LoadOrder;
use crate::options::{HotFiles, Options};
use crate::package::{Manifests, PackageType};
use crate::package_resolve::Packages;
use crate::source::Format;
use crate::tsconfig::Tsconfigs;
use crate::typescript::Meaning;

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
    manifests: Manifests,
    pub(crate) known_files: KnownFiles,
    pub(crate) tsconfigs: Tsconfigs,
    conditions: Vec<String>,
    slash_imports: bool,
    pub(crate) load_order: LoadOrder,
    /// Whether imports may have `assert { … }`.
    pub(crate) assertions: bool,
    /// Whether exported imports of namespaces stand for those.
    pub(crate) names_namespaces: bool,
    builtins: FxHashSet<String>,
    hot_files: HotFiles,
    preserve_symlinks: bool,
}

impl Resolver {
    /// # Errors
    /// The source of an `include` or `exclude` expression that does not compile.
    pub fn new(options: &Options) -> Result<Self, String> {
        Ok(Self {
            manifests: Manifests::default(),
            known_files: KnownFiles::default(),
            tsconfigs: Tsconfigs::new(options.using),
            conditions: options.conditions.clone(),
            slash_imports: options.slash_imports,
            load_order: options.load_order,
            assertions: options.assertions,
            names_namespaces: options.names_namespaces,
            builtins: options.builtins.iter().cloned().collect(),
            hot_files: HotFiles::new(options)?,
            preserve_symlinks: options.preserve_symlinks,
        })
    }

    /// Forgets `package.json` and `tsconfig.json` files.
    pub fn clear_cache(&self) {
        self.manifests.clear();
        self.tsconfigs.clear();
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
        let path = file_path(url)?;
        match path.extension()?.to_str()? {
            "mjs" => Some(Format::Module),
            "js" => self.format_by_type(path.parent()?),
            _ => None,
        }
    }

    /// What the nearest `package.json` says of a file whose name does not tell its format.
    fn format_by_type(&self, folder: &Path) -> Option<Format> {
        match self.manifests.type_of(folder) {
            PackageType::Module => Some(Format::Module),
            PackageType::Unstated => Some(Format::Ambiguous),
            PackageType::CommonJs | PackageType::Broken => None,
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
            if let Some(url) = plain_url(specifier, parent) {
                let find = || self.relative(specifier, parent, json);
                return self.known_files.of(url, json, find);
            }
            return self.relative(specifier, parent, json);
        }
        match Url::parse(specifier) {
            Ok(url) if url.scheme() == "file" => self.file_for(&url, parent, json),
            Ok(_) => Resolved::External(specifier.to_owned()),
            Err(_) => self.package(specifier, parent, json),
        }
    }

    fn relative(&self, specifier: &str, parent: &str, json: bool) -> Resolved {
        let joined = Url::parse(parent).and_then(|base| base.join(specifier));
        joined.map_or(Resolved::Unresolved(Vec::new()), |url| self.file_for(&url, parent, json))
    }

    /// Whether the file at a URL is CommonJS by its name and its package.
    #[must_use]
    pub fn is_common_js(&self, url: &str) -> bool {
        let Some(path) = file_path(url) else { return false };
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("cjs" | "cts") => true,
            Some("js" | "ts") => {
                let folder = path.parent().unwrap_or(Path::new("/"));
                self.manifests.type_of(folder) != PackageType::Module
            }
            _ => false,
        }
    }

    /// As [`Self::file`], of what is imported by the module at `parent`, which may mean another file.
    fn file_for(&self, url: &Url, parent: &str, json: bool) -> Resolved {
        let resolved = self.file(url, json);
        let Resolved::Unresolved(mut tried) = resolved else { return resolved };
        let Some(importer) = file_path(parent) else { return Resolved::Unresolved(tried) };
        let meaning = self.meaning(&importer);
        let Some(path) = tried.first().filter(|_| meaning.applies()) else {
            return Resolved::Unresolved(tried);
        };
        match meaning.of_path(path) {
            Ok(meant) => self.with_path(url, meant, json),
            Err(candidates) => {
                tried.extend(candidates);
                Resolved::Unresolved(tried)
            }
        }
    }

    /// The module at `path`, with query and fragment of `url`.
    fn with_path(&self, url: &Url, path: PathBuf, json: bool) -> Resolved {
        let meant = file_url(&path).and_then(|meant| Url::parse(&meant).ok());
        let Some(mut meant) = meant else { return Resolved::Unresolved(vec![path]) };
        meant.set_query(url.query());
        meant.set_fragment(url.fragment());
        self.file(&meant, json)
    }

    fn meaning<'r>(&'r self, importer: &'r Path) -> Meaning<'r> {
        Meaning { tsconfigs: &self.tsconfigs, manifests: &self.manifests, importer }
    }

    /// What `paths` of `tsconfig.json` name.
    fn alias(&self, specifier: &str, importer: &Path, json: bool) -> Option<Resolved> {
        let meaning = self.meaning(importer);
        if specifier.starts_with('#') || !meaning.applies() {
            return None;
        }
        let path = meaning.of_alias(specifier).ok()?;
        let url = Url::parse(&file_url(&path)?).ok()?;
        Some(self.file(&url, json))
    }

    /// Steps of ESM_RESOLVE that follow once the URL is known.
    fn file(&self, url: &Url, json: bool) -> Resolved {
        let encoded_separator = ["%2f", "%2F", "%5c", "%5C"];
        let refused = encoded_separator.iter().any(|code| url.path().contains(code));
        // Of Node's versions some write `^` as it is.
        let ambiguous = self.preserve_symlinks && url.path().contains('^');
        if refused || ambiguous || !is_well_encoded(url.path()) {
            return Resolved::Unresolved(Vec::new());
        }
        let Ok(path) = url.to_file_path() else {
            return Resolved::Unresolved(Vec::new());
        };
        let real =
            (!url.path().ends_with('/')).then(|| self.known_files.real_path(&path)).flatten();
        let Some(real) = real else { return Resolved::Unresolved(vec![path]) };
        self.classify(path, real, url, json)
    }

    fn package(&self, specifier: &str, parent: &str, json: bool) -> Resolved {
        let importer = file_path(parent);
        let Some((importer, folder)) = importer.as_deref().and_then(|at| Some((at, at.parent()?)))
        else {
            return Resolved::Unresolved(Vec::new());
        };
        if let Some(helper) = self.hot_files.helper(specifier) {
            return Resolved::External(helper);
        }
        if let Some(resolved) = self.alias(specifier, importer, json) {
            return resolved;
        }
        let packages = Packages {
            manifests: &self.manifests,
            conditions: &self.conditions,
            builtins: &self.builtins,
            slash_imports: self.slash_imports,
        };
        let found = match specifier {
            name if name.starts_with('#') => packages.imports(name, folder),
            _ => packages.resolve(specifier, folder),
        };
        match found {
            Ok(url) if url.scheme() != "file" => Resolved::External(url.into()),
            Ok(url) => match self.file_for(&url, parent, json) {
                // Not where it would have to be; what may appear there is another question.
                Resolved::Unresolved(_) => Resolved::Unresolved(Vec::new()),
                resolved => resolved,
            },
            Err(_) => Resolved::Unresolved(Vec::new()),
        }
    }

    /// The format of a file (ESM_FILE_FORMAT) and whether it may be hot.
    fn classify(&self, path: PathBuf, real: PathBuf, asked: &Url, json: bool) -> Resolved {
        if self.preserve_symlinks {
            return self.format(FileUrl { path, url: asked.to_string(), link: None }, json);
        }
        let Some(mut url) = file_url(&real) else {
            return Resolved::Unresolved(vec![path]);
        };
        for (part, mark) in [(asked.query(), '?'), (asked.fragment(), '#')] {
            if let Some(part) = part.filter(|part| !part.is_empty()) {
                url.push(mark);
                url.push_str(part);
            }
        }
        let link = (real != path).then_some(path);
        self.format(FileUrl { path: real, url, link }, json)
    }

    /// With `--preserve-symlinks`: the file that the module at a link consists of.
    pub(crate) fn behind_link(&self, path: &Path) -> Option<PathBuf> {
        let real = if self.preserve_symlinks { path.canonicalize().ok() } else { None };
        real.filter(|real| real != path)
    }

    fn format(&self, file: FileUrl, json: bool) -> Resolved {
        let path = &file.path;
        let folder = path.parent().unwrap_or(Path::new("/"));
        let extension = path.extension().and_then(|extension| extension.to_str());
        let by_type = matches!(extension, Some("js" | "ts"));
        if by_type && self.manifests.type_of(folder) == PackageType::Broken {
            return Resolved::Unresolved(Vec::new());
        }
        if !self.hot_files.allows(path) {
            return Resolved::External(file.url);
        }
        match extension {
            Some("mjs" | "mts") => Resolved::Module(file),
            // Nobody else can run them.
            Some("tsx" | "jsx") => Resolved::Module(file),
            Some("json") if json => Resolved::Json(file),
            Some("js" | "ts") => match self.format_by_type(folder) {
                Some(Format::Module) => Resolved::Module(file),
                Some(_) => Resolved::Ambiguous(file),
                None => Resolved::External(file.url),
            },
            _ => Resolved::External(file.url),
        }
    }
}

/// The path that a `file:` URL stands for.
pub(crate) fn file_path(url: &str) -> Option<PathBuf> {
    Url::parse(url).ok()?.to_file_path().ok()
}

/// Whether `decodeURIComponent` has an answer.
fn is_well_encoded(path: &str) -> bool {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let code = after.get(..2).filter(|code| code.iter().all(u8::is_ascii_hexdigit));
        let code = code.and_then(|code| std::str::from_utf8(code).ok());
        let Some(byte) = code.and_then(|code| u8::from_str_radix(code, 16).ok()) else {
            return false;
        };
        bytes.push(byte);
        rest = &after[2..];
    }
    std::str::from_utf8(&bytes).is_ok()
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
