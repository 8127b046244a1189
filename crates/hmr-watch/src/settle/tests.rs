use super::*;
use crate::stamp::FileId;

/// A step of a table: milliseconds, then what happens.
#[derive(Clone, Copy)]
enum Step {
    Signal(u64, Signal),
    /// The look due at this time finds this; `None` expects that no look is due.
    Look(u64, Option<Look>),
}
use Step::{Look as At, Signal as On};

fn stamp(modified: i128) -> Stamp {
    Stamp { id: FileId { device: 1, inode: 1 }, size: 1, modified, changed: modified }
}

/// Runs the steps for one path that was seen as `seen` and compares the decisions.
fn check(name: &str, seen: Option<Stamp>, steps: &[Step], expected: &[ChangeKind]) {
    let origin = Instant::now();
    let path = Path::new("/f");
    let (mut settle, mut seen, mut kinds) = (Settle::default(), seen, Vec::new());
    for (index, step) in steps.iter().enumerate() {
        match *step {
            On(ms, signal) => {
                settle.signal(path, signal, origin + Duration::from_millis(ms));
            }
            At(ms, look) => {
                let now = origin + Duration::from_millis(ms);
                let due = settle.due(now);
                assert_eq!(
                    due.is_empty(),
                    look.is_none(),
                    "{name}: look in step {index} at {ms} ms"
                );
                let (Some((_, phase)), Some(look)) = (due.into_iter().next(), look) else {
                    continue;
                };
                if let Some((_, Outcome::Changed(kind, stamp))) =
                    settle.looked(path, phase, look, seen, now)
                {
                    kinds.push(kind);
                    seen = stamp;
                }
            }
        }
    }
    assert_eq!(kinds, expected, "{name}");
}

