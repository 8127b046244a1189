//! When the program is started, told to end, killed and started again. Pure: events go in, effects come out, and the time
//! is an argument.
//!
//! One program at a time. It runs until it ends by itself or is to be restarted. A restart begins by asking the
//! runtime to dispose what runs; then comes SIGTERM, and SIGKILL when the grace period is over. When the program's
//! process is gone, whatever else it has started is ended in the same way, and only when nothing is left does the next one
//! start. A program that ended by itself waits for a change. Signals that end a program end the supervisor with it.

use std::time::{Duration, Instant};

use crate::message::{Reason, Told};
use crate::report::Report;

mod crashes;
mod event;

use crashes::Crashes;
pub use event::{Effect, Event, Exit, Key, Stop};

/// What does not change.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rules {
    /// How long the program has for its end; for ever without.
    pub grace: Option<Duration>,
    /// End when the program has ended by itself.
    pub exit: bool,
    /// A debugger may pause the program, so that it does not answer.
    pub may_pause: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Running,
    /// The runtime is to dispose what runs; `answers`: it does.
    Asked {
        until: Option<Instant>,
        answers: bool,
    },
    /// Told to end.
    Ending {
        until: Option<Instant>,
    },
    Killed {
        look: Instant,
    },
    /// The process is gone, others may be left.
    Clearing {
        until: Option<Instant>,
        look: Instant,
    },
    /// Nothing runs: a change starts the program.
    Waiting,
    /// Nothing runs, and the next start has to wait a little.
    BackingOff {
        until: Instant,
    },
    Over,
}

/// What comes when the program is gone.
#[derive(Clone, Debug, PartialEq)]
enum Then {
    Start(Reason),
    Wait,
    /// Since when; what ends it again within [`SAME_PRESS`] is the same wish, which npm passes on.
    Leave(Instant, Leaving),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Leaving {
    /// As the program ends.
    AsProgram,
    /// Asked to by a key: the program's death by our signal is no failure.
    AtEase,
}

/// How long the runtime has to answer before the program is ended without.
const ANSWER: Duration = Duration::from_secs(1);
/// How often to look whether somebody is left.
const LOOK: Duration = Duration::from_millis(10);
/// Ctrl-C under npm comes twice: from the terminal and from npm.
const SAME_PRESS: Duration = Duration::from_millis(400);
/// The supervisor of one program.
#[derive(Clone, Debug)]
pub struct Supervisor {
    rules: Rules,
    state: State,
    then: Then,
    started: Instant,
    crashes: Crashes,
    /// The runtime hears.
    connected: bool,
    error: Option<String>,
    exit: Exit,
    paused: bool,
    /// What changed while paused.
    held: Option<Reason>,
}

impl Supervisor {
    /// The program is to be started for the first time.
    pub fn new(rules: Rules, now: Instant) -> (Self, Vec<Effect>) {
        let new = Self {
            rules,
            state: State::Running,
            then: Then::Wait,
            started: now,
            crashes: Crashes::default(),
            connected: false,
            error: None,
            exit: Exit::Code(0),
            paused: false,
            held: None,
        };
        (new, vec![Effect::Start])
    }

    /// When [`Event::Time`] is due.
    pub fn wakes(&self) -> Option<Instant> {
        match self.state {
            State::Asked { until, .. } | State::Ending { until } => until,
            State::Killed { look } | State::Clearing { look, .. } => Some(look),
            State::BackingOff { until } => Some(until),
            State::Running | State::Waiting | State::Over => None,
        }
    }

    /// Takes an event in.
    #[must_use]
    pub fn on(mut self, event: Event, now: Instant) -> (Self, Vec<Effect>) {
        let effects = match event {
            Event::Ended(exit) => self.ended(exit, now),
            Event::Alone => self.alone(now),
            Event::NotAlone => Vec::new(),
            Event::Told(told) => self.told(told, now),
            Event::Changed(reason) => self.wanted(reason, now),
            Event::Stop { signal, to_all } => self.stop(signal, to_all, now),
            Event::Key(key) => self.key(key, now),
            Event::Time => self.time(now),
        };
        (self, effects)
    }

