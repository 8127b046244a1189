//! Checks that what the documentation names in this repository exists.
//!
//! Two things count as naming: the target of a link, and a code span that starts with one of the
//! repository's own folders (`crates/hmr-graph/src/lib.rs`). Fenced code blocks are left alone, since
//! their paths are the reader's, and so are built files. Of a pattern (`tests/e2e/*.test.js`) the part
//! in front of the first folder or file with a wildcard must exist.

use std::path::Path;

use anyhow::{Result, bail};

use super::counts::Counts;
use crate::repository;

const OWN_FOLDERS: [&str; 8] =
    ["crates/", "runtime/", "xtask/", "tests/", "examples/", "docs/", "bench/", ".ci/"];

/// Checks `README.md`, `CHANGELOG.md` and everything in `docs/`.
pub fn check() -> Result<Counts> {
    let mut documents =
        repository::files(&repository::path("docs"), &|name| name.ends_with(".md"))?;
    documents.extend([repository::path("README.md"), repository::path("CHANGELOG.md")]);

    let mut problems = Vec::new();
    for document in &documents {
        let folder = document.parent().expect("a file lies in a folder");
        for (line, named) in paths_in(&repository::read(document)?) {
            let base = if named.is_link { folder } else { repository::root() };
            if !base.join(existing_part(&named.path)).exists() {
                let name = repository::name(document);
                problems.push(format!("{name}:{line}: {} does not exist", named.path));
            }
        }
    }
    if !problems.is_empty() {
        bail!("{}", problems.join("\n"));
    }
    Ok(Counts::default())
}

#[derive(Debug, PartialEq, Eq)]
struct Named {
    path: String,
    /// Relative to the document, where a code span is relative to the root.
    is_link: bool,
}

/// Every path that `text` names, with its line, from 1.
fn paths_in(text: &str) -> Vec<(usize, Named)> {
    let mut found = Vec::new();
    let mut fenced = false;
    for (index, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            let spans = code_spans(line).filter(|span| is_own_path(span));
            found.extend(spans.map(|path| (index + 1, Named { path, is_link: false })));
            let links = link_targets(line);
            found.extend(links.map(|path| (index + 1, Named { path, is_link: true })));
        }
    }
    found
}

/// The text of each `code span`, without a line number behind it.
fn code_spans(line: &str) -> impl Iterator<Item = String> {
    line.split('`').skip(1).step_by(2).map(|span| {
        let (path, number) = span.split_once(':').unwrap_or((span, ""));
        let numbered = number.starts_with(|first: char| first.is_ascii_digit());
        if numbered { path } else { span }.to_owned()
    })
}

fn is_own_path(span: &str) -> bool {
    let built = span.starts_with("runtime/native") || span.contains("node_modules");
    OWN_FOLDERS.iter().any(|folder| span.starts_with(folder)) && !span.contains(' ') && !built
}

/// The targets of `[text](target)` that are files: no address, and without the `#part`.
fn link_targets(line: &str) -> impl Iterator<Item = String> {
    line.split("](").skip(1).filter_map(|rest| {
        let target = rest.split(')').next()?.split('#').next()?;
        (!target.is_empty() && !target.contains("://")).then(|| target.to_owned())
    })
}

fn existing_part(path: &str) -> &Path {
    let wildcard = path.find(['*', '{', '<', '?']).unwrap_or(path.len());
    let plain = &path[..wildcard];
    let folder = if wildcard < path.len() { plain.rfind('/').unwrap_or(0) } else { plain.len() };
    Path::new(&plain[..folder])
}

#[cfg(test)]
mod tests;
