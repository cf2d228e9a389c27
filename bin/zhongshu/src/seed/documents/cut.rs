//! Cuts stencils: finds ids, times, dates, hashes, numbers and marks in the rows of a played document.
use std::collections::BTreeMap;

use zs_base::time::Date;
use zs_base::{Error, Result};
use zs_db::Val;
use zs_flow::bulk::Table;

use super::cast::Cast;
use super::marks::{self, Mark};
use super::stencil::{Cell, Piece, Played, Sheet, Stencil, tables};
use crate::seed::text;

fn is_id(n: i64) -> bool {
    n > 1_000_000_000_000_000
}
fn is_time(n: i64) -> bool {
    (1_500_000_000_000..2_500_000_000_000).contains(&n)
}

struct Maker {
    people: BTreeMap<i64, usize>,
    places: BTreeMap<i64, usize>,
    fresh: BTreeMap<i64, usize>,
    hashes: BTreeMap<String, usize>,
    serial_no: Option<String>,
    digest: Option<String>,
    year: String,
    used: (Vec<usize>, Vec<usize>),
}

impl Maker {
    fn id(&mut self, n: i64) -> Piece {
        if let Some(p) = self.people.get(&n) {
            self.used.0.push(*p);
            return Piece::Person(*p);
        }
        if let Some(p) = self.places.get(&n) {
            self.used.1.push(*p);
            return Piece::Place(*p);
        }
        let next = self.fresh.len();
        Piece::Fresh(*self.fresh.entry(n).or_insert(next))
    }
    fn number(&mut self, n: i64) -> Cell {
        if is_id(n) {
            Cell::Number(self.id(n))
        } else if is_time(n) {
            Cell::Number(Piece::Time(n))
        } else {
            Cell::Same(Val::Int(n))
        }
    }
    /// A text cut at its holes.
    fn text(&mut self, text: &str) -> Vec<Piece> {
        let mut out = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let (piece, len) = self.hole(rest, c, plain.chars().next_back());
            match piece {
                None => {
                    let run = rest.split_at_checked(len).map_or(rest, |(a, _)| a);
                    plain.push_str(run);
                }
                Some(p) => {
                    if !plain.is_empty() {
                        out.push(Piece::Text(std::mem::take(&mut plain).into()));
                    }
                    out.push(p);
                }
            }
            rest = rest.split_at_checked(len).map_or("", |(_, b)| b);
        }
        if !plain.is_empty() {
            out.push(Piece::Text(plain.into()));
        }
        out
    }
    fn hole(&mut self, rest: &str, c: char, before: Option<char>) -> (Option<Piece>, usize) {
        if let Some(m) = marks::read(c) {
            match m {
                Mark::Name(p) | Mark::Post(p) => self.used.0.push(p),
                Mark::Place(p) | Mark::Short(p) => self.used.1.push(p),
                _ => {}
            }
            return (Some(Piece::Mark(m)), c.len_utf8());
        }
        if self
            .serial_no
            .as_deref()
            .is_some_and(|s| rest.starts_with(s))
        {
            return (
                Some(Piece::Serial),
                self.serial_no.as_ref().map_or(1, String::len),
            );
        }
        if before.is_some_and(|b| b.is_ascii_alphanumeric()) || !c.is_ascii_alphanumeric() {
            return (None, c.len_utf8());
        }
        let run = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
        let word = rest.split_at_checked(run).map_or(rest, |(a, _)| a);
        if run == 64 {
            if let Some(i) = self.hashes.get(word) {
                return (Some(Piece::Hash(*i)), run);
            }
            if self.digest.as_deref() == Some(word) {
                return (Some(Piece::Digest), run);
            }
        }
        let date = rest.split_at_checked(10).and_then(|(d, _)| Date::parse(d));
        if let (4, Some(d)) = (run, date) {
            return (Some(Piece::Day(d.days())), 10);
        }
        match word.parse::<i64>() {
            Ok(n) if is_id(n) => (Some(self.id(n)), run),
            Ok(n) if is_time(n) => (Some(Piece::Time(n)), run),
            _ if word == self.year && before == Some(':') => (Some(Piece::Year), run),
            _ => (None, run),
        }
    }
}

fn at(rows: &[Vec<Vec<Val>>], tables: &[Table], table: &str, column: &str) -> Option<Val> {
    let (i, t) = tables.iter().enumerate().find(|(_, t)| t.name == table)?;
    rows.get(i)?.first()?.get(t.column(column).ok()?).cloned()
}

fn text_of(v: Option<Val>) -> Option<String> {
    match v {
        Some(Val::Text(s)) => Some(s),
        _ => None,
    }
}

