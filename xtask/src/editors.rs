//! Real editors for the tests that let them save: from Debian's packages, on a machine that is there for tests.

use std::process::{Command, Stdio};

/// Programs and the packages that have them; 46 MB to fetch.
const EDITORS: [(&str, &str); 3] = [("vim", "vim"), ("nano", "nano"), ("emacs", "emacs-nox")];

/// Installs what is missing if `apt-get` is there and may. Without an editor its tests say so and pass.
pub fn install() {
    let missing: Vec<_> =
        EDITORS.iter().filter(|(program, _)| !runs(program, "--version")).collect();
    if missing.is_empty() || !runs("apt-get", "--version") {
        return;
    }
    let packages = missing.iter().map(|(_, package)| *package);
    println!("\n── editors");
    let installed = apt_get(["update"])
        && apt_get(["install", "--no-install-recommends"].into_iter().chain(packages));
    println!(
        "── editors {}",
        if installed { "ok" } else { "could not be installed: their tests are left out" }
    );
}

fn apt_get<'a>(arguments: impl IntoIterator<Item = &'a str>) -> bool {
    let mut command = Command::new("apt-get");
    command.args(["-qq", "-y"]).args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    command.stdin(Stdio::null()).stdout(Stdio::null()).status().is_ok_and(|status| status.success())
}

fn runs(program: &str, argument: &str) -> bool {
    let mut command = Command::new(program);
    let command =
        command.arg(argument).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
