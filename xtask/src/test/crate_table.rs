//! Checks which of our crates uses which, against the table of `docs/architecture.md`.
//!
//! Dependencies of every kind count, those of tests and build scripts too. A crate that is not in the
//! table is an error: whoever adds one says here what it may know of.

use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::counts::Counts;
use crate::repository;

const TABLE: [(&str, &[&str]); 7] = [
    ("hmr-graph", &[]),
    ("hmr-transform", &[]),
    ("hmr-watch", &[]),
    ("hmr-engine", &["hmr-graph", "hmr-transform", "hmr-watch"]),
    ("hmr-node", &["hmr-engine"]),
    ("hmr-cli", &["hmr-watch"]),
    ("xtask", &[]),
];

/// Compares the workspace with the table.
pub fn check() -> Result<Counts> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps"])
        .current_dir(repository::root())
        .output()
        .context("starting cargo metadata")?;
    let metadata: Value = serde_json::from_slice(&output.stdout).context("cargo metadata")?;
    let packages = metadata["packages"].as_array().context("cargo metadata names no packages")?;

    let problems: Vec<_> = packages.iter().flat_map(problems_of).collect();
    if !problems.is_empty() {
        bail!("{}", problems.join("\n"));
    }
    Ok(Counts::default())
}

fn problems_of(package: &Value) -> Vec<String> {
    let name = package["name"].as_str().unwrap_or_default();
    let Some((_, allowed)) = TABLE.iter().find(|(crate_name, _)| *crate_name == name) else {
        return vec![format!("{name} is not in the table of xtask/src/test/crate_table.rs")];
    };
    // Only dependencies in this workspace have a path.
    let ours = package["dependencies"].as_array().into_iter().flatten();
    ours.filter(|dependency| dependency["path"].is_string())
        .filter_map(|dependency| dependency["name"].as_str())
        .filter(|dependency| !allowed.contains(dependency))
        .map(|dependency| format!("{name} must not depend on {dependency}"))
        .collect()
}
