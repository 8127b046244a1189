//! Edits on a text: what is overwritten, by what. Applying them keeps all other text as it is.

use oxc_span::Span;

/// One replacement. Edits of a text never overlap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The bytes replaced; empty for an insertion.
    pub span: Span,
    /// What stands there instead.
    pub with: Replacement,
}

/// What an edit puts in place of its span.
#[derive(Debug, Clone, PartialEq, Eq)]
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
