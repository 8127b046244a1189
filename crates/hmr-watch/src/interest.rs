//! Which paths matter, to whom. Purely lexical: looks at specs and paths, never at the disk.
//!
//! Every folder on the way to something wanted is *named*: it is watched for just the names below it that matter,
//! so that a part of the way may be missing, moved or replaced. Folders inside roots and glob bases are *covered*:
//! there every entry counts that the spec does not leave out.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::pattern::{GlobMatcher, IgnoredMatcher};
use crate::spec::{WatchId, WatchSpec};

/// The part of a spec that concerns roots and globs, compiled.
#[derive(Debug)]
pub(crate) struct TreeSpec {
    id: WatchId,
    cwd: PathBuf,
    globs: Vec<GlobMatcher>,
    ignored: Vec<IgnoredMatcher>,
}

/// One root or glob base.
#[derive(Clone, Debug)]
pub(crate) struct Cover {
    spec: Arc<TreeSpec>,
    root: PathBuf,
    /// Index of the glob; `None` for a root.
    glob: Option<usize>,
}

impl Cover {
    fn ignores(&self, path: &Path) -> bool {
        self.spec.ignored.iter().any(|ignored| ignored.matches(path, &self.spec.cwd))
    }

    /// Whether the folder is to be entered; its parent already was (or it is the root itself).
    fn enters(&self, folder: &Path) -> bool {
        let deep_enough =
            self.glob.and_then(|glob| self.spec.globs[glob].depth).is_none_or(|depth| {
                folder
                    .strip_prefix(&self.root)
                    .is_ok_and(|below| below.components().count() <= depth)
            });
        deep_enough && !self.ignores(folder)
    }

    /// Whether the file counts; its folder was entered.
    fn takes(&self, file: &Path) -> bool {
        self.glob.is_none_or(|glob| self.spec.globs[glob].matches(file, &self.spec.cwd))
            && !self.ignores(file)
    }

    /// Whether the file counts, all folders above it included.
    fn reaches(&self, file: &Path) -> bool {
        let above = file.ancestors().skip(1).take_while(|folder| folder.starts_with(&self.root));
        self.takes(file) && above.into_iter().all(|folder| self.enters(folder))
    }
}

/// The names that matter in one folder.
#[derive(Debug, Default)]
pub(crate) struct Named {
    /// Names on the way to something deeper, or roots; with the number of reasons.
    pub(crate) steps: FxHashMap<OsString, u32>,
    /// Exact files and who wants them. Empty for a file that is only the target of a link.
    pub(crate) files: FxHashMap<OsString, Vec<WatchId>>,
}

/// Everything wanted by all clients.
#[derive(Debug, Default)]
pub(crate) struct Interest {
    specs: FxHashMap<WatchId, WatchSpec>,
    named: FxHashMap<PathBuf, Named>,
    covers: FxHashMap<PathBuf, Vec<Cover>>,
    /// Files of links, by number of links.
    targets: FxHashMap<PathBuf, u32>,
}

/// What changed by a new spec.
#[derive(Debug, Default)]
pub(crate) struct Delta {
    /// Paths to attach now.
    pub(crate) added: Vec<PathBuf>,
    /// Files that this client no longer wants.
    pub(crate) removed: Vec<PathBuf>,
    /// Roots, globs or what they leave out were taken away: all that is known must be checked again.
    pub(crate) shrunk: bool,
    /// Patterns that do not compile.
    pub(crate) faults: Vec<String>,
}

impl Interest {
    /// Adds or replaces what `id` wants.
    pub(crate) fn set(&mut self, id: WatchId, mut spec: WatchSpec) -> Delta {
        let mut delta = Delta::default();
        let old = self.specs.remove(&id).unwrap_or_default();
        let same_trees = old.roots == spec.roots
            && old.globs == spec.globs
            && old.ignored == spec.ignored
            && old.cwd == spec.cwd;
        if !same_trees {
            delta.shrunk = self.remove_trees(id, &old);
            self.add_trees(id, &spec, &mut delta);
        }
        let members = std::mem::take(&mut spec.members);
        spec.files.extend(members.into_iter().filter(|file| self.is_covered(id, file)));
        let before: FxHashSet<&PathBuf> = old.files.iter().collect();
        let after: FxHashSet<&PathBuf> = spec.files.iter().collect();
        for file in after.difference(&before) {
            self.add_file(file, Some(id));
            delta.added.push((*file).clone());
        }
        for file in before.difference(&after) {
            self.remove_file(file, Some(id));
            delta.removed.push((*file).clone());
        }
        self.specs.insert(id, spec);
        delta
    }

