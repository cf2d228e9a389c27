//! Facts: everything from outside that a decision needs. What is used is recorded in the events.

use crate::{Instance, SeatSpec, Who};

/// Facts of one command.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    /// Time, ms UTC.
    pub now: i64,
    /// The world outside.
    pub outside: &'a dyn Outside,
}

/// The world outside: implemented by the store over in-memory snapshots. No method may block.
pub trait Outside {
    /// A fresh id for a seat, read item or timer.
    fn next_id(&self) -> i64;

    /// Persons for an expression that only the organisation knows (post, role, head, superior, named), in order, delegations applied, disabled
    /// people left out. `Err` fails the command and names the fault (P17).
    fn resolve(&self, who: &Who, ctx: &ResolveCtx<'_>) -> Result<Vec<SeatSpec>, String>;

    /// Admits known identities: applies delegations, leaves out disabled or unknown ones, keeps the order.
    fn admit(&self, identities: &[i64], ctx: &ResolveCtx<'_>) -> Vec<SeatSpec> {
        let _ = ctx;
        identities.iter().map(|&i| SeatSpec::own(i)).collect()
    }

    /// Start plus working days on the office calendar (工作日).
    fn due(&self, start_ms: i64, working_days: u32) -> i64;
}

/// For whom and where persons are looked up.
#[derive(Clone, Copy)]
pub struct ResolveCtx<'a> {
    /// The instance as it is at this moment; `instance.lookup(scope, "item.unit")` reads variables and the branch item.
    pub instance: &'a Instance,
    /// Definition key, scope of delegations.
    pub key: &'a str,
    /// Step to be seated.
    pub step: &'a str,
    /// Scope.
    pub scope: i64,
    /// Starter.
    pub starter: i64,
    /// Persons responsible for the rounds before.
    pub previous: &'a [i64],
}
