//! PACKAGE_RESOLVE and what it calls (Node's documentation, "Resolution Algorithm Specification"),
//! as Node's `lib/internal/modules/esm/resolve.js` does it.
//!
//! It has no errors of its own: what Node would throw for is [`Left`] to Node.

use std::path::Path;

use rustc_hash::FxHashSet;
use serde_json::{Map, Value};
use url::Url;

use crate::package::{Manifest, Manifests, PackageType};
use crate::resolve::file_url;

/// There is no answer but Node's error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    /// A target that is not allowed; the next of several targets may be.
    InvalidTarget,
    /// Anything else.
    Other,
}

/// What a specifier means: the URL of a file that may not exist, or of a builtin.
type Answer = Result<Url, Left>;

/// What a target means: nothing if no condition holds.
#[derive(Debug)]
enum Target {
    Url(Url),
    Null,
    Undefined,
}

/// Everything the algorithm looks at.
#[derive(Debug)]
pub struct Packages<'p> {
    /// `package.json` files.
    pub manifests: &'p Manifests,
    /// Conditions beside `default`.
    pub conditions: &'p [String],
    /// Names of builtins that need no `node:`.
    pub builtins: &'p FxHashSet<String>,
    /// This Node has names like `#/x`.
    pub slash_imports: bool,
}

/// A key of `exports` or `imports` that a request matches, with what `*` stands for.
struct Match<'m> {
    key: &'m str,
    star: Option<&'m str>,
}

/// A place where targets are written.
struct Owner<'o> {
    folder: &'o Path,
    /// In `imports`, where targets may be packages.
    internal: bool,
}

