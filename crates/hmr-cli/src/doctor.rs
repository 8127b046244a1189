//! `doctor`: what would keep changes from being seen or applied. Each finding is one line, with what to do about it.

use std::fmt;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use clap::ArgMatches;
use serde_json::Value;

use crate::settings::{self, Defaults};
use crate::supervisor::Exit;

/// What was found.
#[derive(Debug, PartialEq, Eq)]
enum Finding {
    /// As it should be.
    Good(String),
    /// Works, with a disadvantage.
    Note(String),
    /// Does not work.
    Bad(String),
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Good(text) => write!(f, "ok    {text}"),
            Self::Note(text) => write!(f, "note  {text}"),
            Self::Bad(text) => write!(f, "bad   {text}"),
        }
    }
}

/// Prints all findings. Ends with 1 if something is bad.
///
/// # Errors
/// If this package is incomplete.
pub fn examine(options: &ArgMatches) -> Result<Exit> {
    let cwd = std::env::current_dir().context("the working directory")?;
    let (folder, defaults) = Defaults::of(&cwd);
    let node = settings::node(options, &defaults);
    let mut findings = node_and_engine(&node, &settings::package()?.join("lib/addon.js"));
    findings.extend([file_system(&folder), module_type(&folder)]);
    findings.extend(watch_limits());
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    let production = (variable("NODE_ENV") == "production" && variable("NODE_ESM_HMR") != "force")
        .then(|| Finding::Bad("NODE_ENV is production: nothing is hot".into()));
    findings.extend(production);
    let options = variable("NODE_OPTIONS");
    findings.extend(loaders("NODE_OPTIONS", &options));
    for (name, script) in scripts(&folder) {
        findings.extend(loaders(&format!("the script {name}"), &script));
    }
    findings.iter().for_each(|finding| println!("{finding}"));
    let is_bad = findings.iter().any(|finding| matches!(finding, Finding::Bad(_)));
    Ok(Exit::Code(i32::from(is_bad)))
}

/// Node's version, and whether it can load the engine.
fn node_and_engine(node: &std::ffi::OsStr, addon: &Path) -> Vec<Finding> {
    let script = "console.log(process.version); \
                  import(process.argv[1]).then(({ loadAddon }) => loadAddon()).then(() => console.log('loaded'), (error) => console.log(error.message))";
    let mut command = Command::new(node);
    command.args(["-e", script]).arg(addon).stderr(Stdio::null());
    let output = match command.output() {
        Ok(output) => String::from_utf8_lossy(&output.stdout).into_owned(),
        Err(error) => {
            return vec![Finding::Bad(format!("{} cannot be started: {error}", node.display()))];
        }
    };
    let (version, engine) = output.split_once('\n').unwrap_or((&output, ""));
    let engine = match engine.trim() {
        "loaded" => Finding::Good("the engine can be loaded".into()),
        error => Finding::Bad(format!("the engine cannot be loaded: {error}")),
    };
    vec![node_version(version.trim()), engine]
}

fn node_version(version: &str) -> Finding {
    let mut numbers =
        version.trim_start_matches('v').split('.').map_while(|part| part.parse::<u32>().ok());
    let (Some(major), Some(minor)) = (numbers.next(), numbers.next()) else {
        return Finding::Bad(format!("Node does not tell its version: {version}"));
    };
    match (major, minor) {
        (..20, _) | (20, ..19) => {
            Finding::Bad(format!("Node {version} is too old: 20.19 or later is needed"))
        }
        (20 | 21, _) | (22, ..15) => Finding::Note(format!(
            "Node {version} has no loader hooks in the thread: docs/limits.md says what follows"
        )),
        _ => Finding::Good(format!("Node {version}")),
    }
}

fn file_system(folder: &Path) -> Finding {
    match hmr_watch::remote(folder) {
        None => {
            Finding::Good(format!("{} is on a file system that tells of changes", folder.display()))
        }
        Some(system) => Finding::Note(format!(
            "{} is on {system}, which does not tell of changes made elsewhere: it is polled ten times a second",
            folder.display()
        )),
    }
}

fn module_type(folder: &Path) -> Finding {
    let text = std::fs::read(folder.join("package.json")).unwrap_or_default();
    let manifest: Value = serde_json::from_slice(&text).unwrap_or_default();
    match manifest["type"].as_str() {
        Some("module") => Finding::Good("package.json says \"type\": \"module\"".into()),
        _ => Finding::Note(
            "package.json does not say \"type\": \"module\": only .mjs files, and .js files with module syntax, are hot".into(),
        ),
    }
}

