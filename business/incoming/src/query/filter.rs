//! What a list is asked for, and the conditions that follow from who asks: a filter compares what the reader sees, never what
//! is hidden from him (seed S2: 查询者只能查询本身所处节点以下的状态).

use schemars::JsonSchema;
use serde::Deserialize;
use zs_base::time::Date;
use zs_base::{Error, Id, Result};
use zs_ctx::{Ctx, Reach, Scope};
use zs_db::{Query, vals};

use crate::model::{Choices, DOC_CLASSES, SECRECIES, SOURCES, URGENCIES, status};
use crate::perm;
use crate::rule::key_of;

/// Days before the deadline from which a document is due soon.
const SOON_DAYS: i64 = 2;

/// Filters, order and page of the list.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ListArgs {
    /// Part of title, document number, sender or serial number.
    pub q: Option<String>,
    /// Part of the title.
    pub title: Option<String>,
    /// Part of the document number.
    pub doc_number: Option<String>,
    /// Part of the sender.
    pub sender: Option<String>,
    /// Part of the serial number.
    pub serial_no: Option<String>,
    /// `red_head` or `plain`.
    pub doc_class: Option<String>,
    /// Source.
    pub source: Option<String>,
    /// Urgency.
    pub urgency: Option<String>,
    /// Secrecy.
    pub secrecy: Option<String>,
    /// Genre.
    pub genre: Option<String>,
    /// Status as the reader sees it.
    pub status: Option<String>,
    /// First received date.
    pub received_from: Option<String>,
    /// Last received date.
    pub received_to: Option<String>,
    /// `overdue` or `soon`.
    pub deadline_state: Option<String>,
    /// `signed`, `registered` or `participated`.
    pub mine: Option<String>,
    /// Unit whose registry holds the document.
    pub unit_id: Option<Id>,
    /// `received_desc` (if absent), `received_asc`, `serial_desc`, `serial_asc` or `deadline_asc`.
    pub sort: Option<String>,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// Rows wanted, 1–200.
    pub limit: Option<u32>,
}

/// Who reads.
#[derive(Clone, Debug)]
pub(crate) struct Viewer {
    /// Reach of 查看收文.
    pub scope: Scope,
    /// Identities of the reader and of those he acts for.
    pub seats: Vec<Id>,
}

impl Viewer {
    /// The reader of a request.
    pub fn of(ctx: &Ctx) -> Result<Self> {
        let actor = ctx.actor()?;
        Ok(Self {
            scope: actor.scope(perm::READ)?,
            seats: actor.seats_in("incoming", ctx.now()),
        })
    }
    /// Does the reader see all of a document of this unit? The rule of [`crate::access::holds`].
    pub fn desk(&self, unit: Id, division: Option<Id>) -> bool {
        match self.scope.reach {
            Reach::All => true,
            Reach::Unit | Reach::UnitTree => self.scope.unit == unit,
            Reach::Division => {
                self.scope.unit == unit
                    && self.scope.division.is_some()
                    && self.scope.division == division
            }
            Reach::Own => false,
        }
    }
    fn push_desk(&self, q: &mut Query) {
        match (self.scope.reach, self.scope.division) {
            (Reach::All, _) => q.push("1 = 1", &[]),
            (Reach::Unit | Reach::UnitTree, _) => q.push("d.unit_id = ?", vals![self.scope.unit]),
            (Reach::Division, Some(d)) => q.push(
                "d.unit_id = ? and d.division_id = ?",
                vals![self.scope.unit, d],
            ),
            (Reach::Division | Reach::Own, _) => q.push("1 = 0", &[]),
        };
    }
    fn push_part(&self, q: &mut Query, and: &'static str) {
        q.push(
            "exists (select 1 from incoming_participant p where p.doc_id = d.id and ",
            &[],
        );
        q.push_in("p.identity_id", self.seats.iter().copied())
            .push(and, &[])
            .push(")", &[]);
    }
}

