//! Real editors, where they are installed, and what those that are not do.

use std::fs;
use std::io::{Read, Write};
use std::process::{Command, Stdio};

use hmr_watch::ChangeKind::{Modified, Removed};

use crate::world::{World, content, has, ms};

/// One save: at least one change, only of the file, never a removal, and the right content.
fn check(name: &str, save: impl Fn(&World)) {
    let mut world = World::new();
    let path = world.write("src/a.mjs", "let a = 1;\n");
    world.watch_files(&["src/a.mjs"]);
    save(&world);
    world.until(&format!("save by {name}"), |world| {
        world.log.iter().any(|(_, batch)| !batch.changes.is_empty())
    });
    world.until_same(&["src/a.mjs"]);
    world.rest(ms(150));
    assert!(
        world.changes().all(|change| change.kind != Removed && change.path == path),
        "{name}: {}",
        world.story()
    );
    assert_eq!(
        world.changes().filter(|change| change.kind == Modified).count(),
        1,
        "{name}: {}",
        world.story()
    );
    assert_eq!(world.applies, 1, "{name}");
}

/// Test 7.
#[test]
fn vim_in_three_modes() {
    if !has("vim") {
        return;
    }
    for mode in ["auto", "yes", "no"] {
        check(&format!("vim, backupcopy={mode}"), |world| {
            let set = format!("set backupcopy={mode}");
            let mut vim = Command::new("vim");
            vim.args(["-u", "NONE", "-N", "-es", "-c", &set, "-c", "%s/1/22/", "-c", "wq"]);
            assert!(vim.arg(world.path("src/a.mjs")).status().expect("vim").success());
        });
    }
}

/// Test 7.
#[test]
fn emacs() {
    if has("emacs") {
        check("emacs", |world| {
            let mut emacs = Command::new("emacs");
            emacs.args(["-Q", "--batch"]).arg(world.path("src/a.mjs"));
            emacs.args(["--eval", "(progn (insert \"// x\\n\") (save-buffer))"]);
            assert!(emacs.status().expect("emacs").success());
        });
    }
}

/// Test 7: nano wants a terminal, which `script` gives it.
#[test]
fn nano() {
    if !["nano", "script", "timeout"].into_iter().all(has) {
        return;
    }
    check("nano", |world| {
        let path = world.path("src/a.mjs");
        let command = format!("nano --ignorercfiles '{}'", path.display());
        let mut script = Command::new("timeout");
        script.args(["20", "script", "-qec", &command, "/dev/null"]);
        script.env("TERM", "xterm").env("LC_ALL", "C").env("COLUMNS", "80").env("LINES", "24");
        let mut script =
            script.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("script");
        let mut keys = script.stdin.take().expect("a pipe");
        let mut screen = script.stdout.take().expect("a pipe");
        // "Write out", which asks for the name, and "exit".
        for (shown, typed) in
            [("Exit", "// x "), ("// x", "\x0f"), ("Write", "\r"), ("Wrote", "\x18")]
        {
            wait_for(&mut screen, shown);
            keys.write_all(typed.as_bytes()).expect("keys");
        }
        assert!(script.wait().expect("nano").success());
        assert!(fs::read_to_string(path).expect("saved").starts_with("// x"));
    });
}

/// Reads until a text was shown.
fn wait_for(screen: &mut impl Read, text: &str) {
    let (mut seen, mut buffer) = (String::new(), [0; 4096]);
    while !seen.contains(text) {
        let count = screen.read(&mut buffer).expect("screen");
        assert!(count > 0, "{text} was not shown: {seen}");
        seen += &String::from_utf8_lossy(&buffer[..count]);
    }
}

/// Test 7: VS Code writes into the file, in one or in several pieces.
#[test]
fn vs_code() {
    check("VS Code", |world| fs::write(world.path("src/a.mjs"), content(1, 100)).expect("write"));
    check("VS Code, a large file", |world| {
        let mut file = fs::File::create(world.path("src/a.mjs")).expect("open");
        for part in content(1, 300_000).chunks(65_536) {
            file.write_all(part).expect("write");
        }
    });
}

/// Test 7: emacs with a backup by renaming, and by copying.
#[test]
fn emacs_replayed() {
    check("emacs", |world| {
        let path = |name: &str| world.path(&format!("src/{name}"));
        std::os::unix::fs::symlink("user@host.1:1", path(".#a.mjs")).expect("lock");
        fs::rename(path("a.mjs"), path("a.mjs~")).expect("backup");
        fs::write(path("a.mjs"), content(1, 100)).expect("write");
        fs::remove_file(path(".#a.mjs")).expect("unlock");
    });
}

/// `sed -i`: a temporary file and a rename.
#[test]
fn sed() {
    if has("sed") {
        check("sed -i", |world| {
            let mut sed = Command::new("sed");
            assert!(
                sed.args(["-i", "s/1/22/"])
                    .arg(world.path("src/a.mjs"))
                    .status()
                    .expect("sed")
                    .success()
            );
        });
    }
}

/// The safe write of JetBrains' editors.
#[test]
fn jetbrains() {
    check("JetBrains", |world| {
        let path = |name: &str| world.path(&format!("src/{name}"));
        fs::write(path("a.mjs___jb_tmp___"), content(1, 100)).expect("write");
        fs::rename(path("a.mjs"), path("a.mjs___jb_old___")).expect("rename");
        fs::rename(path("a.mjs___jb_tmp___"), path("a.mjs")).expect("rename");
        fs::remove_file(path("a.mjs___jb_old___")).expect("remove");
    });
}
