//! Imported notices; they take the place of the built-in ones.
use std::collections::BTreeMap;

use zs_base::time::Date;
use zs_base::{Error, Id, Result};
use zs_ctx::{Granted, WriteTx};
use zs_db::{Tx, Val, vals};

use crate::calendar::{Calendar, DayKind, Notice, NoticeDay};
use crate::http::CHANGED;

zs_db::statements! {
    ALL = "select y.year, y.source, d.date, d.kind, d.name from calendar_year y left join calendar_day d on d.year = y.year \
           order by y.year, d.date";
    PUT_YEAR = "insert into calendar_year (year, source, imported_at) values ($1, $2, $3) \
                on conflict (year) do update set source = excluded.source, imported_at = excluded.imported_at";
    CLEAR_YEAR = "delete from calendar_day where year = $1";
}

/// The calendar as it stands: built-in years, and over them what has been imported.
pub fn load(tx: &mut Tx<'_>) -> Result<Calendar> {
    let mut notices: BTreeMap<i32, Notice> = BTreeMap::new();
    for row in tx.query(ALL, &[])? {
        let mut c = row.cols();
        let year: i32 = c.next()?;
        let source: String = c.next()?;
        let n = notices.entry(year).or_insert_with(|| Notice {
            year,
            source,
            days: Vec::new(),
        });
        let (date, kind, name): (Option<String>, Option<String>, Option<String>) =
            (c.next()?, c.next()?, c.next()?);
        if let (Some(date), Some(kind), Some(name)) = (date, kind, name) {
            let (Some(date), Some(kind)) = (Date::parse(&date), DayKind::parse(&kind)) else {
                return Err(Error::internal(format!("bad calendar day {date}")));
            };
            n.days.push(NoticeDay { date, kind, name });
        }
    }
    Ok(notices
        .into_values()
        .fold(Calendar::builtin(), Calendar::with))
}

/// Puts a checked notice in place of whatever stood for its year, and tells everybody.
pub fn import(tx: &mut WriteTx<'_, '_>, _: &Granted, notice: &Notice) -> Result<()> {
    let now = tx.now();
    tx.exec(PUT_YEAR, vals![notice.year, &notice.source, now])?;
    tx.exec(CLEAR_YEAR, vals![notice.year])?;
    let rows: Vec<Val> = notice
        .days
        .iter()
        .flat_map(|d| {
            [
                Val::from(notice.year),
                Val::from(d.date.to_string()),
                Val::from(d.kind.name()),
                Val::from(&d.name),
            ]
        })
        .collect();
    if !rows.is_empty() {
        tx.insert_rows(
            "insert into calendar_day (year, date, kind, name) values",
            4,
            &rows,
        )?;
    }
    let key = Id(i64::from(notice.year));
    tx.touch(
        "calendar_year",
        key,
        serde_json::json!({"year": notice.year, "source": notice.source, "days": notice.days.len()}),
    )?;
    tx.emit(CHANGED, key, serde_json::json!({"year": notice.year}))
}
