//! The facade: typed reading and setting of values.
use serde_json::{Value, json};
use zs_base::{Error, Id, Result};
use zs_ctx::{Granted, WriteTx};
use zs_db::Tx;
use zs_module::SettingDef;

use crate::{SETTING_INVALID, kind, store};

/// The definitions of all modules, as a service: `SettingDefs(registry.settings())`.
#[derive(Debug, Default)]
pub struct SettingDefs(pub Vec<SettingDef>);

impl SettingDefs {
    /// The definition of a key.
    pub fn find(&self, key: &str) -> Option<&SettingDef> {
        self.0.iter().find(|d| d.key == key)
    }
}

/// A whole number: the unit's value, else the installation's, else `default`.
pub fn get_int(tx: &mut Tx<'_>, unit: Option<Id>, key: &str, default: i64) -> Result<i64> {
    Ok(store::get(tx, unit, key)?
        .and_then(|v| v.parse().ok())
        .unwrap_or(default))
}
/// Yes or no.
pub fn get_bool(tx: &mut Tx<'_>, unit: Option<Id>, key: &str, default: bool) -> Result<bool> {
    Ok(store::get(tx, unit, key)?
        .and_then(|v| v.parse().ok())
        .unwrap_or(default))
}
/// Text, or one of the choices.
pub fn get_text(tx: &mut Tx<'_>, unit: Option<Id>, key: &str, default: &str) -> Result<String> {
    Ok(store::get(tx, unit, key)?.unwrap_or_else(|| default.to_owned()))
}

/// Sets a value after checking it by its kind; JSON null goes back to the default.
pub fn set(
    tx: &mut WriteTx<'_, '_>,
    g: &Granted,
    defs: &SettingDefs,
    unit: Option<Id>,
    key: &str,
    value: &Value,
) -> Result<()> {
    let def = defs.find(key).ok_or_else(|| Error::not_found("这项参数"))?;
    let new = match value {
        Value::Null => None,
        v => Some(kind::normal(def.kind, v).map_err(|why| {
            SETTING_INVALID
                .with(&[&def.title, &why])
                .and_field("value", why)
        })?),
    };
    let old = store::own(tx, unit)?
        .into_iter()
        .find(|(k, _)| k == key)
        .map(|(_, v)| v);
    store::put(tx, g, unit, key, new.as_deref())?;
    tx.touch(
        "setting",
        unit.unwrap_or(Id(0)),
        json!({"key": key, "from": old, "to": new}),
    )
}
