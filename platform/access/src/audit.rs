//! The auditor's page: the audit log, which nobody can write or clear (T26).
use std::collections::HashMap;
use std::sync::Arc;

use rust_xlsxwriter::{Format, Workbook};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use zs_base::{Cursor, Error, Id, Page, PageArgs, Result};
use zs_ctx::Ctx;
use zs_db::{Query, Tx, Val, vals};
use zs_org::api as org;
use zs_web::{Download, Empty};

use crate::perm;
use crate::role::RoleTable;

/// Rows in one exported file.
const MOST_ROWS: i64 = 50_000;

#[derive(Clone, Deserialize, JsonSchema)]
pub(crate) struct AuditArgs {
    /// Any of actor, operation title, number of the object, change.
    q: Option<String>,
    /// Operation key, or its beginning up to a dot.
    op: Option<String>,
    /// Part of the actor's name.
    actor: Option<String>,
    from_at: Option<i64>,
    to_at: Option<i64>,
    cursor: Option<String>,
    limit: Option<u32>,
}

#[derive(Clone, Serialize, JsonSchema)]
pub(crate) struct AuditRow {
    id: Id,
    at: i64,
    actor_name: String,
    on_behalf_of: Option<String>,
    unit_name: Option<String>,
    op: String,
    op_title: String,
    entity: String,
    entity_id: Option<Id>,
    change: Value,
    ip: Option<String>,
    /// `ok`, or the code of the refusal.
    result: String,
}

fn query(a: &AuditArgs, roles: &RoleTable, before: Option<i64>, limit: i64) -> Query {
    let mut q = Query::new(
        "select id, at, actor_name, on_behalf_of, unit_id, op, entity, entity_id, change, ip, result from audit_log where 1 = 1",
        &[],
    );
    let text = |s: &Option<String>| {
        s.as_deref()
            .map(str::trim)
            .filter(|s| !s.is_empty())
            .map(str::to_owned)
    };
    // Ids grow with time: the primary key finds the period, the exact time trims its edges.
    if let Some(from) = a.from_at {
        q.and("id >= ?", vals![Id::floor_of(from - 60_000)])
            .and("at >= ?", vals![from]);
    }
    if let Some(to) = a.to_at {
        q.and("id < ?", vals![Id::floor_of(to.saturating_add(60_000))])
            .and("at < ?", vals![to]);
    }
    if let Some(op) = text(&a.op) {
        q.push(
            " and (op = ? or op like ? escape '\\')",
            vals![&op, format!("{}.%", escaped(&op))],
        );
    }
    if let Some(actor) = text(&a.actor) {
        q.and_contains("actor_name", &actor);
    }
    if let Some(s) = text(&a.q) {
        q.push(" and (", &[]).push_contains("actor_name", &s);
        q.push(" or ", &[]).push_contains("change", &s);
        q.push(" or ", &[]).push_contains("op", &s);
        q.push(" or ", &[]).push_in("op", roles.ops_titled(&s));
        if let Ok(n) = s.parse::<i64>() {
            q.push(" or entity_id = ?", vals![n]);
        }
        q.push(")", &[]);
    }
    q.and_opt("id < ?", before.map(Val::Int));
    q.push(" order by id desc limit ?", vals![limit]);
    q
}

fn escaped(s: &str) -> String {
    s.chars()
        .flat_map(|c| {
            let slash = matches!(c, '%' | '_' | '\\').then_some('\\');
            slash.into_iter().chain([c])
        })
        .collect()
}

fn rows(tx: &mut Tx<'_>, q: &Query, roles: &RoleTable) -> Result<Vec<AuditRow>> {
    let found = tx.rows(q)?;
    let mut units: Vec<Id> = found
        .iter()
        .filter_map(|r| r.get::<Option<Id>>(4).ok().flatten())
        .collect();
    units.sort_unstable();
    units.dedup();
    let names: HashMap<Id, String> = if units.is_empty() {
        HashMap::new()
    } else {
        org::nodes(tx, &units)?
            .into_iter()
            .map(|n| (n.id, n.name))
            .collect()
    };
    found
        .iter()
        .map(|r| {
            let mut c = r.cols();
            let (id, at) = (c.next()?, c.next()?);
            let (actor_name, on_behalf_of) = (c.next()?, c.next()?);
            let unit: Option<Id> = c.next()?;
            let op: String = c.next()?;
            Ok(AuditRow {
                id,
                at,
                actor_name,
                on_behalf_of,
                unit_name: unit.and_then(|u| names.get(&u).cloned()),
                op_title: roles.op_title(&op),
                op,
                entity: c.next()?,
                entity_id: c.next()?,
                change: c.json()?,
                ip: c.next()?,
                result: c.next()?,
            })
        })
        .collect()
}

