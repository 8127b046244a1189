//! Where files, transform, graph and watcher meet: loading, resolving, updating.
//!
//! A [`Session`] answers every request with a [`Plan`](plan::Plan), which a JavaScript runtime
//! carries out. Everything that can fail (reading, parsing, resolving, linking) has happened
//! before a plan is handed out.
//!
//! This crate refuses to know JavaScript values, instances or threads of Node, and to decide what
//! a user sees: failures are data.

pub mod failure;
pub mod options;
pub mod plan;
pub mod resolve;

mod dynamic;
mod emit;
mod foreign;
mod link;
mod load;
mod namespace;
mod native;
mod outside;
mod package;
mod package_resolve;
mod record;
mod session;
mod source;
mod stack;
mod update;
mod watching;

pub use failure::code_frame;
pub use options::Options;
pub use session::{ModuleId, Session};
pub use update::{Answer, Import, Request};
pub use watching::Watching;
