//! Writes the drawn-up city through the facades of the organisation and the accounts.
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use zs_access::api::{Hashed, NewAccount};
use zs_base::{Error, Id, Result};
use zs_ctx::{App, Ctx, Granted, Op, WriteTx};
use zs_org::api::{NewIdentity, NewNode, NodeKind};

use super::plan::{NodeSpec, PersonSpec, Plan};

const SEED: Op = Op {
    key: "seed.city",
    title: "写入演示城市",
};
/// People written in one transaction.
const BATCH: usize = 250;

/// Ids of what was written, in the order of the plan.
#[derive(Clone, Debug, Default)]
pub struct City {
    /// Nodes.
    pub nodes: Vec<Id>,
    /// Identities of the people.
    pub identities: Vec<Id>,
}

#[derive(Serialize, Deserialize)]
struct Ids(Vec<Id>);

fn proof() -> Granted {
    Granted::system(zs_org::perm::MANAGE, "the demonstration city")
}

/// Writes nodes, people, accounts and grants. `hash` is the one password of all demonstration accounts.
pub async fn city(app: &App, plan: &Plan, hash: &Hashed, tick: impl Fn(usize)) -> Result<City> {
    let ctx = Ctx::system(app.clone(), "seed");
    let mut city = City::default();
    for part in plan.nodes.chunks(BATCH) {
        let (part, known): (Arc<[NodeSpec]>, Arc<[Id]>) =
            (part.into(), city.nodes.as_slice().into());
        let ids = ctx.write(SEED, move |tx| nodes(tx, &part, &known)).await?;
        tick(ids.0.len());
        city.nodes.extend(ids.0);
    }
    let all: Arc<[Id]> = city.nodes.as_slice().into();
    for part in plan.people.chunks(BATCH) {
        let (part, all, hash): (Arc<[PersonSpec]>, _, _) =
            (part.into(), Arc::clone(&all), hash.clone());
        let ids = ctx
            .write(SEED, move |tx| people(tx, &part, &all, &hash))
            .await?;
        tick(ids.0.len());
        city.identities.extend(ids.0);
    }
    Ok(city)
}

fn nodes(tx: &mut WriteTx<'_, '_>, part: &[NodeSpec], known: &[Id]) -> Result<Ids> {
    let mut made: Vec<Id> = Vec::with_capacity(part.len());
    for n in part {
        let parent_id = match n.parent {
            None => None,
            Some(i) => Some(
                known
                    .get(i)
                    .or_else(|| i.checked_sub(known.len()).and_then(|j| made.get(j)))
                    .copied()
                    .ok_or_else(|| Error::internal("a parent stands behind its child"))?,
            ),
        };
        let kind = match n.kind {
            "region" => NodeKind::Region,
            "division" => NodeKind::Division,
            _ => NodeKind::Unit,
        };
        let node = zs_org::api::create_node(
            tx,
            &proof(),
            &NewNode {
                parent_id,
                kind,
                unit_kind: n.unit_kind.map(str::to_owned),
                name: n.name.clone(),
                short_name: Some(n.short_name.clone()),
                code: Some(n.code.clone()),
                sort: None,
            },
        )?;
        made.push(node.id);
    }
    Ok(Ids(made))
}

fn people(
    tx: &mut WriteTx<'_, '_>,
    part: &[PersonSpec],
    nodes: &[Id],
    hash: &Hashed,
) -> Result<Ids> {
    let mut made = Vec::with_capacity(part.len());
    for p in part {
        let node_id = nodes
            .get(p.node)
            .copied()
            .ok_or_else(|| Error::internal("a person of no node"))?;
        let first = NewIdentity {
            node_id,
            post: p.post.to_owned(),
            rank: Some(p.rank),
            is_head: p.is_head,
            is_liaison: p.is_liaison,
            is_primary: true,
        };
        let (person, identity) =
            zs_org::api::create_person(tx, &proof(), &p.name, Some(&p.mobile), &first)?;
        let account = NewAccount {
            person_id: person.id,
            login: p.login.clone(),
            password: hash.clone(),
            must_change: false,
        };
        zs_access::api::create_account(tx, &proof(), &account)?;
        for role in &p.roles {
            zs_access::api::grant(tx, identity.id, role, &proof())?;
        }
        made.push(identity.id);
    }
    Ok(Ids(made))
}
