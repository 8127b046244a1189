//! Types in classes: members that are only declared, modifiers, `implements`.

use std::ops::Range;

use oxc_ast::ast::{
    AccessorPropertyType, Class, ClassElement, MethodDefinition, MethodDefinitionType,
    PropertyDefinition, PropertyDefinitionType, PropertyKey,
};
use oxc_ast_visit::Visit;
use oxc_semantic::ScopeFlags;
use oxc_span::{GetSpan, Span};

use super::blank::Blanks;
use crate::text::skip_trivia;

const MODIFIERS: [&str; 7] =
    ["public", "private", "protected", "readonly", "override", "abstract", "declare"];

impl Blanks<'_> {
    pub fn class(&mut self, class: &Class) {
        if !class.decorators.is_empty() {
            return self.must_compile();
        }
        if class.r#abstract {
            self.modifiers(class.span.start..class.span.end, false);
        }
        let mut head = class.id.as_ref().map_or(class.span.start, |id| id.span.end);
        if let Some(types) = &class.type_parameters {
            self.visit_ts_type_parameter_declaration(types);
            head = types.span.end;
        }
        if let Some(heritage) = &class.heritage {
            self.visit_expression(&heritage.expression);
            head = heritage.expression.span().end;
            if let Some(types) = &heritage.type_arguments {
                self.visit_ts_type_parameter_instantiation(types);
                head = types.span.end;
            }
        }
        if let (Some(first), Some(last)) = (class.implements.first(), class.implements.last()) {
            let keyword = self.keyword(head..first.span.start, "implements");
            self.blank(keyword..last.span.end);
        }
        self.members(&class.body.body);
    }

    fn members(&mut self, members: &[ClassElement]) {
        // A field without a semicolon goes on with `[`, `*`, `in` and the like.
        let mut is_open = false;
        for member in members {
            let span = member.span();
            if self.is_left_out(member) {
                if std::mem::take(&mut is_open) {
                    self.blank_with_semicolon(span);
                } else {
                    self.blank(span.start..span.end);
                }
                continue;
            }
            match member {
                ClassElement::MethodDefinition(method) => self.method(method, is_open),
                ClassElement::PropertyDefinition(field) => self.field(field, is_open),
                ClassElement::AccessorProperty(_) => self.must_compile(),
                ClassElement::StaticBlock(block) => self.visit_static_block(block),
                ClassElement::TSIndexSignature(_) => {}
            }
            is_open = matches!(member, ClassElement::PropertyDefinition(_))
                && !self.source[..span.end as usize].ends_with(';');
        }
    }

    /// A member that is only declared.
    fn is_left_out(&self, member: &ClassElement) -> bool {
        match member {
            ClassElement::MethodDefinition(method) => {
                method.r#type == MethodDefinitionType::TSAbstractMethodDefinition
                    || method.value.body.is_none()
            }
            ClassElement::PropertyDefinition(field) => {
                let is_abstract =
                    field.r#type == PropertyDefinitionType::TSAbstractPropertyDefinition;
                field.declare || is_abstract || self.is_undefined(field)
            }
            ClassElement::AccessorProperty(field) => {
                field.r#type == AccessorPropertyType::TSAbstractAccessorProperty
            }
            ClassElement::TSIndexSignature(_) => true,
            ClassElement::StaticBlock(_) => false,
        }
    }

    /// Without `useDefineForClassFields` a field comes into being when it is assigned.
    fn is_undefined(&self, field: &PropertyDefinition) -> bool {
        let is_plain = !field.computed && !matches!(field.key, PropertyKey::PrivateIdentifier(_));
        !self.dialect.define_fields
            && field.value.is_none()
            && is_plain
            && field.decorators.is_empty()
    }

    fn method(&mut self, method: &MethodDefinition, is_open: bool) {
        if !method.decorators.is_empty() {
            return self.must_compile();
        }
        self.modifiers(method.span.start..method.key.span().start, is_open);
        if method.optional {
            self.blank_mark(self.end_of_key(&method.key, method.computed), '?');
        }
        self.visit_property_key(&method.key);
        self.visit_function(&method.value, ScopeFlags::Function);
    }

    fn field(&mut self, field: &PropertyDefinition, is_open: bool) {
        let is_private = matches!(field.key, PropertyKey::PrivateIdentifier(_));
        let is_assigned = !self.dialect.define_fields && !is_private;
        if !field.decorators.is_empty() || is_assigned {
            return self.must_compile();
        }
        self.modifiers(field.span.start..field.key.span().start, is_open);
        self.visit_property_key(&field.key);
        let end = self.end_of_key(&field.key, field.computed);
        let ends_itself = self.source[..field.span.end as usize].ends_with(';');
        // Alone, `get` and a name on the next line are an accessor.
        let needs_semicolon = field.value.is_none() && !ends_itself;
        let mark = self.mark(end, if field.optional { '?' } else { '!' });
        let mark = mark.filter(|_| field.optional || field.definite);
        match (mark, &field.type_annotation) {
            (Some(at), None) if needs_semicolon => self.blank_with_semicolon(Span::new(at, at + 1)),
            (Some(at), _) => self.blank(at..at + 1),
            (None, _) => {}
        }
        match &field.type_annotation {
            Some(annotation) if needs_semicolon => self.blank_with_semicolon(annotation.span),
            Some(annotation) => self.visit_ts_type_annotation(annotation),
            None => {}
        }
        if let Some(value) = &field.value {
            self.note_end(field.span);
            self.visit_expression(value);
        }
    }

    /// Blanks TypeScript's modifiers in front of a name.
    fn modifiers(&mut self, range: Range<u32>, mut is_open: bool) {
        let mut at = skip_trivia(self.source, range.start);
        while at < range.end {
            let rest = &self.source[at as usize..];
            let length = rest.bytes().take_while(u8::is_ascii_lowercase).count();
            let word = &rest[..length];
            let end = at + length as u32;
            if MODIFIERS.contains(&word) {
                if std::mem::take(&mut is_open) {
                    self.blank_with_semicolon(Span::new(at, end));
                } else {
                    self.blank(at..end);
                }
            } else if !matches!(word, "static" | "async" | "get" | "set") {
                return;
            }
            at = skip_trivia(self.source, end);
        }
    }

    /// Where a keyword stands that follows what ends or begins at the beginning of `range`.
    fn keyword(&self, range: Range<u32>, keyword: &str) -> u32 {
        let mut at = skip_trivia(self.source, range.start);
        while at < range.end && !self.source[at as usize..].starts_with(keyword) {
            let rest = &self.source[at as usize..];
            let length = rest.bytes().take_while(u8::is_ascii_lowercase).count().max(1);
            at = skip_trivia(self.source, at + length as u32);
        }
        at
    }
}
