//! Texts that V8 reads where they are.

use std::sync::Arc;

use napi::bindgen_prelude::{ToNapiValue, TypeName};
use napi::{Result, ValueType, sys};

#[cfg(unix)]
use crate::shared_text;

/// A text for V8, which does not copy it: it is freed when no string needs it.
pub struct Text {
    pub text: String,
    /// What it was made from.
    #[cfg_attr(not(unix), expect(dead_code, reason = "V8 has a copy"))]
    pub source: Option<Arc<str>>,
}

impl From<(String, Option<Arc<str>>)> for Text {
    fn from((text, source): (String, Option<Arc<str>>)) -> Self {
        Self { text, source }
    }
}

impl TypeName for Text {
    fn type_name() -> &'static str {
        "String"
    }

    fn value_type() -> ValueType {
        ValueType::String
    }
}

impl ToNapiValue for Text {
    unsafe fn to_napi_value(env: sys::napi_env, text: Self) -> Result<sys::napi_value> {
        // SAFETY: `env` is the caller's.
        #[cfg(unix)]
        return unsafe { shared_text::external(env, text) };
        // SAFETY: the same.
        #[cfg(not(unix))]
        return unsafe { String::to_napi_value(env, text.text) };
    }
}
