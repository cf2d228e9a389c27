//! Guards of a plan against the organisation: forged ids, people who left, levels skipped.

use std::collections::BTreeMap;

use zs_base::{Error, Id, Result};
use zs_db::Tx;
use zs_org::api::Identity;

use crate::code::LEVEL_SKIP;
use crate::plan::Plan;
use crate::rule::{Check, PersonFacts, next_level, skipped_levels};

/// A person in view of the level rule.
pub(crate) fn facts(i: &Identity) -> PersonFacts {
    PersonFacts {
        id: i.id,
        name: i.name.clone(),
        unit: i.unit_id,
        division: i.division_id,
        is_head: i.is_head,
        is_liaison: i.is_liaison,
    }
}

/// Active identities in the order asked for; an unknown or ended one is a fault of `field`.
pub(crate) fn people(tx: &mut Tx<'_>, field: &str, ids: &[Id]) -> Result<Vec<Identity>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut found: BTreeMap<Id, Identity> = zs_org::api::identities(tx, ids)?
        .into_iter()
        .filter(Identity::is_active)
        .map(|i| (i.id, i))
        .collect();
    let mut c = Check::default();
    let mut out = Vec::with_capacity(ids.len());
    for (n, id) in (1..).zip(ids) {
        match found.remove(id) {
            Some(i) => out.push(i),
            None => c.bad(
                field,
                format!("第{n}名人员不存在、已离任或重复，请重新选择"),
            ),
        }
    }
    c.done()?;
    Ok(out)
}

/// The plan names only people and nodes that exist and that the unit may address.
pub(crate) fn plan(tx: &mut Tx<'_>, unit: Id, p: &Plan) -> Result<()> {
    let leaders = people(tx, "plan.instruct.identity_ids", &p.instruct.identity_ids)?;
    let strangers: Vec<&str> = leaders
        .iter()
        .filter(|l| l.unit_id != unit)
        .map(|l| l.name.as_str())
        .collect();
    if !strangers.is_empty() {
        let text = format!(
            "{} 不是本单位人员，请选择本单位领导批示",
            strangers.join("、")
        );
        return Err(Error::field("plan.instruct.identity_ids", text));
    }
    let readers = people(
        tx,
        "plan.circulation.identity_ids",
        &p.circulation.identity_ids,
    )?;
    let next = zs_org::api::next_level(tx, unit)?;
    let next_ids: Vec<Id> = next.iter().map(|n| n.id).collect();
    let readers: Vec<PersonFacts> = readers.iter().map(facts).collect();
    let mut skipped = skipped_levels(unit, &next_ids, &readers);
    let wanted: Vec<Id> = p.undertakings.iter().map(|u| u.node_id).collect();
    let nodes = if wanted.is_empty() {
        Vec::new()
    } else {
        zs_org::api::nodes(tx, &wanted)?
    };
    for id in &wanted {
        match nodes.iter().find(|n| n.id == *id) {
            Some(n) if !n.is_active() => {
                return Err(Error::field(
                    "plan.undertakings",
                    format!("“{}”已撤并，请改选其他部门", n.name),
                ));
            }
            Some(n) if !next_ids.contains(id) => skipped.push(n.short_name.clone()),
            Some(_) => {}
            None => {
                return Err(Error::field(
                    "plan.undertakings",
                    "所选承办部门不存在，请重新选择",
                ));
            }
        }
    }
    level(&skipped)
}

fn level(skipped: &[String]) -> Result<()> {
    if skipped.is_empty() {
        return Ok(());
    }
    Err(LEVEL_SKIP.with(&[&skipped.join("、")]))
}

/// Whoever sends a document on for reading: the desk to the next level, a head to his own people.
pub(crate) fn readers(tx: &mut Tx<'_>, unit: Id, me: Id, field: &str, ids: &[Id]) -> Result<()> {
    let people = people(tx, field, ids)?;
    let sender = zs_org::api::identity(tx, me)?;
    let next: Vec<Id> = zs_org::api::next_level(tx, unit)?
        .iter()
        .map(|n| n.id)
        .collect();
    let sender = facts(&sender);
    let desk = sender.unit == unit;
    let may = |p: &PersonFacts| {
        (desk && next_level(unit, &next, p)) || crate::rule::may_cascade(&sender, p)
    };
    let skipped: Vec<String> = people
        .iter()
        .map(facts)
        .filter(|p| !may(p))
        .map(|p| p.name)
        .collect();
    level(&skipped)
}
