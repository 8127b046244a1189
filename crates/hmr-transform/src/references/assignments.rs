//! Assignments and declarations: which of them are told.

use oxc_ast::ast::{BindingPattern, Expression, ForStatementLeft, Statement, VariableDeclaration};
use oxc_ast_visit::Visit;
use oxc_span::Span;

use super::Visitor;
use crate::push::When;

impl Visitor<'_, '_> {
    /// The statement of a list that consists of the expression at `span` alone.
    pub(super) fn whole_statement(&self, span: Span) -> Option<Span> {
        let Span { start, end, .. } = self.statement;
        let text = &self.source[start as usize..end as usize];
        let length = text.trim_end_matches(';').trim_end().len() as u32;
        let is_whole = span.start == start && span.end == start + length;
        (is_whole && !self.keeps_values).then_some(self.statement)
    }

    /// The same, with any parentheses around the expression.
    pub(super) fn statement_around(&self, span: Span) -> Option<Span> {
        let Span { start, end, .. } = self.statement;
        let is_within = start <= span.start && span.end <= end && !self.keeps_values;
        let of = |text: &str, parenthesis| {
            text.chars().all(|char| char == parenthesis || char.is_whitespace())
        };
        let statement = is_within.then_some(self.statement)?;
        let before = &self.source[start as usize..span.start as usize];
        let after = self.source[span.end as usize..end as usize].trim_end_matches(';');
        (of(before, '(') && of(after, ')')).then_some(statement)
    }

    /// Visits the targets of one assignment. Whether importers must be told about it.
    pub(super) fn assigns(&mut self, visit: impl FnOnce(&mut Self)) -> bool {
        let outer = std::mem::take(&mut self.pushed);
        visit(self);
        std::mem::replace(&mut self.pushed, outer)
    }

    /// Who is told about an assignment here.
    pub(super) fn when(&self) -> When {
        if self.deferred > 0 { When::Always } else { When::SeenEarly }
    }

    /// What is evaluated in the middle of an assignment sees what that has assigned before.
    pub(super) fn amid(&mut self, expression: &Expression, was_pushed: bool) {
        if was_pushed {
            self.pushes.precede(self.when(), expression);
        }
    }

    /// `for (n of values)` and `for (n in object)`.
    pub(super) fn assigning_loop<'a>(
        &mut self,
        left: &ForStatementLeft<'a>,
        right: &Expression<'a>,
        body: &Statement<'a>,
    ) {
        let is_pushed = self.assigns(|visitor| {
            visitor.in_loop_head = true;
            visitor.visit_for_statement_left(left);
            visitor.in_loop_head = false;
        });
        self.visit_expression(right);
        if is_pushed {
            self.pushes.begin_body(self.when(), body);
        }
        self.visit_statement(body);
    }

    /// Visits a declaration. Its variables have values one after the other.
    pub(super) fn declaration<'a>(&mut self, declaration: &VariableDeclaration<'a>) {
        let in_loop_head = std::mem::take(&mut self.in_loop_head);
        for declarator in &declaration.declarations {
            if in_loop_head {
                self.pattern(&declarator.id);
                continue;
            }
            let is_pushed = self.assigns(|visitor| visitor.pattern(&declarator.id));
            if let Some(init) = &declarator.init {
                self.visit_expression(init);
            }
            let has_value = declarator.init.is_some() || declaration.kind.is_lexical();
            if is_pushed && has_value && !declaration.kind.is_using() {
                self.pushes.declare(declarator.span);
            }
        }
    }

    fn pattern<'a>(&mut self, pattern: &BindingPattern<'a>) {
        self.declares = true;
        self.visit_binding_pattern(pattern);
        self.declares = false;
    }
}
