//! Print forms 打印表单: the paper forms of the office as PDF, typeset with Typst.
//!
//! A [`PrintDoc`] is plain data; [`Typesetter::pdf`] turns it into a PDF file. What users typed reaches the
//! page as data, never as markup. Nothing here reads a clock: the same input gives the same bytes.

mod error;
mod font;
mod form;
mod ink;
mod job;
mod press;
mod typesetter;
mod world;

#[cfg(test)]
mod tests;

pub use error::TypesetError;
pub use font::default_font_dirs;
pub use form::{
    CirculationSheet, HandlingSheet, InkStroke, Ledger, LedgerRow, Opinion, PrintDoc, ReadMark,
    Reader, RegisterBook, RegisterRow, Undertaking,
};
pub use press::Press;
pub use typesetter::Typesetter;
