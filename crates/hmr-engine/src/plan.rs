//! What the runtime is told to do: plain data, serialised to JSON. Executable texts travel beside
//! it as strings, so that they are not escaped and parsed again.

use serde::Serialize;

use crate::failure::Failure;
use crate::session::ModuleId;

/// The answer to a request to load or to update.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// Names the transaction for commit and roll back; 0 with failures.
    pub transaction: u32,
    /// Why nothing can be applied. If there is any, nothing has changed, and the rest says what Node
    /// has to be asked.
    pub failures: Vec<Failure>,
    /// A file is being written: nothing has been planned.
    pub waits: bool,
    /// Files that were left out because somebody is in the middle of saving them. They are to be tried again.
    pub unsettled: Vec<std::path::PathBuf>,
    /// How deep the graph of the module asked for is.
    pub depth: Depth,
    /// A module of the plan calls `import()`.
    pub imports_dynamically: bool,
    /// Modules whose namespaces `import()` may ask for at any moment.
    pub namespaces: Vec<ModuleId>,
    /// Modules to (re)define before anything is evaluated.
    pub modules: Vec<Definition>,
    /// Names that external modules must have, in V8's order of linking. With failures: those that
    /// come before the first one, `modules` are the external ones that Node has not loaded, and `steps`
    /// those that link before.
    pub checks: Vec<Check>,
    /// The last check is one that fails by the engine's reading of a module that Node loads.
    pub doubt: bool,
    /// What to evaluate, in the standard's order: hot modules and external ones.
    pub steps: Vec<Step>,
    /// Modules that run already and get new values for some of their imports.
    pub rebind: Vec<Rebinding>,
    /// Who accepts the change and is called back; entries of `hmr()` calls among them.
    pub boundaries: Vec<Boundary>,
    /// URLs from a changed module up to one above which nobody accepts, or that declined. If there are
    /// any, nothing else has been planned.
    pub restart: Vec<String>,
    /// Modules that are evaluated anew if they are imported again.
    pub stale: Vec<ModuleId>,
    /// Modules that do not run, because they failed, and consist of something that changed.
    pub retried: Vec<ModuleId>,
    /// Modules whose places have moved without a change of code, also with failures.
    pub moved: Vec<Moved>,
    /// Files whose code differs from what ran before.
    pub changed: Vec<std::path::PathBuf>,
    /// URLs of modules loaded by Node itself that keep importing an old version.
    pub left_behind: Vec<String>,
    /// With failures: files whose change may repair them. Among them are all new ones: they may have
    /// been read in the middle of being written, when nobody watched them.
    pub awaited: Vec<std::path::PathBuf>,
    /// Time spent on reading and parsing, and on everything else, in microseconds.
    pub times: Times,
}

/// Where places in the running text of a module are in its file now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Moved {
    /// Which module.
    pub url: String,
    /// From a line and a column on, so many lines and columns: see [`hmr_transform::Move`].
    pub segments: Vec<[i64; 4]>,
    /// The source map that holds from now on, if the running text was printed anew.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub map: Option<String>,
    /// What the file says of its own source map.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub own_map: Option<String>,
}

/// A module that accepts a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Boundary {
    /// Who accepts.
    pub module: ModuleId,
    /// What it accepts: itself or a dependency.
    pub accepted: ModuleId,
    /// Its URL.
    pub url: String,
    /// URLs from a changed module up to `module`.
    pub via: Vec<String>,
}

/// The evaluation of one module.
#[derive(Debug, Default, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// Which one.
    pub id: ModuleId,
    /// Another instance of it has run: this one takes its place.
    pub again: bool,
    /// It must be awaited: by its own top-level `await` or by what it waits for.
    pub is_async: bool,
    /// Steps it requests: those of them that are pending must have finished before it starts.
    /// Empty in a plan that runs synchronously without new external modules.
    pub dependencies: Vec<ModuleId>,
}

/// How deep the graph of a module is, and that of the modules below it that Node has to load.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Depth {
    /// Of the module.
    #[serde(flatten)]
    pub levels: Levels,
    /// Of one that imports all that Node has to load, if there is something.
    pub by_node: Option<Levels>,
}

/// How many levels of static imports lie below a module, itself included: Node spends turns on each
/// of them when `import()` loads it.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Levels {
    /// Of all modules, each at the end of a shortest path.
    pub breadth_first: u32,
    /// Of all modules, each where a depth-first search meets it first.
    pub depth_first: u32,
    /// By shortest paths: of those whose files have just been read; 0: none.
    pub read: u32,
}

/// Durations in microseconds.
#[derive(Debug, Default, Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Times {
    /// Reading, hashing, parsing, resolving.
    pub load: u64,
    /// Planning, linking, rendering.
    pub link: u64,
}

/// One module as the runtime holds it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Definition {
    /// Its id, for ever the same.
    pub id: ModuleId,
    /// Its URL.
    pub url: String,
    /// What it is.
    #[serde(flatten)]
    pub kind: DefinitionKind,
}

