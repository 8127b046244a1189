//! Back from executable text to the module's own: what `Function.prototype.toString` is to give, and
//! where a place in a stack is in the file.

use std::ops::Range;

use crate::edit::{Edit, is_line_terminator, utf16_len};
use crate::parse::ParsedModule;
use crate::push::Told;
use crate::render::Reading;
use crate::sites::SiteForm;
use crate::text::skip_trivia;

/// An edit as it was applied: where its text stands, and what stands in the module.
struct Applied {
    executed: Range<usize>,
    source: Range<usize>,
    /// It reads an import through its live binding.
    reads: bool,
}

/// An edit that may have been applied.
struct Candidate {
    edit: Edit,
    /// It was.
    is_sure: bool,
    reads: bool,
}

/// From a place in the executable text on, up to the next one or the end of its line. Lines count from 1
/// without the prefix, columns from 0 in UTF-16 code units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Where it begins in the executable text.
    pub line: u32,
    /// See there.
    pub column: u32,
    /// Where that is in the module's own text.
    pub to_line: u32,
    /// See there.
    pub to_column: u32,
    /// What follows does so in the module, too; otherwise all of it is at this one place.
    pub advances: bool,
}

impl ParsedModule {
    /// What `part` of `executed`, which was rendered from `source` for whatever place, is in `source`.
    #[must_use]
    pub fn original<'s>(&self, source: &'s str, executed: &str, part: &str) -> Option<&'s str> {
        let start = executed.find(part)?;
        let first = executed.find('\n')? + 1;
        let applied = self.applied(source, executed, first)?;
        let at = |offset: usize| place(source, first, &applied, offset);
        let end = start + part.len();
        // A name that stands for a longer expression ends before that does.
        let cut = applied.iter().find(|edit| edit.executed.start < end && end < edit.executed.end);
        source.get(at(start)..cut.map_or_else(|| at(end), |edit| edit.source.end))
    }

    /// Where `executed`, which was rendered from `source` for whatever place, has other columns than `source`.
    #[must_use]
    pub fn columns(&self, source: &str, executed: &str) -> Vec<Column> {
        let Some(first) = executed.find('\n').map(|end| end + 1) else { return Vec::new() };
        let applied = self.applied(source, executed, first).unwrap_or_default();
        let mut moved = Places::new(&executed[first..]);
        let mut own = Places::new(source);
        let mut columns = Vec::new();
        for Applied { executed: made, source: span, reads } in applied {
            let original = &source[span.clone()];
            let is_as_long = utf16_len(&executed[made.clone()]) == utf16_len(original);
            if is_as_long || original.contains(is_line_terminator) {
                continue;
            }
            let mut add = |at: usize, to: usize, advances: bool| {
                let ((line, column), (to_line, to_column)) = (moved.of(at - first), own.of(to));
                columns.push(Column { line, column, to_line, to_column, advances });
            };
            // What V8 refuses in a direct `eval` has the place of what it has called last; in a module that is no argument.
            let is_eval = executed[made.clone()].contains(".eval('") && original.is_empty();
            let call = source[..span.start].rfind("eval").filter(|_| is_eval);
            add(made.start, call.unwrap_or(span.start), false);
            add(made.end, span.end, true);
            let next = skip_trivia(source, span.end as u32) as usize;
            // V8 tells a call by its name, and one of something in parentheses by the parenthesis that follows.
            if reads && source[next..].starts_with('(') {
                let at = made.end + (next - span.end);
                add(at, span.start, false);
                add(at + 1, next + 1, true);
            }
        }
        columns
    }

    /// Finds which of the edits that a place in the graph decides about were made.
    fn applied(&self, source: &str, executed: &str, first: usize) -> Option<Vec<Applied>> {
        let hoisted = self.default_function.as_ref().map(|default| &default.hoisted);
        let held = self.default_function.as_ref().map(|default| &default.expression);
        let choices = [&self.told, &self.told_early].into_iter();
        let choices = choices.flat_map(|told| [held, hoisted].map(|default| (told, default)));
        let mut choices = choices
            .map(|(told, default)| self.candidates(told, default.map_or(&[], Vec::as_slice)));
        choices.find_map(|edits| align(source, executed, first, &edits))
    }

    /// All edits in order.
    fn candidates(&self, told: &Told, default: &[Edit]) -> Vec<Candidate> {
        let always = told.with(self.edits.iter().chain(default).cloned());
        let always = always.into_iter().map(|edit| Candidate { edit, is_sure: true, reads: false });
        let sites = self.sites.iter().flat_map(|site| {
            let is_sure = matches!(site.form, SiteForm::Write | SiteForm::ShorthandWrite);
            let reads = matches!(site.form, SiteForm::Read | SiteForm::Start);
            // Of two in the same place one may have been made.
            let readings =
                if is_sure { &[Reading::Live][..] } else { &[Reading::Live, Reading::Late] };
            let edits = readings.iter().filter_map(|&reading| self.site(site, reading));
            edits.map(move |edit| Candidate { edit, is_sure, reads })
        });
        let mut all: Vec<_> = always.chain(sites).collect();
        all.sort_by_key(|candidate| (candidate.edit.span.start, candidate.edit.span.end));
        all
    }
}

