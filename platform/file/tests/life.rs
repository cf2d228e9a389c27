//! What becomes of files: archived, swept, damaged, made by the server.
mod common;

use common::{fixtures, without_office};
use serde_json::json;
use zs_base::Id;
use zs_file::api;

#[tokio::test(flavor = "multi_thread")]
async fn archived_files_stay_as_they_are() {
    use std::os::unix::fs::PermissionsExt as _;
    let (_dir, all) = fixtures(without_office).await;
    for f in all {
        let (x, y) = (f.pdf("a", "x").await, f.pdf("a", "y").await);
        f.hang(1, &[x], 7, &[1]).await.unwrap();
        let frozen = f
            .change(1, |tx, _| api::freeze_all(tx, "memo", Id(7)))
            .await
            .unwrap();
        assert_eq!(frozen.iter().map(|l| l.file.id).collect::<Vec<_>>(), [x]);
        f.app.drain().await;
        let sha = &frozen[0].file.sha256;
        let path = f
            .on_disk()
            .into_iter()
            .find(|p| p.ends_with(sha.as_str()))
            .unwrap();
        assert_eq!(
            std::fs::metadata(path).unwrap().permissions().mode() & 0o777,
            0o440
        );
        let e = f
            .change(1, move |tx, _| api::unlink(tx, x, "memo", Id(7)))
            .await
            .unwrap_err();
        assert_eq!(e.code, "file_frozen");
        let e = f
            .change(1, move |tx, by| api::set(tx, &[y], "memo", Id(7), by))
            .await
            .unwrap_err();
        assert_eq!(e.code, "file_frozen");
        assert_eq!(
            f.app
                .call("DELETE", &format!("/files/{x}"), "a", None)
                .await
                .refused(422),
            "file_frozen"
        );
        // The same content uploaded and deleted by somebody else does not take the archive's copy away.
        let again = f.pdf("b", "x").await;
        f.app
            .call("DELETE", &format!("/files/{again}"), "b", None)
            .await
            .ok();
        f.app.drain().await;
        let content = api::content(&f.app.system(), x, 1000).await.unwrap();
        assert_eq!(content, b"%PDF-1.7\nx");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn unused_uploads_are_swept_after_a_day_and_their_content_after_a_week_more() {
    const HOUR: i64 = 3_600_000;
    let (_dir, all) = fixtures(without_office).await;
    for f in all {
        let (loose, kept) = (f.pdf("a", "x").await, f.pdf("a", "y").await);
        f.hang(1, &[kept], 7, &[1]).await.unwrap();
        f.app.clock().advance(23 * HOUR);
        f.app.drain().await;
        f.app.get(&format!("/files/{loose}"), "a").await.ok();
        f.app.clock().advance(2 * HOUR);
        f.app.drain().await;
        assert_eq!(
            f.app
                .get(&format!("/files/{loose}"), "a")
                .await
                .refused(404),
            "not_found"
        );
        f.app.get(&format!("/files/{kept}"), "a").await.ok();
        let trash = || {
            f.on_disk()
                .into_iter()
                .filter(|p| p.contains("/trash/"))
                .count()
        };
        assert_eq!((trash(), f.on_disk().len()), (1, 2));
        f.app.clock().advance(8 * 24 * HOUR);
        f.app.drain().await;
        assert_eq!((trash(), f.on_disk().len()), (0, 1));
        assert_eq!(
            f.app
                .get(&format!("/files/{kept}/content"), "a")
                .await
                .bytes,
            b"%PDF-1.7\ny"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn damaged_content_is_never_served_as_good() {
    let (_dir, all) = fixtures(without_office).await;
    for f in all {
        let file = f.pdf("a", "x").await;
        let path = f.on_disk().remove(0);
        let mut raw = std::fs::read(&path).unwrap();
        raw[20] ^= 1;
        std::fs::write(&path, raw).unwrap();
        let a = f.app.get(&format!("/files/{file}/content"), "a").await;
        assert_eq!(a.json["code"], json!("blob_damaged"));
        assert_eq!(a.refused(503), "blob_damaged");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_keeps_its_own_papers_like_uploads() {
    let (_dir, all) = fixtures(without_office).await;
    for f in all {
        let ctx = f.app.ctx(common::person(1));
        let made = api::add(&ctx, "处理笺.pdf", b"%PDF-1.7 sheet".to_vec())
            .await
            .unwrap();
        f.app.get(&format!("/files/{}", made.id), "a").await.ok();
        f.hang(1, &[made.id], 7, &[2]).await.unwrap();
        let gates = f.app.app.services.get::<zs_file::FileGates>().unwrap();
        let ids = [(2, true), (3, false)];
        for (who, want) in ids {
            let (gates, actor) = (std::sync::Arc::clone(&gates), common::person(who));
            let may = f
                .app
                .app
                .db
                .read(move |tx| api::may_read(tx, &gates, &actor, made.id))
                .await
                .unwrap();
            assert_eq!(may, want);
        }
        assert!(api::add(&ctx, "x.pdf", b"MZ".to_vec()).await.is_err());
    }
}
