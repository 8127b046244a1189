//! Test 18: a file system whose files change on the other side, without any event.

use std::ffi::OsStr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use fuser::{
    Config, Errno, FileAttr, FileHandle, FileType, Filesystem, Generation, INodeNo, LockOwner,
    OpenFlags, ReplyAttr, ReplyData, ReplyDirectory, ReplyEntry, Request,
};
use hmr_watch::Notice;

use crate::costs::watcher_share;
use crate::world::{World, content, count, in_process, ms};

const FILES: usize = 1000;
/// Names are believed for a second, as is usual; sizes and times are not.
const NAMES: Duration = Duration::from_secs(1);
const TTL: Duration = Duration::ZERO;

/// Content and time of each file `f0.mjs` and so on.
type Files = Arc<Mutex<Vec<(Vec<u8>, SystemTime)>>>;

struct Elsewhere(Files);

impl Elsewhere {
    fn attributes(&self, ino: INodeNo) -> Option<FileAttr> {
        let files = self.0.lock().expect("files");
        let number = u64::from(ino);
        let file = if number == 1 { None } else { Some(files.get(number as usize - 2)?) };
        let time = file.map_or(SystemTime::UNIX_EPOCH, |(_, time)| *time);
        Some(FileAttr {
            ino,
            size: file.map_or(0, |(bytes, _)| bytes.len() as u64),
            blocks: 1,
            atime: time,
            mtime: time,
            ctime: time,
            crtime: time,
            kind: if file.is_some() { FileType::RegularFile } else { FileType::Directory },
            perm: 0o755,
            nlink: 1,
            uid: 0,
            gid: 0,
            rdev: 0,
            flags: 0,
            blksize: 512,
        })
    }
}

impl Filesystem for Elsewhere {
    fn lookup(&self, _: &Request, _: INodeNo, name: &OsStr, reply: ReplyEntry) {
        let number = name.to_str().and_then(|name| name.strip_prefix('f')?.strip_suffix(".mjs"));
        let ino = number.and_then(|number| number.parse::<u64>().ok()).map(|it| INodeNo(it + 2));
        match ino.and_then(|ino| self.attributes(ino)) {
            Some(attributes) => reply.entry(&NAMES, &attributes, Generation(0)),
            None => reply.error(Errno::ENOENT),
        }
    }

    fn getattr(&self, _: &Request, ino: INodeNo, _: Option<FileHandle>, reply: ReplyAttr) {
        match self.attributes(ino) {
            Some(attributes) => reply.attr(&TTL, &attributes),
            None => reply.error(Errno::ENOENT),
        }
    }

    fn read(
        &self,
        _: &Request,
        ino: INodeNo,
        _: FileHandle,
        offset: u64,
        size: u32,
        _: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyData,
    ) {
        let files = self.0.lock().expect("files");
        let bytes = &files[u64::from(ino) as usize - 2].0;
        let start = bytes.len().min(offset as usize);
        reply.data(&bytes[start..bytes.len().min(start + size as usize)]);
    }

    fn readdir(
        &self,
        _: &Request,
        _: INodeNo,
        _: FileHandle,
        offset: u64,
        mut reply: ReplyDirectory,
    ) {
        for number in offset as usize..FILES {
            let (ino, name) = (INodeNo(number as u64 + 2), format!("f{number}.mjs"));
            if reply.add(ino, number as u64 + 1, FileType::RegularFile, name) {
                break;
            }
        }
        reply.ok();
    }
}

#[test]
fn changes_on_the_other_side_of_a_mount_are_polled() {
    if !in_process("remote::changes_on_the_other_side_of_a_mount_are_polled", &["unshare", "-Urm"])
    {
        return;
    }
    let mut world = World::audited();
    let start = SystemTime::now() - Duration::from_secs(60);
    let files: Files =
        Arc::new(Mutex::new((0..FILES).map(|number| (content(number, 10), start)).collect()));
    let place = world.path("mount");
    std::fs::create_dir(&place).expect("mkdir");
    let session = fuser::spawn_mount(Elsewhere(Arc::clone(&files)), &place, &Config::default());
    let session = match session {
        Ok(session) => session,
        Err(error) => return eprintln!("skipped: no FUSE here: {error}"),
    };
    let names: Vec<String> = (0..FILES).map(|number| format!("mount/f{number}.mjs")).collect();
    world.watch_files(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let mut times = Vec::new();
    for round in 0..count(10, 100) {
        let (number, bytes) = (round * 37 % FILES, content(round, 100 + round));
        files.lock().expect("files")[number] = (bytes, SystemTime::now());
        let start = Instant::now();
        world.until_same(&[&names[number]]);
        times.push(start.elapsed());
    }
    times.sort();
    let share = watcher_share(Duration::from_secs(count(2, 10) as u64));
    eprintln!(
        "FUSE, {FILES} files: changes seen after {:?} (median), {:?} (most); {share:.2} % of a core",
        times[times.len() / 2],
        times[times.len() - 1]
    );
    assert!(times[times.len() / 2] < ms(150), "{times:?}");
    assert!(
        matches!(world.notices.as_slice(), [Notice::Polling { system: "FUSE", .. }]),
        "{:?}",
        world.notices
    );
    drop(session);
}
