//! From record and edits to executable text, for a place in the graph.

use crate::edit::{self, Edit};
use crate::parse::ParsedModule;
use crate::record::{ImportEntry, LocalExport};
use crate::sites::{Site, SiteForm};
use crate::types::Origins;

/// How the module's function runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// Top to bottom, synchronously.
    Plain,
    /// With top-level `await`.
    Async,
    /// In a cycle: the first step hands out the environment, the second runs the module.
    Generator,
    /// Both.
    AsyncGenerator,
}

impl Form {
    /// The form of a module with these two properties.
    #[must_use]
    pub fn new(top_level_await: bool, in_cycle: bool) -> Self {
        match (top_level_await, in_cycle) {
            (false, false) => Self::Plain,
            (true, false) => Self::Async,
            (false, true) => Self::Generator,
            (true, true) => Self::AsyncGenerator,
        }
    }

    /// Whether the first step stops before the module's own code.
    #[must_use]
    pub fn in_cycle(self) -> bool {
        matches!(self, Self::Generator | Self::AsyncGenerator)
    }

    fn head(self) -> &'static str {
        match self {
            Self::Plain => "function",
            Self::Async => "async function",
            Self::Generator => "function*",
            Self::AsyncGenerator => "async function*",
        }
    }
}

/// What of the graph decides the executable text.
#[derive(Debug, Clone)]
pub struct Context<'c> {
    /// Per import: whether it must be read through its live binding.
    pub live: &'c [bool],
    /// Of these, per import: only until its module has been evaluated, which the variable tells.
    pub late: &'c [bool],
    /// The form the module runs in.
    pub form: Form,
    /// Somebody sees its exports while it runs, and is told when they get their values.
    pub seen_early: bool,
}

/// How the text reads an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    /// The variable holds a copy.
    Copied,
    /// Through the live object.
    Live,
    /// The same until the variable holds a copy; before that it holds the live object.
    Late,
}

impl Reading {
    fn new(live: bool, late: bool) -> Self {
        match (live, late) {
            (false, _) => Self::Copied,
            (true, false) => Self::Live,
            (true, true) => Self::Late,
        }
    }
}

impl ParsedModule {
    /// The executable text of `source`, which must be the text this was parsed from: a function
    /// expression, whose first line stands before the module's.
    ///
    /// Its parameters are `import.meta`, `import`, environment receiver, live bindings and the
    /// function that is called after an assignment to an export, in this order. The receiver is
    /// called first, as `(setter, reader)`: the setter takes an import's slot and value, the reader
    /// returns the value of one of `ModuleRecord::local_exports` by its position.
    #[must_use]
    pub fn render(&self, source: &str, context: &Context) -> String {
        let mut code = self.prefix(context.form);
        code.reserve(source.len() + 64);
        let edits = self.edits_in(context);
        edit::apply(source, edits.iter(), &mut code);
        // A last line may end in a comment.
        code.push_str("\n})");
        code
    }

    /// The name a runtime must give the hoisted anonymous default export is `default`: this is
    /// the index of its getter, in forms where the text cannot name it so.
    #[must_use]
    pub fn default_to_name(&self, form: Form) -> Option<u32> {
        self.default_function.as_ref().filter(|_| form.in_cycle())?;
        let exports = &self.record.local_exports;
        exports.iter().position(|export| export.name == "default").map(|index| index as u32)
    }

    /// Where the tokens of the executable text come from, if those of `source` come from `origins`.
    #[must_use]
    pub fn origins(&self, source: &str, context: &Context, origins: &Origins) -> Origins {
        let shifts = edit::shifts(source, &self.edits_in(context));
        // The first line of the executable text is the prefix.
        origins.moved(|line, column| (line + 1, edit::shifted(&shifts, line, column)))
    }

    /// Imports that the text rendered with `live` reads or writes through the live object, with
    /// the property it uses.
    #[must_use]
    pub fn live_slots(&self, live: &[bool]) -> Vec<(u32, String)> {
        let imports = self.record.imports.iter().enumerate();
        let used = imports.filter(|(slot, _)| {
            let is_live = live.get(*slot).copied().unwrap_or(false);
            is_live || self.record.direct_eval || self.is_written(*slot as u32)
        });
        used.map(|(slot, import)| (slot as u32, import.local.clone())).collect()
    }

