//! Prints: the paper forms of a document and of a period as PDF, and the archive package.

mod books;
mod convert;
mod package;
mod sheets;

use zs_base::Result;
use zs_ctx::Ctx;
use zs_typeset::{Press, PrintDoc, TypesetError};
use zs_web::Routes;

use crate::perm;
use crate::query::code::{PRINT_FAILED, PRINT_TOO_LARGE};

/// Routes.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .download(
            "/incoming/register_book/print",
            perm::LEDGER,
            "打印收文登记簿",
            books::register_book,
        )
        .download(
            "/incoming/ledger/print",
            perm::LEDGER,
            "打印来文处理流程台帐",
            books::ledger,
        )
        .download(
            "/incoming/{id}/handling_sheet/print",
            perm::READ,
            "打印公文处理单",
            sheets::handling_sheet,
        )
        .download(
            "/incoming/{id}/circulation_sheet/print",
            perm::READ,
            "打印公文传阅单",
            sheets::circulation_sheet,
        )
        .download(
            "/incoming/{id}/archive_package",
            perm::EXPORT,
            "下载归档包",
            package::archive_package,
        )
}

/// The form as PDF.
async fn pdf(ctx: &Ctx, doc: PrintDoc) -> Result<Vec<u8>> {
    let press = ctx.service::<Press>()?;
    press.pdf(doc).await.map_err(|e| match e {
        TypesetError::TooLong { rows, limit } => PRINT_TOO_LARGE.with(&[&rows, &limit]),
        e @ TypesetError::FontsMissing { .. } => PRINT_FAILED.with(&[&e]),
        e => {
            tracing::error!(error = %e, "a form could not be printed");
            PRINT_FAILED.with(&[&e])
        }
    })
}
