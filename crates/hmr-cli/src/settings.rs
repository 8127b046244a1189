//! How the program is to be run: options of the command line, then those of package.json, then defaults.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::ArgMatches;
use clap::parser::ValueSource;
use serde::Deserialize;

use crate::arguments;
use crate::node_flags;
use crate::report::Log;

/// Everything about a run that does not change.
#[derive(Debug)]
pub struct Settings {
    /// The Node binary.
    pub node: OsString,
    /// URL of the module that makes a program hot; without (under `NODE_ENV=production`) nothing is.
    pub register: Option<String>,
    /// Node's flags.
    pub node_flags: Vec<OsString>,
    /// The entry and the program's arguments.
    pub program: Vec<OsString>,
    /// The working directory.
    pub cwd: PathBuf,
    /// How long the program has to end; for ever without.
    pub grace: Option<Duration>,
    /// End with the program.
    pub exit: bool,
    /// Clear the terminal at a restart.
    pub clear: bool,
    /// Keep a Node ready for the next restart.
    pub standby: bool,
    /// Take keys from the terminal.
    pub shortcuts: bool,
    /// What is printed.
    pub log: Log,
    /// Descriptor for events.
    pub events: Option<i32>,
    /// More files and folders whose changes need a restart.
    pub restart_on: Vec<PathBuf>,
}

/// `"node-esm-hmr"` in package.json, as far as it is about the command.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Defaults {
    /// As `--node`.
    pub node: Option<String>,
    /// What `why` and `graph` are about.
    pub entry: Option<String>,
    /// As `--grace`, in seconds.
    pub grace: Option<f64>,
    /// As `--exit`.
    pub exit: bool,
    /// As `--clear`.
    pub clear: bool,
    /// As `--standby`.
    pub standby: bool,
    /// As `--shortcuts`.
    pub shortcuts: bool,
    /// As `--log`.
    pub log: Option<String>,
    /// As `--restart-on`, relative to package.json.
    pub restart_on: Vec<String>,
}

const GRACE: f64 = 5.0;

impl Settings {
    /// # Errors
    /// A message about a value that makes no sense, or about a package that is incomplete.
    pub fn new(run: arguments::Run) -> Result<Self> {
        let arguments::Run { options, mut node_flags, program } = run;
        if program.is_empty() && node_flags.is_empty() {
            bail!("which program? node-esm-hmr [options] entry [arguments]; --help says more");
        }
        let cwd = std::env::current_dir().context("the working directory")?;
        let (folder, defaults) = Defaults::of(&cwd);
        node_flags::fix_port(&mut node_flags);
        let switch = |on: &'static str, off: &str, default: bool| {
            let given = |name: &str| options.value_source(name) == Some(ValueSource::CommandLine);
            if given(on) || given(off) { options.get_flag(on) } else { default }
        };
        let grace = options.get_one::<f64>("grace").copied().or(defaults.grace).unwrap_or(GRACE);
        let here = options.get_many::<String>("restart-on").unwrap_or_default();
        let restart_on = here.map(|path| cwd.join(path));
        Ok(Self {
            node: node(&options, &defaults),
            register: if is_production() { None } else { Some(register()?) },
            node_flags,
            program,
            grace: grace_of(grace)?,
            exit: switch("exit", "no-exit", defaults.exit),
            clear: switch("clear", "no-clear", defaults.clear),
            standby: switch("standby", "no-standby", defaults.standby),
            shortcuts: switch("shortcuts", "no-shortcuts", defaults.shortcuts),
            log: log(&options, &defaults)?,
            events: options.get_one("events-fd").copied(),
            restart_on: restart_on
                .chain(defaults.restart_on.iter().map(|path| folder.join(path)))
                .collect(),
            cwd,
        })
    }
}

impl Defaults {
    /// Of the nearest package.json at or above `cwd`, with its folder.
    pub fn of(cwd: &Path) -> (PathBuf, Self) {
        let found = cwd.ancestors().find_map(|folder| Some((folder, Manifest::read(folder)?)));
        match found {
            Some((folder, manifest)) => (folder.to_owned(), manifest.ours.unwrap_or_default()),
            None => (cwd.to_owned(), Self::default()),
        }
    }

