//! Names of people and nodes, read once for a page or a projection.

use std::collections::BTreeMap;

use zs_base::{Id, Result};
use zs_db::Tx;
use zs_org::api::{Identity, Node};

/// Names by id.
#[derive(Clone, Debug, Default)]
pub struct Names {
    people: BTreeMap<i64, Identity>,
    nodes: BTreeMap<i64, Node>,
}

impl Names {
    /// Reads the names of these people and nodes.
    pub fn load(tx: &mut Tx<'_>, people: &[i64], nodes: &[i64]) -> Result<Self> {
        let ids = |list: &[i64]| {
            let mut ids: Vec<Id> = list.iter().filter(|i| **i > 0).map(|i| Id(*i)).collect();
            ids.sort_unstable();
            ids.dedup();
            ids
        };
        let (people, nodes) = (ids(people), ids(nodes));
        let mut out = Self::default();
        if !people.is_empty() {
            out.people = zs_org::api::identities(tx, &people)?
                .into_iter()
                .map(|i| (i.id.0, i))
                .collect();
        }
        if !nodes.is_empty() {
            out.nodes = zs_org::api::nodes(tx, &nodes)?
                .into_iter()
                .map(|n| (n.id.0, n))
                .collect();
        }
        Ok(out)
    }
    /// An identity.
    pub fn person(&self, id: i64) -> Option<&Identity> {
        self.people.get(&id)
    }
    /// The name of an identity.
    pub fn name(&self, id: i64) -> String {
        match self.people.get(&id) {
            Some(p) => p.name.clone(),
            None if id == 0 => "系统".into(),
            None => "（已删除人员）".into(),
        }
    }
    /// The post of an identity.
    pub fn post(&self, id: i64) -> String {
        self.people
            .get(&id)
            .map(|p| p.post.clone())
            .unwrap_or_default()
    }
    /// The rank of an identity; small = senior.
    pub fn rank(&self, id: i64) -> i64 {
        self.people.get(&id).map_or(99, |p| p.rank)
    }
    /// The short name of a node.
    pub fn node(&self, id: i64) -> String {
        self.nodes
            .get(&id)
            .map_or_else(|| "（已撤销机构）".into(), |n| n.short_name.clone())
    }
    /// Are all of these people known?
    pub fn knows_node(&self, id: i64) -> bool {
        self.nodes.contains_key(&id)
    }
}
