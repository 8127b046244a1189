//! Folders that appear, move, vanish and are replaced.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::SystemTime;

use hmr_watch::ChangeKind::{Created, Modified, Removed, Vanished};
use hmr_watch::{Glob, Ignored, WatchId, WatchSpec};

use crate::controls::deep_files;
use crate::world::{ID, World, content, count, ms};

/// Test 8.
#[test]
fn new_folders_are_never_missed() {
    let mut world = World::new();
    world.watch_root("");
    let names = deep_files(&world);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    world.until_same(&names);
    assert!(world.changes().all(|change| change.kind == Created), "{}", world.story());
}

/// Test 16.
#[test]
fn a_file_can_be_awaited_before_its_folders() {
    let mut world = World::new();
    world.watch_files(&["x/y/z.mjs"]);
    fs::create_dir(world.path("x")).expect("mkdir");
    world.rest(ms(20));
    world.write("x/y/z.mjs", content(1, 10));
    world.until_same(&["x/y/z.mjs"]);
    assert_eq!(world.kinds(), ["Created x/y/z.mjs"]);
    world.write("x/y/z.mjs", content(2, 10));
    world.until_same(&["x/y/z.mjs"]);
    world.write("x/y/other.mjs", "");
    world.write("x/other/z.mjs", "");
    world.rest(ms(50));
    assert!(
        world.changes().all(|change| change.path == world.path("x/y/z.mjs")),
        "{}",
        world.story()
    );
}

/// Test 12: a root that is renamed away, made again and edited.
#[test]
fn a_root_that_was_moved_away_is_found_again() {
    let mut world = World::new();
    world.write("app/src/a.mjs", content(0, 10));
    world.watch_root("app");
    for number in 1..4 {
        fs::rename(world.path("app"), world.path(&format!("away{number}"))).expect("rename");
        world.write("app/src/a.mjs", content(number, 10));
        world.until_same(&["app/src/a.mjs"]);
    }
    // Edits of the folder that was moved away are nobody's.
    world.forget();
    world.write("away1/src/a.mjs", "nobody's");
    world.rest(ms(150));
    assert_eq!(world.kinds(), Vec::<String>::new());
    fs::remove_dir_all(world.path("app")).expect("remove");
    world.until_change("app/src/a.mjs", Removed);
    world.write("app/src/a.mjs", "again");
    world.until_change("app/src/a.mjs", Created);
}

/// Test 13.
#[test]
fn replaced_folders_give_the_exact_difference() {
    let mut world = World::new();
    for (name, text) in [("same.mjs", "1"), ("old.mjs", "1"), ("deep/x.mjs", "1")] {
        world.write(&format!("root/sub/{name}"), text);
    }
    for (name, text) in [("new.mjs", "2"), ("deep/x.mjs", "2")] {
        world.write(&format!("other/{name}"), text);
    }
    world.watch_root("root");
    fs::remove_dir_all(world.path("root/sub")).expect("remove");
    fs::rename(world.path("other"), world.path("root/sub")).expect("rename");
    world.until_change("root/sub/old.mjs", Removed);
    world.rest(ms(150));
    let expected = [
        "Created root/sub/new.mjs",
        "Modified root/sub/deep/x.mjs",
        "Removed root/sub/old.mjs",
        "Removed root/sub/same.mjs",
    ];
    assert_eq!(world.kinds(), expected);
    world.forget();
    world.write("root/sub/deep/x.mjs", "3");
    world.until_same(&["root/sub/deep/x.mjs"]);
}

/// Test 13: nothing below an exchanged folder causes an event.
#[test]
fn exchanged_folders_are_compared() {
    let mut world = World::new();
    world.write("root/one/a.mjs", "1");
    world.write("root/one/only.mjs", "1");
    world.write("root/two/a.mjs", "2");
    world.watch_root("root");
    let exchange = || {
        let (one, two) = (world.path("root/one"), world.path("root/two"));
        let flags = rustix::fs::RenameFlags::EXCHANGE;
        rustix::fs::renameat_with(rustix::fs::CWD, one, rustix::fs::CWD, two, flags)
            .expect("exchange");
    };
    exchange();
    world.until_change("root/one/only.mjs", Removed);
    world.rest(ms(120));
    let expected = [
        "Created root/two/only.mjs",
        "Modified root/one/a.mjs",
        "Modified root/two/a.mjs",
        "Removed root/one/only.mjs",
    ];
    assert_eq!(world.kinds(), expected);
    world.forget();
    world.write("root/one/a.mjs", "3");
    world.until_change("root/one/a.mjs", Modified);
    assert_eq!(world.kinds(), ["Modified root/one/a.mjs"]);
}

