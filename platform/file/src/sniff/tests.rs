use std::io::{Cursor, Write as _};

use ::zip::ZipWriter;
use ::zip::write::SimpleFileOptions;

use super::*;

fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut z = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        z.start_file(*name, SimpleFileOptions::default()).unwrap();
        z.write_all(content).unwrap();
    }
    z.finish().unwrap().into_inner()
}

/// A compound file whose directory holds these names.
fn ole(names: &[&str]) -> Vec<u8> {
    let mut head = vec![0u8; 512];
    head[..8].copy_from_slice(&ole::MAGIC);
    head[30] = 9;
    head[48] = 1; // The directory begins in sector 1; sector 0 is the allocation table.
    let mut table = vec![0xffu8; 512];
    let sectors = (names.len() + 1).div_ceil(4);
    for i in 0..sectors {
        let next = if i + 1 == sectors {
            0xffff_fffeu32
        } else {
            i as u32 + 2
        };
        table[4 * (i + 1)..4 * (i + 2)].copy_from_slice(&next.to_le_bytes());
    }
    let mut dir = Vec::new();
    for name in ["Root Entry"].iter().chain(names) {
        let mut e = vec![0u8; 128];
        let units: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        e[..units.len()].copy_from_slice(&units);
        e[64] = units.len() as u8 + 2;
        e[66] = 2;
        dir.extend(e);
    }
    dir.resize(sectors * 512, 0);
    [head, table, dir].concat()
}

fn see(b: &[u8]) -> Inside {
    look(&mut Cursor::new(b)).unwrap()
}

fn accepts(name: &str, b: &[u8]) -> bool {
    match by_ending(name).and_then(|t| check(name, t, &mut Cursor::new(b))) {
        Ok(()) => true,
        Err(e) => {
            assert!(e.is(&FILE_TYPE_REFUSED), "{e:?}");
            false
        }
    }
}

#[test]
fn every_type_is_taken_under_its_own_ending_only() {
    let samples: Vec<(&[&str], Vec<u8>)> = vec![
        (&["pdf"], b"%PDF-1.7\n".to_vec()),
        (
            &["ofd"],
            zip(&[("OFD.xml", b"<x/>"), ("Doc_0/Document.xml", b"<x/>")]),
        ),
        (
            &["docx", "wps"],
            zip(&[
                ("[Content_Types].xml", b"<x/>"),
                ("word/document.xml", b"<x/>"),
            ]),
        ),
        (
            &["xlsx", "et"],
            zip(&[
                ("[Content_Types].xml", b"<x/>"),
                ("xl/workbook.xml", b"<x/>"),
            ]),
        ),
        (
            &["pptx"],
            zip(&[
                ("[Content_Types].xml", b"<x/>"),
                ("ppt/presentation.xml", b"<x/>"),
            ]),
        ),
        (
            &["doc", "wps"],
            ole(&["1Table", "a", "b", "c", "d", "WordDocument"]),
        ),
        (&["xls", "et"], ole(&["Workbook"])),
        (&["ppt"], ole(&["PowerPoint Document"])),
        (&["jpg", "jpeg"], b"\xff\xd8\xff\xe0aaaa".to_vec()),
        (&["png"], b"\x89PNG\r\n\x1a\naaaa".to_vec()),
        (&["tif", "tiff"], b"II*\0aaaa".to_vec()),
        (&["bmp"], b"BM\x10\0\0\0\0\0\0\0aaaa".to_vec()),
        (&["txt"], "会议纪要\r\n第一项".as_bytes().to_vec()),
        (&["txt"], b"\xb9\xab\xce\xc4\r\n".to_vec()),
        (&["txt"], b"\xff\xfeh\0i\0".to_vec()),
    ];
    for (own, content) in &samples {
        for t in TYPES {
            assert_eq!(
                accepts(&format!("a.{}", t.ext), content),
                own.contains(&t.ext),
                "{own:?} as {}",
                t.ext
            );
        }
    }
}

