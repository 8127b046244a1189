//! Ways of writing one file.

use std::fs::{self, File, OpenOptions};
use std::io::{Seek, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, SystemTime};

use hmr_watch::ChangeKind::{Attributes, Modified, Removed};
use hmr_watch::WatchSpec;

use crate::world::{ID, World, content, count, has, is_whole, ms};

fn world() -> World {
    watching(World::new())
}

fn watching(world: World) -> World {
    world.write("src/a.mjs", content(0, 10));
    world.watch_files(&["src/a.mjs"]);
    world
}

pub fn write_part(path: &Path, bytes: &[u8], parts: usize, gap: Duration) {
    let mut file = File::create(path).expect("create");
    for (index, part) in bytes.chunks(bytes.len().div_ceil(parts)).enumerate() {
        if index > 0 {
            sleep(gap);
        }
        file.write_all(part).expect("write");
    }
}

/// Each way of writing, by number.
fn save(way: usize, path: &Path, bytes: &[u8]) {
    let temporary = path.with_extension("tmp");
    let old = path.with_extension("old");
    let run = |work: &dyn Fn() -> std::io::Result<()>| {
        work().unwrap_or_else(|error| panic!("way {way}: {error}"))
    };
    match way {
        0 => run(&|| fs::write(path, bytes)),
        1 => write_part(path, bytes, 3, ms(0)),
        2 => run(&|| {
            let mut file = File::create(path)?;
            file.write_all(bytes)?;
            file.sync_all()
        }),
        3 => run(&|| {
            let mut file = OpenOptions::new().write(true).open(path)?;
            file.write_all(bytes)?;
            file.set_len(bytes.len() as u64)
        }),
        4 => run(&|| {
            fs::write(&temporary, bytes)?;
            fs::rename(&temporary, path)
        }),
        5 => run(&|| {
            let outside =
                std::env::temp_dir().join(format!("hmr-watch-outside-{}", std::process::id()));
            fs::write(&outside, bytes)?;
            fs::rename(&outside, path)
        }),
        6 => run(&|| {
            let mut file = File::create(&temporary)?;
            file.write_all(&bytes[..bytes.len() / 2])?;
            fs::rename(&temporary, path)?;
            file.write_all(&bytes[bytes.len() / 2..])
        }),
        7 => run(&|| {
            fs::rename(path, &old)?;
            fs::write(path, bytes)?;
            fs::set_permissions(path, fs::Permissions::from_mode(0o644))?;
            fs::remove_file(&old)
        }),
        8 => run(&|| {
            fs::write(&temporary, bytes)?;
            fs::rename(path, &old)?;
            fs::rename(&temporary, path)?;
            fs::remove_file(&old)
        }),
        9 => run(&|| {
            fs::remove_file(path)?;
            fs::write(path, bytes)
        }),
        10 => run(&|| {
            fs::write(&temporary, bytes)?;
            fs::remove_file(path)?;
            fs::hard_link(&temporary, path)?;
            fs::remove_file(&temporary)
        }),
        11 => run(&|| unnamed(path, bytes)),
        12 => run(&|| {
            fs::write(&temporary, bytes)?;
            exchange(&temporary, path)?;
            fs::remove_file(&temporary)
        }),
        13 => run(&|| {
            fs::copy(path, &old)?;
            fs::write(path, bytes)?;
            fs::remove_file(&old)
        }),
        _ => unreachable!("{WAYS} ways"),
    }
}
const WAYS: usize = 14;

/// Two names change places.
fn exchange(one: &Path, other: &Path) -> std::io::Result<()> {
    let here = rustix::fs::CWD;
    Ok(rustix::fs::renameat_with(here, one, here, other, rustix::fs::RenameFlags::EXCHANGE)?)
}

