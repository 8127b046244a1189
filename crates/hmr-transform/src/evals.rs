//! Code that a module gives to a direct `eval`: it sees the module's variables, so it is treated as the module's own
//! text. The executable text of `eval(x)` is `eval($live.eval('…',x))`: that function gives the code as it is to run, and
//! its first argument lists what else the names mean there.

use oxc_allocator::Allocator;
use oxc_ast::ast::{CallExpression, IdentifierReference};
use oxc_parser::{ParseOptions, Parser};
use oxc_semantic::{Scoping, SemanticBuilder, SymbolFlags, SymbolId};
use oxc_span::SourceType;
use rustc_hash::FxHashMap;

use crate::edit::{self, Edit};
use crate::names::Names;
use crate::parse::ParsedModule;
use crate::record::ModuleRecord;
use crate::references::{self, References};
use crate::render::Reading;
use crate::text::skip_trivia;

/// What `eval` has of its own in a function.
const IN_FUNCTION: &str = "arguments";

/// Has the code given to a direct `eval` rendered. `imports`: local names. `in_function`: where `arguments` is not the module's.
pub(crate) fn render_argument<'n>(
    source: &str,
    call: &CallExpression,
    callee: &IdentifierReference,
    scoping: &Scoping,
    imports: impl Iterator<Item = &'n str>,
    in_function: bool,
    names: &Names,
) -> [Edit; 2] {
    let scope = scoping.get_reference(callee.reference_id()).scope_id();
    let own = |name: &str| scoping.get_root_binding(name.into());
    let mut others: Vec<&str> =
        imports.filter(|name| scoping.find_binding(scope, (*name).into()) != own(name)).collect();
    if in_function {
        others.push(IN_FUNCTION);
    }
    let open = skip_trivia(source, callee.span.end) + 1;
    let close = call.span.end - 1;
    let begin = format!("{}.eval('{}',", names.live, others.join(" "));
    [Edit::insert(open, begin), Edit::insert(close, ")")]
}

/// Code in a direct `eval` may assign every export that is neither a `const` nor an import. It tells that.
pub(crate) fn may_assign(
    record: &mut ModuleRecord,
    scoping: &Scoping,
    exported: FxHashMap<SymbolId, Vec<usize>>,
) {
    for (symbol, indices) in exported {
        let flags = scoping.symbol_flags(symbol);
        if flags.intersects(SymbolFlags::ConstVariable | SymbolFlags::Import) {
            continue;
        }
        for index in indices {
            record.local_exports[index].pushed = true;
            record.local_exports[index].hoisted = false;
        }
    }
}

impl ParsedModule {
    /// The code to run in the place of `code`, which the module gives to a direct `eval`; nothing if that is the same,
    /// or no code at all. `live`: per import, whether it is read through its live binding. `others`: names that mean
    /// something else there.
    #[must_use]
    pub fn render_eval(&self, code: &str, live: &[bool], others: &str) -> Option<String> {
        let is_other = |name: &str| others.split(' ').any(|other| other == name);
        let imports = self.record.imports.iter().map(|import| import.local.as_str());
        let exports = self.record.local_exports.iter().map(|export| export.local.as_str());
        let mut variables: Vec<&str> = imports.chain(exports).collect();
        variables.retain(|name| !is_other(name) && !name.contains('.'));
        variables.sort_unstable();
        variables.dedup();
        let declared = if variables.is_empty() {
            String::new()
        } else {
            format!("let {};", variables.join(","))
        };
        let in_function = is_other(IN_FUNCTION);
        let head = format!("{declared}{}", if in_function { "(function(){" } else { "(()=>{" });
        let wrapped = format!("{head}{code}\n}})");
        let Some(found) = self.references_in(&wrapped) else {
            // V8 is to say so: the wrapper has a `new.target`, the module has none.
            let fits = code.contains("new.target") && !in_function;
            let text = format!("(function(){{{code}\n}})");
            let is_code = fits && self.references_in(&text).is_some();
            return is_code.then(|| format!("(0,eval)({code:?})"));
        };
        let sites = found.sites.iter().filter_map(|site| {
            let live = live.get(site.import as usize).copied().unwrap_or(false);
            self.site(site, if live { Reading::Live } else { Reading::Copied })
        });
        let mut edits = found.told.with(found.edits.into_iter().chain(sites));
        if edits.is_empty() {
            return None;
        }
        let offset = head.len() as u32;
        for edit in &mut edits {
            edit.span.start -= offset;
            edit.span.end -= offset;
        }
        let mut text = String::new();
        edit::apply(code, edits.iter(), &mut text);
        Some(text)
    }

    /// What is to be edited in a text, unless it is no code or has syntax that only modules have.
    fn references_in(&self, text: &str) -> Option<References> {
        let allocator = Allocator::default();
        let options = ParseOptions { preserve_parens: true, ..ParseOptions::default() };
        let parsed = Parser::new(&allocator, text, SourceType::mjs()).with_options(options).parse();
        if parsed.panicked || parsed.diagnostics.errors().next().is_some() {
            return None;
        }
        let semantic = SemanticBuilder::new().with_check_syntax_error(true).build(&parsed.program);
        if semantic.diagnostics.errors().next().is_some() {
            return None;
        }
        let mut record = ModuleRecord {
            imports: self.record.imports.clone(),
            local_exports: self.record.local_exports.clone(),
            ..ModuleRecord::default()
        };
        let scoping = semantic.semantic.scoping();
        let program = &parsed.program;
        let found = references::collect(text, program, scoping, &self.names, &mut record, true);
        (found.errors.is_empty() && !record.uses_meta).then_some(found)
    }
}
