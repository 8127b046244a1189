//! Reading text between tokens: trivia, hashbang, byte order mark, magic comments.

use crate::edit::is_line_terminator;

/// The text without a leading byte order mark, as Node's loader decodes it.
#[must_use]
pub fn strip_byte_order_mark(source: &str) -> &str {
    source.strip_prefix('\u{feff}').unwrap_or(source)
}

/// The offset of the first token at or after `from`: white space and comments are skipped.
pub(crate) fn skip_trivia(source: &str, from: u32) -> u32 {
    let mut at = from as usize;
    loop {
        let rest = &source[at..];
        let Some(character) = rest.chars().next() else {
            return at as u32;
        };
        if rest.starts_with("//") {
            at += rest.find(is_line_terminator).unwrap_or(rest.len());
        } else if let Some(comment) = rest.strip_prefix("/*") {
            at += comment.find("*/").map_or(rest.len(), |end| end + 4);
        } else if character.is_whitespace() || character == '\u{feff}' {
            at += character.len_utf8();
        } else {
            return at as u32;
        }
    }
}

/// Whether what stands `before` a statement surely ends there. Otherwise it may have no semicolon, and would go on with
/// a parenthesis.
pub(crate) fn ends_statement(before: &str) -> bool {
    let mut lines = before.rsplit(is_line_terminator).map(str::trim_end);
    let last = lines.find(|line| !line.is_empty());
    last.is_none_or(|line| {
        line.ends_with([';', '{']) && !line.contains("//") && !line.contains("*/")
    })
}

/// The URL of a source map comment, as V8 reads it from `//# sourceMappingURL=…`.
pub(crate) fn source_mapping_url(comment: &str) -> Option<String> {
    let rest = comment.strip_prefix(['#', '@'])?.strip_prefix([' ', '\t'])?;
    let url = rest.strip_prefix("sourceMappingURL=")?.trim();
    let valid = !url.is_empty() && !url.contains(['"', '\'', ' ', '\t']);
    valid.then(|| url.to_owned())
}
