//! Plans as text: what is evaluated, in order, then everything else that is not empty.
//!
//! | text | meaning |
//! |---|---|
//! | `a.js` `a.js'` | is evaluated for the first time, anew |
//! | `a.js@0` `a.js~` | is in import cycle 0, has to be awaited |
//! | `{d.json}` `[node:fs]` `<s.js>` | JSON, loaded by Node, had been loaded by Node before |
//! | `[#x of a.js]` | what `#x` in `a.js` means is left to Node |
//! | `rebind` `stale` `left` `removed` | fields of the plan, and what its commit removed |
//! | `link a.js:1:10 message` | a failure |

use hmr_engine::ModuleId;
use hmr_engine::failure::{Failure, FailureKind};
use hmr_engine::plan::{Definition, DefinitionKind, Plan, Step, Target};

use crate::project::Project;

pub fn outcome(project: &Project, plan: &Plan, removed: &[ModuleId]) -> String {
    if plan.waits {
        return "waits".to_owned();
    }
    if !plan.failures.is_empty() {
        assert_eq!(plan.transaction, 0, "no transaction is opened by a failure");
        let loads = |it: &Definition| matches!(it.kind, DefinitionKind::External { .. });
        assert!(plan.modules.iter().all(loads), "no module is defined with failures");
        let lines = plan.failures.iter().map(|failure| one_failure(project, failure));
        return lines.collect::<Vec<_>>().join("\n");
    }
    let mut sections = vec![steps(project, plan)];
    sections.push(list(project, "rebind", plan.rebind.iter().map(|rebinding| rebinding.id)));
    sections.push(list(project, "stale", plan.stale.iter().copied()));
    let left = plan.left_behind.iter().map(|url| project.name_of_url(url));
    sections.push(words("left", left.collect()));
    sections.push(list(project, "removed", removed.iter().copied()));
    sections.retain(|section| !section.is_empty());
    if sections.is_empty() { "nothing".to_owned() } else { sections.join(" | ") }
}

fn list(project: &Project, title: &str, ids: impl Iterator<Item = ModuleId>) -> String {
    words(title, ids.map(|id| project.name(id).to_owned()).collect())
}

fn words(title: &str, mut words: Vec<String>) -> String {
    words.sort();
    words.dedup();
    if words.is_empty() { String::new() } else { format!("{title} {}", words.join(" ")) }
}

/// The steps of a plan, each of which needs one definition.
pub fn steps(project: &Project, plan: &Plan) -> String {
    let steps = plan.steps.iter().map(|step| {
        let of_step = |definition: &&Definition| definition.id == step.id;
        let mut definitions = plan.modules.iter().filter(of_step);
        let definition = definitions.next().expect("every step has a definition");
        assert!(definitions.next().is_none(), "only one definition of a module");
        one_step(project, step, definition)
    });
    steps.collect::<Vec<_>>().join(" ")
}

fn one_step(project: &Project, step: &Step, definition: &Definition) -> String {
    let name = project.name_of_url(&definition.url);
    let mut text = match &definition.kind {
        DefinitionKind::Module { cycle, .. } | DefinitionKind::Again { cycle, .. } => {
            name + &cycle.map_or_else(String::new, |cycle| format!("@{cycle}"))
        }
        DefinitionKind::Json { .. } => format!("{{{name}}}"),
        DefinitionKind::Native => format!("<{name}>"),
        DefinitionKind::External { parent: Some(parent), .. } => {
            format!("[{name} of {}]", project.name_of_url(parent))
        }
        DefinitionKind::External { .. } => format!("[{name}]"),
        DefinitionKind::Script => format!("[{name}]"),
    };
    text += if step.again { "'" } else { "" };
    text += if step.is_async { "~" } else { "" };
    text
}

fn one_failure(project: &Project, failure: &Failure) -> String {
    let kind = match failure.kind {
        FailureKind::Syntax => "syntax",
        FailureKind::Link => "link",
        FailureKind::Missing => "missing",
    };
    let file = failure.file.strip_prefix(project.path("")).unwrap_or(&failure.file).display();
    let (line, column) = (failure.line, failure.column);
    let message = failure.message.replace(&(project.root() + "/"), "");
    format!("{kind} {file}:{line}:{column} {message}")
}

/// Where bindings come from, `name=target` or only the targets: `a.js.0`, the first export of
/// `a.js`; `[node:fs].join`; `a.js.*`; `x.x|y.x`, from whichever of these has it.
pub fn target(project: &Project, target: &Target) -> String {
    match target {
        Target::Getter(id, index) => format!("{}.{index}", project.name(*id)),
        Target::Name(id, name) => format!("[{}].{name}", project.name(*id)),
        Target::Namespace([id]) => format!("{}.*", project.name(*id)),
        Target::Stars { stars } => {
            let stars = stars.iter().map(|(id, name)| format!("{}.{name}", project.name(*id)));
            stars.collect::<Vec<_>>().join("|")
        }
    }
}