    /// The process is gone: what it has started follows.
    fn ended(&mut self, exit: Exit, now: Instant) -> Vec<Effect> {
        self.exit = exit;
        let mut effects = Vec::new();
        if self.then == Then::Wait {
            effects.push(Effect::Say(self.end_of_itself(exit, now)));
            if self.rules.exit {
                self.then = Then::Leave(now, Leaving::AsProgram);
            }
        }
        let (until, end) = match self.state {
            State::Ending { until } => (until, Effect::EndRest),
            State::Killed { .. } => (Some(now), Effect::Kill),
            _ => (self.grace(now), Effect::EndRest),
        };
        self.state = State::Clearing { until, look: now + LOOK };
        effects.push(end);
        effects
    }

    fn end_of_itself(&mut self, exit: Exit, now: Instant) -> Report {
        self.crashes.count(exit, now.saturating_duration_since(self.started));
        let waits = !self.rules.exit;
        match exit {
            Exit::Code(0) => Report::Done { waits },
            exit => Report::Crashed { exit, error: self.error.take(), waits },
        }
    }

    fn alone(&mut self, now: Instant) -> Vec<Effect> {
        if !matches!(self.state, State::Clearing { .. }) {
            return Vec::new();
        }
        match std::mem::replace(&mut self.then, Then::Wait) {
            Then::Start(reason) => self.start_again(reason, now),
            Then::Leave(_, leaving) => {
                self.state = State::Over;
                let ease = leaving == Leaving::AtEase && matches!(self.exit, Exit::Signal(_));
                vec![Effect::Leave(if ease { Exit::Code(0) } else { self.exit })]
            }
            Then::Wait => {
                self.state = State::Waiting;
                vec![Effect::WatchAll]
            }
        }
    }

    /// Nothing runs: starts the program, at once if it does not crash all the time.
    fn start_again(&mut self, reason: Reason, now: Instant) -> Vec<Effect> {
        let due = self.started + self.crashes.apart();
        if due > now {
            self.state = State::BackingOff { until: due };
            self.then = Then::Start(reason);
            return vec![Effect::Say(Report::BackingOff(due - now))];
        }
        self.start(now)
    }

    fn start(&mut self, now: Instant) -> Vec<Effect> {
        self.state = State::Running;
        self.then = Then::Wait;
        self.started = now;
        self.connected = false;
        self.error = None;
        vec![Effect::Clear(false), Effect::Start]
    }

