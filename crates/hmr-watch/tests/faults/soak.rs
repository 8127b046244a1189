//! Test 20: random operations, a client that stalls, and every few seconds the whole tree compared.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::world::{World, content, count, ms};

/// A generator of numbers that needs no crate and repeats itself for a failure.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}

fn files(folder: &Path, found: &mut HashMap<PathBuf, Vec<u8>>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, found);
        } else if let Ok(bytes) = fs::read(&path) {
            found.insert(path, bytes);
        }
    }
}

/// One random operation below `root`. Failures are part of it: names may be taken or gone.
fn operate(root: &Path, number: usize, dice: &mut Dice) {
    let folder = |dice: &mut Dice| {
        root.join(format!("d{}", dice.roll(5))).join(format!("e{}", dice.roll(3)))
    };
    let file = |dice: &mut Dice| folder(dice).join(format!("f{}.mjs", dice.roll(4)));
    let path = file(dice);
    let bytes = content(number, [5, 3000, 200_000][dice.roll(3)]);
    let _ = match dice.roll(12) {
        0..=3 => fs::write(&path, bytes),
        4 | 5 => {
            let temporary = path.with_extension("tmp");
            fs::write(&temporary, bytes).and_then(|()| fs::rename(&temporary, &path))
        }
        6 => fs::remove_file(&path),
        7 => fs::rename(&path, file(dice)),
        8 => fs::rename(folder(dice), folder(dice)),
        9 => fs::rename(
            root.join(format!("d{}", dice.roll(5))),
            root.join(format!("d{}", dice.roll(5))),
        ),
        10 => fs::remove_dir_all(folder(dice)),
        _ => fs::create_dir_all(folder(dice)),
    };
    let _ = fs::create_dir_all(folder(dice));
}

#[test]
fn nothing_diverges() {
    let mut world = World::audited();
    let root = world.path("root");
    fs::create_dir(&root).expect("mkdir");
    world.watch_root("root");
    let mut dice = Dice(20);
    let mut number = 0;
    for _ in 0..count(3, 120) {
        let end = Instant::now() + Duration::from_secs(1);
        while Instant::now() < end {
            for _ in 0..dice.roll(40) {
                number += 1;
                operate(&root, number, &mut dice);
            }
            if dice.roll(10) == 0 {
                std::thread::sleep(ms(dice.roll(300) as u64));
            }
            while world.step(ms(0)) {}
        }
        world.rest(ms(1100));
        let mut disk = HashMap::new();
        files(&root, &mut disk);
        let wrong: Vec<_> = disk
            .keys()
            .chain(world.applied.keys())
            .filter(|path| disk.get(*path) != world.applied.get(*path))
            .collect();
        assert!(wrong.is_empty(), "after {number} operations: {wrong:?}; {}", world.story());
    }
    eprintln!("{number} operations, {} batches, notices {:?}", world.log.len(), world.notices);
}