/// Kinds of definitions.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum DefinitionKind {
    /// A hot ECMAScript module.
    Module {
        /// Index into the texts. The module's first line is the text's second.
        code: u32,
        /// Tells versions of the file apart, whose texts depend on the rest of the graph, too.
        version: String,
        /// JSON of the text's source map, if it was printed anew.
        #[serde(skip_serializing_if = "Option::is_none")]
        map: Option<String>,
        /// Places in stacks may be other ones in the module: see [`hmr_transform::ParsedModule::has_other_places`].
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        other_places: bool,
        /// If it gives code to a direct `eval`: per import, whether that is read through its live binding.
        evals: Option<Vec<bool>>,
        /// Mentions `import.meta`.
        meta: bool,
        /// Mentions `hot`: elsewhere nothing tells `import.meta` from that of plain Node.
        mentions_hot: bool,
        /// Has top-level `await`.
        awaits: bool,
        /// Number of the import cycle it is in, if any: its environment is needed before it runs.
        cycle: Option<u32>,
        /// Names of its local exports, in getter order.
        exports: Vec<String>,
        /// Index of the getter whose anonymous function is to be named `default`.
        name_default: Option<u32>,
        /// Where each import comes from, in slot order.
        bindings: Vec<Target>,
        /// Slots that are read or written through the live object, with their local names.
        live: Vec<(u32, String)>,
        /// Getters of exports whose assignments the text tells.
        pushed: Vec<u32>,
    },
    /// A hot ECMAScript module whose running instance has the text that is evaluated again.
    Again {
        /// As in [`Self::Module`].
        cycle: Option<u32>,
        /// As in [`Self::Module`].
        bindings: Vec<Target>,
    },
    /// A JSON module: the text is the JSON.
    Json {
        /// Index into the texts.
        code: u32,
    },
    /// A module that Node itself has loaded already and that did not change since.
    Native,
    /// CommonJS that is loaded again.
    Script,
    /// A module that Node loads.
    External {
        /// What to import: `specifier` as written in the module at `parent` if resolving was
        /// left to Node.
        specifier: String,
        /// Set only where resolving was left to Node.
        parent: Option<String>,
        /// Import attributes.
        attributes: Vec<(String, String)>,
        /// Paths that resolving has tried.
        tried: Vec<std::path::PathBuf>,
        /// By its name and its package it is CommonJS.
        common_js: bool,
        /// Modules of a cycle may see it before it runs: its bindings are needed once it is linked.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        early: bool,
    },
}

/// A name that an external module must have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Check {
    /// The hot module that asks.
    pub importer: ModuleId,
    /// The number of the request it asks through, which may lead to a module that re-exports.
    pub request: u32,
    /// The name it asks for there.
    pub asked: String,
    /// The external module.
    pub external: ModuleId,
    /// What to import.
    pub url: String,
    /// With these attributes.
    pub attributes: Vec<(String, String)>,
    /// The name there.
    pub name: String,
    /// It is asked directly, and is CommonJS: Node 20 words the error otherwise.
    pub common_js: bool,
    /// The module that is loaded asks CommonJS by the same specifier: later versions of Node word the
    /// error otherwise.
    pub common_js_of_root: bool,
    /// Modules with their URLs of which exactly one must have the name, as a star passes it on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stars: Vec<(ModuleId, String)>,
    /// Where the importer asks; only with failures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Failure>,
}

/// Where a binding lives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Target {
    /// A getter of a hot module.
    Getter(ModuleId, u32),
    /// An export of a native or external module.
    Name(ModuleId, String),
    /// A namespace object.
    Namespace([ModuleId; 1]),
    /// A name that comes from whichever of these external modules exports it.
    Stars {
        /// Star-exported external modules, each with the name to look for in it.
        stars: Vec<(ModuleId, String)>,
    },
}

/// New sources for the imports of a running module.
#[derive(Debug, Serialize)]
pub struct Rebinding {
    /// The importer.
    pub id: ModuleId,
    /// All its imports, in slot order.
    pub bindings: Vec<Target>,
}

/// An external module whose bindings a namespace shows as Node has them: behind `export *`, or
/// because they are assigned later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Star {
    /// Which one.
    pub id: ModuleId,
    /// What Node imports to load it.
    pub url: String,
    /// Exported names, each with the name in the external module. Otherwise all but `default`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub names: Option<Vec<(String, String)>>,
    /// The one name under which its namespace is exported, and nothing else.
    #[serde(rename = "as", skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
}

/// What a module namespace object consists of.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Namespace {
    /// Exported names in the order of the namespace's keys, with their bindings.
    pub names: Vec<(String, Target)>,
    /// External modules whose names join, except `default` and `excluded`.
    pub stars: Vec<Star>,
    /// Those of `names` that are none if one of `stars` has the name, too.
    pub contested: Vec<String>,
    /// Names that are ambiguous or hidden.
    pub excluded: Vec<String>,
    /// A binding may change unseen after evaluation, or Node could not compute the names from
    /// `stars`: the namespace must read the bindings themselves.
    pub live: bool,
    /// The namespace can be seen before its bindings have values.
    pub early: bool,
}
