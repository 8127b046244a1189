//! Assignments to exported bindings inside of functions, which importers are told about at once.
//! The statement `n = 5;` becomes `n = 5;$push();` and keeps its columns. As a part of another
//! expression `n = 5` becomes `$push(n = 5)`: the call returns its argument, so the assignment keeps
//! its value, its place in the order of evaluation, and the name it gives to an anonymous function.
//!
//! Where the namespace of a module is seen while it runs, values that exports get at its top level are told, too.

use std::collections::BTreeMap;

use oxc_ast::ast::{Class, Declaration, Statement, VariableDeclaration};
use oxc_semantic::{Scoping, SymbolId};
use oxc_span::{GetSpan, Span};
use rustc_hash::FxHashMap;

use crate::edit::Edit;
use crate::record::ModuleRecord;
use crate::text::skip_trivia;

/// Collects what is written around assignments.
pub(crate) struct Pushes<'s> {
    source: &'s str,
    push: &'s str,
    opened: Vec<Edit>,
    /// What ends at one place, from the inside out.
    closed: BTreeMap<u32, Close>,
}

#[derive(Default)]
struct Close {
    calls: usize,
    semicolon: bool,
    statement: bool,
    braces: usize,
}

impl<'s> Pushes<'s> {
    pub(crate) fn new(source: &'s str, push: &'s str) -> Self {
        Self { source, push, opened: Vec::new(), closed: BTreeMap::new() }
    }

    /// A statement of a list that consists of an assignment.
    pub(crate) fn follow(&mut self, statement: Span) {
        let close = self.closed.entry(statement.end).or_default();
        close.semicolon |= !self.source[..statement.end as usize].ends_with(';');
        close.statement = true;
    }

    /// An assignment expression, or with `operand` one that can be the left operand of another
    /// operator, such as `n++`.
    pub(crate) fn wrap(&mut self, span: Span, operand: bool) {
        let before = self.source[..span.start as usize].chars().next_back();
        let joins = before.is_some_and(|last| last.is_alphanumeric() || "$_".contains(last));
        let space = if joins { " " } else { "" };
        self.opened.push(Edit::insert(span.start, format!("{space}{}(", self.push)));
        let next = skip_trivia(self.source, span.end) as usize;
        // Such a token cannot follow an assignment, so the line end in between ended the statement.
        // Behind the parenthesis of a call it would not.
        let ends: &[char] =
            if operand { &['(', '[', '`'] } else { &['(', '[', '`', '/', '+', '-', '*'] };
        let close = self.closed.entry(span.end).or_default();
        close.calls += 1;
        close.semicolon |= self.source[next..].starts_with(ends);
    }

    /// The body of a loop whose head assigns in each round.
    pub(crate) fn begin_body(&mut self, body: &Statement) {
        let Span { start, end, .. } = body.span();
        if matches!(body, Statement::BlockStatement(_)) {
            self.opened.push(Edit::insert(start + 1, format!("{}();", self.push)));
            return;
        }
        self.opened.push(Edit::insert(start, format!("{{{}();", self.push)));
        self.closed.entry(end).or_default().braces += 1;
    }

    /// In an order in which edits at the same place follow each other.
    pub(crate) fn into_edits(self) -> Vec<Edit> {
        let closed = self.closed.into_iter().map(|(at, close)| {
            let semicolon = if close.semicolon { ";" } else { "" };
            let push = if close.statement { format!("{}();", self.push) } else { String::new() };
            let (calls, braces) = (")".repeat(close.calls), "}".repeat(close.braces));
            Edit::insert(at, format!("{calls}{semicolon}{push}{braces}"))
        });
        self.opened.into_iter().chain(closed).collect()
    }
}

/// The variables that are exported, with the positions of their exports.
pub(crate) fn exported_symbols(
    record: &ModuleRecord,
    scoping: &Scoping,
) -> FxHashMap<SymbolId, Vec<usize>> {
    let mut exported: FxHashMap<SymbolId, Vec<usize>> = FxHashMap::default();
    for (index, export) in record.local_exports.iter().enumerate() {
        if let Some(symbol) = scoping.get_root_binding(export.local.as_str().into()) {
            exported.entry(symbol).or_default().push(index);
        }
    }
    exported
}

/// Whether a statement declares an exported binding with its value.
pub(crate) fn gives_value(statement: &Statement, is_exported: impl Fn(SymbolId) -> bool) -> bool {
    let class_is = |class: &Class| class.id.as_ref().is_some_and(|id| is_exported(id.symbol_id()));
    let variables_are = |declaration: &VariableDeclaration| {
        let mut variables = declaration.declarations.iter();
        variables.any(|variable| {
            let names = variable.id.get_binding_identifiers();
            names.iter().any(|name| is_exported(name.symbol_id()))
        })
    };
    match statement {
        Statement::VariableDeclaration(declaration) => variables_are(declaration),
        Statement::ClassDeclaration(class) => class_is(class),
        Statement::ExportDefaultDeclaration(_) => true,
        Statement::ExportDeclaration(export) => match &export.declaration {
            Declaration::VariableDeclaration(declaration) => variables_are(declaration),
            Declaration::ClassDeclaration(class) => class_is(class),
            _ => false,
        },
        _ => false,
    }
}
