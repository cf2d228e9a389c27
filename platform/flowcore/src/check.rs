//! Structural invariants of an instance, sampled in production and asserted after every command in tests.

use crate::{BlockStatus, Instance, ScopeStatus, SeatStatus, Status};

impl Instance {
    /// Checks that nothing is stranded, lost or doubled; `Err` names the first fault.
    pub fn check(&self) -> Result<(), String> {
        if !self.is_live() {
            if self.open_rounds().next().is_some()
                || !self.timers.is_empty()
                || !self.paused.is_empty()
            {
                return Err("an ended instance holds open work".into());
            }
            return Ok(());
        }
        if self.status == Status::Running
            && self.open_seats().next().is_none()
            && self.stuck().next().is_none()
        {
            return Err("stranded: no open seat and not stuck".into());
        }
        self.check_tokens()?;
        for r in &self.rounds {
            self.check_round(r)?;
        }
        for t in &self.timers {
            if !self.round(t.round).is_some_and(|r| r.status.is_open()) {
                return Err(format!("timer {} of a closed round", t.id));
            }
        }
        Ok(())
    }

    /// Every open scope holds exactly one token, every other scope none; blocks and branches agree.
    fn check_tokens(&self) -> Result<(), String> {
        for s in &self.scopes {
            let rounds = self
                .rounds
                .iter()
                .filter(|r| r.scope == s.id && r.status.is_open())
                .count();
            let blocks = self
                .blocks
                .iter()
                .filter(|b| b.scope == s.id && b.status == BlockStatus::Open)
                .count();
            let want = usize::from(s.status == ScopeStatus::Open);
            if rounds + blocks != want {
                return Err(format!(
                    "scope {} ({:?}) holds {rounds} rounds and {blocks} blocks",
                    s.id, s.status
                ));
            }
        }
        for b in &self.blocks {
            let of = |st: ScopeStatus| {
                b.branches
                    .iter()
                    .filter(|&&id| self.scope(id).is_some_and(|s| s.status == st))
                    .count()
            };
            let fits = match b.status {
                BlockStatus::Open => of(ScopeStatus::Open) > 0 && of(ScopeStatus::Cancelled) == 0,
                BlockStatus::Done => of(ScopeStatus::Open) == 0,
                BlockStatus::Cancelled => of(ScopeStatus::Cancelled) == b.branches.len(),
            };
            let outer = self
                .scope(b.scope)
                .is_some_and(|s| s.status == ScopeStatus::Open);
            if !fits || (b.status == BlockStatus::Open && !outer) {
                return Err(format!(
                    "block {} ({:?}) does not fit its branches",
                    b.id, b.status
                ));
            }
        }
        Ok(())
    }

    fn check_round(&self, r: &crate::Round) -> Result<(), String> {
        let mut held: Vec<i64> = Vec::new();
        for s in r.seats.iter().filter(|s| s.is_live()) {
            if !r.status.is_open() {
                return Err(format!("seat {} is live in closed round {}", s.id, r.id));
            }
            if let Some(h) = &s.holder {
                if held.contains(&h.responsible()) {
                    return Err(format!(
                        "{} holds two open seats in round {}",
                        h.responsible(),
                        r.id
                    ));
                }
                held.push(h.responsible());
            } else if s.candidates.is_empty() {
                return Err(format!("seat {} has neither holder nor candidates", s.id));
            }
            let waits = r
                .seats
                .iter()
                .any(|k| k.is_live() && k.owner() == Some(s.id));
            if (s.status == SeatStatus::Parked) != waits {
                return Err(format!(
                    "seat {} parked without cause, or open while others act for it",
                    s.id
                ));
            }
        }
        let live = r.seats.iter().any(|s| s.is_live());
        if r.status.is_open() && live == r.stuck.is_some() {
            return Err(format!(
                "round {} is open with nobody to act and not stuck, or both",
                r.id
            ));
        }
        for s in r.seats.iter().filter(|s| !s.is_live()) {
            if s.outcome.is_none() || s.closed_at.is_none() {
                return Err(format!("seat {} closed without outcome or time", s.id));
            }
        }
        Ok(())
    }
}
