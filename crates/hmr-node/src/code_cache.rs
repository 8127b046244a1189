//! V8's compiled forms.

use napi::bindgen_prelude::{Buffer, Uint32Array};
use napi_derive::napi;

/// See [`hmr_engine::Compiled`].
#[napi(object, object_from_js = false)]
pub struct Compiled {
    /// Sixteen bytes for each text.
    pub keys: Buffer,
    /// All forms.
    pub data: Buffer,
    /// Begin and end in `data` for each text.
    pub places: Uint32Array,
    /// Length of files that had to be parsed.
    pub parsed: u32,
}

impl From<hmr_engine::Compiled> for Compiled {
    fn from(compiled: hmr_engine::Compiled) -> Self {
        let keys = compiled.keys.iter().flat_map(|key| key.to_le_bytes());
        Self {
            keys: keys.collect::<Vec<_>>().into(),
            data: compiled.data.into(),
            places: compiled.places.into(),
            parsed: compiled.parsed,
        }
    }
}

/// See [`hmr_engine::CodeCache`].
#[napi]
pub struct CodeCache(hmr_engine::CodeCache);

#[napi]
impl CodeCache {
    /// `options`: JSON of [`hmr_engine::CacheOptions`].
    #[napi(constructor)]
    pub fn new(options: String) -> napi::Result<Self> {
        Ok(Self(hmr_engine::CodeCache::new(&serde_json::from_str(&options)?)))
    }

    /// See [`hmr_engine::CodeCache::find`]. The compiled form of one text.
    #[napi]
    pub fn find(&self, url: String, text: String) -> Option<Compiled> {
        self.0.find(&[(&url, &text)]).map(Compiled::from)
    }
}
