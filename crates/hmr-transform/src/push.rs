//! Assignments to exported bindings inside of functions, which importers are told about at once.
//! The statement `n = 5;` becomes `n = 5;$push();` and keeps its columns. As a part of another
//! expression `n = 5` becomes `$push(n = 5)`: the call returns its argument, so the assignment keeps
//! its value, its place in the order of evaluation, and the name it gives to an anonymous function.
//! A statement that takes something apart may throw in the middle: it becomes `try{[n] = x;}finally{$push();}`.
//!
//! Where the namespace of a module is seen while it runs, values that exports get at its top level are told, too:
//! `const n = 5` becomes `const n = 5,{}=$push(0)`, whose pattern declares nothing.

use std::collections::BTreeMap;

use oxc_ast::ast::{Class, Declaration, Expression, Statement, VariableDeclaration};
use oxc_semantic::{Scoping, SymbolId};
use oxc_span::{GetSpan, Span};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::declarations::is_anonymous_function_definition;
use crate::edit::Edit;
use crate::record::ModuleRecord;
use crate::text::skip_trivia;

/// Tokens that cannot follow an assignment, so the line end before one of them ended the statement. Behind the
/// parenthesis of a call it would not.
const GOES_ON: &[char] = &['(', '[', '`', '/', '+', '-', '*'];
/// The same behind what can be the left operand of another operator, such as `n++`.
const GOES_ON_BEHIND_OPERAND: &[char] = &['(', '[', '`'];

/// Edits that tell assignments, by what they stand before or behind at the same place.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Told {
    opened: Vec<Edit>,
    closed: Vec<Edit>,
    /// Behind whole statements.
    behind: Vec<Edit>,
}

impl Told {
    /// With `others`, sorted; of those at the same place each where it belongs.
    pub(crate) fn with(&self, others: impl IntoIterator<Item = Edit>) -> Vec<Edit> {
        let mut all: Vec<_> = self.closed.iter().cloned().chain(others).collect();
        all.extend(self.opened.iter().chain(&self.behind).cloned());
        all.sort_by_key(|edit| (edit.span.start, edit.span.end));
        all
    }
}

/// Where an assignment is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    Always,
    /// Only where somebody sees the namespace of the module while it runs.
    SeenEarly,
}

/// Collects what is written around assignments.
pub(crate) struct Pushes<'s> {
    source: &'s str,
    push: &'s str,
    always: Marks,
    early: Marks,
}

#[derive(Default)]
struct Marks {
    opened: Vec<Edit>,
    /// What ends at one place, from the inside out.
    closed: BTreeMap<u32, Close>,
    behind: Vec<Edit>,
}

#[derive(Default)]
struct Close {
    calls: usize,
    declares: bool,
    semicolon: bool,
    statement: bool,
    pattern: bool,
    braces: usize,
}

impl<'s> Pushes<'s> {
    pub(crate) fn new(source: &'s str, push: &'s str) -> Self {
        Self { source, push, always: Marks::default(), early: Marks::default() }
    }

    fn mark(&mut self, when: When, add: impl Fn(&mut Marks)) {
        add(&mut self.early);
        if when == When::Always {
            add(&mut self.always);
        }
    }

    fn open(&mut self, when: When, edit: &Edit) {
        self.mark(when, |marks| marks.opened.push(edit.clone()));
    }

    fn close(&mut self, when: When, at: u32, change: impl Fn(&mut Close)) {
        self.mark(when, |marks| change(marks.closed.entry(at).or_default()));
    }

    /// A statement of a list that consists of an assignment.
    pub(crate) fn follow(&mut self, when: When, statement: Span) {
        let semicolon = !self.source[..statement.end as usize].ends_with(';');
        self.close(when, statement.end, |close| {
            close.semicolon |= semicolon;
            close.statement = true;
        });
    }

    /// One that takes apart what it assigns, which may throw when some of it has been assigned.
    pub(crate) fn follow_pattern(&mut self, when: When, statement: Span) {
        self.open(when, &Edit::insert(statement.start, "try{".to_owned()));
        self.close(when, statement.end, |close| close.pattern = true);
    }

    /// A statement that gives an export its value.
    pub(crate) fn follow_declaration(&mut self, statement: Span) {
        let semicolon = if self.source[..statement.end as usize].ends_with(';') { "" } else { ";" };
        let edit = Edit::insert(statement.end, format!("{semicolon}{}();", self.push));
        self.early.behind.push(edit);
    }

