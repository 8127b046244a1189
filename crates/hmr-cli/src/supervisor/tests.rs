use super::*;

/// Milliseconds.
fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

const RULES: Rules = Rules { grace: Some(Duration::from_secs(5)), exit: false, may_pause: false };

/// Runs a supervisor through `steps`: at so many milliseconds an event leads to these effects, as short texts.
#[track_caller]
fn check(rules: Rules, steps: &[(u64, Event, &str)]) {
    let start = Instant::now();
    let (mut supervisor, effects) = Supervisor::new(rules, start);
    assert_eq!(short(&effects), "start");
    for (at, event, expected) in steps {
        let now = start + ms(*at);
        let (next, effects) = supervisor.on(event.clone(), now);
        assert_eq!(short(&effects), *expected, "at {at} ms: {event:?}, now {:?}", next.state);
        supervisor = next;
    }
}

fn short(effects: &[Effect]) -> String {
    let name = |effect: &Effect| match effect {
        Effect::Start => "start".into(),
        Effect::Dispose => "dispose".into(),
        Effect::Signal(signal) => format!("signal {}", signal.number()),
        Effect::EndRest => "end rest".into(),
        Effect::Kill => "kill".into(),
        Effect::Pause(pause) => format!("pause {pause}"),
        Effect::WatchAll => "watch all".into(),
        Effect::Say(report) => match report {
            Report::Crashed { error: Some(error), .. } => format!("say crashed: {error}"),
            Report::Crashed { .. } => "say crashed".into(),
            Report::Done { .. } => "say done".into(),
            Report::Restarting { reason, .. } => format!("say {}", reason.reason),
            Report::BackingOff(pause) => format!("say {} ms", pause.as_millis()),
            Report::GraceOver => "say too late".into(),
            Report::NoAnswer => "say no answer".into(),
            Report::Killing => "say killing".into(),
            Report::Paused(paused) => format!("say paused {paused}"),
            other => format!("say {other:?}"),
        },
        Effect::Clear(now) => format!("clear {now}"),
        Effect::Leave(exit) => format!("leave {exit:?}"),
    };
    // It stands before every start but the first.
    let texts = effects.iter().map(name).filter(|text| text != "clear false");
    texts.collect::<Vec<_>>().join(", ")
}

fn connected() -> Event {
    Event::Told(Told::Connected)
}

fn reason(text: &str) -> Reason {
    Reason { reason: text.into(), ..Reason::default() }
}

fn request() -> Event {
    Event::Told(Told::Restart(reason("why")))
}

fn changed() -> Event {
    Event::Changed(reason("changed"))
}

fn code(code: i32) -> Event {
    Event::Ended(Exit::Code(code))
}

fn stop(signal: Stop, to_all: bool) -> Event {
    Event::Stop { signal, to_all }
}

const INTERRUPT: fn() -> Event = || stop(Stop::Interrupt, true);
const KILLED: Event = Event::Ended(Exit::Signal(9));
const TERMINATED: Event = Event::Ended(Exit::Signal(15));
const DISPOSING: Event = Event::Told(Told::Disposing);
const DISPOSED: Event = Event::Told(Told::Disposed);

#[test]
fn a_restart_disposes_ends_clears_and_starts() {
    check(
        RULES,
        &[
            (50, connected(), ""),
            (100, request(), "say why, dispose"),
            (101, DISPOSING, ""),
            (102, DISPOSED, "signal 15"),
            (110, TERMINATED, "end rest"),
            (110, Event::Alone, "start"),
            (200, connected(), ""),
            (300, changed(), "say changed, dispose"),
        ],
    );
}

#[test]
fn a_program_whose_runtime_is_not_there_yet_is_ended_at_once() {
    check(
        RULES,
        &[
            (10, changed(), "say changed, signal 15"),
            (12, TERMINATED, "end rest"),
            (12, Event::Alone, "start"),
        ],
    );
}

#[test]
fn saves_during_a_restart_are_taken_in_by_it() {
    check(
        RULES,
        &[
            (50, connected(), ""),
            (100, request(), "say why, dispose"),
            (101, changed(), ""),
            (102, DISPOSED, "signal 15"),
            (103, changed(), ""),
            (104, request(), ""),
            (105, code(0), "end rest"),
            (105, changed(), ""),
            (106, Event::Alone, "start"),
        ],
    );
}

#[test]
fn who_does_not_end_in_time_is_killed() {
    check(
        RULES,
        &[
            (0, changed(), "say changed, signal 15"),
            (4999, Event::Time, ""),
            (5000, Event::Time, "say too late, kill"),
            (5000, Event::NotAlone, ""),
            (5010, Event::Time, "kill"),
            (5011, KILLED, "kill"),
            (5011, Event::NotAlone, ""),
            (5021, Event::Time, "kill"),
            (5021, Event::Alone, "start"),
        ],
    );
}

