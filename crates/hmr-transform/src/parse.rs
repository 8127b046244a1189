//! From text to record and edits: everything that depends on the text alone.

use std::cell::RefCell;

use oxc_allocator::Allocator;
use oxc_ast::ast::Program;
use oxc_parser::{ParseOptions, Parser};
use oxc_semantic::{Scoping, SemanticBuilder, SymbolFlags};
use oxc_span::SourceType;
use serde::{Deserialize, Serialize};

use crate::declarations::{self, DefaultFunction};
use crate::diagnostic::Diagnostic;
use crate::edit::Edit;
use crate::names::Names;
use crate::push::Told;
use crate::record::ModuleRecord;
use crate::references;
use crate::render::Context;
use crate::sites::{Site, SiteForm};
use crate::text::source_mapping_url;

/// A module's record and the edits that make its text executable, without the text itself.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ParsedModule {
    /// The static facts.
    pub record: ModuleRecord,
    /// Edits that are always applied, sorted.
    pub(crate) edits: Vec<Edit>,
    /// Edits that tell assignments to exports.
    pub(crate) told: Told,
    /// The same where the namespace of the module is seen while it runs.
    pub(crate) told_early: Told,
    /// Where imported names are read or written, sorted.
    pub(crate) sites: Vec<Site>,
    /// The anonymous `export default function`, if there is one.
    pub(crate) default_function: Option<DefaultFunction>,
    pub(crate) names: Names,
    /// Edits that are always applied move code that stands behind them on the line.
    moves_code: bool,
}

impl ParsedModule {
    /// Whether a place of the executable text in a stack may be another one in the module: in another column,
    /// or within code that the module makes from strings.
    #[must_use]
    pub fn has_other_places(&self, context: &Context) -> bool {
        let is_live = context.live.iter().any(|live| *live);
        self.moves_code || self.record.odd_places || is_live || context.seen_early
    }
}

/// Parses `source` (without byte order mark) as an ECMAScript module.
///
/// # Errors
/// Every syntax error and early error found, in source order.
pub fn parse(source: &str) -> Result<ParsedModule, Vec<Diagnostic>> {
    ARENA.with_borrow_mut(|arena| {
        let parsed = parse_in(arena, source);
        arena.reset();
        parsed
    })
}

thread_local! {
    /// Trees are dropped when their facts have been collected; the next one takes their place.
    static ARENA: RefCell<Allocator> = RefCell::default();
}

fn parse_in(allocator: &Allocator, source: &str) -> Result<ParsedModule, Vec<Diagnostic>> {
    let options = ParseOptions { preserve_parens: true, ..ParseOptions::default() };
    let parsed = Parser::new(allocator, source, SourceType::mjs()).with_options(options).parse();
    let errors: Vec<_> = parsed.diagnostics.errors().collect();
    if parsed.panicked || !errors.is_empty() {
        return Err(errors.iter().map(|error| Diagnostic::from_oxc(source, error)).collect());
    }
    let semantic = SemanticBuilder::new().with_check_syntax_error(true).build(&parsed.program);
    let errors: Vec<_> = semantic.diagnostics.errors().collect();
    if !errors.is_empty() {
        return Err(errors.iter().map(|error| Diagnostic::from_oxc(source, error)).collect());
    }
    collect(source, &parsed.program, semantic.semantic.scoping())
}

fn collect(
    source: &str,
    program: &Program,
    scoping: &Scoping,
) -> Result<ParsedModule, Vec<Diagnostic>> {
    let names = Names::choose(source, scoping);
    let mut edits = Vec::new();
    if let Some(hashbang) = &program.hashbang {
        // In front of it stands the wrapper, where only a comment may begin with `#!`.
        edits.push(Edit::text(hashbang.span.start, hashbang.span.start + 2, "//"));
    }
    let declared = declarations::collect(source, program, scoping, &names)?;
    let mut record = declared.record;
    let found = references::collect(source, program, scoping, &names, &mut record, false);
    if !found.errors.is_empty() {
        return Err(found.errors);
    }
    edits.extend(found.edits);
    edits.extend(declared.edits);
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    record.has_module_syntax |= declares_what_common_js_does(scoping);
    record.source_mapping_url = program
        .comments
        .iter()
        .rev()
        .filter(|comment| comment.is_line())
        .find_map(|comment| source_mapping_url(comment.content_span().source_text(source)));
    let default = declared.default_function.iter();
    let default = default.flat_map(|default| default.expression.iter().chain(&default.hoisted));
    let is_write = |site: &Site| matches!(site.form, SiteForm::Write | SiteForm::ShorthandWrite);
    let always = found.told.with(edits.iter().chain(default).cloned());
    let moves_code =
        always.iter().any(|edit| edit.moves_code(source)) || found.sites.iter().any(is_write);
    record.odd_places |= record.direct_eval
        || ["eval", "Function"]
            .iter()
            .any(|&name| scoping.root_unresolved_references().contains_key(name));
    Ok(ParsedModule {
        record,
        edits,
        told: found.told,
        told_early: found.told_early,
        sites: found.sites,
        default_function: declared.default_function,
        names,
        moves_code,
    })
}

/// A text that declares one of CommonJS's variables lexically cannot be a script in Node's wrapper,
/// so Node takes it for a module.
fn declares_what_common_js_does(scoping: &Scoping) -> bool {
    let variables = ["require", "module", "exports", "__filename", "__dirname"];
    let lexical = SymbolFlags::BlockScopedVariable | SymbolFlags::Class;
    variables.iter().any(|&name| {
        let symbol = scoping.get_root_binding(name.into());
        symbol.is_some_and(|symbol| scoping.symbol_flags(symbol).intersects(lexical))
    })
}
