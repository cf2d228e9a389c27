//! Statistics of a document that went all the way.
use std::io::Cursor;

use super::kit::{Office, offices};
use super::story::filed;

#[tokio::test(flavor = "multi_thread")]
async fn a_filed_document_counts_as_handled() {
    for o in offices().await {
        filed(&o).await;
        stats(&o).await;
    }
}

async fn stats(o: &Office) {
    let s = o.app.get("/incoming/stats?year=2026", "sec").await.ok();
    let t = &s["total"];
    assert_eq!(
        (t["received"].as_i64(), t["to_handle"].as_i64()),
        (Some(1), Some(1)),
        "{s}"
    );
    assert_eq!(
        (t["handled"].as_i64(), t["overdue"].as_i64()),
        (Some(1), Some(0))
    );
    assert_eq!(s["months"].as_array().map(Vec::len), Some(1));
    assert_eq!(s["senders"][0]["received"], 1);
    assert!(
        s["lead_units"]
            .as_array()
            .is_some_and(|l| l.iter().all(|u| u["received"] == 1))
    );
    let none = o.app.get("/incoming/stats?year=2024", "sec").await.ok();
    assert_eq!(none["total"]["received"], 0);
    assert_eq!(
        o.app.get("/incoming/stats", "mayor").await.refused(403),
        "forbidden"
    );
    assert_eq!(
        o.app
            .get("/incoming/stats/export", "mayor")
            .await
            .refused(403),
        "forbidden"
    );
    let file = o.app.get("/incoming/stats/export?year=2026", "sec").await;
    let mut book: calamine::Xlsx<_> = calamine::Reader::new(Cursor::new(file.bytes)).unwrap();
    let range = calamine::Reader::worksheet_range_at(&mut book, 0)
        .unwrap()
        .unwrap();
    let row: Vec<String> = range
        .rows()
        .nth(1)
        .unwrap()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        (row[0].as_str(), row[2].as_str(), row[6].as_str()),
        ("合计", "1", "100.0%")
    );
}
