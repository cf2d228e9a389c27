//! Import and export.
use std::collections::HashMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;
use zs_base::{Error, Id, Result};
use zs_ctx::Ctx;
use zs_web::{Body, Download, Method, NoArgs, Response, Routes, json_response};

use crate::code::IMPORT_TOO_LARGE;
use crate::xlsx::{MAX_MB, MAX_ROWS, Report, apply, book, write};
use crate::{api, perm};

pub(crate) fn routes() -> Routes {
    Routes::new()
        .download("/admin/org/export", perm::IMPORT, "导出单位和人员", export)
        .download(
            "/admin/org/template",
            perm::IMPORT,
            "下载导入模板",
            template,
        )
        .raw(
            Method::Post,
            "/admin/org/import",
            perm::IMPORT,
            "导入单位和人员",
            import,
        )
}

async fn blocking<T: Send + 'static>(f: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(f)
        .await
        .map_err(Error::internal)?
}

async fn export(ctx: Ctx, _: NoArgs) -> Result<Download> {
    let accounts = api::accounts(&ctx);
    let (now, logins) = ctx
        .read(move |tx| {
            let now = apply::load(tx)?;
            let mut logins: HashMap<Id, String> = HashMap::new();
            if let Some(s) = accounts {
                let ids: Vec<Id> = now.persons.iter().map(|p| p.id).collect();
                for some in ids.chunks(1000) {
                    logins.extend(
                        s.accounts(tx, some)?
                            .into_iter()
                            .map(|a| (a.person_id, a.login)),
                    );
                }
            }
            Ok((now, logins))
        })
        .await?;
    let day = zs_base::time::Date::at(ctx.now());
    let bytes = blocking(move || write::export(&now, &logins)).await?;
    Ok(Download::xlsx(format!("单位和人员-{day}.xlsx"), bytes))
}

async fn template(_: Ctx, _: NoArgs) -> Result<Download> {
    Ok(Download::xlsx(
        "单位和人员导入模板.xlsx",
        blocking(write::template).await?,
    ))
}

#[derive(Deserialize, JsonSchema)]
struct ImportArgs {
    /// Only say what would be done.
    #[serde(default)]
    dry_run: bool,
}

async fn import(ctx: Ctx, a: ImportArgs, req: axum::http::Request<Body>) -> Result<Response> {
    let g = ctx.require(perm::IMPORT)?;
    let bytes = axum::body::to_bytes(req.into_body(), MAX_MB * 1024 * 1024)
        .await
        .map_err(|e| IMPORT_TOO_LARGE.with(&[&MAX_MB, &MAX_ROWS]).because(e))?;
    let (book, read_report) = blocking(move || {
        let mut report = Report::default();
        let book = book::read(&bytes, &mut report)?;
        Ok((Arc::new(book), report))
    })
    .await?;
    let accounts = api::accounts(&ctx);
    let (first_book, first_accounts, first_report) =
        (Arc::clone(&book), accounts.clone(), read_report.clone());
    // Faults are found without the writer; the plan is made again inside the transaction that carries it out.
    let found = ctx
        .read(move |tx| {
            let mut report = first_report;
            apply::plan(tx, &first_book, first_accounts.as_ref(), &mut report)?;
            Ok(report)
        })
        .await?;
    if a.dry_run || !found.errors.is_empty() || found.created + found.updated == 0 {
        return json_response(&found);
    }
    let done = ctx
        .write(perm::IMPORT_ALL, move |tx| {
            let mut report = read_report.clone();
            let plan = apply::plan(tx, &book, accounts.as_ref(), &mut report)?;
            if !report.errors.is_empty() {
                return Err(zs_base::STALE.err());
            }
            apply::apply(tx, &g, &plan, accounts.as_ref(), &report)?;
            Ok(report)
        })
        .await?;
    json_response(&done)
}
