//! The worker over sources that are worse than the kernel's.

use std::collections::VecDeque;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use super::*;
use crate::inotify::Inotify;
use crate::source::{Scope, Source, Waker};
use crate::tree::Tree;
use crate::{Event, Watcher};

/// Inotify with a fault.
struct Faulty {
    inner: Inotify,
    fault: Fault,
}

#[derive(PartialEq)]
enum Fault {
    /// Every hint is lost; only the overflow is told.
    Overflow,
    /// Nothing is told, not even that.
    Silence,
    /// A file system that other machines write to.
    Remote,
}

impl Source for Faulty {
    fn add(&mut self, path: &Path, scope: Scope) -> io::Result<Option<Key>> {
        self.inner.add(path, scope)
    }
    fn remove(&mut self, key: Key) {
        self.inner.remove(key);
    }
    fn wait(&mut self, timeout: Option<Duration>) {
        self.inner.wait(timeout);
    }
    fn drain(&mut self, out: &mut VecDeque<Raw>) {
        let mut lost = VecDeque::new();
        self.inner.drain(&mut lost);
        if self.fault == Fault::Overflow && !lost.is_empty() {
            out.push_back(Raw::Overflow);
        }
    }
    fn waker(&self) -> Waker {
        self.inner.waker()
    }
    fn remote(&self, _: &Path) -> Option<&'static str> {
        (self.fault == Fault::Remote).then_some("9p")
    }
}

struct World {
    dir: tempfile::TempDir,
    watcher: Watcher,
    events: Receiver<Event>,
    notices: Vec<Notice>,
    kinds: Vec<String>,
}

impl World {
    fn new(fault: Fault) -> Self {
        let (sender, events) = channel();
        let delivery = Delivery::spawn(move |event| drop(sender.send(event))).expect("thread");
        let source = Faulty { inner: Inotify::new().expect("inotify"), fault };
        let watcher =
            Watcher::start(Tree::new(Box::new(source), false), delivery, crate::INTERVALS);
        let dir = tempfile::tempdir().expect("folder");
        Self {
            dir,
            watcher: watcher.expect("thread"),
            events,
            notices: Vec::new(),
            kinds: Vec::new(),
        }
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.dir.path().join(name);
        fs::create_dir_all(path.parent().expect("parent")).expect("mkdir");
        fs::write(path, text).expect("write");
    }

    fn watch(&self) {
        let root = self.dir.path().join("root");
        let files = vec![self.dir.path().join("exact/f.mjs")];
        self.watcher
            .set(WatchId(1), WatchSpec { files, roots: vec![root], ..WatchSpec::default() });
    }

    /// Waits until exactly these changes were reported.
    fn expect(&mut self, expected: &[&str]) {
        while self.kinds != expected {
            match self.events.recv_timeout(Duration::from_secs(5)) {
                Ok(Event::Notice(notice)) => self.notices.push(notice),
                Ok(Event::Batch(batch)) => {
                    let name = |path: &Path| {
                        path.strip_prefix(self.dir.path()).expect("ours").display().to_string()
                    };
                    self.kinds.extend(
                        batch.changes.iter().map(|it| format!("{:?} {}", it.kind, name(&it.path))),
                    );
                    self.kinds.sort();
                }
                Err(_) => {
                    panic!("expected {expected:#?}\nreported {:#?}\n{:?}", self.kinds, self.notices)
                }
            }
        }
    }
}

/// Test 9 of the fault list: after lost hints exactly the changed set is reported.
#[test]
fn an_overflow_compares_everything() {
    let mut world = World::new(Fault::Overflow);
    for number in 0..500 {
        world.write(&format!("root/d{}/f{number}.mjs", number % 20), "1");
    }
    world.write("exact/f.mjs", "1");
    world.watch();
    world.write("root/d1/f1.mjs", "2");
    world.write("root/new/deep/f.mjs", "2");
    fs::remove_file(world.dir.path().join("root/d2/f2.mjs")).expect("remove");
    fs::remove_file(world.dir.path().join("exact/f.mjs")).expect("remove");
    let expected = [
        "Created root/new/deep/f.mjs",
        "Modified root/d1/f1.mjs",
        "Removed exact/f.mjs",
        "Removed root/d2/f2.mjs",
    ];
    world.expect(&expected);
    assert_eq!(world.notices, [Notice::Overflow], "once");
}

/// Whatever is lost without a word, exact files are compared every second.
#[test]
fn the_audit_finds_silent_losses() {
    let mut world = World::new(Fault::Silence);
    world.write("exact/f.mjs", "1");
    world.watch();
    world.write("exact/f.mjs", "22");
    world.expect(&["Modified exact/f.mjs"]);
}

/// Test 18: changes made elsewhere.
#[test]
fn remote_file_systems_are_polled_and_said_once() {
    let mut world = World::new(Fault::Remote);
    world.write("exact/f.mjs", "1");
    world.write("root/a/f.mjs", "1");
    world.watch();
    world.write("exact/f.mjs", "22");
    world.write("root/a/f.mjs", "22");
    world.write("root/b/f.mjs", "1");
    world.expect(&["Created root/b/f.mjs", "Modified exact/f.mjs", "Modified root/a/f.mjs"]);
    assert!(
        matches!(world.notices.as_slice(), [Notice::Polling { system: "9p", .. }]),
        "{:?}",
        world.notices
    );
}
