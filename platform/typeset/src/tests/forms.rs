//! Every form shows every cell in its place.

use super::read::{TYPESETTER, keep};
use super::sample;
use crate::PrintDoc;

#[test]
fn draft() {
    for (name, doc) in [
        ("handling-sheet", PrintDoc::HandlingSheet(Box::new(sample::handling_sheet()))),
        ("circulation-sheet", PrintDoc::CirculationSheet(Box::new(sample::circulation_sheet()))),
        ("register-book", PrintDoc::RegisterBook(Box::new(sample::register_book(40)))),
        ("ledger", PrintDoc::Ledger(Box::new(sample::ledger(14)))),
    ] {
        let t = std::time::Instant::now();
        match TYPESETTER.pdf(&doc) { Ok(pdf) => { println!("{name} {:?} {}", t.elapsed(), pdf.len()); keep(name, &pdf) }, Err(e) => println!("{name}: {e}") }
    }
}
