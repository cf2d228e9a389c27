//! What an identity chose lately in the pickers.
use zs_base::{Id, Result};
use zs_db::{Query, Tx, vals};

zs_db::statements! {
    REMEMBER = "insert into org_recent (identity_id, purpose, kind, target_id, used_at) values ($1,$2,$3,$4,$5) \
        on conflict (identity_id, purpose, kind, target_id) do update set used_at = excluded.used_at";
}

/// Remembers that `identity` chose these (`identity` or `node` ids) for `purpose`; call it inside the write that used them.
pub fn remember_choice(
    tx: &mut Tx<'_>,
    identity: Id,
    purpose: &str,
    kind: &'static str,
    targets: &[Id],
) -> Result<()> {
    let now = tx.now();
    for t in targets {
        tx.exec(REMEMBER, vals![identity, purpose, kind, t, now])?;
    }
    Ok(())
}

/// The latest choices, newest first.
pub(crate) fn recent(
    tx: &mut Tx<'_>,
    identity: Id,
    purpose: &str,
    limit: i64,
) -> Result<Vec<(String, Id)>> {
    let q = Query::new(
        "select kind, target_id from org_recent where identity_id = ? and purpose = ? order by used_at desc, target_id limit ?",
        vals![identity, purpose, limit],
    );
    tx.rows(&q)?
        .iter()
        .map(|r| Ok((r.get(0)?, r.get(1)?)))
        .collect()
}
