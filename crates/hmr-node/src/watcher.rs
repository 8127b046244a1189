//! What watches files, for the runtime.

use napi::bindgen_prelude::Function;
use napi::threadsafe_function::ThreadsafeFunctionCallMode;
use napi_derive::napi;

/// See [`hmr_engine::Watching`].
#[napi]
pub struct Watcher(Option<hmr_engine::Watching>);

#[napi]
impl Watcher {
    /// `on_event` gets each event as JSON; waiting for events does not keep the process alive.
    #[napi(constructor)]
    pub fn new(on_event: Function<String, ()>, poll: Option<u32>) -> napi::Result<Self> {
        let tell = on_event.build_threadsafe_function().weak::<true>().build()?;
        let sink = move |event| {
            tell.call(event, ThreadsafeFunctionCallMode::NonBlocking);
        };
        Ok(Self(Some(hmr_engine::Watching::spawn(sink, poll)?)))
    }

    /// See [`hmr_engine::Watching::set`].
    #[napi]
    pub fn set(&self, id: u32, spec: String, read: f64, soon: Option<bool>) -> napi::Result<()> {
        if let Some(watching) = &self.0 {
            watching.set(id, &spec, read, soon.unwrap_or(false))?;
        }
        Ok(())
    }

    /// See [`hmr_engine::Watching::remove`].
    #[napi]
    pub fn remove(&self, id: u32) {
        if let Some(watching) = &self.0 {
            watching.remove(id);
        }
    }

    /// Ends watching and its threads.
    #[napi]
    pub fn close(&mut self) {
        self.0 = None;
    }
}
