//! The store: what is written is found by whoever comes later, and nothing that befalls the file does harm.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use tempfile::TempDir;

use super::{Store, key};

fn opened(folder: &Path) -> Arc<Store> {
    Store::open(folder, true).expect("a store")
}

fn entry(store: &Store, key: u128) -> Option<Vec<u8>> {
    store.get(key, <[u8]>::to_vec)
}

#[test]
fn entries_are_found_by_their_keys() {
    let folder = TempDir::new().unwrap();
    let long = vec![7; 100_000];
    opened(folder.path()).put([(1, &b"one"[..]), (2, &long[..]), (3, &[][..])]);
    let store = opened(folder.path());
    assert_eq!(entry(&store, 1).as_deref(), Some(&b"one"[..]));
    assert_eq!(entry(&store, 2), Some(long));
    assert_eq!(entry(&store, 3), Some(Vec::new()));
    assert_eq!(entry(&store, 4), None);
    store.put([(1, &b"another"[..])]);
    assert_eq!(entry(&store, 1).as_deref(), Some(&b"another"[..]));
}

#[test]
fn keys_tell_parts_apart() {
    assert_ne!(key(&[b"ab", b"c"]), key(&[b"a", b"bc"]));
    assert_ne!(key(&[b"ab"]), key(&[b"ab", b""]));
    assert_eq!(key(&[b"ab", b"c"]), key(&[b"ab", b"c"]));
}

#[test]
fn without_create_nothing_is_made() {
    let folder = TempDir::new().unwrap();
    assert!(Store::open(&folder.path().join("none"), false).is_none());
    assert!(!folder.path().join("none").exists());
}

#[test]
fn threads_share_one() {
    let folder = TempDir::new().unwrap();
    let first = opened(folder.path());
    let second = std::thread::scope(|scope| {
        scope.spawn(|| opened(folder.path())).join().expect("the thread")
    });
    assert!(Arc::ptr_eq(&first, &second));
}

#[test]
fn it_may_be_deleted_while_it_is_open() {
    let parent = TempDir::new().unwrap();
    let folder = parent.path().join("cache");
    let store = opened(&folder);
    store.put([(1, &b"one"[..])]);
    fs::remove_dir_all(&folder).unwrap();
    assert_eq!(entry(&store, 1).as_deref(), Some(&b"one"[..]));
    store.put([(2, &b"two"[..])]);
    drop(store);
    let again = opened(&folder);
    assert_eq!(entry(&again, 1), None);
    again.put([(3, &b"three"[..])]);
    assert_eq!(entry(&again, 3).as_deref(), Some(&b"three"[..]));
}

#[test]
fn what_is_no_store_is_replaced() {
    for name in ["cut", "noise", "empty"] {
        let folder = TempDir::new().unwrap();
        let many: Vec<_> = (0..100).map(|at| (at, vec![at as u8; 3000])).collect();
        opened(folder.path()).put(many.iter().map(|(key, entry)| (*key, entry.as_slice())));
        let file = folder.path().join("data.mdb");
        let bytes = fs::read(&file).unwrap();
        let damaged = match name {
            "cut" => bytes[..bytes.len() / 2].to_vec(),
            "noise" => vec![0x5a; bytes.len()],
            _ => Vec::new(),
        };
        fs::write(&file, damaged).unwrap();
        let store = opened(folder.path());
        store.put([(1000, &b"new"[..])]);
        assert_eq!(entry(&store, 1000).as_deref(), Some(&b"new"[..]), "{name}");
    }
}

#[test]
fn damaged_entries_are_ignored() {
    let folder = TempDir::new().unwrap();
    opened(folder.path()).put([(1, &[b'x'; 5000][..])]);
    let file = folder.path().join("data.mdb");
    let mut bytes = fs::read(&file).unwrap();
    let at = bytes.windows(100).position(|part| part == [b'x'; 100]).expect("the entry");
    bytes[at + 50] = b'y';
    fs::write(&file, bytes).unwrap();
    assert_eq!(entry(&opened(folder.path()), 1), None);
}