/// The order of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    ReceivedDesc,
    ReceivedAsc,
    SerialDesc,
    SerialAsc,
    DeadlineAsc,
}

/// Filters that have been checked.
#[derive(Clone, Debug)]
pub(crate) struct Filter {
    args: ListArgs,
    pub sort: Sort,
    /// By participation instead of by unit.
    pub by_part: bool,
    today: Date,
}

fn one_of(field: &str, title: &str, value: Option<&String>, list: Choices) -> Result<()> {
    match value {
        Some(v) if !list.iter().any(|(k, _)| k == v) => {
            let names: Vec<&str> = list.iter().map(|(k, _)| *k).collect();
            Err(Error::field(
                field,
                format!("{title}只能是 {} 之一", names.join("、")),
            ))
        }
        _ => Ok(()),
    }
}

/// Serial numbers are written with 〔〕; a normalised key has plain brackets.
fn serial_text(key: &str) -> String {
    key.replace('(', "〔").replace(')', "〕")
}

/// A date of the query, or what is wrong with it.
pub(crate) fn day(field: &str, value: Option<&String>) -> Result<Option<Date>> {
    value
        .map(|v| {
            Date::parse(v).ok_or_else(|| Error::field(field, "日期应写作 2026-03-02 这样的形式"))
        })
        .transpose()
}

const STATUSES: Choices = &[
    (status::ACTIVE, "办理中"),
    (status::COMPLETED, "已办结"),
    (status::ARCHIVED, "已归档"),
    (status::REJECTED, "已退文"),
    (status::VOID, "已作废"),
];
const DEADLINE_STATES: Choices = &[("overdue", "已超期"), ("soon", "即将到期")];
const MINE: Choices = &[
    ("signed", "我签收的"),
    ("registered", "我登记的"),
    ("participated", "我经办的"),
];

impl Filter {
    /// Checks what was asked for.
    pub fn of(args: ListArgs, v: &Viewer, now: i64) -> Result<Self> {
        one_of(
            "doc_class",
            "文件类别",
            args.doc_class.as_ref(),
            DOC_CLASSES,
        )?;
        one_of("source", "来文渠道", args.source.as_ref(), SOURCES)?;
        one_of("urgency", "紧急程度", args.urgency.as_ref(), URGENCIES)?;
        one_of("secrecy", "密级", args.secrecy.as_ref(), SECRECIES)?;
        one_of("status", "状态", args.status.as_ref(), STATUSES)?;
        one_of(
            "deadline_state",
            "期限状态",
            args.deadline_state.as_ref(),
            DEADLINE_STATES,
        )?;
        one_of("mine", "范围", args.mine.as_ref(), MINE)?;
        day("received_from", args.received_from.as_ref())?;
        day("received_to", args.received_to.as_ref())?;
        let sort = match args.sort.as_deref() {
            None | Some("received_desc") => Sort::ReceivedDesc,
            Some("received_asc") => Sort::ReceivedAsc,
            Some("serial_desc") => Sort::SerialDesc,
            Some("serial_asc") => Sort::SerialAsc,
            Some("deadline_asc") => Sort::DeadlineAsc,
            Some(_) => return Err(Error::field("sort", "不支持这种排序，请重新选择")),
        };
        let by_part = v.scope.reach == Reach::Own || args.mine.as_deref() == Some("participated");
        Ok(Self {
            args,
            sort,
            by_part,
            today: Date::at(now),
        })
    }

    /// Appends whether the reader sees something of a row: `and` narrows the participation, a desk sees everything.
    fn sees(&self, v: &Viewer, q: &mut Query, and: &'static str) {
        if self.by_part {
            q.push("(", &[]);
            v.push_desk(q);
            q.push(" or ", &[]);
            v.push_part(q, and);
            q.push(")", &[]);
        } else {
            q.push("1 = 1", &[]);
        }
    }
    fn sees_end(&self, v: &Viewer, q: &mut Query) {
        self.sees(v, q, " and p.sees_end");
    }
    /// Appends whether the reader sees plan and deadline.
    pub fn sees_plan(&self, v: &Viewer, q: &mut Query) {
        self.sees(v, q, " and p.sees_plan");
    }