    /// Forgets a client.
    pub(crate) fn remove(&mut self, id: WatchId) -> Delta {
        let delta = self.set(id, WatchSpec::default());
        self.specs.remove(&id);
        delta
    }

    fn add_trees(&mut self, id: WatchId, spec: &WatchSpec, delta: &mut Delta) {
        if spec.roots.is_empty() && spec.globs.is_empty() {
            return;
        }
        let globs =
            spec.globs.iter().map(|glob| GlobMatcher::new(glob, &mut delta.faults)).collect();
        let ignored =
            spec.ignored.iter().map(|one| IgnoredMatcher::new(one, &mut delta.faults)).collect();
        let tree = Arc::new(TreeSpec { id, cwd: spec.cwd.clone(), globs, ignored });
        let roots = spec.roots.iter().map(|root| (root, None));
        let bases = spec.globs.iter().enumerate().map(|(index, glob)| (&glob.base, Some(index)));
        for (root, glob) in roots.chain(bases) {
            let cover = Cover { spec: Arc::clone(&tree), root: root.clone(), glob };
            self.covers.entry(root.clone()).or_default().push(cover);
            self.step_to(root);
            delta.added.push(root.clone());
        }
    }

    /// `true` when there was something to remove.
    fn remove_trees(&mut self, id: WatchId, spec: &WatchSpec) -> bool {
        let roots = || spec.roots.iter().chain(spec.globs.iter().map(|glob| &glob.base));
        for root in roots() {
            if let Some(covers) = self.covers.get_mut(root) {
                covers.retain(|cover| cover.spec.id != id);
                if covers.is_empty() {
                    self.covers.remove(root);
                }
            }
            self.step_back(root);
        }
        roots().next().is_some()
    }

    fn add_file(&mut self, file: &Path, id: Option<WatchId>) {
        let (Some(folder), Some(name)) = (file.parent(), file.file_name()) else { return };
        if self.named.get(folder).is_none_or(|named| named.files.is_empty()) {
            self.step_to(folder);
        }
        let files = &mut self.named.entry(folder.to_owned()).or_default().files;
        files.entry(name.to_owned()).or_default().extend(id);
    }

    fn remove_file(&mut self, file: &Path, id: Option<WatchId>) {
        let (Some(folder), Some(name)) = (file.parent(), file.file_name()) else { return };
        let Some(named) = self.named.get_mut(folder) else { return };
        let Some(watches) = named.files.get_mut(name) else { return };
        watches.retain(|watch| Some(*watch) != id);
        if watches.is_empty() && !self.targets.contains_key(file) {
            named.files.remove(name);
            if named.files.is_empty() {
                self.drop_if_empty(folder);
                self.step_back(folder);
            }
        }
    }

    /// Wants the file that a link points to.
    pub(crate) fn add_target(&mut self, file: &Path) {
        *self.targets.entry(file.to_owned()).or_default() += 1;
        self.add_file(file, None);
    }

    /// Undoes one [`Interest::add_target`].
    pub(crate) fn remove_target(&mut self, file: &Path) {
        if let Some(count) = self.targets.get_mut(file) {
            *count -= 1;
            if *count == 0 {
                self.targets.remove(file);
                self.remove_file(file, None);
            }
        }
    }

    /// Makes every folder above `path` a step.
    fn step_to(&mut self, path: &Path) {
        let mut path = path;
        while let (Some(folder), Some(name)) = (path.parent(), path.file_name()) {
            let steps = &mut self.named.entry(folder.to_owned()).or_default().steps;
            *steps.entry(name.to_owned()).or_default() += 1;
            path = folder;
        }
    }

    fn step_back(&mut self, path: &Path) {
        let mut path = path;
        while let (Some(folder), Some(name)) = (path.parent(), path.file_name()) {
            if let Some(named) = self.named.get_mut(folder)
                && let Some(count) = named.steps.get_mut(name)
            {
                *count -= 1;
                if *count == 0 {
                    named.steps.remove(name);
                    self.drop_if_empty(folder);
                }
            }
            path = folder;
        }
    }

