//! The warm typesetter: fonts and templates are loaded once, each job is laid out on its own.

use std::collections::HashMap;
use std::path::PathBuf;

use typst::diag::SourceDiagnostic;
use typst::foundations::{Bytes, Smart};
use typst::syntax::Source;
use typst::text::FontBook;
use typst::utils::LazyHash;
use typst::{Library, LibraryExt};
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;

use crate::font::{self, Roles};
use crate::job::{self, Job};
use crate::world::{JobWorld, Shared, file_id};
use crate::{PrintDoc, TypesetError};

const TEMPLATES: &[(&str, &str)] = &[
    ("common.typ", include_str!("../typ/common.typ")),
    (
        "handling_sheet.typ",
        include_str!("../typ/handling_sheet.typ"),
    ),
    (
        "circulation_sheet.typ",
        include_str!("../typ/circulation_sheet.typ"),
    ),
    (
        "register_book.typ",
        include_str!("../typ/register_book.typ"),
    ),
    ("ledger.typ", include_str!("../typ/ledger.typ")),
];

/// Turns forms into PDF files. Make one per process and share it; [`Typesetter::pdf`] may be called from
/// several threads. It works for milliseconds to seconds on the CPU: call it from `spawn_blocking`.
pub struct Typesetter {
    shared: Shared,
    roles: Roles,
    substitute: bool,
}

impl std::fmt::Debug for Typesetter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Typesetter")
            .field("fonts", &self.shared.fonts.len())
            .field("substitute", &self.substitute)
            .finish_non_exhaustive()
    }
}

impl Typesetter {
    /// Load the fonts of the directories (see [`crate::default_font_dirs`]) and the templates.
    ///
    /// # Errors
    /// [`TypesetError::FontsMissing`] when there is no 宋体 at all; its text names what to install.
    pub fn new(font_dirs: &[PathBuf]) -> Result<Self, TypesetError> {
        let set = font::load(font_dirs)?;
        let mut sources = HashMap::new();
        for (name, text) in TEMPLATES {
            let id = file_id(name)?;
            sources.insert(id, Source::new(id, (*text).to_owned()));
        }
        Ok(Self {
            shared: Shared {
                library: LazyHash::new(Library::default()),
                book: LazyHash::new(FontBook::from_fonts(&set.fonts)),
                fonts: set.fonts,
                sources,
            },
            roles: set.roles,
            substitute: set.substitute,
        })
    }

    /// True when no 仿宋 was found, so that forms are printed with 替代字体 in their foot.
    #[must_use]
    pub fn uses_substitute_fonts(&self) -> bool {
        self.substitute
    }

    #[cfg(test)]
    pub(crate) fn roles(&self) -> &Roles {
        &self.roles
    }

    /// Lay out a form and write it as PDF.
    ///
    /// # Errors
    /// When the form has too many rows, or cannot be laid out or written; the text says what to do.
    pub fn pdf(&self, doc: &PrintDoc) -> Result<Vec<u8>, TypesetError> {
        let job = job::prepare(doc, &self.roles, self.substitute)?;
        let result = self.layout(&job).and_then(|pages| write(&pages));
        comemo::evict(0);
        result
    }

    /// Lay out a prepared job.
    pub(crate) fn layout(&self, job: &Job) -> Result<PagedDocument, TypesetError> {
        let mut files = HashMap::new();
        for (name, bytes) in &job.files {
            files.insert(file_id(name)?, Bytes::new(bytes.clone()));
        }
        let world = JobWorld {
            shared: &self.shared,
            main: file_id(job.template)?,
            files,
        };
        let compiled = typst::compile::<PagedDocument>(&world);
        for warning in &compiled.warnings {
            tracing::warn!(template = job.template, message = %warning.message, "typesetting warning");
        }
        compiled
            .output
            .map_err(|errors| TypesetError::Layout(describe(&errors)))
    }
}

fn write(pages: &PagedDocument) -> Result<Vec<u8>, TypesetError> {
    let options = PdfOptions {
        creator: Smart::Custom(Some("中书".to_owned())),
        tagged: false,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(pages, &options).map_err(|errors| TypesetError::Pdf(describe(&errors)))
}

fn describe(errors: &[SourceDiagnostic]) -> String {
    errors
        .iter()
        .map(|error| error.message.as_str())
        .collect::<Vec<_>>()
        .join("; ")
}
