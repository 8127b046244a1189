//! Small projects on the disk, what is done to them, and the plans that must come of it, in the
//! notation of [`project`] and [`told`].

mod packages;
mod project;
mod told;
mod typescript_files;

mod first_load;

mod hot_files;

mod resolution;

mod links;

mod updates;

mod dynamic_imports;

mod live_bindings;

mod failures;

mod transactions;

mod shared_with_node;

mod namespaces;

mod session;

mod wire;

mod watching;

mod whole_program;

mod stack;
