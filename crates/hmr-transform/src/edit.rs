//! Edits on a text: what is overwritten, by what. Applying them keeps all other text as it is.

use oxc_span::Span;
use serde::{Deserialize, Serialize};

/// One replacement. Edits of a text never overlap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// The bytes replaced; empty for an insertion.
    #[serde(with = "crate::span_form")]
    pub span: Span,
    /// What stands there instead.
    pub with: Replacement,
}

/// What an edit puts in place of its span.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Replacement {
    /// `;` and then spaces: ends the statement before, as the import or export keyword did.
    Blank,
    /// The text, padded with spaces to the span's length in UTF-16 code units; a text that is
    /// longer shifts what follows on its line.
    Text(String),
    /// The text at the end of the span, spaces before it.
    RightAligned(String),
}

impl Edit {
    pub(crate) fn blank(start: u32, end: u32) -> Self {
        Self { span: Span::new(start, end), with: Replacement::Blank }
    }

    pub(crate) fn text(start: u32, end: u32, text: impl Into<String>) -> Self {
        Self { span: Span::new(start, end), with: Replacement::Text(text.into()) }
    }

    pub(crate) fn insert(at: u32, text: impl Into<String>) -> Self {
        Self::text(at, at, text)
    }

    /// Whether code behind it on its line gets another column. Punctuation has no place in a stack.
    pub(crate) fn moves_code(&self, source: &str) -> bool {
        let (Replacement::Text(text) | Replacement::RightAligned(text)) = &self.with else {
            return false;
        };
        let (start, end) = (self.span.start as usize, self.span.end as usize);
        let original = &source[start..end];
        let line = source[end..].split(is_line_terminator).next().unwrap_or("");
        let code = line.trim_start_matches([' ', '\t', ';', ')', '}', ',']);
        utf16_len(text) > utf16_len(original) && !code.is_empty() && !code.starts_with("//")
    }

    /// The replacement of `original`.
    pub(crate) fn text_over(&self, original: &str) -> String {
        let mut text = String::new();
        self.write(original, &mut text);
        text
    }

    /// Appends the replacement of `original` to `out`.
    fn write(&self, original: &str, out: &mut String) {
        match &self.with {
            Replacement::Blank => push_overlaid(out, original, ";"),
            Replacement::Text(text) => push_overlaid(out, original, text),
            Replacement::RightAligned(text) => {
                let room = utf16_len(original).saturating_sub(utf16_len(text));
                out.extend(std::iter::repeat_n(' ', room));
                out.push_str(text);
            }
        }
    }
}

/// Applies edits, sorted by position, to `source`, appending to `out`.
pub(crate) fn apply<'e>(source: &str, edits: impl Iterator<Item = &'e Edit>, out: &mut String) {
    let mut at = 0;
    for edit in edits {
        let (start, end) = (edit.span.start as usize, edit.span.end as usize);
        debug_assert!(start >= at, "edits overlap at {start}");
        out.push_str(&source[at..start]);
        edit.write(&source[start..end], out);
        at = end;
    }
    out.push_str(&source[at..]);
}

/// From a place on, the rest of its line has moved. Lines and columns count from 0, columns in UTF-16
/// code units.
pub(crate) struct Shift {
    pub line: u32,
    pub column: u32,
    pub by: i32,
}

/// Where a place is after `shifts`.
pub(crate) fn shifted(shifts: &[Shift], line: u32, column: u32) -> u32 {
    let start = shifts.partition_point(|shift| shift.line < line);
    let before = shifts[start..].iter();
    let before = before.take_while(|shift| shift.line == line && shift.column <= column);
    column.saturating_add_signed(before.map(|shift| shift.by).sum())
}

/// Where a place was before `shifts`; what they have inserted was where it was inserted.
pub(crate) fn unshifted(shifts: &[Shift], line: u32, column: u32) -> u32 {
    let start = shifts.partition_point(|shift| shift.line < line);
    let mut by = 0;
    for shift in shifts[start..].iter().take_while(|shift| shift.line == line) {
        let place = shift.column.saturating_add_signed(by);
        if column < place {
            break;
        }
        if column < place.saturating_add_signed(shift.by) {
            return shift.column;
        }
        by += shift.by;
    }
    column.saturating_add_signed(-by)
}

/// How `edits`, sorted by position, move the text behind them.
pub(crate) fn shifts(source: &str, edits: &[Edit]) -> Vec<Shift> {
    let (mut line, mut line_start) = (0, 0);
    let mut at = 0;
    let mut shifts = Vec::new();
    for edit in edits {
        let (start, end) = (edit.span.start as usize, edit.span.end as usize);
        for (offset, character) in source[at..end].char_indices() {
            if character == '\n' {
                (line, line_start) = (line + 1, at + offset + 1);
            }
        }
        at = end;
        let original = &source[start..end];
        let mut with = String::new();
        edit.write(original, &mut with);
        // Line ends stay, and what replaces a text of several lines is as long on the last one.
        let by = utf16_len(&with) as i32 - utf16_len(original) as i32;
        if by != 0 && !original.contains(is_line_terminator) {
            let column = utf16_len(&source[line_start..end]) as u32;
            shifts.push(Shift { line, column, by });
        }
    }
    shifts
}

/// Writes `text` over the beginning of `original` and spaces over the rest, keeping line
/// terminators so that nothing below moves.
fn push_overlaid(out: &mut String, original: &str, text: &str) {
    let mut covered = utf16_len(text);
    out.push_str(text);
    for character in original.chars() {
        if is_line_terminator(character) {
            out.push(character);
            covered = 0;
            continue;
        }
        for _ in 0..character.len_utf16() {
            if covered > 0 {
                covered -= 1;
            } else {
                out.push(' ');
            }
        }
    }
}

/// ECMA-262 12.3 Line Terminators.
pub(crate) fn is_line_terminator(character: char) -> bool {
    matches!(character, '\n' | '\r' | '\u{2028}' | '\u{2029}')
}

/// Length in UTF-16 code units: the unit of V8's columns.
pub(crate) fn utf16_len(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().map(char::len_utf16).sum() }
}
