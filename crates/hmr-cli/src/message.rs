//! What supervisor and runtime say to each other: one JSON object per line on a pair of sockets. `runtime/lib/supervisor.js` is the
//! other side.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What the runtime says.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(tag = "say", rename_all = "camelCase")]
pub enum Told {
    /// It is there, and hears what is said.
    Connected,
    /// Files that the program consists of, or whose appearance may repair it, with the hash of what was read of
    /// them (XXH3, hexadecimal); nothing for what was not there. More than one message adds up.
    Files {
        /// Pairs of file and hash.
        files: Vec<(PathBuf, Option<String>)>,
    },
    /// Files whose changes the runtime cannot apply: the program has to be started again.
    RestartOn {
        /// Pairs of file and hash, as above.
        files: Vec<(PathBuf, Option<String>)>,
    },
    /// A change needs a restart.
    Restart(Reason),
    /// Running modules are being disposed, as was asked for.
    Disposing,
    /// They are: the program may end.
    Disposed,
    /// The program is about to end with this error: its first line.
    Uncaught {
        /// The error's name and message.
        error: String,
    },
    /// Something happened that followers of the program want to know.
    Event {
        /// As in `events` of the package.
        event: Value,
    },
}

/// Why the program is restarted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// Files that changed.
    #[serde(default)]
    pub files: Vec<PathBuf>,
    /// From the changed module up to the one above which nobody accepts the change.
    #[serde(default)]
    pub chain: Vec<PathBuf>,
    /// In words.
    pub reason: String,
}

/// What the supervisor says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "say", rename_all = "camelCase")]
pub enum Ask {
    /// Dispose what runs: the program is about to be ended.
    Dispose,
    /// Apply no changes until told to.
    Pause,
    /// Apply changes again.
    Resume,
    /// To one that stands by: run the program.
    Go,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: Told) {
        assert_eq!(serde_json::from_str::<Told>(line).unwrap(), expected, "{line}");
    }

    #[test]
    fn lines_of_the_runtime() {
        check(r#"{"say":"connected"}"#, Told::Connected);
        check(
            r#"{"say":"files","files":[["/a.js","00ff"],["/b.js",null]]}"#,
            Told::Files {
                files: vec![("/a.js".into(), Some("00ff".into())), ("/b.js".into(), None)],
            },
        );
        check(
            r#"{"say":"restart","type":"restart","files":["/a.js"],"chain":["/a.js"],"reason":"why"}"#,
            Told::Restart(Reason {
                files: vec!["/a.js".into()],
                chain: vec!["/a.js".into()],
                reason: "why".into(),
            }),
        );
        check(
            r#"{"say":"uncaught","error":"Error: x"}"#,
            Told::Uncaught { error: "Error: x".into() },
        );
    }

    #[test]
    fn lines_of_the_supervisor() {
        assert_eq!(serde_json::to_string(&Ask::Dispose).unwrap(), r#"{"say":"dispose"}"#);
    }
}
