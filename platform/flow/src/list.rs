//! The lists of a person's work. Each is one indexed read, however many documents there are: open and closed tasks stand
//! in separate partial indexes, and paging is by key.
use serde::{Deserialize, Serialize};
use zs_base::{Cursor, Id, Page, PageArgs, Result};
use zs_db::{Query, Row, Tx, Val, vals};

use crate::model::{InstanceRow, TaskRow};
use crate::store::key_of;

/// Which list of tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// 待办.
    Todo,
    /// 待阅.
    ToRead,
    /// 已办: the newest of a person's acts per instance.
    Done,
    /// 已阅.
    Read,
}

impl List {
    fn kind(self) -> &'static str {
        match self {
            Self::Todo | Self::Done => "todo",
            Self::ToRead | Self::Read => "read",
        }
    }
    fn open(self) -> bool {
        matches!(self, Self::Todo | Self::ToRead)
    }
}

/// What a list is narrowed to.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct TaskFilter {
    /// Part of title, number or sender.
    pub q: Option<String>,
    /// Kind of subject.
    pub subject_kind: Option<String>,
    /// Urgency.
    pub urgency: Option<String>,
    /// Due before this, ms (overdue: now; soon: some working days on).
    pub due_before: Option<i64>,
    /// Due at or after this, ms.
    pub due_from: Option<i64>,
}

impl TaskFilter {
    fn is_empty(&self) -> bool {
        let blank = |t: &Option<String>| t.as_deref().is_none_or(|t| t.trim().is_empty());
        blank(&self.q)
            && self.subject_kind.is_none()
            && self.urgency.is_none()
            && self.due_before.is_none()
            && self.due_from.is_none()
    }
}

/// A task with the columns of its instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskItem {
    /// Task.
    pub task: TaskRow,
    /// Instance.
    pub instance: InstanceRow,
}

impl TaskItem {
    fn from_row(r: &Row) -> Result<Self> {
        let rest = Row(r.0.iter().skip(TaskRow::WIDTH).cloned().collect());
        Ok(Self {
            task: TaskRow::from_row(r)?,
            instance: InstanceRow::from_row(&rest)?,
        })
    }
}

fn narrow(q: &mut Query, f: &TaskFilter) {
    q.and_opt("i.subject_kind = ?", f.subject_kind.as_deref())
        .and_opt("i.urgency = ?", f.urgency.as_deref())
        .and_opt("t.due_at < ?", f.due_before)
        .and_opt("t.due_at >= ?", f.due_from);
    if let Some(text) = f.q.as_deref().map(str::trim).filter(|t| !t.is_empty()) {
        q.push(" and (", &[])
            .push_contains("i.title_key", &key_of(text))
            .push(" or ", &[])
            .push_contains("i.number", text)
            .push(" or ", &[])
            .push_contains("i.sender", text)
            .push(")", &[]);
    }
}

/// Ids of open tasks that the identities see: `select id, created_at`.
fn open_ids(q: &mut Query, list: List, ids: &[Id]) {
    let kind: &[Val] = vals![list.kind()];
    q.push(
        "select id from flow_task where status = 'open' and kind = ?",
        kind,
    )
    .and_in("assignee", ids.iter().copied())
    .push(
        " union select id from flow_task where status = 'open' and shared and kind = ?",
        kind,
    )
    .and_in("principal", ids.iter().copied())
    .push(
        " union select c.task_id from flow_candidate c join flow_task t on t.id = c.task_id \
             where t.status = 'open' and t.assignee is null and c.kind = ?",
        kind,
    )
    .and_in("c.identity_id", ids.iter().copied());
}

fn base(q: &mut Query, list: List, ids: &[Id]) {
    q.push(
        " from flow_task t join flow_instance i on i.id = t.instance_id where ",
        &[],
    );
    if list.open() {
        q.push("t.id in (", &[]);
        open_ids(q, list, ids);
        q.push(")", &[]);
        return;
    }
    q.push("t.status = 'done' and t.kind = ?", vals![list.kind()])
        .and_in("t.done_by", ids.iter().copied())
        // One line per instance: the newest. The `+ 0` keeps the planner from walking the list's own index for every row.
        .push(
            " and not exists (select 1 from flow_task n where n.instance_id = t.instance_id and n.kind = t.kind",
            &[],
        )
        .and_in("n.done_by", ids.iter().copied())
        .push(" and (n.ended_at + 0, n.id + 0) > (t.ended_at, t.id))", &[]);
}

