//! Files that go out, come back, or are a trap.
use rust_xlsxwriter::Workbook;

use super::sheets::{faults, import};
use super::*;
use crate::xlsx::NODE_COLUMNS;

#[tokio::test(flavor = "multi_thread")]
async fn an_export_comes_back_without_a_change_and_holds_no_formula() {
    for c in &cities().await {
        let body = json!({"parent_id": c.fin, "kind": "division", "name": "=HYPERLINK(1)科"});
        let odd = c.app.post("/admin/org/nodes", "sys", body).await.ok();
        let below = json!({"parent_id": odd["id"], "kind": "division", "name": "小科"});
        c.app.post("/admin/org/nodes", "sys", below).await.ok();
        let out = c.app.get("/admin/org/export", "sys").await;
        assert!(
            out.headers["content-disposition"]
                .to_str()
                .unwrap()
                .contains("2026-03-02.xlsx")
        );
        let mut report = crate::xlsx::Report::default();
        let book = crate::xlsx::book::read(&out.bytes, &mut report).unwrap();
        assert_eq!((book.nodes.len(), book.people.len()), (9, 7));
        let raw: calamine::Xlsx<_> =
            calamine::open_workbook_from_rs(std::io::Cursor::new(out.bytes.clone())).unwrap();
        let mut raw = raw;
        let range = calamine::Reader::worksheet_range(&mut raw, "单位").unwrap();
        assert!(
            range.rows().any(|r| r[2] == *"'=HYPERLINK(1)科"),
            "the sign is escaped"
        );
        let again = import(c, out.bytes, false).await.ok();
        assert_eq!(
            (
                again["created"].as_i64(),
                again["updated"].as_i64(),
                faults(&again)
            ),
            (Some(0), Some(0), vec![]),
            "{again}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_template_itself_can_be_imported() {
    for c in &cities().await {
        let t = c.app.get("/admin/org/template", "sys").await;
        assert!(t.status.is_success());
        let dry = import(c, t.bytes, true).await.ok();
        assert_eq!(
            (dry["rows"].as_i64(), faults(&dry)),
            (Some(7), vec![]),
            "{dry}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_workbook_or_a_trap_is_refused() {
    for c in &cities().await {
        for bytes in [
            b"".to_vec(),
            b"MZ\x90 not a workbook".to_vec(),
            zip_of("xl/x.xml"),
        ] {
            assert_eq!(
                import(c, bytes, false).await.refused(400),
                "import_unreadable"
            );
        }
        assert_eq!(
            import(c, vec![0; 9 * 1024 * 1024], false)
                .await
                .refused(413),
            "import_too_large"
        );
        // One cell at the far corner of the sheet must not make a table of 17 thousand million cells.
        let mut b = Workbook::new();
        let w = b.add_worksheet();
        w.set_name("单位").unwrap();
        for (i, h) in (0u16..).zip(NODE_COLUMNS) {
            w.write_string(0, i, h).unwrap();
        }
        w.write_string(1_048_575, 16_383, "x").unwrap();
        let r = import(c, b.save_to_buffer().unwrap(), false).await.ok();
        assert_eq!(r["rows"], 0);
        // Headings that are missing are named.
        let mut b = Workbook::new();
        let w = b.add_worksheet();
        w.set_name("人员").unwrap();
        w.write_string(0, 0, "姓名").unwrap();
        w.write_string(1, 0, "甲").unwrap();
        let r = import(c, b.save_to_buffer().unwrap(), false).await.ok();
        assert!(
            faults(&r).contains(&("人员".to_owned(), 1, "单位编码".to_owned())),
            "{r}"
        );
    }
}

fn zip_of(name: &str) -> Vec<u8> {
    let mut z = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    z.start_file(name, zip::write::SimpleFileOptions::default())
        .unwrap();
    z.finish().unwrap().into_inner()
}
