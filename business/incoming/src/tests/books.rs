//! Books, exports, prints and the archive package of a document that went all the way.
use std::collections::BTreeMap;
use std::io::{Cursor, Read as _, Write as _};
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use zip::ZipArchive;
use zs_base::sha256_hex;

use super::kit::{Office, offices};
use super::story::filed;
use super::view::sheet;
use crate::columns::COLUMNS;
use crate::digest::sm3_hex;

/// The text of a PDF without white space.
fn text(pdf: &[u8]) -> String {
    assert!(pdf.starts_with(b"%PDF-"));
    let mut child = Command::new("pdftotext")
        .args(["-raw", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("poppler-utils is installed by the set-up script");
    let mut stdin = child.stdin.take().unwrap();
    let bytes = pdf.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&bytes));
    let out = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    String::from_utf8_lossy(&out.stdout)
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect()
}

async fn print(o: &Office, path: &str, who: &str) -> String {
    let a = o.app.get(path, who).await;
    assert!(a.status.is_success(), "{path} {who}: {}", a.json);
    assert_eq!(a.headers["content-type"], "application/pdf");
    text(&a.bytes)
}

fn has(text: &str, parts: &[&str]) {
    for p in parts {
        assert!(text.contains(p), "{p} is missing in {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filed_document_stands_in_every_book_and_on_every_sheet() {
    for o in offices().await {
        let doc = filed(&o).await;
        ledger(&o, &doc).await;
        register_book(&o, &doc).await;
        sheets(&o, &doc).await;
        package(&o, &doc).await;
    }
}

async fn ledger(o: &Office, doc: &str) {
    let want = o.ledger(doc).await;
    let page = o.app.get("/incoming/ledger?year=2026", "sec").await.ok();
    let columns: Vec<(&str, &str)> = page["columns"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| (c["key"].as_str().unwrap(), c["title"].as_str().unwrap()))
        .collect();
    assert_eq!(columns, COLUMNS);
    assert_eq!(
        (page["total"].as_i64(), page["next"].is_null()),
        (Some(1), true)
    );
    let item = &page["items"][0];
    assert_eq!(
        (item["id"].as_str(), item["serial_no"].as_str()),
        (Some(doc), Some("收〔2026〕1号"))
    );
    let a = o
        .app
        .get("/incoming/ledger/export?year=2026", "chief")
        .await;
    let disposition = a.headers["content-disposition"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(
        disposition.contains("%E5%8F%B0%E5%B8%90") && disposition.contains("2026-03-"),
        "{disposition}"
    );
    let rows = sheet(&a.bytes);
    assert_eq!(rows.len(), 2);
    assert_eq!(
        (rows[0][0].as_str(), rows[0][1].as_str()),
        ("收文编号", "标题")
    );
    for (n, (key, title)) in COLUMNS.iter().enumerate() {
        assert_eq!(item["cells"][n], want[key].as_str(), "{key} on screen");
        assert_eq!(&rows[0][n + 2], title);
        assert_eq!(rows[1][n + 2], want[key], "{key} in the export");
    }
    let pdf = print(
        o,
        "/incoming/ledger/print?from=2026-03-01&to=2026-03-31",
        "clerk",
    )
    .await;
    has(
        &pdf,
        &[
            "来文处理流程台帐",
            "收〔2026〕1号",
            "2026年3月1日至2026年3月31日",
            "王市长",
            "农业科",
        ],
    );
    for away in ["year=2025", "from=2026-03-03", "to=2026-03-01"] {
        assert_eq!(
            o.app
                .get(&format!("/incoming/ledger?{away}"), "clerk")
                .await
                .ok()["total"],
            0,
            "{away}"
        );
    }
}

async fn register_book(o: &Office, doc: &str) {
    // A void number stays in the book.
    let void = o.registered("教函〔2026〕3号").await;
    o.app
        .post(
            &format!("/incoming/{void}/void"),
            "clerk",
            json!({"reason": "重复登记"}),
        )
        .await
        .ok();
    let unregistered = o.sign_in("clerk", "教函〔2026〕4号").await;
    let page = o
        .app
        .get(
            "/incoming/register_book?year=2026&doc_class=red_head",
            "clerk",
        )
        .await
        .ok();
    let items = page["items"].as_array().unwrap();
    assert_eq!(page["total"], 2);
    assert!(items.iter().all(|i| i["id"] != unregistered.as_str()));
    assert_eq!(
        (items[0]["id"].as_str(), items[1]["id"].as_str()),
        (Some(doc), Some(void.as_str()))
    );
    assert_eq!(items[0]["lead_units"], json!(["综合科"]));
    assert_eq!(items[0]["registered_by"], "收二");
    assert!(items[1]["remark"].as_str().unwrap().starts_with("已作废"));
    let first = o
        .app
        .get("/incoming/register_book?limit=1", "clerk")
        .await
        .ok();
    let cursor = first["next"].as_str().unwrap().replace('~', "%7E");
    let second = o
        .app
        .get(
            &format!("/incoming/register_book?limit=1&cursor={cursor}"),
            "clerk",
        )
        .await
        .ok();
    assert_eq!(second["items"][0]["id"], void.as_str());
    assert!(second["next"].is_null() && second["total"].is_null());
    let a = o
        .app
        .get("/incoming/register_book/export?year=2026", "chief")
        .await;
    let rows = sheet(&a.bytes);
    assert_eq!(
        rows[0][..5],
        ["收文编号", "收文日期", "来文单位", "来文字号", "标题"]
    );
    assert_eq!(
        rows[1][..5],
        [
            "收〔2026〕1号",
            "2026-03-02",
            "省政府办公厅",
            "国办发〔2026〕8号",
            "关于做好防汛工作的通知"
        ]
    );
    assert_eq!(
        (
            rows[1][7].as_str(),
            rows[1][8].as_str(),
            rows[1][9].as_str()
        ),
        ("1", "综合科", "2026-03-12")
    );
    assert_eq!(rows.len(), 3);
    let pdf = print(o, "/incoming/register_book/print?year=2026", "sec").await;
    has(
        &pdf,
        &[
            "收文登记簿",
            "收〔2026〕1号",
            "收〔2026〕2号",
            "市政府办公室",
            "2026年",
            "已作废",
            "综合科",
        ],
    );
    assert_eq!(
        o.app
            .get("/incoming/register_book?doc_class=blue", "clerk")
            .await
            .refused(400),
        "invalid"
    );
    assert_eq!(
        o.app
            .get("/incoming/register_book?from=01.03.2026", "clerk")
            .await
            .refused(400),
        "invalid"
    );
}

async fn sheets(o: &Office, doc: &str) {
    let path = format!("/incoming/{doc}/handling_sheet/print");
    let whole = print(o, &path, "clerk").await;
    has(
        &whole,
        &[
            "公文处理单",
            "省政府办公厅",
            "国办发〔2026〕8号",
            "收〔2026〕1号",
            "关于做好防汛工作的通知",
            "报两位领导。",
            "拟办意见改为：请王市长、李副市长批示。",
            "王市长",
            "同意，请综合科抓紧。",
            "综合科",
            "农业科",
            "2026年3月12日",
            "隐患全部整改，已答复。",
            "加急",
        ],
    );
    assert!(
        !whole.contains("（手写批示）"),
        "the pen's strokes stand for themselves"
    );
    // A division sees its own part and what followed, not what the leaders wrote before.
    let own = print(o, &path, "zh_staff").await;
    has(&own, &["公文处理单", "关于做好防汛工作的通知"]);
    for hidden in ["报两位领导。", "同意，请综合科抓紧。"] {
        assert!(
            !own.contains(hidden),
            "{hidden} is upstream of the undertaker"
        );
    }
    let path = format!("/incoming/{doc}/circulation_sheet/print");
    let all = print(o, &path, "sec").await;
    has(
        &all,
        &["公文传阅单", "综合科长", "农业科长", "国办发〔2026〕8号"],
    );
    assert!(
        !print(o, &path, "zh_staff").await.contains("农业科长"),
        "another's reading is not downstream of the undertaker"
    );
    for path in [
        "handling_sheet/print",
        "circulation_sheet/print",
        "archive_package",
    ] {
        assert_eq!(
            o.app
                .get(&format!("/incoming/{doc}/{path}"), "stranger")
                .await
                .refused(404),
            "not_found"
        );
    }
}

fn unzip(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut z = ZipArchive::new(Cursor::new(bytes.to_vec())).unwrap();
    let mut out = BTreeMap::new();
    for i in 0..z.len() {
        let mut f = z.by_index(i).unwrap();
        let mut bytes = Vec::new();
        f.read_to_end(&mut bytes).unwrap();
        out.insert(f.name().unwrap().into_owned(), bytes);
    }
    out
}

async fn package(o: &Office, doc: &str) {
    let path = format!("/incoming/{doc}/archive_package");
    let a = o.app.get(&path, "clerk").await;
    assert!(a.status.is_success(), "{}", a.json);
    let files = unzip(&a.bytes);
    let manifest: Value = serde_json::from_slice(&files["manifest.json"]).unwrap();
    let parts = manifest["parts"].as_array().unwrap();
    assert_eq!(
        parts.len() + 1,
        files.len(),
        "the manifest names every part"
    );
    for p in parts {
        let bytes = &files[p["path"].as_str().unwrap()];
        assert_eq!(p["sha256"], sha256_hex(bytes).as_str());
        assert_eq!(p["sm3"], sm3_hex(bytes).as_str());
        assert_eq!(p["size"], bytes.len());
    }
    let d = o.detail("clerk", doc).await;
    assert_eq!(
        d["digest"],
        sm3_hex(&files["归档记录.json"]).as_str(),
        "the record is what was frozen"
    );
    assert_eq!(manifest["record_sm3"], d["digest"]);
    let record: Value = serde_json::from_slice(&files["归档记录.json"]).unwrap();
    assert_eq!(record["attributes"]["doc_number"], "国办发〔2026〕8号");
    assert!(
        record["events"]
            .as_array()
            .unwrap()
            .iter()
            .all(|e| e["hash"].as_str().unwrap().len() == 64)
    );
    let ledger: Value = serde_json::from_slice(&files["台帐.json"]).unwrap();
    assert_eq!(ledger.as_array().unwrap().len(), 29);
    assert_eq!(
        files["文件/01-tongzhi.txt"],
        "关于做好防汛工作的通知".as_bytes()
    );
    has(
        &text(&files["公文处理单.pdf"]),
        &["公文处理单", "同意，请综合科抓紧。"],
    );
    has(&text(&files["公文传阅单.pdf"]), &["公文传阅单"]);
    assert_eq!(o.app.get(&path, "mayor").await.refused(403), "forbidden");
    let open = o.registered("教函〔2026〕9号").await;
    assert_eq!(
        o.app
            .get(&format!("/incoming/{open}/archive_package"), "clerk")
            .await
            .refused(422),
        "not_filed"
    );
}
