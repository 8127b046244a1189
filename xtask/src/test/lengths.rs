//! Checks that files and functions stay short: 400 and 60 lines at most.
//!
//! Tests are not measured: files named `tests.rs` or `*.test.js`, crates' `tests` folders, and items
//! behind `#[cfg(test)]`. A function is measured from its first word to its last brace, comments
//! included. JavaScript's functions are found by the script beside this crate's manifest, with a
//! JavaScript parser.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use super::counts::Counts;
use crate::{process, repository};

const FILE_LINES: usize = 400;
const FUNCTION_LINES: usize = 60;

const RUST: [&str; 3] = ["crates", "xtask", "bench"];
const JAVASCRIPT: [&str; 5] = ["runtime", "tests", "examples", "bench", "xtask"];

/// Measures every file of ours.
pub fn check() -> Result<Counts> {
    let mut problems = Vec::new();
    for path in files(&RUST, &[".rs"])? {
        let text = repository::read(&path)?;
        problems.extend(rust_problems(&repository::name(&path), &text)?);
    }
    let scripts = files(&JAVASCRIPT, &[".js", ".mjs", ".d.ts"])?;
    for path in &scripts {
        let text = repository::read(path)?;
        problems.extend(file_problem(&repository::name(path), text.lines().count()));
    }
    problems.extend(long_javascript_functions(&scripts)?);
    if !problems.is_empty() {
        bail!("{}", problems.join("\n"));
    }
    Ok(Counts::default())
}

fn files(folders: &[&str], endings: &[&str]) -> Result<Vec<PathBuf>> {
    let wanted = |name: &str| endings.iter().any(|ending| name.ends_with(ending)) && !is_test(name);
    let mut found = Vec::new();
    for folder in folders {
        found.extend(repository::files(&repository::path(folder), &wanted)?);
    }
    found.retain(|path| !is_in_tests_of_crate(path));
    Ok(found)
}

fn is_test(name: &str) -> bool {
    name == "tests.rs" || name.ends_with(".test.js")
}

fn is_in_tests_of_crate(path: &Path) -> bool {
    let rust = path.extension().is_some_and(|extension| extension == "rs");
    rust && path.components().any(|part| part.as_os_str() == "tests")
}

fn file_problem(name: &str, lines: usize) -> Option<String> {
    (lines > FILE_LINES).then(|| format!("{name}: {lines} lines, {FILE_LINES} at most"))
}

fn rust_problems(name: &str, text: &str) -> Result<Vec<String>> {
    let file = syn::parse_file(text).with_context(|| format!("parsing {name}"))?;
    let mut measure = Measure { name, test_lines: 0, problems: Vec::new() };
    measure.visit_file(&file);
    let own_lines = text.lines().count().saturating_sub(measure.test_lines);
    measure.problems.extend(file_problem(name, own_lines));
    Ok(measure.problems)
}

struct Measure<'a> {
    name: &'a str,
    test_lines: usize,
    problems: Vec<String>,
}

impl Measure<'_> {
    fn function(&mut self, signature: &syn::Signature, body: &syn::Block) {
        let first = signature.span().start().line;
        let lines = body.span().end().line + 1 - first;
        if lines > FUNCTION_LINES {
            let place = format!("{}:{first}: {}", self.name, signature.ident);
            self.problems.push(format!("{place} has {lines} lines, {FUNCTION_LINES} at most"));
        }
    }
}

impl<'ast> Visit<'ast> for Measure<'_> {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if is_for_tests(&item.attrs) {
            let span = item.span();
            self.test_lines += span.end().line + 1 - span.start().line;
        } else {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        if !is_for_tests(&item.attrs) {
            self.function(&item.sig, &item.block);
            visit::visit_item_fn(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.function(&item.sig, &item.block);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if let Some(body) = &item.default {
            self.function(&item.sig, body);
        }
        visit::visit_trait_item_fn(self, item);
    }
}

fn is_for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let is_test = attribute.path().is_ident("cfg")
            && attribute.parse_args::<syn::Ident>().is_ok_and(|argument| argument == "test");
        is_test || attribute.path().is_ident("test")
    })
}

/// One line for each function that is too long, from the script's standard output.
fn long_javascript_functions(files: &[PathBuf]) -> Result<Vec<String>> {
    let mut command = Command::new("node");
    command.arg(repository::path("xtask/function-lengths.js")).arg(FUNCTION_LINES.to_string());
    let scripts = files.iter().filter(|path| !path.to_string_lossy().ends_with(".d.ts"));
    command.args(scripts.map(|path| repository::name(path)));
    let output = command.current_dir(repository::root()).output().context("starting node")?;
    if !output.status.success() {
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        bail!("{} failed:\n{message}", process::describe(&command));
    }
    Ok(String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect())
}

#[cfg(test)]
mod tests;
