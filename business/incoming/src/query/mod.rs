//! All reads of the module but the page: list, register book, ledger, and their exports.

mod book;
pub mod code;
mod export;
mod filter;
mod ledger;
mod list;
#[cfg(test)]
pub(crate) mod probe;
mod register_book;
mod sheet;
mod stats;

use zs_web::Routes;

pub(crate) use book::{BookArgs, Period, unit_name};
pub(crate) use export::{blocking, day_of};
pub(crate) use ledger::{
    LedgerItem, count as ledger_count, row_of as ledger_row_of, rows as ledger_rows,
};
pub(crate) use register_book::{BookRow, count as book_count, rows as book_rows};

use crate::perm;

/// Routes.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/incoming", perm::READ, "收文列表", list::list)
        .download("/incoming/export", perm::EXPORT, "导出收文", export::export)
        .get(
            "/incoming/register_book",
            perm::LEDGER,
            "收文登记簿",
            register_book::register_book,
        )
        .download(
            "/incoming/register_book/export",
            perm::LEDGER,
            "导出收文登记簿",
            register_book::export,
        )
        .get(
            "/incoming/ledger",
            perm::LEDGER,
            "来文处理流程台帐",
            ledger::ledger,
        )
        .download(
            "/incoming/ledger/export",
            perm::LEDGER,
            "导出来文处理流程台帐",
            ledger::export,
        )
        .get("/incoming/stats", perm::LEDGER, "收文统计", stats::page)
        .download(
            "/incoming/stats/export",
            perm::LEDGER,
            "导出收文统计",
            stats::export,
        )
}
