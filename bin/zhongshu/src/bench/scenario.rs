//! What is measured. Each operation is what a request does, from the context to the durable commit; `todo` and `register`
//! go through the router as well.
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tower::ServiceExt as _;
use zs_access::RoleTable;
use zs_base::{Error, Id, Result};
use zs_ctx::{Actor, Ctx, Op};
use zs_db::vals;
use zs_flow::NewInstance;
use zs_flow::core::{Act, Command, Definition, Link, Step, StepKind, Who};
use zs_web::{Authenticator, BoxFuture, SESSION_COOKIE, WebOptions};

use super::Bench;
use super::measure::{self, Line};
use crate::seed::{draw, load, plan};

const STEP: Op = Op {
    key: "bench.step",
    title: "测量",
};
const OPEN_ITEMS: usize = 500;

/// A small town to work in: ids of its nodes and people.
async fn town(b: &Bench) -> Result<(plan::Plan, load::City)> {
    let plan = draw::draw(plan::Preset::Town, 1);
    let access = b.app.services.get::<zs_access::Access>()?;
    let hash = access.hash("Measure-2026").await?;
    let city = load::city(&b.app, &plan, &hash, |_| {}).await?;
    Ok((plan, city))
}

fn chain(people: &[Id]) -> Definition {
    let mut steps = vec![Step {
        id: "start".into(),
        title: "起草".into(),
        kind: StepKind::Start,
        ..Step::default()
    }];
    let mut links = Vec::new();
    let mut before = String::from("start");
    for i in 0..5usize {
        let id = format!("s{i}");
        let who = people
            .get(i % people.len().max(1))
            .map_or(Who::Starter, |p| Who::Identity(p.0));
        steps.push(Step {
            id: id.clone(),
            title: format!("第{}步", i + 1),
            who,
            ..Step::default()
        });
        links.push(Link {
            from: before,
            to: id.clone(),
            ..Link::default()
        });
        before = id;
    }
    steps.push(Step {
        id: "end".into(),
        title: "结束".into(),
        kind: StepKind::End {
            outcome: "completed".into(),
        },
        ..Step::default()
    });
    links.push(Link {
        from: before,
        to: "end".into(),
        ..Link::default()
    });
    Definition {
        key: "bench.chain".into(),
        version: 1,
        title: "测量".into(),
        steps,
        links,
        ..Definition::default()
    }
}

#[derive(Clone, Default, Serialize, Deserialize)]
struct At {
    instance: Option<Id>,
    seat: i64,
    holder: i64,
}

/// Durable workflow steps: start, then complete after complete, each with its task rows, events and audit row.
pub(crate) async fn step(b: &Bench) -> Result<Line> {
    let (_, city) = town(b).await?;
    let people: Vec<Id> = city.identities.iter().copied().take(5).collect();
    let (unit, starter) = (Id(1), people.first().copied().unwrap_or_default());
    let def = chain(&people);
    let ctx = Ctx::system(b.app.clone(), "bench");
    ctx.write(STEP, move |tx| zs_flow::ensure_definition(tx, &def))
        .await?;
    let places: Arc<Vec<Mutex<At>>> = Arc::new((0..b.clients).map(|_| Mutex::default()).collect());
    measure::run("step", b.engine, b.clients, b.seconds, move |c, _| {
        let (ctx, places) = (ctx.clone(), Arc::clone(&places));
        async move {
            let at = places
                .get(c)
                .map(|p| p.lock().unwrap_or_else(PoisonError::into_inner).clone())
                .unwrap_or_default();
            let next = ctx
                .write(STEP, move |tx| one_step(tx, &at, unit, starter))
                .await?;
            if let Some(p) = places.get(c) {
                *p.lock().unwrap_or_else(PoisonError::into_inner) = next;
            }
            Ok(())
        }
    })
    .await
}

fn one_step(tx: &mut zs_ctx::WriteTx<'_, '_>, at: &At, unit: Id, starter: Id) -> Result<At> {
    let acted = match at.instance {
        None => {
            let subject = tx.new_id();
            zs_flow::start(
                tx,
                &NewInstance {
                    definition: "bench.chain".into(),
                    subject_kind: "bench".into(),
                    subject_id: subject,
                    module: "bench".into(),
                    unit_id: unit,
                    title: "关于做好测量工作的通知".into(),
                    urgency: "normal".into(),
                    starter,
                    ..NewInstance::default()
                },
            )?
        }
        Some(instance) => {
            let act = Act::Complete {
                seat: at.seat,
                decision: None,
                opinion: Some("同意，请按程序办理。".into()),
                next: Vec::new(),
                data: BTreeMap::new(),
            };
            zs_flow::act(tx, instance, None, Command::by(at.holder, act))?
        }
    };
    Ok(match (&acted.ended, acted.opened.first()) {
        (None, Some(o)) => At {
            instance: Some(acted.instance_id()),
            seat: o.task_id.0,
            holder: o.people.first().map_or(0, |p| p.identity_id.0),
        },
        _ => At::default(),
    })
}

/// Lets a token stand for a person: the measured server needs no passwords.
#[derive(Default)]
struct Faces(HashMap<String, Arc<Actor>>);

impl Authenticator for Faces {
    fn authenticate(&self, token: String) -> BoxFuture<'static, Result<Option<Arc<Actor>>>> {
        let actor = self.0.get(&token).cloned();
        Box::pin(async move { Ok(actor) })
    }
}

