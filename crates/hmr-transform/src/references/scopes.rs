//! Functions: what runs later, and what their parameters see.

use oxc_semantic::{ScopeId, SymbolId};

use super::Visitor;

impl Visitor<'_, '_> {
    pub(super) fn later(&mut self, walk: impl FnOnce(&mut Self)) {
        self.deferred += 1;
        walk(self);
        self.deferred -= 1;
    }

    pub(super) fn in_function(&mut self, scope: ScopeId, walk: impl FnOnce(&mut Self)) {
        // Its parameters and variables are no targets of the assignment around it.
        let outer = (std::mem::take(&mut self.pushed), std::mem::take(&mut self.declares));
        self.scopes.push(scope);
        self.later(walk);
        self.scopes.pop();
        (self.pushed, self.declares) = outer;
    }

    /// FunctionDeclarationInstantiation step 28: expressions in parameters do not see variables of the body, which are
    /// in the same scope here.
    pub(super) fn seen_from_here(&self, symbol: SymbolId) -> Option<SymbolId> {
        let (scope, at) = (self.scoping.symbol_scope_id(symbol), self.scoping.symbol_span(symbol));
        let parameters = self.parameters.iter().find(|(function, _)| *function == scope);
        match parameters {
            Some((_, span)) if !span.contains_inclusive(at) => {
                let outer = self.scoping.scope_parent_id(scope)?;
                self.scoping.find_binding(outer, self.scoping.symbol_name(symbol).into())
            }
            _ => Some(symbol),
        }
    }
}
