//! Keeps one program running: waits for inputs, asks the supervisor, does what it says.
//!
//! The loop decides nothing. Its threads (signals, keys, files, the runtime) only send inputs.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Instant;

use anyhow::{Context, Result};
use hmr_watch::Batch;
use rustix::process::Pid;

use crate::child::{self, Child};
use crate::descriptor;
use crate::files::Files;
use crate::keyboard::Keyboard;
use crate::last_run;
use crate::message::{Ask, Told};
use crate::node_flags;
use crate::report::{Report, Reporter};
use crate::settings::Settings;
use crate::signals;
use crate::standby::Standby;
use crate::supervisor::{Effect, Event, Exit, Key, Rules, Stop, Supervisor};
use crate::tree::Tree;

/// What wakes the loop.
#[derive(Debug)]
pub enum Input {
    /// A child has ended, the program or something it left behind.
    ChildChanged,
    /// The program has ended, and all it said has been handed on.
    Ended(Exit),
    /// The runtime of a process said something.
    Told {
        /// Which process.
        pid: Pid,
        /// What.
        told: Told,
    },
    /// Files may have changed.
    Batch(Batch),
    /// The watcher has something to say.
    Notice(String),
    /// A signal that ends programs. `to_all`: the program has got it, too.
    Stop {
        /// Which.
        signal: Stop,
        /// From the terminal.
        to_all: bool,
    },
    /// A signal for the program alone.
    PassOn(i32),
    /// This process goes on after it was stopped.
    Continued,
    /// A key was pressed.
    Key(Option<Key>),
}

/// Runs the program until somebody ends it. Returns how this process is to end.
///
/// # Errors
/// If Node cannot be started, or something of the system is missing.
pub fn run(settings: Settings) -> Result<Exit> {
    let (inputs, received) = channel();
    signals::receive(inputs.clone()).context("receiving signals")?;
    descriptor::end_with_parent();
    Tree::adopt();
    last_run::remember(&settings);
    let mut runner = Runner::new(settings, inputs)?;
    let (mut supervisor, effects) = Supervisor::new(runner.rules(), Instant::now());
    let mut events = runner.carry_out(effects)?;
    loop {
        while let Some(event) = events.pop_front() {
            let (next, effects) = supervisor.on(event, Instant::now());
            supervisor = next;
            events.extend(runner.carry_out(effects)?);
        }
        if let Some(exit) = runner.leaves {
            return Ok(exit);
        }
        events.extend(match wait(&received, supervisor.wakes()) {
            Some(input) => runner.event(input),
            None => Some(Event::Time),
        });
    }
}

fn wait(received: &Receiver<Input>, until: Option<Instant>) -> Option<Input> {
    match until {
        None => received.recv().ok(),
        Some(until) => received.recv_timeout(until.saturating_duration_since(Instant::now())).ok(),
    }
}

/// Everything that is not pure.
struct Runner {
    settings: Settings,
    inputs: Sender<Input>,
    files: Files,
    reporter: Reporter,
    keyboard: Option<Keyboard>,
    child: Option<Child>,
    standby: Option<Standby>,
    tree: Tree,
    leaves: Option<Exit>,
}

impl Runner {
    fn new(settings: Settings, inputs: Sender<Input>) -> Result<Self> {
        let followers = settings.events.map(|number| {
            descriptor::inherited(number).with_context(|| format!("--events-fd {number}"))
        });
        let keyboard = settings.shortcuts.then(|| Keyboard::take(inputs.clone())).flatten();
        Ok(Self {
            files: Files::new(&settings, inputs.clone()).context("watching files")?,
            reporter: Reporter::new(settings.log, settings.cwd.clone(), followers.transpose()?),
            keyboard,
            settings,
            inputs,
            child: None,
            standby: None,
            tree: Tree::default(),
            leaves: None,
        })
    }

    fn rules(&self) -> Rules {
        let Settings { grace, exit, .. } = self.settings;
        Rules { grace, exit, may_pause: self.has_debugger() }
    }

    fn has_debugger(&self) -> bool {
        let options = std::env::var("NODE_OPTIONS").unwrap_or_default();
        let flags = self.settings.node_flags.iter().filter_map(|flag| flag.to_str());
        node_flags::may_pause(flags.chain(options.split_whitespace()))
    }

