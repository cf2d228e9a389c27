//! What passes by itself: empty steps, duplicates, circulation steps.

use crate::open::{agree_name, ballot};
use crate::resolve::handlers;
use crate::work::{Go, Res, Work, next_id};
use crate::{
    After, Ballot, DuplicatePolicy, EmptyPolicy, EventKind, RoundOrigin, RoundStatus, SeatOrigin,
    SeatOutcome, SeatSpec, Step,
};

impl Work<'_> {
    /// Nobody was found: by the step's policy.
    pub fn nobody(
        &mut self,
        step: &Step,
        round: i64,
        starter_only: bool,
        separated: bool,
    ) -> Res<()> {
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

    /// Passes the seats of those who have decided already, recorded as system on behalf of them.
    pub fn pass_duplicates(&mut self, step: &Step, round: i64, prev: &[i64]) {
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