/// One page of a person's list, the newest first; `identities` are all he acts with. `with_total` counts as well.
pub fn list_tasks(
    tx: &mut Tx<'_>,
    list: List,
    identities: &[Id],
    filter: &TaskFilter,
    page: &PageArgs,
    with_total: bool,
) -> Result<Page<TaskItem>> {
    let total = match with_total {
        false => None,
        // One line per instance without a look at any of them.
        true if !list.open() && filter.is_empty() => {
            let mut q = Query::new(
                "select count(distinct instance_id) from flow_task where kind = ?",
                vals![list.kind()],
            );
            q.and_in("done_by", identities.iter().copied());
            Some(tx.count(&q)?)
        }
        true => {
            let mut q = Query::new("select count(*)", &[]);
            base(&mut q, list, identities);
            narrow(&mut q, filter);
            Some(tx.count(&q)?)
        }
    };
    let mut q = Query::new("select ", &[]);
    q.push(TaskRow::COLUMNS, &[])
        .push(", ", &[])
        .push(InstanceRow::COLUMNS, &[]);
    base(&mut q, list, identities);
    narrow(&mut q, filter);
    let by_creation = list.open();
    if let Some(c) = page.after()? {
        let key = c.as_number()?;
        if by_creation {
            q.push(" and (t.created_at, t.id) < (?, ?)", vals![key, c.id]);
        } else {
            q.push(" and (t.ended_at, t.id) < (?, ?)", vals![key, c.id]);
        }
    }
    let order = if by_creation {
        " order by t.created_at desc, t.id desc limit ?"
    } else {
        " order by t.ended_at desc, t.id desc limit ?"
    };
    let limit = page.limit();
    q.push(order, vals![limit + 1]);
    let rows = tx
        .rows(&q)?
        .iter()
        .map(TaskItem::from_row)
        .collect::<Result<Vec<_>>>()?;
    let mut out = Page::from_rows(rows, limit, |r: &TaskItem| {
        let key = if by_creation {
            r.task.created_at
        } else {
            r.task.ended_at.unwrap_or(0)
        };
        Cursor::number(key, r.task.id.0)
    });
    out.total = total;
    Ok(out)
}

/// Numbers beside the menu.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// 待办.
    pub todo: i64,
    /// 待阅.
    pub to_read: i64,
    /// 在办: running instances that the person started.
    pub mine: i64,
    /// Watched and running.
    pub watch: i64,
    /// Urged or reminded about an open item.
    pub urges: i64,
    /// 待办, 特急.
    pub todo_urgent: i64,
    /// 待办, due before `soon_at` and not overdue.
    pub todo_due_soon: i64,
    /// 待办, overdue.
    pub todo_overdue: i64,
}

/// All numbers of a person; `soon_at` = until when an item counts as due soon.
pub fn counts(tx: &mut Tx<'_>, identities: &[Id], now: i64, soon_at: i64) -> Result<Counts> {
    let mut q = Query::new(
        "select count(*), count(*) filter (where i.urgency = 'extra_urgent'), \
         count(*) filter (where t.due_at is not null and t.due_at >= ? and t.due_at < ?), \
         count(*) filter (where t.due_at is not null and t.due_at < ?)",
        vals![now, soon_at, now],
    );
    base(&mut q, List::Todo, identities);
    let rows = tx.rows(&q)?;
    let todo = |i: usize| rows.first().map_or(Ok(0), |r| r.get::<i64>(i));
    let mut c = Counts {
        todo: todo(0)?,
        todo_urgent: todo(1)?,
        todo_due_soon: todo(2)?,
        todo_overdue: todo(3)?,
        ..Counts::default()
    };
    let mut q = Query::new("select count(*)", &[]);
    base(&mut q, List::ToRead, identities);
    c.to_read = tx.count(&q)?;
    let mut q = Query::new(
        "select count(*) from flow_instance where status in ('running', 'suspended')",
        &[],
    );
    q.and_in("starter", identities.iter().copied());
    c.mine = tx.count(&q)?;
    let mut q = Query::new(
        "select count(distinct w.instance_id) from flow_watch w join flow_instance i on i.id = w.instance_id \
         where i.status in ('running', 'suspended')",
        &[],
    );
    q.and_in("w.identity_id", identities.iter().copied());
    c.watch = tx.count(&q)?;
    let mut q = Query::new("select count(*)", &[]);
    crate::watch::urges_base(&mut q, identities);
    c.urges = tx.count(&q)?;
    Ok(c)
}

/// Appends to `q` the condition that one of `identities` takes or took part in the instance named by `column`
/// (`d.instance_id`): holder, handler, principal, candidate or starter. This is the widest a reader of reach `own` sees.
pub fn take_part_sql(q: &mut Query, column: &'static str, identities: &[Id]) {
    let ids = || identities.iter().copied();
    q.push(column, &[])
        .push(" in (select instance_id from flow_task where ", &[])
        .push_in("assignee", ids())
        .push(" union select instance_id from flow_task where ", &[])
        .push_in("done_by", ids())
        .push(" union select instance_id from flow_task where shared and ", &[])
        .push_in("principal", ids())
        .push(" union select id from flow_instance where ", &[])
        .push_in("starter", ids())
        .push(
            " union select t.instance_id from flow_candidate c join flow_task t on t.id = c.task_id where t.status = 'open' and ",
            &[],
        )
        .push_in("c.identity_id", ids())
        .push(")", &[]);
}

/// The instance of an open read item (待阅) and which of `identities` holds it; none if it is not theirs or not open.
pub fn open_read_item(tx: &mut Tx<'_>, task: Id, identities: &[Id]) -> Result<Option<(Id, Id)>> {
    let mut q = Query::new(
        "select instance_id, assignee from flow_task where id = ? and kind = 'read' and status = 'open'",
        vals![task],
    );
    q.and_in("assignee", identities.iter().copied());
    tx.rows(&q)?
        .first()
        .map(|r| Ok((r.get(0)?, r.get(1)?)))
        .transpose()
}

/// How many open to-dos of these identities stand at `step`.
pub fn count_at_step(tx: &mut Tx<'_>, identities: &[Id], step: &'static str) -> Result<i64> {
    let mut q = Query::new("select count(*)", &[]);
    base(&mut q, List::Todo, identities);
    q.and("t.step = ?", vals![step]);
    tx.count(&q)
}
