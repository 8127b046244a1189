//! Node addon: converts and forwards, no logic.
//!
//! Plans cross the border as JSON beside an array of texts: one crossing per request, whatever the
//! number of modules.

mod code_cache;
pub mod memory;
#[cfg(unix)]
mod shared_text;
mod text;
pub mod watcher;

use std::path::Path;

use napi::bindgen_prelude::{ArrayBuffer, Buffer};
use napi_derive::napi;

use crate::code_cache::Compiled;
use crate::text::Text;

/// See [`hmr_engine::Session`].
#[napi]
pub struct Session(hmr_engine::Session);

/// See [`hmr_engine::Answer`].
#[napi(object, object_from_js = false)]
pub struct Answer {
    /// The plan as JSON.
    #[napi(ts_type = "string")]
    pub plan: Text,
    /// Executable texts.
    #[napi(ts_type = "string[]")]
    pub texts: Vec<Text>,
    /// The id of the module asked for.
    pub imported: Option<u32>,
    /// Compiled forms of the texts.
    pub compiled: Option<Compiled>,
}

impl Answer {
    fn from_engine(answer: hmr_engine::Answer) -> napi::Result<Self> {
        Ok(Self {
            plan: Text::from((serde_json::to_string(&answer.plan)?, None)),
            texts: answer.texts.into_iter().zip(answer.sources).map(Text::from).collect(),
            imported: answer.imported,
            compiled: answer.compiled.map(Compiled::from),
        })
    }
}

/// See [`hmr_engine::Session::resolve`].
#[napi(object)]
pub struct Resolution {
    /// URL, or nothing where only Node can tell.
    pub url: Option<String>,
    /// Paths that were tried.
    pub tried: Vec<String>,
}

/// See [`hmr_engine::Awaits`].
#[napi(object)]
pub struct Awaits {
    /// In a hot module.
    pub own: bool,
    /// URLs.
    pub packages: Vec<String>,
}

#[napi]
impl Session {
    /// `options`: JSON of [`hmr_engine::Options`].
    #[napi(constructor)]
    pub fn new(options: String) -> napi::Result<Self> {
        let options = serde_json::from_str(&options)?;
        hmr_engine::Session::new(&options).map(Self).map_err(napi::Error::from_reason)
    }

    /// See [`hmr_engine::Session::loaded_by_node`].
    #[napi(catch_unwind)]
    pub fn loaded_by_node(&mut self, urls: Vec<String>) {
        self.0.loaded_by_node(&urls);
    }

    /// See [`hmr_engine::Session::resolve`].
    #[napi(catch_unwind)]
    pub fn resolve(&self, specifier: String, parent: String) -> Resolution {
        let (url, tried) = self.0.resolve(&specifier, &parent);
        Resolution { url, tried: texts(tried) }
    }

    /// See [`hmr_engine::Session::seen_by_node`]. `imports`: pairs of URL and importer.
    #[napi(catch_unwind)]
    pub fn seen_by_node(&mut self, imports: Vec<(String, String)>) {
        self.0.seen_by_node(&imports);
    }

    /// See [`hmr_engine::Session::hot_module`].
    #[napi(catch_unwind)]
    pub fn hot_module(&self, url: String) -> Option<u32> {
        self.0.hot_module(&url)
    }

    /// See [`hmr_engine::Session::module_at`].
    #[napi(catch_unwind)]
    pub fn module_at(&self, path: String) -> Option<u32> {
        self.0.module_at(Path::new(&path))
    }

    /// See [`hmr_engine::Session::original`].
    #[napi(catch_unwind)]
    pub fn original(&self, id: u32, executed: String, part: String) -> Option<String> {
        self.0.original(id, &executed, &part)
    }

    /// See [`hmr_engine::Session::render_eval`].
    #[napi(catch_unwind)]
    pub fn render_eval(
        &self,
        id: u32,
        code: String,
        live: Vec<bool>,
        others: String,
    ) -> Option<String> {
        self.0.render_eval(id, &code, &live, &others)
    }

    /// See [`hmr_engine::Session::columns`]. Line and column there, line and column here, and 1 if it advances.
    #[napi(catch_unwind)]
    pub fn columns(&self, id: u32, executed: String) -> Vec<Vec<u32>> {
        let columns = self.0.columns(id, &executed).into_iter();
        let numbers = columns
            .map(|at| vec![at.line, at.column, at.to_line, at.to_column, u32::from(at.advances)]);
        numbers.collect()
    }

    /// See [`hmr_engine::Session::left_to_node`]. `attributes`: pairs of key and value.
    #[napi(catch_unwind)]
    pub fn left_to_node(
        &self,
        specifier: String,
        parent: String,
        attributes: Vec<(String, String)>,
    ) -> bool {
        self.0.left_to_node(&specifier, &parent, &attributes)
    }

    /// See [`hmr_engine::Session::prepare`]. `request`: JSON of [`hmr_engine::Request`].
    #[napi(catch_unwind)]
    pub fn prepare(&mut self, request: String) -> napi::Result<Answer> {
        Answer::from_engine(self.0.prepare(&serde_json::from_str(&request)?))
    }

