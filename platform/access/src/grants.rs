//! Roles given to identities.
use serde_json::json;
use zs_base::{Error, Id, Result};
use zs_ctx::{Granted, WriteTx};
use zs_db::{Tx, vals};
use zs_org::api as org;

use crate::role::SEC_ADMIN;
use crate::rule;

zs_db::statements! {
    OF_IDENTITY = "select role from access_grant where identity_id = $1 order by role";
    OF_PERSON = "select g.role from access_grant g join org_identity i on i.id = g.identity_id where i.person_id = $1 and i.status = 'active'";
    HOLDERS = "select i.id from access_grant g join org_identity i on i.id = g.identity_id \
               where g.role = $1 and i.unit_id = $2 and i.status = 'active' order by i.rank, i.id";
    STAFF_OF = "select id from org_identity where unit_id = $1 and status = 'active' order by rank, id";
    SEC_ADMINS = "select count(distinct a.person_id) from access_grant g join org_identity i on i.id = g.identity_id \
                  join access_account a on a.person_id = i.person_id where g.role = 'sec_admin' and i.status = 'active' and a.status = 'active'";
    INSERT = "insert into access_grant (id, identity_id, role, granted_by, granted_at) values ($1, $2, $3, $4, $5)";
    GET = "select identity_id, role from access_grant where id = $1";
    DELETE = "delete from access_grant where id = $1";
    DROP_OF_PERSON = "delete from access_grant where identity_id in (select id from org_identity where person_id = $1)";
    DROP_OF_IDENTITY = "delete from access_grant where identity_id = $1";
    LOCK_ROW = "insert into access_site (key, value) values ('grant_lock', $1) on conflict (key) do update set value = $1";
}

/// Roles granted to an identity; `staff`, which everybody has, is not among them.
pub fn roles_of(tx: &mut Tx<'_>, identity: Id) -> Result<Vec<String>> {
    tx.query(OF_IDENTITY, vals![identity])?
        .iter()
        .map(|r| r.get(0))
        .collect()
}

/// Roles that a person holds under all active identities, a role once for each of them.
pub(crate) fn roles_of_person(tx: &mut Tx<'_>, person: Id) -> Result<Vec<String>> {
    tx.query(OF_PERSON, vals![person])?
        .iter()
        .map(|r| r.get(0))
        .collect()
}

/// Active identities of a unit (its divisions included) that hold `role`, by rank. `staff` is everybody.
pub fn holders(tx: &mut Tx<'_>, role: &str, unit: Id) -> Result<Vec<Id>> {
    let rows = if role == crate::role::STAFF {
        tx.query(STAFF_OF, vals![unit])?
    } else {
        tx.query(HOLDERS, vals![role, unit])?
    };
    rows.iter().map(|r| r.get(0)).collect()
}

/// Persons who can act as security administrator now.
pub(crate) fn sec_admins(tx: &mut Tx<'_>) -> Result<usize> {
    let n: i64 = tx.one(SEC_ADMINS, &[])?.get(0)?;
    Ok(usize::try_from(n).unwrap_or(0))
}

/// Changes of roles and locks happen one after the other, so that two of them cannot each take "the other" last
/// security administrator.
pub(crate) fn one_at_a_time(tx: &mut Tx<'_>) -> Result<()> {
    let now = tx.now().to_string();
    tx.exec(LOCK_ROW, vals![now]).map(drop)
}

/// Gives a role to an identity under the rules of separation; the new grant's id. Background work (first start,
/// demonstration data) passes a system proof and is bound by the same rules.
pub fn grant(tx: &mut WriteTx<'_, '_>, identity: Id, role: &str, _: &Granted) -> Result<Id> {
    one_at_a_time(tx)?;
    let target = org::identity(tx, identity)?;
    if !target.is_active() {
        return Err(Error::not_found("这个任职"));
    }
    let by = tx.ctx().actor_opt().map(|a| a.person);
    let identity_roles = roles_of(tx, identity)?;
    let person_roles = roles_of_person(tx, target.person_id)?;
    rule::grant(&rule::Request {
        own: by == Some(target.person_id),
        role,
        identity_roles: &identity_roles,
        person_roles: &person_roles,
        // Only taking away asks for it.
        sec_admins: 0,
    })?;
    let (id, now) = (tx.new_id(), tx.now());
    tx.exec(INSERT, vals![id, identity, role, by, now])?;
    tx.touch(
        "grant",
        id,
        json!({"identity_id": identity, "name": target.name, "role": role}),
    )?;
    Ok(id)
}

/// Takes a grant back under the rules of separation.
pub fn revoke(tx: &mut WriteTx<'_, '_>, id: Id, _: &Granted) -> Result<()> {
    one_at_a_time(tx)?;
    let row = tx
        .opt(GET, vals![id])?
        .ok_or_else(|| Error::not_found("这项授权"))?;
    let (identity, role): (Id, String) = (row.get(0)?, row.get(1)?);
    let target = org::identity(tx, identity)?;
    let by = tx.ctx().actor_opt().map(|a| a.person);
    let identity_roles = roles_of(tx, identity)?;
    let person_roles = roles_of_person(tx, target.person_id)?;
    rule::revoke(&rule::Request {
        own: by == Some(target.person_id),
        role: &role,
        identity_roles: &identity_roles,
        person_roles: &person_roles,
        sec_admins: sec_admins(tx)?,
    })?;
    tx.exec_one(DELETE, vals![id])?;
    tx.touch(
        "grant",
        id,
        json!({"identity_id": identity, "name": target.name, "role": role, "revoked": true}),
    )
}

/// Is the person a security administrator who can act?
pub(crate) fn is_sec_admin(tx: &mut Tx<'_>, person: Id) -> Result<bool> {
    Ok(roles_of_person(tx, person)?.iter().any(|r| r == SEC_ADMIN))
}

pub(crate) fn drop_of_person(tx: &mut WriteTx<'_, '_>, person: Id) -> Result<()> {
    let n = tx.exec(DROP_OF_PERSON, vals![person])?;
    tx.touch("account", person, json!({"grants_dropped": n}))
}

pub(crate) fn drop_of_identity(tx: &mut WriteTx<'_, '_>, identity: Id) -> Result<()> {
    let n = tx.exec(DROP_OF_IDENTITY, vals![identity])?;
    tx.touch("identity", identity, json!({"grants_dropped": n}))
}
