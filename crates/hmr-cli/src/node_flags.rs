//! What the command has to know of Node's own flags: which take a value of their own, and which files and ports they
//! name. Everything else about them is Node's business, and unknown ones are passed on.

use std::ffi::{OsStr, OsString};
use std::net::TcpListener;
use std::path::{Path, PathBuf};

/// Flags of Node 20 to 26 that may be followed by their value as an argument of its own, sorted: those that
/// `node --help` shows as `--flag=...`, and some that it does not show. `tests/cli/arguments.test.js` compares.
const WITH_VALUE: [&str; 91] = [
    "--allow-fs-read",
    "--allow-fs-write",
    "--bench-isolation",
    "--bench-name-pattern",
    "--bench-reporter",
    "--bench-reporter-destination",
    "--bench-samples",
    "--bench-warmup",
    "--build-sea",
    "--build-snapshot-config",
    "--conditions",
    "--cpu-prof-dir",
    "--cpu-prof-interval",
    "--cpu-prof-name",
    "--debug-port",
    "--diagnostic-dir",
    "--disable-proto",
    "--disable-warning",
    "--dns-result-order",
    "--env-file",
    "--env-file-if-exists",
    "--es-module-specifier-resolution",
    "--eval",
    "--experimental-config-file",
    "--experimental-default-type",
    "--experimental-loader",
    "--experimental-package-map",
    "--experimental-policy",
    "--experimental-sea-config",
    "--experimental-test-isolation",
    "--experimental-test-tag-filter",
    "--heap-prof-dir",
    "--heap-prof-interval",
    "--heap-prof-name",
    "--heapsnapshot-near-heap-limit",
    "--heapsnapshot-signal",
    "--icu-data-dir",
    "--import",
    "--input-type",
    "--inspect-port",
    "--inspect-publish-uid",
    "--loader",
    "--localstorage-file",
    "--max-http-header-size",
    "--max-old-space-size-percentage",
    "--network-family-autoselection-attempt-timeout",
    "--openssl-config",
    "--policy-integrity",
    "--redirect-warnings",
    "--report-dir",
    "--report-directory",
    "--report-filename",
    "--report-signal",
    "--require",
    "--run",
    "--secure-heap",
    "--secure-heap-min",
    "--security-revert",
    "--snapshot-blob",
    "--stack-trace-limit",
    "--test-concurrency",
    "--test-coverage-branches",
    "--test-coverage-exclude",
    "--test-coverage-functions",
    "--test-coverage-include",
    "--test-coverage-lines",
    "--test-global-setup",
    "--test-isolation",
    "--test-name-pattern",
    "--test-random-seed",
    "--test-reporter",
    "--test-reporter-destination",
    "--test-rerun-failures",
    "--test-shard",
    "--test-skip-pattern",
    "--test-timeout",
    "--title",
    "--tls-cipher-list",
    "--tls-keylog",
    "--tls-max-v",
    "--tls-min-v",
    "--trace-event-categories",
    "--trace-event-file-pattern",
    "--trace-require-module",
    "--unhandled-rejections",
    "--use-largepages",
    "--v8-pool-size",
    "--vfs-load",
    "--vfs-mount",
    "--watch-kill-signal",
    "--watch-path",
];

/// Short flags with a value.
const SHORT_WITH_VALUE: [&str; 5] = ["-C", "-e", "-p", "-pe", "-r"];

/// Whether the argument after `flag` is its value. Not so if it has one already (`--flag=value`).
pub fn takes_value(flag: &str) -> bool {
    // Node reads underscores as hyphens.
    let name = flag.replace('_', "-");
    WITH_VALUE.binary_search(&name.as_str()).is_ok() || SHORT_WITH_VALUE.contains(&flag)
}

/// Values of the flag called `name`, in both forms.
fn values<'a>(flags: &'a [OsString], name: &str) -> impl Iterator<Item = &'a OsStr> {
    let inline = format!("{name}=");
    flags.iter().enumerate().filter_map(move |(at, flag)| match flag.to_str()? {
        text if text == name => flags.get(at + 1).map(OsString::as_os_str),
        text => text.strip_prefix(&inline).map(OsStr::new),
    })
}

