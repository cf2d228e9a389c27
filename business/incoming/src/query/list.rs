//! The list of incoming documents: keyset pages in five orders, each row exactly as its page would show it.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zs_base::{Cursor, Error, Id, Page, PageArgs, Result};
use zs_ctx::Ctx;
use zs_db::{Query, Row, Tx, vals};

use super::filter::{Filter, ListArgs, Sort, Viewer};
use crate::detail::days_left;
use crate::model::status;
use crate::names::Names;
use crate::{flow, project};

/// Documents counted at most; beyond it the list shows no total.
pub(crate) const COUNT_CAP: i64 = 10_000;

/// One line of the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct IncomingRow {
    /// Document.
    pub id: Id,
    /// Serial number.
    pub serial_no: Option<String>,
    /// Year.
    pub year: i64,
    /// Class.
    pub doc_class: String,
    /// Received.
    pub received_date: String,
    /// Sender.
    pub sender: String,
    /// Document number.
    pub doc_number: Option<String>,
    /// Title.
    pub title: String,
    /// Urgency.
    pub urgency: String,
    /// Secrecy.
    pub secrecy: String,
    /// Copies.
    pub copies: i64,
    /// Deadline, for those who see the plan.
    pub deadline: Option<String>,
    /// Calendar days left; negative = overdue.
    pub days_left: Option<i64>,
    /// Past its deadline.
    pub overdue: bool,
    /// Where it stands, downstream only.
    pub visible_status: String,
    /// Status as the reader sees it.
    pub status: String,
    /// Lead units, for those who see the plan.
    pub lead_units: Vec<String>,
    /// Completed, for those who see the completion.
    pub completed_at: Option<i64>,
    /// Filed.
    pub archived_at: Option<i64>,
    /// It has files.
    pub has_files: bool,
}

/// A row before the reader's view is applied.
struct Raw {
    row: IncomingRow,
    unit: Id,
    division: Option<Id>,
    instance: Id,
    serial: Option<i64>,
    stage_text: String,
}

const COLUMNS: &str = "d.id, d.serial_no, d.year, d.doc_class, d.received_date, d.sender, d.doc_number, d.title, d.urgency, \
    d.secrecy, d.copies, d.deadline, d.status, d.completed_at, d.archived_at, d.has_files, d.unit_id, d.division_id, \
    d.instance_id, d.serial, d.stage_text";

impl Raw {
    fn from_row(r: &Row) -> Result<Self> {
        let mut c = r.cols();
        let row = IncomingRow {
            id: c.next()?,
            serial_no: c.next()?,
            year: c.next()?,
            doc_class: c.next()?,
            received_date: c.next()?,
            sender: c.next()?,
            doc_number: c.next()?,
            title: c.next()?,
            urgency: c.next()?,
            secrecy: c.next()?,
            copies: c.next()?,
            deadline: c.next()?,
            status: c.next()?,
            completed_at: c.next()?,
            archived_at: c.next()?,
            has_files: c.next()?,
            days_left: None,
            overdue: false,
            visible_status: String::new(),
            lead_units: Vec::new(),
        };
        Ok(Self {
            row,
            unit: c.next()?,
            division: c.next()?,
            instance: c.next()?,
            serial: c.next()?,
            stage_text: c.next()?,
        })
    }
    fn cursor(&self, f: &Filter, keyed: bool) -> Cursor {
        let (d, id) = (&self.row, self.row.id.0);
        match f.sort {
            _ if !keyed => Cursor::text("-", id),
            Sort::ReceivedDesc | Sort::ReceivedAsc => Cursor::text(&d.received_date, id),
            Sort::SerialDesc | Sort::SerialAsc => Cursor::text(
                format!(
                    "{}|{}|{}",
                    d.year,
                    d.doc_class,
                    self.serial.unwrap_or_default()
                ),
                id,
            ),
            Sort::DeadlineAsc => Cursor::text(d.deadline.clone().unwrap_or_default(), id),
        }
    }
}

/// Lists.
pub async fn list(ctx: Ctx, a: ListArgs) -> Result<Page<IncomingRow>> {
    let v = Viewer::of(&ctx)?;
    let page = PageArgs {
        cursor: a.cursor.clone(),
        limit: a.limit,
    };
    let after = page.after()?;
    let f = Filter::of(a, &v, ctx.now())?;
    let c = ctx.clone();
    ctx.read(move |tx| {
        let limit = page.limit();
        let (items, next) = fetch(&c, tx, &f, &v, after.as_ref(), limit)?;
        let total = match after {
            Some(_) => None,
            None => Some(count(tx, &f, &v, COUNT_CAP + 1)?).filter(|n| *n <= COUNT_CAP),
        };
        Ok(Page {
            items,
            next: next.map(|n| n.encode()),
            total,
        })
    })
    .await
}

