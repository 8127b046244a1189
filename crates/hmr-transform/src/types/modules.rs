//! Statements that are types as a whole, and imports and exports of which some are.

use oxc_ast::ast::{
    Declaration, ExportDefaultDeclaration, ExportDefaultDeclarationKind, ExportSpecifier,
    ImportDeclaration, ImportDeclarationSpecifier, ModuleExportName, Program, Statement,
    TSNamespaceDeclarationBody,
};
use oxc_span::GetSpan;

use super::blank::Blanks;
use super::elide::Elision;

/// Whether nothing of the statement is left at run time.
pub(super) fn is_type(statement: &Statement, elision: &Elision) -> bool {
    match statement {
        Statement::ImportDeclaration(import) => is_type_import(import, elision),
        Statement::ExportAllDeclaration(export) => export.export_kind.is_type(),
        Statement::ExportNamedDeclaration(export) => {
            export.export_kind.is_type() || are_types(&export.specifiers, elision)
        }
        Statement::ExportFromDeclaration(export) => {
            export.export_kind.is_type() || are_types(&export.specifiers, elision)
        }
        Statement::ExportDeclaration(export) => is_type_declaration(&export.declaration),
        Statement::ExportDefaultDeclaration(export) => is_type_default(export, elision),
        Statement::TSNamespaceExportDeclaration(_) => true,
        _ => statement.as_declaration().is_some_and(is_type_declaration),
    }
}

/// Whether the statement is TypeScript's and more than types.
pub(super) fn must_compile(statement: &Statement) -> bool {
    let declaration = match statement {
        Statement::TSExportAssignment(_) => return true,
        Statement::ExportDeclaration(export) => Some(&export.declaration),
        _ => statement.as_declaration(),
    };
    let kept = |declaration: &Declaration| {
        matches!(
            declaration,
            Declaration::TSEnumDeclaration(_)
                | Declaration::TSNamespaceDeclaration(_)
                | Declaration::TSImportEqualsDeclaration(_)
        )
    };
    declaration.is_some_and(kept)
}

/// Names that a module exports as types.
pub(super) fn exported_types(program: &Program, elision: &Elision) -> Vec<String> {
    let mut names = Vec::new();
    for statement in &program.body {
        let (specifiers, all) = match statement {
            Statement::ExportDeclaration(export) if is_type_declaration(&export.declaration) => {
                names.extend(export.declaration.id().map(|id| id.name.to_string()));
                continue;
            }
            Statement::ExportNamedDeclaration(export) => {
                (&export.specifiers, export.export_kind.is_type())
            }
            Statement::ExportFromDeclaration(export) => {
                (&export.specifiers, export.export_kind.is_type())
            }
            _ => continue,
        };
        let types = specifiers.iter().filter(|one| all || is_type_export(one, elision));
        names.extend(types.map(|specifier| specifier.exported.name().to_string()));
    }
    names
}

fn is_type_import(import: &ImportDeclaration, elision: &Elision) -> bool {
    if import.import_kind.is_type() {
        return true;
    }
    let mut specifiers = import.specifiers.iter().flatten().peekable();
    specifiers.peek().is_some()
        && !elision.verbatim
        && specifiers.all(|specifier| is_elided(specifier, elision))
}

fn is_elided(specifier: &ImportDeclarationSpecifier, elision: &Elision) -> bool {
    match specifier {
        ImportDeclarationSpecifier::ImportSpecifier(named) if named.import_kind.is_type() => true,
        _ => elision.is_unused(specifier.local()),
    }
}

/// Whether a list of exports has names and all of them are those of types.
fn are_types(specifiers: &[ExportSpecifier], elision: &Elision) -> bool {
    !elision.verbatim
        && !specifiers.is_empty()
        && specifiers.iter().all(|specifier| is_type_export(specifier, elision))
}

fn is_type_export(specifier: &ExportSpecifier, elision: &Elision) -> bool {
    specifier.export_kind.is_type()
        || matches!(&specifier.local, ModuleExportName::IdentifierReference(name)
            if elision.is_type(name))
}

fn is_type_default(export: &ExportDefaultDeclaration, elision: &Elision) -> bool {
    match &export.declaration {
        ExportDefaultDeclarationKind::TSInterfaceDeclaration(_) => true,
        ExportDefaultDeclarationKind::FunctionDeclaration(function) => function.body.is_none(),
        ExportDefaultDeclarationKind::ClassDeclaration(class) => class.declare,
        ExportDefaultDeclarationKind::Identifier(name) => elision.is_type(name),
        _ => false,
    }
}

fn is_type_declaration(declaration: &Declaration) -> bool {
    match declaration {
        Declaration::VariableDeclaration(variables) => variables.declare,
        Declaration::FunctionDeclaration(function) => function.declare || function.body.is_none(),
        Declaration::ClassDeclaration(class) => class.declare,
        Declaration::TSEnumDeclaration(enumeration) => enumeration.declare,
        Declaration::TSNamespaceDeclaration(namespace) => {
            namespace.declare || has_only_types(&namespace.body)
        }
        Declaration::TSImportEqualsDeclaration(import) => import.import_kind.is_type(),
        Declaration::TSTypeAliasDeclaration(_)
        | Declaration::TSInterfaceDeclaration(_)
        | Declaration::TSExternalModuleDeclaration(_)
        | Declaration::TSGlobalDeclaration(_) => true,
    }
}

/// Whether a namespace is not instantiated.
fn has_only_types(body: &TSNamespaceDeclarationBody) -> bool {
    match body {
        TSNamespaceDeclarationBody::TSNamespaceDeclaration(inner) => has_only_types(&inner.body),
        TSNamespaceDeclarationBody::TSModuleBlock(block) => {
            let mut statements = block.body.iter();
            statements.all(|statement| match statement {
                Statement::ExportDeclaration(export) => is_type_declaration(&export.declaration),
                _ => statement.as_declaration().is_some_and(is_type_declaration),
            })
        }
    }
}

impl Blanks<'_> {
    pub fn import_specifiers(&mut self, import: &ImportDeclaration) {
        let mut before = import.span.start;
        for specifier in import.specifiers.iter().flatten() {
            let span = specifier.span();
            let is_star =
                matches!(specifier, ImportDeclarationSpecifier::ImportNamespaceSpecifier(_));
            if is_elided(specifier, &self.elision) {
                if is_star {
                    // With the comma behind the default import.
                    self.blank(before..span.end);
                } else {
                    self.with_comma(span.start, span.end);
                }
            }
            before = span.end;
        }
    }

    pub fn export_specifiers(&mut self, specifiers: &[ExportSpecifier]) {
        for specifier in specifiers {
            if is_type_export(specifier, &self.elision) {
                self.with_comma(specifier.span.start, specifier.span.end);
            }
        }
    }

    fn with_comma(&mut self, start: u32, end: u32) {
        let end = self.mark(end, ',').map_or(end, |comma| comma + 1);
        self.blank(start..end);
    }
}
