//! 登记 register: attributes, the gap-free serial number per unit, class and year, duplicates, secrecy (T29).

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use zs_base::time::Date;
use zs_base::{Error, Id, Result};
use zs_ctx::{Ctx, WriteTx};
use zs_db::Tx;
use zs_flow::SubjectColumns;

use super::{Completion, open_task};
use crate::code::{CLASS_FIXED, DUPLICATE_DOCUMENT, PAPER_ONLY_FILES, SECRECY_REFUSED};
use crate::definition::stage;
use crate::dto::Registered;
use crate::model::{Attributes, Doc, SECRECIES, title_of};
use crate::rule::{check_attributes, is_secret, serial_no, tidy, year_of};
use crate::{flow, perm, store};

/// What the registry fills in.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct Register {
    /// Document.
    pub id: Id,
    /// Task.
    pub task_id: Id,
    /// Revision the page saw.
    #[serde(default)]
    pub rev: Option<i64>,
    /// Attributes.
    #[serde(flatten)]
    pub attributes: Attributes,
    /// Files in order, the first is the body.
    #[serde(default)]
    pub file_ids: Vec<Id>,
    /// Register although the number is there already.
    #[serde(default)]
    pub confirm_duplicate: bool,
}

/// Registers a document.
pub async fn register(ctx: Ctx, a: Register) -> Result<Registered> {
    ctx.write(perm::OP_REGISTER, move |tx| run(tx, &a)).await
}

fn run(tx: &mut WriteTx<'_, '_>, a: &Register) -> Result<Registered> {
    let t = open_task(tx, a.id, a.task_id, stage::REGISTER)?;
    let actor = tx.actor()?.clone();
    let now = tx.now();
    let attrs = tidy(a.attributes.clone());
    check_attributes(&attrs, false, Date::at(now)).done()?;
    check_secrecy(&attrs, &a.file_ids)?;
    check_class(&t.doc, &attrs)?;
    if !a.confirm_duplicate {
        check_duplicate(tx, &t.doc, &attrs)?;
    }
    zs_file::api::set(tx, &a.file_ids, flow::SUBJECT, a.id, &actor)?;
    let mut doc = t.doc.clone();
    doc.attrs = attrs;
    if doc.serial.is_none() {
        doc.year = year_of(now);
        let year = i32::try_from(doc.year).map_err(Error::internal)?;
        let n = zs_numbering::take(tx, doc.unit_id, &series(&doc.attrs.doc_class), year)?;
        doc.serial = Some(n);
        doc.serial_no = Some(serial_no(&doc.attrs.doc_class, doc.year, n));
    }
    doc.registered_by = Some(t.me);
    doc.registered_name = Some(actor.name.clone());
    doc.registered_at = doc.registered_at.or(Some(now));
    store::set_attributes(tx, &t.granted, doc.id, &doc.attrs, !a.file_ids.is_empty())?;
    store::set_registered(tx, &t.granted, &doc)?;
    show_in_lists(tx, &doc)?;
    let preliminary =
        zs_setting::api::get_bool(tx, Some(doc.unit_id), perm::PRELIMINARY_REVIEW, true)?;
    let data = BTreeMap::from([("preliminary_review".to_owned(), Value::from(preliminary))]);
    let acted = t.complete(
        tx,
        Completion {
            rev: a.rev,
            data,
            ..Completion::default()
        },
    )?;
    let out = t.answer(tx, &acted)?;
    Ok(Registered {
        id: doc.id,
        serial_no: doc.serial_no,
        version: out.version,
        rev: out.rev,
        undo: out.undo,
        next: out.next,
    })
}

/// The number series of a class.
pub(crate) fn series(doc_class: &str) -> String {
    format!("incoming.{doc_class}")
}

/// Title, number, sender and urgency of the to-do lists.
pub(crate) fn show_in_lists(tx: &mut WriteTx<'_, '_>, doc: &Doc) -> Result<()> {
    zs_flow::update_subject_columns(
        tx,
        doc.instance_id,
        &SubjectColumns {
            title: Some(super::sign_in::title(&doc.attrs)),
            number: Some(
                doc.serial_no
                    .clone()
                    .or_else(|| doc.attrs.doc_number.clone())
                    .unwrap_or_default(),
            ),
            sender: Some(doc.attrs.sender.clone()),
            urgency: Some(doc.attrs.urgency.clone()),
        },
    )
}

/// Nothing secret on this network; a paper-only row carries no files.
pub(crate) fn check_secrecy(a: &Attributes, files: &[Id]) -> Result<()> {
    if is_secret(&a.secrecy) && !a.paper_only {
        return Err(SECRECY_REFUSED
            .with(&[&title_of(SECRECIES, &a.secrecy)])
            .and_field("secrecy", "请改为仅登记纸质件"));
    }
    if a.paper_only && !files.is_empty() {
        return Err(PAPER_ONLY_FILES
            .err()
            .and_field("file_ids", "请移除已上传的文件"));
    }
    Ok(())
}

/// The class is part of the number.
pub(crate) fn check_class(doc: &Doc, a: &Attributes) -> Result<()> {
    if doc.serial.is_some() && doc.attrs.doc_class != a.doc_class {
        return Err(CLASS_FIXED
            .err()
            .and_field("doc_class", "流水号已编，类别不能改变"));
    }
    Ok(())
}

/// The same number from the same sender in this unit.
pub(crate) fn check_duplicate(tx: &mut Tx<'_>, doc: &Doc, a: &Attributes) -> Result<()> {
    let Some(number) = &a.doc_number else {
        return Ok(());
    };
    let twins = store::twins(tx, doc.unit_id, number, Some(&a.sender), Some(doc.id))?;
    if twins.is_empty() {
        return Ok(());
    }
    let mut e = DUPLICATE_DOCUMENT.with(&[number]);
    for t in twins {
        let no = t.serial_no.unwrap_or_else(|| "未编号".into());
        let by = t.registered_by.unwrap_or_default();
        e = e.and_field(
            format!("duplicates.{}", t.id),
            format!("{no} {}（{} {by}登记）", t.title, t.received_date),
        );
    }
    Err(e)
}
