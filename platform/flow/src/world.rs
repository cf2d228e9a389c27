//! The world outside as the engine sees it during one command: people, delegations, the calendar, ids.
//!
//! Lookups run in the transaction of the command, so that a decision and what it rests on belong together.
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

use zs_base::{Error, Id, Result};
use zs_calendar::Calendar;
use zs_ctx::{Ctx, WriteTx};
use zs_db::Tx;
use zs_flowcore::{Outside, PersonRef, ResolveCtx, SeatSpec, UnitRef, Who};

use crate::api::{At, Directory, DirectoryService, Subject, Subjects};
use crate::model::InstanceRow;

/// Roles and delegations as the access module keeps them.
pub(crate) struct AccessDirectory;

impl Directory for AccessDirectory {
    fn holders(&self, tx: &mut Tx<'_>, role: &str, unit: Id) -> Result<Vec<Id>> {
        zs_access::api::holders(tx, role, unit)
    }
    fn agents(
        &self,
        tx: &mut Tx<'_>,
        principals: &[Id],
        module: &str,
        now: i64,
    ) -> Result<HashMap<Id, Id>> {
        let found = zs_access::api::active_agents(tx, principals, module, now)?;
        Ok(found.into_iter().collect())
    }
}

/// The directory of the process.
pub(crate) fn directory(ctx: &Ctx) -> Arc<dyn Directory> {
    match ctx.service::<DirectoryService>() {
        Ok(s) => Arc::clone(&s.0),
        Err(_) => Arc::new(AccessDirectory),
    }
}

/// The subject of an instance, if its module registered one.
pub(crate) fn subject(ctx: &Ctx, kind: &str) -> Option<Arc<dyn Subject>> {
    ctx.service::<Subjects>()
        .ok()
        .and_then(|s| s.of(kind).map(Arc::clone))
}

pub(crate) struct World<'w, 'a, 'b> {
    tx: RefCell<&'w mut WriteTx<'a, 'b>>,
    row: &'w InstanceRow,
    directory: Arc<dyn Directory>,
    subject: Option<Arc<dyn Subject>>,
    names: RefCell<HashMap<i64, String>>,
    calendar: RefCell<Option<Calendar>>,
    fault: RefCell<Option<Error>>,
    provisional: Cell<bool>,
}

