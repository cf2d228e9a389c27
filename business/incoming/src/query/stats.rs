//! 收文统计 (seed S2 ⑨): how many came, how many were handled, how many in time — of the reader's own unit, for whoever keeps
//! its books. Every rate names what it is taken of; every number opens the documents behind it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zs_base::time::Date;
use zs_base::{Id, Result};
use zs_ctx::Ctx;
use zs_db::{Query, Tx, vals};
use zs_web::Download;

use super::book::{BookArgs, Period, unit_name};
use super::export::blocking;
use super::sheet::{self, Cell};

/// Numbers of a group of documents.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tally {
    /// `2026-03`, a division, or a sender.
    pub name: String,
    /// Registered; void and rejected numbers are left out.
    pub received: i64,
    /// Of them red-head.
    pub red_head: i64,
    /// Of them to be handled (办件).
    pub to_handle: i64,
    /// Of those to be handled: completed. 办文率 = handled ÷ to_handle.
    pub handled: i64,
    /// Completed with a deadline.
    pub with_deadline: i64,
    /// Of those: completed on the day of the deadline or before. 按时办结率 = on_time ÷ with_deadline.
    pub on_time: i64,
    /// Open and past the deadline.
    pub overdue: i64,
}

/// Statistics of a period.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Stats {
    /// The unit.
    pub unit_name: String,
    /// The period in words; none = all.
    pub period: Option<String>,
    /// Everything.
    pub total: Tally,
    /// By month of receipt.
    pub months: Vec<Tally>,
    /// By lead division or unit.
    pub lead_units: Vec<Tally>,
    /// By sender, the most frequent first; at most 20.
    pub senders: Vec<Tally>,
}

/// One registered document as the statistics need it.
struct Doc {
    month: String,
    red_head: bool,
    to_handle: bool,
    open: bool,
    deadline: Option<Date>,
    completed: Option<Date>,
}

impl Tally {
    fn add(&mut self, d: &Doc, n: i64, today: Date) {
        self.received += n;
        self.red_head += if d.red_head { n } else { 0 };
        self.to_handle += if d.to_handle { n } else { 0 };
        self.handled += if d.to_handle && d.completed.is_some() {
            n
        } else {
            0
        };
        if let (Some(done), Some(limit)) = (d.completed, d.deadline) {
            self.with_deadline += n;
            self.on_time += if done <= limit { n } else { 0 };
        }
        self.overdue += if d.open && d.deadline.is_some_and(|l| l < today) {
            n
        } else {
            0
        };
    }
}

/// Adds documents up by one key; a `BTreeMap` keeps the order of the names.
#[derive(Default)]
struct Groups(BTreeMap<String, Tally>);

impl Groups {
    fn add(&mut self, name: &str, d: &Doc, n: i64, today: Date) {
        let t = self.0.entry(name.to_owned()).or_insert_with(|| Tally {
            name: name.to_owned(),
            ..Tally::default()
        });
        t.add(d, n, today);
    }
    fn by_name(self) -> Vec<Tally> {
        self.0.into_values().collect()
    }
    fn by_number(self, most: usize) -> Vec<Tally> {
        let mut all: Vec<Tally> = self.0.into_values().collect();
        all.sort_by(|a, b| {
            b.received
                .cmp(&a.received)
                .then_with(|| a.name.cmp(&b.name))
        });
        all.truncate(most);
        all
    }
}

fn conditions(q: &mut Query, p: &Period) {
    q.push(
        "d.unit_id = ? and d.serial is not null and d.status not in ('void', 'rejected')",
        vals![p.unit],
    );
    q.and_opt("d.year = ?", p.year)
        .and_opt("d.doc_class = ?", p.doc_class.clone())
        .and_opt("d.received_date >= ?", p.from.map(|d| d.to_string()))
        .and_opt("d.received_date <= ?", p.to.map(|d| d.to_string()));
}

