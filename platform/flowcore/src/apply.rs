//! Applying events: mechanical, needs no definition, so old records replay under new definitions and new code.

use crate::{
    Block, BlockStatus, Event, EventKind, Instance, Pick, Round, RoundStatus, Scope, ScopeStatus,
    Status, Timer,
};

impl Instance {
    /// Rebuilds an instance from its events.
    pub fn replay<'e>(id: i64, events: impl IntoIterator<Item = &'e Event>) -> Self {
        let mut instance = Self {
            id,
            ..Self::default()
        };
        for event in events {
            instance.apply(event);
        }
        instance
    }

    /// Applies one event.
    pub fn apply(&mut self, event: &Event) {
        self.seq = event.seq;
        self.rev = event.rev;
        match &event.kind {
            EventKind::Started { .. }
            | EventKind::DataSet { .. }
            | EventKind::Suspended { .. }
            | EventKind::Resumed { .. }
            | EventKind::PersonLeft { .. }
            | EventKind::Ended { .. }
            | EventKind::Voided { .. }
            | EventKind::Terminated { .. } => self.apply_whole(event),
            EventKind::BlockOpened { .. }
            | EventKind::BranchArrived { .. }
            | EventKind::BlockDone { .. }
            | EventKind::BlockCancelled { .. }
            | EventKind::BranchReopened { .. }
            | EventKind::Picked { .. }
            | EventKind::PickUsed { .. } => self.apply_scope(event),
            EventKind::TimerSet { .. }
            | EventKind::TimerCleared { .. }
            | EventKind::TimerFired { .. }
            | EventKind::DueChanged { .. }
            | EventKind::Urged { .. } => self.apply_time(event),
            EventKind::RoundOpened { .. }
            | EventKind::RoundClosed { .. }
            | EventKind::QueueChanged { .. }
            | EventKind::Stuck { .. }
            | EventKind::Unstuck { .. } => self.apply_round(event),
            EventKind::ReadOpened { .. } | EventKind::ReadDone { .. } => self.apply_read(event),
            EventKind::SeatOpened { .. }
            | EventKind::SeatCarried { .. }
            | EventKind::SeatClosed { .. }
            | EventKind::SeatParked { .. }
            | EventKind::SeatResumed { .. }
            | EventKind::Claimed { .. }
            | EventKind::Unclaimed { .. }
            | EventKind::CandidatesChanged { .. }
            | EventKind::HolderChanged { .. }
            | EventKind::Seen { .. }
            | EventKind::Withdrawn { .. }
            | EventKind::DraftSaved { .. } => self.apply_seat(event),
            EventKind::Returned { .. }
            | EventKind::Transferred { .. }
            | EventKind::Skipped { .. }
            | EventKind::Reminded { .. }
            | EventKind::Escalated { .. }
            | EventKind::Jumped { .. }
            | EventKind::Notice { .. } => {}
        }
    }

    fn apply_whole(&mut self, event: &Event) {
        let at = event.at;
        match &event.kind {
            EventKind::Started {
                starter,
                key,
                version,
                variables,
            } => {
                self.key.clone_from(key);
                self.version = *version;
                self.starter = *starter;
                self.started_at = at;
                self.status = Status::Running;
                self.variables.clone_from(variables);
                self.data_seq = event.seq;
                self.scopes = vec![Scope {
                    id: 1,
                    ..Scope::default()
                }];
            }
            EventKind::DataSet { scope, values } => {
                self.data_seq = event.seq;
                let vars = match self.scope_mut(*scope) {
                    Some(s) if *scope != 1 => &mut s.vars,
                    _ => &mut self.variables,
                };
                for (name, value) in values {
                    vars.insert(name.clone(), value.clone());
                }
            }
            EventKind::Suspended { .. } => {
                self.status = Status::Suspended;
                self.suspended_at = Some(at);
                self.paused = std::mem::take(&mut self.timers);
            }
            EventKind::Resumed { .. } => {
                self.status = Status::Running;
                self.suspended_at = None;
                self.paused.clear();
            }
            EventKind::PersonLeft {
                person,
                heir: Some(heir),
            } => {
                self.heirs.insert(*person, *heir);
            }
            EventKind::Ended { outcome } => self.close(Status::Ended, outcome, at),
            EventKind::Voided { .. } => self.close(Status::Voided, "voided", at),
            EventKind::Terminated { .. } => self.close(Status::Terminated, "terminated", at),
            _ => {}
        }
    }

    fn close(&mut self, status: Status, outcome: &str, at: i64) {
        self.status = status;
        self.outcome = Some(outcome.to_owned());
        self.ended_at = Some(at);
        self.suspended_at = None;
        self.paused.clear();
    }

    fn apply_scope(&mut self, event: &Event) {
        match &event.kind {
            EventKind::BlockOpened {
                block,
                step,
                scope,
                prev,
                branches,
            } => {
                self.blocks.push(Block {
                    id: *block,
                    step: step.clone(),
                    scope: *scope,
                    prev: prev.clone(),
                    branches: branches.iter().map(|b| b.scope).collect(),
                    status: BlockStatus::Open,
                });
                for b in branches {
                    self.scopes.push(Scope {
                        id: b.scope,
                        block: Some(*block),
                        entry: Some(b.entry.clone()),
                        vars: b.vars.clone(),
                        ..Scope::default()
                    });
                }
            }
            EventKind::BranchArrived { scope, last } => {
                if let Some(s) = self.scope_mut(*scope) {
                    s.status = ScopeStatus::Arrived;
                    s.last.clone_from(last);
                }
            }
            EventKind::BlockDone { block } => {
                if let Some(b) = self.block_mut(*block) {
                    b.status = BlockStatus::Done;
                }
            }
            EventKind::BlockCancelled { block } => {
                let Some(b) = self.block_mut(*block) else {
                    return;
                };
                b.status = BlockStatus::Cancelled;
                for id in b.branches.clone() {
                    if let Some(s) = self.scope_mut(id) {
                        s.status = ScopeStatus::Cancelled;
                    }
                }
            }
            EventKind::BranchReopened { scope } => {
                let Some(s) = self.scope_mut(*scope) else {
                    return;
                };
                s.status = ScopeStatus::Open;
                s.last.clear();
                if let Some(b) = s.block.and_then(|b| self.block_mut(b)) {
                    b.status = BlockStatus::Open;
                }
            }
            EventKind::Picked {
                scope,
                step,
                people,
                round,
            } => {
                if let Some(s) = self.scope_mut(*scope) {
                    s.picks.insert(
                        step.clone(),
                        Pick {
                            people: people.clone(),
                            round: *round,
                            used: false,
                        },
                    );
                }
            }
            EventKind::PickUsed { scope, step } => {
                if let Some(p) = self.scope_mut(*scope).and_then(|s| s.picks.get_mut(step)) {
                    p.used = true;
                }
            }
            _ => {}
        }
    }

    fn apply_time(&mut self, event: &Event) {
        match &event.kind {
            EventKind::TimerSet {
                timer,
                round,
                kind,
                at,
            } => {
                self.timers.retain(|t| t.id != *timer);
                self.timers.push(Timer {
                    id: *timer,
                    round: *round,
                    kind: *kind,
                    at: *at,
                });
            }
            EventKind::TimerCleared { timer } | EventKind::TimerFired { timer, .. } => {
                self.timers.retain(|t| t.id != *timer);
                self.paused.retain(|t| t.id != *timer);
            }
            EventKind::DueChanged { round, due, .. } => {
                if let Some(r) = self.round_mut(*round) {
                    r.due = *due;
                }
            }
            EventKind::Urged { notify: true, .. } => {
                if let Some(actor) = event.actor {
                    self.urged.insert(actor, event.at);
                }
            }
            _ => {}
        }
    }

    fn apply_round(&mut self, event: &Event) {
        match &event.kind {
            EventKind::RoundOpened {
                round,
                step,
                scope,
                no,
                prev,
                redo_of,
                origin,
                after,
                due,
                queue,
                ..
            } => {
                self.rounds.push(Round {
                    id: *round,
                    step: step.clone(),
                    scope: *scope,
                    no: *no,
                    prev: prev.clone(),
                    redo_of: *redo_of,
                    origin: *origin,
                    after: *after,
                    opened_at: event.at,
                    due: *due,
                    queue: queue.clone(),
                    ..Round::default()
                });
            }
            EventKind::RoundClosed {
                round,
                status,
                decision,
            } => {
                if let Some(r) = self.round_mut(*round) {
                    r.status = *status;
                    r.decision.clone_from(decision);
                    r.closed_at = Some(event.at);
                    r.stuck = None;
                }
            }
            EventKind::QueueChanged { round, queue } => {
                if let Some(r) = self.round_mut(*round) {
                    r.queue.clone_from(queue);
                }
            }
            EventKind::Stuck { round, reason } => {
                if let Some(r) = self.round_mut(*round) {
                    r.status = RoundStatus::Stuck;
                    r.stuck = Some(reason.clone());
                }
            }
            EventKind::Unstuck { round } => {
                if let Some(r) = self.round_mut(*round) {
                    r.status = RoundStatus::Open;
                    r.stuck = None;
                }
            }
            _ => {}
        }
    }
}