/// How many documents fit, counted up to `cap`.
pub(crate) fn count(tx: &mut Tx<'_>, f: &Filter, v: &Viewer, cap: i64) -> Result<i64> {
    let mut q = Query::new(
        "select count(*) from (select 1 as one from incoming_doc d where ",
        &[],
    );
    f.conditions(v, &mut q);
    q.push(" limit ?) x", vals![cap]);
    tx.count(&q)
}

/// One page: rows with a sort key first, then those without one.
pub(crate) fn fetch(
    ctx: &Ctx,
    tx: &mut Tx<'_>,
    f: &Filter,
    v: &Viewer,
    after: Option<&Cursor>,
    limit: i64,
) -> Result<(Vec<IncomingRow>, Option<Cursor>)> {
    let mut raws: Vec<(Raw, bool)> = Vec::new();
    let tail = after.is_some_and(|c| c.key == "-");
    if !tail {
        let q = page_query("select ", f, v, true, after, limit + 1)?;
        for r in tx.rows(&q)? {
            raws.push((Raw::from_row(&r)?, true));
        }
    }
    let left = limit + 1 - i64::try_from(raws.len()).unwrap_or(i64::MAX);
    if left > 0 && !matches!(f.sort, Sort::ReceivedAsc | Sort::ReceivedDesc) {
        let q = page_query("select ", f, v, false, after.filter(|_| tail), left)?;
        for r in tx.rows(&q)? {
            raws.push((Raw::from_row(&r)?, false));
        }
    }
    let n = usize::try_from(limit).unwrap_or(20);
    let more = raws.len() > n;
    raws.truncate(n);
    let next = raws
        .last()
        .filter(|_| more)
        .map(|(r, keyed)| r.cursor(f, *keyed));
    let rows = hydrate(ctx, tx, v, raws.into_iter().map(|(r, _)| r).collect())?;
    Ok((rows, next))
}

/// The statement of one phase of a page; `head` is `select `, or `explain query plan select ` in tests.
pub(crate) fn page_query(
    head: &'static str,
    f: &Filter,
    v: &Viewer,
    keyed: bool,
    after: Option<&Cursor>,
    limit: i64,
) -> Result<Query> {
    let mut q = Query::new(head, &[]);
    q.push(COLUMNS, &[])
        .push(" from incoming_doc d where ", &[]);
    f.conditions(v, &mut q);
    if keyed {
        keyed_phase(f, v, &mut q, after)?;
    } else {
        match f.sort {
            Sort::DeadlineAsc => {
                q.push(" and (d.deadline is null", &[]);
                if f.by_part {
                    q.push(" or not ", &[]);
                    f.sees_plan(v, &mut q);
                }
                q.push(")", &[]);
            }
            _ => {
                // Both are set by registration; the first has the index.
                q.push(" and d.registered_at is null and d.serial is null", &[]);
            }
        }
        q.and_opt("d.id < ?", after.map(|c| c.id))
            .push(" order by d.id desc", &[]);
    }
    q.push(" limit ?", vals![limit]);
    Ok(q)
}

fn keyed_phase(f: &Filter, v: &Viewer, q: &mut Query, after: Option<&Cursor>) -> Result<()> {
    if let Sort::DeadlineAsc = f.sort {
        q.push(" and d.deadline is not null and ", &[]);
        f.sees_plan(v, q);
    }
    if let Sort::SerialAsc | Sort::SerialDesc = f.sort {
        q.push(" and d.serial is not null", &[]);
    }
    if let Some(c) = after {
        match f.sort {
            Sort::ReceivedDesc => q.and("(d.received_date, d.id) < (?, ?)", vals![&c.key, c.id]),
            Sort::ReceivedAsc => q.and("(d.received_date, d.id) > (?, ?)", vals![&c.key, c.id]),
            Sort::DeadlineAsc => q.and("(d.deadline, d.id) > (?, ?)", vals![&c.key, c.id]),
            Sort::SerialDesc | Sort::SerialAsc => {
                let (year, class, serial) = serial_key(c)?;
                let vals = vals![year, class, serial, c.id];
                match f.sort {
                    Sort::SerialDesc => {
                        q.and("(d.year, d.doc_class, d.serial, d.id) < (?, ?, ?, ?)", vals)
                    }
                    _ => q.and("(d.year, d.doc_class, d.serial, d.id) > (?, ?, ?, ?)", vals),
                }
            }
        };
    }
    let order = match f.sort {
        Sort::ReceivedDesc => " order by d.received_date desc, d.id desc",
        Sort::ReceivedAsc => " order by d.received_date, d.id",
        Sort::DeadlineAsc => " order by d.deadline, d.id",
        Sort::SerialDesc => " order by d.year desc, d.doc_class desc, d.serial desc, d.id desc",
        Sort::SerialAsc => " order by d.year, d.doc_class, d.serial, d.id",
    };
    q.push(order, &[]);
    Ok(())
}

