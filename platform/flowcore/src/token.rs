//! Tokens: taking them back, ending, opening branches again.

use crate::work::Work;
use crate::{BlockStatus, EventKind, RoundStatus, ScopeStatus, SeatOutcome};

impl Work<'_> {
    /// Takes back whatever holds the scope's token; gives the rounds that were open.
    pub fn cancel_token(&mut self, scope: i64, reason: &str) -> Vec<i64> {
        let rounds: Vec<i64> = self
            .s
            .open_rounds()
            .filter(|r| r.scope == scope)
            .map(|r| r.id)
            .collect();
        for &r in &rounds {
            self.close_round(r, RoundStatus::Cancelled, None, reason);
        }
        let mut all = rounds;
        let blocks: Vec<(i64, Vec<i64>)> = self
            .s
            .blocks
            .iter()
            .filter(|b| b.scope == scope && b.status == BlockStatus::Open)
            .map(|b| (b.id, b.branches.clone()))
            .collect();
        for (block, branches) in blocks {
            for b in branches {
                if self
                    .s
                    .scope(b)
                    .is_some_and(|s| s.status == ScopeStatus::Open)
                {
                    all.extend(self.cancel_token(b, reason));
                }
            }
            self.emit(EventKind::BlockCancelled { block });
        }
        all
    }

    /// Closes a round: live seats are cancelled with the reason, timers go.
    pub fn close_round(
        &mut self,
        round: i64,
        status: RoundStatus,
        decision: Option<String>,
        reason: &str,
    ) {
        let live: Vec<i64> = self
            .s
            .round(round)
            .map(|r| {
                r.seats
                    .iter()
                    .filter(|s| s.is_live())
                    .map(|s| s.id)
                    .collect()
            })
            .unwrap_or_default();
        for seat in live {
            self.close_seat(seat, SeatOutcome::Cancelled, Some(reason));
        }
        self.clear_timers(round);
        self.emit(EventKind::RoundClosed {
            round,
            status,
            decision,
        });
    }

    /// Closes a seat that nobody handled.
    pub fn close_seat(&mut self, seat: i64, outcome: SeatOutcome, reason: Option<&str>) {
        let Some((round, step)) = self.s.seat(seat).map(|(r, _)| (r.id, r.step.clone())) else {
            return;
        };
        self.emit(EventKind::SeatClosed {
            seat,
            round,
            step,
            outcome,
            by: None,
            on_behalf_of: None,
            decision: None,
            opinion: None,
            reason: reason.map(str::to_owned),
        });
    }

    pub fn clear_timers(&mut self, round: i64) {
        let ids: Vec<i64> = self
            .s
            .timers
            .iter()
            .chain(&self.s.paused)
            .filter(|t| t.round == round)
            .map(|t| t.id)
            .collect();
        for timer in ids {
            self.emit(EventKind::TimerCleared { timer });
        }
    }

    /// Ends the instance: nothing stays open but read items.
    pub fn end_all(&mut self, outcome: &str) {
        self.cancel_token(1, "流程已结束");
        self.go.clear();
        self.emit(EventKind::Ended {
            outcome: outcome.to_owned(),
        });
    }

    /// Opens the branches on the way from `outer` (exclusive) down to `inner` again.
    pub fn reopen(&mut self, outer: i64, inner: i64) {
        let way: Vec<i64> = self
            .chain(inner)
            .into_iter()
            .take_while(|&s| s != outer)
            .collect();
        for scope in way.into_iter().rev() {
            if self
                .s
                .scope(scope)
                .is_some_and(|s| s.status == ScopeStatus::Arrived)
            {
                self.emit(EventKind::BranchReopened { scope });
            }
        }
    }
}