/// Those of another run's flags that say what a specifier means.
pub fn about_resolution(flags: &[String]) -> impl Iterator<Item = &str> {
    let names =
        ["-C", "--conditions", "--preserve-symlinks", "--preserve-symlinks-main", "--no-addons"];
    let mut flags = flags.iter().map(String::as_str);
    let one = move || {
        let flag =
            flags.find(|flag| names.contains(&flag.split('=').next().unwrap_or_default()))?;
        let value = takes_value(flag).then(|| flags.next()).flatten();
        Some(std::iter::once(flag).chain(value))
    };
    std::iter::from_fn(one).flatten()
}

/// Files of environment variables that Node reads.
pub fn env_files(flags: &[OsString], cwd: &Path) -> Vec<PathBuf> {
    let named = values(flags, "--env-file").chain(values(flags, "--env-file-if-exists"));
    named.map(|file| cwd.join(file)).collect()
}

/// Whether a debugger may pause the program.
pub fn may_pause<'a>(flags: impl IntoIterator<Item = &'a str>) -> bool {
    let opens = |flag: &str| {
        let name = flag.split('=').next().unwrap_or_default();
        name.starts_with("--inspect")
            && !["--inspect-port", "--inspect-publish-uid"].contains(&name)
    };
    flags.into_iter().any(opens)
}

/// The flag that makes Node watch by itself, if it is among them.
pub fn own_watching(flags: &[OsString]) -> Option<&str> {
    let flags = flags.iter().filter_map(|flag| flag.to_str());
    flags.into_iter().find(|flag| *flag == "--watch" || flag.starts_with("--watch-path"))
}

/// Replaces the port 0 of the inspector, any free one, by a free one: it is the same after each restart.
pub fn fix_port(flags: &mut [OsString]) {
    for flag in flags {
        let Some(text) = flag.to_str() else { continue };
        let Some((name, address)) = text.split_once('=') else { continue };
        let host = match address.rsplit_once(':') {
            Some((host, "0")) => host,
            None if address == "0" => "127.0.0.1",
            _ => continue,
        };
        if name.starts_with("--inspect")
            && let Some(port) = free_port(host)
        {
            *flag = format!("{name}={host}:{port}").into();
        }
    }
}

fn free_port(host: &str) -> Option<u16> {
    let listener = TcpListener::bind((host.trim_matches(['[', ']']), 0)).ok()?;
    Some(listener.local_addr().ok()?.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(text: &str) -> Vec<OsString> {
        text.split_whitespace().map(OsString::from).collect()
    }

    #[test]
    fn the_table_is_sorted() {
        assert!(WITH_VALUE.is_sorted());
    }

    #[test]
    fn values_stand_behind_their_flag_or_in_it() {
        for (flag, expected) in [
            ("--import", true),
            ("--env_file", true),
            ("-r", true),
            ("--import=./x.js", false),
            ("--inspect", false),
            ("--enable-source-maps", false),
        ] {
            assert_eq!(takes_value(flag), expected, "{flag}");
        }
    }

    #[test]
    fn env_files_are_relative_to_the_working_directory() {
        let found =
            env_files(&flags("--env-file .env --env-file-if-exists=/b/.env --x"), "/a".as_ref());
        assert_eq!(found, [Path::new("/a/.env"), Path::new("/b/.env")]);
    }

    #[test]
    fn what_specifiers_mean_is_known_from_few_flags() {
        let all = ["--inspect", "-C", "dev", "--import", "x", "--conditions=a", "--no-addons"];
        let all = all.map(String::from);
        let found: Vec<_> = about_resolution(&all).collect();
        assert_eq!(found, ["-C", "dev", "--conditions=a", "--no-addons"]);
    }

    #[test]
    fn a_debugger_may_pause_what_has_an_inspector() {
        for (text, expected) in [
            ("--inspect", true),
            ("--x --inspect-brk=9000", true),
            ("--inspect-wait", true),
            ("--inspect-port=9000", false),
            ("--enable-source-maps", false),
        ] {
            assert_eq!(may_pause(text.split_whitespace()), expected, "{text}");
        }
    }

    #[test]
    fn port_0_becomes_one_that_stays() {
        let mut all =
            flags("--inspect=0 --inspect-brk=127.0.0.1:0 --inspect=9229 --inspect --port=0");
        fix_port(&mut all);
        let text: Vec<_> = all.iter().map(|flag| flag.to_str().unwrap()).collect();
        for flag in &text[..2] {
            assert!(flag.contains("=127.0.0.1:") && !flag.ends_with(":0"), "{flag}");
        }
        assert_eq!(text[2..], ["--inspect=9229", "--inspect", "--port=0"]);
    }
}