/// Test 14.
#[test]
fn a_folder_moved_twice_reports_under_its_new_name() {
    let mut world = World::new();
    world.write("root/a/deep/f.mjs", "1");
    world.watch_root("root");
    fs::rename(world.path("root/a"), world.path("root/b")).expect("rename");
    fs::rename(world.path("root/b"), world.path("root/c")).expect("rename");
    world.until_change("root/c/deep/f.mjs", Created);
    world.until_change("root/a/deep/f.mjs", Removed);
    world.forget();
    world.write("root/c/deep/f.mjs", "2");
    world.until_change("root/c/deep/f.mjs", Modified);
    world.rest(ms(120));
    assert_eq!(world.kinds(), ["Modified root/c/deep/f.mjs"]);
}

/// Part of test 19.
#[test]
fn a_file_becomes_a_folder_and_back() {
    let mut world = World::new();
    let path = world.write("root/f.mjs", "1");
    world.watch_root("root");
    fs::remove_file(&path).expect("remove");
    world.write("root/f.mjs/inner.mjs", "2");
    world.until_change("root/f.mjs/inner.mjs", Created);
    world.until_change("root/f.mjs", Removed);
    world.forget();
    fs::remove_dir_all(&path).expect("remove");
    fs::write(&path, "3").expect("write");
    world.until_change("root/f.mjs", Created);
    world.until_change("root/f.mjs/inner.mjs", Removed);
}

/// Part of test 19.
#[test]
fn a_rename_of_case_only_is_two_changes() {
    let mut world = World::new();
    world.write("root/name.mjs", "1");
    world.watch_root("root");
    fs::rename(world.path("root/name.mjs"), world.path("root/Name.mjs")).expect("rename");
    world.until_change("root/name.mjs", Removed);
    assert_eq!(world.kinds(), ["Created root/Name.mjs", "Removed root/name.mjs"]);
}

#[test]
fn ignored_folders_are_not_entered() {
    let mut world = World::new();
    for name in
        ["root/a.js", "root/a.log", "root/dist/a.js", "root/node_modules/p/a.js", "root/.dot/a.js"]
    {
        world.write(name, "1");
    }
    let glob = |pattern: &str, source: &str| Glob {
        pattern: pattern.into(),
        base: world.path("root"),
        source: source.into(),
        flags: String::new(),
    };
    let spec = WatchSpec {
        roots: vec![world.path("root")],
        globs: vec![glob("root/*.log", r"^(?:root\/[^/]*?\.log)$")],
        cwd: world.dir.clone(),
        ignored: vec![
            Ignored::Path(world.path("root/dist")),
            Ignored::Regex { source: "node_modules".into(), flags: "i".into() },
        ],
        ..WatchSpec::default()
    };
    world.watcher.set(ID, spec.clone());
    for name in ["root/dist/a.js", "root/dist/new/b.js", "root/node_modules/p/a.js"] {
        world.write(name, "2");
    }
    world.write("root/.dot/a.js", "2");
    world.until_same(&["root/.dot/a.js"]);
    world.rest(ms(50));
    assert_eq!(world.kinds(), ["Modified root/.dot/a.js"]);
    world.watcher.set(ID, WatchSpec { roots: Vec::new(), ignored: Vec::new(), ..spec });
    world.forget();
    world.write("root/a.js", "3");
    world.write("root/a.log", "3");
    world.until_same(&["root/a.log"]);
    world.rest(ms(50));
    assert_eq!(world.kinds(), ["Modified root/a.log"]);
    world.watcher.remove(ID);
    world.forget();
    world.write("root/a.log", "4");
    world.rest(ms(50));
    assert_eq!(world.kinds(), Vec::<String>::new());
}

#[test]
fn a_folder_that_may_not_be_read_keeps_its_files() {
    let mut world = World::new();
    world.write("src/a.mjs", "1");
    world.watch_files(&["src/a.mjs"]);
    let mode = |mode| {
        fs::set_permissions(world.path("src"), fs::Permissions::from_mode(mode)).expect("chmod")
    };
    mode(0o000);
    mode(0o755);
    world.write("src/a.mjs", "2");
    world.until_same(&["src/a.mjs"]);
    assert!(world.changes().all(|change| change.kind == Modified), "{}", world.story());
}

#[test]
fn a_root_may_be_a_file() {
    let mut world = World::new();
    let path = world.write("conf/app.json", "1");
    world.watch_root("conf/app.json");
    world.write("conf/app.json", "2");
    world.until_same(&["conf/app.json"]);
    fs::rename(world.write("conf/tmp", "3"), &path).expect("rename");
    world.until_same(&["conf/app.json"]);
    world.write("conf/other.json", "nobody's");
    world.forget();
    fs::remove_file(&path).expect("remove");
    world.until_change("conf/app.json", Removed);
    fs::write(&path, "4").expect("write");
    world.until_change("conf/app.json", Created);
    assert_eq!(world.kinds(), ["Created conf/app.json", "Removed conf/app.json"]);
}

