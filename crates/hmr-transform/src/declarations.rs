//! Import and export declarations: their entries in the record, and how each is blanked.

use oxc_ast::ast::{
    Declaration, ExportDefaultDeclaration, ExportDefaultDeclarationKind, ExportFromDeclaration,
    ExportNamedDeclaration, Expression, Function, ImportAttributeKey, ImportDeclaration,
    ImportDeclarationSpecifier, ModuleExportName, Program, Statement, StringLiteral, WithClause,
    WithClauseKeyword,
};
use oxc_semantic::{Scoping, SymbolFlags, SymbolId};
use oxc_span::{GetSpan, Span};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;
use crate::edit::{Edit, Replacement};
use crate::names::Names;
use crate::record::{
    ImportEntry, ImportName, IndirectExport, LocalExport, ModuleRecord, ModuleRequest,
};
use crate::text::skip_trivia;

/// What the module's own declarations yield.
pub(crate) struct Declarations {
    pub record: ModuleRecord,
    pub edits: Vec<Edit>,
    pub default_function: Option<DefaultFunction>,
}

/// The two executable forms of an anonymous `export default function () {}`.
///
/// As an expression its source text and its name `default` are exact. Inside an import cycle it
/// must be callable before the module runs, so there it becomes a hoisted declaration.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct DefaultFunction {
    pub expression: Vec<Edit>,
    pub hoisted: Vec<Edit>,
}

pub(crate) fn collect(
    source: &str,
    program: &Program,
    scoping: &Scoping,
    names: &Names,
) -> Result<Declarations, Vec<Diagnostic>> {
    let mut collector = Collector {
        source,
        scoping,
        names,
        record: ModuleRecord::default(),
        edits: Vec::new(),
        default_function: None,
        imported: FxHashMap::default(),
        errors: Vec::new(),
    };
    // Requests are numbered in source order, but an export may stand before the import it names:
    // entries that need the imports wait for the second pass.
    for statement in &program.body {
        collector.requests(statement);
    }
    for statement in &program.body {
        collector.exports(statement);
    }
    if collector.errors.is_empty() {
        Ok(Declarations {
            record: collector.record,
            edits: collector.edits,
            default_function: collector.default_function,
        })
    } else {
        Err(collector.errors)
    }
}

struct Collector<'s> {
    source: &'s str,
    scoping: &'s Scoping,
    names: &'s Names,
    record: ModuleRecord,
    edits: Vec<Edit>,
    default_function: Option<DefaultFunction>,
    /// Imported symbol to its slot in `record.imports`.
    imported: FxHashMap<SymbolId, usize>,
    errors: Vec<Diagnostic>,
}

