//! The tree as an import finds and would leave it.
use std::collections::HashMap;

use zs_base::Id;

use crate::key::name_key;
use crate::model::{Node, NodeKind};

/// A node that is there, or will be.
#[derive(Clone, Debug)]
pub(crate) struct Slot {
    /// None = to be made.
    pub(crate) id: Option<Id>,
    pub(crate) parent: Option<usize>,
    pub(crate) kind: NodeKind,
    pub(crate) unit_kind: Option<String>,
    pub(crate) name: String,
    pub(crate) short_name: String,
    pub(crate) code: Option<String>,
    pub(crate) sort: Option<i64>,
    pub(crate) version: i64,
    /// Present, and different in the file.
    pub(crate) changed: bool,
    pub(super) active: bool,
    /// Line of the file that made or changed it.
    pub(super) line: Option<u32>,
}

/// The tree as it will be.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tree {
    pub(crate) slots: Vec<Slot>,
    pub(super) by_code: HashMap<String, usize>,
    pub(super) by_name: HashMap<(Option<usize>, String), usize>,
}

impl Tree {
    /// The present tree; merged and closed nodes count for their codes only.
    pub(crate) fn of(nodes: &[Node]) -> Self {
        let mut t = Self::default();
        let at: HashMap<Id, usize> = nodes.iter().enumerate().map(|(i, n)| (n.id, i)).collect();
        for (i, n) in nodes.iter().enumerate() {
            let parent = n.parent_id.and_then(|p| at.get(&p).copied());
            t.slots.push(Slot {
                id: Some(n.id),
                parent,
                kind: n.kind,
                unit_kind: n.unit_kind.clone(),
                name: n.name.clone(),
                short_name: n.short_name.clone(),
                code: n.code.clone(),
                sort: Some(n.sort),
                version: n.version,
                changed: false,
                active: n.is_active(),
                line: None,
            });
            if let Some(c) = &n.code {
                t.by_code.insert(c.clone(), i);
            }
            if n.is_active() {
                t.by_name.insert((parent, name_key(&n.name)), i);
            }
        }
        t
    }
    /// The slot with this code (or local `#` key).
    pub(crate) fn by_code(&self, code: &str) -> Option<usize> {
        self.by_code
            .get(code)
            .copied()
            .filter(|i| self.slot(*i).is_some_and(|s| s.active))
    }
    pub(crate) fn slot(&self, i: usize) -> Option<&Slot> {
        self.slots.get(i)
    }
    /// The division `处/科` under a unit.
    pub(crate) fn division(&self, unit: usize, names: &str) -> Option<usize> {
        names.split(['/', '／']).try_fold(unit, |at, name| {
            self.by_name
                .get(&(Some(at), name_key(name)))
                .copied()
                .filter(|i| self.slot(*i).is_some_and(|s| s.kind == NodeKind::Division))
        })
    }
    /// Slots to be made, each after its parent.
    pub(crate) fn to_create(&self) -> Vec<usize> {
        let mut new: Vec<(usize, usize)> = self
            .slots
            .iter()
            .enumerate()
            .filter(|(_, s)| s.id.is_none())
            .map(|(i, _)| (self.depth(i), i))
            .collect();
        new.sort_unstable();
        new.into_iter().map(|(_, i)| i).collect()
    }
    /// Steps to the top; the number of slots when there is a cycle.
    pub(super) fn depth(&self, mut i: usize) -> usize {
        for n in 0..self.slots.len() {
            match self.slot(i).and_then(|s| s.parent) {
                Some(p) => i = p,
                None => return n,
            }
        }
        self.slots.len()
    }
}