    /// What an input means to the supervisor, if anything.
    fn event(&mut self, input: Input) -> Option<Event> {
        match input {
            Input::ChildChanged => self.reap(),
            Input::Ended(exit) => Some(Event::Ended(exit)),
            Input::Told { pid, told } => self.told(pid, told),
            Input::Batch(batch) => self.files.changed(batch).map(Event::Changed),
            Input::Notice(text) => self.say(Report::Notice(text)),
            Input::Stop { signal, to_all } => Some(Event::Stop { signal, to_all }),
            Input::PassOn(signal) => {
                self.child.iter().for_each(|child| child.signal(signal));
                None
            }
            Input::Continued => {
                // The shell has had the terminal in between.
                self.keyboard.iter().for_each(|keyboard| drop(keyboard.set()));
                None
            }
            Input::Key(key) => key.map(Event::Key),
        }
    }

    fn reap(&mut self) -> Option<Event> {
        let ended = child::reap();
        let end_of = |pid| ended.iter().find(|(ended, _)| *ended == pid).map(|(_, exit)| *exit);
        self.standby.take_if(|standby| end_of(standby.pid()).is_some());
        let exit = self.child.as_ref().and_then(|child| end_of(child.pid()))?;
        // What it said comes first: its end joins the queue behind that.
        self.child.take()?.hear_out();
        let _ = self.inputs.send(Input::Ended(exit));
        None
    }

    fn told(&mut self, pid: Pid, told: Told) -> Option<Event> {
        // Last words of a program count until the next one is there.
        if self.child.as_ref().is_some_and(|child| child.pid() != pid) {
            return None;
        }
        match told {
            Told::Files { files } => self.files.read(files),
            Told::RestartOn { files } => self.files.restart_on(files),
            Told::Event { event } => {
                if event.get("type").is_some_and(|kind| kind == "ready") {
                    self.stand_by();
                }
                return self.say(Report::Event(event));
            }
            told => return Some(Event::Told(told)),
        }
        None
    }

    fn say(&mut self, report: Report) -> Option<Event> {
        self.reporter.tell(&report);
        None
    }

    fn carry_out(&mut self, effects: Vec<Effect>) -> Result<VecDeque<Event>> {
        let mut events = VecDeque::new();
        for effect in effects {
            events.extend(self.carry_out_one(effect)?);
        }
        Ok(events)
    }

    fn carry_out_one(&mut self, effect: Effect) -> Result<Option<Event>> {
        Ok(match effect {
            Effect::Start => self.start()?,
            Effect::Dispose => self.ask(Ask::Dispose),
            Effect::Pause(true) => self.ask(Ask::Pause),
            Effect::Pause(false) => self.ask(Ask::Resume),
            Effect::Signal(signal) => {
                self.child.iter().for_each(|child| child.signal(signal.number()));
                None
            }
            Effect::EndRest => Some(left(self.tree.end(self.spared()))),
            Effect::Kill => Some(left(self.tree.kill(self.spared()))),
            Effect::WatchAll => {
                self.stand_by();
                self.files.idle().map(Event::Changed)
            }
            Effect::Say(report) => self.say(report),
            Effect::Clear(now) => {
                if now || self.settings.clear {
                    self.reporter.clear();
                }
                None
            }
            Effect::Leave(exit) => {
                self.leaves = Some(exit);
                None
            }
        })
    }

    fn start(&mut self) -> Result<Option<Event>> {
        self.files.starting();
        self.tree = Tree::default();
        let ready = self.standby.take().and_then(|standby| standby.go());
        let new = || Child::start(&self.settings, self.keyboard.is_some(), false, &self.inputs);
        let child = ready.map_or_else(new, Ok);
        let child = child.with_context(|| format!("starting {}", self.settings.node.display()))?;
        let pid = child.pid().as_raw_pid() as u32;
        self.child = Some(child);
        Ok(self.say(Report::Started { pid }))
    }

    /// Boots the process that the next start takes. It would take the debugger's port, too.
    fn stand_by(&mut self) {
        let can = self.settings.register.is_some() && !self.has_debugger();
        if !self.settings.standby || !can || self.standby.is_some() {
            return;
        }
        let read = self.files.needing_a_start();
        let standby = Standby::boot(&self.settings, self.keyboard.is_some(), &self.inputs, read);
        // Without one, a start boots its own.
        self.standby = standby.ok();
    }

    /// Who is not part of the program.
    fn spared(&self) -> Option<Pid> {
        self.standby.as_ref().map(Standby::pid)
    }

    fn ask(&mut self, ask: Ask) -> Option<Event> {
        if let Some(child) = &mut self.child {
            child.ask(ask);
        }
        None
    }
}

fn left(anybody: bool) -> Event {
    if anybody { Event::NotAlone } else { Event::Alone }
}
