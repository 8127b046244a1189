//! The command line: our options, then Node's flags, the entry and the program's own arguments.
//!
//! Which options are ours, and which of them take a value, is said once, to clap. Flags that are not ours are Node's and
//! passed on as they are; from the entry on everything is the program's.

use std::ffi::OsString;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use crate::node_flags;

/// What the command line asks for.
#[derive(Debug)]
pub enum Asked {
    /// Start a program and keep it running.
    Run(Run),
    /// `why FILE`: options, and Node's flags.
    Why(ArgMatches, Vec<OsString>),
    /// `graph`: options, and Node's flags.
    Graph(ArgMatches, Vec<OsString>),
    /// `doctor`: options.
    Doctor(ArgMatches),
}

/// A program to be started.
#[derive(Debug)]
pub struct Run {
    /// Our options.
    pub options: ArgMatches,
    /// Node's flags, with their values.
    pub node_flags: Vec<OsString>,
    /// The entry and the program's arguments; empty with `--eval`, `--test` and the like.
    pub program: Vec<OsString>,
}

/// Reads the arguments behind the command's name.
///
/// # Errors
/// Clap's: a wrong use of our options, but also `--help` and `--version`.
pub fn parse(arguments: Vec<OsString>) -> Result<Asked, clap::Error> {
    let first = arguments.first().and_then(|first| first.to_str());
    let rest = || arguments[1..].to_vec();
    match first {
        Some("why") => parse_beside(why(), rest()).map(|(found, flags)| Asked::Why(found, flags)),
        Some("graph") => {
            parse_beside(graph(), rest()).map(|(found, flags)| Asked::Graph(found, flags))
        }
        Some("doctor") => parse_ours(doctor(), rest()).map(Asked::Doctor),
        Some("help") => parse_run(vec!["--help".into()]),
        _ => parse_run(arguments),
    }
}

fn parse_run(arguments: Vec<OsString>) -> Result<Asked, clap::Error> {
    let command = run();
    let Split { ours, node_flags, rest: program } = split(&command, arguments, false);
    let options = parse_ours(command.clone(), ours)?;
    if let Some(flag) = node_flags::own_watching(&node_flags) {
        let message = format!("node-esm-hmr watches by itself: leave out {flag}\n");
        return Err(command.clone().error(clap::error::ErrorKind::ArgumentConflict, message));
    }
    Ok(Asked::Run(Run { options, node_flags, program }))
}

/// A command whose own arguments may stand among Node's flags.
fn parse_beside(
    command: Command,
    arguments: Vec<OsString>,
) -> Result<(ArgMatches, Vec<OsString>), clap::Error> {
    let Split { mut ours, node_flags, rest } = split(&command, arguments, true);
    ours.extend(rest);
    Ok((parse_ours(command, ours)?, node_flags))
}

