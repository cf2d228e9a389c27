//! Delegation (委托代理): for a period and a scope; it begins and ends by itself and is never passed on.
use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use zs_base::{Error, Id, Result};
use zs_ctx::{Granted, WriteTx};
use zs_db::{Query, Row, Tx, vals};
use zs_org::api as org;

use crate::codes::{
    DELEGATION_ADMIN, DELEGATION_AGENT_AWAY, DELEGATION_ENDED, DELEGATION_OTHER_UNIT,
    DELEGATION_OVERLAP, DELEGATION_SELF,
};
use crate::grants;
use crate::role::is_admin;

/// Topic: a delegation has begun and takes the open items along; key = delegation, payload [`Turned`].
pub const STARTED: &str = "access.delegation_started";
/// Topic: a delegation has ended, by itself or by hand; key = delegation, payload [`Turned`]. Unfinished work of the
/// agent goes back to the principal.
pub const ENDED: &str = "access.delegation_ended";

/// Longest delegation.
const LONGEST_MS: i64 = 366 * zs_base::time::DAY_MS;
/// The page's clock may be so far behind.
const LATE_MS: i64 = 10 * 60_000;

/// A delegation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Delegation {
    /// Key.
    pub id: Id,
    /// The identity that gives its work away (委托人).
    pub principal: Id,
    /// The identity that takes it (代理人).
    pub agent: Id,
    /// From when, ms UTC.
    pub from_at: i64,
    /// Until when, ms UTC, exclusive.
    pub until_at: i64,
    /// `all` or `module:<id>`.
    pub scope: String,
    /// Items that are open at the beginning go along.
    pub include_open: bool,
    /// Why.
    pub reason: String,
    /// `pending`, `active` or `ended`.
    pub status: String,
}

/// Payload of [`STARTED`] and [`ENDED`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Turned {
    /// Delegation.
    pub delegation_id: Id,
    /// 委托人.
    pub principal: Id,
    /// 代理人.
    pub agent: Id,
    /// `all` or `module:<id>`.
    pub scope: String,
    /// Open items go along.
    pub include_open: bool,
    /// From when.
    pub from_at: i64,
    /// Until when it was meant to last.
    pub until_at: i64,
}

const COLUMNS: &str = "select id, principal, agent, from_at, until_at, scope, include_open, reason, status from access_delegation where ";

zs_db::statements! {
    INSERT = "insert into access_delegation (id, principal, agent, from_at, until_at, scope, include_open, reason, status, created_at) \
              values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    TURN = "update access_delegation set status = $2 where id = $1 and status = $3";
    END = "update access_delegation set status = 'ended', ended_at = $2, ended_by = $3 where id = $1 and status <> 'ended'";
}

impl Delegation {
    fn from_row(r: &Row) -> Result<Self> {
        let mut c = r.cols();
        Ok(Self {
            id: c.next()?,
            principal: c.next()?,
            agent: c.next()?,
            from_at: c.next()?,
            until_at: c.next()?,
            scope: c.next()?,
            include_open: c.next()?,
            reason: c.next()?,
            status: c.next()?,
        })
    }
    fn turned(&self) -> Turned {
        Turned {
            delegation_id: self.id,
            principal: self.principal,
            agent: self.agent,
            scope: self.scope.clone(),
            include_open: self.include_open,
            from_at: self.from_at,
            until_at: self.until_at,
        }
    }
    /// Does it hold at `now`? The status only follows the clock; the clock decides.
    pub fn holds(&self, now: i64) -> bool {
        self.status != "ended" && (self.from_at..self.until_at).contains(&now)
    }
    /// Does it cover work of `module`?
    pub fn covers(&self, module: &str) -> bool {
        self.scope == "all" || self.scope.strip_prefix("module:") == Some(module)
    }
}

fn find(tx: &mut Tx<'_>, tail: impl FnOnce(&mut Query)) -> Result<Vec<Delegation>> {
    let mut q = Query::new(COLUMNS, &[]);
    tail(&mut q);
    q.push(" order by from_at, id", &[]);
    tx.rows(&q)?.iter().map(Delegation::from_row).collect()
}

/// One delegation.
pub fn get(tx: &mut Tx<'_>, id: Id) -> Result<Delegation> {
    find(tx, |q| {
        q.push("id = ?", vals![id]);
    })?
    .pop()
    .ok_or_else(|| Error::not_found("这项委托"))
}

