//! Many files at once, and git.

use std::fs;
use std::process::Command;

use hmr_watch::ChangeKind;

use crate::world::{World, content, has, ms};

fn git(world: &World, arguments: &[&str]) {
    let mut command = Command::new("git");
    let identity = [
        "-c",
        "user.name=n",
        "-c",
        "user.email=e",
        "-c",
        "commit.gpgsign=false",
        "-c",
        "gc.auto=0",
    ];
    command.current_dir(world.path("app")).args(identity).args(arguments);
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
    let output = command.output().expect("git");
    assert!(
        output.status.success(),
        "git {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// A repository with two branches that differ in every file.
fn repository(files: usize) -> (World, Vec<String>) {
    let world = World::new();
    fs::create_dir(world.path("app")).expect("mkdir");
    git(&world, &["init", "-q", "-b", "one"]);
    let names: Vec<String> =
        (0..files).map(|number| format!("app/d{}/f{number}.mjs", number % 40)).collect();
    let fill = |start: usize| {
        for (number, name) in names.iter().enumerate() {
            world.write(name, content(start + number, 100));
        }
        git(&world, &["add", "-A"]);
        git(&world, &["commit", "-qm", "m"]);
    };
    fill(0);
    git(&world, &["checkout", "-qb", "two"]);
    fill(100_000);
    (world, names)
}

/// Test 10: 3000 files, 50 of them loaded.
#[test]
fn a_checkout_is_one_batch() {
    if !has("git") {
        return;
    }
    let (mut world, names) = repository(3000);
    let loaded: Vec<&str> = names.iter().step_by(60).map(String::as_str).collect();
    world.watch_files(&loaded);
    git(&world, &["checkout", "-q", "one"]);
    world.until_same(&loaded);
    world.rest(ms(150));
    let sizes: Vec<usize> = world.log.iter().map(|(_, batch)| batch.changes.len()).collect();
    let first = world.log[0].1.seen;
    let times: Vec<_> = world.log.iter().map(|it| (it.1.seen - first, it.0 - first)).collect();
    assert_eq!(sizes, [50], "one batch; first hint and report of each: {times:?}");
    assert!(world.changes().all(|change| change.kind == ChangeKind::Modified));
    assert_eq!(world.notices, []);
}

/// A checkout that takes files away says so in the same batch.
#[test]
fn removals_of_a_checkout_come_with_it() {
    if !has("git") {
        return;
    }
    let (mut world, names) = repository(20);
    git(&world, &["rm", "-q", &names[0]["app/".len()..]]);
    git(&world, &["commit", "-qm", "rm"]);
    world.write(&names[0], "x");
    fs::remove_file(world.path(&names[0])).expect("remove");
    git(&world, &["checkout", "-q", "one"]);
    let all: Vec<&str> = names.iter().map(String::as_str).collect();
    world.watch_files(&all);
    git(&world, &["checkout", "-q", "two"]);
    world.until_change(&names[0], ChangeKind::Removed);
    world.rest(ms(150));
    assert_eq!(world.log.len(), 1, "{}", world.story());
    assert_eq!(world.log[0].1.changes.len(), 20);
}

/// Test 11: every batch of a rebase is the tree of one commit; at the end the client has the last.
#[test]
fn a_rebase_ends_with_the_tree_on_disk() {
    if !has("git") {
        return;
    }
    let (mut world, names) = repository(10);
    git(&world, &["checkout", "-q", "one"]);
    for number in 0..5 {
        world.write(&format!("app/pick{number}.mjs"), content(number, 10));
        git(&world, &["add", "-A"]);
        git(&world, &["commit", "-qm", "pick"]);
    }
    let picks: Vec<String> = (0..5).map(|number| format!("app/pick{number}.mjs")).collect();
    let all: Vec<&str> = names.iter().chain(&picks).map(String::as_str).collect();
    world.watch_files(&all);
    git(&world, &["rebase", "-q", "two"]);
    world.until_same(&names.iter().map(String::as_str).collect::<Vec<_>>());
    world.rest(ms(200));
    let disk = |name: &&&str| fs::read(world.path(name)).ok();
    let wrong: Vec<_> = all
        .iter()
        .filter(|name| {
            let applied = world.applied.get(&world.path(name)).cloned();
            applied.is_some() && applied != disk(name)
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}; {}", world.story());
}

#[test]
fn a_left_behind_lock_does_not_block() {
    let mut world = World::new();
    world.write("app/a.mjs", "1");
    world.write("app/.git/index.lock", "");
    world.watch_files(&["app/a.mjs"]);
    world.write("app/a.mjs", "2");
    world.until_same(&["app/a.mjs"]);
    world.write("app/a.mjs", "3");
    world.rest(ms(50));
    fs::remove_file(world.path("app/.git/index.lock")).expect("remove");
    world.until_same(&["app/a.mjs"]);
}

/// All at once, however slow the machine is: a folder that is moved in.
#[test]
fn many_files_at_once_are_one_batch() {
    let mut world = World::new();
    for number in 0..100 {
        world.write(&format!("outside/f{number}.mjs"), "1");
    }
    fs::create_dir(world.path("root")).expect("mkdir");
    world.watch_root("root");
    fs::rename(world.path("outside"), world.path("root/inside")).expect("rename");
    world.until_same(&["root/inside/f0.mjs"]);
    world.rest(ms(60));
    let sizes: Vec<usize> = world.log.iter().map(|(_, batch)| batch.changes.len()).collect();
    assert_eq!(sizes, [100], "{}", world.story());
}
