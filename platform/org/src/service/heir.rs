//! Heirs (接办人): no identity ends while work stands on it, unless somebody takes the work over.
use zs_base::{Error, Id, Result};
use zs_ctx::{Granted, WriteTx};

use super::check::guard_identity;
use crate::api;
use crate::code::{HEIR_INVALID, HEIR_NEEDED};
use crate::model::{Heir, Identity};

/// How many open items stand on an identity.
pub(crate) fn open_count(tx: &mut WriteTx<'_, '_>, identity: Id) -> Result<i64> {
    match api::open_items(tx.ctx()) {
        Some(items) => items.count(tx, identity),
        None => Ok(0),
    }
}

/// Every identity with open items has an heir; else one refusal names them all with their counts.
pub(crate) fn require_all(
    tx: &mut WriteTx<'_, '_>,
    ending: &[Identity],
    heirs: &[Heir],
) -> Result<()> {
    let (mut missing, mut total) = (Vec::new(), 0);
    for i in ending {
        let named = heirs
            .iter()
            .any(|h| h.identity_id == i.id && (h.heir_identity_id.is_some() || h.take_along));
        let n = if named { 0 } else { open_count(tx, i.id)? };
        if n > 0 {
            total += n;
            missing.push((i, n));
        }
    }
    let Some((first, _)) = missing.first() else {
        return Ok(());
    };
    let who = if missing.len() == 1 {
        first.name.clone()
    } else {
        format!("{}等 {} 个身份", first.name, missing.len())
    };
    let mut e = HEIR_NEEDED.with(&[&who, &total]);
    for (i, n) in missing {
        e = e.and_field(
            format!("heirs.{}", i.id),
            format!("{}（{}）还有 {n} 件未办结", i.name, i.hint()),
        );
    }
    Err(e)
}

/// Hands the open items of `from` over to the named heir, or to `successor` (the same person's next identity) when he
/// takes them along. `ending` are the identities that end in this transaction: none of them can inherit.
pub(crate) fn hand_over(
    tx: &mut WriteTx<'_, '_>,
    g: &Granted,
    from: &Identity,
    heir: Option<&Heir>,
    successor: Option<Id>,
    ending: &[Id],
) -> Result<i64> {
    let to = match heir {
        Some(Heir {
            heir_identity_id: Some(h),
            ..
        }) => {
            let h = guard_identity(tx, g, *h).map_err(|_| Error::not_found("接办人"))?;
            if h.id == from.id || !h.is_active() || ending.contains(&h.id) {
                return Err(HEIR_INVALID
                    .err()
                    .and_field("heir_identity_id", HEIR_INVALID.text));
            }
            Some(h.id)
        }
        Some(Heir {
            take_along: true, ..
        }) => successor,
        _ => None,
    };
    match to {
        Some(to) => match api::open_items(tx.ctx()) {
            Some(items) => items.hand_over(tx, from.id, to),
            None => Ok(0),
        },
        None => match open_count(tx, from.id)? {
            0 => Ok(0),
            n => Err(HEIR_NEEDED.with(&[&from.name, &n]).and_field(
                "heir_identity_id",
                format!("请为 {n} 件未办结事项选择接办人"),
            )),
        },
    }
}

/// The heir who stands in the identity's row.
pub(crate) fn named(heir: Option<&Heir>) -> Option<Id> {
    heir.and_then(|h| h.heir_identity_id)
}

/// Checks that an identity is active.
pub(crate) fn active(tx: &mut WriteTx<'_, '_>, g: &Granted, id: Id) -> Result<Identity> {
    let i = guard_identity(tx, g, id)?;
    if !i.is_active() {
        return Err(crate::code::IDENTITY_NOT_ACTIVE.with(&[&i.name]));
    }
    Ok(i)
}