    fn drop_if_empty(&mut self, folder: &Path) {
        if self
            .named
            .get(folder)
            .is_some_and(|named| named.steps.is_empty() && named.files.is_empty())
        {
            self.named.remove(folder);
        }
    }

    /// The names that matter in `folder`.
    pub(crate) fn named(&self, folder: &Path) -> Option<&Named> {
        self.named.get(folder)
    }

    /// Whether `name` in `folder` is a step to something deeper, or a root.
    pub(crate) fn is_step(&self, folder: &Path, name: &OsStr) -> bool {
        self.named.get(folder).is_some_and(|named| named.steps.contains_key(name))
    }

    /// What covers `folder`, given what covers its parent.
    pub(crate) fn covers_below(&self, parent: &[Cover], folder: &Path) -> Vec<Cover> {
        let own = self.covers.get(folder).into_iter().flatten();
        parent.iter().chain(own).filter(|cover| cover.enters(folder)).cloned().collect()
    }

    /// What covers `folder`, from the path alone.
    pub(crate) fn covers(&self, folder: &Path) -> Vec<Cover> {
        let mut above: Vec<&Path> = folder.ancestors().collect();
        above.reverse();
        above.into_iter().fold(Vec::new(), |covers, folder| self.covers_below(&covers, folder))
    }

    /// Whether a file counts that lies in a folder with these covers.
    pub(crate) fn wants_below(&self, covers: &[Cover], file: &Path) -> bool {
        covers.iter().any(|cover| cover.takes(file)) || self.is_root_file(file)
    }

    fn is_root_file(&self, file: &Path) -> bool {
        self.covers.get(file).is_some_and(|covers| covers.iter().any(|cover| cover.reaches(file)))
    }

    /// Whether files directly in `folder` may count: exact ones, or roots that may be files.
    pub(crate) fn has_files(&self, folder: &Path) -> bool {
        self.named.get(folder).is_some_and(|named| {
            !named.files.is_empty()
                || named.steps.keys().any(|name| self.covers.contains_key(&folder.join(name)))
        })
    }

    /// Whether a root or glob starts at exactly this path.
    pub(crate) fn covers_here(&self, path: &Path) -> bool {
        self.covers.contains_key(path)
    }

    fn exact(&self, file: &Path) -> Option<&Vec<WatchId>> {
        self.named.get(file.parent()?)?.files.get(file.file_name()?)
    }

    /// Whether a client named this very file.
    pub(crate) fn is_exact(&self, file: &Path) -> bool {
        self.exact(file).is_some_and(|watches| !watches.is_empty())
    }

    /// All files below `folder` that clients named.
    pub(crate) fn exact_below(&self, folder: &Path) -> impl Iterator<Item = PathBuf> {
        let below = self.named.iter().filter(move |(path, _)| path.starts_with(folder));
        below.flat_map(|(path, named)| {
            let files = named.files.iter().filter(|(_, watches)| !watches.is_empty());
            files.map(|(name, _)| path.join(name))
        })
    }

    /// Whether anybody wants this file, link targets included.
    pub(crate) fn wants(&self, file: &Path) -> bool {
        self.exact(file).is_some() || !self.watches(file).is_empty()
    }

    /// Whether a root or glob of this client takes the file.
    fn is_covered(&self, id: WatchId, file: &Path) -> bool {
        let mut covers = file.ancestors().filter_map(|folder| self.covers.get(folder)).flatten();
        covers.any(|cover| cover.spec.id == id && cover.reaches(file))
    }

    /// Who wants this file.
    pub(crate) fn watches(&self, file: &Path) -> Vec<WatchId> {
        let mut ids = self.exact(file).cloned().unwrap_or_default();
        for folder in file.ancestors() {
            for cover in self.covers.get(folder).into_iter().flatten() {
                if !ids.contains(&cover.spec.id) && cover.reaches(file) {
                    ids.push(cover.spec.id);
                }
            }
        }
        ids.sort_unstable();
        ids
    }

    /// All exact files, for the audit.
    pub(crate) fn files(&self) -> impl Iterator<Item = PathBuf> {
        self.named
            .iter()
            .flat_map(|(folder, named)| named.files.keys().map(|name| folder.join(name)))
    }
}

#[cfg(test)]
mod tests;
