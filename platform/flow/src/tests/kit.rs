//! A small office with a flow: people, a subject that keeps a count, and checks that run after every command.
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use zs_base::{Id, Result};
use zs_ctx::{Actor, Ctx, Granted, Op, Services};
use zs_flowcore::{Act, Command, Definition, Event, NextPick, SeatStatus};
use zs_org::api::{HeirService, NewIdentity, NewNode, NodeKind};
use zs_testkit::TestApp;

use super::paper::Paper;
use crate::api::Subjects;
use crate::{FlowCache, FlowOpenItems, Loaded, NewInstance};

pub(crate) const OP: Op = Op {
    key: "test.act",
    title: "测试",
};

pub(crate) struct Office {
    pub app: TestApp,
    pub unit: Id,
    pub paper: Arc<Paper>,
    pub people: BTreeMap<&'static str, (Id, Id)>,
}

pub(crate) const NAMES: [(&str, &str); 8] = [
    ("a", "赵一"),
    ("b", "钱二"),
    ("c", "孙三"),
    ("d", "李四"),
    ("e", "周五"),
    ("f", "吴六"),
    ("g", "郑七"),
    ("h", "王八"),
];

#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq)]
pub(crate) struct Done {
    pub instance: Id,
    pub rev: i64,
    pub next: String,
    pub ended: Option<String>,
    pub opened: Vec<Id>,
    pub events: Vec<Event>,
    pub statements: u32,
}

impl Done {
    fn of(a: crate::Acted, statements: u32) -> Self {
        Self {
            instance: a.instance_id(),
            rev: a.rev,
            next: a.next_text(),
            opened: a.opened.iter().map(|o| o.task_id).collect(),
            ended: a.ended,
            events: a.events,
            statements,
        }
    }
}

/// One office per engine, with everybody in place.
pub(crate) async fn offices() -> Vec<Office> {
    let paper = || Arc::new(Paper::default());
    let shared: Arc<Mutex<Vec<Arc<Paper>>>> = Arc::default();
    let made = Arc::clone(&shared);
    let apps = TestApp::engines(
        || {
            vec![
                zs_calendar::module(),
                zs_org::module(),
                zs_access::module(),
                crate::module(),
            ]
        },
        move || {
            let p = paper();
            made.lock().unwrap().push(Arc::clone(&p));
            Services::default()
                .with(Arc::new(FlowCache::default()))
                .with(Arc::new(zs_job::Bus::default()))
                .with(Arc::new(HeirService(Arc::new(FlowOpenItems))))
                .with(Arc::new(Subjects(vec![p])))
        },
    )
    .await;
    let mut out = Vec::new();
    let papers: Vec<Arc<Paper>> = shared.lock().unwrap().drain(..).collect();
    for (app, paper) in apps.into_iter().zip(papers) {
        let g = Granted::system(zs_org::perm::MANAGE, "test");
        let (unit, people) = app
            .system()
            .write(OP, move |tx| {
                let new = |kind, parent_id, name: &str| NewNode {
                    parent_id,
                    kind,
                    unit_kind: None,
                    name: name.into(),
                    short_name: None,
                    code: None,
                    sort: None,
                };
                let unit =
                    zs_org::api::create_node(tx, &g, &new(NodeKind::Unit, None, "市政府办"))?.id;
                let mut people = Vec::new();
                for (n, (key, name)) in NAMES.iter().enumerate() {
                    let first = NewIdentity {
                        node_id: unit,
                        post: "科员".into(),
                        rank: Some(i64::try_from(n).unwrap() + 10),
                        is_head: *key == "h",
                        is_liaison: *key == "g",
                        is_primary: true,
                    };
                    let (p, i) = zs_org::api::create_person(tx, &g, name, None, &first)?;
                    people.push((p.id, i.id));
                }
                Ok((unit, people))
            })
            .await
            .unwrap();
        let people = NAMES.iter().map(|(k, _)| *k).zip(people).collect();
        out.push(Office {
            app,
            unit,
            paper,
            people,
        });
    }
    out
}

