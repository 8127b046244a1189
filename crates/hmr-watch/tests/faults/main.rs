//! What can go wrong between a save and its report: the watcher against the real file system.
//!
//! Every test ends with the same claim: what the client holds is what is on disk, and no half save was ever taken.
//! Counts are small; `HMR_WATCH_TEST_FACTOR=20` multiplies them for a long run.
#![cfg(target_os = "linux")]

mod world;

mod editors;
mod folders;
mod latency;
mod limits;
mod links;
mod soak;
mod storms;
mod writing;
