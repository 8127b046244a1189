//! Limits, mounts, polling, and clients that are slow.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::sync::mpsc::channel;
use std::time::Duration;

use hmr_watch::ChangeKind::{Created, Modified};
use hmr_watch::{Event, Glob, Notice, Options, WatchId, WatchSpec, Watcher};

use crate::world::{ID, World, content, in_process, ms};

/// In namespaces of its own, where limits and mounts are ours alone. `true` inside.
fn in_namespace(test: &str) -> bool {
    in_process(test, &["unshare", "-Urm"])
}

/// Test 15.
#[test]
fn a_limit_of_watches_costs_time_but_no_change() {
    if !in_namespace("limits::a_limit_of_watches_costs_time_but_no_change") {
        return;
    }
    fs::write("/proc/sys/user/max_inotify_watches", "10").expect("limit");
    let mut world = World::audited();
    let names: Vec<String> = (0..30).map(|number| format!("root/d{number}/f.mjs")).collect();
    names.iter().for_each(|name| drop(world.write(name, content(0, 10))));
    world.watch_root("root");
    for (number, name) in names.iter().enumerate() {
        world.write(name, content(number + 1, 10));
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    world.until_same(&names);
    assert_eq!(world.notices, [Notice::TooManyWatches]);
    assert!(world.notices[0].to_string().contains("fs.inotify.max_user_watches"));
    world.write("root/new/f.mjs", "1");
    world.until_same(&["root/new/f.mjs"]);
}

/// Not even root may read it: a namespace in which the user has no capabilities.
#[test]
fn a_folder_that_may_not_be_read_is_said_once() {
    if !in_process("limits::a_folder_that_may_not_be_read_is_said_once", &["unshare", "-U"]) {
        return;
    }
    let mut world = World::audited();
    world.write("root/open/f.mjs", "1");
    world.write("root/shut/f.mjs", "1");
    let shut = world.path("root/shut");
    let mode = |mode| fs::set_permissions(&shut, fs::Permissions::from_mode(mode)).expect("chmod");
    mode(0o000);
    world.watch_root("root");
    world.write("root/open/f.mjs", "2");
    world.until_same(&["root/open/f.mjs"]);
    // The audit tries again every second, and says nothing more.
    world.rest(ms(2500));
    assert_eq!(world.notices, [Notice::Denied { path: shut.clone() }]);
    assert!(world.notices[0].to_string().contains("check its permissions"));
    mode(0o755);
    world.until_change("root/shut/f.mjs", Created);
    world.write("root/shut/f.mjs", "2");
    world.until_same(&["root/shut/f.mjs"]);
    assert_eq!(world.notices.len(), 1);
}

/// A pattern that is no expression leaves the others alone.
#[test]
fn a_pattern_that_does_not_compile_is_said_once() {
    let mut world = World::new();
    world.write("root/f.mjs", "1");
    let glob = |source: &str| Glob {
        pattern: "root/*".into(),
        base: world.path("root"),
        source: source.into(),
        flags: String::new(),
    };
    let spec = WatchSpec {
        globs: vec![glob("("), glob("^root/f")],
        cwd: world.dir.clone(),
        ..WatchSpec::default()
    };
    world.watcher.set(ID, spec.clone());
    world.watcher.set(WatchId(2), spec);
    world.write("root/f.mjs", "2");
    world.until_same(&["root/f.mjs"]);
    assert!(matches!(world.notices.as_slice(), [Notice::Pattern { .. }]), "{:?}", world.notices);
}

#[test]
fn without_a_queue_everything_is_polled() {
    if !in_namespace("limits::without_a_queue_everything_is_polled") {
        return;
    }
    fs::write("/proc/sys/user/max_inotify_instances", "0").expect("limit");
    let mut world = World::new();
    world.write("root/a/f.mjs", "1");
    world.watch_root("root");
    world.write("root/a/f.mjs", "22");
    world.until_same(&["root/a/f.mjs"]);
    assert_eq!(world.notices, [Notice::TooManyQueues]);
}

fn run(program: &str, arguments: &[&str]) {
    let status = Command::new(program).args(arguments).status().expect(program);
    assert!(status.success(), "{program} {arguments:?}");
}

/// Test 17.
#[test]
fn mounts_over_a_folder_are_noticed() {
    if !in_namespace("limits::mounts_over_a_folder_are_noticed") {
        return;
    }
    for unmount in ["", "-l"] {
        let mut world = World::new();
        world.write("root/m/f.mjs", "below");
        world.watch_root("root");
        let place = world.path("root/m");
        let place = place.to_str().expect("path");
        run("mount", &["-t", "tmpfs", "none", place]);
        world.write("root/m/f.mjs", "above");
        world.until_same(&["root/m/f.mjs"]);
        world.write("root/m/f.mjs", "above again");
        world.until_same(&["root/m/f.mjs"]);
        run(
            "umount",
            if unmount.is_empty() { vec![place] } else { vec![unmount, place] }.as_slice(),
        );
        world.until_same(&["root/m/f.mjs"]);
        world.write("root/m/f.mjs", "below again");
        world.until_same(&["root/m/f.mjs"]);
    }
}

/// Test 18, with polling asked for.
#[test]
fn polling_sees_everything() {
    let mut world =
        World::with(Options { poll: Some(ms(50)), ..Options::default() }, &std::env::temp_dir());
    let names: Vec<String> = (0..50).map(|number| format!("root/d{number}/f.mjs")).collect();
    names.iter().for_each(|name| drop(world.write(name, content(0, 10))));
    world.write("lone/exact.mjs", content(0, 10));
    let spec = WatchSpec {
        roots: vec![world.path("root")],
        files: vec![world.path("lone/exact.mjs")],
        cwd: world.dir.clone(),
        ..WatchSpec::default()
    };
    world.watcher.set(ID, spec);
    for (number, name) in names.iter().enumerate() {
        world.write(name, content(number + 1, 10));
    }
    world.write("lone/exact.mjs", content(5, 10));
    world.write("root/new/deep/f.mjs", content(1, 10));
    let mut all: Vec<&str> = names.iter().map(String::as_str).collect();
    all.extend(["lone/exact.mjs", "root/new/deep/f.mjs"]);
    world.until_same(&all);
    fs::remove_dir_all(world.path("root/new")).expect("remove");
    world.until_same(&["root/new/deep/f.mjs"]);
}

/// A client that does not return holds up neither the watcher nor `set`, and gets the sum of what happened.
#[test]
fn a_slow_client_gets_one_batch() {
    let world = World::new();
    let path = world.write("root/a.mjs", "0");
    world.write("root/b.mjs", "0");
    let (release, wait) = channel::<()>();
    let (sender, batches) = channel();
    let sink = move |event| {
        if let Event::Batch(batch) = event {
            let _ = sender.send(batch);
            let _ = wait.recv();
        }
    };
    let watcher = Watcher::spawn(Options::default(), sink).expect("watcher");
    let spec = WatchSpec {
        roots: vec![world.path("root")],
        cwd: world.dir.clone(),
        ..WatchSpec::default()
    };
    watcher.set(WatchId(7), spec);
    fs::write(&path, "1").expect("write");
    let first = batches.recv_timeout(Duration::from_secs(5)).expect("first");
    assert_eq!(first.changes[0].watches, [WatchId(7)]);
    for number in 0..50 {
        fs::write(&path, number.to_string()).expect("write");
        world.write("root/b.mjs", number.to_string());
        watcher.set(WatchId(8), WatchSpec { files: vec![path.clone()], ..WatchSpec::default() });
    }
    std::thread::sleep(ms(100));
    release.send(()).expect("release");
    let second = batches.recv_timeout(Duration::from_secs(5)).expect("second");
    assert_eq!(second.changes.len(), 2, "{second:?}");
    assert!(second.changes.iter().all(|change| change.kind == Modified));
    drop(release);
}

/// The watcher may be dropped by its own sink.
#[test]
fn the_sink_may_drop_the_watcher() {
    let world = World::new();
    let path = world.write("a.mjs", "0");
    let (give, take) = channel::<Watcher>();
    let (done, wait) = channel();
    let sink = move |_| {
        drop(take.recv());
        let _ = done.send(());
    };
    let watcher = Watcher::spawn(Options::default(), sink).expect("watcher");
    watcher.set(ID, WatchSpec { files: vec![path.clone()], ..WatchSpec::default() });
    give.send(watcher).expect("give");
    fs::write(&path, "1").expect("write");
    wait.recv_timeout(Duration::from_secs(5)).expect("dropped");
}

/// Containers: a writable layer over the image's files.
#[test]
fn an_overlay_is_as_good_as_local() {
    if !in_namespace("limits::an_overlay_is_as_good_as_local") {
        return;
    }
    let mut world = World::new();
    world.write("lower/src/a.mjs", content(0, 10));
    for name in ["upper", "work", "root"] {
        fs::create_dir(world.path(name)).expect("mkdir");
    }
    let part = |name: &str| world.path(name).display().to_string();
    let options =
        format!("lowerdir={},upperdir={},workdir={}", part("lower"), part("upper"), part("work"));
    let place = part("root");
    let mounted =
        Command::new("mount").args(["-t", "overlay", "none", "-o", &options, &place]).status();
    if !mounted.is_ok_and(|status| status.success()) {
        eprintln!("skipped: overlays are not allowed here");
        return;
    }
    world.watch_files(&["root/src/a.mjs"]);
    for number in 1..10 {
        world.write("root/src/a.mjs", content(number, 50_000));
        world.until_same(&["root/src/a.mjs"]);
    }
    assert_eq!(world.applies, 9, "{}", world.story());
    assert_eq!(world.notices, []);
}
