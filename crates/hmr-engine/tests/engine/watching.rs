//! The watcher as the runtime meets it: JSON in, JSON out.

use std::fs;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use hmr_engine::Watching;
use serde_json::{Value, json};
use tempfile::TempDir;

/// Longer than anything takes; only a failing test waits for it.
const DEADLINE: Duration = Duration::from_secs(20);

struct Watched {
    watching: Watching,
    events: Receiver<String>,
    folder: TempDir,
}

impl Watched {
    /// A folder with the `files`, each with the text `1`.
    fn new(files: &[&str]) -> Self {
        let folder = TempDir::new().expect("a folder");
        let (sender, events) = channel();
        let sink = move |event| sender.send(event).unwrap_or_default();
        let watching = Watching::spawn(sink, None).expect("a watcher");
        let watched = Self { watching, events, folder };
        files.iter().for_each(|file| watched.write(file, "1"));
        watched
    }

    fn path(&self, name: &str) -> String {
        let folder = fs::canonicalize(self.folder.path()).expect("a folder");
        folder.join(name).to_string_lossy().into_owned()
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).expect("written");
    }

    /// Watches for a client that has read nothing yet: what is there is not reported.
    fn set(&self, id: u32, spec: &Value) {
        self.watching.set(id, &spec.to_string(), 0.0, false).expect("a spec");
    }

    /// `kind name watches` of the next changes, until one is of `name`.
    #[track_caller]
    fn until(&self, name: &str) -> Vec<String> {
        let mut told = Vec::new();
        loop {
            let event = self.events.recv_timeout(DEADLINE);
            let event = event.unwrap_or_else(|_| panic!("no event of {name}, after {told:?}"));
            let event: Value = serde_json::from_str(&event).expect("JSON");
            for change in event["changes"].as_array().expect("a batch") {
                let path = change["path"].as_str().expect("a path");
                let short = path.rsplit('/').next().unwrap_or(path);
                let kind = change["kind"].as_str().expect("a kind");
                told.push(format!("{kind} {short} {}", change["watches"]));
                assert!(change["real"].is_string(), "{change}");
                let content = hmr_engine::content_hash(path.as_ref());
                let save = content.map(|content| format!("{content:x}"));
                assert_eq!(change["save"].as_str(), save.as_deref(), "{change}");
            }
            if told.iter().any(|change| change.split(' ').nth(1) == Some(name)) {
                return told;
            }
        }
    }
}

fn spec(files: &[String], roots: &[String], ignored: Value) -> Value {
    json!({ "files": files, "roots": roots, "globs": [], "cwd": "/", "ignored": ignored })
}

#[test]
fn a_file_is_written_removed_and_written_again() {
    let watched = Watched::new(&["a.js", "b.js"]);
    watched.set(7, &spec(&[watched.path("a.js")], &[], json!([])));
    watched.write("b.js", "2");
    watched.write("a.js", "2");
    assert_eq!(watched.until("a.js"), ["modified a.js [7]"]);
    fs::remove_file(watched.path("a.js")).expect("removed");
    assert_eq!(watched.until("a.js"), ["removed a.js [7]"]);
    watched.write("a.js", "3");
    assert_eq!(watched.until("a.js"), ["created a.js [7]"]);
}

#[test]
fn a_folder_with_everything_that_may_be_ignored() {
    let watched = Watched::new(&[]);
    let glob = json!({ "pattern": "**/*.log", "base": watched.path(""), "source": r"\.log$", "flags": "" });
    let ignored = json!([
        { "path": watched.path("tmp") },
        { "glob": glob },
        { "regex": { "source": "SWAP", "flags": "i" } },
    ]);
    watched.set(1, &spec(&[], &[watched.path("")], ignored));
    for name in ["tmp", "x.log", "x.swap", "seen.js"] {
        watched.write(name, "1");
    }
    assert_eq!(watched.until("seen.js"), ["created seen.js [1]"]);
}

#[test]
fn a_glob() {
    let watched = Watched::new(&[]);
    let base = watched.path("");
    let base = base.trim_end_matches('/');
    let glob = json!({ "pattern": "*.js", "base": base, "source": r"^[^/]*\.js$", "flags": "" });
    let mut spec = spec(&[], &[], json!([]));
    spec["globs"] = json!([glob]);
    spec["cwd"] = json!(base);
    watched.set(1, &spec);
    watched.write("a.txt", "1");
    watched.write("a.js", "1");
    assert_eq!(watched.until("a.js"), ["created a.js [1]"]);
}

#[test]
fn several_entries_and_one_that_leaves() {
    let watched = Watched::new(&["a.js"]);
    let a = spec(&[watched.path("a.js")], &[], json!([]));
    watched.set(1, &a);
    watched.set(2, &a);
    watched.write("a.js", "2");
    assert_eq!(watched.until("a.js"), ["modified a.js [1,2]"]);
    watched.watching.remove(1);
    // A second spec comes after what was asked before it.
    watched.set(2, &a);
    watched.write("a.js", "3");
    assert_eq!(watched.until("a.js"), ["modified a.js [2]"]);
}

#[test]
fn the_real_path_is_told_beside_the_named_one() {
    let watched = Watched::new(&["real.js"]);
    let link = watched.path("link.js");
    std::os::unix::fs::symlink(watched.path("real.js"), &link).expect("linked");
    watched.set(1, &spec(&[link], &[], json!([])));
    watched.write("real.js", "2");
    let event = watched.events.recv_timeout(DEADLINE).expect("an event");
    let event: Value = serde_json::from_str(&event).expect("JSON");
    assert_eq!(event["changes"][0]["path"], watched.path("link.js"));
    assert_eq!(event["changes"][0]["real"], watched.path("real.js"));
}

#[test]
fn what_changed_since_it_was_read_is_reported() {
    let watched = Watched::new(&["a.js"]);
    let spec = spec(&[watched.path("a.js")], &[], json!([]));
    // Read long before the file was written.
    watched.watching.set(1, &spec.to_string(), 1000.0, false).expect("a spec");
    let told = watched.until("a.js");
    assert_eq!(told.len(), 1, "{told:?}");
}

#[test]
fn specs_that_are_not_understood() {
    let watched = Watched::new(&[]);
    for spec in ["", "{}", r#"{"files": 1}"#] {
        assert!(watched.watching.set(1, spec, 0.0, false).is_err(), "{spec}");
    }
    let unknown =
        json!({ "files": [], "roots": [], "globs": [], "cwd": "/", "ignored": [{ "x": 1 }] });
    assert!(watched.watching.set(1, &unknown.to_string(), 0.0, false).is_err());
}