/// Year, class and number of a cursor over serial numbers.
pub(crate) fn serial_key(c: &Cursor) -> Result<(i64, String, i64)> {
    let bad = || Error::field("cursor", "翻页标记无效，请从第一页重新打开");
    let mut p = c.key.split('|');
    let (Some(y), Some(class), Some(n), None) = (p.next(), p.next(), p.next(), p.next()) else {
        return Err(bad());
    };
    Ok((
        y.parse().map_err(|_| bad())?,
        class.to_owned(),
        n.parse().map_err(|_| bad())?,
    ))
}

/// What a reader who is not of the desk sees of a document.
struct Seen {
    text: String,
    end: bool,
    plan: bool,
}

/// Applies the reader's view: what the page of each document would show him.
fn hydrate(ctx: &Ctx, tx: &mut Tx<'_>, v: &Viewer, raws: Vec<Raw>) -> Result<Vec<IncomingRow>> {
    let seen = seen(ctx, tx, v, &raws)?;
    let mut planned: BTreeSet<Id> = BTreeSet::new();
    let mut rows = Vec::with_capacity(raws.len());
    let now = tx.now();
    for raw in raws {
        let desk = v.desk(raw.unit, raw.division);
        let mut row = raw.row;
        let (text, end, plan) = match seen.get(&row.id) {
            _ if desk => (raw.stage_text, true, true),
            Some(s) => (s.text.clone(), s.end, s.plan),
            None => continue,
        };
        row.visible_status = text;
        if row.status == status::COMPLETED && !end {
            row.status = status::ACTIVE.into();
        }
        row.completed_at = row.completed_at.filter(|_| end);
        row.deadline = row.deadline.filter(|_| plan);
        row.days_left = days_left(&row.status, row.deadline.as_deref(), now);
        row.overdue = row.days_left.is_some_and(|d| d < 0);
        if plan {
            planned.insert(row.id);
        }
        rows.push(row);
    }
    let mut leads = lead_units(tx, planned.iter().copied())?;
    for row in &mut rows {
        row.lead_units = leads.remove(&row.id).unwrap_or_default();
    }
    Ok(rows)
}

/// Names of the lead units of these documents.
pub(crate) fn lead_units(
    tx: &mut Tx<'_>,
    ids: impl IntoIterator<Item = Id>,
) -> Result<BTreeMap<Id, Vec<String>>> {
    let mut out: BTreeMap<Id, Vec<String>> = BTreeMap::new();
    let mut q = Query::new(
        "select doc_id, node_name from incoming_undertaking where role = 'lead'",
        &[],
    );
    q.and_in("doc_id", ids).push(" order by doc_id, ord", &[]);
    for r in tx.rows(&q)? {
        out.entry(r.get(0)?).or_default().push(r.get(1)?);
    }
    Ok(out)
}

fn seen(ctx: &Ctx, tx: &mut Tx<'_>, v: &Viewer, raws: &[Raw]) -> Result<BTreeMap<Id, Seen>> {
    let others: Vec<&Raw> = raws
        .iter()
        .filter(|r| !v.desk(r.unit, r.division))
        .collect();
    let mut parts: BTreeMap<Id, Vec<(String, bool, bool)>> = BTreeMap::new();
    if others.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut q = Query::new(
        "select doc_id, visible_status, sees_end, sees_plan from incoming_participant where ",
        &[],
    );
    q.push_in("doc_id", others.iter().map(|r| r.row.id))
        .and_in("identity_id", v.seats.iter().copied());
    for r in tx.rows(&q)? {
        parts
            .entry(r.get(0)?)
            .or_default()
            .push((r.get(1)?, r.get(2)?, r.get(3)?));
    }
    let mut out = BTreeMap::new();
    for raw in others {
        let Some(parts) = parts.remove(&raw.row.id) else {
            continue;
        };
        let text = match parts.as_slice() {
            _ if ended(&raw.row.status) => raw.stage_text.clone(),
            [(lines, _, _)] if lines.is_empty() => "本人环节已办毕".to_owned(),
            [(lines, _, _)] => lines.split('\n').collect::<Vec<_>>().join("；"),
            // Several identities of one reader: their lines interleave, so the state itself is asked.
            _ => united(ctx, tx, v, raw.instance)?,
        };
        let (end, plan) = (parts.iter().any(|p| p.1), parts.iter().any(|p| p.2));
        out.insert(raw.row.id, Seen { text, end, plan });
    }
    Ok(out)
}

/// Whether the text says how it ended, which everybody who took part may know.
fn ended(s: &str) -> bool {
    matches!(s, status::ARCHIVED | status::REJECTED | status::VOID)
}

fn united(ctx: &Ctx, tx: &mut Tx<'_>, v: &Viewer, instance: Id) -> Result<String> {
    let l = flow::load(ctx, tx, instance)?;
    let ids: Vec<i64> = v.seats.iter().map(|i| i.0).collect();
    let names = Names::load(tx, &project::people(&l.state), &project::nodes(&l.state))?;
    let lines = project::status_lines(&l.def, &l.state, Some(&ids), &names);
    Ok(project::status_text(&l.state, &lines))
}
