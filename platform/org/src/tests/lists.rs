//! Search, pickers and the list of people.
use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn search_takes_chinese_pinyin_and_initials_and_ranks_exact_first() {
    for c in &cities().await {
        let find = |q: &'static str| {
            let q: String = q.bytes().map(|b| format!("%{b:02X}")).collect();
            async move { c.app.get(&format!("/org/search?q={q}"), "clerk").await.ok() }
        };
        for (q, first) in [
            ("张三", "张三"),
            ("zhangsan", "张三"),
            ("zs", "张三"),
            ("ZHANG", "张三"),
            ("shanxiongxin", "单雄信"),
            ("danx", "单雄信"),
            ("财政", "云海市财政局"),
            ("scz", "云海市财政局"),
            ("预算", "预算科"),
            ("市财政局", "云海市财政局"),
        ] {
            let r = find(q).await;
            assert_eq!(r["items"][0]["name"], first, "{q}: {r}");
        }
        let r = find("张三").await;
        assert_eq!(
            (
                r["items"][0]["kind"].as_str(),
                r["items"][0]["hint"].as_str()
            ),
            (Some("person"), Some("市政府·秘书一科·科员"))
        );
        assert_eq!(r["items"][0]["identity_id"], json!(c.clerk));
        assert_eq!(
            find("预算科").await["items"][0]["hint"],
            "云海 / 市政府 / 市财政局"
        );
        assert_eq!(
            find("%").await["items"].as_array().unwrap().len(),
            0,
            "wildcards are letters"
        );
        assert_eq!(find(" ").await["items"].as_array().unwrap().len(), 0);
        let units = c
            .app
            .get("/org/search?q=s&kinds=unit&limit=1", "clerk")
            .await
            .ok();
        assert_eq!(
            (
                units["items"].as_array().unwrap().len(),
                units["items"][0]["kind"].as_str()
            ),
            (1, Some("unit"))
        );
        let long = c
            .app
            .get(&format!("/org/search?q={}", "a".repeat(10_000)), "clerk")
            .await;
        assert_eq!(long.refused(400), "invalid");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pickers_offer_what_the_purpose_allows_recent_first() {
    for c in &cities().await {
        let pick = |token: &'static str, args: &'static str| async move {
            c.app.get(&format!("/org/pick?{args}"), token).await.ok()
        };
        let flat = |v: &Value| -> Vec<(String, Vec<String>)> {
            v["groups"]
                .as_array()
                .unwrap()
                .iter()
                .map(|g| {
                    (
                        g["id"].as_str().unwrap().to_owned(),
                        names(&g["items"]).into_iter().map(str::to_owned).collect(),
                    )
                })
                .collect()
        };
        let group = |id: &str, names: &[&str]| {
            (
                id.to_owned(),
                names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>(),
            )
        };
        assert_eq!(
            flat(&pick("clerk", "purpose=instruct").await),
            [group("leaders", &["王建国", "单雄信"])]
        );
        let next = [
            group("divisions", &["秘书一科", "综合科"]),
            group("units", &["市财政局", "市发改委"]),
            group("heads", &["李四", "赵六"]),
        ];
        assert_eq!(
            flat(&pick("clerk", "purpose=undertake").await),
            next,
            "never 预算科, which is two levels down"
        );
        let mut circulate = vec![group("leaders", &["王建国", "单雄信"])];
        circulate.extend(next);
        assert_eq!(flat(&pick("clerk", "purpose=circulate").await), circulate);
        let own = flat(&pick("clerk", "purpose=transfer").await);
        assert_eq!(
            own,
            [
                group("leaders", &["王建国", "单雄信"]),
                (c.sec.to_string(), vec!["李四".into(), "赵六".into()])
            ],
            "not oneself, nobody of other units"
        );
        assert_eq!(
            flat(&pick("clerk", "purpose=cascade").await),
            [group("staff", &["李四", "赵六"])]
        );
        let (me, drc, bud) = (c.clerk, c.drc, c.bud);
        c.app
            .system()
            .write(OP, move |tx| {
                api::remember_choice(tx, me, "undertake", "node", &[drc, bud])?;
                tx.touch("test", me, json!({}))
            })
            .await
            .unwrap();
        let again = pick("clerk", "purpose=undertake").await;
        assert_eq!(
            flat(&again)[0],
            group("recent", &["市发改委"]),
            "what is out of reach is not offered again"
        );
        assert_eq!(
            flat(&pick("clerk", "purpose=undertake&q=czj").await),
            [group("units", &["市财政局"])]
        );
        assert_eq!(
            c.app
                .get("/org/pick?purpose=rule_the_world", "clerk")
                .await
                .refused(400),
            "invalid"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_listed_page_by_page_and_numbers_kept_in_the_unit() {
    for c in &cities().await {
        let (mut all, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = c
                .app
                .get(&format!("/admin/people?limit=3&cursor={cursor}"), "sys")
                .await
                .ok();
            assert_eq!(page["total"], 7);
            all.extend(names(&page["items"]).into_iter().map(str::to_owned));
            match page["next"].as_str() {
                Some(n) => cursor = n.to_owned(),
                None => break,
            }
        }
        assert_eq!(
            all,
            ["李四", "钱七", "单雄信", "孙八", "王建国", "张三", "赵六"],
            "by pinyin, none twice"
        );
        let at = c
            .app
            .get(&format!("/admin/people?node_id={}", c.fin), "sys")
            .await
            .ok();
        assert_eq!(names(&at["items"]), ["钱七", "孙八"]);
        let q = c.app.get("/admin/people?q=13800000003", "sys").await.ok();
        assert_eq!(names(&q["items"]), ["李四"]);
        let path = format!("/org/nodes/{}/people", c.sec);
        let seen = c.app.get(&path, "clerk").await.ok();
        assert_eq!(seen["items"][0]["mobile"], "13800000003");
        let other = c
            .app
            .get(&format!("/org/nodes/{}/people?deep=true", c.fin), "clerk")
            .await
            .ok();
        assert_eq!(
            (names(&other["items"]), other["items"][0]["mobile"].as_str()),
            (vec!["钱七", "孙八"], None)
        );
        let i = c
            .app
            .get(&format!("/org/identities/{}", c.clerk), "leader")
            .await
            .ok();
        assert_eq!(
            (
                i["name"].as_str(),
                i["unit_name"].as_str(),
                i["division_name"].as_str()
            ),
            (Some("张三"), Some("市政府"), Some("秘书一科"))
        );
        assert_eq!(
            c.app.get("/org/identities/7", "leader").await.refused(404),
            "not_found"
        );
    }
}
