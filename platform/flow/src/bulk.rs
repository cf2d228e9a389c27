//! Whole instances as rows: read from one database, written to another or to the same one under other ids. For filling a
//! demonstration or a measurement. What is written must be a faithful copy; [`crate::replay`] proves it.
use zs_base::{Error, Id, Result};
use zs_ctx::Granted;
use zs_db::{Stmt, Tx, Val, vals};
use zs_flowcore::text_hash;

pub use crate::store::key_of;

zs_db::statements! {
    DEFINITION = "select id from flow_def where key = $1 and status = 'published' order by version desc limit 1";
}

/// What a column holds; engines disagree on how they give back a truth value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Number, id or time.
    Int,
    /// Truth value.
    Bool,
    /// Text.
    Text,
}

/// A table of which rows are copied: how to read those of one subject, how to write many.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// Name.
    pub name: &'static str,
    /// Reads the rows of one subject; `$1` is its id.
    pub select: Stmt,
    /// Head of the insert.
    pub insert: &'static str,
    /// Columns in order.
    pub columns: &'static [(&'static str, Kind)],
}

/// A [`Table`]: name, which rows and in what order, columns.
#[macro_export]
macro_rules! bulk_table {
    ($name:literal, $tail:literal, $first:literal $fk:ident $(, $col:literal $kind:ident)* $(,)?) => {
        $crate::bulk::Table {
            name: $name,
            select: zs_db::Stmt {
                name: concat!("bulk::", $name),
                sql: concat!("select ", $first $(, ", ", $col)*, " from ", $name, " ", $tail),
            },
            insert: concat!("insert into ", $name, " (", $first $(, ", ", $col)*, ") values"),
            columns: &[($first, $crate::bulk::Kind::$fk) $(, ($col, $crate::bulk::Kind::$kind))*],
        }
    };
}

/// Rows of one insert at most.
const CHUNK: usize = 256;

impl Table {
    /// The rows of one subject.
    pub fn read(&self, tx: &mut Tx<'_>, subject: Id) -> Result<Vec<Vec<Val>>> {
        let rows = tx.query(self.select, vals![subject])?;
        rows.iter()
            .map(|r| {
                let cell = |(i, (_, kind)): (usize, &(&str, Kind))| {
                    Ok(match kind {
                        Kind::Int => Val::from(r.get::<Option<i64>>(i)?),
                        Kind::Bool => Val::from(r.get::<Option<bool>>(i)?),
                        Kind::Text => Val::from(r.get::<Option<String>>(i)?),
                    })
                };
                self.columns.iter().enumerate().map(cell).collect()
            })
            .collect()
    }
    /// Writes rows, one behind the other. Their number is cut into powers of two, so that only a few different
    /// statements are ever prepared, however many rows come.
    pub fn write(&self, tx: &mut Tx<'_>, _: &Granted, vals: &[Val]) -> Result<()> {
        let width = self.columns.len();
        let most = (4_000 / width.max(1)).clamp(1, CHUNK);
        let mut rest = vals;
        while !rest.is_empty() {
            let rows = (rest.len() / width).clamp(1, most);
            let rows = 1 << rows.ilog2();
            let (now, then) = rest.split_at((rows * width).min(rest.len()));
            tx.insert_rows(self.insert, width, now)?;
            rest = then;
        }
        Ok(())
    }
    /// Where a column stands.
    pub fn column(&self, name: &str) -> Result<usize> {
        let found = self.columns.iter().position(|(n, _)| *n == name);
        found.ok_or_else(|| Error::internal(format!("{} has no column {name}", self.name)))
    }
}

const INSTANCE: Table = bulk_table!(
    "flow_instance", "where id = $1",
    "id" Int, "def_id" Int, "subject_kind" Text, "subject_id" Int, "module" Text, "unit_id" Int, "title" Text,
    "title_key" Text, "number" Text, "sender" Text, "urgency" Text, "status" Text, "outcome" Text, "rev" Int, "seq" Int,
    "last_hash" Text, "starter" Int, "started_at" Int, "ended_at" Int, "state" Text,
);
const TASK: Table = bulk_table!(
    "flow_task", "where instance_id = $1 order by id",
    "id" Int, "instance_id" Int, "subject_kind" Text, "step" Text, "step_title" Text, "round" Int, "kind" Text,
    "status" Text, "assignee" Int, "principal" Int, "shared" Bool, "from_identity" Int, "from_name" Text, "due_at" Int,
    "created_at" Int, "opened_at" Int, "ended_at" Int, "done_by" Int, "on_behalf_of" Int, "action" Text, "opinion" Text,
    "draft" Text, "urged_at" Int,
);
const CANDIDATE: Table = bulk_table!(
    "flow_candidate", "where task_id in (select id from flow_task where instance_id = $1) order by task_id, identity_id",
    "task_id" Int, "identity_id" Int, "kind" Text, "created_at" Int,
);
const EVENT: Table = bulk_table!(
    "flow_event", "where instance_id = $1 order by seq",
    "instance_id" Int, "seq" Int, "rev" Int, "at" Int, "actor" Int, "on_behalf_of" Int, "kind" Text, "data" Text,
    "hash" Text,
);
const TIMER: Table = bulk_table!(
    "flow_timer", "where instance_id = $1 order by id",
    "id" Int, "instance_id" Int, "round" Int, "kind" Text, "due_at" Int,
);
const URGE: Table = bulk_table!(
    "flow_urge", "where instance_id = $1 order by id",
    "id" Int, "identity_id" Int, "instance_id" Int, "round" Int, "family" Text, "kind" Text, "from_name" Text,
    "note" Text, "times" Int, "created_at" Int,
);

/// The tables of an instance, in the order in which they are written; `$1` of each is the instance.
pub const TABLES: &[Table] = &[INSTANCE, TASK, CANDIDATE, EVENT, TIMER, URGE];

/// Every constant statement of the copies.
pub(crate) const SELECTS: &[Stmt] = &[
    INSTANCE.select,
    TASK.select,
    CANDIDATE.select,
    EVENT.select,
    TIMER.select,
    URGE.select,
];

/// Hashes of a record whose events are given as canonical JSON, in order.
pub fn chain<'t>(events: impl IntoIterator<Item = &'t str>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for text in events {
        let hash = text_hash(out.last().map_or("", String::as_str), text);
        out.push(hash);
    }
    out
}

/// The newest published definition of a key.
pub fn definition(tx: &mut Tx<'_>, key: &str) -> Result<Id> {
    tx.opt(DEFINITION, vals![key])?
        .map_or_else(|| Err(crate::NO_SUCH_FLOW.with(&[&key])), |r| r.get(0))
}
