//! Overwriting types by spaces. What remains must mean the same as if the types had been taken out by a
//! compiler: where a line end would now end, or no longer end, a statement, a token moves.

use std::ops::Range;

use oxc_ast::ast::{
    ArrowFunctionExpression, Class, ExportFromDeclaration, ExportNamedDeclaration, FormalParameter,
    FormalParameterRest, ImportDeclaration, Program, PropertyKey, Statement, TSAsExpression,
    TSNonNullExpression, TSSatisfiesExpression, TSThisParameter, TSTypeAnnotation, TSTypeAssertion,
    TSTypeParameterDeclaration, TSTypeParameterInstantiation, VariableDeclaration,
    VariableDeclarationKind, VariableDeclarator,
};
use oxc_ast_visit::{Visit, walk};
use oxc_semantic::Scoping;
use oxc_span::{GetSpan, Span};
use rustc_hash::FxHashSet;

use super::Dialect;
use super::elide::Elision;
use crate::edit::{self, Edit, is_line_terminator};
use crate::text::skip_trivia;

/// The text without its types, or nothing if it has syntax that is more than types.
pub(super) fn blanked(
    source: &str,
    program: &Program,
    scoping: &Scoping,
    dialect: &Dialect,
) -> Option<String> {
    let mut blanks = Blanks {
        source,
        dialect,
        elision: Elision::new(scoping, dialect),
        edits: Vec::new(),
        open_ends: FxHashSet::default(),
        is_erasable: true,
    };
    blanks.visit_program(program);
    if !blanks.is_erasable {
        return None;
    }
    blanks.edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut text = String::with_capacity(source.len());
    edit::apply(source, blanks.edits.iter(), &mut text);
    Some(text)
}

pub(super) struct Blanks<'s> {
    pub source: &'s str,
    pub dialect: &'s Dialect,
    pub elision: Elision<'s>,
    edits: Vec<Edit>,
    /// Where statements and class fields end without a semicolon.
    open_ends: FxHashSet<u32>,
    is_erasable: bool,
}

impl Blanks<'_> {
    /// This is no type, and must be compiled.
    pub fn must_compile(&mut self) {
        self.is_erasable = false;
    }

    pub fn blank(&mut self, range: Range<u32>) {
        self.edits.push(Edit::text(range.start, range.end, ""));
    }

    /// Ends what stands before, which a type between two lines has done.
    pub fn blank_with_semicolon(&mut self, span: Span) {
        self.edits.push(Edit::text(span.start, span.end, ";"));
    }

    /// Whether what follows could go on with an expression that stands before it.
    fn goes_on(&self, end: u32) -> bool {
        let next = &self.source[skip_trivia(self.source, end) as usize..];
        let word = ["in", "instanceof"].iter().any(|word| {
            let rest = next.strip_prefix(word);
            rest.is_some_and(|rest| {
                !rest.starts_with(|c: char| c.is_alphanumeric() || "$_".contains(c))
            })
        });
        word || next.starts_with(['(', '[', '`', '/', '+', '-', '*'])
    }

    /// Something that ends here is ended by the line, or by what follows.
    pub fn note_end(&mut self, span: Span) {
        if !self.source[..span.end as usize].ends_with(';') {
            self.open_ends.insert(span.end);
        }
    }

    /// The one-byte mark at or after `from`: `?`, `!` or `,`.
    pub fn mark(&self, from: u32, mark: char) -> Option<u32> {
        let at = skip_trivia(self.source, from);
        self.source[at as usize..].starts_with(mark).then_some(at)
    }

    /// `?` of what is optional, `!` of what is definite, behind a name.
    pub fn blank_mark(&mut self, from: u32, mark: char) {
        if let Some(at) = self.mark(from, mark) {
            self.blank(at..at + 1);
        }
    }

    /// Where a property's key ends, with its bracket.
    pub fn end_of_key(&self, key: &PropertyKey, computed: bool) -> u32 {
        let end = key.span().end;
        if computed { self.mark(end, ']').map_or(end, |bracket| bracket + 1) } else { end }
    }

    /// ` as T` and ` satisfies T` at the end of an expression.
    fn blank_tail(&mut self, expression: Span, whole: Span) {
        let tail = Span::new(expression.end, whole.end);
        // `x as T` and `(y)` on the next line are two statements, `x` and `(y)` are a call.
        if self.open_ends.contains(&whole.end) && self.goes_on(whole.end) {
            self.blank_with_semicolon(tail);
        } else {
            self.blank(tail.start..tail.end);
        }
    }

    fn has_line_end(&self, range: Range<u32>) -> bool {
        self.source[range.start as usize..range.end as usize].contains(is_line_terminator)
    }

    /// `(a): T => b` must not have a line end before the arrow: the parenthesis goes there.
    fn arrow_return_type(&mut self, annotation: &TSTypeAnnotation, params: Span, body: u32) {
        let Span { start, end, .. } = annotation.span;
        let close = params.end - 1;
        if !self.has_line_end(close..body) || !self.has_line_end(start..end) {
            return self.blank(start..end);
        }
        let last = self.source[..end as usize].chars().next_back().map_or(1, char::len_utf8);
        let last = end - last as u32;
        self.blank(close..close + 1);
        self.blank(start..last);
        self.edits.push(Edit::text(last, end, ")"));
    }

    /// `async <T>(a) => b` and `return <T>(a) => b` must not have a line end before the parenthesis,
    /// which goes to the place of the type parameters.
    fn arrow_type_parameters(&mut self, parameters: &TSTypeParameterDeclaration, params: Span) {
        let Span { start, end, .. } = parameters.span;
        if self.has_line_end(start..params.start) {
            self.edits.push(Edit::text(start, end, "("));
            self.blank(params.start..params.start + 1);
        } else {
            self.blank(start..end);
        }
    }

    pub fn statement_is_type(&mut self, statement: &Statement) -> bool {
        if !super::modules::is_type(statement, &self.elision) {
            return false;
        }
        let span = statement.span();
        if self.goes_on(span.end) {
            self.blank_with_semicolon(span);
        } else {
            self.blank(span.start..span.end);
        }
        true
    }
}

