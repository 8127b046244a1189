//! Everything inside statements that the executable text treats differently.

mod assignments;
mod scopes;

use oxc_allocator::Vec as ArenaVec;
use oxc_ast::ast::{
    ArrowFunctionExpression, AssignmentExpression, AssignmentPattern,
    AssignmentTargetPropertyIdentifier, AssignmentTargetWithDefault, AwaitExpression,
    BinaryExpression, BindingIdentifier, CallExpression, Class, ExportAllDeclaration,
    ExportFromDeclaration, ExportNamedDeclaration, Expression, ForInStatement, ForOfStatement,
    FormalParameters, Function, IdentifierReference, ImportDeclaration, ImportExpression,
    ImportMeta, ObjectProperty, Program, PropertyDefinition, SimpleAssignmentTarget, Statement,
    StaticBlock, UnaryExpression, UpdateExpression, VariableDeclaration, VariableDeclarationKind,
};
use oxc_ast_visit::{Visit, walk};
use oxc_semantic::{ScopeFlags, ScopeId, Scoping, SymbolId};
use oxc_span::{GetSpan, Span};
use oxc_syntax::operator::UnaryOperator;
use rustc_hash::FxHashMap;

use crate::diagnostic::Diagnostic;
use crate::edit::Edit;
use crate::evals;
use crate::hot_calls::strings;
use crate::names::Names;
use crate::push::{Pushes, Told, exported_symbols, gives_value};
use crate::record::{DynamicImport, ModuleRecord};
use crate::sites::{Site, SiteForm};
use crate::text::ends_statement;

#[derive(Default)]
pub(crate) struct References {
    pub edits: Vec<Edit>,
    /// What tells assignments to exports.
    pub told: Told,
    /// The same where the namespace of the module is seen while it runs.
    pub told_early: Told,
    pub sites: Vec<Site>,
    /// What the parser accepts and V8 does not.
    pub errors: Vec<Diagnostic>,
}

/// Walks the program; completes `record` with what only the statements tell. `keeps_values`: those of statements, too.
pub(crate) fn collect(
    source: &str,
    program: &Program,
    scoping: &Scoping,
    names: &Names,
    record: &mut ModuleRecord,
    keeps_values: bool,
) -> References {
    let symbol = |name: &str| scoping.get_root_binding(name.into());
    let imports = record.imports.iter().enumerate();
    let imports = imports.filter_map(|(slot, entry)| Some((symbol(&entry.local)?, slot as u32)));
    let mut visitor = Visitor {
        source,
        scoping,
        names,
        imports: imports.collect(),
        exported: exported_symbols(record, scoping),
        record,
        found: References::default(),
        deferred: 0,
        functions: 0,
        fields: 0,
        scopes: Vec::new(),
        parameters: Vec::new(),
        form: SiteForm::Read,
        statement: Span::default(),
        pushes: Pushes::new(source, &names.push),
        pushed: false,
        declares: false,
        in_loop_head: false,
        keeps_values,
    };
    visitor.visit_program(program);
    let Visitor { mut found, exported, record, pushes, .. } = visitor;
    (found.told, found.told_early) = pushes.into_told();
    found.sites.sort_by_key(|site| site.span.start);
    if record.direct_eval {
        evals::may_assign(record, scoping, exported);
    }
    record.has_module_syntax |= record.top_level_await || record.uses_meta;
    found
}

struct Visitor<'s, 'r> {
    source: &'s str,
    scoping: &'s Scoping,
    names: &'s Names,
    imports: FxHashMap<SymbolId, u32>,
    exported: FxHashMap<SymbolId, Vec<usize>>,
    record: &'r mut ModuleRecord,
    found: References,
    /// Depth of code that may run after the module's evaluation: functions, field initialisers.
    deferred: u32,
    /// Depth of functions that have `arguments` of their own.
    functions: u32,
    /// Scopes of the functions around.
    scopes: Vec<ScopeId>,
    /// Of those whose parameters are being visited, with these.
    parameters: Vec<(ScopeId, Span)>,
    /// Depth of field initialisers: there a direct `eval` may not have `arguments`, but `new.target`.
    fields: u32,
    /// Form of the identifier visited next.
    form: SiteForm,
    /// The last statement of a list that is an expression.
    statement: Span,
    pushes: Pushes<'s>,
    /// The assignment or declaration being visited has a target that importers see.
    pushed: bool,
    /// A pattern is visited whose variables are declared.
    declares: bool,
    /// The declaration visited next is that of a loop.
    in_loop_head: bool,
    /// Nothing may stand behind a statement that has a value.
    keeps_values: bool,
}

impl Visitor<'_, '_> {
    fn arguments(&mut self, identifier: &IdentifierReference, replacement: &str) {
        // In a module `arguments` is a free name; in the wrapper it would be the wrapper's.
        let Span { start, end, .. } = identifier.span;
        self.found.edits.push(Edit::text(start, end, replacement));
    }
}

