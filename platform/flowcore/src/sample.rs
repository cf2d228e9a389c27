//! Samples: a builder for definitions, a small world, and a driver that runs an instance. For tests of this crate and of its callers.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use crate::{
    Act, Actor, Ballot, Command, Compiled, Cond, Decision, Definition, Effect, Event, Facts,
    HowMany, Instance, Link, LintError, Outside, Refusal, ResolveCtx, Seat, SeatSpec, Step,
    StepKind, Who, decide,
};

/// One working day in the sample calendar, ms.
pub const DAY: i64 = 86_400_000;

/// Builder of a definition.
#[derive(Clone, Debug, Default)]
pub struct Flow {
    def: Definition,
}

impl Flow {
    /// A flow with a start step `start` and an end step `end`.
    pub fn new(key: &str) -> Self {
        let def = Definition {
            key: key.into(),
            version: 1,
            title: key.into(),
            ..Definition::default()
        };
        let mut flow = Self { def };
        flow.push("start", StepKind::Start);
        flow.push(
            "end",
            StepKind::End {
                outcome: "completed".into(),
            },
        );
        flow
    }

    fn push(&mut self, id: &str, kind: StepKind) {
        let step = Step {
            id: id.into(),
            title: id.into(),
            kind,
            ..Step::default()
        };
        self.def.steps.push(step);
    }

    /// A step of a kind.
    pub fn step(mut self, id: &str, kind: StepKind) -> Self {
        self.push(id, kind);
        self
    }

    /// A task of one person, with decisions agree and disagree (which follow the same link unless links say otherwise).
    pub fn task(self, id: &str, who: i64) -> Self {
        self.task_of(id, Who::Identity(who), HowMany::Single)
    }

    /// A task of several persons.
    pub fn multi(self, id: &str, how_many: HowMany, who: &[i64]) -> Self {
        self.task_of(id, Who::Identities(who.to_vec()), how_many)
    }

    /// A task of whomever.
    pub fn task_of(mut self, id: &str, who: Who, how_many: HowMany) -> Self {
        self.push(id, StepKind::Task);
        self.with(id, |s| {
            s.who = who;
            s.how_many = how_many;
            s.decisions = agree_disagree();
        })
    }

    /// An `Each` over a list variable.
    pub fn each(self, id: &str, over: &str, body_start: &str, body_end: &str) -> Self {
        let kind = StepKind::Each {
            over: over.into(),
            item: "item".into(),
            body_start: body_start.into(),
            body_end: body_end.into(),
        };
        self.step(id, kind)
    }

    /// Changes a step.
    pub fn with(mut self, id: &str, f: impl FnOnce(&mut Step)) -> Self {
        if let Some(s) = self.def.steps.iter_mut().find(|s| s.id == id) {
            f(s);
        }
        self
    }

    /// Changes the settings.
    pub fn settings(mut self, f: impl FnOnce(&mut crate::Settings)) -> Self {
        f(&mut self.def.settings);
        self
    }

    /// Default links along a way: `"start a b end"`.
    pub fn way(mut self, way: &str) -> Self {
        let ids: Vec<&str> = way.split_whitespace().collect();
        for (from, to) in ids.iter().zip(ids.iter().skip(1)) {
            self.def.links.push(Link {
                from: (*from).into(),
                to: (*to).into(),
                when: Cond::Always,
            });
        }
        self
    }

    /// A link with a condition.
    pub fn link(mut self, from: &str, to: &str, when: Cond) -> Self {
        self.def.links.push(Link {
            from: from.into(),
            to: to.into(),
            when,
        });
        self
    }

    /// The definition.
    pub fn definition(self) -> Definition {
        self.def
    }

    /// Compiles.
    pub fn compile(self) -> Result<Compiled, Vec<LintError>> {
        self.def.compile()
    }
}

/// The decisions agree (同意), disagree (不同意) and abstain (弃权).
pub fn agree_disagree() -> Vec<Decision> {
    let one = |name: &str, title: &str, ballot| Decision {
        name: name.into(),
        title: title.into(),
        ballot,
        effect: Effect::Go,
    };
    vec![
        one("agree", "同意", Ballot::Agree),
        one("disagree", "不同意", Ballot::Disagree),
        one("abstain", "弃权", Ballot::Abstain),
    ]
}

/// A small world: counted ids, roles by name, disabled people, delegations, a calendar of 24-hour days.
#[derive(Debug, Default)]
pub struct World {
    next: Cell<i64>,
    /// Answers to expressions, by their debug text or by role code.
    pub people: BTreeMap<String, Vec<i64>>,
    /// Disabled identities.
    pub disabled: BTreeSet<i64>,
    /// Delegations: principal to agent and whether shared.
    pub agents: BTreeMap<i64, (i64, bool)>,
    /// Expressions that fail.
    pub broken: BTreeSet<String>,
}

