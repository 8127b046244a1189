//! The binary `node-esm-hmr`: see the library.

use std::process::ExitCode;

#[cfg(unix)]
fn main() -> ExitCode {
    hmr_cli::main()
}

#[cfg(not(unix))]
fn main() -> ExitCode {
    eprintln!(
        "node-esm-hmr: there is no supervisor for this system yet: node --import node-esm-hmr/register app.js"
    );
    ExitCode::from(2)
}
