//! 签收 sign_in (条例 art. 24: count each piece, note the time): the document enters, a to-do 登记 opens for the registry.

use schemars::JsonSchema;
use serde::Deserialize;
use zs_base::time::Date;
use zs_base::{Id, Result};
use zs_ctx::{Ctx, WriteTx};
use zs_db::vals;
use zs_flow::NewInstance;

use crate::dto::SignedIn;
use crate::model::{Attributes, Doc};
use crate::rule::{check_attributes, tidy, year_of};
use crate::{definition, flow, perm, store};

/// What the clerk notes when signing.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct SignIn {
    /// Class: red_head or plain.
    pub doc_class: String,
    /// Source 来文渠道.
    pub source: String,
    /// Sender 来文单位.
    pub sender: String,
    /// Sender rank 来文级别.
    #[serde(default)]
    pub sender_rank: Option<String>,
    /// Title.
    #[serde(default)]
    pub title: Option<String>,
    /// Document number.
    #[serde(default)]
    pub doc_number: Option<String>,
    /// Copies 份数.
    pub copies: i64,
    /// Received 收文日期.
    pub received_date: String,
    /// Urgency 紧急程度.
    pub urgency: String,
    /// Remark.
    #[serde(default)]
    pub remark: Option<String>,
    /// Files, the first is the body.
    #[serde(default)]
    pub file_ids: Vec<Id>,
}

impl SignIn {
    fn attributes(&self) -> Attributes {
        tidy(Attributes {
            title: self.title.clone().unwrap_or_default(),
            doc_number: self.doc_number.clone(),
            sender: self.sender.clone(),
            sender_rank: self.sender_rank.clone(),
            doc_class: self.doc_class.clone(),
            source: self.source.clone(),
            secrecy: "none".into(),
            urgency: self.urgency.clone(),
            received_date: self.received_date.clone(),
            copies: self.copies,
            remark: self.remark.clone(),
            ..Attributes::default()
        })
    }
}

/// Signs a document in.
pub async fn sign_in(ctx: Ctx, a: SignIn) -> Result<SignedIn> {
    ctx.write(perm::OP_SIGN_IN, move |tx| run(tx, &a)).await
}

fn run(tx: &mut WriteTx<'_, '_>, a: &SignIn) -> Result<SignedIn> {
    let actor = tx.actor()?.clone();
    let g = actor.require(perm::SIGN_IN)?;
    let now = tx.now();
    let attrs = a.attributes();
    check_attributes(&attrs, true, Date::at(now)).done()?;
    let id = tx.new_id();
    let doc = Doc {
        id,
        unit_id: actor.unit,
        division_id: actor.division,
        // The instance is made next; until then the row points at itself.
        instance_id: id,
        year: year_of(now),
        attrs,
        signed_in_by: actor.identity,
        signed_in_name: actor.name.clone(),
        signed_in_at: now,
        has_files: !a.file_ids.is_empty(),
        ..Doc::default()
    };
    store::insert(tx, &g, &doc)?;
    zs_file::api::link(tx, &a.file_ids, flow::SUBJECT, id, &actor)?;
    let definition = zs_setting::api::get_text(tx, Some(actor.unit), perm::FLOW, definition::KEY)?;
    let acted = zs_flow::start(
        tx,
        &NewInstance {
            definition,
            subject_kind: flow::SUBJECT.into(),
            subject_id: id,
            module: "incoming".into(),
            unit_id: actor.unit,
            title: title(&doc.attrs),
            number: doc.attrs.doc_number.clone().unwrap_or_default(),
            sender: doc.attrs.sender.clone(),
            urgency: doc.attrs.urgency.clone(),
            starter: actor.identity,
            ..NewInstance::default()
        },
    )?;
    tx.exec_one(
        "update incoming_doc set instance_id = $2 where id = $1",
        vals![id, acted.loaded.row.id],
    )?;
    Ok(SignedIn { id, version: 1 })
}

/// Title for lists: before registration it may be missing.
pub(crate) fn title(a: &Attributes) -> String {
    if a.title.is_empty() {
        format!("{}来文（待登记）", a.sender)
    } else {
        a.title.clone()
    }
}
