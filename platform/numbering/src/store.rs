//! SQL of the series.
use zs_base::{Id, Result};
use zs_ctx::WriteTx;
use zs_db::{Tx, unique_violation, vals};

use crate::{NUMBER_ALREADY_VOID, NUMBER_NOT_GIVEN};

zs_db::statements! {
    TAKE = "insert into number_series (id, unit_id, key, year, next, updated_at) values ($1, $2, $3, $4, 2, $5) \
            on conflict (unit_id, key, year) do update set next = number_series.next + 1, updated_at = excluded.updated_at \
            returning next - 1";
    TAKE_MANY = "insert into number_series (id, unit_id, key, year, next, updated_at) values ($1, $2, $3, $4, 1 + cast($6 as bigint), $5) \
            on conflict (unit_id, key, year) do update set next = number_series.next + cast($6 as bigint), updated_at = excluded.updated_at \
            returning next - cast($6 as bigint)";
    PEEK = "select next from number_series where unit_id = $1 and key = $2 and year = $3";
    LIST = "select id, unit_id, key, year, next from number_series order by year desc, unit_id, key limit 2000";
    VOID = "insert into numbering_void (id, unit_id, key, year, number, reason, entity, entity_id, voided_by, voided_at) \
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    VOIDS = "select id, number, reason, entity, entity_id, voided_by, voided_at from numbering_void \
             where unit_id = $1 and key = $2 and year = $3 order by number";
}

/// A series as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// Row.
    pub id: Id,
    /// Unit.
    pub unit_id: Id,
    /// Which series, `incoming.red_head`.
    pub key: String,
    /// Year.
    pub year: i32,
    /// The number given next.
    pub next: i64,
}

/// A number to be declared void.
#[derive(Clone, Copy, Debug)]
pub struct NewVoid<'a> {
    /// Unit.
    pub unit: Id,
    /// Series.
    pub key: &'a str,
    /// Year.
    pub year: i32,
    /// Number.
    pub number: i64,
    /// Why.
    pub reason: &'a str,
    /// What bore it.
    pub entity: &'static str,
    /// Which one.
    pub entity_id: Id,
}

/// A line of the void book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoidRow {
    /// Row.
    pub id: Id,
    /// Number.
    pub number: i64,
    /// Why.
    pub reason: String,
    /// What bore it.
    pub entity: String,
    /// Which one.
    pub entity_id: Id,
    /// Who declared it.
    pub voided_by: String,
    /// When.
    pub voided_at: i64,
}

/// The next number of a series, from 1. It belongs to this transaction: others wait for its end, and if it fails the
/// number is given again, so there is neither a gap nor a double.
pub fn take(tx: &mut Tx<'_>, unit: Id, key: &str, year: i32) -> Result<i64> {
    let (id, now) = (tx.new_id(), tx.now());
    tx.one(TAKE, vals![id, unit, key, year, now])?.get(0)
}

/// The first of `n` numbers on end, for copies of many rows at once.
pub fn take_many(tx: &mut Tx<'_>, unit: Id, key: &str, year: i32, n: u32) -> Result<i64> {
    let (id, now) = (tx.new_id(), tx.now());
    tx.one(TAKE_MANY, vals![id, unit, key, year, now, n])?
        .get(0)
}

/// The number that would be given next; somebody else may take it first.
pub fn peek(tx: &mut Tx<'_>, unit: Id, key: &str, year: i32) -> Result<i64> {
    tx.opt(PEEK, vals![unit, key, year])?
        .map_or(Ok(1), |r| r.get(0))
}

/// Declares a given number void; it is never given again (作废号不再使用).
pub fn void(tx: &mut WriteTx<'_, '_>, v: &NewVoid<'_>) -> Result<()> {
    if v.number < 1 || v.number >= peek(tx, v.unit, v.key, v.year)? {
        return Err(NUMBER_NOT_GIVEN.with(&[&v.year, &v.number]));
    }
    let by = tx
        .ctx()
        .actor_opt()
        .map_or("系统".to_owned(), |a| a.name.clone());
    let (id, now) = (tx.new_id(), tx.now());
    tx.exec(
        VOID,
        vals![
            id,
            v.unit,
            v.key,
            v.year,
            v.number,
            v.reason,
            v.entity,
            v.entity_id,
            by,
            now
        ],
    )
    .map_err(|e| match unique_violation(&e) {
        Some(_) => NUMBER_ALREADY_VOID.with(&[&v.year, &v.number]),
        None => e,
    })?;
    tx.touch(
        "numbering_void",
        id,
        serde_json::json!({"key": v.key, "year": v.year, "number": v.number}),
    )
}

/// The void numbers of a series in a year.
pub fn voids(tx: &mut Tx<'_>, unit: Id, key: &str, year: i32) -> Result<Vec<VoidRow>> {
    tx.query(VOIDS, vals![unit, key, year])?
        .iter()
        .map(|r| {
            let mut c = r.cols();
            Ok(VoidRow {
                id: c.next()?,
                number: c.next()?,
                reason: c.next()?,
                entity: c.next()?,
                entity_id: c.next()?,
                voided_by: c.next()?,
                voided_at: c.next()?,
            })
        })
        .collect()
}

/// All series, the newest year first.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<Series>> {
    tx.query(LIST, &[])?
        .iter()
        .map(|r| {
            let mut c = r.cols();
            Ok(Series {
                id: c.next()?,
                unit_id: c.next()?,
                key: c.next()?,
                year: c.next()?,
                next: c.next()?,
            })
        })
        .collect()
}