    fn told(&mut self, told: Told, now: Instant) -> Vec<Effect> {
        match told {
            Told::Connected => {
                self.connected = true;
                if self.paused { vec![Effect::Pause(true)] } else { Vec::new() }
            }
            // The runtime has said why.
            Told::Restart(reason) if self.state == State::Running => {
                let said =
                    Effect::Say(Report::Restarting { reason: reason.clone(), by_runtime: true });
                [vec![said], self.restart(reason, now)].concat()
            }
            Told::Disposing => {
                if let State::Asked { .. } = self.state {
                    self.state = State::Asked { until: self.grace(now), answers: true };
                }
                Vec::new()
            }
            Told::Disposed if matches!(self.state, State::Asked { .. }) => {
                self.end(Stop::Terminate, now)
            }
            Told::Uncaught { error } => {
                self.error = Some(error);
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    /// A change that only a new start can take in.
    fn wanted(&mut self, reason: Reason, now: Instant) -> Vec<Effect> {
        if self.paused {
            self.held = Some(reason);
            return Vec::new();
        }
        let said = Effect::Say(Report::Restarting { reason: reason.clone(), by_runtime: false });
        match self.state {
            State::Running => [vec![said], self.restart(reason, now)].concat(),
            State::Waiting => [vec![said], self.start_again(reason, now)].concat(),
            State::Clearing { .. } if self.then == Then::Wait => {
                self.then = Then::Start(reason);
                vec![said]
            }
            // Something is on the way that takes it in.
            _ => Vec::new(),
        }
    }

    fn restart(&mut self, reason: Reason, now: Instant) -> Vec<Effect> {
        self.then = Then::Start(reason);
        if !self.connected {
            return self.end(Stop::Terminate, now);
        }
        self.state = State::Asked { until: Some(now + ANSWER), answers: false };
        vec![Effect::Dispose]
    }

    fn end(&mut self, signal: Stop, now: Instant) -> Vec<Effect> {
        self.state = State::Ending { until: self.grace(now) };
        vec![Effect::Signal(signal)]
    }

    fn kill(&mut self, now: Instant) -> Vec<Effect> {
        self.state = match self.state {
            State::Clearing { .. } => State::Clearing { until: Some(now), look: now + LOOK },
            _ => State::Killed { look: now + LOOK },
        };
        vec![Effect::Kill]
    }

    fn stop(&mut self, signal: Stop, to_all: bool, now: Instant) -> Vec<Effect> {
        let leave = |then: &mut Then| *then = Then::Leave(now, Leaving::AsProgram);
        match (self.state, &self.then) {
            (State::Over, _) => Vec::new(),
            (State::Waiting | State::BackingOff { .. }, _) => {
                self.state = State::Over;
                vec![Effect::Leave(Exit::Signal(signal.number()))]
            }
            (_, Then::Leave(since, _)) if now < *since + SAME_PRESS => Vec::new(),
            (_, Then::Leave(..)) => [vec![Effect::Say(Report::Killing)], self.kill(now)].concat(),
            (State::Running | State::Asked { .. }, _) => {
                leave(&mut self.then);
                let effects = self.end(signal, now);
                if to_all { Vec::new() } else { effects }
            }
            // It is ending already.
            _ => {
                leave(&mut self.then);
                Vec::new()
            }
        }
    }

    fn key(&mut self, key: Key, now: Instant) -> Vec<Effect> {
        match key {
            Key::Restart => self.force(now),
            Key::Pause => self.pause(now),
            Key::Clear => vec![Effect::Clear(true)],
            Key::Help => vec![Effect::Say(Report::Help)],
            Key::Quit => {
                let effects = self.stop(Stop::Terminate, false, now);
                if let Then::Leave(_, leaving) = &mut self.then {
                    *leaving = Leaving::AtEase;
                }
                let leaves = |effect| match effect {
                    Effect::Leave(_) => Effect::Leave(Exit::Code(0)),
                    other => other,
                };
                effects.into_iter().map(leaves).collect()
            }
        }
    }

    /// The next step of a restart, whatever it waits for.
    fn force(&mut self, now: Instant) -> Vec<Effect> {
        let reason = Reason { reason: "asked for".into(), ..Reason::default() };
        let said = Effect::Say(Report::Restarting { reason: reason.clone(), by_runtime: false });
        match self.state {
            State::Running => [vec![said], self.restart(reason, now)].concat(),
            State::Waiting | State::BackingOff { .. } => [vec![said], self.start(now)].concat(),
            State::Asked { .. } => self.end(Stop::Terminate, now),
            State::Ending { .. } | State::Clearing { .. } => {
                if self.then == Then::Wait {
                    self.then = Then::Start(reason);
                }
                self.kill(now)
            }
            State::Killed { .. } | State::Over => Vec::new(),
        }
    }

    fn pause(&mut self, now: Instant) -> Vec<Effect> {
        self.paused = !self.paused;
        let mut effects = vec![Effect::Say(Report::Paused(self.paused))];
        if self.connected {
            effects.push(Effect::Pause(self.paused));
        }
        if let Some(reason) = self.held.take_if(|_| !self.paused) {
            effects.extend(self.wanted(reason, now));
        }
        effects
    }

    fn time(&mut self, now: Instant) -> Vec<Effect> {
        match self.state {
            State::Asked { until: Some(until), answers } if now >= until => {
                if answers || !self.rules.may_pause {
                    return self.end(Stop::Terminate, now);
                }
                self.state = State::Asked { until: None, answers };
                vec![Effect::Say(Report::NoAnswer)]
            }
            State::Ending { until: Some(until) } if now >= until => {
                [vec![Effect::Say(Report::GraceOver)], self.kill(now)].concat()
            }
            State::Killed { look } if now >= look => self.kill(now),
            State::Clearing { until, look } if now >= look => {
                self.state = State::Clearing { until, look: now + LOOK };
                let is_over = until.is_some_and(|until| now >= until);
                vec![if is_over { Effect::Kill } else { Effect::EndRest }]
            }
            State::BackingOff { until } if now >= until => self.start(now),
            _ => Vec::new(),
        }
    }

    fn grace(&self, now: Instant) -> Option<Instant> {
        self.rules.grace.map(|grace| now + grace)
    }
}

#[cfg(test)]
mod tests;
