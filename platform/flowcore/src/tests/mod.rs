//! Scenario tests named by the ids of the flow scenarios, and property tests over random flows.

mod forks;
mod golden;
mod kit;
mod people;
mod random;
mod random_acts;
mod random_flows;
mod rejects;
mod returns;
mod signers;
mod time;
mod transfers;
mod votes;
mod withdraws;
