//! Names the executable text needs beside the module's own. None of them may occur in the module:
//! a clash would capture the user's variable.

use oxc_semantic::Scoping;

/// Identifiers chosen for one module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Names {
    /// Stands for `import.meta`: exactly 11 characters.
    pub meta: String,
    /// Stands for `import` in `import(…)`: exactly 6 characters.
    pub import: String,
    /// Receives the environment: setter and getters.
    pub env: String,
    /// Object whose properties are live bindings.
    pub live: String,
    /// The setter's parameter.
    pub values: String,
    /// The `*default*` binding: 5 characters, fits with `=` into `default`.
    pub default: String,
    /// Holder of an anonymous default export, `{default: …}`: one character.
    pub holder: char,
}

impl Names {
    pub(crate) fn choose(source: &str, scoping: &Scoping) -> Self {
        Self {
            meta: unused(source, "$importMeta"),
            import: unused(source, "$mport"),
            env: unused(source, "$env"),
            live: unused(source, "$live"),
            values: unused(source, "$v"),
            default: unused(source, "$dflt"),
            holder: unused_character(scoping),
        }
    }
}

/// `wanted`, or a name of the same length that `source` does not contain anywhere.
fn unused(source: &str, wanted: &str) -> String {
    if !source.contains(wanted) {
        return wanted.to_owned();
    }
    let digits = wanted.len() - 1;
    (0_u64..)
        .map(|number| {
            let tail = base36(number);
            let kept = digits.saturating_sub(tail.len());
            format!("${}{tail}", &wanted[1..=kept])
        })
        .find(|name| !source.contains(name.as_str()))
        .unwrap_or_else(|| wanted.to_owned())
}

fn base36(mut number: u64) -> String {
    let mut digits = Vec::new();
    loop {
        digits.push(char::from_digit((number % 36) as u32, 36).unwrap_or('0'));
        number /= 36;
        if number == 0 {
            return digits.iter().rev().collect();
        }
    }
}

/// An identifier of one character that names nothing in the module; beyond ASCII only where a
/// minified module uses all 54 of the others.
fn unused_character(scoping: &Scoping) -> char {
    let mut used = rustc_hash::FxHashSet::default();
    let unresolved = scoping.root_unresolved_references().keys().map(|name| name.as_str());
    for name in scoping.symbol_names().chain(unresolved) {
        let mut characters = name.chars();
        if let (Some(character), None) = (characters.next(), characters.next()) {
            used.insert(character);
        }
    }
    "$_".chars()
        .chain('a'..='z')
        .chain('A'..='Z')
        .chain('\u{391}'..='\u{3a1}')
        .find(|character| !used.contains(character))
        .unwrap_or('\u{3a9}')
}