#[test]
fn t01_programs_pages_and_scripts_are_refused_under_every_ending() {
    let corpus: &[(&[u8], &str)] = &[
        (b"MZ\x90\0\x03", "Windows 程序"),
        (b"\x7fELF\x02\x01", "Linux 程序"),
        (b"#!/bin/sh\nrm -rf /", "脚本"),
        (b"@echo off\r\ndel *", "脚本"),
        (b"<?php system($_GET[0]);", "脚本"),
        (b"\xef\xbb\xbf  <!DOCTYPE html><p>", "网页"),
        (b"hello <ScRiPt>alert(1)</script>", "网页"),
        (
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
            "SVG",
        ),
        (b"<?xml version='1.0'?><svg/>", "SVG"),
        (
            b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>",
            "网页",
        ),
        (b"\xff\xfe<\0s\0c\0r\0i\0p\0t\0>\0", "网页"),
        (b"GIF89a<script>", "GIF"),
        (b"garbage\0\x01\x02", "无法识别"),
        (b"junk before\n%PDF-1.7", "PDF"),
        (b"", "空文件"),
        (b"Rar!\x1a\x07", "RAR"),
    ];
    for (content, what) in corpus {
        assert!(
            see(content).title().contains(what),
            "{:?} is {:?}",
            content,
            see(content)
        );
        for t in TYPES {
            assert!(
                !accepts(&format!("a.{}", t.ext), content),
                "{what} as {}",
                t.ext
            );
        }
    }
    for name in [
        "a.exe",
        "a.svg",
        "a.html",
        "a.js",
        "a.zip",
        "a.docm",
        "a.pdf.bat",
        "a.gif",
    ] {
        assert!(
            by_ending(name).unwrap_err().is(&FILE_TYPE_REFUSED),
            "{name}"
        );
    }
    for names in [&["!_StringData"][..], &["EncryptedPackage"], &[]] {
        assert!(!accepts("a.doc", &ole(names)), "{names:?}");
    }
    assert!(!accepts("a.doc", &ole::MAGIC), "only the magic");
    let macros = zip(&[
        ("[Content_Types].xml", b"x"),
        ("word/document.xml", b"x"),
        ("word/vbaProject.bin", b"x"),
    ]);
    assert!(see(&macros).title().contains("宏"));
}

#[test]
fn t02_containers_with_paths_that_lead_out_are_refused() {
    for bad in [
        "../../../etc/passwd",
        "/etc/passwd",
        "word/../../x",
        "..",
        "C:\\x",
        "a\\..\\b",
        "c:x",
    ] {
        let b = zip(&[
            ("[Content_Types].xml", b"x"),
            ("word/document.xml", b"x"),
            (bad, b"x"),
        ]);
        assert!(
            see(&b).title().contains("不安全路径"),
            "{bad}: {:?}",
            see(&b)
        );
    }
    let mut z = ZipWriter::new(Cursor::new(Vec::new()));
    z.start_file("[Content_Types].xml", SimpleFileOptions::default())
        .unwrap();
    z.add_symlink(
        "word/document.xml",
        "/etc/passwd",
        SimpleFileOptions::default(),
    )
    .unwrap();
    let b = z.finish().unwrap().into_inner();
    assert!(see(&b).title().contains("不安全路径"));
}

#[test]
fn t27_bombs_are_refused_by_their_list_of_contents() {
    let zeros = vec![0u8; 12 * 1024 * 1024];
    let b = zip(&[("[Content_Types].xml", b"x"), ("word/document.xml", &zeros)]);
    assert!(b.len() < 60_000);
    assert!(see(&b).title().contains("异常庞大"), "ratio");
    let many: Vec<String> = (0..10_001).map(|i| format!("word/{i}")).collect();
    let list: Vec<(&str, &[u8])> = many.iter().map(|n| (n.as_str(), &b"x"[..])).collect();
    assert!(see(&zip(&list)).title().contains("异常庞大"), "entries");
    // Two entries that share their bytes.
    let good = zip(&[("[Content_Types].xml", b"x"), ("word/document.xml", b"yy")]);
    let mut lapping = good.clone();
    let second = good.windows(4).rposition(|w| w == b"PK\x01\x02").unwrap();
    lapping[second + 42..second + 46].copy_from_slice(&[0; 4]);
    assert!(see(&lapping).title().contains("异常庞大"), "overlap");
    for cut in [10, 30, good.len() - 1, good.len() - 30] {
        assert!(
            matches!(see(&good[..cut]), Inside::Foreign(_)),
            "cut at {cut}"
        );
    }
}

#[test]
fn no_byte_pattern_stops_the_look() {
    let good = [
        zip(&[("[Content_Types].xml", b"x"), ("word/document.xml", b"yy")]),
        ole(&["WordDocument", "1Table", "x", "y", "z"]),
    ];
    for g in &good {
        for i in 0..g.len() {
            for v in [0, 0x7f, 0xff] {
                let mut b = g.clone();
                b[i] = v;
                look(&mut Cursor::new(&b)).unwrap();
            }
        }
    }
}