impl<'w, 'a, 'b> World<'w, 'a, 'b> {
    pub fn new(tx: &'w mut WriteTx<'a, 'b>, row: &'w InstanceRow) -> Self {
        let ctx = tx.ctx();
        Self {
            directory: directory(ctx),
            subject: subject(ctx, &row.subject_kind),
            tx: RefCell::new(tx),
            row,
            names: RefCell::default(),
            calendar: RefCell::default(),
            fault: RefCell::default(),
            provisional: Cell::new(false),
        }
    }
    /// What was learnt: names by identity; or the storage error that spoilt a lookup.
    pub fn finish(self) -> Result<HashMap<i64, String>> {
        match self.fault.into_inner() {
            Some(e) => Err(e),
            None => Ok(self.names.into_inner()),
        }
    }
    /// Runs a lookup; a storage error is kept and fails the whole command afterwards.
    fn look<T: Default>(&self, f: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> T {
        let mut tx = self.tx.borrow_mut();
        match f(&mut tx) {
            Ok(v) => v,
            Err(e) => {
                self.fault.borrow_mut().get_or_insert(e);
                T::default()
            }
        }
    }
    /// Applies delegations to active people; keeps the order. The agent is always another active person; if he is away
    /// himself nothing is passed on.
    fn delegated(&self, ids: &[Id]) -> Vec<SeatSpec> {
        if ids.is_empty() {
            return Vec::new();
        }
        let module = &self.row.module;
        let agents = self.look(|tx| {
            let now = tx.now();
            self.directory.agents(tx, ids, module, now)
        });
        ids.iter()
            .map(|i| match agents.get(i) {
                Some(agent) if agent != i => SeatSpec::agent(agent.0, i.0, true),
                _ => SeatSpec::own(i.0),
            })
            .collect()
    }
    /// The active ones of these identities in the given order; their names are remembered.
    fn active(&self, ids: &[Id]) -> Vec<Id> {
        let found = self.look(|tx| {
            if ids.is_empty() {
                Ok(Vec::new())
            } else {
                zs_org::api::identities(tx, ids)
            }
        });
        let mut names = self.names.borrow_mut();
        let mut active = Vec::with_capacity(found.len());
        for i in found {
            if i.is_active() {
                active.push(i.id);
            }
            names.insert(i.id.0, i.name);
        }
        ids.iter().filter(|i| active.contains(i)).copied().collect()
    }
    fn remember(&self, people: Vec<zs_org::api::Identity>) -> Vec<Id> {
        let mut names = self.names.borrow_mut();
        people
            .into_iter()
            .map(|i| {
                names.insert(i.id.0, i.name);
                i.id
            })
            .collect()
    }
    fn identity(&self, id: i64) -> Option<zs_org::api::Identity> {
        self.look(|tx| zs_org::api::identity_opt(tx, Id(id)))
    }
    /// The node that an expression names: a unit, or a division where one is meant.
    fn node(&self, unit: &UnitRef, c: &ResolveCtx<'_>) -> Result<Id, String> {
        match unit {
            UnitRef::OfSubject => Ok(self.row.unit_id),
            UnitRef::OfStarter => self
                .identity(c.starter)
                .map(|i| i.node_id())
                .ok_or_else(|| "找不到发起人的单位".into()),
            UnitRef::OfPrevious => c
                .previous
                .last()
                .and_then(|p| self.identity(*p))
                .map(|i| i.node_id())
                .ok_or_else(|| "找不到上一环节办理人的单位".into()),
            UnitRef::Named(id) => Ok(Id(*id)),
            UnitRef::FormField(path) => c
                .instance
                .lookup(c.scope, path)
                .and_then(id_of)
                .ok_or_else(|| format!("表单中的单位“{path}”没有填写或格式不对")),
        }
    }
    fn people(&self, who: &Who, c: &ResolveCtx<'_>) -> Result<Vec<Id>, String> {
        match who {
            Who::Role { role, unit } => {
                let node = self.node(unit, c)?;
                match role.as_str() {
                    "liaison" => {
                        Ok(self.remember(self.look(|tx| zs_org::api::liaisons_of(tx, node))))
                    }
                    "head" => Ok(self.remember(self.look(|tx| zs_org::api::heads_of(tx, node)))),
                    "supervising_leader" => {
                        Ok(self
                            .remember(self.look(|tx| zs_org::api::supervising_leaders(tx, node))))
                    }
                    role => Ok(self.look(|tx| {
                        let found = self.directory.holders(tx, role, node)?;
                        // A role is held within a unit; a division asks its unit.
                        match (found.is_empty(), unit) {
                            (true, UnitRef::OfSubject) | (false, _) => Ok(found),
                            (true, _) => match zs_org::api::unit_of(tx, node) {
                                Ok(u) if u.id != node => self.directory.holders(tx, role, u.id),
                                _ => Ok(found),
                            },
                        }
                    })),
                }
            }
            Who::UnitHead(unit) => {
                let node = self.node(unit, c)?;
                Ok(self.remember(self.look(|tx| zs_org::api::heads_of(tx, node))))
            }
            Who::SuperiorOf(person) => {
                let of = match person {
                    PersonRef::Starter => Some(c.starter),
                    PersonRef::Previous => c.previous.last().copied(),
                    PersonRef::Identity(i) => Some(*i),
                };
                let of = of.ok_or_else(|| "没有上一环节的办理人".to_owned())?;
                Ok(self.remember(self.look(|tx| zs_org::api::superiors_of(tx, Id(of)))))
            }
            Who::Named(name) => {
                let at = At {
                    state: c.instance,
                    step: c.step,
                    scope: c.scope,
                    previous: c.previous,
                };
                let found = match &self.subject {
                    Some(s) => self.look(|tx| s.resolve(tx, self.row, name, &at)),
                    None => None,
                };
                let ids = found.ok_or_else(|| format!("不认识的办理人表达式“{name}”"))?;
                Ok(self.active(&ids))
            }
            Who::Post(_) => Err("岗位规则尚未支持，请改用角色或指定人员".into()),
            other => Err(format!("不能由组织机构解析的办理人 {other:?}")),
        }
    }
}

/// A unit id in a variable: a number, digits, or the first of a list.
fn id_of(v: &serde_json::Value) -> Option<Id> {
    match v {
        serde_json::Value::Number(n) => n.as_i64().map(Id),
        serde_json::Value::String(s) => s.trim().parse().ok(),
        serde_json::Value::Array(a) => a.first().and_then(id_of),
        _ => None,
    }
}

impl Outside for World<'_, '_, '_> {
    fn next_id(&self) -> i64 {
        self.tx.borrow().new_id().0
    }
    fn resolve(&self, who: &Who, ctx: &ResolveCtx<'_>) -> Result<Vec<SeatSpec>, String> {
        let ids = self.people(who, ctx)?;
        Ok(self.delegated(&ids))
    }
    fn admit(&self, identities: &[i64], _: &ResolveCtx<'_>) -> Vec<SeatSpec> {
        let ids: Vec<Id> = identities.iter().copied().map(Id).collect();
        let active = self.active(&ids);
        self.delegated(&active)
    }
    fn due(&self, start_ms: i64, working_days: u32) -> i64 {
        if self.calendar.borrow().is_none() {
            let loaded = self.look(|tx| zs_calendar::load(tx).map(Some));
            *self.calendar.borrow_mut() = loaded;
        }
        match self.calendar.borrow().as_ref() {
            Some(c) => match c.due_or_provisional(start_ms, working_days) {
                Ok(due) => {
                    self.provisional
                        .set(self.provisional.get() || due.provisional);
                    due.at
                }
                Err(e) => {
                    self.fault.borrow_mut().get_or_insert(e);
                    start_ms
                }
            },
            None => start_ms,
        }
    }
}