fn parse_ours(command: Command, arguments: Vec<OsString>) -> Result<ArgMatches, clap::Error> {
    let name = OsString::from(command.get_name());
    command.try_get_matches_from(std::iter::once(name).chain(arguments))
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Split {
    ours: Vec<OsString>,
    node_flags: Vec<OsString>,
    rest: Vec<OsString>,
}

/// Tells our options, Node's flags and the rest apart. With `beside` flags may also stand behind what is no flag.
fn split(command: &Command, arguments: Vec<OsString>, beside: bool) -> Split {
    let mut split = Split::default();
    let mut arguments = arguments.into_iter();
    while let Some(argument) = arguments.next() {
        let text = argument.to_string_lossy().into_owned();
        if text == "--" {
            break;
        }
        // A lone `-` is a program that is read from stdin.
        if !text.starts_with('-') || text == "-" {
            split.rest.push(argument);
            if beside {
                continue;
            }
            break;
        }
        let (flags, takes_value) = match is_ours(command, &text) {
            Some(takes_value) => (&mut split.ours, takes_value),
            None => (&mut split.node_flags, node_flags::takes_value(&text)),
        };
        flags.push(argument);
        flags.extend(takes_value.then(|| arguments.next()).flatten());
    }
    split.rest.extend(arguments);
    split
}

/// Whether a flag is an option of ours; if so, whether its value is the next argument.
fn is_ours(command: &Command, flag: &str) -> Option<bool> {
    if ["-h", "--help", "-V", "--version"].contains(&flag) {
        return Some(false);
    }
    let (name, has_value) = match flag.split_once('=') {
        Some((name, _)) => (name, true),
        None => (flag, false),
    };
    let name = name.strip_prefix("--")?;
    let option = command.get_arguments().find(|option| option.get_long() == Some(name))?;
    Some(option.get_action().takes_values() && !has_value)
}

fn run() -> Command {
    Command::new("node-esm-hmr")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Runs a program hot, and restarts it where that is not possible.")
        .args_override_self(true)
        .override_usage(
            "node-esm-hmr [options] [node flags] [--] entry [arguments]\n       \
             node-esm-hmr why FILE | graph | doctor  (--help says more)",
        )
        .after_help(
            "Every other flag is passed on to Node: --inspect, --env-file, --conditions, --test, …\n\
             Defaults of these options can be set in package.json: \"node-esm-hmr\": { \"grace\": 10 }",
        )
        .arg(valued("node", "PATH", "Node binary [default: the one that runs this command]"))
        .arg(
            valued("grace", "SECONDS", "Time the program has to end before it is killed, 0 for ever [default: 5]")
                .value_parser(value_parser!(f64)),
        )
        .arg(switch("exit", "no-exit", "End with the program, instead of waiting for changes"))
        .arg(switch("no-exit", "exit", "Wait for changes when the program has ended (the default)"))
        .arg(
            valued("restart-on", "PATH", "Restart when this file, or something in this folder, changes")
                .action(ArgAction::Append),
        )
        .arg(switch("clear", "no-clear", "Clear the terminal at every restart"))
        .arg(switch("no-clear", "clear", "Leave the terminal as it is (the default)"))
        .arg(switch("standby", "no-standby", "Keep a booted Node ready, so that a restart takes less time and more memory"))
        .arg(switch("no-standby", "standby", "Boot Node at every restart (the default)"))
        .arg(switch("shortcuts", "no-shortcuts", "Take keys from the terminal (h lists them): the program has no stdin"))
        .arg(switch("no-shortcuts", "shortcuts", "Leave stdin to the program (the default)"))
        .arg(valued("log", "FORM", "What is printed [default: pretty]").value_parser(["pretty", "json", "silent"]))
        .arg(
            valued("events-fd", "N", "Write an object per line to this descriptor for all that happens")
                .value_parser(value_parser!(i32).range(1..)),
        )
}

fn why() -> Command {
    Command::new("node-esm-hmr why")
        .about("Says whether a change of a file would be hot, and if not, what would make it so.")
        .override_usage("node-esm-hmr why [options] [node flags] FILE")
        .arg(
            Arg::new("file")
                .value_name("FILE")
                .required(true)
                .value_parser(value_parser!(OsString)),
        )
        .arg(entry())
        .arg(valued("node", "PATH", "Node binary"))
        .arg(switch("json", "json", "Print an object"))
}

fn graph() -> Command {
    Command::new("node-esm-hmr graph")
        .about("Prints the modules of a program and what they accept.")
        .override_usage("node-esm-hmr graph [options] [node flags]")
        .arg(entry())
        .arg(valued("node", "PATH", "Node binary"))
        .arg(valued("format", "FORM", "[default: text]").value_parser(["text", "json", "dot"]))
}

fn doctor() -> Command {
    Command::new("node-esm-hmr doctor")
        .about("Looks for what would keep changes from being seen or applied. Exits with 1 if there is something.")
        .override_usage("node-esm-hmr doctor [options]")
        .arg(valued("node", "PATH", "Node binary"))
}

fn entry() -> Arg {
    valued(
        "entry",
        "FILE",
        "The program [default: the one that was started last in this project, or package.json's]",
    )
}

fn valued(name: &'static str, value: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).value_name(value).help(help)
}

/// The later one of a switch and its opposite counts.
fn switch(name: &'static str, opposite: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).help(help).action(ArgAction::SetTrue).overrides_with(opposite)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ours, Node's and the program's, as texts.
    #[track_caller]
    fn check(line: &str, ours: &str, node: &str, program: &str) {
        let arguments = line.split_whitespace().map(OsString::from).collect();
        let found = split(&run(), arguments, false);
        let text = |part: &[OsString]| part.join(" ".as_ref()).into_string().unwrap();
        let found = [text(&found.ours), text(&found.node_flags), text(&found.rest)];
        assert_eq!(found, [ours, node, program], "{line}");
    }

    #[test]
    fn from_the_entry_on_all_is_the_programs() {
        check("app.js", "", "", "app.js");
        check(
            "--grace 3 app.js --grace 4 --inspect",
            "--grace 3",
            "",
            "app.js --grace 4 --inspect",
        );
        check("--grace=3 --inspect app.js", "--grace=3", "--inspect", "app.js");
        check("--clear -- app.js -x", "--clear", "", "app.js -x");
        check("--inspect -- --odd.js", "", "--inspect", "--odd.js");
        check("- a", "", "", "- a");
    }

    #[test]
    fn flags_of_node_have_their_values_with_them() {
        check("--import ./x.js app.js", "", "--import ./x.js", "app.js");
        check("-r ./x.cjs -C dev app.js", "", "-r ./x.cjs -C dev", "app.js");
        check("--env-file .env --clear app.js", "--clear", "--env-file .env", "app.js");
        check("--env-file=.env app.js", "", "--env-file=.env", "app.js");
        check("--unknown-flag app.js", "", "--unknown-flag", "app.js");
        check("--test --log json", "--log json", "--test", "");
        check("-e code a b", "", "-e code", "a b");
    }

    #[test]
    fn what_would_watch_a_second_time_is_refused() {
        for line in ["--watch app.js", "--watch-path=src app.js"] {
            let error = parse(line.split_whitespace().map(OsString::from).collect()).unwrap_err();
            assert!(error.to_string().contains("watches by itself"), "{error}");
        }
    }

    #[test]
    fn clap_agrees_with_the_definitions() {
        for command in [run(), why(), graph(), doctor()] {
            command.debug_assert();
        }
    }

    #[test]
    fn commands_take_their_arguments_among_flags_of_node() {
        let line = ["why", "a.js", "-C", "dev", "--entry", "b.js"].map(OsString::from);
        let Asked::Why(found, flags) = parse(line.to_vec()).unwrap() else { panic!("why") };
        assert_eq!(found.get_one::<OsString>("file").unwrap(), "a.js");
        assert_eq!(found.get_one::<String>("entry").unwrap(), "b.js");
        assert_eq!(flags, ["-C", "dev"]);
    }
}