fn scripts(folder: &Path) -> Vec<(String, String)> {
    let text = std::fs::read(folder.join("package.json")).unwrap_or_default();
    let manifest: Value = serde_json::from_slice(&text).unwrap_or_default();
    let scripts = manifest["scripts"].as_object().into_iter().flatten();
    let ours =
        scripts.filter_map(|(name, script)| Some((name.clone(), script.as_str()?.to_owned())));
    ours.filter(|(_, script)| script.contains("node-esm-hmr")).collect()
}

/// What else would load, transform or watch the same modules.
fn loaders(place: &str, text: &str) -> Vec<Finding> {
    let words: Vec<_> = text.split_whitespace().collect();
    let bad = |word: &str| match word.rsplit('/').next().unwrap_or(word) {
        "nodemon" | "ts-node-dev" | "tsx" | "--watch" => {
            Some("restarts the program, too: leave it out")
        }
        _ => None,
    };
    let note = |word: &str| {
        let value = word.rsplit('=').next().unwrap_or(word);
        let is_loader = word.starts_with("--loader") || word.starts_with("--experimental-loader");
        let known = [
            "ts-node/register",
            "ts-node/esm",
            "@swc-node/register",
            "import-in-the-middle",
            "esm",
        ];
        (is_loader
            || value.starts_with("tsx/")
            || known.iter().any(|loader| value.starts_with(loader)))
        .then_some("is not asked for hot modules, which the engine reads from the disk")
    };
    let find = |(at, word): (usize, &&str)| {
        // As the value of --import, tsx is a loader.
        let is_value = at > 0 && ["--import", "-r", "--require"].contains(&words[at - 1]);
        match (is_value, bad(word), note(word)) {
            (true, Some(_), _) => Some(Finding::Note(format!(
                "{word} in {place} is not asked for hot modules, which the engine reads from the disk"
            ))),
            (false, Some(why), _) => Some(Finding::Bad(format!("{word} in {place} {why}"))),
            (_, _, Some(why)) => Some(Finding::Note(format!("{word} in {place} {why}"))),
            _ => None,
        }
    };
    words.iter().enumerate().filter_map(find).collect()
}

/// What Linux allows to be watched.
#[cfg(target_os = "linux")]
fn watch_limits() -> Vec<Finding> {
    let limits = [
        ("max_user_watches", 8192, 524_288),
        ("max_user_instances", 64, 512),
        ("max_queued_events", 4096, 16_384),
    ];
    let one = |(name, least, better): (&str, u64, u64)| {
        let path = format!("/proc/sys/fs/inotify/{name}");
        let now: u64 = std::fs::read_to_string(path).ok()?.trim().parse().ok()?;
        Some(if now >= least {
            Finding::Good(format!("fs.inotify.{name} is {now}"))
        } else {
            Finding::Note(format!(
                "fs.inotify.{name} is {now} only; raise it with: sudo sysctl fs.inotify.{name}={better}"
            ))
        })
    };
    limits.into_iter().filter_map(one).collect()
}

#[cfg(not(target_os = "linux"))]
fn watch_limits() -> Vec<Finding> {
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_node() {
        for (version, expected) in [
            ("v18.20.0", "bad"),
            ("v20.18.3", "bad"),
            ("v20.19.0", "note"),
            ("v22.14.0", "note"),
            ("v22.15.0", "ok"),
            ("v26.1.0", "ok"),
            ("", "bad"),
        ] {
            let found = node_version(version).to_string();
            assert!(found.starts_with(expected), "{version}: {found}");
        }
    }

    #[test]
    fn what_else_would_watch_or_load() {
        for (text, expected) in [
            ("node-esm-hmr app.js", None),
            ("nodemon --exec node-esm-hmr app.js", Some("bad")),
            ("node-esm-hmr --watch app.js", Some("bad")),
            ("./node_modules/.bin/tsx app.js", Some("bad")),
            ("--import tsx", Some("note")),
            ("--import=tsx/esm", Some("note")),
            ("--loader ./x.js", Some("note")),
            ("-r ts-node/register", Some("note")),
        ] {
            let found = loaders("it", text);
            assert_eq!(
                found.first().map(ToString::to_string).is_some(),
                expected.is_some(),
                "{text}"
            );
            assert!(
                found.iter().all(|it| it.to_string().starts_with(expected.unwrap())),
                "{text}: {found:?}"
            );
        }
    }
}
