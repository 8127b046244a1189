//! Where the tokens of a printed text come from, and the source map that says so.

use serde::{Deserialize, Serialize};

use crate::edit::{self, Shift};

/// A place in the printed text and the place in the file it comes from. Lines and columns count from 0,
/// columns in UTF-16 code units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Line in the printed text.
    pub line: u32,
    /// Column in the printed text.
    pub column: u32,
    /// Line in the file.
    pub from_line: u32,
    /// Column in the file.
    pub from_column: u32,
}

/// All of them, in the order of the printed text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origins(Vec<Origin>);

impl Origins {
    pub(crate) fn new(origins: Vec<Origin>) -> Self {
        Self(origins)
    }

    /// Where the token at or before a place of the printed text comes from. All four count from 0.
    #[must_use]
    pub fn of(&self, line: u32, column: u32) -> Option<(u32, u32)> {
        let after = self.0.partition_point(|origin| (origin.line, origin.column) <= (line, column));
        let origin = self.0.get(after.checked_sub(1)?)?;
        Some((origin.from_line, origin.from_column))
    }

    /// The same, for a text in which lines and columns have moved.
    #[must_use]
    pub(crate) fn moved(&self, place: impl Fn(u32, u32) -> (u32, u32)) -> Self {
        let moved = |origin: &Origin| {
            let (line, column) = place(origin.line, origin.column);
            Origin { line, column, ..*origin }
        };
        Self(self.0.iter().map(moved).collect())
    }

    /// The same, for a file whose text had been moved by `shifts` before it was printed.
    #[must_use]
    pub(crate) fn before(&self, shifts: &[Shift]) -> Self {
        let before = |origin: &Origin| {
            let from_column = edit::unshifted(shifts, origin.from_line, origin.from_column);
            Origin { from_column, ..*origin }
        };
        Self(self.0.iter().map(before).collect())
    }

    /// The `mappings` of a source map with one source.
    #[must_use]
    pub fn mappings(&self) -> String {
        let mut text = String::new();
        let (mut line, mut last) = (0, Origin { line: 0, column: 0, from_line: 0, from_column: 0 });
        let mut is_first = true;
        for origin in &self.0 {
            while line < origin.line {
                text.push(';');
                (line, last.column, is_first) = (line + 1, 0, true);
            }
            if !std::mem::take(&mut is_first) {
                text.push(',');
            }
            push_vlq(&mut text, difference(origin.column, last.column));
            push_vlq(&mut text, 0);
            push_vlq(&mut text, difference(origin.from_line, last.from_line));
            push_vlq(&mut text, difference(origin.from_column, last.from_column));
            last = *origin;
        }
        text
    }
}

fn difference(now: u32, before: u32) -> i64 {
    i64::from(now) - i64::from(before)
}

/// Base64 VLQ: five bits a digit, the lowest first, the sign in the lowest bit.
fn push_vlq(text: &mut String, value: i64) {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut rest = (value.unsigned_abs() << 1) | u64::from(value < 0);
    loop {
        let digit = (rest & 31) as usize;
        rest >>= 5;
        text.push(char::from(DIGITS[if rest > 0 { digit | 32 } else { digit }]));
        if rest == 0 {
            return;
        }
    }
}
