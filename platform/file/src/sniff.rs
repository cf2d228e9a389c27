//! What a file really is, by its ending and by its content; both must agree.
mod ole;
mod zip;

use std::io::{self, Read, Seek, SeekFrom};

use zs_base::{Error, Result};

use crate::FILE_TYPE_REFUSED;
use crate::model::Kind;

/// Content bytes that are looked at.
const HEAD: u64 = 8 * 1024;

/// A type that may be uploaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Type {
    pub(crate) ext: &'static str,
    pub(crate) media_type: &'static str,
    pub(crate) kind: Kind,
    /// What the content may be.
    insides: &'static [Inside],
}

/// What content is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Inside {
    Pdf,
    Ofd,
    Jpg,
    Png,
    Tif,
    Bmp,
    Text,
    /// OOXML.
    WordX,
    SheetX,
    SlidesX,
    /// OLE2.
    Word,
    Sheet,
    Slides,
    /// Nothing that is taken; the name for the user.
    Foreign(&'static str),
}

impl Inside {
    fn title(self) -> &'static str {
        match self {
            Self::Pdf => "PDF 文件",
            Self::Ofd => "OFD 文件",
            Self::Jpg => "JPG 图片",
            Self::Png => "PNG 图片",
            Self::Tif => "TIF 图片",
            Self::Bmp => "BMP 图片",
            Self::Text => "纯文本文件",
            Self::WordX => "Word 文档（docx）",
            Self::SheetX => "Excel 表格（xlsx）",
            Self::SlidesX => "演示文稿（pptx）",
            Self::Word => "Word 97 或 WPS 文字文档（doc、wps）",
            Self::Sheet => "Excel 97 或 WPS 表格（xls、et）",
            Self::Slides => "PowerPoint 97 演示文稿（ppt）",
            Self::Foreign(name) => name,
        }
    }
}

const fn t(
    ext: &'static str,
    media_type: &'static str,
    kind: Kind,
    insides: &'static [Inside],
) -> Type {
    Type {
        ext,
        media_type,
        kind,
        insides,
    }
}

/// Everything that may be uploaded.
const TYPES: &[Type] = &[
    t("pdf", "application/pdf", Kind::Pdf, &[Inside::Pdf]),
    t("ofd", "application/ofd", Kind::Ofd, &[Inside::Ofd]),
    t(
        "docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        Kind::Word,
        &[Inside::WordX],
    ),
    t(
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Kind::Excel,
        &[Inside::SheetX],
    ),
    t(
        "pptx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        Kind::Other,
        &[Inside::SlidesX],
    ),
    t("doc", "application/msword", Kind::Word, &[Inside::Word]),
    t(
        "xls",
        "application/vnd.ms-excel",
        Kind::Excel,
        &[Inside::Sheet],
    ),
    t(
        "ppt",
        "application/vnd.ms-powerpoint",
        Kind::Other,
        &[Inside::Slides],
    ),
    t(
        "wps",
        "application/vnd.ms-works",
        Kind::Wps,
        &[Inside::Word, Inside::WordX],
    ),
    t(
        "et",
        "application/vnd.ms-excel",
        Kind::Excel,
        &[Inside::Sheet, Inside::SheetX],
    ),
    t("jpg", "image/jpeg", Kind::Image, &[Inside::Jpg]),
    t("jpeg", "image/jpeg", Kind::Image, &[Inside::Jpg]),
    t("png", "image/png", Kind::Image, &[Inside::Png]),
    t("tif", "image/tiff", Kind::Image, &[Inside::Tif]),
    t("tiff", "image/tiff", Kind::Image, &[Inside::Tif]),
    t("bmp", "image/bmp", Kind::Image, &[Inside::Bmp]),
    t(
        "txt",
        "text/plain; charset=utf-8",
        Kind::Other,
        &[Inside::Text],
    ),
];

/// The type that an ending stands for; one that is not taken is refused before a byte is read.
pub(crate) fn by_ending(name: &str) -> Result<&'static Type> {
    let ext = crate::name::ending(name);
    TYPES
        .iter()
        .find(|t| t.ext == ext)
        .ok_or_else(|| refused(name, &format!("一个 .{ext} 文件")))
}

/// Is the content what the ending says?
pub(crate) fn check(name: &str, t: &Type, content: &mut (impl Read + Seek)) -> Result<()> {
    let inside = look(content).map_err(Error::internal)?;
    if t.insides.contains(&inside) {
        Ok(())
    } else {
        Err(refused(name, inside.title()))
    }
}

