//! Builds the addon and puts it where the npm package loads it from.
//!
//! It builds for the machine it runs on and for nothing else; the file's name says which.

use std::env::consts::{ARCH, OS};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{process, repository};

/// Builds `hmr-node` in release mode into `runtime/native/node-esm-hmr.PLATFORM.node`.
pub fn build() -> Result<()> {
    let mut cargo = Command::new(env!("CARGO"));
    process::run(cargo.args(["build", "--quiet", "--release", "--package", "hmr-node"]))?;

    let target = repository::path(&format!("runtime/native/node-esm-hmr.{}.node", platform()?));
    replace(&built_library(), &target)
}

/// The platform's name as napi-rs writes it, which the runtime's loader looks for.
fn platform() -> Result<String> {
    let arch = match ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        other => bail!("no platform name is known for the processor {other}"),
    };
    let libc = if cfg!(target_env = "musl") { "musl" } else { "gnu" };
    Ok(match OS {
        "linux" => format!("linux-{arch}-{libc}"),
        "macos" => format!("darwin-{arch}"),
        "windows" => format!("win32-{arch}-msvc"),
        other => bail!("no platform name is known for {other}"),
    })
}

fn built_library() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| repository::path("target"), |folder| repository::root().join(folder));
    let name = match OS {
        "windows" => "hmr_node.dll",
        "macos" => "libhmr_node.dylib",
        _ => "libhmr_node.so",
    };
    target.join("release").join(name)
}

/// Renames a copy over `target`: a process that has the old addon mapped keeps the old file, where
/// writing into it would crash that process. An equal file stays as it is.
fn replace(source: &Path, target: &Path) -> Result<()> {
    let bytes = fs::read(source).with_context(|| format!("reading {}", source.display()))?;
    if fs::read(target).is_ok_and(|old| old == bytes) {
        return Ok(());
    }
    let folder = target.parent().expect("the target lies in a folder");
    fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
    let copy = target.with_extension("node.new");
    fs::write(&copy, bytes).with_context(|| format!("writing {}", copy.display()))?;
    fs::rename(&copy, target).with_context(|| format!("writing {}", target.display()))
}
