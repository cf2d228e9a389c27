//! Choices of the forms, and documents with the same number.

use schemars::JsonSchema;
use serde::Deserialize;
use zs_base::{Id, Result};
use zs_ctx::Ctx;
use zs_web::NoArgs;

use crate::dto::{Duplicate, Duplicates, NextSerial, Options};
use crate::model::{
    CLASS_CODES, Choice, GENRES, RETENTIONS, SECRECIES, SOURCES, URGENCIES, choices,
};
use crate::rule::{serial_no, year_of};
use crate::service::register::series;
use crate::{perm, store};

/// Choices of the forms in the actor's unit.
pub async fn options(ctx: Ctx, _: NoArgs) -> Result<Options> {
    let unit = ctx.actor()?.unit;
    ctx.read(move |tx| {
        let year = year_of(tx.now());
        let mut next = |class: &str| -> Result<String> {
            let n = zs_numbering::peek(
                tx,
                unit,
                &series(class),
                i32::try_from(year).unwrap_or(1970),
            )?;
            Ok(serial_no(class, year, n))
        };
        let next_serial = NextSerial {
            red_head: next("red_head")?,
            plain: next("plain")?,
        };
        Ok(Options {
            genres: GENRES
                .iter()
                .map(|g| Choice {
                    key: (*g).into(),
                    title: (*g).into(),
                })
                .collect(),
            sources: choices(SOURCES),
            urgencies: choices(URGENCIES),
            secrecies: choices(SECRECIES),
            class_codes: choices(CLASS_CODES),
            retentions: choices(RETENTIONS),
            default_deadline_days: zs_setting::api::get_int(tx, Some(unit), perm::DEFAULT_DAYS, 7)?,
            next_serial,
            senders_recent: store::recent_senders(tx, unit)?,
        })
    })
    .await
}

/// Which number.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct DuplicatesArgs {
    /// Document number.
    #[serde(default)]
    pub doc_number: Option<String>,
    /// Sender.
    #[serde(default)]
    pub sender: Option<String>,
    /// The document itself.
    #[serde(default)]
    pub exclude_id: Option<Id>,
}

/// Documents of the unit with the same number (and sender, if given).
pub async fn duplicates(ctx: Ctx, a: DuplicatesArgs) -> Result<Duplicates> {
    let unit = ctx.actor()?.unit;
    ctx.read(move |tx| {
        let number = a.doc_number.unwrap_or_default();
        let sender = a.sender.as_deref().filter(|s| !s.trim().is_empty());
        let items = store::twins(tx, unit, &number, sender, a.exclude_id)?
            .into_iter()
            .map(|t| Duplicate {
                id: t.id,
                serial_no: t.serial_no,
                title: t.title,
                received_date: t.received_date,
                registered_by: t.registered_by,
            })
            .collect();
        Ok(Duplicates { items })
    })
    .await
}
