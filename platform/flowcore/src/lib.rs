//! Flow core 流程内核: pure decisions over a definition and an instance. No I/O, no clock, no randomness.
//!
//! `decide` turns a command into events or a refusal; `Instance::apply` folds events into the state; `allowed` lists every act with its
//! verdict; `visible` says what a person may see.

mod act;
mod acts;
mod admin;
mod apply;
mod apply_seat;
mod automatic;
mod check;
mod command;
mod compile;
mod complete;
mod cond;
mod decide;
mod definition;
mod event;
mod event_kind;
mod facts;
mod gateway;
mod guard;
mod handover;
mod hash;
mod instance;
mod lint;
mod open;
mod pick;
mod policy;
mod recall;
mod resolve;
mod ret;
mod round;
pub mod sample;
mod signers;
mod straight;
mod timer;
mod token;
mod visible;
mod vote;
mod who;
mod withdraw;
mod work;

pub use act::{Act, CirculateFrom, NextPick, ReturnTo, SignMode, Then};
pub use command::{ActKind, Actor, Command, Refusal, Target};
pub use compile::Compiled;
pub use cond::{Cond, Env};
pub use decide::{Allowed, allowed, decide, decide_with, return_target, return_targets, verdict};
pub use definition::{
    Acts, Ballot, Decision, Definition, Effect, HowMany, Link, RecallPolicy, Settings, Step,
    StepKind, VoteRule,
};
pub use event::{BranchSpec, Event};
pub use event_kind::EventKind;
pub use facts::{Facts, Outside, ResolveCtx};
pub use hash::{canonical_json, event_hash, first_break, text_hash};
pub use instance::{Block, BlockStatus, Instance, Pick, Scope, ScopeStatus, Status};
pub use lint::LintError;
pub use policy::{
    DuplicatePolicy, EmptyPolicy, Overdue, OverdueThen, ReturnInto, ReturnOut, StarterPolicy,
};
pub use round::{
    After, Queued, ReadItem, Round, RoundOrigin, RoundStatus, Seat, SeatKind, SeatOrigin,
    SeatOutcome, SeatStatus, Timer, TimerKind,
};
pub use visible::{Visible, visible, visible_events, visible_open_steps};
pub use who::{PersonRef, SeatSpec, UnitRef, Who};
pub use work::MAX_WALK;

#[cfg(test)]
mod tests;
