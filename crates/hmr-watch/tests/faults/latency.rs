//! Time from the end of a save to its report. Prints percentiles; bounds are wide, machines differ.

use std::fs;
use std::time::{Duration, Instant};

use crate::world::{World, content, factor, ms};

fn check(name: &str, save: impl Fn(&std::path::Path, &[u8])) {
    let mut world = World::new();
    let path = world.write("src/a.mjs", content(0, 10));
    world.watch_files(&["src/a.mjs"]);
    let times: Vec<Duration> = (1..=300 * factor())
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
    assert!(p50 < ms(5), "{name}: p50 {p50:?}");
    assert_eq!(world.applies, 300 * factor(), "{name}: each save once; {}", world.story());
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
