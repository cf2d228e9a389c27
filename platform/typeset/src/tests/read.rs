//! Reading a laid-out form back: every run of text with its place on the page.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use typst::layout::{Frame, FrameItem, Transform};
use typst_layout::PagedDocument;

use crate::{PrintDoc, Typesetter, default_font_dirs, job};

/// Directories as seen from the crate: the cache lies in the root of the workspace.
pub(super) fn font_dirs() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    default_font_dirs()
        .into_iter()
        .map(|dir| root.join(dir))
        .collect()
}

/// One typesetter for all tests: loading the fonts is the slow part.
pub(super) static TYPESETTER: LazyLock<Typesetter> =
    LazyLock::new(|| Typesetter::new(&font_dirs()).unwrap());

/// A run of text; position of its baseline and its size in mm and points, from the top left corner of the page.
#[derive(Debug, Clone)]
pub(super) struct Run {
    pub(super) text: String,
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) right: f64,
    pub(super) size: f64,
    pub(super) family: String,
    pub(super) tofu: bool,
}

/// One page as read back.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) runs: Vec<Run>,
    pub(super) images: usize,
    /// Horizontal rules: y and length, in mm.
    pub(super) rules: Vec<(f64, f64)>,
}

impl Page {
    /// All text in reading order of the template, without white space.
    pub(super) fn text(&self) -> String {
        squeeze(
            &self
                .runs
                .iter()
                .map(|run| run.text.as_str())
                .collect::<String>(),
        )
    }

    pub(super) fn has(&self, text: &str) -> bool {
        self.text().contains(&squeeze(text))
    }

    pub(super) fn run(&self, text: &str) -> &Run {
        self.runs
            .iter()
            .find(|run| run.text.contains(text))
            .unwrap_or_else(|| panic!("no run with {text}"))
    }
}

pub(super) fn squeeze(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && *c != '\u{200b}')
        .collect()
}

pub(super) fn pages(doc: &PrintDoc) -> Vec<Page> {
    let typesetter = &*TYPESETTER;
    let job = job::prepare(doc, typesetter.roles(), typesetter.uses_substitute_fonts()).unwrap();
    read(&typesetter.layout(&job).unwrap())
}

pub(super) fn read(document: &PagedDocument) -> Vec<Page> {
    document
        .pages()
        .iter()
        .map(|page| {
            let size = page.frame.size();
            let mut out = Page {
                width: size.x.to_mm(),
                height: size.y.to_mm(),
                runs: vec![],
                images: 0,
                rules: vec![],
            };
            walk(&page.frame, Transform::identity(), &mut out);
            out
        })
        .collect()
}

fn walk(frame: &Frame, at: Transform, out: &mut Page) {
    for (position, item) in frame.items() {
        let here = at.pre_concat(Transform::translate(position.x, position.y));
        match item {
            FrameItem::Group(group) => walk(&group.frame, here.pre_concat(group.transform), out),
            FrameItem::Text(text) => out.runs.push(Run {
                text: text.text.to_string(),
                x: here.tx.to_mm(),
                y: here.ty.to_mm(),
                right: here.tx.to_mm() + text.width().to_mm(),
                size: text.size.to_pt(),
                family: text.font.font().info().family.clone(),
                tofu: text.glyphs.iter().any(|glyph| glyph.id == 0),
            }),
            FrameItem::Image(..) => out.images += 1,
            FrameItem::Shape(shape, _) => {
                if let typst::visualize::Geometry::Line(to) = &shape.geometry
                    && to.y.abs().to_mm() < 0.01
                {
                    out.rules.push((here.ty.to_mm(), to.x.to_mm()));
                }
            }
            _ => {}
        }
    }
}

/// Text of a PDF as another program sees it.
pub(super) fn pdf_text(pdf: &[u8], name: &str) -> String {
    let dir = std::env::temp_dir().join(format!("zs-typeset-{}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    let path = dir.join(format!("{name}.pdf"));
    std::fs::write(&path, pdf).unwrap();
    let output = Command::new("pdftotext")
        .args(["-layout", "-enc", "UTF-8"])
        .arg(&path)
        .arg("-")
        .output();
    std::fs::remove_file(&path).unwrap();
    let output = output.expect("pdftotext is missing: apt-get install poppler-utils");
    assert!(
        output.status.success(),
        "pdftotext: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// Keep a PDF for looking at it, when `ZS_PRINT_OUT` names a directory.
pub(super) fn keep(name: &str, pdf: &[u8]) {
    if let Some(dir) = std::env::var_os("ZS_PRINT_OUT") {
        std::fs::write(Path::new(&dir).join(format!("{name}.pdf")), pdf).unwrap();
    }
}