#[test]
fn without_a_grace_period_it_may_take_for_ever() {
    let rules = Rules { grace: None, ..RULES };
    check(
        rules,
        &[
            (0, changed(), "say changed, signal 15"),
            (1_000_000, Event::Time, ""),
            (1_000_001, code(0), "end rest"),
        ],
    );
}

#[test]
fn what_the_program_leaves_behind_has_the_rest_of_its_time() {
    check(
        RULES,
        &[
            (0, changed(), "say changed, signal 15"),
            (100, TERMINATED, "end rest"),
            (100, Event::NotAlone, ""),
            (105, Event::Time, ""),
            (110, Event::Time, "end rest"),
            (110, Event::NotAlone, ""),
            (5000, Event::Time, "kill"),
            (5001, Event::Alone, "start"),
        ],
    );
}

#[test]
fn a_crash_waits_for_a_change() {
    check(
        RULES,
        &[
            (50, Event::Told(Told::Uncaught { error: "Error: x".into() }), ""),
            (60, code(1), "say crashed: Error: x, end rest"),
            (60, Event::Alone, "watch all"),
            (9000, changed(), "say changed, start"),
            (9060, code(1), "say crashed, end rest"),
        ],
    );
}

#[test]
fn so_does_an_end() {
    check(
        RULES,
        &[
            (60, code(0), "say done, end rest"),
            (60, Event::Alone, "watch all"),
            (61, changed(), "say changed, start"),
        ],
    );
}

#[test]
fn a_change_while_the_dead_are_cleared_away_counts() {
    check(
        RULES,
        &[
            (60, code(1), "say crashed, end rest"),
            (60, changed(), "say changed"),
            (61, Event::Alone, "start"),
        ],
    );
}

#[test]
fn with_exit_the_end_is_the_end() {
    let rules = Rules { exit: true, ..RULES };
    check(rules, &[(60, code(3), "say crashed, end rest"), (60, Event::Alone, "leave Code(3)")]);
    check(rules, &[(60, code(0), "say done, end rest"), (60, Event::Alone, "leave Code(0)")]);
    // Of a restart it is not.
    check(
        rules,
        &[
            (60, changed(), "say changed, signal 15"),
            (61, code(0), "end rest"),
            (61, Event::Alone, "start"),
        ],
    );
}

/// Crashes of a program that lives for 50 ms, with a change right after each: how long each next start has to wait.
fn pauses(crashes: usize) -> Vec<u64> {
    let (mut supervisor, _) = Supervisor::new(RULES, Instant::now());
    let mut now = supervisor.started;
    let mut pauses = Vec::new();
    for _ in 0..crashes {
        now += ms(50);
        for event in [code(1), Event::Alone, changed()] {
            (supervisor, _) = supervisor.on(event, now);
        }
        let due = supervisor.wakes().unwrap_or(now);
        pauses.push((due - now).as_millis() as u64);
        now = due;
        (supervisor, _) = supervisor.on(Event::Time, now);
        assert_eq!(supervisor.state, State::Running);
    }
    pauses
}

#[test]
fn a_row_of_crashes_gets_slower() {
    assert_eq!(pauses(9), [0, 50, 150, 350, 750, 1550, 1950, 1950, 1950]);
}

#[test]
fn who_saves_slowly_never_waits() {
    let crash_at = |at| {
        [
            (at, code(1), "say crashed, end rest"),
            (at, Event::Alone, "watch all"),
            (at + 2500, changed(), "say changed, start"),
        ]
    };
    check(RULES, &(0..20).flat_map(|n| crash_at(n * 2550 + 50)).collect::<Vec<_>>());
}

#[test]
fn changes_do_not_shorten_a_pause_and_a_key_does() {
    let crash = |at| [(at, code(1), "say crashed, end rest"), (at, Event::Alone, "watch all")];
    let mut steps = vec![];
    steps.extend(crash(10));
    steps.push((10, changed(), "say changed, start"));
    steps.extend(crash(20));
    steps.push((20, changed(), "say changed, say 90 ms"));
    steps.push((30, changed(), ""));
    steps.push((31, Event::Key(Key::Restart), "say asked for, start"));
    check(RULES, &steps);
}

#[test]
fn the_first_ctrl_c_waits_and_the_second_forces() {
    check(
        RULES,
        &[
            (1000, INTERRUPT(), ""),
            // npm passes on what the terminal has sent already.
            (1010, stop(Stop::Interrupt, false), ""),
            (2000, INTERRUPT(), "say killing, kill"),
            (2001, KILLED, "kill"),
            (2001, Event::Alone, "leave Signal(9)"),
        ],
    );
}