    fn is_written(&self, import: u32) -> bool {
        let mut sites = self.sites.iter();
        sites.any(|site| {
            site.import == import && matches!(site.form, SiteForm::Write | SiteForm::ShorthandWrite)
        })
    }

    fn edits_in(&self, context: &Context) -> Vec<Edit> {
        let mut edits = self.edits.clone();
        if let Some(default) = &self.default_function {
            let chosen =
                if context.form.in_cycle() { &default.hoisted } else { &default.expression };
            edits.extend(chosen.iter().cloned());
        }
        for site in &self.sites {
            let live = context.live.get(site.import as usize).copied().unwrap_or(false);
            let late = context.late.get(site.import as usize).copied().unwrap_or(false);
            edits.extend(self.site(site, Reading::new(live, late)));
        }
        let told = if context.seen_early { &self.told_early } else { &self.told };
        told.with(edits)
    }

    pub(crate) fn site(&self, site: &Site, reading: Reading) -> Option<Edit> {
        let (name, live) = (&self.record.imports[site.import as usize].local, &self.names.live);
        let access = format!("{live}.{name}");
        let read = match reading {
            Reading::Copied => None,
            Reading::Live => Some(format!("({name}={access})")),
            // An assignment, since V8's messages then have the name; a `var` has no value before its module runs.
            Reading::Late => {
                Some(format!("({name}={name}==={live}||{name}===void 0?{access}:{name})"))
            }
        };
        let text = match site.form {
            SiteForm::Write => access,
            SiteForm::ShorthandWrite => format!("{name}:{access}"),
            SiteForm::Read => read?,
            SiteForm::Heritage => read.map(|_| access)?,
            SiteForm::Start => format!(";{}", read?),
            // B.3.1: written out, it would be the prototype.
            SiteForm::Shorthand if name == "__proto__" => format!("['{name}']:{}", read?),
            SiteForm::Shorthand => format!("{name}:{}", read?),
        };
        Some(Edit::text(site.span.start, site.span.end, text))
    }

    fn prefix(&self, form: Form) -> String {
        let names = &self.names;
        let mut prefix = format!(
            "({}({},{},{},{},{}){{'use strict';",
            form.head(),
            names.meta,
            names.import,
            names.env,
            names.live,
            names.push
        );
        if self.record.uses_meta {
            prefix.push_str(&format!("var {}={{value:{}}};", names.meta_holder, names.meta));
        }
        let locals: Vec<&str> =
            self.record.imports.iter().map(|ImportEntry { local, .. }| local.as_str()).collect();
        if !locals.is_empty() {
            prefix.push_str(&format!("var {};", locals.join(",")));
        }
        let (slot, value) = (&names.slot, &names.value);
        let setters = locals.iter().enumerate();
        let setters = setters.map(|(at, local)| format!("case {at}:{local}={value};break;"));
        let mut setter = format!("switch({slot}){{{}}}", setters.collect::<String>());
        if !locals.is_empty() {
            // A variable that a closure mentions lives as long as any closure of the module: so does
            // the instance, which the receiver of the environment belongs to.
            setter.push_str(&names.env);
        }
        // One function for all exports: V8 compiles functions one by one when they are first called.
        let exports = self.record.local_exports.iter().enumerate();
        let cases = exports
            .map(|(index, export)| format!("case {index}:return {};", self.read(export, form)));
        let cases = cases.collect::<String>();
        prefix.push_str(&format!(
            "{}((function({slot},{value}){{{setter}}}),(function({slot}){{switch({slot}){{{cases}}}}}));",
            names.env
        ));
        if form.in_cycle() {
            prefix.push_str("yield;");
        }
        prefix.push('\n');
        prefix
    }

    /// The expression that reads an exported binding.
    fn read(&self, export: &LocalExport, form: Form) -> String {
        let held = self.default_function.is_some() && export.name == "default" && !form.in_cycle();
        if held { format!("{}.default", self.names.holder) } else { export.local.clone() }
    }
}