impl World {
    fn seat(&self, id: i64) -> Option<SeatSpec> {
        if self.disabled.contains(&id) {
            return None;
        }
        match self.agents.get(&id) {
            Some(&(agent, shared)) if agent != id && !self.disabled.contains(&agent) => {
                Some(SeatSpec::agent(agent, id, shared))
            }
            _ => Some(SeatSpec::own(id)),
        }
    }
}

impl Outside for World {
    fn next_id(&self) -> i64 {
        self.next.set(self.next.get() + 1);
        1000 + self.next.get()
    }

    fn resolve(&self, who: &Who, _ctx: &ResolveCtx<'_>) -> Result<Vec<SeatSpec>, String> {
        let name = match who {
            Who::Role { role, .. } => role.clone(),
            Who::Named(name) => name.clone(),
            other => format!("{other:?}"),
        };
        if self.broken.contains(&name) {
            return Err(format!("{name} 无法解析"));
        }
        let ids = self.people.get(&name).cloned().unwrap_or_default();
        Ok(ids.into_iter().filter_map(|i| self.seat(i)).collect())
    }

    fn admit(&self, identities: &[i64], _ctx: &ResolveCtx<'_>) -> Vec<SeatSpec> {
        identities.iter().filter_map(|&i| self.seat(i)).collect()
    }

    fn due(&self, start_ms: i64, working_days: u32) -> i64 {
        start_ms + i64::from(working_days) * DAY
    }
}

/// Runs an instance: every accepted command is folded into the instance and logged.
#[derive(Debug)]
pub struct Run {
    /// Definition.
    pub c: Compiled,
    /// Instance.
    pub s: Instance,
    /// World.
    pub world: World,
    /// Clock, ms; moves 1 ms per command.
    pub now: i64,
    /// All events so far.
    pub log: Vec<Event>,
}

impl Run {
    /// A run not yet started.
    pub fn new(c: Compiled) -> Self {
        let def = c.definition();
        let s = Instance::new(1, &def.key, def.version);
        Self {
            c,
            s,
            world: World::default(),
            now: 1_000_000,
            log: Vec::new(),
        }
    }

    /// Gives a command.
    pub fn give(&mut self, actor: Actor, act: Act) -> Result<Vec<Event>, Refusal> {
        self.now += 1;
        let facts = Facts {
            now: self.now,
            outside: &self.world,
        };
        let events = decide(&self.c, &self.s, &Command { actor, act }, &facts)?;
        for e in &events {
            self.s.apply(e);
        }
        self.log.extend(events.iter().cloned());
        Ok(events)
    }

    /// A person acts.
    pub fn act(&mut self, who: i64, act: Act) -> Result<Vec<Event>, Refusal> {
        self.give(Actor::person(who), act)
    }

    /// The open or parked seat that a person holds or may claim; the newest.
    pub fn seat_of(&self, who: i64) -> Option<&Seat> {
        self.s
            .open_rounds()
            .flat_map(|r| &r.seats)
            .filter(|s| s.is_live() && s.admits(who))
            .last()
    }

    /// Id of that seat, 0 if none.
    pub fn seat_id(&self, who: i64) -> i64 {
        self.seat_of(who).map_or(0, |s| s.id)
    }

    /// Id of the newest seat a person closed, 0 if none.
    pub fn done_id(&self, who: i64) -> i64 {
        let mine = |s: &&Seat| !s.is_live() && s.by == Some(who);
        self.s
            .rounds
            .iter()
            .flat_map(|r| &r.seats)
            .filter(mine)
            .map(|s| s.id)
            .max()
            .unwrap_or(0)
    }

    /// Completes a person's seat.
    pub fn complete(&mut self, who: i64, decision: &str) -> Result<Vec<Event>, Refusal> {
        let act = Act::Complete {
            seat: self.seat_id(who),
            decision: Some(decision.into()),
            opinion: Some(format!("{who} {decision}")),
            next: Vec::new(),
            data: BTreeMap::new(),
        };
        self.act(who, act)
    }

    /// Where it is: `step:person` of every open seat, parked ones in brackets, stuck rounds with `!`; sorted.
    pub fn at(&self) -> String {
        let mut out = Vec::new();
        for r in self.s.open_rounds() {
            if r.stuck.is_some() {
                out.push(format!("{}!", r.step));
            }
            for s in r.seats.iter().filter(|s| s.is_live()) {
                let person = match &s.holder {
                    Some(h) => match h.principal {
                        Some(p) => format!("{}代{p}", h.identity),
                        None => h.identity.to_string(),
                    },
                    None => s
                        .candidates
                        .iter()
                        .map(|c| c.identity.to_string())
                        .collect::<Vec<_>>()
                        .join("|"),
                };
                let parked = s.status == crate::SeatStatus::Parked;
                out.push(if parked {
                    format!("({}:{person})", r.step)
                } else {
                    format!("{}:{person}", r.step)
                });
            }
        }
        out.sort();
        out.join(" ")
    }
}