/// The delegation under which somebody acts for `principal` in `module` at `now`. The agent's own delegations are not
/// looked at: nothing is passed on.
pub fn active_agent(
    tx: &mut Tx<'_>,
    principal: Id,
    module: &str,
    now: i64,
) -> Result<Option<Delegation>> {
    let mut all = find(tx, |q| {
        q.push(
            "principal = ? and status <> 'ended' and from_at <= ? and until_at > ?",
            vals![principal, now, now],
        );
    })?;
    // The narrower scope speaks first.
    all.retain(|d| d.covers(module));
    all.sort_by_key(|d| d.scope == "all");
    Ok(all.into_iter().next())
}

/// As [`active_agent`] for many principals with one statement: principal → agent, those without one left out.
pub fn active_agents(
    tx: &mut Tx<'_>,
    principals: &[Id],
    module: &str,
    now: i64,
) -> Result<BTreeMap<Id, Id>> {
    let mut all = find(tx, |q| {
        q.push_in("principal", principals.iter().copied()).push(
            " and status <> 'ended' and from_at <= ? and until_at > ?",
            vals![now, now],
        );
    })?;
    all.retain(|d| d.covers(module));
    // The narrower scope speaks last and stays.
    all.sort_by_key(|d| d.scope != "all");
    Ok(all.into_iter().map(|d| (d.principal, d.agent)).collect())
}

/// The delegations in which one of `agents` acts for somebody at `now`.
pub(crate) fn for_agents(tx: &mut Tx<'_>, agents: &[Id], now: i64) -> Result<Vec<Delegation>> {
    find(tx, |q| {
        q.push_in("agent", agents.iter().copied()).push(
            " and status <> 'ended' and from_at <= ? and until_at > ?",
            vals![now, now],
        );
    })
}

/// Everything that these identities gave or received, the ended of the last half year included.
pub(crate) fn of_identities(tx: &mut Tx<'_>, mine: &[Id]) -> Result<Vec<Delegation>> {
    let since = tx.now() - LONGEST_MS / 2;
    let mut all = find(tx, |q| {
        q.push("(", &[])
            .push_in("principal", mine.iter().copied())
            .push(" or ", &[])
            .push_in("agent", mine.iter().copied())
            .push(") and (status <> 'ended' or until_at > ?)", vals![since]);
    })?;
    all.reverse();
    Ok(all)
}

/// A new delegation.
#[derive(Clone, Debug)]
pub struct NewDelegation {
    /// 委托人.
    pub principal: Id,
    /// 代理人.
    pub agent: Id,
    /// From when.
    pub from_at: i64,
    /// Until when.
    pub until_at: i64,
    /// `all` or `module:<id>`, an existing module.
    pub scope: String,
    /// Open items go along.
    pub include_open: bool,
    /// Why.
    pub reason: String,
}

fn same_ground(a: &str, b: &str) -> bool {
    a == b || a == "all" || b == "all"
}

/// Pure check of the period; `now` is the office's clock.
fn check_period(d: &NewDelegation, now: i64) -> Result<()> {
    if d.until_at <= d.from_at {
        return Err(Error::field("until_at", "结束时间应晚于开始时间"));
    }
    if d.until_at <= now {
        return Err(Error::field("until_at", "结束时间已过，请重新选择"));
    }
    if d.from_at < now - LATE_MS {
        return Err(Error::field("from_at", "开始时间已过，请从现在或以后开始"));
    }
    if d.until_at - d.from_at > LONGEST_MS {
        return Err(Error::field("until_at", "一次委托最长一年，请缩短期限"));
    }
    if d.reason.chars().count() > 200 {
        return Err(Error::field("reason", "事由不超过 200 字"));
    }
    Ok(())
}

