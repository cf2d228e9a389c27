//! Use cases. Each is one piece of a write transaction; the callers open it.
mod check;
mod heir;
mod merge;
pub(crate) mod node;
pub(crate) mod people;
pub(crate) mod recent;

pub(crate) use check::{guard_identity, in_scope, node_in_scope};
pub(crate) use merge::STATEMENTS as MERGE_STATEMENTS;