impl Stencil {
    /// Cuts the stencil of a document that this cast played.
    pub fn cut(played: &Played, cast: &Cast, stage: &'static str) -> Result<Self> {
        let tables = tables();
        let get = |table, column| at(&played.rows, &tables, table, column);
        let year = match get("incoming_doc", "year") {
            Some(Val::Int(y)) => y,
            _ => return Err(Error::internal("a document without a year")),
        };
        let mut hashes = BTreeMap::new();
        for (t, rows) in tables
            .iter()
            .zip(&played.rows)
            .filter(|(t, _)| t.name == "flow_event")
        {
            let column = t.column("hash")?;
            for (i, row) in rows.iter().enumerate() {
                hashes.extend(text_of(row.get(column).cloned()).map(|h| (h, i)));
            }
        }
        let mut m = Maker {
            people: cast.parts().into_iter().map(|(p, id)| (id.0, p)).collect(),
            places: cast.places().into_iter().map(|(p, id)| (id.0, p)).collect(),
            fresh: BTreeMap::new(),
            hashes,
            serial_no: text_of(get("incoming_doc", "serial_no")),
            digest: text_of(get("incoming_doc", "digest")),
            year: year.to_string(),
            used: (Vec::new(), Vec::new()),
        };
        let mut sheets = Vec::new();
        let mut weight = 0;
        for (table, rows) in tables.iter().zip(&played.rows) {
            let flow = table.name.starts_with("flow_");
            let mut sheet = Sheet {
                table: *table,
                rows: Vec::new(),
                fold: if flow {
                    zs_flow::bulk::key_of
                } else {
                    zs_incoming::rule::key_of
                },
                event: None,
            };
            if table.name == "flow_event" {
                sheet.event = Some((table.column("data")?, table.column("hash")?));
            }
            for row in rows {
                let cells =
                    row.iter()
                        .zip(table.columns)
                        .map(|(v, (column, _))| match (v, *column) {
                            (_, "def_id") => Cell::Definition,
                            (Val::Int(_), "serial") => Cell::Number(Piece::Serial),
                            (Val::Int(_), "year") => Cell::Number(Piece::Year),
                            (Val::Int(n), _) => m.number(*n),
                            (Val::Text(s), c) => {
                                weight += s.len();
                                let pieces = m.text(s);
                                match pieces.iter().all(|p| matches!(p, Piece::Text(_))) {
                                    true => Cell::Same(v.clone()),
                                    false if c.ends_with("_key") => Cell::Key(pieces),
                                    false => Cell::Text(pieces),
                                }
                            }
                            (other, _) => Cell::Same(other.clone()),
                        });
                sheet.rows.push(cells.collect());
            }
            sheets.push(sheet);
        }
        let (mut parts, mut places) = m.used;
        for list in [&mut parts, &mut places] {
            list.sort_unstable();
            list.dedup();
        }
        Ok(Self {
            sheets,
            fresh: m.fresh.len(),
            parts,
            places,
            signed_in_at: match get("incoming_doc", "signed_in_at") {
                Some(Val::Int(t)) => t,
                _ => return Err(Error::internal("a document that was never signed in")),
            },
            registered_at: match get("incoming_doc", "registered_at") {
                Some(Val::Int(t)) => Some(t),
                _ => None,
            },
            doc_class: text_of(get("incoming_doc", "doc_class")).unwrap_or_default(),
            genre: text::genre(text_of(get("incoming_doc", "genre")).as_deref()),
            superior: text_of(get("incoming_doc", "sender_rank")).as_deref() == Some("superior"),
            stage,
            weight,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_at_ids_times_dates_and_marks_only() {
        let mut m = Maker {
            people: BTreeMap::from([(90_000_000_000_000_001, 4)]),
            places: BTreeMap::from([(90_000_000_000_000_002, 1)]),
            fresh: BTreeMap::new(),
            hashes: BTreeMap::from([("ab".repeat(32), 7)]),
            serial_no: Some("收〔2026〕12号".into()),
            digest: None,
            year: "2026".into(),
            used: (Vec::new(), Vec::new()),
        };
        let text = |t: &str| Piece::Text(t.into());
        let given = format!(
            "{{\"by\":90000000000000001,\"node\":\"90000000000000002\",\"at\":1795393800000,\"on\":\"2026-11-23 08:30\",\
             \"year\":2026,\"no\":\"收〔2026〕12号\",\"hash\":\"{}\",\"n\":12345,\"new\":90000000000000009,\"t\":\"{}\"}}",
            "ab".repeat(32),
            marks::TITLE
        );
        let want = [
            text("{\"by\":"),
            Piece::Person(4),
            text(",\"node\":\""),
            Piece::Place(1),
            text("\",\"at\":"),
            Piece::Time(1_795_393_800_000),
            text(",\"on\":\""),
            Piece::Day(Date::parse("2026-11-23").unwrap().days()),
            text(" 08:30\",\"year\":"),
            Piece::Year,
            text(",\"no\":\""),
            Piece::Serial,
            text("\",\"hash\":\""),
            Piece::Hash(7),
            text("\",\"n\":12345,\"new\":"),
            Piece::Fresh(0),
            text(",\"t\":\""),
            Piece::Mark(Mark::Title),
            text("\"}"),
        ];
        assert_eq!(m.text(&given), want);
        assert_eq!(m.used, (vec![4], vec![1]));
    }
}
