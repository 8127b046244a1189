//! Decorated members: their decorators are evaluated where their keys are.

use oxc_ast::ast::{
    AccessorProperty, ClassElement, Decorator, Expression, MethodDefinition, MethodDefinitionKind,
    PropertyDefinition, PropertyKey,
};
use oxc_span::{GetSpan, Span};

use super::{Applying, Member, Parts};
use crate::diagnostic::Diagnostic;
use crate::edit::Edit;
use crate::text::skip_trivia;

impl Applying<'_> {
    pub(super) fn member(&mut self, member: &ClassElement, parts: &mut Parts) {
        match member {
            ClassElement::MethodDefinition(method) if !method.decorators.is_empty() => {
                self.method(method, parts);
            }
            ClassElement::PropertyDefinition(field) if !field.decorators.is_empty() => {
                self.field(field, parts);
            }
            ClassElement::AccessorProperty(accessor) => self.accessor(accessor, parts),
            _ => {}
        }
    }

    fn refuse_private(&mut self, key: &PropertyKey) -> bool {
        let is_private = matches!(key, PropertyKey::PrivateIdentifier(_));
        if is_private {
            let message = "Decorators of private members are not supported";
            self.errors.push(Diagnostic::at(self.source, key.span(), message));
        }
        is_private
    }

    /// `@a static m` as `static [($0=[void 0,a],"m")]`. Returns the names of the list and of the key.
    fn key(
        &mut self,
        (decorators, span): (&[Decorator], Span),
        (key, computed): (&PropertyKey, bool),
        modifiers: &str,
        parts: &mut Parts,
    ) -> (String, String) {
        let (list, name) = (self.name(parts), self.name(parts));
        let start = decorators.first().map_or(span.start, |first| first.span.start);
        self.insert(start, format!("{modifiers}[({list}=["));
        self.decorators(decorators);
        let behind = decorators.last().map_or(start, |last| last.span.end);
        self.insert(behind, format!("],{name}="));
        let key_span = key.span();
        let key_start = if computed { self.bracket_before(key_span.start) } else { key_span.start };
        self.blank(skip_trivia(self.source, behind), key_start);
        if computed {
            let end = skip_trivia(self.source, key_span.end);
            self.edits.push(Edit::text(key_start, key_start + 1, "("));
            self.edits.push(Edit::text(end, end + 1, "))]"));
        } else {
            let is_name = matches!(key, PropertyKey::StaticIdentifier(_));
            let text = self.text(key_span).to_owned();
            let text = if is_name { format!("{text:?}") } else { text };
            self.edits.push(Edit::text(key_span.start, key_span.end, format!("{text})]")));
        }
        (list, name)
    }

    fn bracket_before(&self, at: u32) -> u32 {
        self.source[..at as usize].rfind('[').map_or(at, |bracket| bracket as u32)
    }

    fn method(&mut self, method: &MethodDefinition, parts: &mut Parts) {
        if self.refuse_private(&method.key) {
            return;
        }
        let kind = match method.kind {
            MethodDefinitionKind::Get => 3,
            MethodDefinitionKind::Set => 4,
            _ => 2,
        };
        let mut modifiers = String::new();
        for (word, applies) in [
            ("static ", method.r#static),
            ("async ", method.value.r#async),
            ("get ", kind == 3),
            ("set ", kind == 4),
            ("*", method.value.generator),
        ] {
            modifiers.push_str(if applies { word } else { "" });
        }
        let target = (method.decorators.as_slice(), method.span);
        let (list, name) = self.key(target, (&method.key, method.computed), &modifiers, parts);
        let flags = kind | 16 | if method.r#static { 8 } else { 0 };
        let text = format!("[{list},{flags},{name}]");
        if method.r#static {
            parts.has_static_method = true;
        } else {
            parts.has_method = true;
        }
        parts.members[usize::from(!method.r#static)].push(Member { text, results: Vec::new() });
    }

    fn field(&mut self, field: &PropertyDefinition, parts: &mut Parts) {
        if self.refuse_private(&field.key) {
            return;
        }
        let modifiers = if field.r#static { "static " } else { "" };
        let target = (field.decorators.as_slice(), field.span);
        let (list, name) = self.key(target, (&field.key, field.computed), modifiers, parts);
        let flags = 16 | if field.r#static { 8 } else { 0 };
        let text = format!("[{list},{flags},{name}]");
        let results = self.initializers(parts);
        let end = self.end_of_value(field.span);
        let after = field.type_annotation.as_ref().map(|annotation| annotation.span);
        if field.definite || field.optional {
            let key = field.key.span().end;
            let key = if field.computed { skip_trivia(self.source, key) + 1 } else { key };
            let mark = skip_trivia(self.source, key);
            self.blank(mark, mark + 1);
        }
        self.initialized(field.r#static, &results, (field.value.as_ref(), after), end);
        parts.members[if field.r#static { 2 } else { 3 }].push(Member { text, results });
    }

    fn initializers(&mut self, parts: &mut Parts) -> Vec<String> {
        vec![self.name(parts), self.name(parts)]
    }

    fn end_of_value(&self, span: Span) -> u32 {
        let text = self.text(span);
        span.start + text.trim_end_matches(';').trim_end().len() as u32
    }

    /// The value of a field goes through what its decorators gave, and what they added runs after it.
    fn initialized(
        &mut self,
        is_static: bool,
        results: &[String],
        (value, annotation): (Option<&Expression>, Option<Span>),
        end: u32,
    ) {
        let this = if is_static { "" } else { "this" };
        let comma = if is_static || value.is_none() { "" } else { "," };
        let (first, then) = (&results[0], &results[1]);
        match value {
            Some(value) => self.insert(value.span().start, format!("{first}({this}{comma}")),
            None => {
                let at = annotation.map_or(end, |annotation| annotation.end);
                self.insert(at, format!("={first}({this}"));
            }
        }
        let keyword = if is_static { "static " } else { "" };
        self.insert(end, format!(");{keyword}#{then}={then}({this});"));
    }

    fn accessor(&mut self, accessor: &AccessorProperty, parts: &mut Parts) {
        if !accessor.decorators.is_empty() && self.refuse_private(&accessor.key) {
            return;
        }
        let keyword = if accessor.r#static { "static " } else { "" };
        let storage = format!("#{}", self.fresh());
        let key = self.text(accessor.key.span()).to_owned();
        let again = if accessor.computed { None } else { Some(key.clone()) };
        let end = self.end_of_value(accessor.span);
        let flags = 1 | 16 | if accessor.r#static { 8 } else { 0 };
        let (again, results) = if accessor.decorators.is_empty() {
            let start = accessor.key.span().start;
            let start = if accessor.computed { self.bracket_before(start) } else { start };
            self.blank(accessor.span.start, start);
            self.insert(start, format!("{keyword}get "));
            (again.unwrap_or(format!("[{key}]")), Vec::new())
        } else {
            let modifiers = format!("{keyword}get ");
            let target = (accessor.decorators.as_slice(), accessor.span);
            let key = (&accessor.key, accessor.computed);
            let (list, name) = self.key(target, key, &modifiers, parts);
            let results = self.initializers(parts);
            let text = format!("[{list},{flags},{name}]");
            let order = usize::from(!accessor.r#static);
            parts.members[order].push(Member { text, results: results.clone() });
            (format!("[{name}]"), results)
        };
        let span = accessor.key.span();
        let mut behind =
            if accessor.computed { skip_trivia(self.source, span.end) + 1 } else { span.end };
        let pair = format!(
            "(){{return this.{storage}}}{keyword}set {again}(v){{this.{storage}=v}}{keyword}{storage}"
        );
        self.insert(behind, pair);
        if let Some(annotation) = &accessor.type_annotation {
            self.blank(behind.max(annotation.span.start), annotation.span.end);
            behind = annotation.span.end;
        }
        if results.is_empty() {
            self.insert(end, ";".to_owned());
        } else {
            let annotation = Some(Span::new(behind, behind));
            let value = (accessor.value.as_ref(), annotation);
            self.initialized(accessor.r#static, &results, value, end);
        }
    }
}
