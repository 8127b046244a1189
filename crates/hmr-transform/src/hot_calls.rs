//! `import.meta.hot.accept(…)` and the like, as far as the text tells what they say.

use oxc_ast::ast::{Argument, CallExpression, Expression};

use crate::record::HotCalls;

impl HotCalls {
    /// A call of a method of `import.meta.hot`, if it is one.
    pub(crate) fn add(&mut self, call: &CallExpression) {
        let Some(member) = call.callee.as_member_expression() else {
            return;
        };
        let Some(method) = member.static_property_name() else {
            return;
        };
        let Some(hot) = member.object().without_parentheses().as_member_expression() else {
            return;
        };
        let is_meta = matches!(hot.object(), Expression::ImportMeta(_));
        if !is_meta || hot.static_property_name() != Some("hot") {
            return;
        }
        match (method, call.arguments.first().and_then(Argument::as_expression)) {
            ("decline", _) => self.declines = true,
            ("accept", None) => self.accepts_self = true,
            ("accept", Some(first)) => match strings(first) {
                Some(specifiers) => self.accepts.extend(specifiers),
                None => self.accepts_self = true,
            },
            ("acceptExports", Some(first)) => {
                self.accepts_exports.extend(strings(first).unwrap_or_default());
            }
            _ => {}
        }
    }
}

/// The strings of a string literal or of an array of them.
pub(crate) fn strings(expression: &Expression) -> Option<Vec<String>> {
    match expression {
        Expression::StringLiteral(text) => Some(vec![text.value.to_string()]),
        Expression::TemplateLiteral(text) => Some(vec![text.single_quasi()?.to_string()]),
        Expression::ArrayExpression(array) => {
            let elements = array.elements.iter();
            elements.map(|element| strings(element.as_expression()?)?.pop()).collect()
        }
        _ => None,
    }
}