/// Makes a delegation. Refused: to oneself, to another unit, by or to one of the three administrators, twice for one
/// time and scope, to somebody who is away himself.
pub fn create(tx: &mut WriteTx<'_, '_>, d: &NewDelegation, _: &Granted) -> Result<Delegation> {
    let now = tx.now();
    check_period(d, now)?;
    grants::one_at_a_time(tx)?;
    let principal = org::identity(tx, d.principal)?;
    let agent = org::identity(tx, d.agent)?;
    if !agent.is_active() || !principal.is_active() {
        return Err(Error::field(
            "agent_identity_id",
            "此人的任职已结束，请重新选择",
        ));
    }
    if agent.person_id == principal.person_id {
        return Err(DELEGATION_SELF
            .err()
            .and_field("agent_identity_id", "不能委托给自己"));
    }
    if agent.unit_id != principal.unit_id {
        return Err(DELEGATION_OTHER_UNIT
            .err()
            .and_field("agent_identity_id", "请选择本单位的同事"));
    }
    for person in [principal.person_id, agent.person_id] {
        if grants::roles_of_person(tx, person)?
            .iter()
            .any(|r| is_admin(r))
        {
            return Err(DELEGATION_ADMIN.err());
        }
    }
    if let Some(x) = overlapping(tx, d.principal, d)? {
        return Err(DELEGATION_OVERLAP.with(&[&format!(
            "{} 至 {}",
            zs_base::time::minute(x.from_at),
            zs_base::time::minute(x.until_at)
        )]));
    }
    if overlapping(tx, d.agent, d)?.is_some() {
        return Err(DELEGATION_AGENT_AWAY.with(&[&agent.name]));
    }
    let out = Delegation {
        id: tx.new_id(),
        principal: d.principal,
        agent: d.agent,
        from_at: d.from_at.max(now),
        until_at: d.until_at,
        scope: d.scope.clone(),
        include_open: d.include_open,
        reason: d.reason.trim().to_owned(),
        status: if d.from_at <= now {
            "active"
        } else {
            "pending"
        }
        .to_owned(),
    };
    tx.exec(
        INSERT,
        vals![
            out.id,
            out.principal,
            out.agent,
            out.from_at,
            out.until_at,
            &out.scope,
            out.include_open,
            &out.reason,
            &out.status,
            now
        ],
    )?;
    tx.touch(
        "delegation",
        out.id,
        json!({"principal": principal.name, "agent": agent.name, "scope": out.scope, "from_at": out.from_at, "until_at": out.until_at}),
    )?;
    if out.status == "active" {
        started(tx, &out)?;
    }
    Ok(out)
}

fn overlapping(tx: &mut Tx<'_>, principal: Id, d: &NewDelegation) -> Result<Option<Delegation>> {
    let all = find(tx, |q| {
        q.push(
            "principal = ? and status <> 'ended' and from_at < ? and until_at > ?",
            vals![principal, d.until_at, d.from_at],
        );
    })?;
    let now = tx.now();
    Ok(all
        .into_iter()
        .find(|x| x.until_at > now && same_ground(&x.scope, &d.scope)))
}

fn started(tx: &mut WriteTx<'_, '_>, d: &Delegation) -> Result<()> {
    if d.include_open {
        tx.emit(STARTED, d.id, d.turned())?;
    }
    Ok(())
}

/// Ends a delegation now; its event goes out once.
pub(crate) fn end(tx: &mut WriteTx<'_, '_>, d: &Delegation) -> Result<()> {
    let (now, by) = (tx.now(), tx.ctx().actor_opt().map(|a| a.identity));
    if tx.exec(END, vals![d.id, now, by])? == 0 {
        return Err(DELEGATION_ENDED.err());
    }
    tx.emit(ENDED, d.id, d.turned())?;
    tx.touch("delegation", d.id, json!({"status": "ended"}))
}

/// Follows the clock: begins what is due and ends what is over; how many turned.
pub(crate) fn turn(tx: &mut WriteTx<'_, '_>, limit: i64) -> Result<usize> {
    let now = tx.now();
    let mut n = 0;
    for d in due(tx, now, limit)? {
        if d.until_at <= now {
            end(tx, &d)?;
            n += 1;
        } else if tx.exec(TURN, vals![d.id, "active", "pending"])? == 1 {
            started(tx, &d)?;
            tx.touch("delegation", d.id, json!({"status": "active"}))?;
            n += 1;
        }
    }
    Ok(n)
}

/// Delegations whose status lags behind the clock.
pub(crate) fn due(tx: &mut Tx<'_>, now: i64, limit: i64) -> Result<Vec<Delegation>> {
    let mut all = find(tx, |q| {
        q.push(
            "((status = 'pending' and from_at <= ?) or (status <> 'ended' and until_at <= ?))",
            vals![now, now],
        );
    })?;
    all.truncate(usize::try_from(limit).unwrap_or(100));
    Ok(all)
}

/// What an ended identity gave or took ends with it.
pub(crate) fn end_of_identity(tx: &mut WriteTx<'_, '_>, identity: Id) -> Result<()> {
    let all = find(tx, |q| {
        q.push(
            "(principal = ? or agent = ?) and status <> 'ended'",
            vals![identity, identity],
        );
    })?;
    for d in all {
        end(tx, &d)?;
    }
    Ok(())
}