impl<'a> Visit<'a> for Blanks<'_> {
    fn visit_statement(&mut self, statement: &Statement<'a>) {
        if !self.is_erasable || self.statement_is_type(statement) {
            return;
        }
        if super::modules::must_compile(statement) {
            return self.must_compile();
        }
        self.note_end(statement.span());
        walk::walk_statement(self, statement);
    }

    fn visit_import_declaration(&mut self, import: &ImportDeclaration<'a>) {
        self.import_specifiers(import);
    }

    fn visit_export_named_declaration(&mut self, export: &ExportNamedDeclaration<'a>) {
        self.export_specifiers(&export.specifiers);
    }

    fn visit_export_from_declaration(&mut self, export: &ExportFromDeclaration<'a>) {
        self.export_specifiers(&export.specifiers);
    }

    fn visit_variable_declaration(&mut self, declaration: &VariableDeclaration<'a>) {
        let using = matches!(
            declaration.kind,
            VariableDeclarationKind::Using | VariableDeclarationKind::AwaitUsing
        );
        if using && !self.dialect.using {
            return self.must_compile();
        }
        walk::walk_variable_declaration(self, declaration);
    }

    fn visit_variable_declarator(&mut self, declarator: &VariableDeclarator<'a>) {
        if declarator.definite {
            self.blank_mark(declarator.id.span().end, '!');
        }
        walk::walk_variable_declarator(self, declarator);
    }

    fn visit_ts_this_parameter(&mut self, parameter: &TSThisParameter<'a>) {
        let end = self.mark(parameter.span.end, ',').map_or(parameter.span.end, |at| at + 1);
        self.blank(parameter.span.start..end);
    }

    fn visit_formal_parameter(&mut self, parameter: &FormalParameter<'a>) {
        let is_property =
            parameter.accessibility.is_some() || parameter.readonly || parameter.r#override;
        if is_property || !parameter.decorators.is_empty() {
            return self.must_compile();
        }
        if parameter.optional {
            self.blank_mark(parameter.pattern.span().end, '?');
        }
        walk::walk_formal_parameter(self, parameter);
    }

    fn visit_formal_parameter_rest(&mut self, rest: &FormalParameterRest<'a>) {
        if !rest.decorators.is_empty() {
            return self.must_compile();
        }
        walk::walk_formal_parameter_rest(self, rest);
    }

    fn visit_arrow_function_expression(&mut self, arrow: &ArrowFunctionExpression<'a>) {
        if let Some(parameters) = &arrow.type_parameters {
            self.arrow_type_parameters(parameters, arrow.params.span);
        }
        self.visit_formal_parameters(&arrow.params);
        if let Some(annotation) = &arrow.return_type {
            self.arrow_return_type(annotation, arrow.params.span, arrow.body.span().start);
        }
        self.visit_arrow_function_body(&arrow.body);
    }

    fn visit_class(&mut self, class: &Class<'a>) {
        self.class(class);
    }

    fn visit_ts_type_annotation(&mut self, annotation: &TSTypeAnnotation<'a>) {
        self.blank(annotation.span.start..annotation.span.end);
    }

    fn visit_ts_type_parameter_declaration(&mut self, types: &TSTypeParameterDeclaration<'a>) {
        self.blank(types.span.start..types.span.end);
    }

    fn visit_ts_type_parameter_instantiation(&mut self, types: &TSTypeParameterInstantiation<'a>) {
        self.blank(types.span.start..types.span.end);
    }

    fn visit_ts_as_expression(&mut self, expression: &TSAsExpression<'a>) {
        self.blank_tail(expression.expression.span(), expression.span);
        self.visit_expression(&expression.expression);
    }

    fn visit_ts_satisfies_expression(&mut self, expression: &TSSatisfiesExpression<'a>) {
        self.blank_tail(expression.expression.span(), expression.span);
        self.visit_expression(&expression.expression);
    }

    fn visit_ts_non_null_expression(&mut self, expression: &TSNonNullExpression<'a>) {
        self.blank(expression.span.end - 1..expression.span.end);
        self.visit_expression(&expression.expression);
    }

    // `<T>{}` cannot become `{}` everywhere, nor can Node's own stripping do it.
    fn visit_ts_type_assertion(&mut self, _: &TSTypeAssertion<'a>) {
        self.must_compile();
    }
}