impl Packages<'_> {
    /// PACKAGE_RESOLVE of a bare `specifier` in a file of `folder`.
    pub fn resolve(&self, specifier: &str, folder: &Path) -> Answer {
        if self.builtins.contains(specifier) {
            return Url::parse(&format!("node:{specifier}")).map_err(|_| Left::Other);
        }
        let (name, subpath) = package_name(specifier).ok_or(Left::Other)?;
        if let Some((own, manifest)) = self.manifests.scope(folder) {
            readable(&manifest)?;
            if let (Some(exports), true) =
                (&manifest.exports, manifest.name.as_deref() == Some(name))
            {
                return self.exports(&own, &subpath, exports);
            }
        }
        let candidates = folder.ancestors().map(|at| at.join("node_modules").join(name));
        let package = candidates.into_iter().find(|folder| folder.is_dir()).ok_or(Left::Other)?;
        let manifest = self.manifests.of(&package);
        if let Some(manifest) = &manifest {
            readable(manifest)?;
            if let Some(exports) = &manifest.exports {
                return self.exports(&package, &subpath, exports);
            }
        }
        if subpath == "." {
            return legacy_main(&package, manifest.and_then(|found| found.main.clone()));
        }
        manifest_url(&package)?.join(&subpath).map_err(|_| Left::Other)
    }

    /// PACKAGE_IMPORTS_RESOLVE of `name` in a file of `folder`.
    pub fn imports(&self, name: &str, folder: &Path) -> Answer {
        let slash = name.starts_with("#/") && !self.slash_imports;
        if name == "#" || slash || name.ends_with('/') {
            return Err(Left::Other);
        }
        let (own, manifest) = self.manifests.scope(folder).ok_or(Left::Other)?;
        readable(&manifest)?;
        let imports = manifest.imports.as_ref().ok_or(Left::Other)?;
        let owner = Owner { folder: &own, internal: true };
        let direct = imports.contains_key(name) && !name.contains('*');
        let found =
            if direct { Some(Match { key: name, star: None }) } else { best(imports, name) };
        self.matched(&owner, imports, found)
    }

    /// PACKAGE_EXPORTS_RESOLVE of `subpath` in the package in `folder`.
    fn exports(&self, folder: &Path, subpath: &str, exports: &Value) -> Answer {
        let sugar;
        let exports = if is_main_sugar(exports)? {
            sugar = Map::from_iter([(".".to_owned(), exports.clone())]);
            &sugar
        } else {
            exports.as_object().ok_or(Left::Other)?
        };
        let owner = Owner { folder, internal: false };
        let direct =
            exports.contains_key(subpath) && !subpath.contains('*') && !subpath.ends_with('/');
        let key = Match { key: subpath, star: None };
        self.matched(&owner, exports, if direct { Some(key) } else { best(exports, subpath) })
    }

    fn matched(&self, owner: &Owner, targets: &Map<String, Value>, found: Option<Match>) -> Answer {
        let found = found.ok_or(Left::Other)?;
        match self.target(owner, &targets[found.key], found.star)? {
            Target::Url(url) => Ok(url),
            Target::Null | Target::Undefined => Err(Left::Other),
        }
    }

    /// PACKAGE_TARGET_RESOLVE.
    fn target(&self, owner: &Owner, target: &Value, star: Option<&str>) -> Result<Target, Left> {
        match target {
            Value::String(target) => self.path(owner, target, star).map(Target::Url),
            Value::Array(targets) => self.first(owner, targets, star),
            Value::Object(targets) => {
                if targets.keys().any(|key| is_array_index(key)) {
                    return Err(Left::Other);
                }
                let holds =
                    |key: &str| key == "default" || self.conditions.iter().any(|c| c == key);
                for (_, target) in targets.iter().filter(|(key, _)| holds(key)) {
                    match self.target(owner, target, star)? {
                        Target::Undefined => {}
                        found => return Ok(found),
                    }
                }
                Ok(Target::Undefined)
            }
            Value::Null => Ok(Target::Null),
            Value::Bool(_) | Value::Number(_) => Err(Left::InvalidTarget),
        }
    }

    /// The first of several targets that means something.
    fn first(&self, owner: &Owner, targets: &[Value], star: Option<&str>) -> Result<Target, Left> {
        let mut last = Ok(if targets.is_empty() { Target::Null } else { Target::Undefined });
        for target in targets {
            match self.target(owner, target, star) {
                Err(Left::InvalidTarget) => last = Err(Left::InvalidTarget),
                Ok(Target::Undefined) => {}
                Ok(Target::Null) => last = Ok(Target::Null),
                found => return found,
            }
        }
        last
    }

    /// A target that is a string.
    fn path(&self, owner: &Owner, target: &str, star: Option<&str>) -> Answer {
        let Some(path) = target.strip_prefix("./") else {
            let outside = target.starts_with("../") || target.starts_with('/');
            if !owner.internal || outside || Url::parse(target).is_ok() {
                return Err(Left::InvalidTarget);
            }
            let specifier = star.map_or(target.to_owned(), |star| target.replace('*', star));
            return self.resolve(&specifier, owner.folder);
        };
        if has_invalid_segment(path) {
            return Err(Left::InvalidTarget);
        }
        let manifest = manifest_url(owner.folder)?;
        let resolved = manifest.join(target).map_err(|_| Left::InvalidTarget)?;
        let package = manifest.join(".").map_err(|_| Left::Other)?;
        if !resolved.path().starts_with(package.path()) {
            return Err(Left::InvalidTarget);
        }
        let Some(star) = star.filter(|star| !star.is_empty()) else { return Ok(resolved) };
        if has_invalid_segment(star) {
            return Err(Left::Other);
        }
        Url::parse(&resolved.as_str().replace('*', star)).map_err(|_| Left::Other)
    }
}

fn readable(manifest: &Manifest) -> Result<(), Left> {
    if manifest.kind == PackageType::Broken { Err(Left::Other) } else { Ok(()) }
}

fn manifest_url(folder: &Path) -> Answer {
    let url = file_url(&folder.join("package.json")).ok_or(Left::Other)?;
    Url::parse(&url).map_err(|_| Left::Other)
}

