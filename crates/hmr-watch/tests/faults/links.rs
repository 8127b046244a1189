//! Files that change under another name.

use std::fs;
use std::os::unix::fs::symlink;

use hmr_watch::ChangeKind::Modified;

use crate::world::{World, ms};

/// Test 19.
#[test]
fn the_target_of_a_link_is_followed() {
    let mut world = World::new();
    world.write("far/one.mjs", "1");
    world.write("far/two.mjs", "2");
    fs::create_dir(world.path("src")).expect("mkdir");
    symlink("../far/one.mjs", world.path("src/link.mjs")).expect("link");
    world.watch_files(&["src/link.mjs"]);
    world.write("far/one.mjs", "1b");
    world.until_same(&["src/link.mjs"]);

    symlink("../far/two.mjs", world.path("src/next")).expect("link");
    fs::rename(world.path("src/next"), world.path("src/link.mjs")).expect("swap");
    world.until_same(&["src/link.mjs"]);
    assert_eq!(world.applied[&world.path("src/link.mjs")], b"2");

    world.write("far/two.mjs", "2b");
    world.until_same(&["src/link.mjs"]);
    world.forget();
    world.write("far/one.mjs", "nobody's");
    world.rest(ms(60));
    assert_eq!(world.kinds(), Vec::<String>::new());
}

/// Releases behind one link, as deployments have them.
#[test]
fn a_link_to_a_folder_is_swapped() {
    let mut world = World::new();
    world.write("releases/1/src/a.mjs", "1");
    world.write("releases/2/src/a.mjs", "2");
    symlink("releases/1", world.path("current")).expect("link");
    world.watch_root("current");
    world.write("releases/1/src/a.mjs", "1b");
    world.until_same(&["current/src/a.mjs"]);
    symlink("releases/2", world.path("next")).expect("link");
    fs::rename(world.path("next"), world.path("current")).expect("swap");
    world.until_same(&["current/src/a.mjs"]);
    world.write("releases/2/src/a.mjs", "2b");
    world.until_same(&["current/src/a.mjs"]);
    assert!(world.changes().all(|change| change.kind == Modified), "{}", world.story());
}

#[test]
fn loops_end() {
    let mut world = World::new();
    world.write("root/a/f.mjs", "1");
    symlink("..", world.path("root/a/up")).expect("link");
    symlink("self.mjs", world.path("root/self.mjs")).expect("link");
    world.watch_root("root");
    world.write("root/a/f.mjs", "2");
    world.until_same(&["root/a/f.mjs"]);
    assert_eq!(world.kinds(), ["Modified root/a/f.mjs"]);
    // A link to a folder that comes later is entered too.
    world.write("far/g.mjs", "1");
    symlink("../far", world.path("root/far")).expect("link");
    world.until_same(&["root/far/g.mjs"]);
    world.write("far/g.mjs", "2");
    world.until_same(&["root/far/g.mjs"]);
    fs::remove_file(world.path("root/far")).expect("unlink");
    world.until_same(&["root/far/g.mjs"]);
}

/// Test 19: a hard link outside of what is watched.
#[test]
fn a_write_under_another_hard_link_is_seen() {
    let mut world = World::new();
    world.write("src/a.mjs", "1");
    fs::create_dir(world.path("far")).expect("mkdir");
    fs::hard_link(world.path("src/a.mjs"), world.path("far/a.mjs")).expect("link");
    world.watch_files(&["src/a.mjs"]);
    for text in ["2", "3"] {
        world.write("far/a.mjs", text);
        world.until_same(&["src/a.mjs"]);
    }
    // An editor replaces the file: the other name is no longer ours.
    world.write("src/tmp", "4");
    fs::rename(world.path("src/tmp"), world.path("src/a.mjs")).expect("rename");
    world.until_same(&["src/a.mjs"]);
    world.forget();
    world.write("far/a.mjs", "nobody's");
    world.rest(ms(60));
    assert_eq!(world.kinds(), Vec::<String>::new());
}

/// One folder under two names.
#[test]
fn both_names_of_a_folder_are_reported() {
    let mut world = World::new();
    world.write("real/a.mjs", "1");
    fs::create_dir(world.path("root")).expect("mkdir");
    symlink("../real", world.path("root/one")).expect("link");
    symlink("../real", world.path("root/two")).expect("link");
    world.watch_root("root");
    world.write("real/a.mjs", "2");
    world.until_same(&["root/one/a.mjs", "root/two/a.mjs"]);
    assert_eq!(world.kinds(), ["Modified root/one/a.mjs", "Modified root/two/a.mjs"]);
}
