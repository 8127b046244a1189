//! The types that decorators' metadata mention, as TypeScript's own compiler has them: with all types at
//! hand it knows which name stands for an interface, and leaves that and its import out. Here a name that
//! only metadata mention is looked up when it is needed, in the namespace of its module, and what is not
//! there, or not yet, is `Object`.

use std::collections::BTreeMap;

use oxc_allocator::Allocator;
use oxc_ast::ast::{
    CallExpression, ConditionalExpression, Expression, IdentifierReference, ImportDeclaration,
    ImportDeclarationSpecifier, ModuleExportName, Program,
};
use oxc_ast_visit::{Visit, walk};
use oxc_parser::Parser;
use oxc_span::{GetSpan, SourceType, Span};
use rustc_hash::FxHashSet;

use super::origins::Origins;
use crate::edit::{self, Edit};

/// The helper that oxc's transformer calls.
const METADATA: &str = "_decorateMetadata";

/// `text` with metadata that cannot fail. `types`: imported names that no value mentions.
pub(super) fn softened(
    text: String,
    origins: Origins,
    types: &FxHashSet<String>,
) -> (String, Origins) {
    if !text.contains(METADATA) {
        return (text, origins);
    }
    let allocator = Allocator::default();
    let parsed = Parser::new(&allocator, &text, SourceType::mjs()).parse();
    let mut values = Values(FxHashSet::default());
    values.visit_program(&parsed.program);
    let types: FxHashSet<_> = types.difference(&values.0).cloned().collect();
    let mut softening = Softening {
        text: &text,
        namespaces: namespaces(&parsed.program, &types),
        edits: Vec::new(),
        in_metadata: false,
    };
    softening.visit_program(&parsed.program);
    let mut edits = softening.edits;
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut softened = String::with_capacity(text.len());
    edit::apply(&text, edits.iter(), &mut softened);
    let shifts = edit::shifts(&text, &edits);
    let origins = origins.moved(|line, column| (line, edit::shifted(&shifts, line, column)));
    (softened, origins)
}

/// What each of `types` is called in its module, by local name.
fn namespaces(program: &Program, types: &FxHashSet<String>) -> BTreeMap<String, String> {
    let imports = program.body.iter().filter_map(|statement| match statement {
        oxc_ast::ast::Statement::ImportDeclaration(import) => Some(import),
        _ => None,
    });
    let mut found = BTreeMap::new();
    for specifier in imports.flat_map(|import| import.specifiers.iter().flatten()) {
        let local = specifier.local().name.to_string();
        let exported = match specifier {
            ImportDeclarationSpecifier::ImportSpecifier(named) => match &named.imported {
                ModuleExportName::StringLiteral(_) => continue,
                name => name.name().to_string(),
            },
            ImportDeclarationSpecifier::ImportDefaultSpecifier(_) => "default".to_owned(),
            ImportDeclarationSpecifier::ImportNamespaceSpecifier(_) => continue,
        };
        if types.contains(&local) {
            found.insert(local.clone(), format!("_types_{local}.{exported}"));
        }
    }
    found
}

fn is_metadata(call: &CallExpression) -> bool {
    call.callee.get_identifier_reference().is_some_and(|callee| callee.name == METADATA)
}

/// Names that are mentioned outside of metadata: JSX may do so without the file's doing.
struct Values(FxHashSet<String>);

impl<'a> Visit<'a> for Values {
    fn visit_call_expression(&mut self, call: &CallExpression<'a>) {
        if !is_metadata(call) {
            walk::walk_call_expression(self, call);
        }
    }

    fn visit_identifier_reference(&mut self, name: &IdentifierReference<'a>) {
        self.0.insert(name.name.to_string());
    }
}

struct Softening<'s> {
    text: &'s str,
    /// How a name is looked up, by its local name.
    namespaces: BTreeMap<String, String>,
    edits: Vec<Edit>,
    in_metadata: bool,
}

impl Softening<'_> {
    fn source(&self, span: Span) -> &str {
        &self.text[span.start as usize..span.end as usize]
    }

    /// `A.B` with the first name looked up where it is declared.
    fn looked_up(&self, expression: &Expression) -> String {
        let text = self.source(expression.span());
        let end = text.find(['.', '[']).unwrap_or(text.len());
        let (name, rest) = text.split_at(end);
        self.namespaces.get(name).map_or(text.to_owned(), |found| format!("{found}{rest}"))
    }
}

impl<'a> Visit<'a> for Softening<'_> {
    fn visit_import_declaration(&mut self, import: &ImportDeclaration<'a>) {
        let all = || import.specifiers.iter().flatten();
        let is_soft = |specifier: &&ImportDeclarationSpecifier| {
            self.namespaces.contains_key(specifier.local().name.as_str())
        };
        if !all().any(|specifier| is_soft(&specifier)) {
            return;
        }
        let from = &self.text[import.source.span.start as usize..import.span.end as usize];
        let from = from.trim_end_matches(';');
        let mut text = String::new();
        let (mut named, mut others) = (Vec::new(), Vec::new());
        for specifier in all() {
            let local = specifier.local().name.as_str();
            let source = self.source(specifier.span());
            if is_soft(&specifier) {
                text.push_str(&format!("import * as _types_{local} from {from}; "));
            } else if matches!(specifier, ImportDeclarationSpecifier::ImportSpecifier(_)) {
                named.push(source);
            } else {
                others.push(source.to_owned());
            }
        }
        if !named.is_empty() {
            others.push(format!("{{ {} }}", named.join(", ")));
        }
        if !others.is_empty() {
            text.push_str(&format!("import {} from {from};", others.join(", ")));
        }
        self.edits.push(Edit::text(import.span.start, import.span.end, text));
    }

    fn visit_call_expression(&mut self, call: &CallExpression<'a>) {
        let is_metadata = is_metadata(call);
        let outer = self.in_metadata;
        self.in_metadata |= is_metadata;
        walk::walk_call_expression(self, call);
        self.in_metadata = outer;
    }

    fn visit_conditional_expression(&mut self, conditional: &ConditionalExpression<'a>) {
        let is_guard = matches!(&conditional.consequent, Expression::Identifier(name)
            if name.name == "Object");
        if !self.in_metadata || !is_guard {
            return walk::walk_conditional_expression(self, conditional);
        }
        let value = self.looked_up(&conditional.alternate);
        let text = format!("((() => {{ try {{ return {value}; }} catch {{}} }})() ?? Object)");
        self.edits.push(Edit::text(conditional.span.start, conditional.span.end, text));
    }

    fn visit_identifier_reference(&mut self, name: &IdentifierReference<'a>) {
        if let Some(found) = self.namespaces.get(name.name.as_str()) {
            self.edits.push(Edit::text(name.span.start, name.span.end, found.clone()));
        }
    }
}