pub(crate) async fn list(ctx: Ctx, a: AuditArgs) -> Result<Page<AuditRow>> {
    let roles = ctx.service::<RoleTable>()?;
    let page = PageArgs {
        cursor: a.cursor.clone(),
        limit: a.limit,
    };
    let (after, limit) = (page.after()?, page.limit());
    ctx.read(move |tx| {
        let q = query(&a, &roles, after.map(|c| c.id), limit + 1);
        let items = rows(tx, &q, &roles)?;
        Ok(Page::from_rows(items, limit, |r| {
            Cursor::number(r.id.0, r.id.0)
        }))
    })
    .await
}

pub(crate) async fn export(ctx: Ctx, a: AuditArgs) -> Result<Download> {
    let roles = ctx.service::<RoleTable>()?;
    let (asked, table) = (a.clone(), Arc::clone(&roles));
    let items = ctx
        .read(move |tx| {
            let q = query(&asked, &table, None, MOST_ROWS);
            rows(tx, &q, &table)
        })
        .await?;
    let n = items.len();
    ctx.write(perm::AUDIT_EXPORT, move |tx| {
        tx.touch(
            "audit",
            Id(0),
            json!({"rows": n, "q": a.q, "op": a.op, "actor": a.actor, "from_at": a.from_at, "to_at": a.to_at}),
        )?;
        Ok(Empty {})
    })
    .await?;
    let bytes = tokio::task::spawn_blocking(move || sheet(&items))
        .await
        .map_err(Error::internal)??;
    let day = zs_base::time::Date::at(ctx.now());
    Ok(Download::xlsx(format!("审计日志-{day}.xlsx"), bytes))
}

/// A cell that no spreadsheet takes for a formula, also after it was saved as CSV (T28).
pub(crate) fn inert(s: &str) -> String {
    match s.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n') => format!("'{s}"),
        _ => s.to_owned(),
    }
}

fn sheet(items: &[AuditRow]) -> Result<Vec<u8>> {
    let fail = |e: rust_xlsxwriter::XlsxError| Error::internal(e);
    let mut book = Workbook::new();
    let bold = Format::new().set_bold();
    let sheet = book.add_worksheet();
    sheet.set_name("审计日志").map_err(fail)?;
    sheet.set_freeze_panes(1, 0).map_err(fail)?;
    let heads = [
        "时间",
        "人员",
        "受托于",
        "单位",
        "操作",
        "操作代码",
        "对象",
        "对象编号",
        "变化",
        "地址",
        "结果",
    ];
    for (col, (head, width)) in (0u16..).zip(
        heads
            .iter()
            .zip([19, 12, 12, 24, 18, 26, 14, 22, 60, 16, 12]),
    ) {
        sheet
            .write_string_with_format(0, col, *head, &bold)
            .map_err(fail)?;
        sheet.set_column_width(col, width).map_err(fail)?;
    }
    for (row, r) in (1u32..).zip(items) {
        let change = match &r.change {
            Value::Object(o) if o.is_empty() => String::new(),
            v => v.to_string().chars().take(30_000).collect(),
        };
        let cells = [
            zs_base::time::minute(r.at),
            r.actor_name.clone(),
            r.on_behalf_of.clone().unwrap_or_default(),
            r.unit_name.clone().unwrap_or_default(),
            r.op_title.clone(),
            r.op.clone(),
            r.entity.clone(),
            r.entity_id.map(|i| i.to_string()).unwrap_or_default(),
            change,
            r.ip.clone().unwrap_or_default(),
            if r.result == "ok" {
                "成功".to_owned()
            } else {
                format!("拒绝（{}）", r.result)
            },
        ];
        for (col, cell) in (0u16..).zip(cells) {
            sheet.write_string(row, col, inert(&cell)).map_err(fail)?;
        }
    }
    book.save_to_buffer().map_err(fail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t28_no_cell_becomes_a_formula() {
        for s in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"] {
            assert!(inert(s).starts_with('\''), "{s}");
        }
        assert_eq!(inert("张三"), "张三");
        assert_eq!(escaped("a_b%"), "a\\_b\\%");
    }
}
