//! What stands around a decorated class: a function that holds its variables, and the static block that
//! applies the decorators.

use oxc_ast::ast::{Class, ClassType};

use super::{Applying, Export, Parts};
use crate::text::skip_trivia;

/// What is known of a class when its head is written.
struct Head {
    /// Its name, if it has one.
    own: Option<String>,
    /// The variable of the function that holds it.
    local: String,
    export: Export,
    is_declaration: bool,
    is_decorated: bool,
    /// Where `class` stands.
    keyword: u32,
    /// Where the first decorator stands, or else the class.
    first: u32,
}

impl Applying<'_> {
    /// Writes what stands around the class, and its first static block.
    pub(super) fn head(&mut self, class: &Class, parts: &mut Parts) {
        let own = class.id.as_ref().map(|id| id.name.to_string());
        let anonymous = own.is_none().then(|| self.fresh());
        let first = class.decorators.first().map_or(class.span.start, |first| first.span.start);
        let head = Head {
            local: own.clone().or(anonymous).unwrap_or_default(),
            own,
            export: std::mem::replace(&mut self.export, Export::No),
            is_declaration: class.r#type == ClassType::ClassDeclaration,
            is_decorated: !class.decorators.is_empty(),
            keyword: self.class_keyword(class),
            first,
        };
        let block = self.apply_block(parts, head.is_decorated.then_some(&head.local));
        self.before(class, parts, &head);
        self.name_of_class(class, &head);
        self.insert(class.body.span.start + 1, block);
        self.insert(class.body.span.end - 1, std::mem::take(&mut parts.last));
        let returned = match &parts.result {
            Some(decorated) => format!(";return {}={decorated}", head.local),
            None if head.own.is_some() => format!(";return {}", head.local),
            None => String::new(),
        };
        let default = match head.export {
            Export::Default(_) => format!(";export{{{} as default}};", head.local),
            _ if head.is_declaration => ";".to_owned(),
            _ => String::new(),
        };
        self.insert(class.span.end, format!("{returned}}})(){default}"));
    }

    /// `let C=(()=>{let …;` with the class's own decorators, in the place of `export`.
    fn before(&mut self, class: &Class, parts: &mut Parts, head: &Head) {
        let Head { local, export, first, keyword, .. } = head;
        let start = export.start().unwrap_or(*first).min(*first).min(class.span.start);
        let before = match (head.is_declaration, export) {
            (true, Export::Named(_)) => format!("export let {local}="),
            (true, _) => format!("let {local}="),
            (false, _) => String::new(),
        };
        let mut names = std::mem::take(&mut parts.names);
        names.extend(head.is_decorated.then(|| local.clone()));
        let names =
            if names.is_empty() { String::new() } else { format!("let {};", names.join(",")) };
        self.insert(start, format!("{before}(()=>{{{names}"));
        if let (Some(list), Some(last)) = (parts.list.take(), class.decorators.last()) {
            self.insert(start, format!("let {list}=["));
            self.decorators(&class.decorators);
            self.insert(last.span.end, "];");
        }
        if let Some(at) = export.start() {
            let end = if *first < at { *keyword } else { *first.min(keyword) };
            self.blank(at, self.end_of_export(at, *export).min(end));
        }
    }

    /// A decorated class is assigned to the variable that its name means, which gives it that name.
    fn name_of_class(&mut self, class: &Class, head: &Head) {
        if head.is_decorated {
            if class.r#abstract {
                self.blank(self.source_start(class), head.keyword);
            }
            self.insert(head.keyword, format!("{}=", head.local));
            if let Some(id) = &class.id {
                self.blank(id.span.start, id.span.end);
            }
        } else if head.own.is_none() {
            self.insert(head.keyword, "return ");
        }
    }

    /// Where the class begins behind its decorators.
    fn source_start(&self, class: &Class) -> u32 {
        let end = class.decorators.last().map_or(class.span.start, |last| last.span.end);
        skip_trivia(self.source, end.max(class.span.start))
    }

    fn class_keyword(&self, class: &Class) -> u32 {
        let mut at = self.source_start(class);
        while at < class.body.span.start && !self.source[at as usize..].starts_with("class") {
            let rest = &self.source[at as usize..];
            let length = rest.bytes().take_while(u8::is_ascii_alphabetic).count().max(1);
            at = skip_trivia(self.source, at + length as u32);
        }
        at
    }

    fn end_of_export(&self, at: u32, export: Export) -> u32 {
        match export {
            Export::Default(_) => skip_trivia(self.source, at + 6) + 7,
            _ => at + 6,
        }
    }

    /// The static block that applies all decorators, and what must run before any field.
    fn apply_block(&mut self, parts: &mut Parts, decorated: Option<&String>) -> String {
        let members = std::mem::take(&mut parts.members);
        let lists: Vec<_> = members.iter().flatten().map(|member| member.text.clone()).collect();
        let mut results: Vec<_> =
            members.iter().flatten().flat_map(|member| member.results.clone()).collect();
        let (mut text, mut after) = (String::new(), String::new());
        if lists.is_empty() && decorated.is_none() {
            return text;
        }
        if parts.has_method {
            let initialize = self.name(parts);
            after.push_str(&format!("#{initialize}={initialize}(this);"));
            results.push(initialize);
        }
        if parts.has_static_method {
            let initialize = self.name(parts);
            text.push_str(&format!("{initialize}(this);"));
            results.push(initialize);
        }
        let made = self.fresh();
        parts.list = decorated.map(|_| self.fresh());
        let list = parts.list.as_deref().unwrap_or_default();
        let mut block = format!(
            "static{{const {made}={}(this,[{}],[{}],1,void 0,Object.getPrototypeOf(this));[{}]={made}.e;",
            self.prefix,
            if list.is_empty() { String::new() } else { format!("...{list}") },
            lists.join(","),
            results.join(","),
        );
        if let Some(local) = decorated {
            let initialize = self.name(parts);
            // Behind the class it is assigned once more, as what it was before.
            let decorated = self.name(parts);
            block.push_str(&format!("[{local},{initialize}]={made}.c;{decorated}={local};"));
            parts.result = Some(decorated);
            parts.last = format!("static{{{initialize}();}}");
        }
        format!("{block}{text}}}{after}")
    }
}