/// Statistics of one unit.
pub(crate) fn stats(tx: &mut Tx<'_>, p: &Period) -> Result<Stats> {
    let today = Date::at(tx.now());
    let mut q = Query::new(
        "select substr(d.received_date, 1, 7), d.doc_class, d.kind, d.status, d.deadline, d.completed_at, d.sender, d.id \
         from incoming_doc d where ",
        &[],
    );
    conditions(&mut q, p);
    let mut total = Tally {
        name: "合计".into(),
        ..Tally::default()
    };
    let (mut months, mut senders) = (Groups::default(), Groups::default());
    let mut docs: BTreeMap<Id, Doc> = BTreeMap::new();
    for r in tx.rows(&q)? {
        let mut c = r.cols();
        let month: String = c.next()?;
        let (class, kind, status): (String, Option<String>, String) =
            (c.next()?, c.next()?, c.next()?);
        let (deadline, completed): (Option<String>, Option<i64>) = (c.next()?, c.next()?);
        let (sender, id): (String, Id) = (c.next()?, c.next()?);
        let d = Doc {
            month,
            red_head: class == "red_head",
            to_handle: kind.as_deref() == Some("handle"),
            open: status == "active",
            deadline: deadline.as_deref().and_then(Date::parse),
            completed: completed.map(Date::at),
        };
        total.add(&d, 1, today);
        months.add(&d.month, &d, 1, today);
        senders.add(&sender, &d, 1, today);
        docs.insert(id, d);
    }
    let mut q = Query::new(
        "select u.doc_id, u.node_name from incoming_undertaking u join incoming_doc d on d.id = u.doc_id \
         where u.role = 'lead' and ",
        &[],
    );
    conditions(&mut q, p);
    let mut leads = Groups::default();
    for r in tx.rows(&q)? {
        if let Some(d) = docs.get(&r.get::<Id>(0)?) {
            leads.add(&r.get::<String>(1)?, d, 1, today);
        }
    }
    Ok(Stats {
        unit_name: unit_name(tx, p.unit)?,
        period: p.text(),
        total,
        months: months.by_name(),
        lead_units: leads.by_number(usize::MAX),
        senders: senders.by_number(20),
    })
}

pub(crate) async fn page(ctx: Ctx, a: BookArgs) -> Result<Stats> {
    let p = Period::of(&ctx, &a)?;
    ctx.read(move |tx| stats(tx, &p)).await
}

const HEAD: [(&str, f64); 11] = [
    ("分类", 12.0),
    ("名称", 32.0),
    ("收文数", 10.0),
    ("红头", 10.0),
    ("办件", 10.0),
    ("已办结", 10.0),
    ("办文率", 10.0),
    ("有期限的办结件", 16.0),
    ("按时办结", 10.0),
    ("按时办结率", 12.0),
    ("超期未办结", 12.0),
];

/// `86.5%`, or a dash where there is nothing to take it of.
pub(crate) fn rate(part: i64, whole: i64) -> String {
    if whole == 0 {
        return "—".into();
    }
    let tenths = (part * 2000 + whole) / (2 * whole);
    format!("{}.{}%", tenths / 10, tenths % 10)
}

pub(crate) async fn export(ctx: Ctx, a: BookArgs) -> Result<Download> {
    let p = Period::of(&ctx, &a)?;
    let name = format!("收文统计{}.xlsx", p.suffix());
    let s = ctx.read(move |tx| stats(tx, &p)).await?;
    let bytes = blocking(move || {
        let groups: [(&str, Vec<Tally>); 4] = [
            ("合计", vec![s.total]),
            ("按月", s.months),
            ("按主办部门", s.lead_units),
            ("按来文单位", s.senders),
        ];
        let rows = groups
            .into_iter()
            .flat_map(|(kind, all)| all.into_iter().map(move |t| cells(kind, t)));
        sheet::write("收文统计", &HEAD, rows)
    })
    .await?;
    Ok(Download::xlsx(name, bytes))
}

fn cells(kind: &str, t: Tally) -> Vec<Cell> {
    let (handling, on_time) = (
        rate(t.handled, t.to_handle),
        rate(t.on_time, t.with_deadline),
    );
    vec![
        Cell::Text(kind.to_owned()),
        Cell::Text(t.name),
        Cell::Number(t.received),
        Cell::Number(t.red_head),
        Cell::Number(t.to_handle),
        Cell::Number(t.handled),
        Cell::Text(handling),
        Cell::Number(t.with_deadline),
        Cell::Number(t.on_time),
        Cell::Text(on_time),
        Cell::Number(t.overdue),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_rounded_and_never_divides_by_nothing() {
        assert_eq!(rate(0, 0), "—");
        assert_eq!(rate(1, 3), "33.3%");
        assert_eq!(rate(2, 3), "66.7%");
        assert_eq!(rate(7, 7), "100.0%");
    }

    #[test]
    fn each_document_counts_where_its_definition_says() {
        let day = |s: &str| Date::parse(s);
        let today = day("2026-03-20").unwrap();
        let doc = |to_handle, open, deadline: &str, completed: &str| Doc {
            month: "2026-03".into(),
            red_head: true,
            to_handle,
            open,
            deadline: day(deadline),
            completed: day(completed),
        };
        let mut t = Tally::default();
        t.add(&doc(true, false, "2026-03-10", "2026-03-10"), 1, today);
        t.add(&doc(true, false, "2026-03-10", "2026-03-11"), 1, today);
        t.add(&doc(true, true, "2026-03-19", ""), 1, today);
        t.add(&doc(true, true, "2026-03-20", ""), 1, today);
        t.add(&doc(false, false, "", "2026-03-05"), 1, today);
        assert_eq!((t.received, t.to_handle, t.handled), (5, 4, 2));
        assert_eq!((t.with_deadline, t.on_time, t.overdue), (2, 1, 1));
    }
}