impl<'a> Visit<'a> for Visitor<'_, '_> {
    // Blanked whole by `declarations`.
    fn visit_import_declaration(&mut self, _: &ImportDeclaration<'a>) {}
    fn visit_export_named_declaration(&mut self, _: &ExportNamedDeclaration<'a>) {}
    fn visit_export_from_declaration(&mut self, _: &ExportFromDeclaration<'a>) {}
    fn visit_export_all_declaration(&mut self, _: &ExportAllDeclaration<'a>) {}

    fn visit_statements(&mut self, statements: &ArenaVec<'a, Statement<'a>>) {
        for statement in statements {
            if let Statement::ExpressionStatement(statement) = statement {
                self.statement = statement.span;
            }
            self.visit_statement(statement);
            let is_exported = |symbol| self.exported.contains_key(&symbol);
            if self.deferred == 0 && gives_value(statement, is_exported) {
                self.pushes.follow_declaration(statement.span());
            }
        }
    }

    fn visit_binding_identifier(&mut self, identifier: &BindingIdentifier<'a>) {
        self.pushed |= self.declares && self.exported.contains_key(&identifier.symbol_id());
    }

    fn visit_assignment_pattern(&mut self, pattern: &AssignmentPattern<'a>) {
        self.amid(&pattern.right, self.pushed);
        walk::walk_assignment_pattern(self, pattern);
    }

    fn visit_assignment_target_with_default(&mut self, target: &AssignmentTargetWithDefault<'a>) {
        self.amid(&target.init, self.pushed);
        walk::walk_assignment_target_with_default(self, target);
    }

    fn visit_simple_assignment_target(&mut self, target: &SimpleAssignmentTarget<'a>) {
        if self.pushed
            && let Some(member) = target.as_member_expression()
        {
            self.pushes.precede_property(self.when(), member.object());
        }
        walk::walk_simple_assignment_target(self, target);
    }

    fn visit_identifier_reference(&mut self, identifier: &IdentifierReference<'a>) {
        let form = std::mem::replace(&mut self.form, SiteForm::Read);
        if identifier.name == "arguments" && self.functions == 0 {
            return self.arguments(identifier, &format!("{}.arguments", self.names.live));
        }
        let reference = self.scoping.get_reference(identifier.reference_id());
        let Some(symbol) = reference.symbol_id().and_then(|symbol| self.seen_from_here(symbol))
        else {
            return;
        };
        if reference.is_write()
            && let Some(exports) = self.exported.get(&symbol)
        {
            self.pushed = true;
            for &index in exports {
                self.record.local_exports[index].pushed |= self.deferred > 0;
            }
        }
        let Some(&import) = self.imports.get(&symbol) else {
            return;
        };
        let form = match (reference.is_write(), form) {
            (true, SiteForm::Shorthand) => SiteForm::ShorthandWrite,
            (true, _) => SiteForm::Write,
            (false, SiteForm::Read) if identifier.span.start == self.statement.start => {
                SiteForm::Start
            }
            (false, form) => form,
        };
        self.found.sites.push(Site { span: identifier.span, import, form });
    }

    fn visit_assignment_expression(&mut self, assignment: &AssignmentExpression<'a>) {
        let statement = self.whole_statement(assignment.span);
        let is_pattern = assignment.left.is_assignment_target_pattern();
        let around = self.statement_around(assignment.span).filter(|_| is_pattern);
        if self.assigns(|visitor| visitor.visit_assignment_target(&assignment.left)) {
            match (around, statement) {
                (Some(around), _) => self.pushes.follow_pattern(self.when(), around),
                (None, Some(statement)) => self.pushes.follow(self.when(), statement),
                (None, None) => self.pushes.wrap(self.when(), assignment.span, false),
            }
        }
        self.visit_expression(&assignment.right);
    }

    fn visit_update_expression(&mut self, update: &UpdateExpression<'a>) {
        let statement = self.whole_statement(update.span);
        if self.assigns(|visitor| visitor.visit_simple_assignment_target(&update.argument)) {
            match statement {
                Some(statement) => self.pushes.follow(self.when(), statement),
                None => self.pushes.wrap(self.when(), update.span, true),
            }
        }
    }

    fn visit_class(&mut self, class: &Class<'a>) {
        let extends = class.heritage.as_ref().map(|heritage| &heritage.expression);
        if class.decorators.is_empty() && matches!(extends, Some(Expression::Identifier(_))) {
            self.form = SiteForm::Heritage;
        }
        walk::walk_class(self, class);
    }

    fn visit_for_in_statement(&mut self, statement: &ForInStatement<'a>) {
        self.assigning_loop(&statement.left, &statement.right, &statement.body);
    }

    fn visit_object_property(&mut self, property: &ObjectProperty<'a>) {
        let is_arguments = |identifier: &IdentifierReference| identifier.name == "arguments";
        if property.shorthand
            && self.functions == 0
            && let Expression::Identifier(identifier) = &property.value
            && is_arguments(identifier)
        {
            let replacement = format!("arguments:{}.arguments", self.names.live);
            self.arguments(identifier, &replacement);
        } else if property.shorthand
            && let Expression::Identifier(identifier) = &property.value
        {
            self.form = SiteForm::Shorthand;
            self.visit_identifier_reference(identifier);
        } else {
            walk::walk_object_property(self, property);
        }
    }

    fn visit_assignment_target_property_identifier(
        &mut self,
        property: &AssignmentTargetPropertyIdentifier<'a>,
    ) {
        self.form = SiteForm::Shorthand;
        let was_pushed = self.pushed;
        self.visit_identifier_reference(&property.binding);
        if let Some(init) = &property.init {
            self.amid(init, was_pushed);
            self.visit_expression(init);
        }
    }

    fn visit_call_expression(&mut self, call: &CallExpression<'a>) {
        if let Expression::Identifier(callee) = &call.callee
            && callee.name == "eval"
            && !call.optional
        {
            self.record.direct_eval = true;
            let imports = self.record.imports.iter().map(|import| import.local.as_str());
            let (scoping, in_function) = (self.scoping, self.functions + self.fields > 0);
            let rendered = evals::render_argument(
                self.source,
                call,
                callee,
                scoping,
                imports,
                in_function,
                self.names,
            );
            self.found.edits.extend(rendered);
        }
        self.record.hot.add(call);
        walk::walk_call_expression(self, call);
    }

    fn visit_unary_expression(&mut self, unary: &UnaryExpression<'a>) {
        if unary.operator == UnaryOperator::Typeof
            && self.functions == 0
            && let Expression::Identifier(identifier) = unary.argument.without_parentheses()
            && identifier.name == "arguments"
        {
            return self.arguments(identifier, "globalThis.arguments");
        }
        walk::walk_unary_expression(self, unary);
    }

    fn visit_binary_expression(&mut self, binary: &BinaryExpression<'a>) {
        walk::walk_binary_expression(self, binary);
        // V8 takes `<!--` for a comment everywhere and forbids it in modules.
        let at = binary.right.span().start;
        if let Some(before) = at.checked_sub(1)
            && self.source.as_bytes()[before as usize..].starts_with(b"<!--")
        {
            let message = "HTML comments are not allowed in modules";
            let span = Span::new(before, before + 4);
            self.found.errors.push(Diagnostic::at(self.source, span, message));
        }
    }

    fn visit_import_expression(&mut self, import: &ImportExpression<'a>) {
        if import.phase.is_none() {
            let start = import.span.start;
            self.found.edits.push(Edit::text(start, start + 6, self.names.import.clone()));
            let literal = strings(&import.source).and_then(|mut texts| texts.pop());
            let specifier = literal.filter(|_| import.options.is_none());
            self.record.dynamic_imports.push(DynamicImport { specifier, span: import.span });
        }
        walk::walk_import_expression(self, import);
    }

    fn visit_import_meta(&mut self, meta: &ImportMeta) {
        self.record.uses_meta = true;
        let Span { start, end, .. } = meta.span;
        let goes_on =
            start == self.statement.start && !ends_statement(&self.source[..start as usize]);
        let text = if goes_on { &self.names.meta } else { &self.names.meta_in_chain };
        self.found.edits.push(Edit::text(start, end, text.as_str()));
    }

    fn visit_await_expression(&mut self, expression: &AwaitExpression<'a>) {
        self.record.top_level_await |= self.deferred == 0;
        walk::walk_await_expression(self, expression);
    }

    fn visit_for_of_statement(&mut self, statement: &ForOfStatement<'a>) {
        self.record.top_level_await |= statement.r#await && self.deferred == 0;
        self.assigning_loop(&statement.left, &statement.right, &statement.body);
    }

    fn visit_variable_declaration(&mut self, declaration: &VariableDeclaration<'a>) {
        let awaits = declaration.kind == VariableDeclarationKind::AwaitUsing;
        self.record.top_level_await |= awaits && self.deferred == 0;
        self.declaration(declaration);
    }

    fn visit_static_block(&mut self, block: &StaticBlock<'a>) {
        self.record.odd_places = true;
        walk::walk_static_block(self, block);
    }

    fn visit_function(&mut self, function: &Function<'a>, flags: ScopeFlags) {
        self.functions += 1;
        let scope = function.scope_id();
        self.in_function(scope, |visitor| walk::walk_function(visitor, function, flags));
        self.functions -= 1;
    }

    fn visit_arrow_function_expression(&mut self, function: &ArrowFunctionExpression<'a>) {
        let scope = function.scope_id();
        self.in_function(scope, |visitor| walk::walk_arrow_function_expression(visitor, function));
    }

    fn visit_formal_parameters(&mut self, parameters: &FormalParameters<'a>) {
        let scope = self.scopes.last().map(|&scope| (scope, parameters.span));
        self.parameters.extend(scope);
        walk::walk_formal_parameters(self, parameters);
        self.parameters.pop();
    }

    fn visit_property_definition(&mut self, property: &PropertyDefinition<'a>) {
        self.visit_decorators(&property.decorators);
        if property.computed {
            self.visit_property_key(&property.key);
        }
        let Some(value) = &property.value else { return };
        self.fields += 1;
        if property.r#static {
            self.record.odd_places = true;
            self.visit_expression(value);
        } else {
            self.later(|visitor| visitor.visit_expression(value));
        }
        self.fields -= 1;
    }
}
