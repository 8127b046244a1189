//! What watching costs: time to start, descriptors, watches, processor time when nothing happens.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use hmr_watch::{Options, WatchSpec};

use crate::world::{ID, World, content, count, in_process, ms};

/// Fifty thousand files in five thousand folders.
#[test]
fn a_large_tree_is_watched_at_once() {
    let mut world = World::new();
    let folders = count(500, 5000);
    for number in 0..folders {
        let folder = world.path(&format!("root/p{}/d{number}", number % 50));
        fs::create_dir_all(&folder).expect("folder");
        (0..10)
            .for_each(|file| fs::write(folder.join(format!("f{file}.mjs")), "1").expect("write"));
    }
    std::thread::sleep(ms(2100));
    let before = descriptors();
    let start = Instant::now();
    world.watch_root("root");
    let took = start.elapsed();
    let opened = descriptors().saturating_sub(before);
    eprintln!(
        "{folders} folders, {} files: watched in {took:?}, {opened} descriptors more",
        folders * 10
    );
    assert!(count(0, 1) == 0 || took < ms(300) * 5, "{took:?}");
    // Other tests of this process open some, too.
    assert!(opened < 100, "{opened} descriptors");
    world.write("root/p0/d0/f0.mjs", "2");
    world.until_same(&["root/p0/d0/f0.mjs"]);
}

fn descriptors() -> usize {
    fs::read_dir("/proc/self/fd").expect("proc").count()
}

/// Test 14: folders that move about leave no watch behind.
#[test]
fn moves_leave_no_watch_behind() {
    if !in_process("costs::moves_leave_no_watch_behind", &["env"]) {
        return;
    }
    let mut world = World::new();
    world.write("root/a/deep/f.mjs", "1");
    world.write("other/b/f.mjs", "1");
    world.watch_root("root");
    let before = watches();
    for round in 0..count(20, 200) {
        let (from, to) = if round % 2 == 0 { ("a", "b") } else { ("b", "a") };
        fs::rename(world.path(&format!("root/{from}")), world.path("root/c")).expect("rename");
        fs::rename(world.path("root/c"), world.path(&format!("root/{to}"))).expect("rename");
        fs::rename(world.path("other"), world.path("root/other")).expect("rename");
        let name = format!("root/{to}/deep/f.mjs");
        world.write(&name, content(round, 10));
        world.until_same(&[&name]);
        fs::rename(world.path("root/other"), world.path("other")).expect("rename");
    }
    world.until("the watches of the beginning", |_| watches() == before);
}

/// Watches of this process, as the kernel counts them.
fn watches() -> usize {
    let infos = fs::read_dir("/proc/self/fdinfo").expect("proc").flatten();
    let texts = infos.filter_map(|info| fs::read_to_string(info.path()).ok());
    texts.map(|text| text.matches("inotify wd:").count()).sum()
}

/// Exact files: time to set them, and what the audit costs.
#[test]
fn idling_costs_next_to_nothing() {
    if !in_process("costs::idling_costs_next_to_nothing", &["env"]) {
        return;
    }
    for size in [1000, 5000] {
        let world = World::audited();
        let files = many_files(&world.dir, size);
        std::thread::sleep(ms(2100));
        let start = Instant::now();
        world.watcher.set(ID, WatchSpec { files: files.clone(), ..WatchSpec::default() });
        let first = start.elapsed();
        let start = Instant::now();
        world.watcher.set(ID, WatchSpec { files: files[1..].to_vec(), ..WatchSpec::default() });
        let again = start.elapsed();
        let share = watcher_share(Duration::from_secs(count(2, 20) as u64));
        eprintln!("{size} files: set {first:?}, set again {again:?}, idle {share:.2} % of a core");
        assert!(share < 5.0, "{share} %");
    }
    let world =
        World::with(Options { poll: Some(ms(100)), ..Options::default() }, &std::env::temp_dir());
    let files = many_files(&world.dir, 1000);
    world.watcher.set(ID, WatchSpec { files, ..WatchSpec::default() });
    let share = watcher_share(Duration::from_secs(count(2, 20) as u64));
    eprintln!("1000 files polled ten times a second: {share:.2} % of a core");
}

fn many_files(dir: &Path, size: usize) -> Vec<PathBuf> {
    let names = (0..size).map(|number| dir.join(format!("m{size}/d{}/f{number}.mjs", number % 50)));
    let files: Vec<PathBuf> = names.collect();
    for file in &files {
        fs::create_dir_all(file.parent().expect("folder")).expect("folder");
        fs::write(file, "1").expect("write");
    }
    files
}

/// Processor time of all watching threads of this process, in percent of a core.
pub fn watcher_share(time: Duration) -> f64 {
    std::thread::sleep(ms(200));
    let before = watcher_time();
    std::thread::sleep(time);
    (watcher_time() - before) / time.as_secs_f64() * 100.0
}

/// Seconds, from nanoseconds that the scheduler counts.
fn watcher_time() -> f64 {
    let tasks = fs::read_dir("/proc/self/task").expect("proc").flatten();
    let of_task = |task: fs::DirEntry| {
        let name = fs::read_to_string(task.path().join("comm")).ok()?;
        let times = fs::read_to_string(task.path().join("schedstat")).ok()?;
        let nanos = times.split(' ').next()?.parse::<f64>().ok()?;
        name.starts_with("hmr-watch").then_some(nanos / 1e9)
    };
    tasks.filter_map(of_task).sum()
}