    /// `"main"` of the package.json in `folder`.
    pub fn main_of(folder: &Path) -> Option<String> {
        Manifest::read(folder)?.main
    }
}

/// What matters here of package.json.
#[derive(Default, Deserialize)]
struct Manifest {
    main: Option<String>,
    #[serde(rename = "node-esm-hmr")]
    ours: Option<Defaults>,
}

impl Manifest {
    /// Nothing if there is none. What Node thinks of a broken one, it says itself.
    fn read(folder: &Path) -> Option<Self> {
        let text = fs::read(folder.join("package.json")).ok()?;
        Some(serde_json::from_slice(&text).unwrap_or_default())
    }
}

/// The Node binary to use. The launcher of the package says which one runs it.
pub fn node(options: &ArgMatches, defaults: &Defaults) -> OsString {
    let given = options.get_one::<String>("node").or(defaults.node.as_ref());
    let launcher = || std::env::var_os("NODE_ESM_HMR_NODE");
    given.map(OsString::from).or_else(launcher).unwrap_or_else(|| "node".into())
}

/// The folder of the package: this binary lies in its `native`.
pub fn package() -> Result<PathBuf> {
    let binary =
        std::env::current_exe().and_then(fs::canonicalize).context("this binary's path")?;
    let folder = binary.parent().and_then(Path::parent).context("this binary's folder")?;
    if !folder.join("register.js").is_file() {
        bail!("{} does not lie in the package node-esm-hmr", binary.display());
    }
    Ok(folder.to_owned())
}

fn register() -> Result<String> {
    Ok(file_url(&package()?.join("register.js")))
}

/// The `file:` URL of an absolute path, as Node's `pathToFileURL` writes it.
fn file_url(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    let slash = if text.starts_with('/') { "" } else { "/" };
    let mut url = format!("file://{slash}");
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z'
            | b'A'..=b'Z'
            | b'0'..=b'9'
            | b'/'
            | b'-'
            | b'_'
            | b'.'
            | b'~'
            | b':'
            | b'@'
            | b'+' => {
                url.push(byte.into());
            }
            other => url.push_str(&format!("%{other:02X}")),
        }
    }
    url
}

fn is_production() -> bool {
    let is = |name: &str, value: &str| std::env::var_os(name).is_some_and(|text| text == value);
    is("NODE_ENV", "production") && !is("NODE_ESM_HMR", "force")
}

fn grace_of(seconds: f64) -> Result<Option<Duration>> {
    match Duration::try_from_secs_f64(seconds) {
        Ok(Duration::ZERO) => Ok(None),
        Ok(grace) => Ok(Some(grace)),
        Err(_) => bail!("--grace takes seconds, not {seconds}"),
    }
}

fn log(options: &ArgMatches, defaults: &Defaults) -> Result<Log> {
    let environment = std::env::var("NODE_ESM_HMR_LOG").ok();
    let given = options.get_one::<String>("log").cloned().or(environment);
    match given.or_else(|| defaults.log.clone()) {
        None => Ok(Log::Pretty),
        Some(name) => Log::named(&name).with_context(|| format!("log: there is no form `{name}`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_those_of_node() {
        assert_eq!(file_url("/a b/ü/#x?.js".as_ref()), "file:///a%20b/%C3%BC/%23x%3F.js");
    }

    #[test]
    fn no_grace_means_for_ever() {
        assert_eq!(grace_of(0.0).unwrap(), None);
        assert_eq!(grace_of(0.25).unwrap(), Some(Duration::from_millis(250)));
        assert!(grace_of(-1.0).is_err());
        assert!(grace_of(f64::NAN).is_err());
    }

    #[test]
    fn the_nearest_package_json_has_the_defaults() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("src")).unwrap();
        fs::write(
            folder.path().join("package.json"),
            r#"{ "node-esm-hmr": { "grace": 2, "include": [] } }"#,
        )
        .unwrap();
        let (found, defaults) = Defaults::of(&folder.path().join("src"));
        assert_eq!(found, folder.path());
        assert_eq!(defaults.grace, Some(2.0));
    }
}
