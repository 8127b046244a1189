//! Texts that V8 reads where they are.

#[cfg(unix)]
use std::{ffi::c_void, ptr};

use napi::bindgen_prelude::{ToNapiValue, TypeName};
#[cfg(unix)]
use napi::check_status;
use napi::{Result, ValueType, sys};

/// An executable text. V8 does not copy one that consists of ASCII: it is freed when no string needs it.
pub struct Text(pub String);

impl TypeName for Text {
    fn type_name() -> &'static str {
        "String"
    }

    fn value_type() -> ValueType {
        ValueType::String
    }
}

impl ToNapiValue for Text {
    unsafe fn to_napi_value(env: sys::napi_env, Self(text): Self) -> Result<sys::napi_value> {
        #[cfg(unix)]
        if text.is_ascii() {
            // SAFETY: `env` is the caller's.
            return unsafe { external(env, text) };
        }
        // SAFETY: the same.
        unsafe { String::to_napi_value(env, text) }
    }
}

/// A string that V8 reads where it is.
#[cfg(unix)]
unsafe fn external(env: sys::napi_env, text: String) -> Result<sys::napi_value> {
    let text: Box<str> = text.into_boxed_str();
    let (length, data) = (text.len(), Box::into_raw(text).cast::<c_void>());
    let mut made = ptr::null_mut();
    let mut copied = false;
    // SAFETY: the text lives until `free` is called, which Node does once, at the latest when it is copied.
    check_status!(unsafe {
        node_api_create_external_string_latin1(
            env,
            data,
            length as isize,
            free,
            length as *mut c_void,
            &raw mut made,
            &raw mut copied,
        )
    })?;
    Ok(made)
}

/// Frees a text of the length `hint`.
#[cfg(unix)]
unsafe extern "C" fn free(_: sys::napi_env, data: *mut c_void, hint: *mut c_void) {
    // SAFETY: pointer and length are those of a box that was given away.
    drop(unsafe { Box::from_raw(ptr::slice_from_raw_parts_mut(data.cast::<u8>(), hint as usize)) });
}

#[cfg(unix)]
unsafe extern "C" {
    // In Node since 20.4; `napi` declares it for later versions only.
    fn node_api_create_external_string_latin1(
        env: sys::napi_env,
        text: *mut c_void,
        length: isize,
        finalize: unsafe extern "C" fn(sys::napi_env, *mut c_void, *mut c_void),
        hint: *mut c_void,
        result: *mut sys::napi_value,
        copied: *mut bool,
    ) -> sys::napi_status;
}
