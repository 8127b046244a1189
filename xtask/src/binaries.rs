//! Builds the addon and the command, and puts them where the npm package finds them; then makes the package's script.
//!
//! It builds for the machine it runs on and for nothing else; the files' names say which.

use std::env::consts::{ARCH, EXE_SUFFIX, OS};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{npm, process, repository};

/// Builds `hmr-node` and `hmr-cli` in release mode into `runtime/native/node-esm-hmr.PLATFORM.node` and `runtime/native/node-esm-hmr.PLATFORM`,
/// and `runtime/dist/`, for which the npm packages must be installed.
pub fn build() -> Result<()> {
    let mut cargo = Command::new(env!("CARGO"));
    let packages = ["--package", "hmr-node", "--package", "hmr-cli"];
    process::run(cargo.args(["build", "--quiet", "--release"]).args(packages))?;

    let native = repository::path("runtime/native");
    let name = format!("node-esm-hmr.{}", platform()?);
    replace(&built(library_name()), &native.join(format!("{name}.node")))?;
    let command = format!("node-esm-hmr{EXE_SUFFIX}");
    replace(&built(&command), &native.join(format!("{name}{EXE_SUFFIX}")))?;
    npm::bundle()
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

fn library_name() -> &'static str {
    match OS {
        "windows" => "hmr_node.dll",
        "macos" => "libhmr_node.dylib",
        _ => "libhmr_node.so",
    }
}

fn built(name: &str) -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| repository::path("target"), |folder| repository::root().join(folder));
    target.join("release").join(name)
}

/// Renames a copy over `target`: a process that has the old one mapped keeps the old file, where
/// writing into it would crash that process. An equal file stays as it is.
fn replace(source: &Path, target: &Path) -> Result<()> {
    let same = || Ok::<_, std::io::Error>(fs::read(source)? == fs::read(target)?);
    if same().unwrap_or(false) {
        return Ok(());
    }
    let folder = target.parent().expect("the target lies in a folder");
    fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
    let copy = target.with_extension("new");
    fs::copy(source, &copy).with_context(|| format!("copying {}", source.display()))?;
    fs::rename(&copy, target).with_context(|| format!("writing {}", target.display()))
}