#[test]
fn globs_find_new_folders() {
    let mut world = World::new();
    let glob = Glob {
        pattern: "lib/**/*.json".into(),
        base: world.path("lib"),
        source: r"^(?:lib(?:\/(?!\.{1,2}(?:\/|$)).*?\/|\/)[^/]*?\.json)$".into(),
        flags: String::new(),
    };
    let globs = vec![glob];
    world.watcher.set(ID, WatchSpec { globs, cwd: world.dir.clone(), ..WatchSpec::default() });
    world.write("lib/new/deep/a.json", "1");
    world.write("lib/new/deep/a.js", "1");
    world.until_same(&["lib/new/deep/a.json"]);
    world.write("lib/b.json", "1");
    world.until_same(&["lib/b.json"]);
    assert_eq!(world.kinds(), ["Created lib/b.json", "Created lib/new/deep/a.json"]);
}

/// Each client hears of its own files only.
#[test]
fn clients_are_told_apart() {
    let mut world = World::new();
    for name in ["one.mjs", "both.mjs", "two.mjs"] {
        world.write(name, "1");
    }
    let spec = |names: [&str; 2]| WatchSpec {
        files: names.map(|name| world.path(name)).to_vec(),
        ..WatchSpec::default()
    };
    world.watcher.set(WatchId(1), spec(["one.mjs", "both.mjs"]));
    world.watcher.set(WatchId(2), spec(["two.mjs", "both.mjs"]));
    for (name, watches) in [("one.mjs", vec![1]), ("both.mjs", vec![1, 2]), ("two.mjs", vec![2])] {
        world.write(name, "2");
        world.until_same(&[name]);
        let path = world.path(name);
        let told = world.changes().find(|change| change.path == path).expect("change");
        assert_eq!(told.watches, watches.into_iter().map(WatchId).collect::<Vec<_>>(), "{name}");
    }
}

/// A client that reads on its own account may be faster than the watcher: whatever was there for a moment is told to
/// be gone, however little of it was seen.
#[test]
fn what_was_there_for_a_moment_is_told_to_be_gone() {
    let mut world = World::new();
    world.watch_files(&["x/y/z.mjs", "flat.mjs"]);
    for round in 0..count(20, 500) {
        world.log.clear();
        let (name, gone) =
            [("flat.mjs", "flat.mjs"), ("x/y/z.mjs", "x"), ("x/y/z.mjs", "x/y/z.mjs")][round % 3];
        world.write(name, "1");
        let path = world.path(gone);
        if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) }
            .expect("remove");
        let path = world.path(name);
        world.until(&format!("end of {name} in round {round}"), |world| {
            world.changes().any(|it| it.path == path && matches!(it.kind, Removed | Vanished))
        });
        if round % 3 == 2 {
            world.log.clear();
            fs::remove_dir_all(world.path("x")).expect("remove");
        }
    }
}

/// What was read before it was watched, and is gone since.
#[test]
fn a_file_that_went_before_it_was_watched_is_told_to_be_gone() {
    let mut world = World::new();
    for name in ["a.mjs", "x/y/z.mjs"] {
        let path = world.path(name);
        let spec = WatchSpec { files: vec![path.clone()], ..WatchSpec::default() };
        world.watcher.set_since(ID, spec, SystemTime::now()).wait();
        world.until(name, |world| world.changes().any(|it| it.path == path && it.kind == Vanished));
    }
}

/// Modules under a root are audited like exact files; those outside of it are not watched.
#[test]
fn members_count_as_far_as_roots_take_them() {
    let mut world = World::new();
    world.write("root/a.mjs", "1");
    world.write("far/b.mjs", "1");
    let spec = WatchSpec {
        roots: vec![world.path("root")],
        members: vec![world.path("root/a.mjs"), world.path("far/b.mjs")],
        ..WatchSpec::default()
    };
    world.watcher.set(ID, spec);
    world.write("far/b.mjs", "2");
    world.write("root/a.mjs", "2");
    world.until_same(&["root/a.mjs"]);
    world.rest(ms(60));
    assert_eq!(world.kinds(), ["Modified root/a.mjs"]);
}

/// What a folder holds is not forgotten while it is away.
#[test]
fn a_folder_that_came_back_may_go_for_good() {
    let mut world = World::new();
    world.write("root/sub/f.mjs", "1");
    world.watch_root("root");
    fs::rename(world.path("root/sub"), world.path("away")).expect("rename");
    fs::rename(world.path("away"), world.path("root/sub")).expect("rename");
    world.rest(ms(150));
    assert_eq!(world.kinds(), Vec::<String>::new());
    fs::rename(world.path("root/sub"), world.path("away")).expect("rename");
    world.until_change("root/sub/f.mjs", Removed);
}