async fn actor(b: &Bench, identity: Id, roles: &[&str]) -> Result<Actor> {
    let i = b
        .app
        .db
        .read(move |tx| zs_org::api::identity(tx, identity))
        .await?;
    let table = b.app.services.get::<RoleTable>()?;
    let mut all: Vec<&str> = roles.to_vec();
    all.push("staff");
    Ok(Actor {
        person: i.person_id,
        identity,
        identities: vec![identity],
        unit: i.unit_id,
        division: i.division_id,
        name: i.name.clone(),
        unit_name: i.unit_name.clone(),
        post: i.post.clone(),
        roles: all.iter().map(|r| (*r).to_owned()).collect(),
        permissions: table.permissions(all),
        ..Actor::default()
    })
}

fn front_door(b: &Bench, faces: Faces) -> Result<Router> {
    let options = WebOptions {
        auth: Arc::new(faces),
        version: "bench",
        secure: false,
    };
    zs_web::router(b.app.clone(), &b.registry.routes(), options)
}

async fn call(
    router: Router,
    method: &str,
    path: String,
    token: String,
    body: Option<Value>,
) -> Result<Value> {
    let req = Request::builder()
        .method(method)
        .uri(format!("/api/v1{path}"))
        .header(header::COOKIE, format!("{SESSION_COOKIE}={token}"))
        .body(body.map_or_else(Body::empty, |b| Body::from(b.to_string())))
        .map_err(Error::internal)?;
    let r = router.oneshot(req).await.map_err(Error::internal)?;
    let ok = r.status().is_success();
    let bytes = to_bytes(r.into_body(), 16 * 1024 * 1024)
        .await
        .map_err(Error::internal)?;
    let value: Value = serde_json::from_slice(&bytes).map_err(Error::internal)?;
    if ok {
        Ok(value)
    } else {
        Err(Error::internal(value.to_string()))
    }
}

/// The first page of the to-do list of a person with five hundred open items.
pub(crate) async fn todo(b: &Bench, made: bool) -> Result<Line> {
    let holder = if made {
        let (_, city) = town(b).await?;
        let holder = city.identities.first().copied().unwrap_or_default();
        let def = chain(&[holder]);
        let ctx = Ctx::system(b.app.clone(), "bench");
        ctx.write(STEP, move |tx| zs_flow::ensure_definition(tx, &def))
            .await?;
        for _ in 0..OPEN_ITEMS {
            ctx.write(STEP, move |tx| one_step(tx, &At::default(), Id(1), holder))
                .await?;
        }
        holder
    } else {
        // The busiest person of the seeded data.
        b.app
            .db
            .read(|tx| {
                tx.one(
                    "select assignee from flow_task where status = 'open' and kind = 'todo' and assignee is not null \
                     group by assignee order by abs(count(*) - $1) limit 1",
                    vals![i64::try_from(OPEN_ITEMS).unwrap_or(500)],
                )?
                .get::<Id>(0)
            })
            .await?
    };
    let who = actor(b, holder, &[]).await?;
    let router = front_door(
        b,
        Faces(HashMap::from([("busy".to_owned(), Arc::new(who))])),
    )?;
    measure::run("todo", b.engine, b.clients, b.seconds, move |_, _| {
        let router = router.clone();
        async move {
            let page = call(
                router,
                "GET",
                "/work/todo?limit=20".into(),
                "busy".into(),
                None,
            )
            .await?;
            match page.get("items").and_then(Value::as_array).map(Vec::len) {
                Some(20) => Ok(()),
                n => Err(Error::internal(format!("{n:?} rows"))),
            }
        }
    })
    .await
}

/// 签收 and 登记 of one document as the page does it: two writes and the page between them; a serial number, a flow
/// instance and a step.
pub(crate) async fn register(b: &Bench) -> Result<Line> {
    let (plan, city) = town(b).await?;
    let at = plan
        .people
        .iter()
        .position(|p| p.roles.contains(&"registry"))
        .unwrap_or_default();
    let identity = city.identities.get(at).copied().unwrap_or_default();
    let who = actor(b, identity, &["registry"]).await?;
    let router = front_door(
        b,
        Faces(HashMap::from([("clerk".to_owned(), Arc::new(who))])),
    )?;
    measure::run("register", b.engine, b.clients, b.seconds, move |c, turn| {
        let router = router.clone();
        async move {
            let number = format!("澄政办发〔2026〕{c}-{turn}号");
            let base = json!({
                "doc_class": "red_head", "source": "exchange", "sender": "澄州市人民政府办公室", "sender_rank": "superior",
                "title": "关于做好测量工作的通知", "doc_number": number, "copies": 1, "received_date": "2026-03-02",
                "urgency": "normal", "remark": null, "file_ids": [],
            });
            let token = || "clerk".to_owned();
            let made = call(router.clone(), "POST", "/incoming".into(), token(), Some(base.clone())).await?;
            let id = made.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
            let page = call(
                router.clone(),
                "GET",
                format!("/incoming/{id}"),
                token(),
                None,
            )
            .await?;
            let task = page.pointer("/tasks/0/task_id").cloned().unwrap_or(Value::Null);
            let mut full = base;
            if let Some(o) = full.as_object_mut() {
                o.insert("secrecy".into(), json!("none"));
                o.insert("paper_only".into(), json!(false));
                o.insert("confirm_duplicate".into(), json!(false));
                o.insert("task_id".into(), task);
            }
            let done = call(router, "POST", format!("/incoming/{id}/register"), token(), Some(full)).await?;
            match done.get("serial_no").and_then(Value::as_str) {
                Some(_) => Ok(()),
                None => Err(Error::internal(done.to_string())),
            }
        }
    })
    .await
}
