//! ECMAScript's decorators and `accessor`, which no V8 has: the file's own text with each decorated class
//! in a function that applies its decorators, as the helper of Babel expects them. Every line stays where
//! it is.
//!
//! ```text
//! @a class C { @b m() {} @c x = 1; }
//! let C=(()=>{let …;$c=[void 0,a];C=class   {static{…}#$p=$p(this);[($0=[void 0,b],"m")]() {} …};return C})();
//! ```

mod around;
mod members;

use oxc_ast::ast::{
    Class, ClassElement, Decorator, ExportDefaultDeclarationKind, Expression, Program, Statement,
};
use oxc_ast_visit::{Visit, walk};
use oxc_span::{GetSpan, Span};

use super::transform::HELPERS;
use crate::diagnostic::Diagnostic;
use crate::edit::{self, Edit, Shift};

/// The text without decorators, and how it has moved, if there were any.
pub(super) fn applied(
    source: &str,
    program: &Program,
) -> Result<Option<(String, Vec<Shift>)>, Vec<Diagnostic>> {
    let prefix = (0..).map(|n| format!("_${n}")).find(|name| !source.contains(name.as_str()));
    let mut applying = Applying {
        source,
        prefix: prefix.unwrap_or_default(),
        last: 0,
        export: Export::No,
        edits: Vec::new(),
        errors: Vec::new(),
    };
    applying.visit_program(program);
    if !applying.errors.is_empty() {
        return Err(applying.errors);
    }
    if applying.edits.is_empty() {
        return Ok(None);
    }
    let import = format!("\nimport {0} from '{HELPERS}/helpers/applyDecs2311';", applying.prefix);
    let mut edits = applying.edits;
    // What is inserted at one place stays in the order in which it was.
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut text = String::with_capacity(source.len());
    edit::apply(source, edits.iter(), &mut text);
    text.push_str(&import);
    Ok(Some((text, edit::shifts(source, &edits))))
}

/// How a class declaration is exported.
#[derive(Clone, Copy)]
enum Export {
    No,
    /// `export`, from here on.
    Named(u32),
    /// `export default`, from here on.
    Default(u32),
}

struct Applying<'s> {
    source: &'s str,
    /// What all names of ours begin with; alone it is the helper.
    prefix: String,
    last: usize,
    /// Of the class that is visited next.
    export: Export,
    edits: Vec<Edit>,
    errors: Vec<Diagnostic>,
}

/// What is collected of one class.
#[derive(Default)]
struct Parts {
    /// Variables of the function around it.
    names: Vec<String>,
    /// Decorated members, as the helper takes them, by the order in which it applies them.
    members: [Vec<Member>; 4],
    /// Holds the class's own decorators.
    list: Option<String>,
    /// Holds the decorated class.
    result: Option<String>,
    /// A static block at the end.
    last: String,
    has_method: bool,
    has_static_method: bool,
}

struct Member {
    text: String,
    /// What the helper returns for it.
    results: Vec<String>,
}

impl Applying<'_> {
    fn name(&mut self, parts: &mut Parts) -> String {
        self.last += 1;
        let name = format!("{}{}", self.prefix, self.last);
        parts.names.push(name.clone());
        name
    }

    fn fresh(&mut self) -> String {
        self.last += 1;
        format!("{}{}", self.prefix, self.last)
    }

    fn text(&self, span: Span) -> &str {
        &self.source[span.start as usize..span.end as usize]
    }

    fn insert(&mut self, at: u32, text: impl Into<String>) {
        self.edits.push(Edit::insert(at, text));
    }

    fn blank(&mut self, start: u32, end: u32) {
        if start < end {
            self.edits.push(Edit::text(start, end, ""));
        }
    }

    /// Turns `@a @b.c` into `void 0,a,b,b.c`: each with the object that it is called on.
    fn decorators(&mut self, decorators: &[Decorator]) {
        for (index, decorator) in decorators.iter().enumerate() {
            let object = match &decorator.expression {
                Expression::StaticMemberExpression(member) => self.text(member.object.span()),
                _ => "void 0",
            };
            let comma = if index == 0 { "" } else { "," };
            let text = format!("{comma}{object},");
            let at = decorator.span.start;
            self.edits.push(Edit::text(at, at + 1, text));
        }
    }

    fn class(&mut self, class: &Class) {
        let mut parts = Parts::default();
        for member in &class.body.body {
            self.member(member, &mut parts);
        }
        self.head(class, &mut parts);
    }
}

fn is_affected(class: &Class) -> bool {
    !class.decorators.is_empty()
        || class.body.body.iter().any(|member| match member {
            ClassElement::MethodDefinition(method) => !method.decorators.is_empty(),
            ClassElement::PropertyDefinition(field) => !field.decorators.is_empty(),
            ClassElement::AccessorProperty(_) => true,
            _ => false,
        })
}

impl<'a> Visit<'a> for Applying<'_> {
    fn visit_statement(&mut self, statement: &Statement<'a>) {
        self.export = match statement {
            Statement::ExportDeclaration(export) => Export::Named(self.keyword_in(export.span)),
            Statement::ExportDefaultDeclaration(export)
                if matches!(
                    export.declaration,
                    ExportDefaultDeclarationKind::ClassDeclaration(_)
                ) =>
            {
                Export::Default(self.keyword_in(export.span))
            }
            _ => Export::No,
        };
        walk::walk_statement(self, statement);
        self.export = Export::No;
    }

    fn visit_class(&mut self, class: &Class<'a>) {
        if is_affected(class) && !class.declare {
            self.class(class);
        }
        self.export = Export::No;
        walk::walk_class(self, class);
    }
}

impl Export {
    fn start(self) -> Option<u32> {
        match self {
            Self::Named(at) | Self::Default(at) => Some(at),
            Self::No => None,
        }
    }
}

impl Applying<'_> {
    /// Where `export` stands, before which there may be decorators.
    fn keyword_in(&self, span: Span) -> u32 {
        if self.text(span).starts_with("export") {
            return span.start;
        }
        let mut found = span.start;
        for (at, _) in self.text(span).match_indices("export") {
            let at = span.start + at as u32;
            if self.source[..at as usize].trim_end().len() < at as usize {
                found = at;
                break;
            }
        }
        found
    }
}
