//! The memory of texts that V8 and the engine share.

use std::collections::HashMap;
use std::ffi::c_void;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::{ptr, slice};

use napi::{Result, check_status, sys};

use crate::text::Text;

/// A text as V8 keeps it: code points up to U+00FF, or UTF-16. It is leaked memory.
#[derive(Clone, Copy)]
enum Units {
    Latin1(*mut [u8]),
    Utf16(*mut [u16]),
}

impl Units {
    fn leak(text: String) -> Self {
        if text.is_ascii() {
            return Self::Latin1(Box::into_raw(text.into_bytes().into_boxed_slice()));
        }
        match latin1(&text) {
            Some(units) => Self::Latin1(Box::into_raw(units.into_boxed_slice())),
            None => Self::Utf16(Box::into_raw(text.encode_utf16().collect())),
        }
    }

    fn address(self) -> (*mut c_void, usize) {
        match self {
            Self::Latin1(units) => (units.cast(), units.len()),
            Self::Utf16(units) => (units.cast(), units.len()),
        }
    }

    /// # Safety
    /// Nobody may use it any more.
    unsafe fn free(self) {
        match self {
            // SAFETY: `leak` has made it.
            Self::Latin1(units) => drop(unsafe { Box::from_raw(units) }),
            // SAFETY: the same.
            Self::Utf16(units) => drop(unsafe { Box::from_raw(units) }),
        }
    }
}

fn latin1(text: &str) -> Option<Vec<u8>> {
    text.chars().map(|char| u8::try_from(char).ok()).collect()
}

/// What V8 may read until it gives it back.
struct Lent {
    units: Units,
    source: Option<Arc<str>>,
}

// SAFETY: what it points to belongs to no thread.
unsafe impl Send for Lent {}

/// By address.
static LENT: Mutex<Option<HashMap<usize, Lent>>> = Mutex::new(None);

fn lent() -> MutexGuard<'static, Option<HashMap<usize, Lent>>> {
    LENT.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A string that V8 reads where it is.
///
/// # Safety
/// `env` has to be that of the running call.
pub unsafe fn external(env: sys::napi_env, Text { text, source }: Text) -> Result<sys::napi_value> {
    let units = Units::leak(text);
    let make = match units {
        Units::Latin1(_) => node_api_create_external_string_latin1,
        Units::Utf16(_) => node_api_create_external_string_utf16,
    };
    let (data, length) = units.address();
    lent().get_or_insert_default().insert(data.addr(), Lent { units, source });
    let (mut made, mut copied) = (ptr::null_mut(), false);
    // SAFETY: the text lives until `free` is called, which Node does once, at the latest when it is copied.
    check_status!(unsafe {
        make(env, data, length as isize, free, ptr::null_mut(), &raw mut made, &raw mut copied)
    })?;
    Ok(made)
}

unsafe extern "C" fn free(_: sys::napi_env, data: *mut c_void, _: *mut c_void) {
    if let Some(Lent { units, .. }) = lent().as_mut().and_then(|lent| lent.remove(&data.addr())) {
        // SAFETY: V8 has given it back.
        unsafe { units.free() };
    }
}

/// Puts the words of files into executable texts, on lines that have the same length in both: what V8 shows of such a line
/// is the user's then. V8 should not compile any of these texts any more, so this is for a process that is about to end.
pub fn show_sources() {
    for Lent { units, source } in lent().iter().flat_map(HashMap::values) {
        let Some(source) = source else { continue };
        match *units {
            Units::Latin1(units) => {
                // Characters that are not there cannot be on a line that is taken.
                let own: Vec<_> =
                    source.chars().map(|char| u8::try_from(char).unwrap_or_default()).collect();
                // SAFETY: it is lent as long as the lock is held, and only V8 reads it.
                show(unsafe { slice::from_raw_parts_mut(units.cast(), units.len()) }, &own, b'\n');
            }
            Units::Utf16(units) => {
                let own: Vec<_> = source.encode_utf16().collect();
                // SAFETY: the same.
                show(
                    unsafe { slice::from_raw_parts_mut(units.cast(), units.len()) },
                    &own,
                    u16::from(b'\n'),
                );
            }
        }
    }
}

/// `executed` has one line more, the first.
fn show<U: Copy + PartialEq>(executed: &mut [U], own: &[U], line_end: U) {
    let is_end = |unit: &U| *unit == line_end;
    let lines = executed.split_mut(is_end).skip(1).zip(own.split(is_end));
    for (line, own) in lines.filter(|(line, own)| line.len() == own.len()) {
        line.copy_from_slice(own);
    }
}

/// In Node since 20.4; `napi` declares them for later versions only.
macro_rules! external_strings {
    ($($create:ident),+) => {
        unsafe extern "C" {
            $(fn $create(
                env: sys::napi_env,
                text: *mut c_void,
                length: isize,
                finalize: unsafe extern "C" fn(sys::napi_env, *mut c_void, *mut c_void),
                hint: *mut c_void,
                result: *mut sys::napi_value,
                copied: *mut bool,
            ) -> sys::napi_status;)+
        }
    };
}

external_strings!(node_api_create_external_string_latin1, node_api_create_external_string_utf16);

#[cfg(test)]
mod tests {
    use super::show;

    #[test]
    fn lines_of_the_same_length_are_shown_as_in_the_file() {
        let cases = [
            ("({\n;      const x = 1;\n})", "export const x = 1;", "({\nexport const x = 1;\n})"),
            ("({\nlonger line\nb\n})", "long\nc\n", "({\nlonger line\nc\n})"),
            ("({\nab\n})", "", "({\nab\n})"),
        ];
        for (executed, own, shown) in cases {
            let mut text = executed.as_bytes().to_owned();
            show(&mut text, own.as_bytes(), b'\n');
            assert_eq!(text, shown.as_bytes());
        }
    }
}
