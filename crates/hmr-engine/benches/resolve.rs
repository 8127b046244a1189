//! Resolving relative specifiers and packages in a project on the disk.
//!
//! The functions named `measured_…` are what `cargo xtask instructions` counts.

use std::fs;
use std::hint::black_box;

use divan::Bencher;
use hmr_engine::{Options, Session};
use tempfile::TempDir;
use url::Url;

fn main() {
    divan::main();
}

struct Project {
    folder: TempDir,
    session: Session,
}

impl Project {
    /// With `count` modules in one folder and one package.
    fn new(count: u32) -> Self {
        let folder = TempDir::new().expect("there is a folder for temporary files");
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("it lies in the project")).expect("a folder");
            fs::write(path, text).expect("a file");
        };
        write("package.json", r#"{"type":"module"}"#);
        write("node_modules/dep/package.json", r#"{"exports":{".":{"import":"./a.js"}}}"#);
        write("node_modules/dep/a.js", "");
        (0..count).for_each(|id| write(&format!("lib/m{id}.js"), ""));
        let options =
            Options { conditions: vec!["node".into(), "import".into()], ..Options::default() };
        let session = Session::new(&options).expect("the options are valid");
        Self { folder, session }
    }

    fn url(&self, name: &str) -> String {
        Url::from_file_path(self.folder.path().join(name)).expect("an absolute path").into()
    }
}

#[inline(never)]
fn measured_resolve(session: &Session, specifier: &str, parent: &str) -> Option<String> {
    session.resolve(specifier, parent).0
}

#[divan::bench(args = [100, 1000, 5000])]
fn relative(bencher: Bencher, count: u32) {
    let project = Project::new(count);
    let (specifier, parent) = (format!("./m{}.js", count - 1), project.url("lib/m0.js"));
    assert!(measured_resolve(&project.session, &specifier, &parent).is_some());
    bencher.bench_local(|| measured_resolve(&project.session, black_box(&specifier), &parent));
}

#[divan::bench]
fn package(bencher: Bencher) {
    let project = Project::new(1);
    let parent = project.url("lib/m0.js");
    assert!(measured_resolve(&project.session, "dep", &parent).is_some());
    bencher.bench_local(|| measured_resolve(&project.session, black_box("dep"), &parent));
}
