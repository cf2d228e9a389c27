//! Scenario tests named by the ids of the flow scenarios, and property tests over random flows.

mod forks;
mod kit;
mod people;
mod random;
mod returns;
mod time;
mod transfers;
mod votes;
mod withdraws;
