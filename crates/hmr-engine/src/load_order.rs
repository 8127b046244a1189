//! Which of several things that are wrong with a graph Node meets first: it tells that one.

use std::collections::VecDeque;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

use crate::failure::Failure;
use crate::load::{Loaded, key};
use crate::resolve::Resolved;

/// How Node walks a graph that it loads.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum LoadOrder {
    /// Each request is resolved and loaded, with all that it leads to, before the next one: Node 24 and later.
    #[default]
    DepthFirst,
    /// Level by level; a module's requests are all resolved before one of them is loaded: Node 22.
    Levels,
    /// Likewise; what does not resolve is told before anything else of its level is: Node 20.
    ResolvingFirst,
}

/// Something that Node tells.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Found {
    /// The file with this key.
    Broken(String),
    /// What the module with the first key asks for by the request with this number.
    Unresolved(String, usize),
}

/// What is wrong with a graph, as Node meets it.
#[derive(Debug, Default)]
pub struct Faults {
    /// Keys of what is broken.
    pub broken: Vec<String>,
    /// What cannot be resolved before that.
    pub unresolved: Option<Unresolved>,
    /// On which level the first fault is, counted from 1, where Node goes level by level.
    pub level: u32,
}

/// A request of a loaded module that only Node can say what is wrong with.
#[derive(Debug, Clone)]
pub struct Unresolved {
    /// The key of the module.
    pub key: String,
    /// The number of the request.
    pub request: usize,
}

/// What was loaded, and what is wrong.
pub struct Graph<'g> {
    pub files: &'g FxHashMap<String, Loaded>,
    pub failures: &'g FxHashMap<String, Failure>,
}

impl Graph<'_> {
    /// What Node meets from `wanted` on.
    pub fn faults(&self, wanted: &[Resolved], order: LoadOrder) -> Faults {
        let found: Vec<(u32, Found)> = match order {
            LoadOrder::DepthFirst => {
                self.depth_first(wanted).into_iter().map(|found| (0, found)).collect()
            }
            LoadOrder::Levels => self.by_level(wanted, false),
            LoadOrder::ResolvingFirst => self.by_level(wanted, true),
        };
        let level = found.first().map_or(0, |(level, _)| *level);
        let unresolved = match found.first() {
            Some((_, Found::Unresolved(key, request))) => {
                Some(Unresolved { key: key.clone(), request: *request })
            }
            _ => None,
        };
        let broken = found.into_iter().filter_map(|(_, found)| found.broken()).collect();
        Faults { broken, unresolved, level }
    }

    fn depth_first(&self, wanted: &[Resolved]) -> Vec<Found> {
        let mut found = Vec::new();
        let mut seen = FxHashSet::default();
        // What is to be looked at next is at the end.
        let mut left: Vec<Found> = wanted.iter().rev().filter_map(key).map(Found::Broken).collect();
        while let Some(next) = left.pop() {
            let Found::Broken(key) = next else {
                found.push(next);
                continue;
            };
            if !seen.insert(key.clone()) {
                continue;
            }
            if self.failures.contains_key(&key) {
                found.push(Found::Broken(key));
            } else if let Some(loaded) = self.files.get(&key) {
                left.extend(requests(&key, loaded).into_iter().rev());
            }
        }
        found
    }

    /// Each with its level. With `early`, what a module cannot resolve is told before what is broken on its level, but
    /// nothing below a module that cannot be linked.
    fn by_level(&self, wanted: &[Resolved], early: bool) -> Vec<(u32, Found)> {
        let mut found: Vec<(u32, Found)> = Vec::new();
        let mut seen = FxHashSet::default();
        let first = wanted.iter().filter_map(key).filter(|key| seen.insert(key.clone()));
        let mut left: VecDeque<(u32, String)> = first.map(|key| (1, key)).collect();
        while let Some((level, key)) = left.pop_front() {
            if self.failures.contains_key(&key) {
                found.push((level, Found::Broken(key)));
                continue;
            }
            let Some(loaded) = self.files.get(&key) else { continue };
            let before = found.len();
            let (missing, others): (Vec<_>, Vec<_>) = requests(&key, loaded)
                .into_iter()
                .partition(|found| matches!(found, Found::Unresolved(..)));
            found.extend(missing.into_iter().map(|missing| (level + 1, missing)));
            let others = others.into_iter().filter_map(Found::broken);
            let others: Vec<_> = others.filter(|key| seen.insert(key.clone())).collect();
            let (broken, next): (Vec<_>, Vec<_>) =
                others.into_iter().partition(|key| self.failures.contains_key(key));
            found.extend(broken.into_iter().map(|key| (level + 1, Found::Broken(key))));
            if !early || found.len() == before {
                left.extend(next.into_iter().map(|key| (level + 1, key)));
            }
        }
        found.sort_by_key(|(level, found)| match found {
            Found::Unresolved(..) if early => 2 * level - 4,
            Found::Broken(_) if early => 2 * level - 1,
            _ => 2 * level,
        });
        found
    }
}

impl Found {
    fn broken(self) -> Option<String> {
        match self {
            Self::Broken(key) => Some(key),
            Self::Unresolved(..) => None,
        }
    }
}

/// What a module asks for, in its order: files, of which some may be broken, and what cannot be resolved.
fn requests(of: &str, loaded: &Loaded) -> Vec<Found> {
    let requests = loaded.requests.iter().enumerate();
    requests
        .filter_map(|(number, resolved)| match resolved {
            Resolved::Unresolved(_) => Some(Found::Unresolved(of.to_owned(), number)),
            other => key(other).map(Found::Broken),
        })
        .collect()
}
