//! Accounts, sessions, roles, delegation and the audit log's reader (三员分立 from the first start).
#![forbid(unsafe_code)]

mod account;
pub mod api;
mod codes;
mod delegation;
mod grants;
mod password;
mod perm;
mod role;
mod rule;
mod service;
mod session;
mod throttle;

pub use api::{Access, AccessOptions, DemoAccount, DemoInfo, MenuTable, RoleTable, Sessions};
