//! Attachments: a printed letter as PDF and a table of contacts as DOCX, small and real.
use std::io::Write as _;

use zip::write::SimpleFileOptions;
use zs_base::{Error, Id, Result};
use zs_ctx::Ctx;

use crate::seed::rng::Rng;
use crate::seed::text::Paper;

/// The files of a document, the body first.
pub async fn make(ctx: &Ctx, paper: &Paper, r: &mut Rng) -> Result<Vec<Id>> {
    let lines = body(paper, r);
    let body = zs_file::api::add(ctx, &format!("{}.pdf", paper.title), pdf(&lines)).await?;
    let mut ids = vec![body.id];
    if r.chance(50) {
        let annex: Vec<String> = std::iter::once(format!("{}任务分解表", paper.matter))
            .chain((1..=6).map(|n| {
                format!(
                    "{n}. 第{n}项任务：{}有关工作，责任单位、完成时限见正文。",
                    paper.matter
                )
            }))
            .collect();
        ids.push(
            zs_file::api::add(ctx, "附件1：任务分解表.docx", docx(&annex)?)
                .await?
                .id,
        );
    }
    Ok(ids)
}

fn body(p: &Paper, r: &mut Rng) -> Vec<String> {
    let m = p.matter;
    let mut out = vec![
        p.title.clone(),
        p.number.clone().unwrap_or_default(),
        String::new(),
    ];
    out.push("各有关单位：".into());
    let paragraphs = [
        format!("为做好{m}工作，现将有关事项明确如下。"),
        format!("一、提高认识。{m}关系群众切身利益，各单位要明确一名负责同志牵头。"),
        "二、明确任务。各单位对照任务分解表，逐项确定责任人和完成时限。".to_owned(),
        format!(
            "三、按时报送。请于{}个工作日内报送{m}情况。",
            r.between(5, 15)
        ),
        "四、加强督促。对进展迟缓的单位予以通报。".to_owned(),
    ];
    for text in paragraphs {
        let chars: Vec<char> = format!("　　{text}").chars().collect();
        out.extend(chars.chunks(28).map(|c| c.iter().collect::<String>()));
    }
    out.extend([
        String::new(),
        format!("　　　　　　　　　　　　　　{}", p.sender),
    ]);
    out
}

/// One page of A4 with these lines in the viewer's own Song face (STSong-Light over UniGB-UTF16-H, ISO 32000 9.7.5.2).
pub fn pdf(lines: &[String]) -> Vec<u8> {
    let mut text = String::from("BT /F1 14 Tf 22 TL 90 760 Td\n");
    for line in lines {
        let hex: String = line.encode_utf16().map(|u| format!("{u:04X}")).collect();
        text.push_str(&format!("<{hex}> Tj T*\n"));
    }
    text.push_str("ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 5 0 R >> >> /Contents 4 0 R >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len()),
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UTF16-H /DescendantFonts [6 0 R] >>".to_owned(),
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> \
         /FontDescriptor 7 0 R /DW 1000 >>".to_owned(),
        "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 \
         /Descent -120 /CapHeight 880 /StemV 93 >>".to_owned(),
    ];
    let mut out = String::from("%PDF-1.4\n");
    let mut at = Vec::new();
    for (n, o) in (1..).zip(&objects) {
        at.push(out.len());
        out.push_str(&format!("{n} 0 obj\n{o}\nendobj\n"));
    }
    let xref = out.len();
    out.push_str(&format!(
        "xref\n0 {}\n0000000000 65535 f \n",
        objects.len() + 1
    ));
    for a in at {
        out.push_str(&format!("{a:010} 00000 n \n"));
    }
    out.push_str(&format!(
        "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{xref}\n%%EOF\n",
        objects.len() + 1
    ));
    out.into_bytes()
}

/// A word document of paragraphs (ECMA-376 part 1, the three parts that are required).
pub fn docx(lines: &[String]) -> Result<Vec<u8>> {
    let escape = |s: &str| {
        s.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
    };
    let paragraphs: String = lines
        .iter()
        .map(|l| {
            format!(
                "<w:p><w:r><w:t xml:space=\"preserve\">{}</w:t></w:r></w:p>",
                escape(l)
            )
        })
        .collect();
    let head = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
    let parts = [
        (
            "[Content_Types].xml",
            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" \
             ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" \
             ContentType=\"application/xml\"/><Override PartName=\"/word/document.xml\" \
             ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>"
                .to_owned(),
        ),
        (
            "_rels/.rels",
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" \
             Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" \
             Target=\"word/document.xml\"/></Relationships>"
                .to_owned(),
        ),
        (
            "word/document.xml",
            format!(
                "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>{paragraphs}\
                 </w:body></w:document>"
            ),
        ),
    ];
    let mut z = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in parts {
        z.start_file(name, SimpleFileOptions::default())
            .map_err(Error::internal)?;
        z.write_all(format!("{head}{text}").as_bytes())
            .map_err(Error::internal)?;
    }
    Ok(z.finish().map_err(Error::internal)?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pdf_tells_where_its_objects_stand() {
        let bytes = pdf(&["关于做好河湖长制工作的通知".into(), String::new()]);
        let text = String::from_utf8(bytes).unwrap();
        let xref = text.find("xref\n").unwrap();
        assert!(text.ends_with(&format!("startxref\n{xref}\n%%EOF\n")));
        for (n, line) in (1..).zip(text.get(xref..).unwrap().lines().skip(3).take(7)) {
            let at: usize = line.get(..10).unwrap().parse().unwrap();
            assert!(
                text.get(at..).unwrap().starts_with(&format!("{n} 0 obj")),
                "{line}"
            );
        }
        assert!(text.contains("5173"), "关 in UTF-16");
    }

    #[test]
    fn the_word_document_is_a_zip_with_its_text() {
        let bytes = docx(&["一、<任务> & 责任".into()]).unwrap();
        let mut z = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        let mut text = String::new();
        std::io::Read::read_to_string(&mut z.by_name("word/document.xml").unwrap(), &mut text)
            .unwrap();
        assert!(text.contains("一、&lt;任务&gt; &amp; 责任"));
        assert_eq!(z.len(), 3);
    }
}
