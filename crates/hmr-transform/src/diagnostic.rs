//! What is wrong with a module, where, and a code frame that shows it.

use oxc_diagnostics::OxcDiagnostic;
use oxc_span::Span;

/// How many lines a code frame shows above and below the place.
const FRAME_LINES: usize = 2;
/// Longer lines (minified code) are cut around the place.
const FRAME_COLUMNS: usize = 120;

/// One error in a module's text. The error class in JavaScript is `SyntaxError`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Where, if it has a place.
    pub position: Option<Position>,
    /// The lines around the place with a caret under it; empty without a place.
    pub frame: String,
}

/// A place in a text: both numbers count from 1, columns in UTF-16 code units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Line.
    pub line: u32,
    /// Column.
    pub column: u32,
}

impl Diagnostic {
    /// A diagnostic at `span` of `source`.
    #[must_use]
    pub fn at(source: &str, span: Span, message: impl Into<String>) -> Self {
        let (position, frame) = locate(source, span);
        Self { message: message.into(), help: None, position: Some(position), frame }
    }

    pub(crate) fn from_oxc(source: &str, error: &OxcDiagnostic) -> Self {
        // Of "declared here, declared again there" and "opened here, expected there" the later
        // place is the one to look at, as in V8's messages.
        let mut diagnostic = match error.labels.iter().max_by_key(|label| label.offset()) {
            Some(label) => {
                let start = label.offset();
                let length = label.len();
                Self::at(source, Span::new(start, start + length), error.message.to_string())
            }
            None => Self {
                message: error.message.to_string(),
                help: None,
                position: None,
                frame: String::new(),
            },
        };
        diagnostic.help = error.help.as_ref().map(ToString::to_string);
        diagnostic
    }
}

/// The lines around a place with carets under it, or nothing if `source` has no such place.
#[must_use]
pub fn code_frame(source: &str, line: u32, column: u32, carets: usize) -> Option<String> {
    let line_start = match line.checked_sub(1)? {
        0 => 0,
        breaks => source.match_indices('\n').nth(breaks as usize - 1)?.0 + 1,
    };
    let mut units = 0;
    let within = source[line_start..].char_indices().find(|(_, character)| {
        let found = units + 1 >= column as usize || *character == '\n';
        units += character.len_utf16();
        found
    });
    let start = within.map_or(source.len(), |(at, _)| line_start + at) as u32;
    Some(locate(source, Span::new(start, start + carets as u32)).1)
}

/// Position and code frame of `span`.
fn locate(source: &str, span: Span) -> (Position, String) {
    let start = floor_boundary(source, span.start as usize);
    let lines: Vec<&str> = source.split('\n').collect();
    let line = source[..start].matches('\n').count();
    let line_start = source[..start].rfind('\n').map_or(0, |at| at + 1);
    let column = source[line_start..start].encode_utf16().count();
    let width = (span.end as usize).saturating_sub(start).max(1);
    let position = Position { line: line as u32 + 1, column: column as u32 + 1 };

    let first = line.saturating_sub(FRAME_LINES);
    let last = (line + FRAME_LINES).min(lines.len() - 1);
    let digits = (last + 1).to_string().len();
    let before = source[line_start..start].chars().count();
    let cut = before.saturating_sub(FRAME_COLUMNS / 2);
    let mut frame = String::new();
    for (index, text) in lines.iter().enumerate().take(last + 1).skip(first) {
        let text = text.trim_end_matches('\r').replace('\t', " ");
        let shown: String = text.chars().skip(cut).take(FRAME_COLUMNS).collect();
        let marker = if index == line { '>' } else { ' ' };
        frame.push_str(format!("{marker} {:>digits$} | {shown}", index + 1).trim_end());
        frame.push('\n');
        if index == line {
            let room = text.chars().count().saturating_sub(before).max(1);
            let carets = "^".repeat(width.min(room).min(FRAME_COLUMNS / 2));
            frame.push_str(&format!("  {:>digits$} | {}{carets}\n", "", " ".repeat(before - cut)));
        }
    }
    frame.pop();
    (position, frame)
}

fn floor_boundary(source: &str, at: usize) -> usize {
    let at = at.min(source.len());
    (0..=at).rev().find(|&index| source.is_char_boundary(index)).unwrap_or(0)
}
