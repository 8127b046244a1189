//! Module namespace objects: which keys they have, and what stands behind each.

use hmr_graph::{ExternalName, Resolution};

use crate::plan::{Namespace, Star, Target};
use crate::session::{ModuleId, NodeKind, Session};

impl Session {
    /// What the namespace object of a module consists of.
    #[must_use]
    pub fn namespace(&self, id: ModuleId) -> Namespace {
        let exported = self.graph.exported_names(id);
        let stars: Vec<_> =
            exported.external_stars.iter().map(|&star| (star, self.plain_url(star))).collect();
        let contested: Vec<_> = exported.names.iter().filter(|it| !it.rivals.is_empty()).collect();
        // Otherwise Node could not compute the names as if one module had these stars.
        let is_flat = exported.excluded.is_empty()
            && stars.iter().all(|(_, url)| url.is_some())
            && contested.iter().all(|export| {
                let mut rivals = stars.iter().map(|(star, _)| star);
                matches!(export.resolution, Resolution::Binding { .. } | Resolution::Namespace(_))
                    && rivals.all(|&star| export.rivals.iter().any(|it| it.module == star))
            });
        let early = self.node(id).is_some_and(|node| node.early_namespace);
        let mut live = !stars.is_empty() && !is_flat;
        let contested = contested.iter().map(|export| export.name.to_string()).collect();
        let mut stars: Vec<_> = stars
            .into_iter()
            .map(|(id, url)| Star {
                id,
                url: url.unwrap_or_default().to_owned(),
                names: None,
                namespace: None,
            })
            .collect();
        let mut names = Vec::with_capacity(exported.names.len());
        for export in &exported.names {
            let name = export.name.to_string();
            // It is there before Node has evaluated the module.
            if early
                && let Resolution::Namespace(id) = export.resolution
                && let Some(url) = self.plain_url(id)
            {
                let (url, namespace) = (url.to_owned(), Some(name));
                stars.push(Star { id, url, names: None, namespace });
                continue;
            }
            match self.re_export(&export.resolution, early) {
                // Node's own binding is always right.
                Some((external, url)) => {
                    let pair = (name, external.name.to_string());
                    add_re_export(&mut stars, external.module, url, pair);
                }
                None => {
                    live |= self.changes_unseen(&export.resolution);
                    names.push((name, target(self, &export.resolution)));
                }
            }
        }
        Namespace {
            names,
            stars,
            contested,
            excluded: exported.excluded.iter().map(ToString::to_string).collect(),
            live,
            early,
        }
    }

    /// The external module that a facade takes a binding from: because it is assigned later, or because it is seen
    /// early, when functions have their values already.
    fn re_export<'s>(
        &'s self,
        resolution: &'s Resolution,
        early: bool,
    ) -> Option<(&'s ExternalName, &'s str)> {
        let Resolution::External(external) = resolution else { return None };
        let url = self.plain_url(external.module)?;
        (early || self.graph.is_assigned_later(external)).then_some((external, url))
    }

    /// The URL by which any module can import an external one.
    pub(crate) fn plain_url(&self, id: ModuleId) -> Option<&str> {
        match &self.node(id)?.kind {
            NodeKind::External { specifier, parent: None, attributes, .. }
                if attributes.is_empty() =>
            {
                Some(specifier)
            }
            _ => None,
        }
    }

    /// Whether a binding may get a value unseen after its module has run.
    fn changes_unseen(&self, resolution: &Resolution) -> bool {
        if let Resolution::External(external) = resolution {
            return self.graph.is_assigned_later(external);
        }
        self.exported(resolution).is_some_and(|export| export.mutated_unseen)
    }

    /// The export of a hot module that a name stands for.
    pub(crate) fn exported(&self, resolution: &Resolution) -> Option<&hmr_graph::LocalExport> {
        let Resolution::Binding { module, name } = resolution else { return None };
        let index = self.graph.local_export(*module, name)?;
        self.graph.get(*module)?.local_exports.get(index as usize)
    }
}

fn add_re_export(stars: &mut Vec<Star>, id: ModuleId, url: &str, pair: (String, String)) {
    let known = stars.iter_mut().find(|star| star.id == id && star.names.is_some());
    match known.and_then(|star| star.names.as_mut()) {
        Some(names) => names.push(pair),
        None => {
            stars.push(Star { id, url: url.to_owned(), names: Some(vec![pair]), namespace: None });
        }
    }
}

/// Where the runtime finds what an import is bound to.
pub(crate) fn target(session: &Session, resolution: &Resolution) -> Target {
    match resolution {
        Resolution::Binding { module, name } => {
            let native = session.node(*module).is_some_and(super::session::Node::is_native);
            match session.graph.local_export(*module, name) {
                Some(index) if !native => Target::Getter(*module, index),
                _ => Target::Name(*module, name.to_string()),
            }
        }
        Resolution::Namespace(module) => Target::Namespace([*module]),
        Resolution::External(external) => Target::Name(external.module, external.name.to_string()),
        Resolution::ExternalStars(stars) => Target::Stars {
            stars: stars.iter().map(|star| (star.module, star.name.to_string())).collect(),
        },
        Resolution::NotFound | Resolution::Ambiguous => Target::Stars { stars: Vec::new() },
    }
}
