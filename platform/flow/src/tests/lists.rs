//! The lists of a person's work.
use zs_base::{Id, PageArgs};
use zs_ctx::Granted;
use zs_db::Query;
use zs_flowcore::sample::Flow;
use zs_flowcore::{Act, CirculateFrom};

use super::kit::{OP, Office, complete, offices};
use crate::{List, SubjectColumns, TaskFilter, TaskItem};

async fn page(
    o: &Office,
    key: &str,
    list: List,
    f: TaskFilter,
    cursor: Option<String>,
    limit: u32,
) -> zs_base::Page<TaskItem> {
    let ids = vec![o.id(key)];
    let args = PageArgs {
        cursor,
        limit: Some(limit),
    };
    o.app
        .app
        .db
        .read(move |tx| crate::list_tasks(tx, list, &ids, &f, &args, true))
        .await
        .unwrap()
}

async fn twenty(o: &Office) -> Vec<Id> {
    let flow = Flow::new("two")
        .task("b", o.id("b").0)
        .task("c", o.id("c").0)
        .task("b2", o.id("b").0)
        .way("start b c b2 end");
    o.publish(flow.definition()).await;
    let mut all = Vec::new();
    for n in 1..=20 {
        let mut new = o.new_instance("two", "a", n);
        if n % 5 == 0 {
            new.urgency = "extra_urgent".into();
        }
        all.push(o.start_new("a", new).await.unwrap().instance);
        o.app.clock().advance(if n % 2 == 0 { 1000 } else { 0 });
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn paging_by_key_shows_every_item_once_in_order_also_while_new_ones_come() {
    for o in offices().await {
        let all = twenty(&o).await;
        let mut seen = Vec::new();
        let mut cursor = None;
        for n in 0..10 {
            let p = page(&o, "b", List::Todo, TaskFilter::default(), cursor, 3).await;
            seen.extend(p.items.iter().map(|t| t.instance.id));
            if n == 2 {
                o.start("two", "a", 100).await;
            }
            cursor = p.next;
            if cursor.is_none() {
                break;
            }
        }
        let mut want = all.clone();
        want.reverse();
        assert_eq!(seen, want);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_counts_done_and_part_taken() {
    for o in offices().await {
        let all = twenty(&o).await;
        let urgent = TaskFilter {
            urgency: Some("extra_urgent".into()),
            ..TaskFilter::default()
        };
        assert_eq!(
            page(&o, "b", List::Todo, urgent, None, 20).await.total,
            Some(4)
        );
        let q = |s: &str| TaskFilter {
            q: Some(s.into()),
            ..TaskFilter::default()
        };
        assert_eq!(
            page(&o, "b", List::Todo, q("第 20 号"), None, 20)
                .await
                .total,
            Some(1)
        );
        assert_eq!(
            page(&o, "b", List::Todo, q("2026〕1"), None, 20)
                .await
                .total,
            Some(11)
        );
        assert_eq!(
            page(&o, "b", List::Todo, q("50%"), None, 20).await.total,
            Some(0)
        );
        let (i, cols) = (
            all[0],
            SubjectColumns {
                title: Some("关于 ＡＢＣ 的函".into()),
                ..SubjectColumns::default()
            },
        );
        o.app
            .system()
            .write(OP, move |tx| {
                crate::update_subject_columns(tx, i, &cols)?;
                tx.touch("paper", i, "title")
            })
            .await
            .unwrap();
        assert_eq!(
            page(&o, "b", List::Todo, q("abc的"), None, 20).await.items[0]
                .instance
                .id,
            i
        );
        // b handles the first document twice: one line in 已办, the newest act.
        o.agree("b", i).await;
        o.app.clock().advance(1000);
        o.agree("c", i).await;
        o.agree("b", i).await;
        let done = page(&o, "b", List::Done, TaskFilter::default(), None, 20).await;
        assert_eq!((done.total, done.items.len()), (Some(1), 1));
        assert_eq!(done.items[0].task.step, "b2");
        assert_eq!(done.items[0].task.opinion.as_deref(), Some("同意"));
        let me = vec![o.id("b")];
        let now = o.app.clock().now();
        let c = o
            .app
            .app
            .db
            .read(move |tx| crate::counts(tx, &me, now, now + 1))
            .await
            .unwrap();
        assert_eq!((c.todo, c.todo_urgent, c.mine, c.to_read), (19, 4, 0, 0));
        let me = vec![o.id("a")];
        let c = o
            .app
            .app
            .db
            .read(move |tx| crate::counts(tx, &me, now, now + 1))
            .await
            .unwrap();
        assert_eq!((c.todo, c.mine), (0, 19));
        let part = |key: &str| {
            let ids = vec![o.id(key)];
            let db = o.app.app.db.clone();
            async move {
                db.read(move |tx| {
                    let mut q = Query::new("select count(*) from flow_instance i where ", &[]);
                    crate::take_part_sql(&mut q, "i.id", &ids);
                    tx.count(&q)
                })
                .await
                .unwrap()
            }
        };
        assert_eq!(
            (
                part("a").await,
                part("b").await,
                part("c").await,
                part("d").await
            ),
            (20, 20, 1, 0)
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reading_watching_and_what_one_started() {
    for o in offices().await {
        let all = twenty(&o).await;
        let seat = o.seat("b", all[3]).await;
        let tell = Act::Circulate {
            from: CirculateFrom::Seat(seat),
            to: o.ids(&["d"]),
            note: None,
            again: false,
        };
        let item = o.give("b", all[3], tell).await.unwrap().opened[0];
        let open = page(&o, "d", List::ToRead, TaskFilter::default(), None, 20).await;
        assert_eq!(open.items[0].task.id, item);
        assert_eq!(open.items[0].task.from_name, "钱二");
        o.give(
            "d",
            all[3],
            Act::Read {
                item: item.0,
                opinion: Some("已阅".into()),
            },
        )
        .await
        .unwrap();
        assert!(
            page(&o, "d", List::ToRead, TaskFilter::default(), None, 20)
                .await
                .items
                .is_empty()
        );
        assert_eq!(
            page(&o, "d", List::Read, TaskFilter::default(), None, 20)
                .await
                .items[0]
                .task
                .id,
            item
        );
        let (d, i) = (o.id("d"), all[3]);
        let g = Granted::by_seat(crate::VIEW);
        for on in [true, true, false, true] {
            o.app
                .system()
                .write(OP, move |tx| crate::watch(tx, &g, d, i, on))
                .await
                .unwrap();
        }
        let w = o
            .app
            .app
            .db
            .read(move |tx| crate::watched(tx, &[d], &PageArgs::default()))
            .await
            .unwrap();
        assert_eq!(w.items.len(), 1);
        let a = o.id("a");
        let args = PageArgs {
            cursor: None,
            limit: Some(15),
        };
        let m = o
            .app
            .app
            .db
            .read(move |tx| crate::mine(tx, &[a], &args))
            .await
            .unwrap();
        assert_eq!(m.items.len(), 15);
        let args = PageArgs {
            cursor: m.next,
            limit: Some(15),
        };
        let m = o
            .app
            .app
            .db
            .read(move |tx| crate::mine(tx, &[a], &args))
            .await
            .unwrap();
        assert_eq!((m.items.len(), m.next), (5, None));
        let seat = o.seat("b", all[0]).await;
        let _ = o.give("b", all[0], complete(seat)).await.unwrap();
        let sub = o
            .app
            .app
            .db
            .read(move |tx| crate::by_subject(tx, "paper", Id(1)))
            .await
            .unwrap();
        assert_eq!(sub, Some(all[0]));
    }
}
