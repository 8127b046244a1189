//! Proof that the tests can be failed: another watcher does.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::mpsc::channel;
use std::time::Duration;

use notify_8::{RecursiveMode, Watcher};

use crate::world::{World, content, count};

/// Test 8, as `folders::new_folders_are_never_missed` does it: folders in folders, and a file at their end.
pub fn deep_files(world: &World) -> Vec<String> {
    let names: Vec<String> =
        (0..count(200, 1000)).map(|number| format!("d{number}/b/c/f.mjs")).collect();
    for (number, name) in names.iter().enumerate() {
        world.write(name, content(number, 10));
    }
    names
}

/// notify 8.2.1 misses files in new folders, which is why it is not used on Linux.
#[test]
fn notify_misses_files_in_new_folders() {
    let world = World::new();
    let (sender, events) = channel();
    let mut watcher = notify_8::recommended_watcher(sender).expect("watcher");
    watcher.watch(&world.dir, RecursiveMode::Recursive).expect("watch");
    let names = deep_files(&world);
    let mut told: HashSet<PathBuf> = HashSet::new();
    // Far longer than it takes for those that come.
    while let Ok(event) = events.recv_timeout(Duration::from_millis(1500)) {
        told.extend(event.expect("event").paths);
    }
    let missed = names.iter().filter(|name| !told.contains(&world.path(name))).count();
    eprintln!("notify 8.2.1: {missed} of {} files missed", names.len());
    assert!(missed > 0, "the test has become too easy");
    drop(watcher);
}