impl Collector<'_> {
    fn requests(&mut self, statement: &Statement) {
        match statement {
            Statement::ImportDeclaration(import) => self.import(import),
            Statement::ExportFromDeclaration(export) => self.export_from(export),
            Statement::ExportAllDeclaration(export) => {
                let request = self.request(&export.source, export.with_clause.as_deref());
                match &export.exported {
                    Some(name) => self.record.indirect_exports.push(IndirectExport {
                        name: export_name(name),
                        request,
                        import: ImportName::Namespace,
                        span: name.span(),
                    }),
                    None => self.record.star_exports.push(request),
                }
                self.blank(export.span);
            }
            _ => return,
        }
        self.record.has_module_syntax = true;
    }

    fn exports(&mut self, statement: &Statement) {
        match statement {
            Statement::ExportDeclaration(export) => {
                self.declaration(&export.declaration);
                self.edits.push(Edit::blank(export.span.start, export.span.start + 6));
            }
            Statement::ExportNamedDeclaration(export) => self.export_list(export),
            Statement::ExportDefaultDeclaration(export) => self.export_default(export),
            _ => return,
        }
        self.record.has_module_syntax = true;
    }

    fn import(&mut self, import: &ImportDeclaration) {
        if import.phase.is_some() {
            let message = "`import source` and `import defer` cannot be hot: exclude this file with \
                           the `exclude` option";
            self.errors.push(Diagnostic::at(self.source, import.span, message));
        }
        let request = self.request(&import.source, import.with_clause.as_deref());
        for specifier in import.specifiers.iter().flatten() {
            let mut span = specifier.span();
            let (name, local) = match specifier {
                ImportDeclarationSpecifier::ImportSpecifier(named) => {
                    // What V8 points at if it is not there.
                    span = named.imported.span();
                    (ImportName::Named(export_name(&named.imported)), &named.local)
                }
                ImportDeclarationSpecifier::ImportDefaultSpecifier(default) => {
                    (ImportName::Named("default".into()), &default.local)
                }
                ImportDeclarationSpecifier::ImportNamespaceSpecifier(namespace) => {
                    (ImportName::Namespace, &namespace.local)
                }
            };
            self.imported.insert(local.symbol_id(), self.record.imports.len());
            let local = local.name.to_string();
            self.record.imports.push(ImportEntry { request, name, local, span });
        }
        self.blank(import.span);
    }

    fn export_from(&mut self, export: &ExportFromDeclaration) {
        let request = self.request(&export.source, export.with_clause.as_deref());
        for specifier in &export.specifiers {
            self.record.indirect_exports.push(IndirectExport {
                name: export_name(&specifier.exported),
                request,
                import: ImportName::Named(export_name(&specifier.local)),
                span: specifier.span,
            });
        }
        self.blank(export.span);
    }

    /// `export { a, b as c }`: of a local binding, or of an import (ParseModule step 10.a).
    fn export_list(&mut self, export: &ExportNamedDeclaration) {
        for specifier in &export.specifiers {
            let name = export_name(&specifier.exported);
            let local = export_name(&specifier.local);
            let Some(symbol) = self.scoping.get_root_binding(local.as_str().into()) else {
                let message = format!("Export '{local}' is not defined in module");
                self.errors.push(Diagnostic::at(self.source, specifier.span, message));
                continue;
            };
            let slot = self.imported.get(&symbol).copied();
            match slot.map(|slot| &self.record.imports[slot]) {
                Some(ImportEntry { request, name: import @ ImportName::Named(_), .. }) => {
                    let (request, import) = (*request, import.clone());
                    let span = specifier.span;
                    let entry = IndirectExport { name, request, import, span };
                    self.record.indirect_exports.push(entry);
                }
                // Step 10.a.ii.2.a: an imported namespace is re-exported as a local binding.
                Some(_) => self.local(name, local, true),
                None => self.local_symbol(name, symbol),
            }
        }
        self.blank(export.span);
    }

    fn declaration(&mut self, declaration: &Declaration) {
        match declaration {
            Declaration::VariableDeclaration(variables) => {
                for declarator in &variables.declarations {
                    for identifier in declarator.id.get_binding_identifiers() {
                        self.local_symbol(identifier.name.to_string(), identifier.symbol_id());
                    }
                }
            }
            Declaration::FunctionDeclaration(function) => {
                if let Some(id) = &function.id {
                    self.local_symbol(id.name.to_string(), id.symbol_id());
                }
            }
            Declaration::ClassDeclaration(class) => {
                if let Some(id) = &class.id {
                    self.local_symbol(id.name.to_string(), id.symbol_id());
                }
            }
            _ => {}
        }
    }

    fn export_default(&mut self, export: &ExportDefaultDeclaration) {
        let start = export.span.start;
        let keyword = skip_trivia(self.source, start + 6);
        let name = String::from("default");
        let named = match &export.declaration {
            ExportDefaultDeclarationKind::FunctionDeclaration(function) => function.id.as_ref(),
            ExportDefaultDeclarationKind::ClassDeclaration(class) => class.id.as_ref(),
            _ => None,
        };
        if let Some(id) = named {
            self.edits.push(Edit::blank(start, start + 6));
            self.edits.push(Edit::text(keyword, keyword + 7, ""));
            return self.local_symbol(name, id.symbol_id());
        }
        match &export.declaration {
            ExportDefaultDeclarationKind::FunctionDeclaration(function) => {
                let end = function.span.end;
                self.default_function = Some(DefaultFunction {
                    expression: self.held_default(start, keyword, end, end),
                    hoisted: vec![self.hoisted_default(start, function)],
                });
                self.local(name, self.names.default.clone(), true);
            }
            ExportDefaultDeclarationKind::ClassDeclaration(class) => {
                let end = class.span.end;
                let edits = self.held_default(start, keyword, end, end);
                self.edits.extend(edits);
                self.local(name, format!("{}.default", self.names.holder), false);
            }
            declaration => {
                let Some(expression) = declaration.as_expression() else {
                    return;
                };
                let end = expression.span().end;
                if is_anonymous_function_definition(expression) {
                    let edits = self.held_default(start, keyword, end, export.span.end);
                    self.edits.extend(edits);
                    self.local(name, format!("{}.default", self.names.holder), false);
                } else {
                    self.edits.push(Edit::text(start, start + 6, "let"));
                    let binding = format!("{}=", self.names.default);
                    self.edits.push(Edit::text(keyword, keyword + 7, binding));
                    self.local(name, self.names.default.clone(), false);
                }
            }
        }
    }

    /// `export default <anonymous>` as `let $={default:<anonymous>};`: the property gives the
    /// function or class the name `default` at the moment the standard does (16.2.3.7 step 3.a).
    fn held_default(
        &self,
        start: u32,
        keyword: u32,
        expression_end: u32,
        statement_end: u32,
    ) -> Vec<Edit> {
        let holder = self.names.holder;
        let brace = match self.source[..keyword as usize].chars().next_back() {
            Some(space @ (' ' | '\t')) => {
                Edit::text(keyword - space.len_utf8() as u32, keyword, "{")
            }
            _ => Edit::insert(keyword, "{"),
        };
        let after = keyword + 7;
        let colon = match self.source[after as usize..].chars().next() {
            Some(' ' | '\t') => Edit::text(after, after + 1, ":"),
            _ => Edit::insert(after, ":"),
        };
        let has_semicolon =
            self.source[expression_end as usize..statement_end as usize].ends_with(';');
        let close = if has_semicolon { "}" } else { "};" };
        vec![
            Edit::text(start, start + 6, format!("let {holder}=")),
            brace,
            colon,
            Edit::insert(expression_end, close),
        ]
    }

    /// `export default function (` as `function $dflt(`, ending in the same column. The head is
    /// rewritten whole unless a line break in it must be kept.
    fn hoisted_default(&self, start: u32, function: &Function) -> Edit {
        let params = function.params.span.start;
        let asynchronous = if function.r#async { "async " } else { "" };
        let star = if function.generator { "*" } else { "" };
        let head = format!(";{asynchronous}function{star} {}", self.names.default);
        let breaks = self.source[start as usize..params as usize].contains(['\n', '\r']);
        if breaks {
            return Edit::text(start, params, head);
        }
        Edit { span: Span::new(start, params), with: Replacement::RightAligned(head) }
    }

    fn local_symbol(&mut self, name: String, symbol: SymbolId) {
        let local = self.scoping.symbol_name(symbol).to_owned();
        let function = self.scoping.symbol_flags(symbol).contains(SymbolFlags::Function);
        let hoisted = function && !self.scoping.symbol_is_mutated(symbol);
        self.local(name, local, hoisted);
    }

    fn local(&mut self, name: String, local: String, hoisted: bool) {
        let export = LocalExport { name, local, hoisted, pushed: false };
        self.record.local_exports.push(export);
    }

    fn blank(&mut self, span: Span) {
        self.edits.push(Edit::blank(span.start, span.end));
    }

    /// The index of the request, shared by equal ones (ModuleRequestsEqual, 16.2.1.3).
    fn request(&mut self, source: &StringLiteral, with: Option<&WithClause>) -> u32 {
        let assertion = with.filter(|clause| clause.keyword == WithClauseKeyword::Assert);
        let first = assertion.map(|clause| clause.span);
        self.record.assertion = self.record.assertion.or(first);
        let attributes: Vec<(String, String)> = with
            .iter()
            .flat_map(|clause| &clause.with_entries)
            .map(|entry| {
                let key = match &entry.key {
                    ImportAttributeKey::Identifier(name) => name.name.to_string(),
                    ImportAttributeKey::StringLiteral(text) => text.value.to_string(),
                };
                (key, entry.value.value.to_string())
            })
            .collect();
        let specifier = source.value.to_string();
        let requests = &mut self.record.requests;
        let known = requests
            .iter()
            .position(|known| known.specifier == specifier && known.attributes == attributes);
        let index = known.unwrap_or_else(|| {
            requests.push(ModuleRequest { specifier, attributes, span: source.span });
            requests.len() - 1
        });
        index as u32
    }
}

fn export_name(name: &ModuleExportName) -> String {
    name.name().to_string()
}

/// ECMA-262 8.4.4 IsAnonymousFunctionDefinition, through parentheses.
pub(crate) fn is_anonymous_function_definition(expression: &Expression) -> bool {
    match expression {
        Expression::ParenthesizedExpression(inner) => {
            is_anonymous_function_definition(&inner.expression)
        }
        Expression::ArrowFunctionExpression(_) => true,
        Expression::FunctionExpression(function) => function.id.is_none(),
        Expression::ClassExpression(class) => class.id.is_none(),
        _ => false,
    }
}