#[test]
fn ways_of_writing() {
    use ChangeKind::{Attributes, Created, Modified, Removed, Vanished};
    use Look::{Busy, Missing, Steady, Unsure};
    use Signal::{Appeared, Arrived, Closed, Differs, Left, Touched, Written};
    let old = Some(stamp(1));
    let new = stamp(2);
    let chmod = Stamp { changed: 2, ..stamp(1) };
    check(
        "write and close",
        old,
        &[On(0, Written), On(0, Closed), At(0, Some(Steady(new)))],
        &[Modified],
    );
    check(
        "write without close waits",
        old,
        &[On(0, Written), At(24, None), At(25, Some(Steady(new)))],
        &[Modified],
    );
    check(
        "same stamp after a write",
        old,
        &[On(0, Written), On(0, Closed), At(0, Some(Steady(stamp(1))))],
        &[Modified],
    );
    check(
        "open and close without a write",
        old,
        &[On(0, Closed), At(0, Some(Steady(stamp(1))))],
        &[],
    );
    check(
        "in chunks",
        old,
        &[On(0, Written), On(20, Written), At(25, None), On(30, Closed), At(30, Some(Steady(new)))],
        &[Modified],
    );
    check(
        "slow writer stays armed",
        old,
        &[
            On(0, Written),
            At(25, Some(Busy)),
            At(500, Some(Busy)),
            On(600, Closed),
            At(600, Some(Steady(new))),
        ],
        &[Modified],
    );
    check(
        "two writers",
        old,
        &[
            On(0, Written),
            On(0, Closed),
            At(0, Some(Busy)),
            On(3, Closed),
            At(3, Some(Steady(new))),
        ],
        &[Modified],
    );
    check(
        "closed, but not let go of yet",
        old,
        &[On(0, Written), On(0, Closed), At(0, Some(Busy)), At(1, Some(Steady(new)))],
        &[Modified],
    );
    check(
        "hard link to a new name",
        None,
        &[On(0, Appeared), At(0, Some(Steady(new)))],
        &[Created],
    );
    check(
        "created by a writer",
        None,
        &[
            On(0, Appeared),
            At(0, Some(Busy)),
            On(1, Written),
            On(1, Closed),
            At(1, Some(Steady(new))),
        ],
        &[Created],
    );
    check("rename over", old, &[On(0, Arrived), At(0, Some(Steady(new)))], &[Modified]);
    check(
        "vim: away and back",
        old,
        &[On(0, Left), On(0, Appeared), On(0, Written), On(0, Closed), At(0, Some(Steady(new)))],
        &[Modified],
    );
    check(
        "delete, create later",
        old,
        &[
            On(0, Left),
            At(50, None),
            On(60, Appeared),
            On(60, Written),
            On(61, Closed),
            At(61, Some(Steady(new))),
        ],
        &[Modified],
    );
    check("removed", old, &[On(0, Left), At(99, None), At(100, Some(Missing))], &[Removed]);
    check(
        "gone at the look, removal not yet heard of",
        old,
        &[On(0, Closed), At(0, Some(Missing)), At(99, None), At(100, Some(Missing))],
        &[Removed],
    );
    check(
        "came and went unseen: a client may have read it",
        None,
        &[
            On(0, Appeared),
            On(0, Written),
            On(0, Closed),
            On(0, Left),
            At(99, None),
            At(100, Some(Missing)),
        ],
        &[Vanished],
    );
    check(
        "came and went unseen, and came again",
        None,
        &[On(0, Appeared), On(0, Left), On(60, Arrived), At(60, Some(Steady(new)))],
        &[Created],
    );
    check("came back unheard", old, &[On(0, Left), At(100, Some(Steady(new)))], &[Modified]);
    check("chmod", old, &[On(0, Touched), At(0, Some(Steady(chmod)))], &[Attributes]);
    check("touch without effect", old, &[On(0, Touched), At(0, Some(Steady(stamp(1))))], &[]);
    check("scan", old, &[On(0, Differs), At(0, Some(Steady(new)))], &[Modified]);
    check("unsure but closed", old, &[On(0, Closed), At(0, Some(Unsure(new)))], &[Modified]);
    check(
        "unsure scan wants two equal looks",
        old,
        &[
            On(0, Differs),
            At(0, Some(Unsure(stamp(3)))),
            At(25, Some(Unsure(new))),
            At(50, Some(Unsure(new))),
        ],
        &[Modified],
    );
}

#[test]
fn hurry_ends_holds_only() {
    let now = Instant::now() + HOLD;
    let mut settle = Settle::default();
    settle.signal(Path::new("/gone"), Signal::Left, now);
    settle.signal(Path::new("/written"), Signal::Written, now);
    settle.hurry(now);
    let due = settle.due(now);
    assert_eq!(due.len(), 1);
    let (path, phase) = due.into_iter().next().expect("one");
    let outcome = settle.looked(&path, phase, Look::Missing, Some(stamp(1)), now);
    assert!(matches!(outcome, Some((_, Outcome::Changed(ChangeKind::Removed, None)))));
    assert_eq!(settle.next(), Some(now + QUIET));
}

/// Between the event of a close and the end of the writer's access its thread may have to wait for a processor.
#[test]
fn a_file_that_was_closed_before_another_one_is_looked_at_with_it() {
    let t = Instant::now();
    let at = |micros| t + Duration::from_micros(micros);
    let (first, second) = (Path::new("/first"), Path::new("/second"));
    let mut settle = Settle::default();
    settle.signal(first, Signal::Closed, t);
    for micros in [0, 20, 60, 140, 300] {
        let (_, phase) = settle.due(at(micros)).pop().expect("the first file");
        assert!(settle.looked(first, phase, Look::Busy, None, at(micros)).is_none());
    }
    assert!(settle.due(at(310)).is_empty());
    settle.signal(second, Signal::Closed, at(310));
    let mut due: Vec<_> = settle.due(at(310)).into_iter().map(|(path, _)| path).collect();
    due.sort();
    assert_eq!(due, [first, second]);
}
