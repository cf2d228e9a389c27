//! The values.
use zs_base::{Id, Result};
use zs_ctx::{Granted, WriteTx};
use zs_db::{Tx, vals};

zs_db::statements! {
    GET = "select value from setting_value where key = $1 and unit_id in ($2, 0) order by unit_id desc limit 1";
    OWN = "select key, value from setting_value where unit_id = $1";
    PUT = "insert into setting_value (unit_id, key, value, version, updated_at, updated_by) values ($1, $2, $3, 1, $4, $5) \
        on conflict (unit_id, key) do update set value = excluded.value, version = setting_value.version + 1, \
        updated_at = excluded.updated_at, updated_by = excluded.updated_by";
    CLEAR = "delete from setting_value where unit_id = $1 and key = $2";
}

/// The unit's value, else the installation's.
pub(crate) fn get(tx: &mut Tx<'_>, unit: Option<Id>, key: &str) -> Result<Option<String>> {
    let unit = unit.unwrap_or(Id(0));
    tx.opt(GET, vals![key, unit])?.map(|r| r.get(0)).transpose()
}

/// All values of one level.
pub(crate) fn own(tx: &mut Tx<'_>, unit: Option<Id>) -> Result<Vec<(String, String)>> {
    let unit = unit.unwrap_or(Id(0));
    tx.query(OWN, vals![unit])?
        .iter()
        .map(|r| Ok((r.get(0)?, r.get(1)?)))
        .collect()
}

/// Sets a value; none goes back to the default.
pub(crate) fn put(
    tx: &mut WriteTx<'_, '_>,
    _g: &Granted,
    unit: Option<Id>,
    key: &str,
    value: Option<&str>,
) -> Result<()> {
    let unit = unit.unwrap_or(Id(0));
    match value {
        Some(v) => {
            let (now, by) = (tx.now(), tx.ctx().actor_opt().map(|a| a.identity));
            tx.exec(PUT, vals![unit, key, v, now, by])?;
        }
        None => {
            tx.exec(CLEAR, vals![unit, key])?;
        }
    }
    Ok(())
}
