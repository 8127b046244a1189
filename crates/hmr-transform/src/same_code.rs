//! Edits that change no code: white space and comments.
//!
//! Two texts are the same code if their syntax trees are equal and so are their characters outside of
//! comments and white space between tokens. The second condition makes it possible to say where each
//! token has gone; the first one tells `return x` from `return` and `x` on the next line.

use oxc_allocator::Allocator;
use oxc_ast::ast::{Program, RegExpLiteral, StringLiteral, TemplateElement};
use oxc_ast_visit::Visit;
use oxc_parser::{ParseOptions, Parser};
use oxc_span::{ContentEq, GetSpan, SourceType, Span};

/// From here on positions have moved by so much. Lines and columns count from 1, columns in UTF-16
/// units as V8 counts them. The column holds for the rest of this line only: later lines begin with
/// none, unless another move says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// Line in the former text.
    pub line: u32,
    /// Column in the former text.
    pub column: u32,
    /// Lines to add.
    pub lines: i32,
    /// Columns to add.
    pub columns: i32,
}

/// Where the tokens of `before` are in `after`, in order, if both are the same code.
#[must_use]
pub fn same_code(before: &str, after: &str) -> Option<Vec<Move>> {
    let allocator = Allocator::default();
    let (before, after) = (parsed(&allocator, before)?, parsed(&allocator, after)?);
    (before.program.content_eq(&after.program)).then_some(())?;
    moves(&before, &after)
}

/// The same for JSON, which has no comments.
#[must_use]
pub fn same_json(before: &str, after: &str) -> bool {
    let significant = |text: &str| {
        let (mut in_string, mut escaped) = (false, false);
        let kept = text.chars().filter(|&char| {
            let was_in_string = in_string;
            match char {
                '"' if !escaped => in_string = !in_string,
                _ => {}
            }
            escaped = was_in_string && char == '\\' && !escaped;
            was_in_string || !char.is_ascii_whitespace()
        });
        kept.collect::<String>()
    };
    significant(before) == significant(after)
}

struct Parsed<'a> {
    text: &'a str,
    program: Program<'a>,
    /// Comments, and literals in which white space counts.
    spans: Vec<(Span, bool)>,
}

fn parsed<'a>(allocator: &'a Allocator, text: &'a str) -> Option<Parsed<'a>> {
    let options = ParseOptions { preserve_parens: true, ..ParseOptions::default() };
    let parsed = Parser::new(allocator, text, SourceType::mjs()).with_options(options).parse();
    if parsed.panicked || parsed.diagnostics.errors().next().is_some() {
        return None;
    }
    let program = parsed.program;
    let mut literals = Literals(Vec::new());
    literals.visit_program(&program);
    let comments = program.comments.iter().map(|comment| (comment.span, false));
    let mut spans: Vec<_> = comments.collect();
    spans.extend(literals.0.into_iter().map(|span| (span, true)));
    spans.extend(program.directives.iter().map(|directive| (directive.span(), true)));
    spans.sort_by_key(|(span, _)| (span.start, std::cmp::Reverse(span.end)));
    Some(Parsed { text, program, spans })
}

/// Literals in which white space counts.
struct Literals(Vec<Span>);

impl<'a> Visit<'a> for Literals {
    fn visit_string_literal(&mut self, literal: &StringLiteral<'a>) {
        self.0.push(literal.span);
    }

    fn visit_template_element(&mut self, element: &TemplateElement<'a>) {
        self.0.push(element.span);
    }

    fn visit_reg_exp_literal(&mut self, literal: &RegExpLiteral<'a>) {
        self.0.push(literal.span);
    }
}

/// A significant character with its place.
#[derive(Clone, Copy)]
struct Character {
    char: char,
    line: u32,
    column: u32,
}

fn characters<'a>(parsed: &'a Parsed) -> impl Iterator<Item = Character> + use<'a> {
    let mut spans = parsed.spans.iter().peekable();
    let mut literal_end = 0;
    let mut comment_end = 0;
    let (mut line, mut column) = (1, 1);
    let mut before = ' ';
    parsed.text.char_indices().filter_map(move |(at, char)| {
        if ends_line(before, char) {
            (line, column) = (line + 1, 1);
        }
        before = char;
        while let Some(&(span, is_literal)) = spans.next_if(|(span, _)| span.start as usize <= at) {
            let end = if is_literal { &mut literal_end } else { &mut comment_end };
            *end = (*end).max(span.end as usize);
        }
        let character = Character { char, line, column };
        column += char.len_utf16() as u32;
        let is_blank = char.is_whitespace() || char == '\u{feff}';
        (at >= comment_end && (at < literal_end || !is_blank)).then_some(character)
    })
}

