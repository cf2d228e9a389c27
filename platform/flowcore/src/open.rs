//! Opening rounds and seats.

use crate::resolve::Found;
use crate::work::{Res, ScopeEnv, Work, next_id};
use crate::{
    After, Ballot, DuplicatePolicy, EventKind, HowMany, Queued, RoundOrigin, SeatKind, SeatOrigin,
    SeatSpec, Step, StepKind, TimerKind,
};

/// How a round is opened.
pub(crate) struct Opening {
    pub scope: i64,
    pub prev: Vec<i64>,
    pub redo_of: Option<i64>,
    pub origin: RoundOrigin,
    pub after: After,
    /// Given people instead of the step's rule; empty falls back to the rule.
    pub people: Option<Vec<SeatSpec>>,
    pub seat_origin: SeatOrigin,
    /// Seats whose votes still count.
    pub carried: Vec<i64>,
}

impl Opening {
    pub fn flow(scope: i64, prev: Vec<i64>) -> Self {
        Self {
            scope,
            prev,
            redo_of: None,
            origin: RoundOrigin::Flow,
            after: After::Links,
            people: None,
            seat_origin: SeatOrigin::Resolved,
            carried: Vec::new(),
        }
    }
}

impl Work<'_> {
    /// Opens a round of a step; it may pass by itself.
    pub fn open(&mut self, step: &Step, o: Opening) -> Res<i64> {
        let ruled = o
            .people
            .as_ref()
            .is_none_or(|p| p.is_empty() && o.carried.is_empty());
        let found = match o.people {
            Some(specs) if !ruled => Found {
                specs,
                starter_only: false,
                separated: false,
            },
            _ if step.kind == StepKind::Start => {
                let mut specs = self.admit(&[self.s.starter], &step.id, o.scope);
                if specs.is_empty() || self.s.rounds.is_empty() {
                    specs = vec![SeatSpec::own(self.heir_of(self.s.starter))];
                }
                Found {
                    specs,
                    starter_only: false,
                    separated: false,
                }
            }
            _ => self.find(step, o.scope, &o.prev)?,
        };
        let origin = if ruled {
            SeatOrigin::Resolved
        } else {
            o.seat_origin
        };
        let mut specs = found.specs;
        let mut queue = Vec::new();
        if step.how_many == HowMany::Sequential && specs.len() > 1 {
            queue = specs
                .split_off(1)
                .into_iter()
                .map(|spec| Queued { spec, after: None })
                .collect();
        }
        let due = self.due_of(step, o.scope);
        let round = next_id(self.s.rounds.len());
        let no = self.s.rounds.iter().filter(|r| r.step == step.id).count();
        self.emit(EventKind::RoundOpened {
            round,
            step: step.id.clone(),
            title: step.title.clone(),
            scope: o.scope,
            no: u32::try_from(no).unwrap_or(u32::MAX - 1) + 1,
            prev: o.prev.clone(),
            redo_of: o.redo_of,
            origin: o.origin,
            after: o.after,
            due,
            queue,
        });
        for from in &o.carried {
            let seat = self.f.outside.next_id();
            self.emit(EventKind::SeatCarried {
                seat,
                round,
                from: *from,
            });
        }
        if specs.is_empty() && o.carried.is_empty() {
            return self
                .nobody(step, round, found.starter_only, found.separated)
                .map(|()| round);
        }
        self.set_timers(step, round, due);
        self.seat_people(step, round, specs, origin, None);
        let automatic = o.origin == RoundOrigin::Flow && ruled && step.kind == StepKind::Task;
        if automatic && step.duplicates != DuplicatePolicy::Off {
            self.pass_duplicates(step, round, &o.prev);
        }
        self.evaluate(round, &[])?;
        Ok(round)
    }

    /// Seats for people: one group item for a single step with several candidates, else one each.
    pub fn seat_people(
        &mut self,
        step: &Step,
        round: i64,
        mut specs: Vec<SeatSpec>,
        origin: SeatOrigin,
        draft: Option<String>,
    ) {
        if step.how_many == HowMany::Single && specs.len() > 1 {
            self.open_seat(step, round, None, specs, origin, draft);
            return;
        }
        for spec in specs.drain(..) {
            self.open_seat(step, round, Some(spec), Vec::new(), origin, draft.clone());
        }
    }

    pub fn open_seat(
        &mut self,
        step: &Step,
        round: i64,
        holder: Option<SeatSpec>,
        candidates: Vec<SeatSpec>,
        origin: SeatOrigin,
        draft: Option<String>,
    ) -> i64 {
        let seat = self.f.outside.next_id();
        let due = self.s.round(round).and_then(|r| r.due);
        let kind = if step.acts.reading {
            SeatKind::Read
        } else {
            SeatKind::Todo
        };
        self.emit(EventKind::SeatOpened {
            seat,
            round,
            step: step.id.clone(),
            kind,
            holder,
            candidates,
            origin,
            due,
            draft,
        });
        seat
    }

    pub fn due_of(&self, step: &Step, scope: i64) -> Option<i64> {
        let env = ScopeEnv {
            instance: &self.s,
            scope,
            decision: None,
            chosen: None,
        };
        if step.limit_when.as_ref().is_some_and(|c| !c.holds(&env)) {
            return None;
        }
        let named = step
            .limit_from
            .as_deref()
            .and_then(|n| self.s.lookup(scope, n))
            .and_then(serde_json::Value::as_i64);
        named.or_else(|| step.limit_days.map(|d| self.f.outside.due(self.f.now, d)))
    }

    /// Sets the pre-reminder and due timers of a round.
    pub fn set_timers(&mut self, step: &Step, round: i64, due: Option<i64>) {
        let Some(due) = due else { return };
        let scope = self.s.round(round).map_or(1, |r| r.scope);
        let pre = step
            .pre_remind_from
            .as_deref()
            .and_then(|n| self.s.lookup(scope, n))
            .and_then(serde_json::Value::as_i64);
        if let Some(at) = pre.filter(|&at| at < due) {
            self.set_timer(round, TimerKind::PreRemind, at);
        }
        self.set_timer(round, TimerKind::Due, due);
    }

    pub fn set_timer(&mut self, round: i64, kind: TimerKind, at: i64) {
        let timer = self.f.outside.next_id();
        self.emit(EventKind::TimerSet {
            timer,
            round,
            kind,
            at,
        });
    }
}

/// Name of the first agreeing decision of a step.
pub(crate) fn agree_name(step: &Step) -> String {
    step.decisions
        .iter()
        .find(|d| d.ballot == Ballot::Agree)
        .or(step.decisions.first())
        .map_or("agree", |d| &d.name)
        .into()
}

/// How a decision counts.
pub(crate) fn ballot(step: &Step, decision: Option<&str>) -> Ballot {
    let found = decision.and_then(|name| step.decisions.iter().find(|d| d.name == name));
    found.map_or(Ballot::Agree, |d| d.ballot)
}
