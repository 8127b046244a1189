//! Names the executable text needs beside the module's own. None of them may occur in the module:
//! a clash would capture the user's variable.

use oxc_semantic::Scoping;
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

/// Identifiers chosen for one module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Names {
    /// Stands for `import.meta` at the beginning of a statement: exactly 11 characters.
    pub meta: String,
    /// Holds it as `value`: 2 characters.
    pub meta_holder: String,
    /// Stands for `import.meta` elsewhere, also with 11 characters. V8's errors call an optional chain
    /// `(intermediate value)`, as they do `import.meta`.
    pub meta_in_chain: String,
    /// Stands for `import` in `import(…)`: exactly 6 characters.
    pub import: String,
    /// Receives the environment: setter and getters.
    pub env: String,
    /// Object whose properties are live bindings.
    pub live: String,
    /// Tells an assignment to an exported binding.
    pub push: String,
    /// A parameter that is a number: of an import or export.
    pub slot: String,
    /// The setter's other parameter.
    pub value: String,
    /// The `*default*` binding: 5 characters, fits with `=` into `default`.
    pub default: String,
    /// Holder of an anonymous default export, `{default: …}`: one character.
    pub holder: char,
}

impl Names {
    pub(crate) fn choose(source: &str, scoping: &Scoping) -> Self {
        // By their text and by their names: an identifier may be written with escapes.
        let unresolved = scoping.root_unresolved_references().keys().map(|name| name.as_str());
        let names: FxHashSet<&str> = scoping.symbol_names().chain(unresolved).collect();
        let is_used = |name: &str| source.contains(name) || names.contains(name);
        // Neither may one that has been chosen: `$s` and `$v` both have `$0` for a substitute.
        let mut chosen: Vec<String> = Vec::new();
        let mut unused = |wanted: &str| {
            let is_taken = |name: &str| is_used(name) || chosen.iter().any(|other| other == name);
            let name = unused(&is_taken, wanted);
            chosen.push(name.clone());
            name
        };
        let meta_holder = unused("$m");
        Self {
            meta: unused("$importMeta"),
            meta_in_chain: format!("({meta_holder}?.value)"),
            meta_holder,
            import: unused("$mport"),
            env: unused("$env"),
            live: unused("$live"),
            push: unused("$push"),
            slot: unused("$s"),
            value: unused("$v"),
            default: unused("$dflt"),
            holder: unused_character(&names),
        }
    }
}

/// `wanted`, or a name of the same length that the module does not contain anywhere.
fn unused(is_used: &impl Fn(&str) -> bool, wanted: &str) -> String {
    if !is_used(wanted) {
        return wanted.to_owned();
    }
    let digits = wanted.len() - 1;
    (0_u64..)
        .map(|number| {
            let tail = base36(number);
            let kept = digits.saturating_sub(tail.len());
            format!("${}{tail}", &wanted[1..=kept])
        })
        .find(|name| !is_used(name))
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
fn unused_character(names: &FxHashSet<&str>) -> char {
    let used = |character: char| names.contains(character.encode_utf8(&mut [0; 4]) as &str);
    "$_".chars()
        .chain('a'..='z')
        .chain('A'..='Z')
        .chain('\u{391}'..='\u{3a1}')
        .find(|&character| !used(character))
        .unwrap_or('\u{3a9}')
}