/// Lines and columns of offsets, fast if these ascend.
struct Places<'t> {
    text: &'t str,
    line: u32,
    line_start: usize,
    at: usize,
}

impl<'t> Places<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, line: 1, line_start: 0, at: 0 }
    }

    fn of(&mut self, offset: usize) -> (u32, u32) {
        if offset < self.at {
            *self = Self::new(self.text);
        }
        let passed = self.text[self.at..offset].match_indices(is_line_terminator);
        for (index, terminator) in passed {
            let end = self.at + index + terminator.len();
            // One of two characters ends with the second.
            if terminator == "\r" && self.text[end..].starts_with('\n') {
                continue;
            }
            (self.line, self.line_start) = (self.line + 1, end);
        }
        self.at = offset;
        (self.line, utf16_len(&self.text[self.line_start..offset]) as u32)
    }
}

fn align(source: &str, executed: &str, first: usize, edits: &[Candidate]) -> Option<Vec<Applied>> {
    let mut applied = Vec::new();
    let (mut from, mut to) = (0, first);
    for Candidate { edit, is_sure, reads } in edits {
        let span = edit.span.start as usize..edit.span.end as usize;
        if span.start < from {
            continue;
        }
        let kept = source.get(from..span.start)?;
        let made = edit.text_over(&source[span.clone()]);
        let at = to + kept.len();
        if !executed.get(to..)?.starts_with(kept) {
            return None;
        }
        (from, to) = (span.start, at);
        let is_made = executed.get(at..)?.starts_with(made.as_str());
        if is_made {
            let executed = at..at + made.len();
            applied.push(Applied { executed, source: span.clone(), reads: *reads });
            (from, to) = (span.end, at + made.len());
        } else if *is_sure {
            return None;
        }
    }
    executed.get(to..)?.starts_with(source.get(from..)?).then_some(applied)
}

/// Where the text at `offset` of the executable text stands in the module.
fn place(source: &str, first: usize, applied: &[Applied], offset: usize) -> usize {
    let before = applied.partition_point(|edit| edit.executed.end <= offset);
    if let Some(edit) = applied.get(before)
        && edit.executed.start < offset
    {
        // In the head of `export default function`, which is written anew.
        let words = &source[edit.source.clone()];
        let head = words.find("async").or_else(|| words.find("function")).unwrap_or(0);
        return edit.source.start + head;
    }
    match before.checked_sub(1).map(|last| &applied[last]) {
        // What was inserted behind a function is no part of it.
        Some(last) => last.source.end + (offset - last.executed.end),
        None => offset - first,
    }
}