impl Office {
    /// The identity of a person.
    pub fn id(&self, key: &str) -> Id {
        self.people[key].1
    }
    pub fn ids(&self, keys: &[&str]) -> Vec<i64> {
        keys.iter().map(|k| self.id(k).0).collect()
    }
    pub fn person(&self, key: &str) -> Id {
        self.people[key].0
    }
    pub fn actor(&self, key: &str) -> Actor {
        let (person, identity) = self.people[key];
        let name = NAMES.iter().find(|(k, _)| *k == key).unwrap().1;
        Actor {
            person,
            identity,
            identities: vec![identity],
            unit: self.unit,
            name: name.into(),
            ..Actor::default()
        }
    }
    pub fn ctx(&self, key: &str) -> Ctx {
        self.app.ctx(self.actor(key))
    }
    pub async fn publish(&self, def: Definition) -> Id {
        self.app
            .system()
            .write(OP, move |tx| crate::ensure_definition(tx, &def))
            .await
            .unwrap()
    }
    pub async fn grant(&self, key: &str, role: &'static str) -> Id {
        let id = self.id(key);
        let g = Granted::system(zs_access::api::SECURITY_MANAGE, "test");
        self.app
            .system()
            .write(OP, move |tx| zs_access::api::grant(tx, id, role, &g))
            .await
            .unwrap()
    }
    pub async fn revoke(&self, grant: Id) {
        let g = Granted::system(zs_access::api::SECURITY_MANAGE, "test");
        self.app
            .system()
            .write(OP, move |tx| zs_access::api::revoke(tx, grant, &g))
            .await
            .unwrap();
    }
    pub fn new_instance(&self, flow: &str, starter: &str, subject: i64) -> NewInstance {
        NewInstance {
            definition: flow.into(),
            subject_kind: "paper".into(),
            subject_id: Id(subject),
            module: "paper".into(),
            unit_id: self.unit,
            title: format!("关于第 {subject} 号事项的通知"),
            number: format!("政发〔2026〕{subject}号"),
            sender: "省政府办".into(),
            urgency: "normal".into(),
            starter: self.id(starter),
            ..NewInstance::default()
        }
    }
    pub async fn start(&self, flow: &str, starter: &str, subject: i64) -> Done {
        self.start_new(starter, self.new_instance(flow, starter, subject))
            .await
            .unwrap()
    }
    pub async fn start_new(&self, starter: &str, new: NewInstance) -> Result<Done> {
        let done = self
            .ctx(starter)
            .write(OP, move |tx| {
                let before = tx.statements();
                let a = crate::start(tx, &new)?;
                Ok(Done::of(a, tx.statements() - before))
            })
            .await;
        if let Ok(d) = &done {
            self.check(d.instance).await;
        }
        done
    }
    /// Gives a command without looking afterwards, as racing clients do.
    pub async fn race(&self, key: &str, instance: Id, rev: Option<i64>, act: Act) -> Result<Done> {
        run(&self.ctx(key), self.id(key), instance, rev, act).await
    }
    /// Gives a command and checks the instance afterwards, also when it was refused.
    pub async fn give(&self, key: &str, instance: Id, act: Act) -> Result<Done> {
        let done = self.race(key, instance, None, act).await;
        self.check(instance).await;
        done
    }
    /// Completes the one open seat of a person.
    pub async fn agree(&self, key: &str, instance: Id) -> Done {
        let seat = self.seat(key, instance).await;
        self.give(key, instance, complete(seat)).await.unwrap()
    }
    /// The person's open seat.
    pub async fn seat(&self, key: &str, instance: Id) -> i64 {
        let me = self.id(key).0;
        let l = self.load(instance).await;
        l.state
            .open_seats()
            .find(|(_, x)| x.admits(me))
            .unwrap_or_else(|| panic!("{key} has no open seat"))
            .1
            .id
    }
    pub async fn load(&self, instance: Id) -> Loaded {
        let ctx = self.app.system();
        let inner = ctx.clone();
        ctx.read(move |tx| crate::state(&inner, tx, instance))
            .await
            .unwrap()
    }
    /// Open steps with their holders, `b:钱二`-like keys: `step:key,key`.
    pub async fn at(&self, instance: Id) -> String {
        let l = self.load(instance).await;
        let key = |id: i64| {
            self.people
                .iter()
                .find(|(_, (_, i))| i.0 == id)
                .map_or("?", |(k, _)| *k)
        };
        let mut parts: Vec<String> = l
            .state
            .open_rounds()
            .map(|r| {
                let mut who: Vec<String> = r
                    .seats
                    .iter()
                    .filter(|x| x.status == SeatStatus::Open)
                    .map(|x| match &x.holder {
                        Some(h) => match h.principal {
                            Some(p) => format!("{}~{}", key(h.identity), key(p)),
                            None => key(h.identity).to_owned(),
                        },
                        None => format!(
                            "[{}]",
                            x.candidates
                                .iter()
                                .map(|c| key(c.identity))
                                .collect::<Vec<_>>()
                                .join("|")
                        ),
                    })
                    .collect();
                who.sort();
                format!("{}:{}", r.step, who.join(","))
            })
            .collect();
        parts.sort();
        parts.join(" ")
    }
    /// Ids of a person's open list, newest first.
    pub async fn todo(&self, key: &str) -> Vec<Id> {
        let ids = vec![self.id(key)];
        self.app
            .app
            .db
            .read(move |tx| {
                let page = zs_base::PageArgs {
                    cursor: None,
                    limit: Some(200),
                };
                let p = crate::list_tasks(
                    tx,
                    crate::List::Todo,
                    &ids,
                    &crate::TaskFilter::default(),
                    &page,
                    true,
                )?;
                assert_eq!(p.total, Some(i64::try_from(p.items.len()).unwrap()));
                Ok(p.items.into_iter().map(|t| t.task.id).collect())
            })
            .await
            .unwrap()
    }
    pub async fn count(&self, sql: &'static str) -> i64 {
        self.app
            .app
            .db
            .read(move |tx| tx.one(sql, &[])?.get(0))
            .await
            .unwrap()
    }
}

pub(crate) async fn run(
    ctx: &Ctx,
    identity: Id,
    instance: Id,
    rev: Option<i64>,
    act: Act,
) -> Result<Done> {
    ctx.write(OP, move |tx| {
        let before = tx.statements();
        let a = crate::act(tx, instance, rev, Command::by(identity.0, act.clone()))?;
        Ok(Done::of(a, tx.statements() - before))
    })
    .await
}

pub(crate) fn complete(seat: i64) -> Act {
    decide(seat, None)
}
pub(crate) fn decide(seat: i64, decision: Option<&str>) -> Act {
    Act::Complete {
        seat,
        decision: decision.map(str::to_owned),
        opinion: Some("同意".into()),
        next: Vec::new(),
        data: BTreeMap::new(),
    }
}
pub(crate) fn complete_with(seat: i64, data: &[(&str, Value)], next: Vec<NextPick>) -> Act {
    Act::Complete {
        seat,
        decision: None,
        opinion: None,
        next,
        data: data
            .iter()
            .map(|(k, v)| ((*k).to_owned(), v.clone()))
            .collect(),
    }
}