    /// A declaration of variables goes on behind one that is exported.
    pub(crate) fn declare(&mut self, declarator: Span) {
        let semicolon = self.is_before(declarator.end, GOES_ON);
        self.close(When::SeenEarly, declarator.end, |close| {
            close.declares = true;
            close.semicolon |= semicolon;
        });
    }

    /// An assignment expression, or with `operand` one that can be the left operand of another
    /// operator, such as `n++`.
    pub(crate) fn wrap(&mut self, when: When, span: Span, operand: bool) {
        let ends = if operand { GOES_ON_BEHIND_OPERAND } else { GOES_ON };
        let semicolon = self.is_before(span.end, ends);
        self.enclose(when, span, &format!("{}(", self.push), semicolon);
    }

    /// An expression before which part of the same assignment is to be told. It names no function.
    pub(crate) fn precede(&mut self, when: When, expression: &Expression) {
        if is_anonymous_function_definition(expression) {
            return;
        }
        self.enclose(when, expression.span(), &format!("({}(),", self.push), false);
    }

    /// The object of a property that is assigned when part of the same assignment is to be told.
    pub(crate) fn precede_property(&mut self, when: When, object: &Expression) {
        if matches!(object, Expression::Super(_)) {
            return;
        }
        self.enclose(when, object.span(), &format!("{}(", self.push), false);
    }

    /// Puts an expression behind `text`, whose parenthesis ends with it.
    fn enclose(&mut self, when: When, span: Span, text: &str, semicolon: bool) {
        let before = self.source[..span.start as usize].chars().next_back();
        let joins = before.is_some_and(|last| last.is_alphanumeric() || "$_".contains(last));
        let space = if joins { " " } else { "" };
        self.open(when, &Edit::insert(span.start, format!("{space}{text}")));
        self.close(when, span.end, |close| {
            close.calls += 1;
            close.semicolon |= semicolon;
        });
    }

    /// Whether one of these tokens comes next.
    fn is_before(&self, at: u32, tokens: &[char]) -> bool {
        self.source[skip_trivia(self.source, at) as usize..].starts_with(tokens)
    }

    /// The body of a loop whose head assigns in each round.
    pub(crate) fn begin_body(&mut self, when: When, body: &Statement) {
        let Span { start, end, .. } = body.span();
        if matches!(body, Statement::BlockStatement(_)) {
            self.open(when, &Edit::insert(start + 1, format!("{}();", self.push)));
            return;
        }
        self.open(when, &Edit::insert(start, format!("{{{}();", self.push)));
        self.close(when, end, |close| close.braces += 1);
    }

    /// What is always told, and what is told where the namespace is seen while the module runs.
    pub(crate) fn into_told(self) -> (Told, Told) {
        (self.always.into_told(self.push), self.early.into_told(self.push))
    }
}

impl Marks {
    fn into_told(self, push: &str) -> Told {
        let closed = self.closed.into_iter().map(|(at, close)| {
            let declares = if close.declares { format!(",{{}}={push}(0)") } else { String::new() };
            let semicolon = if close.semicolon { ";" } else { "" };
            let statement = match (close.pattern, close.statement) {
                (true, _) => format!("}}finally{{{push}();}}"),
                (false, true) => format!("{push}();"),
                (false, false) => String::new(),
            };
            let (calls, braces) = (")".repeat(close.calls), "}".repeat(close.braces));
            Edit::insert(at, format!("{calls}{declares}{semicolon}{statement}{braces}"))
        });
        Told { opened: self.opened, closed: closed.collect(), behind: self.behind }
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

/// Whether a statement gives an exported binding its value when it is over. Other declarations do it one by one.
pub(crate) fn gives_value(statement: &Statement, is_exported: impl Fn(SymbolId) -> bool) -> bool {
    let class_is = |class: &Class| class.id.as_ref().is_some_and(|id| is_exported(id.symbol_id()));
    let resources_are = |declaration: &VariableDeclaration| {
        let mut names =
            declaration.declarations.iter().flat_map(|it| it.id.get_binding_identifiers());
        declaration.kind.is_using() && names.any(|name| is_exported(name.symbol_id()))
    };
    match statement {
        Statement::VariableDeclaration(declaration) => resources_are(declaration),
        Statement::ClassDeclaration(class) => class_is(class),
        Statement::ExportDefaultDeclaration(_) => true,
        Statement::ExportDeclaration(export) => match &export.declaration {
            Declaration::ClassDeclaration(class) => class_is(class),
            _ => false,
        },
        _ => false,
    }
}
