//! The lists.
use schemars::JsonSchema;
use serde::Deserialize;
use zs_base::{Error, Id, Page, PageArgs, Result};
use zs_ctx::Ctx;
use zs_flow::{List, TaskFilter};

use crate::item::{Lines, WorkItem};

/// Due within this counts as soon.
pub(crate) const SOON_MS: i64 = 2 * zs_base::time::DAY_MS;

/// What a work list is asked for.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct ListArgs {
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// Rows wanted.
    pub limit: Option<u32>,
    /// Part of title, number or sender.
    pub q: Option<String>,
    /// Kind of subject.
    pub subject_kind: Option<String>,
    /// Urgency.
    pub urgency: Option<String>,
    /// `overdue` or `soon`.
    pub due: Option<String>,
}

impl ListArgs {
    fn page(&self) -> PageArgs {
        PageArgs {
            cursor: self.cursor.clone(),
            limit: self.limit,
        }
    }
    fn filter(&self, now: i64) -> Result<TaskFilter> {
        let mut f = TaskFilter {
            q: self.q.clone().map(|q| q.chars().take(100).collect()),
            subject_kind: self.subject_kind.clone(),
            urgency: self.urgency.clone(),
            ..TaskFilter::default()
        };
        match self.due.as_deref() {
            None => {}
            Some("overdue") => f.due_before = Some(now),
            Some("soon") => {
                f.due_from = Some(now);
                f.due_before = Some(now + SOON_MS);
            }
            Some(_) => {
                return Err(Error::field(
                    "due",
                    "只能是 overdue（已超期）或 soon（将到期）",
                ));
            }
        }
        Ok(f)
    }
}

/// One page of a list by its name.
pub(crate) async fn page(ctx: &Ctx, list: &str, a: ListArgs) -> Result<Page<WorkItem>> {
    let list = match list {
        "todo" => Kind::Tasks(List::Todo),
        "to_read" => Kind::Tasks(List::ToRead),
        "done" => Kind::Tasks(List::Done),
        "read" => Kind::Tasks(List::Read),
        "mine" => Kind::Mine,
        "watch" => Kind::Watch,
        "urges" => Kind::Urges,
        _ => return Err(crate::NO_SUCH_LIST.err()),
    };
    let identities: Vec<Id> = ctx.actor()?.identities.clone();
    let filter = a.filter(ctx.now())?;
    let c = ctx.clone();
    ctx.read(move |tx| {
        let lines = Lines::new(&c, &identities);
        let args = a.page();
        match list {
            Kind::Tasks(l) => {
                let first = a.cursor.as_deref().unwrap_or_default().is_empty();
                let p = zs_flow::list_tasks(tx, l, &identities, &filter, &args, first)?;
                turn(p, |t| lines.task(tx, t))
            }
            Kind::Mine => turn(zs_flow::mine(tx, &identities, &args)?, |r| {
                lines.instance(tx, r)
            }),
            Kind::Watch => turn(zs_flow::watched(tx, &identities, &args)?, |r| {
                lines.instance(tx, r)
            }),
            Kind::Urges => turn(zs_flow::urges(tx, &identities, &args)?, |u| {
                lines.urge(tx, u)
            }),
        }
    })
    .await
}

#[derive(Clone, Copy)]
enum Kind {
    Tasks(List),
    Mine,
    Watch,
    Urges,
}

fn turn<T>(p: Page<T>, f: impl FnMut(&T) -> Result<WorkItem>) -> Result<Page<WorkItem>> {
    Ok(Page {
        items: p.items.iter().map(f).collect::<Result<_>>()?,
        next: p.next,
        total: p.total,
    })
}

macro_rules! lists {
    ($($name:ident $key:literal;)*) => {
        $(pub(crate) async fn $name(ctx: Ctx, a: ListArgs) -> Result<Page<WorkItem>> { page(&ctx, $key, a).await })*
    };
}
lists! {
    todo "todo";
    to_read "to_read";
    done "done";
    read "read";
    mine "mine";
    watched "watch";
    urges "urges";
}
