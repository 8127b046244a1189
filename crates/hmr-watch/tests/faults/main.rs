//! What can go wrong between a save and its report: the watcher against the real file system.
//!
//! Every test ends with the same claim: what the client holds is what is on disk, and no half save was ever taken.
//! Counts are small unless `HMR_TEST_FULL` is set.
#![cfg(target_os = "linux")]

mod world;

mod controls;
mod costs;
mod editors;
mod folders;
mod latency;
mod limits;
mod links;
mod remote;
mod soak;
mod storms;
mod writing;
