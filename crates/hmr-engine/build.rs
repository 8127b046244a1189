//! Names the sources that decide what a text becomes: what another build has stored may mean something else.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let engine = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let mut hash = DefaultHasher::new();
    // The versions of the libraries stand in the lock file, which a published crate does not have.
    for part in ["../hmr-transform/src", "src", "../../Cargo.lock"] {
        let part = engine.join(part);
        println!("cargo:rerun-if-changed={}", part.display());
        if part.exists() {
            add(&part, &mut hash)?;
        }
    }
    println!("cargo:rustc-env=HMR_ENGINE_SOURCES={:016x}", hash.finish());
    Ok(())
}

fn add(path: &Path, hash: &mut DefaultHasher) -> io::Result<()> {
    if path.is_file() {
        fs::read(path)?.hash(hash);
        return Ok(());
    }
    let entries = fs::read_dir(path)?.map(|entry| entry.map(|entry| entry.path()));
    let mut entries = entries.collect::<io::Result<Vec<_>>>()?;
    entries.sort();
    entries.iter().try_for_each(|entry| add(entry, hash))
}
