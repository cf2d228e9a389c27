//! Register book and ledger on paper: one period at a time.

use zs_base::Result;
use zs_base::time::Date;
use zs_ctx::Ctx;
use zs_typeset::{Ledger, LedgerRow, PrintDoc, RegisterBook, RegisterRow};
use zs_web::Download;

use super::convert::{small, some};
use super::pdf;
use crate::model::{DOC_CLASSES, SECRECIES, URGENCIES, title_of};
use crate::query::code::PRINT_TOO_LARGE;
use crate::query::{
    BookArgs, BookRow, LedgerItem, Period, blocking, book_count, book_rows, day_of, ledger_count,
    ledger_rows, unit_name,
};

/// Prints the register book.
pub async fn register_book(ctx: Ctx, a: BookArgs) -> Result<Download> {
    let p = Period::of(&ctx, &a)?;
    let name = format!("收文登记簿{}-{}.pdf", p.suffix(), Date::at(ctx.now()));
    let printed_on = Some(Date::at(ctx.now()).to_string());
    let book = ctx
        .read(move |tx| {
            within(book_count(tx, &p)?, RegisterBook::MAX_ROWS)?;
            let rows = book_rows(tx, &p, None, i64::MAX)?;
            Ok(RegisterBook {
                unit: unit_name(tx, p.unit)?,
                period: p.text(),
                class: p
                    .doc_class
                    .as_deref()
                    .map(|c| title_of(DOC_CLASSES, c).to_owned()),
                rows: rows.into_iter().map(register_row).collect(),
                printed_on,
                ..RegisterBook::default()
            })
        })
        .await?;
    let bytes = pdf(&ctx, PrintDoc::RegisterBook(Box::new(book))).await?;
    Ok(Download::pdf(name, bytes))
}

/// Prints the ledger.
pub async fn ledger(ctx: Ctx, a: BookArgs) -> Result<Download> {
    let p = Period::of(&ctx, &a)?;
    let name = format!("来文处理流程台帐{}-{}.pdf", p.suffix(), Date::at(ctx.now()));
    let printed_on = Some(Date::at(ctx.now()).to_string());
    let (unit, period, items) = ctx
        .read(move |tx| {
            within(ledger_count(tx, &p)?, Ledger::MAX_ROWS)?;
            Ok((
                unit_name(tx, p.unit)?,
                p.text(),
                ledger_rows(tx, &p, None, i64::MAX)?,
            ))
        })
        .await?;
    let rows = blocking(move || Ok(items.into_iter().map(ledger_row).collect())).await?;
    let bytes = pdf(
        &ctx,
        PrintDoc::Ledger(Box::new(Ledger {
            unit,
            period,
            rows,
            printed_on,
        })),
    )
    .await?;
    Ok(Download::pdf(name, bytes))
}

fn within(rows: i64, limit: usize) -> Result<()> {
    if usize::try_from(rows).is_ok_and(|n| n <= limit) {
        return Ok(());
    }
    Err(PRINT_TOO_LARGE.with(&[&rows, &limit]))
}

fn register_row(r: BookRow) -> RegisterRow {
    RegisterRow {
        serial_number: r.serial_no,
        received_on: Some(r.received_date),
        sender: some(&r.sender),
        doc_number: r.doc_number,
        title: r.title,
        secrecy: (r.secrecy != "none").then(|| title_of(SECRECIES, &r.secrecy).to_owned()),
        urgency: (r.urgency != "normal").then(|| title_of(URGENCIES, &r.urgency).to_owned()),
        copies: small(r.copies),
        undertaking_unit: some(&r.lead_units.join("、")),
        deadline: r.deadline,
        completed_on: day_of(r.completed_at),
        archived: day_of(r.archived_at),
        remark: r.remark,
    }
}

fn yes_no(text: Option<String>) -> Option<bool> {
    match text.as_deref() {
        Some("是") => Some(true),
        Some("否") => Some(false),
        _ => None,
    }
}

/// The 29 cells in the order of [`crate::columns::COLUMNS`].
fn ledger_row(item: LedgerItem) -> LedgerRow {
    let mut cells = item.cells.into_iter();
    let mut next = || cells.next().filter(|c| !c.is_empty());
    LedgerRow {
        serial_number: item.serial_no.unwrap_or_default(),
        title: item.title,
        sender: some(&item.sender),
        doc_number: item.doc_number,
        sign_in_mark: next(),
        sign_in_by: next(),
        sign_in_on: next(),
        entry_mark: next(),
        entry_by: next(),
        entry_on: next(),
        proposal_mark: next(),
        proposed_by: next(),
        proposed_on: next(),
        proposed_handling: next(),
        deadline: next(),
        urged: yes_no(next()),
        urged_on: next(),
        pre_reminder: next(),
        instruct_needed: yes_no(next()),
        instructed_by: next(),
        instructed_on: next(),
        instruction: next(),
        circulated: yes_no(next()),
        circulated_leaders: next(),
        circulated_divisions: next(),
        circulation_complete: yes_no(next()),
        undertaken: yes_no(next()),
        undertaking_unit: next(),
        assisted: yes_no(next()),
        assist_units: next(),
        undertaking_opinion: next(),
        handling_result: next(),
        urge_count: next().and_then(|n| n.parse().ok()),
    }
}
