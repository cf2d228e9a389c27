//! The desk from which the stories are played: contexts of the people, the clock, the open tasks.
use std::collections::HashMap;
use std::sync::Arc;

use zs_access::RoleTable;
use zs_base::time::{DAY_MS, Date};
use zs_base::{FakeClock, Id, Result};
use zs_calendar::Calendar;
use zs_ctx::{Actor, App, Ctx, Op, Request};
use zs_flow::core::Act;

use super::cast::Cast;

const TIMERS: Op = Op {
    key: "seed.timers",
    title: "演示流程定时",
};
/// A minute, ms.
pub const MINUTE_MS: i64 = 60_000;

/// Contexts by identity, and the clock.
pub struct Desk {
    /// The process.
    pub app: App,
    /// The hands.
    pub clock: FakeClock,
    table: Arc<RoleTable>,
    actors: HashMap<Id, Arc<Actor>>,
}

/// A task that somebody could do now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// Task.
    pub task: Id,
    /// Stage of its step.
    pub stage: String,
    /// Who acts; the first candidate of a group item.
    pub who: Id,
    /// A read item that was passed on.
    pub item: bool,
    /// Branch of an undertaking: its node.
    pub node: Option<Id>,
}

/// `minutes` of office time after `start`; where the calendar does not reach, Monday to Friday.
pub fn later(start: i64, minutes: i64) -> i64 {
    let ms = minutes.max(1) * MINUTE_MS;
    Calendar::builtin()
        .add_working_time(start, ms)
        .unwrap_or_else(|_| {
            let at = start + ms;
            match Date::at(at).weekday() {
                day @ 6..=7 => at + (8 - day) * DAY_MS,
                _ => at,
            }
        })
}

impl Desk {
    /// A desk over an installation.
    pub fn new(app: &App, clock: &FakeClock) -> Result<Self> {
        let table = app.services.get::<RoleTable>()?;
        Ok(Self {
            app: app.clone(),
            clock: clock.clone(),
            table,
            actors: HashMap::new(),
        })
    }
    /// The context of a person of this cast.
    pub async fn ctx(&mut self, cast: &Cast, who: Id) -> Result<Ctx> {
        let actor = match self.actors.get(&who) {
            Some(a) => Arc::clone(a),
            None => {
                let a = Arc::new(self.actor(cast, who).await?);
                self.actors.insert(who, Arc::clone(&a));
                a
            }
        };
        let request = Request {
            id: "seed".into(),
            ..Request::default()
        };
        Ok(Ctx::new(self.app.clone(), Some(actor), request))
    }
    async fn actor(&self, cast: &Cast, who: Id) -> Result<Actor> {
        let i = self
            .app
            .db
            .read(move |tx| zs_org::api::identity(tx, who))
            .await?;
        let mut roles: Vec<&str> = cast.roles.get(&who).map_or(Vec::new(), Clone::clone);
        roles.push("staff");
        Ok(Actor {
            person: i.person_id,
            identity: who,
            identities: vec![who],
            unit: i.unit_id,
            division: i.division_id,
            name: i.name,
            unit_name: i.unit_name,
            post: i.post,
            roles: roles.iter().map(|r| (*r).to_owned()).collect(),
            permissions: self.table.permissions(roles),
            ..Actor::default()
        })
    }
    /// Open tasks of an instance in the order in which they opened.
    pub async fn open(&self, instance: Id) -> Result<Vec<Open>> {
        let ctx = Ctx::system(self.app.clone(), "seed");
        let c = ctx.clone();
        let loaded = ctx.read(move |tx| zs_flow::state(&c, tx, instance)).await?;
        let s = &loaded.state;
        let stage = |step: &str| {
            loaded
                .def
                .step(step)
                .map(|s| s.stage.clone())
                .unwrap_or_default()
        };
        let mut out = Vec::new();
        for (round, seat) in s.open_seats() {
            let holder = seat.holder.as_ref().or(seat.candidates.first());
            let Some(h) = holder else { continue };
            let node = s
                .lookup(round.scope, "item.node")
                .and_then(serde_json::Value::as_i64)
                .map(Id);
            out.push(Open {
                task: Id(seat.id),
                stage: stage(&round.step),
                who: Id(h.identity),
                item: false,
                node,
            });
        }
        for i in s.open_reads() {
            out.push(Open {
                task: Id(i.id),
                stage: zs_incoming::definition::stage::CIRCULATION_READ.into(),
                who: Id(i.holder.identity),
                item: true,
                node: None,
            });
        }
        Ok(out)
    }
    /// The flow instance of a document.
    pub async fn instance(&self, doc: Id) -> Result<Id> {
        let found = self
            .app
            .db
            .read(move |tx| zs_flow::by_subject(tx, zs_incoming::flow::SUBJECT, doc))
            .await?;
        found.ok_or_else(|| zs_base::Error::not_found("这份收文的流程"))
    }
    /// Fires the timers that are due: reminders and urging of those days.
    pub async fn timers(&self) -> Result<()> {
        let ctx = Ctx::system(self.app.clone(), "seed");
        loop {
            let now = self.clock.now();
            let due = ctx
                .read(move |tx| zs_flow::due_timers(tx, now, 200))
                .await?;
            if due.is_empty() {
                return Ok(());
            }
            for (timer, instance) in due {
                ctx.write(TIMERS, move |tx| {
                    zs_flow::act_system(tx, instance, Act::TimerFired { timer: timer.0 }).map(drop)
                })
                .await?;
            }
        }
    }
}
