//! Opening rounds and seats.

use crate::definition::{Ballot, DuplicatePolicy, EmptyPolicy, HowMany, Step, StepKind};
use crate::event::EventKind;
use crate::instance::{
    After, Queued, RoundOrigin, RoundStatus, SeatKind, SeatOrigin, SeatOutcome, TimerKind,
};
use crate::resolve::{Found, handlers};
use crate::who::SeatSpec;
use crate::work::{Go, Res, ScopeEnv, Work, next_id};

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

    /// Nobody was found: by the step's policy.
    fn nobody(&mut self, step: &Step, round: i64, starter_only: bool, separated: bool) -> Res<()> {
        let policy = match (separated, starter_only) {
            (true, _) => EmptyPolicy::Block,
            (_, true) => EmptyPolicy::Pass,
            _ => step.empty,
        };
        match policy {
            EmptyPolicy::Pass => {
                self.emit(EventKind::Notice {
                    code: "passed_empty".into(),
                    message: format!("环节“{}”无人办理,按设置自动通过。", step.title),
                    persons: Vec::new(),
                });
                let decision = agree_name(step);
                self.emit(EventKind::RoundClosed {
                    round,
                    status: RoundStatus::Passed,
                    decision: Some(decision.clone()),
                });
                let Some(r) = self.s.round(round) else {
                    return Ok(());
                };
                let (scope, id) = (r.scope, r.step.clone());
                self.go.push_back(Go::Leave {
                    step: id,
                    scope,
                    prev: vec![round],
                    chosen: Vec::new(),
                    decision: Some(decision),
                });
            }
            EmptyPolicy::Reject => {
                self.emit(EventKind::RoundClosed {
                    round,
                    status: RoundStatus::Passed,
                    decision: None,
                });
                self.end_all("rejected");
            }
            EmptyPolicy::Named(id) => {
                let scope = self.s.round(round).map_or(1, |r| r.scope);
                let specs = self.admit(&[id], &step.id, scope);
                if specs.is_empty() {
                    self.stick(
                        round,
                        &format!("环节“{}”无人办理,指定的接办人也不可用。", step.title),
                    );
                } else {
                    let due = self.s.round(round).and_then(|r| r.due);
                    self.set_timers(step, round, due);
                    self.seat_people(step, round, specs, SeatOrigin::Resolved, None);
                }
            }
            EmptyPolicy::Block if separated => {
                self.stick(
                    round,
                    &format!(
                        "环节“{}”的办理人与前面经办人相同,按规定须由他人办理。",
                        step.title
                    ),
                );
            }
            EmptyPolicy::Block => {
                self.stick(round, &format!("环节“{}”没有找到办理人。", step.title))
            }
        }
        Ok(())
    }

    /// Marks a round stuck and tells the administrator.
    pub fn stick(&mut self, round: i64, why: &str) {
        self.emit(EventKind::Stuck {
            round,
            reason: format!("{why}请流程管理员指定办理人、跳转或终止。"),
        });
    }

    fn due_of(&self, step: &Step, scope: i64) -> Option<i64> {
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

    /// Passes the seats of those who have decided already, recorded as system on behalf of them.
    fn pass_duplicates(&mut self, step: &Step, round: i64, prev: &[i64]) {
        let mut earlier: Vec<i64> = Vec::new();
        let is_start = |id: &str| self.c.start().is_some_and(|s| s.id == id);
        match step.duplicates {
            DuplicatePolicy::Off => return,
            DuplicatePolicy::Consecutive => {
                for r in prev
                    .iter()
                    .filter_map(|&p| self.s.round(p))
                    .filter(|r| !is_start(&r.step))
                {
                    earlier.extend(handlers(r));
                }
            }
            DuplicatePolicy::Once | DuplicatePolicy::OnceUnlessChanged => {
                for r in self
                    .s
                    .rounds
                    .iter()
                    .filter(|r| r.status == RoundStatus::Done && !is_start(&r.step))
                {
                    let from = self.c.step(&r.step);
                    for s in r
                        .seats
                        .iter()
                        .filter(|s| s.outcome == Some(SeatOutcome::Completed))
                    {
                        let agreed = from
                            .is_some_and(|st| ballot(st, s.decision.as_deref()) == Ballot::Agree);
                        let fresh = step.duplicates == DuplicatePolicy::Once
                            || s.closed_seq > self.s.data_seq;
                        if agreed && fresh {
                            earlier.extend(s.on_behalf_of.or(s.by));
                        }
                    }
                }
            }
        }
        let open: Vec<(i64, i64)> = self
            .s
            .round(round)
            .map(|r| {
                let found = r.seats.iter().filter(|s| s.is_live()).filter_map(|s| {
                    let mut people = s.holder.iter().chain(&s.candidates);
                    people
                        .find(|p| earlier.contains(&p.responsible()))
                        .map(|p| (s.id, p.responsible()))
                });
                found.collect()
            })
            .unwrap_or_default();
        for (seat, person) in open {
            self.auto_pass(
                step,
                round,
                seat,
                person,
                &agree_name(step),
                "本人此前已办理,自动通过",
            );
        }
    }

    pub fn auto_pass(
        &mut self,
        step: &Step,
        round: i64,
        seat: i64,
        person: i64,
        decision: &str,
        reason: &str,
    ) {
        self.emit(EventKind::SeatClosed {
            seat,
            round,
            step: step.id.clone(),
            outcome: SeatOutcome::AutoPassed,
            by: None,
            on_behalf_of: Some(person),
            decision: Some(decision.to_owned()),
            opinion: None,
            reason: Some(reason.to_owned()),
        });
    }

    /// A circulation step: read items for people not told before, then on.
    pub fn circulate_step(
        &mut self,
        step: &Step,
        scope: i64,
        prev: Vec<i64>,
        chosen: Vec<String>,
        decision: Option<String>,
    ) -> Res<()> {
        let found = self.find(step, scope, &prev)?;
        let round = next_id(self.s.rounds.len());
        let no = self.s.rounds.iter().filter(|r| r.step == step.id).count();
        self.emit(EventKind::RoundOpened {
            round,
            step: step.id.clone(),
            title: step.title.clone(),
            scope,
            no: u32::try_from(no).unwrap_or(u32::MAX - 1) + 1,
            prev: prev.clone(),
            redo_of: None,
            origin: RoundOrigin::Flow,
            after: After::Links,
            due: None,
            queue: Vec::new(),
        });
        for holder in found.specs {
            if !self.was_told(holder.responsible()) {
                self.open_read(round, holder, None, None, None);
            }
        }
        self.emit(EventKind::RoundClosed {
            round,
            status: RoundStatus::Passed,
            decision: None,
        });
        self.go.push_back(Go::Leave {
            step: step.id.clone(),
            scope,
            prev,
            chosen,
            decision,
        });
        Ok(())
    }

    /// Has this person a read item in the instance already?
    pub fn was_told(&self, person: i64) -> bool {
        self.s
            .reads
            .iter()
            .any(|r| r.holder.responsible() == person)
    }

    pub fn open_read(
        &mut self,
        round: i64,
        holder: SeatSpec,
        by: Option<i64>,
        parent: Option<i64>,
        note: Option<String>,
    ) {
        let item = self.f.outside.next_id();
        let wide = self.c.definition().settings.readers_see_downstream;
        self.emit(EventKind::ReadOpened {
            item,
            round,
            holder,
            by,
            parent,
            wide,
            note,
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