#[test]
fn signals_for_us_alone_are_passed_on() {
    for (signal, expected) in
        [(Stop::Interrupt, "signal 2"), (Stop::Terminate, "signal 15"), (Stop::HangUp, "signal 1")]
    {
        check(
            RULES,
            &[
                (10, stop(signal, false), expected),
                (20, code(7), "end rest"),
                (20, Event::Alone, "leave Code(7)"),
            ],
        );
    }
}

#[test]
fn the_grace_period_holds_for_ctrl_c_too() {
    check(RULES, &[(0, INTERRUPT(), ""), (5000, Event::Time, "say too late, kill")]);
}

#[test]
fn where_nothing_runs_a_signal_ends_it() {
    check(
        RULES,
        &[
            (60, code(1), "say crashed, end rest"),
            (60, Event::Alone, "watch all"),
            (99, INTERRUPT(), "leave Signal(2)"),
        ],
    );
}

#[test]
fn a_signal_during_a_restart_turns_it_into_an_end() {
    check(
        RULES,
        &[
            (10, changed(), "say changed, signal 15"),
            (20, INTERRUPT(), ""),
            (30, TERMINATED, "end rest"),
            (30, Event::Alone, "leave Signal(15)"),
        ],
    );
}

#[test]
fn who_does_not_answer_is_ended_without() {
    check(
        RULES,
        &[
            (0, connected(), ""),
            (0, changed(), "say changed, dispose"),
            (999, Event::Time, ""),
            (1000, Event::Time, "signal 15"),
        ],
    );
}

#[test]
fn who_answers_has_the_grace_period_for_disposing() {
    check(
        RULES,
        &[
            (0, connected(), ""),
            (0, changed(), "say changed, dispose"),
            (10, DISPOSING, ""),
            (5009, Event::Time, ""),
            (5010, Event::Time, "signal 15"),
        ],
    );
}

#[test]
fn at_a_breakpoint_nothing_is_restarted_unless_forced() {
    let rules = Rules { may_pause: true, ..RULES };
    let paused = [
        (0, connected(), ""),
        (0, changed(), "say changed, dispose"),
        (1000, Event::Time, "say no answer"),
        (99_999, Event::Time, ""),
    ];
    let goes_on = [(100_000, DISPOSING, ""), (100_001, DISPOSED, "signal 15")];
    check(rules, &[&paused[..], &goes_on].concat());
    check(rules, &[&paused[..], &[(100_000, Event::Key(Key::Restart), "signal 15")]].concat());
}

#[test]
fn r_restarts_and_then_forces() {
    check(
        RULES,
        &[
            (0, connected(), ""),
            (10, Event::Key(Key::Restart), "say asked for, dispose"),
            (20, Event::Key(Key::Restart), "signal 15"),
            (30, Event::Key(Key::Restart), "kill"),
            (40, KILLED, "kill"),
            (40, Event::Alone, "start"),
        ],
    );
}

#[test]
fn q_ends_without_complaint() {
    check(
        RULES,
        &[
            (10, Event::Key(Key::Quit), "signal 15"),
            (20, TERMINATED, "end rest"),
            (20, Event::Alone, "leave Code(0)"),
        ],
    );
    check(
        RULES,
        &[
            (10, Event::Key(Key::Quit), "signal 15"),
            (20, code(4), "end rest"),
            (20, Event::Alone, "leave Code(4)"),
        ],
    );
    check(
        RULES,
        &[
            (9, code(1), "say crashed, end rest"),
            (9, Event::Alone, "watch all"),
            (10, Event::Key(Key::Quit), "leave Code(0)"),
        ],
    );
}

#[test]
fn while_paused_changes_wait() {
    check(
        RULES,
        &[
            (0, connected(), ""),
            (10, Event::Key(Key::Pause), "say paused true, pause true"),
            (20, changed(), ""),
            (30, Event::Key(Key::Pause), "say paused false, pause false, say changed, dispose"),
        ],
    );
}

#[test]
fn a_new_program_hears_of_a_pause() {
    check(
        RULES,
        &[
            (10, Event::Key(Key::Pause), "say paused true"),
            (20, Event::Key(Key::Restart), "say asked for, signal 15"),
            (30, TERMINATED, "end rest"),
            (30, Event::Alone, "start"),
            (40, connected(), "pause true"),
        ],
    );
}

#[test]
fn other_keys() {
    check(
        RULES,
        &[(0, Event::Key(Key::Clear), "clear true"), (1, Event::Key(Key::Help), "say Help")],
    );
}
