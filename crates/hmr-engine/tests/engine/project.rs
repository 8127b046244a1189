//! A project is written as text, one file a line, `name: text`, where `\n` in the text is a line
//! break. Without a `package.json` of its own it gets one with `"type": "module"`.
//!
//! What is done to it is text, too, each line a part of one request:
//!
//! | line | meaning |
//! |---|---|
//! | `b.js: text` | saves the file, and its path may have changed |
//! | `touch b.js` | its path may have changed |
//! | `remove b.js` | removes the file, and it is known to be gone |
//! | `vanish b.js` | removes the file, and its path may have changed |
//! | `link b.js -> c.js` | points a link at a file or folder, and its path may have changed |
//! | `quietly …` | as the line says, but nobody tells the session |
//! | `seen before b.js: text` | saves the file after the watcher saw it, in the same tick of the clock, for a request that is patient |
//! | `load a.js` | imports `./a.js` as an entry, from `main.js` |
//! | `import c.js from a.js` | `import('./c.js')` in the hot module `a.js` |
//! | `force a.js` | the entry `a.js` is to be evaluated anew |
//! | `close a.js` | the entry `a.js` is no longer wanted |
//!
//! Every request is for all entries that were loaded before.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use hmr_engine::plan::Definition;
use hmr_engine::{Answer, Import, ModuleId, Options, Request, Session, content_hash};
use hmr_watch::{Save, Stamp};
use tempfile::TempDir;
use url::Url;

use crate::told;

/// A folder with a session.
pub struct Project {
    folder: TempDir,
    pub session: Session,
    pub entries: Vec<ModuleId>,
    /// Names of the modules that plans have told of.
    names: BTreeMap<ModuleId, String>,
}

/// Loads and updates the project `files` and compares what comes of each step.
#[track_caller]
pub fn check(files: &str, steps: &[(&str, &str)]) {
    check_in(&mut Project::new(files), steps);
}

/// As [`check`], in a project that exists.
#[track_caller]
pub fn check_in(project: &mut Project, steps: &[(&str, &str)]) {
    for (number, (action, expected)) in steps.iter().enumerate() {
        let got = project.run(action);
        let done = &steps[..number];
        assert_eq!(&got, expected, "\nafter {done:#?}\nthen {action}\n{}", project.tree());
    }
}

/// What Node tells a session.
pub fn options() -> Options {
    let texts = |texts: &[&str]| texts.iter().map(ToString::to_string).collect();
    Options {
        conditions: texts(&["node", "import"]),
        builtins: texts(&["fs", "fs/promises"]),
        ..Options::default()
    }
}

impl Project {
    pub fn new(files: &str) -> Self {
        Self::with(files, |_, _| {})
    }

