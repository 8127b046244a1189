use super::*;
use crate::spec::{Glob, Ignored};

const ONE: WatchId = WatchId(1);
const TWO: WatchId = WatchId(2);

fn interest(spec: WatchSpec) -> Interest {
    let mut interest = Interest::default();
    let delta = interest.set(ONE, WatchSpec { cwd: "/p".into(), ..spec });
    assert!(delta.faults.is_empty(), "{:?}", delta.faults);
    interest
}

fn check(interest: &Interest, table: &[(&str, bool)]) {
    for (path, expected) in table {
        assert_eq!(interest.wants(Path::new(path)), *expected, "{path}");
    }
}

fn glob(pattern: &str, base: &str, source: &str) -> Glob {
    Glob { pattern: pattern.into(), base: base.into(), source: source.into(), flags: String::new() }
}

#[test]
fn files_are_exact_and_their_folders_steps() {
    let interest = interest(WatchSpec { files: vec!["/p/src/a.mjs".into()], ..Default::default() });
    check(&interest, &[("/p/src/a.mjs", true), ("/p/src/b.mjs", false), ("/p/src", false)]);
    assert!(interest.is_step(Path::new("/p"), OsStr::new("src")));
    assert!(interest.is_step(Path::new("/"), OsStr::new("p")));
    assert!(!interest.is_step(Path::new("/p/src"), OsStr::new("a.mjs")));
}

#[test]
fn roots_are_recursive_and_never_enter_what_is_ignored() {
    let interest = interest(WatchSpec {
        roots: vec!["/p".into(), "/q/one.mjs".into()],
        ignored: vec![
            Ignored::Path("/p/dist".into()),
            Ignored::Glob(glob("**/*.log", "/p", r"^(?:(?:^|.*\/)[^/]*?\.log)$")),
            Ignored::Regex { source: r"\/\.git$".into(), flags: "g".into() },
        ],
        ..Default::default()
    });
    check(
        &interest,
        &[
            ("/p/a.mjs", true),
            ("/p/.hidden/a.mjs", true),
            ("/p/node_modules/x/index.js", true),
            ("/p/dist/a.mjs", false),
            ("/p/distant/a.mjs", true),
            ("/p/x.log", false),
            ("/p/.git/HEAD", false),
            ("/q/one.mjs", true),
            ("/q/two.mjs", false),
        ],
    );
}

#[test]
fn globs_match_from_cwd_and_stay_shallow() {
    let interest = interest(WatchSpec {
        globs: vec![glob("src/*.js", "/p/src", r"^(?:src\/[^/]*?\.js)$")],
        ..Default::default()
    });
    check(
        &interest,
        &[
            ("/p/src/a.js", true),
            ("/p/src/a.ts", false),
            ("/p/src/b/a.js", false),
            ("/a.js", false),
        ],
    );
    assert_eq!(interest.covers(Path::new("/p/src")).len(), 1);
    assert_eq!(interest.covers(Path::new("/p/src/b")).len(), 0);
    assert_eq!(interest.covers(Path::new("/p")).len(), 0);
}

#[test]
fn replacing_a_spec_names_the_difference() {
    let mut interest =
        interest(WatchSpec { files: vec!["/p/a".into(), "/p/b".into()], ..Default::default() });
    let delta = interest
        .set(ONE, WatchSpec { files: vec!["/p/b".into(), "/p/c".into()], ..Default::default() });
    assert_eq!(delta.added, [PathBuf::from("/p/c")]);
    assert_eq!(delta.removed, [PathBuf::from("/p/a")]);
    assert!(!delta.shrunk);
    interest.set(TWO, WatchSpec { files: vec!["/p/b".into()], ..Default::default() });
    assert_eq!(interest.watches(Path::new("/p/b")), [ONE, TWO]);
    interest.remove(ONE);
    check(&interest, &[("/p/b", true), ("/p/c", false)]);
    interest.remove(TWO);
    assert!(interest.named.is_empty() && interest.covers.is_empty());
}

#[test]
fn link_targets_outlive_clients_only_by_count() {
    let mut interest = Interest::default();
    interest.add_target(Path::new("/t/x"));
    interest.add_target(Path::new("/t/x"));
    interest.set(ONE, WatchSpec { files: vec!["/t/x".into()], ..Default::default() });
    interest.remove(ONE);
    interest.remove_target(Path::new("/t/x"));
    check(&interest, &[("/t/x", true)]);
    assert!(interest.watches(Path::new("/t/x")).is_empty());
    interest.remove_target(Path::new("/t/x"));
    assert!(interest.named.is_empty());
}
