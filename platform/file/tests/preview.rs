//! Previews of office documents, with and without LibreOffice, and with converters that misbehave.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails loudly"
)]
mod common;

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use common::{Fixture, docx, fixtures, id, without_office};
use serde_json::Value;
use zs_base::Id;
use zs_file::{FileOptions, Soffice};

const USUAL: &str = "/usr/lib/libreoffice/program/soffice";

/// The file once its conversion has ended.
async fn settled(f: &Fixture, file: Id) -> Value {
    f.app.drain().await;
    loop {
        let v = f.app.get(&format!("/files/{file}"), "a").await.ok();
        if v["preview"] != "pending" {
            return v;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// A stand-in for LibreOffice.
fn script(dir: &Path, text: &str) -> PathBuf {
    let p = dir.join("fake-soffice");
    std::fs::write(&p, format!("#!/bin/sh\n{text}\n")).unwrap();
    std::fs::set_permissions(&p, std::fs::Permissions::from_mode(0o755)).unwrap();
    p
}

fn nothing_left(f: &Fixture) -> bool {
    std::fs::read_dir(&f.dir).unwrap().all(|e| {
        !e.unwrap()
            .file_name()
            .to_string_lossy()
            .starts_with("zs-preview")
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn without_libreoffice_the_file_says_so() {
    let (_dir, all) = fixtures(without_office).await;
    for f in all {
        let file = id(&f.upload("a", "a.docx", docx("x")).await.ok());
        let v = settled(&f, file).await;
        assert_eq!(v["preview"], "unavailable");
        assert_eq!(
            v["preview_note"],
            "本机未安装 LibreOffice，不能在线预览，请下载查看"
        );
        let a = f.app.get(&format!("/files/{file}/preview"), "a").await;
        assert!(a.json["detail"].as_str().unwrap().contains("LibreOffice"));
        assert_eq!(a.refused(404), "preview_not_ready");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_word_document_becomes_a_pdf() {
    let (_dir, all) = fixtures(FileOptions::default).await;
    let here = Path::new(USUAL).is_file();
    for f in all {
        let v = f
            .upload("a", "关于防汛工作的通知.docx", docx("关于防汛工作的通知"))
            .await
            .ok();
        assert_eq!(v["preview"], "pending");
        let v = settled(&f, id(&v)).await;
        if !here {
            assert_eq!(v["preview"], "unavailable");
            continue;
        }
        assert_eq!(v["preview"], "ready", "{v}");
        assert!(v["preview_note"].is_null());
        let path = format!("/files/{}/preview", id(&v));
        let a = f.app.get(&path, "a").await;
        assert!(a.bytes.starts_with(b"%PDF-"), "{} {}", a.status, a.json);
        assert_eq!(a.headers["content-type"], "application/pdf");
        assert_eq!(f.app.get(&path, "b").await.refused(404), "not_found");
        assert!(nothing_left(&f), "the working folder is gone");
        // The same content again needs no second conversion.
        let again = id(&f
            .upload("a", "副本.docx", docx("关于防汛工作的通知"))
            .await
            .ok());
        assert_eq!(settled(&f, again).await["preview"], "ready");
        assert_eq!(f.on_disk().len(), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn t27_a_converter_that_hangs_is_killed_with_its_children() {
    let root = fixtures(without_office).await.0;
    let marks = root.0.join("marks");
    std::fs::create_dir_all(&marks).unwrap();
    let pids = marks.join("pid");
    let program = script(
        &marks,
        &format!("sleep 600 & echo $! > {} ; wait", pids.display()),
    );
    let options = || FileOptions {
        soffice: Soffice::At(program.clone()),
        convert_timeout: Duration::from_millis(1500),
        ..FileOptions::default()
    };
    let (_dir, all) = fixtures(options).await;
    for f in all {
        let file = id(&f.upload("a", "a.docx", docx("x")).await.ok());
        let v = settled(&f, file).await;
        assert_eq!(v["preview"], "failed");
        assert!(v["preview_note"].as_str().unwrap().contains("超时"));
        assert!(nothing_left(&f));
        let pid: i32 = std::fs::read_to_string(&pids)
            .unwrap()
            .trim()
            .parse()
            .unwrap();
        let state = || std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        while !(state().is_empty() || state().contains(") Z ")) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        std::fs::remove_file(&pids).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_converter_that_fails_or_makes_no_pdf_leaves_a_note_and_sees_nothing_of_ours() {
    let root = fixtures(without_office).await.0;
    let marks = root.0.join("marks");
    std::fs::create_dir_all(&marks).unwrap();
    let seen = marks.join("env");
    let try_it = |words: &[&str]| {
        let done = std::process::Command::new("unshare")
            .args(words)
            .arg("true")
            .status();
        done.is_ok_and(|s| s.success())
    };
    let permits_no_network = try_it(&["-n"]) || try_it(&["-r", "-n"]);
    for what in ["exit 1", "echo hello > out/in.pdf", "kill -9 $$", "true"] {
        let program = script(
            &marks,
            &format!(
                "env > {}; pwd >> {0}; ulimit -v >> {0}; tail -n +3 /proc/net/dev | wc -l >> {0}; {what}",
                seen.display()
            ),
        );
        let options = || FileOptions {
            soffice: Soffice::At(program.clone()),
            ..FileOptions::default()
        };
        let (_dir, all) = fixtures(options).await;
        for f in all {
            let file = id(&f.upload("a", "秘名.docx", docx(what)).await.ok());
            let v = settled(&f, file).await;
            assert_eq!(v["preview"], "failed", "{what}");
            assert!(v["preview_note"].as_str().unwrap().contains("请下载查看"));
            assert!(nothing_left(&f));
            f.app.get(&format!("/files/{file}/content"), "a").await.ok();
            let env = std::fs::read_to_string(&seen).unwrap();
            assert!(!env.contains("CARGO") && !env.contains("ZS_TEST"), "{env}");
            assert!(env.contains("HOME=") && env.contains("zs-preview-"));
            assert!(env.contains("6291456"), "memory is limited: {env}");
            if permits_no_network {
                assert!(
                    env.trim_end().ends_with("\n1"),
                    "only the loopback is there: {env}"
                );
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversion_that_a_stopped_server_left_is_started_again() {
    let (_dir, all) = fixtures(without_office).await;
    for f in all {
        let file = id(&f.upload("a", "a.docx", docx("x")).await.ok());
        f.app
            .app
            .db
            .write(|tx| tx.exec("delete from job where kind = 'file.preview'", &[]))
            .await
            .unwrap();
        f.app.drain().await;
        assert_eq!(
            f.app.get(&format!("/files/{file}"), "a").await.ok()["preview"],
            "pending"
        );
        f.app.clock().advance(60 * 60_000);
        assert_eq!(settled(&f, file).await["preview"], "unavailable");
    }
}
