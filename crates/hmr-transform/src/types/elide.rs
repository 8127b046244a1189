//! Which names stand for types only.

use oxc_ast::ast::{BindingIdentifier, IdentifierReference, Program, Statement};
use oxc_semantic::{Scoping, SymbolFlags};

use rustc_hash::FxHashSet;

use super::Dialect;

/// What TypeScript leaves out although it is not marked with `type`.
#[derive(Clone, Copy)]
pub(super) struct Elision<'s> {
    scoping: &'s Scoping,
    /// Nothing is left out unless it is marked.
    pub verbatim: bool,
}

impl<'s> Elision<'s> {
    pub fn new(scoping: &'s Scoping, dialect: &Dialect) -> Self {
        Self { scoping, verbatim: dialect.verbatim }
    }

    /// An import that no value mentions.
    pub fn is_unused(&self, local: &BindingIdentifier) -> bool {
        if self.verbatim {
            return false;
        }
        let symbol = local.symbol_id();
        // A value of the same name hides what is imported.
        let hidden = (self.scoping.symbol_flags(symbol) - SymbolFlags::Import).is_value();
        let mut references = self.scoping.get_resolved_references(symbol);
        hidden || references.all(|reference| reference.is_type())
    }

    /// A name that is exported and has no value in this module.
    pub fn is_type(&self, name: &IdentifierReference) -> bool {
        let reference = self.scoping.get_reference(name.reference_id());
        reference.symbol_id().is_some_and(|symbol| {
            let mut others = self.scoping.symbol_redeclarations(symbol).iter();
            let ambient = self.scoping.symbol_flags(symbol).is_ambient()
                && others.all(|other| other.flags.is_ambient());
            reference.is_type() || ambient
        })
    }
}

/// Local names of all imports that no value mentions.
pub(super) fn types(program: &Program, scoping: &Scoping, dialect: &Dialect) -> FxHashSet<String> {
    let elision = Elision::new(scoping, dialect);
    let imports = program.body.iter().filter_map(|statement| match statement {
        Statement::ImportDeclaration(import) => Some(import),
        _ => None,
    });
    let specifiers = imports.flat_map(|import| import.specifiers.iter().flatten());
    let locals = specifiers.map(|specifier| specifier.local());
    let unused = locals.filter(|local| elision.is_unused(local));
    unused.map(|local| local.name.to_string()).collect()
}