#[track_caller]
fn refused(name: &str, really: &str) -> Error {
    FILE_TYPE_REFUSED
        .with(&[&name, &really])
        .and_field("name", format!("它其实是{really}"))
}

/// What the content is.
pub(crate) fn look(content: &mut (impl Read + Seek)) -> io::Result<Inside> {
    let size = content.seek(SeekFrom::End(0))?;
    content.seek(SeekFrom::Start(0))?;
    let mut head = Vec::new();
    content.by_ref().take(HEAD).read_to_end(&mut head)?;
    if head.is_empty() {
        return Ok(Inside::Foreign("一个空文件"));
    }
    let begins = |magic: &[u8]| head.starts_with(magic);
    if begins(b"PK\x03\x04") {
        return zip::look(content, size);
    }
    if begins(&ole::MAGIC) {
        return ole::look(content, &head);
    }
    if let Some((_, name)) = FOREIGN.iter().find(|(magic, _)| begins(magic)) {
        return Ok(Inside::Foreign(name));
    }
    for (magic, inside) in PLAIN {
        if begins(magic) {
            return Ok(*inside);
        }
    }
    if begins(b"BM") && head.get(6..10) == Some(&[0; 4]) {
        return Ok(Inside::Bmp);
    }
    Ok(text(&head))
}

const PLAIN: &[(&[u8], Inside)] = &[
    (b"%PDF-", Inside::Pdf),
    (b"\xff\xd8\xff", Inside::Jpg),
    (b"\x89PNG\r\n\x1a\n", Inside::Png),
    (b"II*\0", Inside::Tif),
    (b"MM\0*", Inside::Tif),
];

const FOREIGN: &[(&[u8], &str)] = &[
    (b"MZ", "Windows 程序（exe 或 dll）"),
    (b"\x7fELF", "Linux 程序"),
    (b"\xcf\xfa\xed\xfe", "macOS 程序"),
    (b"\xca\xfe\xba\xbe", "Java 程序"),
    (b"dex\n", "安卓程序"),
    (b"#!", "脚本"),
    (b"L\0\0\0\x01\x14\x02\0", "Windows 快捷方式"),
    (b"ITSF", "CHM 帮助文件"),
    (b"{\\rtf", "RTF 文件"),
    (b"Rar!", "RAR 压缩包"),
    (b"7z\xbc\xaf", "7Z 压缩包"),
    (b"\x1f\x8b", "GZ 压缩包"),
    (b"PK\x05\x06", "空的压缩包"),
    (b"MSCF", "CAB 压缩包"),
    (b"GIF8", "GIF 图片"),
];

/// Text is bytes without control characters; pages and scripts are text that a browser or a shell would run.
fn text(head: &[u8]) -> Inside {
    let utf16 = head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff");
    let lower: String = head
        .iter()
        .filter(|b| **b != 0 || !utf16)
        .map(|b| char::from(b.to_ascii_lowercase()))
        .collect();
    let start = lower.trim_start_matches(|c: char| !c.is_ascii_graphic());
    let has = |list: &[&str]| list.iter().any(|x| lower.contains(x));
    if has(&["<svg"]) {
        return Inside::Foreign("SVG 图片（可带脚本）");
    }
    if has(&[
        "<html",
        "<script",
        "<!doctype",
        "<iframe",
        "<body",
        "<object",
        "<embed",
        "javascript:",
    ]) {
        return Inside::Foreign("网页（HTML）");
    }
    if start.starts_with("<?xml") {
        return Inside::Foreign("XML 文件");
    }
    if start.starts_with("#!")
        || start.starts_with("@echo")
        || has(&["<?php", "<%@", "wscript.", "powershell"])
    {
        return Inside::Foreign("脚本");
    }
    if lower.get(..1024).unwrap_or(&lower).contains("%pdf-") {
        return Inside::Foreign("开头不完整的 PDF 文件");
    }
    let binary = |b: &u8| (*b < 32 && !matches!(b, b'\t' | b'\n' | b'\r' | 12)) || *b == 127;
    if !utf16 && head.iter().any(binary) {
        return Inside::Foreign("无法识别的文件");
    }
    Inside::Text
}

#[cfg(test)]
mod tests;
