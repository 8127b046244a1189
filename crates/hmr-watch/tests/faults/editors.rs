//! Real editors, where they are installed, and what those that are not do.

use std::fs;
use std::process::Command;

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
