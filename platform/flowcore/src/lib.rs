//! Flow core 流程内核: pure decisions over a definition and an instance. No I/O, no clock, no randomness.
//!
//! `decide` turns a command into events or a refusal; `Instance::apply` folds events into the state; `allowed` lists every act with its
//! verdict; `visible` says what a person may see.

mod acts;
mod admin;
mod apply;
mod check;
mod command;
mod compile;
mod complete;
mod cond;
mod decide;
mod definition;
mod event;
mod facts;
mod guard;
mod hash;
mod instance;
mod open;
mod resolve;
mod ret;
pub mod sample;
mod visible;
mod vote;
mod who;
mod withdraw;
mod work;

pub use command::{
    Act, ActKind, Actor, CirculateFrom, Command, NextPick, Refusal, ReturnTo, SignMode, Target,
    Then,
};
pub use compile::{Compiled, LintError};
pub use cond::{Cond, Env};
pub use decide::{Allowed, allowed, decide, decide_with, return_target, return_targets, verdict};
pub use definition::{
    Acts, Ballot, Decision, Definition, DuplicatePolicy, Effect, EmptyPolicy, HowMany, Link,
    Overdue, OverdueThen, RecallPolicy, ReturnInto, ReturnOut, Settings, StarterPolicy, Step,
    StepKind, VoteRule,
};
pub use event::{BranchSpec, Event, EventKind};
pub use facts::{Facts, Outside, ResolveCtx};
pub use hash::{canonical_json, event_hash, first_break};
pub use instance::{
    After, Block, BlockStatus, Instance, Pick, Queued, ReadItem, Round, RoundOrigin, RoundStatus,
    Scope, ScopeStatus, Seat, SeatKind, SeatOrigin, SeatOutcome, SeatStatus, Status, Timer,
    TimerKind,
};
pub use visible::{Visible, visible, visible_events, visible_open_steps};
pub use who::{PersonRef, SeatSpec, UnitRef, Who};
pub use work::MAX_WALK;

#[cfg(test)]
mod tests;