/// Name and subpath of a specifier, unless the name is one that only Node's own code reads rightly:
/// it takes the name for a part of an URL.
fn package_name(specifier: &str) -> Option<(&str, String)> {
    let from = if specifier.starts_with('@') { specifier.find('/')? + 1 } else { 0 };
    let end = specifier[from..].find('/').map_or(specifier.len(), |at| from + at);
    let (name, rest) = specifier.split_at(end);
    let special = |c: char| c.is_control() || c.is_whitespace() || "?#%\\".contains(c);
    let invalid = name.is_empty() || name.starts_with('.') || name.contains(special);
    let dots = |part: &str| part.is_empty() || part == "." || part == "..";
    let invalid = invalid || name.split('/').any(dots);
    (!invalid).then(|| (name, format!(".{rest}")))
}

/// The best matching key with a `*` (PATTERN_KEY_COMPARE).
fn best<'m>(targets: &'m Map<String, Value>, request: &'m str) -> Option<Match<'m>> {
    let matching = targets.keys().filter_map(|key| {
        let (start, end) = key.split_once('*')?;
        let fits = !end.contains('*') && request.len() >= key.len();
        let star = request.strip_prefix(start).filter(|_| fits)?.strip_suffix(end)?;
        Some((start.len(), key.len(), Match { key, star: Some(star) }))
    });
    let mut found: Option<(usize, usize, Match)> = None;
    for next in matching {
        if found.as_ref().is_none_or(|best| (next.0, next.1) > (best.0, best.1)) {
            found = Some(next);
        }
    }
    found.map(|(.., found)| found)
}

/// Whether `exports` stands for `{".": exports}`.
fn is_main_sugar(exports: &Value) -> Result<bool, Left> {
    let Value::Object(keys) = exports else {
        return Ok(exports.is_string() || exports.is_array());
    };
    let sugar = |key: &String| !key.starts_with('.');
    let first = keys.keys().next().is_some_and(sugar);
    if keys.keys().any(|key| sugar(key) != first) { Err(Left::Other) } else { Ok(first) }
}

fn is_array_index(key: &str) -> bool {
    key.parse::<u32>().is_ok_and(|index| index < u32::MAX && index.to_string() == key)
}

/// Whether a path leaves the place it is in: `.`, `..` or `node_modules`, however written.
fn has_invalid_segment(path: &str) -> bool {
    path.split(['/', '\\']).any(|segment| {
        let plain = percent_decoded(segment).to_ascii_lowercase();
        matches!(plain.as_str(), "." | ".." | "node_modules")
    })
}

fn percent_decoded(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let code = rest.strip_prefix('%').and_then(|code| code.get(..2));
        let code = code.and_then(|code| u8::from_str_radix(code, 16).ok()).filter(u8::is_ascii);
        plain.push(code.map_or(character, char::from));
        rest = &rest[if code.is_some() { 3 } else { character.len_utf8() }..];
    }
    plain
}

/// The entry of a package without `exports`. A `main` that Node versions read differently, as a
/// path or as an URL, is left to Node.
fn legacy_main(folder: &Path, main: Option<String>) -> Answer {
    const AFTER_MAIN: [&str; 7] =
        ["", ".js", ".json", ".node", "/index.js", "/index.json", "/index.node"];
    let odd =
        |main: &str| main.is_empty() || main.ends_with('/') || main.contains(['%', '?', '#', '\\']);
    if main.as_deref().is_some_and(odd) {
        return Err(Left::Other);
    }
    let mains = main.iter().flat_map(|main| AFTER_MAIN.map(|end| format!("{main}{end}")));
    let indexes = ["index.js", "index.json", "index.node"].map(str::to_owned);
    // A `main` that begins with `/` still lies in the package.
    let paths = mains.chain(indexes).map(|path| folder.join(format!("./{path}")));
    let found = paths.into_iter().find(|path| path.is_file()).ok_or(Left::Other)?;
    let url = file_url(&found).ok_or(Left::Other)?;
    Url::parse(&url).map_err(|_| Left::Other)
}