/// Whether a line ends between two characters.
fn ends_line(before: char, next: char) -> bool {
    matches!(before, '\n' | '\u{2028}' | '\u{2029}') || (before == '\r' && next != '\n')
}

fn moves(before: &Parsed, after: &Parsed) -> Option<Vec<Move>> {
    let (mut old, mut new) = (characters(before), characters(after));
    let mut moves: Vec<Move> = Vec::new();
    loop {
        let (from, to) = match (old.next(), new.next()) {
            (None, None) => return Some(moves),
            (Some(from), Some(to)) if from.char == to.char => (from, to),
            _ => return None,
        };
        let lines = to.line as i32 - from.line as i32;
        let columns = to.column as i32 - from.column as i32;
        let known = moves.last().map_or((0, 0), |last| {
            (last.lines, if last.line == from.line { last.columns } else { 0 })
        });
        if known != (lines, columns) {
            moves.push(Move { line: from.line, column: from.column, lines, columns });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `line:column lines,columns` for each move, or `other` if the code is not the same.
    fn check(before: &str, after: &str, expected: &str) {
        let moves = same_code(before, after).map_or_else(
            || "other".to_owned(),
            |moves| {
                let moves = moves
                    .iter()
                    .map(|m| format!("{}:{} {:+},{:+}", m.line, m.column, m.lines, m.columns));
                moves.collect::<Vec<_>>().join(" ")
            },
        );
        assert_eq!(moves, expected, "{before:?} to {after:?}");
    }

    #[test]
    fn white_space_and_comments() {
        check("a(); b();", "a(); b();", "");
        check("a();\nb();", "// x\na();\nb();", "1:1 +1,+0");
        check("a();\nb();", "a();\n\n\nb();", "2:1 +2,+0");
        check("a();\nb();\nc();", "a(); // x\nb();\n/* y\n*/c();", "3:1 +1,+2");
        check("a(); b();\nc();", "a();  /**/ b();\nc();", "1:6 +0,+6");
        check("  a();\n  b();", "a();\nb();", "1:3 +0,-2 2:3 +0,-2");
        check("a();\r\nb();", "a();\nb();", "");
        check("a();\nb();", "a();\nb();\n\n", "");
        check("'é😀'; a();", "'é😀';a();", "1:8 +0,-1");
        check("f(a,b)", "f(\n  a,\n  b\n)", "1:3 +1,+0 1:5 +2,-2 1:6 +3,-5");
    }

    #[test]
    fn code() {
        check("a()", "b()", "other");
        check("function f() { return x }", "function f() { return\nx }", "other");
        check("a\n++b", "a++\nb", "other");
        check("'a b'", "'a  b'", "other");
        check("x = 'a b'", "x = 'a  b'", "other");
        check("`a ${b} c`", "`a ${ b } c`", "1:6 +0,+1 1:7 +0,+2");
        check("`a ${b} c`", "`a ${b}  c`", "other");
        check("/a b/", "/a  b/", "other");
        check("a()", "a();", "other");
        check("x = (a)", "x = a", "other");
        check("x = `// a`", "x = `// b`", "other");
        check("'use x'; a()", "'use  x'; a()", "other");
        check("#!x\na()", "#!y\na()", "other");
        check("a()", "a(", "other");
        check("x = 1_0", "x = 10", "other");
    }

    #[test]
    fn json() {
        assert!(same_json("{\"a\": [1, 2]}", "{ \"a\" :[1,2] }\n"));
        assert!(!same_json("{\"a\": 1}", "{\"a\": 1.0}"));
        assert!(!same_json("[\"a b\"]", "[\"a  b\"]"));
        assert!(same_json("[\"\\\" \", 1]", "[\"\\\" \",1]"));
        assert!(!same_json("[\"\\\\\", 1]", "[\"\\\\ \", 1]"));
    }
}