    /// See [`hmr_engine::Session::open_early`].
    #[napi(catch_unwind)]
    pub fn open_early(&mut self, transaction: u32) -> napi::Result<Option<Answer>> {
        self.0.open_early(transaction).map(Answer::from_engine).transpose()
    }

    /// See [`hmr_engine::Session::leave`]. With `soon` a thread of its own writes it.
    #[napi(catch_unwind)]
    pub fn leave(&self, keys: Buffer, forms: Vec<Buffer>, soon: bool) {
        let keys =
            keys.chunks_exact(16).filter_map(|key| key.try_into().ok().map(u128::from_le_bytes));
        let forms = keys.zip(forms.iter().map(|form| form.to_vec()));
        let leaving = self.0.leave(forms);
        if soon {
            std::thread::spawn(move || leaving.write());
        } else {
            leaving.write();
        }
    }

    /// See [`hmr_engine::Session::evaluating`].
    #[napi(catch_unwind)]
    pub fn evaluating(&self, transaction: u32, failed: u32) -> Vec<u32> {
        self.0.evaluating(transaction, failed)
    }

    /// See [`hmr_engine::Session::awaits`].
    #[napi(catch_unwind)]
    pub fn awaits(&self, id: u32) -> Awaits {
        let hmr_engine::Awaits { own, packages } = self.0.awaits(id);
        Awaits { own, packages }
    }

    /// See [`hmr_engine::Session::dependencies`].
    #[napi(catch_unwind)]
    pub fn dependencies(&self, id: u32) -> Vec<u32> {
        self.0.dependencies(id)
    }

    /// See [`hmr_engine::Session::has_import`].
    #[napi(catch_unwind)]
    pub fn has_import(&self, url: String, specifier: String) -> bool {
        self.0.has_import(&url, &specifier)
    }

    /// See [`hmr_engine::Session::loaded`].
    #[napi(catch_unwind)]
    pub fn loaded(&mut self, transaction: u32) {
        self.0.loaded(transaction);
    }

    /// See [`hmr_engine::Session::commit`].
    #[napi(catch_unwind)]
    pub fn commit(&mut self, transaction: u32, evaluated: Vec<u32>) -> Vec<u32> {
        self.0.commit(transaction, &evaluated)
    }

    /// See [`hmr_engine::Session::roll_back`].
    #[napi(catch_unwind)]
    pub fn roll_back(&mut self, transaction: u32, evaluated: Vec<u32>, keep: bool) {
        self.0.roll_back(transaction, &evaluated, keep);
    }

    /// See [`hmr_engine::Session::ran`].
    #[napi(catch_unwind)]
    pub fn ran(&mut self, id: u32) {
        self.0.ran(id);
    }

    /// See [`hmr_engine::Session::namespace`]. JSON of [`hmr_engine::plan::Namespace`].
    #[napi(catch_unwind)]
    pub fn namespace(&self, id: u32) -> napi::Result<String> {
        Ok(serde_json::to_string(&self.0.namespace(id))?)
    }

    /// See [`hmr_engine::Session::links`]. JSON.
    #[napi(catch_unwind)]
    pub fn links(&self, id: u32) -> napi::Result<String> {
        Ok(serde_json::to_string(&self.0.links(id))?)
    }

    /// See [`hmr_engine::Session::files`].
    #[napi(catch_unwind)]
    pub fn files(&self, entry: Option<u32>) -> Vec<String> {
        texts(self.0.files(entry))
    }

    /// See [`hmr_engine::Session::revision`].
    #[napi(catch_unwind)]
    pub fn revision(&self) -> u32 {
        self.0.revision()
    }

    /// See [`hmr_engine::Session::contains`].
    #[napi(catch_unwind)]
    pub fn contains(&self, entry: Option<u32>, path: String) -> bool {
        self.0.contains(entry, path.as_ref())
    }

    /// See [`hmr_engine::Session::is_external`].
    #[napi(catch_unwind)]
    pub fn is_external(&self, path: String) -> bool {
        self.0.is_external(path.as_ref())
    }

    /// See [`hmr_engine::Session::place_of_import`]. JSON of a [`hmr_engine::failure::Failure`].
    #[napi(catch_unwind)]
    pub fn place_of_import(&self, id: u32) -> napi::Result<Option<String>> {
        let place = self.0.place_of_import(id);
        Ok(place.map(|place| serde_json::to_string(&place)).transpose()?)
    }

    /// See [`hmr_engine::Session::place_of_request`]. JSON of a [`hmr_engine::failure::Failure`].
    #[napi(catch_unwind)]
    pub fn place_of_request(
        &self,
        importer: u32,
        request: u32,
        name: String,
    ) -> napi::Result<Option<String>> {
        let place = self.0.place_of_request(importer, request, &name);
        Ok(place.map(|place| serde_json::to_string(&place)).transpose()?)
    }