/// O_TMPFILE, then linkat.
pub fn unnamed(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().expect("folder");
    let mut file = OpenOptions::new().write(true).custom_flags(libc::O_TMPFILE).open(folder)?;
    file.write_all(bytes)?;
    // A link never replaces; the gap is kept short, a long one would be a removal.
    if path.exists() {
        fs::remove_file(path)?;
    }
    let own = format!("/proc/self/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&file));
    Ok(rustix::fs::linkat(
        rustix::fs::CWD,
        own,
        rustix::fs::CWD,
        path,
        rustix::fs::AtFlags::SYMLINK_FOLLOW,
    )?)
}

/// Test 1 of the fault list.
#[test]
fn every_way_of_writing_is_applied_once_and_whole() {
    let mut world = world();
    let path = world.path("src/a.mjs");
    let mut seed = 7_usize;
    let count = count(600, 10_000);
    for number in 1..=count {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let way = (seed >> 33) % WAYS;
        let size = [10, 1000, 70_000, 1_000_000][(seed >> 40) % 4];
        let bytes = content(number, size);
        save(way, &path, &bytes);
        world.until(&format!("save {number} by way {way}"), |world| {
            world.applied.get(&path) == Some(&bytes)
        });
        assert!(world.applied.values().all(|bytes| is_whole(bytes)), "half content by way {way}");
    }
    world.rest(ms(150));
    assert_eq!(world.applies, count, "each save once");
    let kept = |kind| matches!(kind, Modified | Attributes);
    assert!(
        world.changes().all(|change| kept(change.kind)),
        "no save is a removal; {}",
        world.story()
    );
}

/// Test 2.
#[test]
fn saves_in_chunks_are_one_apply_at_the_end() {
    let mut world = world();
    let path = world.path("src/a.mjs");
    let mut number = 0;
    for gap in [0, 1, 2, 5, 20, 60] {
        for parts in [2, 5] {
            number += 1;
            let (bytes, before) = (content(number, 50_000), world.applies);
            write_part(&path, &bytes, parts, ms(gap));
            world.until_same(&["src/a.mjs"]);
            assert_eq!(world.applies, before + 1, "{parts} parts, {gap} ms apart");
            assert!(is_whole(&world.applied[&path]));
        }
    }
}

/// Test 3: a killed writer leaves half a file; that is what is on disk, and the next save follows.
#[test]
fn a_killed_writer_does_not_stop_the_next_save() {
    if !has("sh") {
        return;
    }
    let mut world = world();
    let path = world.path("src/a.mjs");
    let script = format!("exec >'{}'; printf half; kill -9 $$", path.display());
    Command::new("sh").arg("-c").arg(script).status().expect("sh");
    world.until_same(&["src/a.mjs"]);
    assert_eq!(world.applied[&path], b"half");
    fs::write(&path, content(1, 10)).expect("write");
    world.until_same(&["src/a.mjs"]);
}

/// Test 4: while any writer is left the file is not taken.
#[test]
fn the_last_of_two_writers_counts() {
    let mut world = world();
    let path = world.path("src/a.mjs");
    let mut slow = OpenOptions::new().write(true).open(&path).expect("open");
    fs::write(&path, b"first writer, wh").expect("write");
    world.rest(ms(300));
    assert_eq!(world.log.len(), 0, "taken while a writer is left; {}", world.story());
    let bytes = content(1, 5000);
    slow.write_all(&bytes).expect("write");
    slow.set_len(bytes.len() as u64).expect("length");
    drop(slow);
    world.until_same(&["src/a.mjs"]);
    assert_eq!((world.applies, is_whole(&world.applied[&path])), (1, true));
}

/// truncate(2) by path: the shell's truncate opens the file, so call it directly.
pub fn truncate(path: &Path, length: i64) {
    let name = std::ffi::CString::new(path.to_str().expect("path")).expect("path");
    // SAFETY: `name` is a string that ends with zero and lives through the call.
    assert_eq!(unsafe { libc::truncate(name.as_ptr(), length) }, 0);
}

/// Test 5.
#[test]
fn saves_without_a_close() {
    let mut world = world();
    let path = world.path("src/a.mjs");
    truncate(&path, 3);
    world.until_same(&["src/a.mjs"]);

    world.watch_files(&["src/a.mjs", "src/linked.mjs", "src/unnamed.mjs"]);
    fs::write(world.path("other"), content(2, 10)).expect("write");
    fs::hard_link(world.path("other"), world.path("src/linked.mjs")).expect("link");
    world.until_same(&["src/linked.mjs"]);
    unnamed(&world.path("src/unnamed.mjs"), &content(3, 10)).expect("O_TMPFILE");
    world.until_same(&["src/unnamed.mjs"]);
}

/// Writes the first byte through a mapping whose descriptor was closed before.
pub fn write_mapped(path: &Path, byte: u8) {
    let file = OpenOptions::new().read(true).write(true).open(path).expect("open");
    let length = file.metadata().expect("length").len() as usize;
    // SAFETY: a fresh shared mapping of a file that nobody shortens while it lives; it is unmapped below.
    let map = unsafe {
        libc::mmap(
            std::ptr::null_mut(),
            length,
            libc::PROT_WRITE,
            libc::MAP_SHARED,
            std::os::fd::AsRawFd::as_raw_fd(&file),
            0,
        )
    };
    assert_ne!(map, libc::MAP_FAILED);
    drop(file);
    // The close without a write is looked at and found to be nothing.
    sleep(ms(30));
    // SAFETY: inside the mapping made above.
    unsafe {
        *map.cast::<u8>() = byte;
        libc::munmap(map, length);
    }
}

/// Test 6: a write through a mapping after the descriptor was closed causes no event at all.
#[test]
fn writes_through_a_mapping_are_found_by_the_audit() {
    let mut world = watching(World::audited());
    let path = world.path("src/a.mjs");
    world.forget();
    write_mapped(&path, b'9');
    world.until_same(&["src/a.mjs"]);
}

#[test]
fn a_removal_is_held_and_then_reported() {
    let mut world = world();
    let path = world.path("src/a.mjs");
    fs::remove_file(&path).expect("remove");
    let took = world.until_change("src/a.mjs", Removed);
    assert!(took >= ms(95), "{took:?}");
    fs::remove_file(world.write("src/a.mjs", "x")).expect("remove");
    world.forget();
    fs::write(&path, content(2, 2)).expect("write");
    world.until_same(&["src/a.mjs"]);
}

/// Part of test 19: a file that cannot be read is kept and tried again.
#[test]
fn modes_are_attributes() {
    let mut world = world();
    let path = world.path("src/a.mjs");
    let mode = |mode| fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("chmod");
    mode(0o000);
    world.until_change("src/a.mjs", Attributes);
    world.forget();
    mode(0o644);
    world.until_change("src/a.mjs", Attributes);
}

/// What changes between the reading and the watching is not lost.
#[test]
fn a_client_may_read_first() {
    let mut world = World::new();
    let path = world.write("src/a.mjs", "1");
    let before = SystemTime::now();
    sleep(ms(20));
    fs::write(&path, "2").expect("write");
    let spec = WatchSpec { files: vec![path], ..WatchSpec::default() };
    world.watcher.set_since(ID, spec.clone(), before).wait();
    world.until_same(&["src/a.mjs"]);
    assert_eq!(world.kinds(), ["Modified src/a.mjs"]);
    world.watcher.remove(ID);
    world.forget();
    world.watcher.set_since(ID, spec, SystemTime::now() + ms(20)).wait();
    world.rest(ms(60));
    assert_eq!(world.kinds(), Vec::<String>::new());
}

#[test]
fn opening_without_writing_is_nothing() {
    let mut world = world();
    let mut file =
        OpenOptions::new().read(true).write(true).open(world.path("src/a.mjs")).expect("open");
    file.rewind().expect("rewind");
    drop(file);
    fs::read(world.path("src/a.mjs")).expect("read");
    world.rest(ms(60));
    assert_eq!(world.kinds(), Vec::<String>::new());
}