    /// Appends the conditions after `where `.
    pub fn conditions(&self, v: &Viewer, q: &mut Query) {
        if self.by_part {
            q.push(
                "d.id in (select p.doc_id from incoming_participant p where ",
                &[],
            );
            q.push_in("p.identity_id", v.seats.iter().copied())
                .push(")", &[]);
        } else {
            v.push_desk(q);
        }
        self.words(q);
        let a = &self.args;
        q.and_opt("d.doc_class = ?", a.doc_class.as_ref())
            .and_opt("d.source = ?", a.source.as_ref())
            .and_opt("d.urgency = ?", a.urgency.as_ref())
            .and_opt("d.secrecy = ?", a.secrecy.as_ref())
            .and_opt("d.genre = ?", a.genre.as_ref())
            .and_opt("d.received_date >= ?", a.received_from.as_ref())
            .and_opt("d.received_date <= ?", a.received_to.as_ref())
            .and_opt("d.unit_id = ?", a.unit_id);
        match a.mine.as_deref() {
            Some("signed") => {
                q.and_in("d.signed_in_by", v.scope.identities.iter().copied());
            }
            Some("registered") => {
                q.and_in("d.registered_by", v.scope.identities.iter().copied());
            }
            _ => {}
        }
        self.status(v, q);
        self.deadline(v, q);
    }

    fn words(&self, q: &mut Query) {
        let a = &self.args;
        let key = |t: &Option<String>| t.as_deref().map(key_of).filter(|k| !k.is_empty());
        if let Some(k) = key(&a.q) {
            q.push(" and (", &[])
                .push_contains("d.title_key", &k)
                .push(" or ", &[]);
            q.push_contains("d.doc_number_key", &k)
                .push(" or ", &[])
                .push_contains("d.sender_key", &k);
            q.push(" or ", &[]);
            q.push_contains("d.serial_no", &serial_text(&k))
                .push(")", &[]);
        }
        if let Some(k) = key(&a.title) {
            q.and_contains("d.title_key", &k);
        }
        if let Some(k) = key(&a.doc_number) {
            q.and_contains("d.doc_number_key", &k);
        }
        if let Some(k) = key(&a.sender) {
            q.and_contains("d.sender_key", &k);
        }
        if let Some(k) = key(&a.serial_no) {
            q.and_contains("d.serial_no", &serial_text(&k));
        }
    }

    /// The status that the reader sees: a completion that he does not see is still under way to him.
    fn status(&self, v: &Viewer, q: &mut Query) {
        match self.args.status.as_deref() {
            Some(status::COMPLETED) => {
                q.push(" and d.status = 'completed' and ", &[]);
                self.sees_end(v, q);
            }
            Some(status::ACTIVE) => self.active(v, q),
            Some(other) => {
                q.and("d.status = ?", vals![other]);
            }
            None => {}
        }
    }
    fn active(&self, v: &Viewer, q: &mut Query) {
        if self.by_part {
            q.push(
                " and (d.status = 'active' or (d.status = 'completed' and not ",
                &[],
            );
            self.sees_end(v, q);
            q.push("))", &[]);
        } else {
            q.push(" and d.status = 'active'", &[]);
        }
    }

    fn deadline(&self, v: &Viewer, q: &mut Query) {
        let today = self.today.to_string();
        match self.args.deadline_state.as_deref() {
            Some("overdue") => {
                q.and("d.deadline < ?", vals![today]);
            }
            Some("soon") => {
                let last = Date::from_days(self.today.days() + SOON_DAYS).to_string();
                q.and("d.deadline >= ? and d.deadline <= ?", vals![today, last]);
            }
            _ => return,
        }
        self.active(v, q);
        q.push(" and ", &[]);
        self.sees_plan(v, q);
    }
}