    /// See [`hmr_engine::Session::distrust`].
    #[napi(catch_unwind)]
    pub fn distrust(&mut self, url: String) {
        self.0.distrust(&url);
    }

    /// See [`hmr_engine::Session::news`]. JSON of a [`hmr_engine::News`].
    #[napi(catch_unwind)]
    pub fn news(&self, path: String) -> napi::Result<String> {
        Ok(serde_json::to_string(&self.0.news(path.as_ref()))?)
    }

    /// See [`hmr_engine::Session::contents`]. Pairs of path and hash, hexadecimal.
    #[napi(catch_unwind)]
    pub fn contents(&self) -> Vec<(String, String)> {
        let contents = self.0.contents().into_iter();
        contents
            .map(|(path, hash)| (path.to_string_lossy().into_owned(), format!("{hash:016x}")))
            .collect()
    }

    /// See [`hmr_engine::Session::set_whole_app`].
    #[napi(catch_unwind)]
    pub fn set_whole_app(&mut self) {
        self.0.set_whole_app();
    }

    /// See [`hmr_engine::Session::set_accepts`]. `accepts`: JSON of [`hmr_engine::Accepts`].
    #[napi(catch_unwind)]
    pub fn set_accepts(&mut self, id: u32, accepts: String) -> napi::Result<()> {
        self.0.set_accepts(id, &serde_json::from_str(&accepts)?);
        Ok(())
    }

    /// See [`hmr_engine::Session::explain`]. JSON of a [`hmr_engine::Explanation`].
    #[napi(catch_unwind)]
    pub fn explain(&mut self, path: String) -> napi::Result<String> {
        Ok(serde_json::to_string(&self.0.explain(path.as_ref()))?)
    }

    /// See [`hmr_engine::Session::suppose_running`]. JSON of [`hmr_engine::failure::Failure`]s.
    #[napi(catch_unwind)]
    pub fn suppose_running(&mut self, url: String) -> napi::Result<String> {
        let failures = self.0.suppose_running(&url).err().unwrap_or_default();
        Ok(serde_json::to_string(&failures)?)
    }

    /// See [`hmr_engine::Session::seen_modules`]. JSON of [`hmr_engine::SeenModule`]s.
    #[napi(catch_unwind)]
    pub fn seen_modules(&self) -> napi::Result<String> {
        Ok(serde_json::to_string(&self.0.seen_modules())?)
    }

    /// See [`hmr_engine::Session::remedies`]. JSON of [`hmr_engine::Remedy`]s.
    #[napi(catch_unwind)]
    pub fn remedies(&mut self, path: String) -> napi::Result<String> {
        Ok(serde_json::to_string(&self.0.remedies(path.as_ref()))?)
    }

    /// See [`hmr_engine::Session::running`].
    #[napi(catch_unwind)]
    pub fn running(&self) -> Vec<u32> {
        self.0.running()
    }

    /// See [`hmr_engine::Session::progress`].
    #[napi(catch_unwind)]
    pub fn progress(&mut self, transaction: u32, evaluated: Vec<u32>) {
        self.0.progress(transaction, &evaluated);
    }

    /// See [`hmr_engine::Session::foreign_loaded`].
    #[napi(catch_unwind)]
    pub fn foreign_loaded(&mut self, path: String, start: f64) {
        self.0.foreign_loaded(path.as_ref(), start);
    }

    /// See [`hmr_engine::Session::foreign_changed`].
    #[napi(catch_unwind)]
    pub fn foreign_changed(&mut self, path: String, written: bool) -> bool {
        self.0.foreign_changed(path.as_ref(), written)
    }

    /// See [`hmr_engine::Session::place_of_await`]. JSON.
    #[napi(catch_unwind)]
    pub fn place_of_await(&self, id: u32) -> napi::Result<String> {
        Ok(serde_json::to_string(&self.0.place_of_await(id))?)
    }

    /// See [`hmr_engine::Session::close`].
    #[napi(catch_unwind)]
    pub fn close(&mut self, entry: u32) -> Vec<u32> {
        self.0.close(entry)
    }
}

/// Frees the memory of a buffer from here before it is collected; nobody may look at it any more.
#[napi]
pub fn release(buffer: ArrayBuffer) -> napi::Result<()> {
    buffer.detach()
}

/// See [`shared_text::show_sources`].
#[napi(catch_unwind)]
pub fn show_sources() {
    #[cfg(unix)]
    shared_text::show_sources();
}

/// See [`hmr_engine::content_hash`]. Hexadecimal.
#[napi]
pub fn content_hash(path: String) -> Option<String> {
    hmr_engine::content_hash(path.as_ref()).map(|hash| format!("{hash:016x}"))
}

/// See [`hmr_engine::code_frame`].
#[napi]
pub fn code_frame(path: String, line: u32, column: u32) -> Option<String> {
    hmr_engine::code_frame(path.as_ref(), line, column)
}

fn texts(paths: Vec<std::path::PathBuf>) -> Vec<String> {
    paths.into_iter().map(|path| path.to_string_lossy().into_owned()).collect()
}
