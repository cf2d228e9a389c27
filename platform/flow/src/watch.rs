//! What a person started, watches, or is urged about.
use zs_base::{Cursor, Id, Page, PageArgs, Result};
use zs_ctx::{Granted, WriteTx};
use zs_db::{Query, Row, Tx, vals};

use crate::model::InstanceRow;

fn instances(tx: &mut Tx<'_>, mut q: Query, page: &PageArgs) -> Result<Page<InstanceRow>> {
    if let Some(c) = page.after()? {
        q.push(
            " and (i.started_at, i.id) < (?, ?)",
            vals![c.as_number()?, c.id],
        );
    }
    let limit = page.limit();
    q.push(
        " order by i.started_at desc, i.id desc limit ?",
        vals![limit + 1],
    );
    let rows = tx
        .rows(&q)?
        .iter()
        .map(InstanceRow::from_row)
        .collect::<Result<Vec<_>>>()?;
    Ok(Page::from_rows(rows, limit, |r| {
        Cursor::number(r.started_at, r.id.0)
    }))
}

/// 在办: running instances that the person started, the newest first.
pub fn mine(tx: &mut Tx<'_>, identities: &[Id], page: &PageArgs) -> Result<Page<InstanceRow>> {
    let mut q = Query::new("select ", &[]);
    q.push(InstanceRow::COLUMNS, &[])
        .push(
            " from flow_instance i where i.status in ('running', 'suspended')",
            &[],
        )
        .and_in("i.starter", identities.iter().copied());
    instances(tx, q, page)
}

/// 关注: watched instances, ended ones included.
pub fn watched(tx: &mut Tx<'_>, identities: &[Id], page: &PageArgs) -> Result<Page<InstanceRow>> {
    let mut q = Query::new("select ", &[]);
    q.push(InstanceRow::COLUMNS, &[])
        .push(
            " from flow_instance i where i.id in (select instance_id from flow_watch where ",
            &[],
        )
        .push_in("identity_id", identities.iter().copied())
        .push(")", &[]);
    instances(tx, q, page)
}

/// Puts an instance on a person's watch list or takes it off. The caller has checked that he may see it.
pub fn watch(
    tx: &mut WriteTx<'_, '_>,
    _: &Granted,
    identity: Id,
    instance: Id,
    on: bool,
) -> Result<()> {
    let now = tx.now();
    if on {
        tx.exec(
            "insert into flow_watch (identity_id, instance_id, created_at) values ($1, $2, $3) on conflict (identity_id, instance_id) do nothing",
            vals![identity, instance, now],
        )?;
    } else {
        tx.exec(
            "delete from flow_watch where identity_id = $1 and instance_id = $2",
            vals![identity, instance],
        )?;
    }
    tx.touch("flow_watch", instance, serde_json::json!({"on": on}))
}

/// An urge or reminder about an item that is still open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UrgeRow {
    /// Row.
    pub id: Id,
    /// `urge`, `pre_remind`, `due`, `remind`, `overdue`, `escalated`.
    pub kind: String,
    /// Who urges; 系统 for reminders.
    pub from_name: String,
    /// Text.
    pub note: Option<String>,
    /// How often so far.
    pub times: i64,
    /// Last time, ms.
    pub created_at: i64,
    /// Instance.
    pub instance: InstanceRow,
}

pub(crate) fn urges_base(q: &mut Query, identities: &[Id]) {
    q.push(
        " from flow_urge u join flow_instance i on i.id = u.instance_id where i.status in ('running', 'suspended') \
         and exists (select 1 from flow_task t where t.instance_id = u.instance_id and t.round = u.round and t.status in ('open', 'parked'))",
        &[],
    )
    .and_in("u.identity_id", identities.iter().copied());
}

/// 催办与提醒: about rounds that are still open, the newest first.
pub fn urges(tx: &mut Tx<'_>, identities: &[Id], page: &PageArgs) -> Result<Page<UrgeRow>> {
    let mut q = Query::new(
        "select u.id, u.kind, u.from_name, u.note, u.times, u.created_at, ",
        &[],
    );
    q.push(InstanceRow::COLUMNS, &[]);
    urges_base(&mut q, identities);
    if let Some(c) = page.after()? {
        q.push(
            " and (u.created_at, u.id) < (?, ?)",
            vals![c.as_number()?, c.id],
        );
    }
    let limit = page.limit();
    q.push(
        " order by u.created_at desc, u.id desc limit ?",
        vals![limit + 1],
    );
    let rows = tx
        .rows(&q)?
        .iter()
        .map(|r| {
            let rest = Row(r.0.iter().skip(6).cloned().collect());
            Ok(UrgeRow {
                id: r.get(0)?,
                kind: r.get(1)?,
                from_name: r.get(2)?,
                note: r.get(3)?,
                times: r.get(4)?,
                created_at: r.get(5)?,
                instance: InstanceRow::from_row(&rest)?,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    Ok(Page::from_rows(rows, limit, |r| {
        Cursor::number(r.created_at, r.id.0)
    }))
}
