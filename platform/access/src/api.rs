//! The facade: what other crates may call. Plain functions over a transaction.
pub use crate::account::{Accounts, NewAccount, accounts, create_account, reset_password};
pub use crate::delegation::{
    Delegation, ENDED as DELEGATION_ENDED, NewDelegation, STARTED as DELEGATION_STARTED, Turned,
    active_agent, active_agents, create as create_delegation, get as delegation,
};
pub use crate::grants::{grant, holders, revoke, roles_of};
pub use crate::password::{Cost, Hashed, check_password};
pub use crate::perm::SECURITY_MANAGE;
pub use crate::role::{MenuTable, ROLES, RoleDef, RoleTable, role, title as role_title};
pub use crate::service::{Access, AccessOptions, DemoAccount, DemoInfo};
pub use crate::session::Sessions;
pub use crate::site::{site_get, site_set};
