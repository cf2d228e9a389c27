//! Scenario tests named by the ids of the flow scenarios, and property tests over random flows.

mod forks;
mod kit;
mod people;
mod returns;
mod sums;
mod time;
mod transfers;
mod votes;
mod withdraws;
