//! What the program has started, and what of it is left.
//!
//! On Linux this process adopts whatever its descendants leave behind, so that nothing gets lost between two looks at
//! `/proc`. A daemon is left alone: a process in a session of its own whose leader has ended, which is how programs
//! hand something over for good (a browser that was opened, for example).

use std::collections::{HashMap, HashSet};

use rustix::process::{Pid, Signal, kill_process};

/// The processes that descend from this one.
#[derive(Debug, Default)]
pub struct Tree {
    /// Those that have been told to end.
    told: HashSet<i32>,
}

/// What is known of one process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Process {
    pid: i32,
    parent: i32,
    session: i32,
    /// Ended, and not waited for yet.
    is_dead: bool,
}

impl Tree {
    /// From now on orphans of descendants become children of this process.
    pub fn adopt() {
        #[cfg(target_os = "linux")]
        let _ = rustix::process::set_child_subreaper(Some(rustix::process::getpid()));
    }

    /// Tells everybody but `spared` once to end. Returns whether anybody is left.
    pub fn end(&mut self, spared: Option<Pid>) -> bool {
        let left = self.left(spared);
        for &pid in &left {
            if self.told.insert(pid) {
                signal(pid, Signal::TERM);
            }
        }
        !left.is_empty()
    }

    /// Kills everybody but `spared`. Returns whether anybody is left.
    pub fn kill(&mut self, spared: Option<Pid>) -> bool {
        let left = self.left(spared);
        left.iter().for_each(|&pid| signal(pid, Signal::KILL));
        !left.is_empty()
    }

    fn left(&mut self, spared: Option<Pid>) -> Vec<i32> {
        let mut left = descendants(std::process::id() as i32, &processes());
        left.retain(|&pid| Some(pid) != spared.map(Pid::as_raw_pid));
        self.told.retain(|pid| left.contains(pid));
        left
    }
}

fn signal(pid: i32, signal: Signal) {
    if let Some(pid) = Pid::from_raw(pid) {
        // It may be gone by now.
        let _ = kill_process(pid, signal);
    }
}

/// Living descendants of `root`, without daemons.
fn descendants(root: i32, all: &[Process]) -> Vec<i32> {
    let by_pid: HashMap<_, _> = all.iter().map(|process| (process.pid, process)).collect();
    let lives = |pid: i32| by_pid.get(&pid).is_some_and(|process| !process.is_dead);
    let own_session = by_pid.get(&root).map(|process| process.session);
    let mut found = Vec::new();
    let mut parents = vec![root];
    while let Some(parent) = parents.pop() {
        for process in all.iter().filter(|process| process.parent == parent) {
            let is_daemon = Some(process.session) != own_session && !lives(process.session);
            if !is_daemon && !process.is_dead {
                found.push(process.pid);
            }
            parents.push(process.pid);
        }
    }
    found
}

#[cfg(target_os = "linux")]
fn processes() -> Vec<Process> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
    pids.filter_map(|pid| parse_stat(&std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?))
        .collect()
}

/// A line of `/proc/PID/stat`: pid (name) state ppid pgrp session …, where the name may contain anything.
#[cfg(target_os = "linux")]
fn parse_stat(line: &str) -> Option<Process> {
    let pid = line.split_once(' ')?.0.parse().ok()?;
    let mut fields = line.rsplit_once(')')?.1.split_whitespace();
    let state = fields.next()?;
    let parent = fields.next()?.parse().ok()?;
    let session = fields.nth(1)?.parse().ok()?;
    Some(Process { pid, parent, session, is_dead: matches!(state, "Z" | "X") })
}

/// Elsewhere `ps` knows. Orphans are not adopted there, so those of a process that is gone are not found.
#[cfg(not(target_os = "linux"))]
fn processes() -> Vec<Process> {
    let arguments = ["-axo", "pid=,ppid=,sess=,stat="];
    let Ok(output) = std::process::Command::new("ps").args(arguments).output() else {
        return Vec::new();
    };
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines().filter_map(parse_ps).collect()
}

#[cfg(not(target_os = "linux"))]
fn parse_ps(line: &str) -> Option<Process> {
    let mut fields = line.split_whitespace();
    let pid = fields.next()?.parse().ok()?;
    let parent = fields.next()?.parse().ok()?;
    let session = fields.next()?.parse().unwrap_or(0);
    Some(Process { pid, parent, session, is_dead: fields.next()?.starts_with('Z') })
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    /// Processes as `pid parent session`, `z` behind dead ones.
    #[track_caller]
    fn check(processes: &[&str], expected: &[i32]) {
        let all: Vec<_> = processes
            .iter()
            .map(|text| {
                let numbers: Vec<_> =
                    text.trim_end_matches('z').split(' ').map(|n| n.parse().unwrap()).collect();
                Process {
                    pid: numbers[0],
                    parent: numbers[1],
                    session: numbers[2],
                    is_dead: text.ends_with('z'),
                }
            })
            .collect();
        let mut found = descendants(10, &all);
        found.sort_unstable();
        assert_eq!(found, expected, "{processes:?}");
    }

    #[test]
    fn everything_below_counts() {
        check(&["10 1 5", "11 10 5", "12 11 5", "13 12 5", "99 1 5"], &[11, 12, 13]);
    }

    #[test]
    fn what_was_adopted_counts_and_the_dead_do_not() {
        check(&["10 1 5", "11 10 5z", "12 10 5"], &[12]);
    }

    #[test]
    fn detached_processes_count_and_daemons_do_not() {
        check(&["10 1 5", "11 10 5", "12 11 12", "13 12 12"], &[11, 12, 13]);
        check(&["10 1 5", "12 10 12", "13 12 12"], &[12, 13]);
        check(&["10 1 5", "13 10 12"], &[]);
        check(&["10 1 5", "11 10 5", "12 11 12z", "13 11 12"], &[11]);
    }

    #[test]
    fn names_may_contain_anything() {
        let process = parse_stat("12 (a) Z (b)) S 11 12 5 0 -1").unwrap();
        assert_eq!(process, Process { pid: 12, parent: 11, session: 5, is_dead: false });
    }
}
