//! A played document as a stencil: its rows with holes for people, times, ids and words. Copies are pressed from it.
use zs_base::time::{DAY_MS, Date};
use zs_base::{Id, Result};
use zs_db::Val;
use zs_flow::bulk::Table;

use super::cast::{Cast, PARTS, PLACES};
use super::marks::Mark;

/// What is in a hole, or between two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Text(Box<str>),
    Mark(Mark),
    Person(usize),
    Place(usize),
    Fresh(usize),
    Time(i64),
    Day(i64),
    Hash(usize),
    Serial,
    Year,
    Digest,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    Same(Val),
    Number(Piece),
    Text(Vec<Piece>),
    /// A text as searches compare it.
    Key(Vec<Piece>),
    Definition,
}

/// Rows of one table.
#[derive(Clone, Debug)]
pub(super) struct Sheet {
    pub table: Table,
    pub rows: Vec<Vec<Cell>>,
    pub fold: fn(&str) -> String,
    /// Columns of the record and of its hash.
    pub event: Option<(usize, usize)>,
}

/// The document as it was played.
#[derive(Clone, Debug, Default)]
pub struct Played {
    /// Flow tables, then the document's.
    pub rows: Vec<Vec<Vec<Val>>>,
}

/// A stencil.
#[derive(Clone, Debug)]
pub struct Stencil {
    pub(super) sheets: Vec<Sheet>,
    pub(super) fresh: usize,
    pub(super) parts: Vec<usize>,
    pub(super) places: Vec<usize>,
    pub(super) signed_in_at: i64,
    /// Registered, ms.
    pub registered_at: Option<i64>,
    /// Class of the document.
    pub doc_class: String,
    /// Genre.
    pub genre: &'static str,
    /// From above or beside.
    pub superior: bool,
    /// Where its open tasks lie; empty when filed.
    pub stage: &'static str,
    /// Bytes of text.
    pub weight: usize,
}

/// People and places of one unit by part, with their names.
#[derive(Clone, Debug, Default)]
pub struct Faces {
    /// Identity, name, post by part.
    pub people: Vec<Option<(i64, String, String)>>,
    /// Node, name, short name by part.
    pub places: Vec<Option<(i64, String, String)>>,
}

/// What a copy gets.
#[derive(Clone, Debug)]
pub struct Fill<'a> {
    /// Who plays.
    pub faces: &'a Faces,
    /// Ids, as many as [`Stencil::fresh`] says.
    pub ids: &'a [i64],
    /// Added to all times, whole days, ms.
    pub shift: i64,
    /// Number in the series.
    pub serial: Option<i64>,
    /// Title, sender, number, matter, class code.
    pub words: [&'a str; 5],
    /// Definition of the flow.
    pub definition: i64,
    /// With the archive package; without it the copy is half as large.
    pub package: bool,
}

/// All tables of a document, its flow's first.
pub fn tables() -> Vec<Table> {
    zs_flow::bulk::TABLES
        .iter()
        .chain(zs_incoming::bulk::TABLES)
        .copied()
        .collect()
}

impl Stencil {
    /// When it was registered, else signed in.
    pub fn base_at(&self) -> i64 {
        self.registered_at.unwrap_or(self.signed_in_at)
    }
    /// Ids that a copy needs.
    pub fn fresh(&self) -> usize {
        self.fresh
    }
    /// Can these people play it?
    pub fn fits(&self, f: &Faces) -> bool {
        let there = |list: &[Option<(i64, String, String)>], i: usize| {
            list.get(i).is_some_and(Option::is_some)
        };
        self.parts.iter().all(|p| there(&f.people, *p))
            && self.places.iter().all(|p| there(&f.places, *p))
    }
    /// Presses a copy: its rows are put behind those of each table.
    pub fn press(&self, fill: &Fill<'_>, out: &mut [Vec<Val>]) -> Result<()> {
        let mut p = Press {
            fill,
            hashes: Vec::new(),
            digest: String::new(),
            serial_no: String::new(),
            year: 0,
        };
        p.year = Date::at(self.base_at() + fill.shift).year;
        if let Some(n) = fill.serial {
            p.serial_no = zs_incoming::rule::serial_no(&self.doc_class, p.year.into(), n);
        }
        let mut data = Vec::new();
        for sheet in &self.sheets {
            if let Some((column, _)) = sheet.event {
                for row in &sheet.rows {
                    data.push(row.get(column).map_or_else(String::new, |c| p.cell_text(c)));
                }
            }
        }
        p.hashes = zs_flow::bulk::chain(data.iter().map(String::as_str));
        let mut package = None;
        let wanted = |s: &&Sheet| fill.package && s.table.name == "incoming_package";
        for sheet in self.sheets.iter().filter(wanted) {
            let text = sheet
                .rows
                .first()
                .and_then(|r| r.get(sheet.table.column("package").ok()?))
                .map(|c| p.cell_text(c));
            p.digest = text
                .as_deref()
                .map(|t| zs_incoming::digest::sm3_hex(t.as_bytes()))
                .unwrap_or_default();
            package = text;
        }
        let mut data = data.into_iter();
        let mut hashes = p.hashes.clone().into_iter();
        for (sheet, out) in self.sheets.iter().zip(out) {
            let done = sheet.table.name == "incoming_package";
            if done && !fill.package {
                continue;
            }
            for row in &sheet.rows {
                for (i, cell) in row.iter().enumerate() {
                    out.push(match sheet.event {
                        Some((d, _)) if d == i => Val::from(data.next()),
                        Some((_, h)) if h == i => Val::from(hashes.next()),
                        _ if done && i == 1 => Val::from(package.take()),
                        _ => p.cell(cell, sheet.fold),
                    });
                }
            }
        }
        Ok(())
    }
}

