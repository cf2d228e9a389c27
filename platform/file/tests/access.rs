//! Who may read, link and delete; how content is served.
mod common;

use common::{fixtures, id, without_office};
use zs_base::Id;
use zs_file::{Role, api};

#[tokio::test(flavor = "multi_thread")]
async fn t03_a_file_is_its_uploaders_until_it_is_linked_then_its_subjects_readers() {
    let (_dir, all) = fixtures(without_office).await;
    for f in all {
        let file = f.pdf("a", "x").await;
        let urls = ["", "/content", "/preview"].map(|p| format!("/files/{file}{p}"));
        let seen = |token: &'static str| {
            let (f, urls) = (&f, &urls);
            async move {
                let mut codes = Vec::new();
                for u in urls {
                    codes.push(f.app.get(u, token).await.status.as_u16());
                }
                codes
            }
        };
        assert_eq!(seen("a").await, [200; 3]);
        assert_eq!(
            seen("b").await,
            [404; 3],
            "a stranger cannot tell it from none"
        );
        f.hang(1, &[file], 7, &[2]).await.unwrap();
        assert_eq!(seen("b").await, [200; 3], "a reader of the memo");
        assert_eq!(
            seen("a").await,
            [404; 3],
            "having uploaded it once is no right any more"
        );
        assert_eq!(seen("c").await, [404; 3]);
        f.memos.0.lock().unwrap().clear();
        assert_eq!(
            seen("b").await,
            [404; 3],
            "the right is asked for every time"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn t15_ids_of_others_answer_like_ids_of_nothing() {
    let (_dir, all) = fixtures(without_office).await;
    for f in all {
        let file = f.pdf("a", "x").await;
        for (method, path) in [
            ("GET", ""),
            ("GET", "/content"),
            ("GET", "/preview"),
            ("DELETE", ""),
        ] {
            let ask = |id: i64| {
                let (f, path) = (&f, format!("/files/{id}{path}"));
                async move { f.app.call(method, &path, "b", None).await }
            };
            let (theirs, none) = (ask(file.0).await, ask(424_242).await);
            assert_eq!(theirs.json["detail"], none.json["detail"]);
            assert_eq!(theirs.refused(404), none.refused(404));
            for near in [file.0 - 1, file.0 + 1, i64::MAX] {
                assert_eq!(ask(near).await.refused(404), "not_found");
            }
        }
        assert_eq!(f.number("select count(*) from file").await, 1);
        // Nor can they be used in a document of one's own.
        for forged in [file, Id(424_242)] {
            let e = f.hang(2, &[forged], 8, &[2]).await.unwrap_err();
            assert_eq!(
                (e.code, e.fields[0].field.as_str()),
                ("invalid", "file_ids")
            );
            assert_eq!(
                e.fields[0].message,
                "第 1 个文件不存在或不能使用，请重新上传"
            );
        }
        f.hang(1, &[file], 7, &[1]).await.unwrap();
        for who in [1, 2] {
            assert!(
                f.hang(who, &[file], 8, &[2]).await.is_err(),
                "a linked file is not taken to another memo"
            );
        }
        assert_eq!(
            f.app.get(&format!("/files/{file}"), "b").await.refused(404),
            "not_found"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_a_subject_keep_their_order_and_the_first_is_the_body() {
    let (_dir, all) = fixtures(without_office).await;
    for f in all {
        let mut ids = Vec::new();
        for n in ["1", "2", "3", "4"] {
            ids.push(f.pdf("a", n).await);
        }
        let [a, b, c, d] = ids[..] else { panic!() };
        let listed = || async {
            let l = f
                .app
                .app
                .db
                .read(|tx| api::list(tx, "memo", Id(7)))
                .await
                .unwrap();
            assert!(l.iter().enumerate().all(|(i, x)| x.sort == i as i64));
            assert!(
                l.iter()
                    .enumerate()
                    .all(|(i, x)| (x.role == Role::Body) == (i == 0))
            );
            l.iter().map(|x| x.file.id).collect::<Vec<_>>()
        };
        f.hang(1, &[b, a], 7, &[1]).await.unwrap();
        assert_eq!(listed().await, [b, a]);
        f.hang(1, &[a, c], 7, &[1]).await.unwrap();
        assert_eq!(listed().await, [a, c, b], "what was there stays behind");
        assert!(f.hang(1, &[d, d], 7, &[1]).await.is_err(), "twice the same");
        f.change(1, move |tx, by| api::attach(tx, &[d], "memo", Id(7), by))
            .await
            .unwrap();
        assert_eq!(listed().await, [a, c, b, d]);
        f.change(1, move |tx, by| api::set(tx, &[c, d], "memo", Id(7), by))
            .await
            .unwrap();
        assert_eq!(listed().await, [c, d]);
        assert_eq!(
            f.number("select count(*) from file where loose_at is not null")
                .await,
            2
        );
        f.change(2, move |tx, by| api::set(tx, &[d, c], "memo", Id(7), by))
            .await
            .unwrap();
        assert_eq!(
            listed().await,
            [d, c],
            "who may change the memo may order its files"
        );
        f.change(1, move |tx, _| api::unlink(tx, d, "memo", Id(7)))
            .await
            .unwrap();
        let left = f
            .app
            .app
            .db
            .read(|tx| api::list(tx, "memo", Id(7)))
            .await
            .unwrap();
        assert_eq!(left.len(), 1);
        assert_eq!(
            (left[0].file.id, left[0].role),
            (c, Role::Attachment),
            "no attachment becomes the body by itself"
        );
        f.hang(1, &[a], 7, &[1]).await.unwrap();
        let info = f.app.app.db.read(move |tx| api::info(tx, a)).await.unwrap();
        assert_eq!(info.id, a);
        let many: Vec<Id> = (1..=101).map(Id).collect();
        assert!(f.hang(1, &many, 9, &[1]).await.is_err());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_memos_that_take_the_same_upload_at_once_one_gets_it() {
    let (_dir, all) = fixtures(without_office).await;
    for f in all {
        for round in 0..5 {
            let file = f.pdf("a", &round.to_string()).await;
            let ids = [file];
            let (x, y) = tokio::join!(f.hang(1, &ids, 7, &[1]), f.hang(1, &ids, 8, &[1]));
            assert!(x.is_ok() != y.is_ok(), "{x:?} {y:?}");
        }
        assert_eq!(f.number("select count(*) from file_link").await, 5);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_uploader_deletes_and_only_loose_files() {
    let (_dir, all) = fixtures(without_office).await;
    for f in all {
        let (x, y) = (f.pdf("a", "x").await, f.pdf("a", "y").await);
        f.hang(1, &[y], 7, &[1, 2]).await.unwrap();
        let del = |id: Id, token: &'static str| {
            let path = format!("/files/{id}");
            let f = &f;
            async move { f.app.call("DELETE", &path, token, None).await }
        };
        assert_eq!(del(x, "b").await.refused(404), "not_found");
        assert_eq!(del(y, "b").await.refused(422), "file_in_use");
        assert_eq!(del(y, "a").await.refused(422), "file_in_use");
        del(x, "a").await.ok();
        assert_eq!(del(x, "a").await.refused(404), "not_found");
        f.app.drain().await;
        assert_eq!(
            f.on_disk().iter().filter(|p| p.contains("/trash/")).count(),
            1
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn t21_content_is_always_a_download_and_previews_are_inline_only_for_harmless_types() {
    let (_dir, all) = fixtures(without_office).await;
    for f in all {
        let file = f.pdf("a", "x").await;
        let head = |a: &zs_testkit::Answer, k: &str| {
            a.headers
                .get(k)
                .map(|v| v.to_str().unwrap().to_owned())
                .unwrap_or_default()
        };
        let a = f.app.get(&format!("/files/{file}/content"), "a").await;
        assert!(
            head(&a, "content-disposition").starts_with("attachment; filename*=UTF-8''%E6%AD%A3")
        );
        assert_eq!(head(&a, "x-content-type-options"), "nosniff");
        assert!(head(&a, "content-security-policy").contains("sandbox"));
        let a = f.app.get(&format!("/files/{file}/preview"), "a").await;
        assert!(head(&a, "content-disposition").starts_with("inline"));
        assert_eq!(head(&a, "content-type"), "application/pdf");
        let text = id(&f.upload("a", "a.txt", "hello").await.ok());
        assert_eq!(
            f.app
                .get(&format!("/files/{text}/preview"), "a")
                .await
                .refused(404),
            "preview_not_ready"
        );
        let a = f.app.get(&format!("/files/{text}/content"), "a").await;
        assert!(head(&a, "content-disposition").starts_with("attachment"));
        // A name cannot break out of the header.
        let odd = id(&f.upload("a", "a'; filename=b\"é.pdf", "%PDF-1").await.ok());
        let a = f.app.get(&format!("/files/{odd}/content"), "a").await;
        assert_eq!(
            head(&a, "content-disposition"),
            "attachment; filename*=UTF-8''a%27%3B%20filename%3Db_%C3%A9.pdf"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn downloads_know_ranges_and_etags() {
    let (_dir, all) = fixtures(without_office).await;
    for f in all {
        let text: String = (0..40_000).map(|i| format!("{i:05}")).collect();
        let body = format!("%PDF-{text}");
        let v = f.upload("a", "a.pdf", body.clone()).await.ok();
        let path = format!("/files/{}/content", id(&v));
        let a = f
            .get_with(&path, "a", &[("range", "bytes=65530-131080")])
            .await;
        assert_eq!(a.status.as_u16(), 206);
        assert_eq!(
            a.headers["content-range"],
            format!("bytes 65530-131080/{}", body.len())
        );
        assert_eq!(a.headers["content-length"], "65551");
        assert_eq!(a.bytes, &body.as_bytes()[65_530..131_081]);
        let a = f
            .get_with(&path, "a", &[("range", "bytes=999999999-")])
            .await;
        assert_eq!(a.status.as_u16(), 416);
        let etag = format!("\"{}\"", v["sha256"].as_str().unwrap());
        let a = f.get_with(&path, "a", &[("if-none-match", &etag)]).await;
        assert_eq!((a.status.as_u16(), a.bytes.len()), (304, 0));
        let a = f.get_with(&path, "b", &[("if-none-match", &etag)]).await;
        assert_eq!(a.refused(404), "not_found");
        let a = f
            .get_with(
                &path,
                "a",
                &[("range", "bytes=0-3"), ("if-range", "\"other\"")],
            )
            .await;
        assert_eq!((a.status.as_u16(), a.bytes.len()), (200, body.len()));
        assert_eq!(a.headers["etag"], etag);
    }
}
