//! Uploads: what is kept, what is refused, and that a refusal leaves nothing.
mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::Body;
use axum::http::Request;
use common::{docx, fixtures, id, without_office, zipped};
use futures_util::stream;
use serde_json::json;
use zs_base::sha256_hex;
use zs_file::FileOptions;

#[tokio::test(flavor = "multi_thread")]
async fn statements_prepare() {
    for f in fixtures(without_office).await.1 {
        f.app.statements_prepare().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_answers_what_it_found_and_keeps_the_content_sealed() {
    let (_dir, all) = fixtures(without_office).await;
    for f in all {
        let body = "%PDF-1.7\n关于防汛工作的通知";
        let v = f.upload("a", "关于防汛工作的通知.PDF", body).await.ok();
        assert_eq!(v["name"], "关于防汛工作的通知.pdf");
        assert_eq!(
            (v["size"].as_i64().unwrap(), &v["kind"]),
            (body.len() as i64, &json!("pdf"))
        );
        assert_eq!(v["sha256"], sha256_hex(body));
        assert_eq!(
            (&v["preview"], &v["preview_note"]),
            (&json!("ready"), &json!(null))
        );
        let path = format!("/files/{}", id(&v));
        assert_eq!(f.app.get(&path, "a").await.ok(), v);
        let got = f.app.get(&format!("{path}/content"), "a").await;
        assert_eq!(got.bytes, body.as_bytes());
        let disk = f.on_disk();
        assert_eq!(disk.len(), 1);
        assert!(
            disk[0].ends_with(&sha256_hex(body)),
            "the stored name is the hash, not the user's"
        );
        assert!(!String::from_utf8_lossy(&std::fs::read(&disk[0]).unwrap()).contains("PDF-1.7"));
        f.upload("b", "另一个名字.pdf", body).await.ok();
        assert_eq!(f.on_disk().len(), 1, "the same content is kept once");
        assert_eq!(
            f.number("select count(*) from audit_log where op = 'file.upload'")
                .await,
            2
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_type_gets_its_preview_state() {
    let (_dir, all) = fixtures(without_office).await;
    for f in all {
        for (name, body, kind, state) in [
            ("a.png", b"\x89PNG\r\n\x1a\nx".to_vec(), "image", "ready"),
            ("a.jpg", b"\xff\xd8\xff\xe0".to_vec(), "image", "ready"),
            ("a.tif", b"II*\0x".to_vec(), "image", "unavailable"),
            ("a.txt", b"abc".to_vec(), "other", "unavailable"),
            ("a.ofd", zipped(&[("OFD.xml", b"x")]), "ofd", "unavailable"),
            ("a.docx", docx("x"), "word", "pending"),
        ] {
            let v = f.upload("a", name, body).await.ok();
            assert_eq!(
                (v["kind"].as_str(), v["preview"].as_str()),
                (Some(kind), Some(state)),
                "{name}"
            );
            assert_eq!(
                v["preview_note"].is_null(),
                state == "ready",
                "{name} says why not"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn t01_unauthenticated_and_executable_uploads_are_refused_and_leave_nothing() {
    let (_dir, all) = fixtures(without_office).await;
    for f in all {
        let id = f.pdf("a", "x").await;
        for (method, path) in [
            ("POST", "/files?name=a.pdf".to_owned()),
            ("GET", format!("/files/{id}")),
            ("GET", format!("/files/{id}/content")),
            ("GET", format!("/files/{id}/preview")),
            ("DELETE", format!("/files/{id}")),
        ] {
            for token in ["", "forged"] {
                assert_eq!(
                    f.app.call(method, &path, token, None).await.refused(401),
                    "unauthenticated"
                );
            }
        }
        let before = f.on_disk();
        for (name, body) in [
            ("setup.exe", &b"MZ\x90\0"[..]),
            ("通知.pdf", b"MZ\x90\0"),
            ("通知.docx", b"MZ\x90\0"),
            ("通知.txt", b"<html><script>alert(1)</script>"),
            ("图.png", b"<svg onload=alert(1)>"),
            ("页.svg", b"<svg onload=alert(1)>"),
            ("shell.jsp", b"<%@ page %>"),
            ("shell.txt", b"#!/bin/sh\n"),
            ("空.pdf", b""),
            ("压缩.docx", b"PK\x03\x04 nothing"),
        ] {
            let a = f.upload("a", name, body.to_vec()).await;
            let told = a.json["detail"].as_str().unwrap().to_owned();
            assert_eq!(a.refused(422), "file_type_refused", "{name}");
            assert!(told.contains("其实是"), "{told}");
        }
        assert_eq!(f.on_disk(), before, "a refused upload leaves nothing");
        assert_eq!(f.number("select count(*) from file").await, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn t02_names_with_paths_are_refused_and_never_touch_the_disk() {
    let (dir, all) = fixtures(without_office).await;
    for f in all {
        for name in [
            "../../evil.pdf",
            "..\\evil.pdf",
            "/tmp/evil.pdf",
            "a\0.pdf",
            "\u{202e}fdp.exe.pdf",
        ] {
            assert_eq!(
                f.upload("a", name, "%PDF-1.7").await.refused(400),
                "file_name_refused",
                "{name:?}"
            );
        }
        // Overlong UTF-8 for `../`.
        let req = Request::post("/api/v1/files?name=%C0%AE%C0%AE%C0%AFevil.pdf")
            .header("cookie", "zs_session=a")
            .body(Body::from("%PDF-1.7"))
            .unwrap();
        assert_eq!(f.app.send(req).await.refused(400), "file_name_refused");
        assert!(f.on_disk().is_empty());
        assert!(!dir.0.join("evil.pdf").exists() && !f.dir.join("evil.pdf").exists());
        for path in [
            "/files/../../etc/passwd/content",
            "/files/%2e%2e%2fetc/content",
            "/files/0/content",
            "/files/-1/content",
            "/files/abc",
        ] {
            let a = f.app.get(path, "a").await;
            assert!(
                matches!(a.status.as_u16(), 400 | 404),
                "{path}: {}",
                a.status
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn t27_a_huge_upload_is_refused_early_or_cut_at_the_limit_and_nothing_stays() {
    const MB: u64 = 1024 * 1024;
    let limit = 50 * MB;
    let options = move || FileOptions {
        max_bytes: Some(limit),
        ..without_office()
    };
    let (_dir, all) = fixtures(options).await;
    for f in all {
        let pulled = Arc::new(AtomicU64::new(0));
        let endless = |chunks: usize| {
            let count = Arc::clone(&pulled);
            let part = bytes::Bytes::from(vec![b'%'; MB as usize / 4]);
            Body::from_stream(stream::iter(0..chunks).map_ok_part(move || {
                count.fetch_add(part.len() as u64, Ordering::SeqCst);
                part.clone()
            }))
        };
        // Two gigabytes announced: not one byte is read.
        let req = Request::post("/api/v1/files?name=a.pdf")
            .header("cookie", "zs_session=a")
            .header("content-length", (2048 * MB).to_string())
            .body(endless(8192))
            .unwrap();
        let a = f.app.send(req).await;
        assert!(a.json["detail"].as_str().unwrap().contains("50 MB"));
        assert_eq!(a.refused(413), "file_too_large");
        assert_eq!(pulled.load(Ordering::SeqCst), 0);
        // 300 MB without an announcement: reading stops at the limit.
        let a = f.upload("a", "a.pdf", endless(1200)).await;
        assert_eq!(a.refused(413), "file_too_large");
        let read = pulled.load(Ordering::SeqCst);
        assert!(read > limit && read <= limit + MB, "{read}");
        assert!(f.on_disk().is_empty(), "nothing stays on disk");
        assert_eq!(f.number("select count(*) from file").await, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_limit_is_a_setting() {
    let (_dir, all) = fixtures(without_office).await;
    for f in all {
        let ask = |mb: u64| {
            Request::post("/api/v1/files?name=a.pdf")
                .header("cookie", "zs_session=a")
                .header("content-length", (mb * 1024 * 1024).to_string())
                .body(Body::from("%PDF"))
                .unwrap()
        };
        assert_eq!(f.app.send(ask(201)).await.refused(413), "file_too_large");
        assert_eq!(f.app.send(ask(199)).await.refused(400), "upload_broken");
        let set = "insert into setting_value (unit_id, key, value, version, updated_at) values (0, 'file.max_mb', '10', 1, 1)";
        let rows = f.app.app.db.write(move |tx| tx.exec(set, &[])).await;
        assert_eq!(rows.unwrap(), 1);
        assert_eq!(f.app.send(ask(11)).await.refused(413), "file_too_large");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_upload_with_the_same_key_is_one_file() {
    let (_dir, all) = fixtures(without_office).await;
    for f in all {
        let send = || {
            let req = Request::post("/api/v1/files?name=a.pdf")
                .header("cookie", "zs_session=a")
                .header("idempotency-key", "0123456789abcdef")
                .body(Body::from("%PDF-1"))
                .unwrap();
            f.app.send(req)
        };
        assert_eq!(id(&send().await.ok()), id(&send().await.ok()));
        assert_eq!(f.number("select count(*) from file").await, 1);
    }
}

/// A lazy stream of parts that never fails.
trait Parts: stream::Stream<Item = usize> + Sized {
    fn map_ok_part(
        self,
        mut f: impl FnMut() -> bytes::Bytes + Send,
    ) -> impl stream::Stream<Item = Result<bytes::Bytes, std::io::Error>> {
        use futures_util::StreamExt as _;
        self.map(move |_| Ok(f()))
    }
}
impl<S: stream::Stream<Item = usize>> Parts for S {}
