//! What is refused, and that it changes nothing.
use serde_json::{Value, json};

use super::kit::{Office, offices};

/// A path with its Chinese percent-encoded.
fn plain(path: &str) -> String {
    path.bytes()
        .map(|b| {
            if b.is_ascii() {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect()
}

pub(super) async fn register(o: &Office, doc: &str, change: Value) -> zs_testkit::Answer {
    let mut b = o.register_body("政发〔2026〕9号");
    super::kit::merge(&mut b, change);
    o.act("clerk", doc, "register", b).await
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_attributes_are_named_and_change_nothing() {
    for o in offices().await {
        let doc = o.sign_in("clerk", "政发〔2026〕9号").await;
        let a = register(&o, &doc, json!({"title": "题".repeat(10_000)})).await;
        assert_eq!(a.json["fields"][0]["field"], "title");
        assert!(
            a.json["fields"][0]["message"]
                .as_str()
                .unwrap()
                .contains("200")
        );
        assert_eq!(a.refused(400), "invalid");
        let a = register(&o, &doc, json!({"doc_number": ""})).await;
        assert_eq!(a.json["fields"][0]["field"], "doc_number");
        let a = register(&o, &doc, json!({"file_ids": ["77"]})).await;
        assert_eq!(a.json["fields"][0]["field"], "file_ids");
        let d = o.detail("clerk", &doc).await;
        assert_eq!(
            (d["version"].clone(), d["serial_no"].clone()),
            (json!(1), Value::Null)
        );
        // No number was spent on the refusals.
        let out = register(&o, &doc, json!({})).await.ok();
        assert_eq!(out["serial_no"], "收〔2026〕1号");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn t29_secret_documents_are_refused_unless_only_the_paper_is_registered() {
    for o in offices().await {
        let doc = o.sign_in("clerk", "政发〔2026〕9号").await;
        assert_eq!(
            register(&o, &doc, json!({"secrecy": "secret"}))
                .await
                .refused(422),
            "secrecy_refused"
        );
        let file = o.upload("clerk", "a.txt", "x").await;
        let with_file = json!({"secrecy": "secret", "paper_only": true, "file_ids": [file]});
        assert_eq!(
            register(&o, &doc, with_file).await.refused(422),
            "paper_only_files"
        );
        register(
            &o,
            &doc,
            json!({"secrecy": "confidential", "paper_only": true}),
        )
        .await
        .ok();
        assert_eq!(o.detail("clerk", &doc).await["secrecy"], "confidential");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_duplicate_is_named_and_registered_only_when_confirmed() {
    for o in offices().await {
        let first = o.registered("政发〔2026〕9号").await;
        let doc = o.sign_in("clerk", "政发[2026]９号").await;
        let twins = o
            .app
            .get(
                &plain("/incoming/duplicates?doc_number=政发(2026)9号&sender=省政府办公厅"),
                "clerk",
            )
            .await
            .ok();
        assert_eq!(twins["items"].as_array().unwrap().len(), 2);
        let a = register(&o, &doc, json!({"doc_number": "政发[2026]９号"})).await;
        assert!(
            a.json["fields"][0]["message"]
                .as_str()
                .unwrap()
                .starts_with("收〔2026〕1号"),
            "{}",
            a.json
        );
        assert_eq!(a.json["fields"][0]["field"], format!("duplicates.{first}"));
        assert_eq!(a.refused(409), "duplicate_document");
        let out = register(
            &o,
            &doc,
            json!({"doc_number": "政发[2026]９号", "confirm_duplicate": true}),
        )
        .await
        .ok();
        assert_eq!(out["serial_no"], "收〔2026〕2号");
        let same = o
            .app
            .get(
                &plain("/incoming/duplicates?doc_number=政发〔2026〕9号&sender=省财政厅"),
                "clerk",
            )
            .await
            .ok();
        assert_eq!(
            same["items"],
            json!([]),
            "another sender is another document"
        );
        let far = o
            .app
            .get(
                &plain("/incoming/duplicates?doc_number=政发〔2026〕9号"),
                "stranger",
            )
            .await
            .ok();
        assert_eq!(far["items"], json!([]), "other units' books are closed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn levels_are_not_skipped_and_forged_ids_are_named() {
    for o in offices().await {
        let doc = o.registered("政发〔2026〕9号").await;
        let try_plan = async |change: Value| {
            let mut plan = o.short_plan();
            super::kit::merge(&mut plan, change);
            o.act("sec", &doc, "propose", json!({"plan": plan})).await
        };
        for who in ["zh_staff", "deep_head", "stranger"] {
            let a = try_plan(json!({"circulation": {"mode": "all", "identity_ids": [o.id(who)]}}))
                .await;
            let name = a.json["detail"].as_str().unwrap().to_owned();
            assert!(name.contains("不能越级"), "{name}");
            assert_eq!(a.refused(422), "level_skip", "{who}");
        }
        for node in ["deep", "foreign"] {
            let a = try_plan(json!({"undertakings": [{"role": "lead", "node_id": o.node(node)}]}))
                .await;
            assert_eq!(a.refused(422), "level_skip", "{node}");
        }
        let forged = [
            (
                json!({"circulation": {"mode": "all", "identity_ids": ["12345"]}}),
                "plan.circulation.identity_ids",
            ),
            (
                json!({"instruct": {"mode": "all", "identity_ids": [o.id("stranger")]}}),
                "plan.instruct.identity_ids",
            ),
            (
                json!({"instruct": {"mode": "all", "identity_ids": [o.node("zh")]}}),
                "plan.instruct.identity_ids",
            ),
            (
                json!({"undertakings": [{"role": "lead", "node_id": "999"}]}),
                "plan.undertakings",
            ),
            (
                json!({"undertakings": [{"role": "boss", "node_id": o.node("zh")}]}),
                "plan.undertakings",
            ),
            (json!({"deadline": "2020-01-01"}), "plan.deadline"),
        ];
        for (change, field) in forged {
            let a = try_plan(change).await;
            assert_eq!(a.json["fields"][0]["field"], field, "{}", a.json);
        }
        assert_eq!(
            o.detail("sec", &doc).await["plan"],
            Value::Null,
            "nothing was kept"
        );
        try_plan(json!({"circulation": {"mode": "all", "identity_ids": [o.id("ny_head"), o.id("sub_head"), o.id("vice")]}})).await.ok();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_head_passes_on_and_only_to_his_own_people() {
    for o in offices().await {
        let doc = o.registered("政发〔2026〕9号").await;
        let plan = json!({"kind": "read", "proposed_handling": "请传阅。",
            "circulation": {"mode": "in_order", "identity_ids": [o.id("vice"), o.id("zh_head"), o.id("zh_liaison")]}});
        o.act("sec", &doc, "propose", json!({"plan": plan}))
            .await
            .ok();
        assert_eq!(
            o.task("zh_head", &doc, "circulation_read").await,
            None,
            "one after the other"
        );
        let a = o
            .act(
                "vice",
                &doc,
                "circulation_read",
                json!({"pass_on": [o.id("zh_staff")]}),
            )
            .await;
        assert_eq!(a.refused(422), "cascade_only_head");
        o.act("vice", &doc, "circulation_read", json!({}))
            .await
            .ok();
        let a = o
            .act(
                "zh_head",
                &doc,
                "circulation_read",
                json!({"pass_on": [o.id("ny_staff")]}),
            )
            .await;
        assert_eq!(a.refused(422), "cascade_own_only");
        o.act(
            "zh_head",
            &doc,
            "circulation_read",
            json!({"pass_on": [o.id("zh_staff")]}),
        )
        .await
        .ok();
        let task = o
            .task("zh_liaison", &doc, "circulation_read")
            .await
            .unwrap();
        o.on_task("zh_liaison", &doc, "read", &task, json!({}))
            .await
            .ok();
        assert_eq!(
            o.task("zh_liaison", &doc, "circulation_read").await,
            None,
            "reading closes the task"
        );
        let d = o.detail("zh_staff", &doc).await;
        assert_eq!(d["visible_status"], "待阅");
        assert_eq!(
            d["timeline"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|t| t["act"] == "complete")
                .count(),
            0
        );
        o.check(&doc).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_void_document_keeps_its_number_in_the_void_book() {
    for o in offices().await {
        let doc = o.registered("政发〔2026〕9号").await;
        assert_eq!(
            o.app
                .post(
                    &format!("/incoming/{doc}/void"),
                    "sec",
                    json!({"reason": "重复"})
                )
                .await
                .refused(403),
            "forbidden"
        );
        let a = o
            .app
            .post(
                &format!("/incoming/{doc}/void"),
                "clerk",
                json!({"reason": " "}),
            )
            .await;
        assert_eq!(a.json["fields"][0]["field"], "reason");
        let out = o
            .app
            .post(
                &format!("/incoming/{doc}/void"),
                "clerk",
                json!({"reason": "登记重复"}),
            )
            .await
            .ok();
        assert_eq!(out["next"], "已作废");
        let unit = o.unit;
        let book = o
            .app
            .app
            .db
            .read(move |tx| zs_numbering::voids(tx, unit, "incoming.red_head", 2026))
            .await
            .unwrap();
        assert_eq!(
            book.iter()
                .map(|v| (v.number, v.reason.as_str()))
                .collect::<Vec<_>>(),
            [(1, "登记重复")]
        );
        let again = o
            .app
            .post(
                &format!("/incoming/{doc}/void"),
                "clerk",
                json!({"reason": "x"}),
            )
            .await;
        assert_eq!(again.refused(422), "ended_frozen");
        let next = o.sign_in("clerk", "政发〔2026〕10号").await;
        let out = register(&o, &next, json!({"doc_number": "政发〔2026〕10号"}))
            .await
            .ok();
        assert_eq!(
            out["serial_no"], "收〔2026〕2号",
            "a void number is not given again"
        );
        o.check(&doc).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_needs_the_version_and_keeps_number_and_class() {
    for o in offices().await {
        let doc = o.registered("政发〔2026〕9号").await;
        let v = o.detail("clerk", &doc).await["version"].clone();
        let put = async |change: Value| {
            let mut b = o.register_body("政发〔2026〕9号");
            super::kit::merge(&mut b, change);
            o.app
                .call("PUT", &format!("/incoming/{doc}"), "clerk", Some(b))
                .await
        };
        assert_eq!(put(json!({})).await.json["fields"][0]["field"], "If-Match");
        assert_eq!(put(json!({"__if_match": 1})).await.refused(409), "stale");
        assert_eq!(
            put(json!({"__if_match": v, "doc_class": "plain"}))
                .await
                .refused(422),
            "class_fixed"
        );
        let out =
            put(json!({"__if_match": v, "title": "关于进一步做好防汛工作的通知", "pages": 6}))
                .await
                .ok();
        assert_eq!(out["serial_no"], "收〔2026〕1号");
        let d = o.detail("sec", &doc).await;
        assert_eq!(
            (d["title"].as_str(), d["pages"].as_i64()),
            (Some("关于进一步做好防汛工作的通知"), Some(6))
        );
        let mut b = o.register_body("政发〔2026〕9号");
        b["__if_match"] = d["version"].clone();
        let a = o
            .app
            .call("PUT", &format!("/incoming/{doc}"), "sec", Some(b))
            .await;
        assert_eq!(a.refused(403), "forbidden");
    }
}