    /// As [`Project::new`], with options that `change` makes, given the folder.
    pub fn with(files: &str, change: impl FnOnce(&mut Options, &str)) -> Self {
        let folder = TempDir::new().expect("a folder");
        let mut options = options();
        change(&mut options, &real(&folder));
        let session = Session::new(&options).expect("options");
        let names = BTreeMap::new();
        let mut project = Self { folder, session, entries: Vec::new(), names };
        project.write("package.json", r#"{"type":"module"}"#);
        for line in files.lines().map(str::trim).filter(|line| !line.is_empty()) {
            project.read_line(line, &mut Request::default());
        }
        project
    }

    /// Carries a request out: everything runs. Tells what that was.
    pub fn run(&mut self, action: &str) -> String {
        let answer = self.prepare(action);
        self.commit(&answer)
    }

    /// Makes a request. Its plan waits for `commit` or `roll_back`.
    pub fn prepare(&mut self, action: &str) -> Answer {
        let mut request = Request { entries: self.entries.clone(), ..Request::default() };
        for line in action.lines().map(str::trim).filter(|line| !line.is_empty()) {
            self.read_line(line, &mut request);
        }
        let answer = self.session.prepare(&request);
        for Definition { id, url, .. } in &answer.plan.modules {
            let name = self.name_of_url(url);
            self.names.insert(*id, name);
        }
        if answer.plan.failures.is_empty() && request.import.is_some_and(|import| import.entry) {
            let entry = answer.imported.expect("an id");
            if !self.entries.contains(&entry) {
                self.entries.push(entry);
            }
        }
        answer
    }

    /// Everything of the plan has run. Tells what it was.
    pub fn commit(&mut self, answer: &Answer) -> String {
        let evaluated: Vec<_> = answer.plan.steps.iter().map(|step| step.id).collect();
        let removed = self.session.commit(answer.plan.transaction, &evaluated);
        told::outcome(self, &answer.plan, &removed)
    }

    /// Something of the plan threw after `ran` had run.
    pub fn roll_back(&mut self, answer: &Answer, ran: &[&str], keep: bool) {
        let ran: Vec<_> = ran.iter().map(|name| self.id(name)).collect();
        self.session.roll_back(answer.plan.transaction, &ran, keep);
        if !keep && let Some(imported) = answer.imported {
            self.entries.retain(|&entry| entry != imported);
        }
    }

    fn read_line(&mut self, line: &str, request: &mut Request) {
        if let Some((name, text)) = line.split_once(": ").filter(|(name, _)| !name.contains(' ')) {
            self.write(name, text.replace("\\n", "\n"));
            return request.paths.push(self.path(name));
        }
        let (verb, rest) = line.split_once(' ').unwrap_or((line.trim_end_matches(':'), ""));
        match verb {
            "quietly" => self.read_line(rest, &mut Request::default()),
            "touch" => request.paths.push(self.path(rest)),
            "seen" => {
                let saved = rest.strip_prefix("before ").expect("seen before …");
                let path = self.path(saved.split_once(':').expect("a save").0);
                let metadata = fs::metadata(&path).expect("a file");
                let (stamp, content) = (Stamp::of(&metadata), content_hash(&path));
                request.saves.insert(path.clone(), Save { stamp, content }.text());
                request.patient = true;
                self.read_line(saved, request);
                let file = fs::File::options().write(true).open(path).expect("a file");
                file.set_modified(metadata.modified().expect("a time")).expect("a time");
            }
            "remove" => {
                self.delete(rest);
                request.removed.push(self.path(rest));
                request.paths.push(self.path(rest));
            }
            "vanish" => {
                self.delete(rest);
                request.paths.push(self.path(rest));
            }
            "link" => {
                let (link, target) = rest.split_once(" -> ").expect("link -> target");
                self.link(link, target);
                request.paths.push(self.path(link));
            }
            "load" => request.import = Some(self.import(rest, "main.js", true)),
            "import" => {
                let (name, importer) = rest.split_once(" from ").expect("import … from …");
                request.import = Some(self.import(name, importer, false));
            }
            "force" => request.forced.push(self.id(rest)),
            "close" => {
                let entry = self.id(rest);
                self.entries.retain(|&other| other != entry);
                request.entries.retain(|&other| other != entry);
                self.session.close(entry);
            }
            // An empty file.
            _ if rest.is_empty() => {
                self.write(verb, "");
                request.paths.push(self.path(verb));
            }
            _ => panic!("not understood: {line}"),
        }
    }

    fn import(&self, name: &str, importer: &str, entry: bool) -> Import {
        let (name, json) = name.strip_suffix(" as json").map_or((name, false), |name| (name, true));
        let bare = name.strip_prefix("package ");
        Import {
            specifier: bare.map_or_else(|| format!("./{name}"), ToOwned::to_owned),
            parent: self.url(importer),
            importer: (!entry).then(|| self.id(importer)),
            attributes: json.then(|| ("type".to_owned(), "json".to_owned())).into_iter().collect(),
            entry,
            root: false,
        }
    }

    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, text).expect("written");
    }

    fn delete(&self, name: &str) {
        fs::remove_file(self.path(name)).expect("removed");
    }

    fn link(&self, link: &str, target: &str) {
        let link = self.path(link);
        fs::create_dir_all(link.parent().expect("a folder")).expect("made");
        if link.is_symlink() {
            fs::remove_file(&link).expect("removed");
        }
        std::os::unix::fs::symlink(self.path(target), link).expect("linked");
    }

    /// The folder, without links and without a slash at its end.
    pub fn root(&self) -> String {
        real(&self.folder)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        PathBuf::from(self.root()).join(name)
    }

    pub fn url(&self, name: &str) -> String {
        Url::from_file_path(self.path(name)).expect("an URL").into()
    }

    /// The URL without what all have.
    pub fn name_of_url(&self, url: &str) -> String {
        let name = url.strip_prefix(&format!("file://{}/", self.root()));
        name.unwrap_or(url).to_owned()
    }

    pub fn name(&self, id: ModuleId) -> &str {
        self.names.get(&id).map_or("?", String::as_str)
    }

    /// The last module of that name that a plan has told of.
    #[track_caller]
    pub fn id(&self, name: &str) -> ModuleId {
        let found = self.names.iter().rev().find(|(_, known)| *known == name);
        *found.unwrap_or_else(|| panic!("no plan has told of {name}: {:?}", self.names)).0
    }

    /// Names of the files that the first entry consists of, sorted.
    pub fn files(&self) -> String {
        let root = self.path("");
        let files = self.session.files(Some(self.entries[0]));
        let names = files
            .iter()
            .map(|file| file.strip_prefix(&root).unwrap_or(file).to_string_lossy().into_owned());
        let mut names: Vec<_> = names.collect();
        names.sort();
        names.join(" ")
    }

    /// All files with their texts, for messages.
    pub fn tree(&self) -> String {
        let mut lines = Vec::new();
        let mut folders = vec![self.path("")];
        while let Some(folder) = folders.pop() {
            for path in fs::read_dir(folder).expect("read").map(|entry| entry.expect("read").path())
            {
                let text = fs::read(&path).unwrap_or_default();
                let text = String::from_utf8_lossy(&text);
                lines.push(format!("{}: {text}", path.display()));
                if path.is_dir() && !path.is_symlink() {
                    folders.push(path);
                }
            }
        }
        lines.sort();
        lines.join("\n")
    }
}

fn real(folder: &TempDir) -> String {
    fs::canonicalize(folder.path()).expect("a folder").to_string_lossy().into_owned()
}
