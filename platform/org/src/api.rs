//! The facade: what other crates may call. Plain functions over a transaction; names and posts come with every
//! identity, so that no caller joins these tables.
use std::sync::Arc;

use zs_base::{Id, Result};
use zs_ctx::{Ctx, WriteTx};
use zs_db::Tx;

pub use crate::model::{Heir, Identity, NewIdentity, NewNode, Node, NodeKind, Person};
pub use crate::read::{
    ancestors, children, heads_of, identities, identities_of_person, identity, identity_opt,
    is_under, liaisons_of, next_level, node, node_by_code, node_opt, nodes, people_of,
    people_of_unit, person, roots, superiors_of, supervising_leaders, unit_of, units_under,
};
pub use crate::search::{Hit, search};
pub use crate::service::node::{
    EditNode, close_node, create_node, merge_node, move_node, update_node,
};
pub use crate::service::people::{
    EditIdentity, create_identity, create_person, end_identity, leave, move_identity,
    set_supervision, update_identity, update_person,
};
pub use crate::service::recent::remember_choice;

/// Topic: a node was created, changed, moved, merged or closed; key = node.
pub const NODE_CHANGED: &str = "org.node_changed";
/// Topic: an identity was created or changed; key = identity.
pub const IDENTITY_CHANGED: &str = "org.identity_changed";
/// Topic: an identity ended; key = identity, payload `{person_id, heir_id, successor_id}`.
pub const IDENTITY_ENDED: &str = "org.identity_ended";
/// Topic: a person left (离职); key = person. Sessions and the account end with it.
pub const PERSON_LEFT: &str = "org.person_left";

/// Unfinished work that stands on an identity; the flow engine implements it.
pub trait OpenItems: Send + Sync {
    /// How many.
    fn count(&self, tx: &mut Tx<'_>, identity: Id) -> Result<i64>;
    /// Title and step of some of them.
    fn list(&self, tx: &mut Tx<'_>, identity: Id, limit: i64) -> Result<Vec<(String, String)>>;
    /// Hands all of them to `to`, in the transaction that ends `from`; how many.
    fn hand_over(&self, tx: &mut WriteTx<'_, '_>, from: Id, to: Id) -> Result<i64>;
}

/// The service under which [`OpenItems`] is found; absent = nobody has open items.
pub struct HeirService(pub Arc<dyn OpenItems>);

/// What the account module knows about a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountInfo {
    /// Person.
    pub person_id: Id,
    /// Login name.
    pub login: String,
    /// `active`, `locked`, `must_change` …
    pub status: String,
}

/// Makes accounts for people; the access module implements it.
pub trait AccountMaker: Send + Sync {
    /// Checks a new password against the rules and hashes it; slow, called outside any transaction.
    fn hash(&self, login: &str, password: &str) -> Result<String>;
    /// Gives `person` the login name (and the hashed first password, to be changed at first login); `true` when the
    /// account is new. A login name that another person has is an error on field `login`.
    fn ensure(
        &self,
        tx: &mut WriteTx<'_, '_>,
        person: Id,
        login: &str,
        hash: Option<&str>,
    ) -> Result<bool>;
    /// The accounts of these people.
    fn accounts(&self, tx: &mut Tx<'_>, persons: &[Id]) -> Result<Vec<AccountInfo>>;
    /// Who has these login names (exact, any letter case); free names are left out.
    fn owners(&self, tx: &mut Tx<'_>, logins: &[String]) -> Result<Vec<(String, Id)>>;
}

/// The service under which [`AccountMaker`] is found; absent = login names are ignored with a warning.
pub struct AccountService(pub Arc<dyn AccountMaker>);

/// The heir service, if the process has one.
pub(crate) fn open_items(ctx: &Ctx) -> Option<Arc<dyn OpenItems>> {
    ctx.service::<HeirService>().ok().map(|s| Arc::clone(&s.0))
}
/// The account service, if the process has one.
pub(crate) fn accounts(ctx: &Ctx) -> Option<Arc<dyn AccountMaker>> {
    ctx.service::<AccountService>()
        .ok()
        .map(|s| Arc::clone(&s.0))
}
