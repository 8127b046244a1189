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

mod accept;
mod analysis;
mod code_cache;
mod deep;
mod depth;
mod dynamic;
mod emit;
mod foreign;
mod known_files;
mod link;
mod links;
mod load;
mod load_order;
mod lock;
mod namespace;
mod native;
mod node;
mod outside;
mod package;
mod package_resolve;
mod record;
mod records;
mod request;
mod same_code;
mod session;
mod shared;
mod source;
mod source_map;
mod stack;
mod stage;
mod store;
mod tried;
mod tsconfig;
mod typescript;
mod update;
mod watching;

pub use accept::{Accepts, Explanation};
pub use analysis::{Remedy, SeenImport, SeenModule};
pub use code_cache::{CacheOptions, CodeCache, Compiled, Leaving};
pub use failure::code_frame;
pub use options::Options;
pub use request::{Answer, Import, Request};
pub use session::{ModuleId, Session};
pub use stack::Awaits;
pub use tried::{News, content_hash};
pub use watching::Watching;
