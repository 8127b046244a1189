//! Where a module waits while it is evaluated.

use oxc_allocator::Allocator;
use oxc_ast::ast::{
    ArrowFunctionExpression, AwaitExpression, ForOfStatement, ForStatementLeft, Function,
    VariableDeclaration, VariableDeclarationKind,
};
use oxc_ast_visit::{Visit, walk};
use oxc_parser::Parser;
use oxc_span::{GetSpan, SourceType, Span};
use oxc_syntax::scope::ScopeFlags;

/// The places of top-level `await` in the module `text`, in order, as V8 tells them: of `for await` what is assigned.
#[must_use]
pub fn top_level_awaits(text: &str) -> Vec<Span> {
    let allocator = Allocator::default();
    let parsed = Parser::new(&allocator, text, SourceType::mjs()).parse();
    let mut awaits = Awaits(Vec::new());
    awaits.visit_program(&parsed.program);
    awaits.0
}

struct Awaits(Vec<Span>);

impl<'a> Visit<'a> for Awaits {
    fn visit_function(&mut self, _: &Function<'a>, _: ScopeFlags) {}

    fn visit_arrow_function_expression(&mut self, _: &ArrowFunctionExpression<'a>) {}

    fn visit_await_expression(&mut self, expression: &AwaitExpression<'a>) {
        self.0.push(expression.span);
        walk::walk_await_expression(self, expression);
    }

    fn visit_for_of_statement(&mut self, statement: &ForOfStatement<'a>) {
        if statement.r#await {
            let declared = match &statement.left {
                ForStatementLeft::VariableDeclaration(declaration) => {
                    declaration.declarations.first().map(GetSpan::span)
                }
                _ => None,
            };
            self.0.push(declared.unwrap_or_else(|| statement.left.span()));
        }
        walk::walk_for_of_statement(self, statement);
    }

    fn visit_variable_declaration(&mut self, declaration: &VariableDeclaration<'a>) {
        if declaration.kind == VariableDeclarationKind::AwaitUsing {
            self.0.push(declaration.span);
        }
        walk::walk_variable_declaration(self, declaration);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_wait_for_themselves() {
        let cases: [(&str, &[u32]); 7] = [
            ("await 1;", &[0]),
            ("const a = 5 + await b;", &[14]),
            ("for await (const x of y);", &[17]),
            ("for await (x.y of z) await 1;", &[11, 21]),
            ("async function f() { await 1; } (async () => await 1)();", &[]),
            ("class A { async m() { await 1; } static [await 2] = 3; }", &[41]),
            ("{ await using a = b; }", &[2]),
        ];
        for (text, expected) in cases {
            let found: Vec<u32> = top_level_awaits(text).iter().map(|span| span.start).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
