//! Correcting the registration: by the registry until filing; the serial number stays.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;
use zs_base::time::Date;
use zs_base::{Id, Result};
use zs_ctx::{Ctx, WriteTx};

use super::open_doc;
use super::register::{check_class, check_duplicate, check_secrecy, show_in_lists};
use crate::code::{ARCHIVED_FROZEN, ENDED_FROZEN};
use crate::dto::Registered;
use crate::model::{Attributes, Doc, status};
use crate::rule::{check_attributes, tidy};
use crate::{access, flow, perm, store};

/// The corrected registration.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct Edit {
    /// Document.
    pub id: Id,
    /// Attributes.
    #[serde(flatten)]
    pub attributes: Attributes,
    /// Files in order, the first is the body; absent leaves them as they are.
    #[serde(default)]
    pub file_ids: Option<Vec<Id>>,
    /// Keep although the number is there already.
    #[serde(default)]
    pub confirm_duplicate: bool,
}

/// Corrects a registration.
pub async fn edit(ctx: Ctx, a: Edit) -> Result<Registered> {
    let seen = ctx.if_match()?;
    ctx.write(perm::OP_EDIT, move |tx| run(tx, &a, seen)).await
}

/// Refuses when the record no longer changes.
pub(crate) fn editable(doc: &Doc) -> Result<()> {
    match doc.status.as_str() {
        status::ARCHIVED => Err(ARCHIVED_FROZEN.err()),
        status::VOID => Err(ENDED_FROZEN.with(&[&"作废"])),
        status::REJECTED => Err(ENDED_FROZEN.with(&[&"退回来文单位"])),
        _ => Ok(()),
    }
}

fn run(tx: &mut WriteTx<'_, '_>, a: &Edit, seen: i64) -> Result<Registered> {
    let (mut doc, loaded) = open_doc(tx, a.id)?;
    let actor = tx.actor()?.clone();
    let g = actor.require(perm::REGISTER)?;
    if !access::holds(&actor, perm::REGISTER, &doc) {
        return Err(zs_base::FORBIDDEN.with(&[&perm::REGISTER.title]));
    }
    editable(&doc)?;
    let attrs = tidy(a.attributes.clone());
    let registered = doc.serial.is_some();
    check_attributes(&attrs, !registered, Date::at(tx.now())).done()?;
    let files = match &a.file_ids {
        Some(ids) => ids.clone(),
        None => zs_file::api::list(tx, flow::SUBJECT, doc.id)?
            .into_iter()
            .map(|f| f.file.id)
            .collect(),
    };
    check_secrecy(&attrs, &files)?;
    check_class(&doc, &attrs)?;
    if !a.confirm_duplicate && attrs.doc_number != doc.attrs.doc_number {
        check_duplicate(tx, &doc, &attrs)?;
    }
    if a.file_ids.is_some() {
        zs_file::api::set(tx, &files, flow::SUBJECT, doc.id, &actor)?;
    }
    let changed = changed_fields(&doc.attrs, &attrs)?;
    doc.attrs = attrs;
    store::set_attributes(tx, &g, doc.id, &doc.attrs, !files.is_empty())?;
    show_in_lists(tx, &doc)?;
    let version = store::bump(tx, &g, doc.id, Some(seen))?;
    tx.touch(
        "incoming_doc",
        doc.id,
        json!({"act": "edit", "fields": changed, "version": version}),
    )?;
    Ok(Registered {
        id: doc.id,
        serial_no: doc.serial_no,
        version,
        rev: loaded.row.rev,
        undo: None,
        next: "已保存".into(),
    })
}

/// Names of the attributes that differ: the audit row holds no text of the document.
fn changed_fields(a: &Attributes, b: &Attributes) -> Result<Vec<String>> {
    let map = |x: &Attributes| serde_json::to_value(x).map_err(zs_base::Error::internal);
    let (a, b) = (map(a)?, map(b)?);
    let keys = b
        .as_object()
        .map(|o| o.keys().cloned().collect::<Vec<_>>())
        .unwrap_or_default();
    Ok(keys.into_iter().filter(|k| a.get(k) != b.get(k)).collect())
}