struct Press<'a> {
    fill: &'a Fill<'a>,
    hashes: Vec<String>,
    digest: String,
    serial_no: String,
    year: i32,
}

impl Press<'_> {
    fn cell(&self, c: &Cell, fold: fn(&str) -> String) -> Val {
        match c {
            Cell::Same(v) => v.clone(),
            Cell::Definition => Val::Int(self.fill.definition),
            Cell::Number(p) => self.number(p),
            Cell::Text(p) if matches!(p.as_slice(), [Piece::Digest]) && self.digest.is_empty() => {
                Val::Null
            }
            Cell::Text(_) => Val::Text(self.cell_text(c)),
            Cell::Key(_) => Val::Text(fold(&self.cell_text(c))),
        }
    }
    fn number(&self, p: &Piece) -> Val {
        let person = |i: &usize| {
            self.fill
                .faces
                .people
                .get(*i)
                .and_then(Option::as_ref)
                .map(|(id, _, _)| *id)
        };
        let place = |i: &usize| {
            self.fill
                .faces
                .places
                .get(*i)
                .and_then(Option::as_ref)
                .map(|(id, _, _)| *id)
        };
        match p {
            Piece::Person(i) => Val::from(person(i)),
            Piece::Place(i) => Val::from(place(i)),
            Piece::Fresh(i) => Val::from(self.fill.ids.get(*i).copied()),
            Piece::Time(t) => Val::Int(t + self.fill.shift),
            Piece::Serial => Val::from(self.fill.serial),
            Piece::Year => Val::from(self.year),
            _ => Val::Null,
        }
    }
    fn cell_text(&self, c: &Cell) -> String {
        let (Cell::Text(pieces) | Cell::Key(pieces)) = c else {
            return match c {
                Cell::Same(Val::Text(s)) => s.clone(),
                _ => String::new(),
            };
        };
        let mut s = String::with_capacity(pieces.len() * 24);
        for p in pieces {
            self.put(p, &mut s);
        }
        s
    }
    fn put(&self, p: &Piece, s: &mut String) {
        use std::fmt::Write as _;
        let person = |i: &usize| self.fill.faces.people.get(*i).and_then(Option::as_ref);
        let place = |i: &usize| self.fill.faces.places.get(*i).and_then(Option::as_ref);
        let word = |i: usize| self.fill.words.get(i).copied().unwrap_or_default();
        match p {
            Piece::Text(t) => s.push_str(t),
            Piece::Mark(m) => s.push_str(match m {
                Mark::Name(i) => person(i).map_or("", |(_, n, _)| n),
                Mark::Post(i) => person(i).map_or("", |(_, _, p)| p),
                Mark::Place(i) => place(i).map_or("", |(_, n, _)| n),
                Mark::Short(i) => place(i).map_or("", |(_, _, n)| n),
                Mark::Title => word(0),
                Mark::Sender => word(1),
                Mark::Number => word(2),
                Mark::Matter => word(3),
                Mark::ClassCode => word(4),
            }),
            Piece::Hash(i) => s.push_str(self.hashes.get(*i).map_or("", String::as_str)),
            Piece::Digest => s.push_str(&self.digest),
            Piece::Serial => s.push_str(&self.serial_no),
            Piece::Day(d) => {
                let _ = write!(s, "{}", Date::from_days(d + self.fill.shift / DAY_MS));
            }
            Piece::Person(_) | Piece::Place(_) | Piece::Fresh(_) | Piece::Time(_) | Piece::Year => {
                if let Val::Int(n) = self.number(p) {
                    let _ = write!(s, "{n}");
                }
            }
        }
    }
}

/// People and places of a cast, by part.
pub fn faces(
    cast: &Cast,
    person: impl Fn(Id) -> (String, String),
    place: impl Fn(Id) -> (String, String),
) -> Faces {
    let mut f = Faces {
        people: vec![None; PARTS],
        places: vec![None; PLACES],
    };
    for (i, id) in cast.parts() {
        let (name, post) = person(id);
        if let Some(x) = f.people.get_mut(i) {
            *x = Some((id.0, name, post));
        }
    }
    for (i, id) in cast.places() {
        let (name, short) = place(id);
        if let Some(x) = f.places.get_mut(i) {
            *x = Some((id.0, name, short));
        }
    }
    f
}
