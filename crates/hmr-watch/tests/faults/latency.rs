//! Time from the end of a save to its report. Prints percentiles; only full runs have bounds.

use std::fs;
use std::time::{Duration, Instant};

use crate::world::{World, content, count, ms};
use crate::writing::{truncate, unnamed, write_mapped, write_part};

fn check(name: &str, save: impl Fn(&std::path::Path, &[u8])) {
    let mut world = World::new();
    let path = world.write("src/a.mjs", content(0, 10));
    world.watch_files(&["src/a.mjs"]);
    let saves = count(300, 5000);
    let times: Vec<Duration> = (1..=saves)
        .map(|number| {
            save(&path, &content(number, 1000));
            let end = Instant::now();
            let before = world.log.len();
            world.until("report", |world| world.log.len() > before);
            world.log.last().expect("report").0.saturating_duration_since(end)
        })
        .collect();
    world.until_same(&["src/a.mjs"]);
    let inside = world.log.iter().map(|(at, batch)| at.saturating_duration_since(batch.seen));
    let p50 = percentiles(&format!("{name}, end of save to client"), times);
    percentiles(&format!("{name}, hint to client"), inside.collect());
    bound(name, p50, ms(5));
    assert_eq!(world.applies, saves, "{name}: each save once; {}", world.story());
}

#[test]
fn a_save_is_reported_at_once() {
    check("write and close", |path, bytes| fs::write(path, bytes).expect("write"));
    check("rename over", |path, bytes| {
        let temporary = path.with_extension("tmp");
        fs::write(&temporary, bytes).expect("write");
        fs::rename(&temporary, path).expect("rename");
    });
}

fn percentiles(name: &str, mut times: Vec<Duration>) -> Duration {
    times.sort();
    let (p50, p99) = (times[times.len() / 2], times[times.len() * 99 / 100]);
    eprintln!(
        "{name}: {} saves, p50 {p50:?}, p99 {p99:?}, most {:?}",
        times.len(),
        times[times.len() - 1]
    );
    p50
}

/// A full run has the machine for itself.
fn bound(name: &str, p50: Duration, most: Duration) {
    assert!(count(0, 1) == 0 || p50 <= most, "{name}: p50 {p50:?}");
}

/// Tests 2, 5, 6 and 12: how long ways of writing take that are no plain save. `most` bounds the median of a full run.
fn check_way(name: &str, most: Duration, rounds: usize, write: impl Fn(&World, usize)) {
    let mut world = World::audited();
    world.write("app/src/a.mjs", content(0, 1000));
    world.watch_files(&["app/src/a.mjs"]);
    let times = (1..=rounds).map(|number| {
        write(&world, number);
        world.until_same(&["app/src/a.mjs"])
    });
    let p50 = percentiles(name, times.collect());
    bound(name, p50, most);
}

#[test]
fn other_ways_are_reported_in_time() {
    let path = |world: &World| world.path("app/src/a.mjs");
    check_way(
        "in two parts, 5 ms apart, after the close",
        ms(1),
        count(10, 200),
        |world, number| {
            write_part(&path(world), &content(number, 1000), 2, ms(5));
        },
    );
    check_way("link(2)", ms(1), count(10, 200), |world, number| {
        let other = world.write("other", content(number, 1000));
        fs::remove_file(path(world)).expect("remove");
        fs::hard_link(&other, path(world)).expect("link");
        fs::remove_file(other).expect("remove");
    });
    check_way("O_TMPFILE", ms(1), count(10, 200), |world, number| {
        unnamed(&path(world), &content(number, 1000)).expect("write");
    });
    check_way("truncate(2)", ms(30), count(10, 100), |world, number| {
        truncate(&path(world), 900 - number as i64);
    });
    check_way("a root moved away, made again and edited", ms(5), count(5, 100), |world, number| {
        fs::rename(world.path("app"), world.path(&format!("away{number}"))).expect("rename");
        world.write("app/src/a.mjs", content(number, 1000));
    });
    check_way("a mapping that was left open", ms(1100), count(1, 10), |world, number| {
        write_mapped(&path(world), b'0' + (number % 10) as u8);
    });
}
