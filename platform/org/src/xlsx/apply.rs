//! Loads what is there, plans, and carries the plan out: all of it or nothing.
use std::sync::Arc;

use serde_json::json;
use zs_base::{Error, Id, Kind, Result};
use zs_ctx::{Granted, WriteTx};
use zs_db::{Query, Tx};

use super::book::Book;
use super::plan;
use super::plan_people::{self, People};
use super::tree::Tree;
use super::{PEOPLE_SHEET, Report, fault};
use crate::api::AccountMaker;
use crate::model::{Identity, NewIdentity, NewNode, Node, Person};
use crate::read;
use crate::service::node::{self, EditNode};
use crate::service::people::{self, EditIdentity};

/// Everything that is there now.
pub(crate) struct Present {
    pub(crate) nodes: Vec<Node>,
    pub(crate) persons: Vec<Person>,
    pub(crate) identities: Vec<Identity>,
}

pub(crate) fn load(tx: &mut Tx<'_>) -> Result<Present> {
    let mut q = Query::new(read::NODE, &[]);
    q.push(" order by n.sort, n.id", &[]);
    let nodes = tx
        .rows(&q)?
        .iter()
        .map(Node::from_row)
        .collect::<Result<_>>()?;
    // People who left can come back when the number says that it is they.
    let q = Query::new(
        "select id, name, mobile, status, version from org_person where status = 'active' or mobile is not null order by id",
        &[],
    );
    let persons = tx
        .rows(&q)?
        .iter()
        .map(Person::from_row)
        .collect::<Result<_>>()?;
    let mut q = Query::new(read::IDENTITY, &[]);
    q.push(
        " where i.status = 'active' order by u.sort, u.id, i.rank, i.id",
        &[],
    );
    let identities = tx
        .rows(&q)?
        .iter()
        .map(Identity::from_row)
        .collect::<Result<_>>()?;
    Ok(Present {
        nodes,
        persons,
        identities,
    })
}

/// The plan of an import.
pub(crate) struct Plan {
    tree: Tree,
    people: People,
}

/// Plans; faults and figures go into the report.
pub(crate) fn plan(
    tx: &mut Tx<'_>,
    book: &Book,
    accounts: Option<&Arc<dyn AccountMaker>>,
    report: &mut Report,
) -> Result<Plan> {
    let now = load(tx)?;
    let mut tree = Tree::of(&now.nodes);
    plan::nodes(&mut tree, &book.nodes, report);
    let mut people = People::of(&now.persons, &now.identities, &tree);
    plan_people::people(&mut people, &tree, &book.people, report);
    logins(tx, &mut people, accounts, report)?;
    let new = tree.slots.iter().filter(|s| s.id.is_none()).count();
    let changed = tree.slots.iter().filter(|s| s.changed).count();
    let seats = || people.entries.iter().flat_map(|e| &e.seats);
    report.created = new
        + people.entries.iter().filter(|e| e.id.is_none()).count()
        + people
            .entries
            .iter()
            .filter(|e| e.id.is_some())
            .flat_map(|e| &e.seats)
            .filter(|s| s.id.is_none())
            .count();
    report.updated = changed
        + people
            .entries
            .iter()
            .filter(|e| e.changed || (e.id.is_some() && e.login.is_some()))
            .count()
        + seats().filter(|s| s.changed).count();
    if !report.errors.is_empty() {
        (report.created, report.updated) = (0, 0);
    }
    Ok(Plan { tree, people })
}

fn logins(
    tx: &mut Tx<'_>,
    people: &mut People,
    accounts: Option<&Arc<dyn AccountMaker>>,
    report: &mut Report,
) -> Result<()> {
    let wanted: Vec<String> = people
        .entries
        .iter()
        .filter_map(|e| e.login.as_ref())
        .map(|(l, _)| l.clone())
        .collect();
    if wanted.is_empty() {
        return Ok(());
    }
    let Some(service) = accounts else {
        let line = people
            .entries
            .iter()
            .filter_map(|e| e.login.as_ref())
            .map(|(_, l)| *l)
            .min()
            .unwrap_or(1);
        let why = "账号功能没有启用，“登录名”一列已忽略";
        report
            .warnings
            .push(fault(PEOPLE_SHEET, line, "登录名", why));
        for e in &mut people.entries {
            e.login = None;
        }
        return Ok(());
    };
    let mut owners = Vec::new();
    for some in wanted.chunks(500) {
        owners.extend(service.owners(tx, some)?);
    }
    for e in &mut people.entries {
        let Some((login, line)) = e.login.clone() else {
            continue;
        };
        match owners.iter().find(|(l, _)| *l == login) {
            Some((_, owner)) if Some(*owner) != e.id => {
                report.fault(
                    PEOPLE_SHEET,
                    line,
                    "登录名",
                    format!("登录名“{login}”已被他人使用，请换一个"),
                );
            }
            // Theirs already.
            Some(_) => e.login = None,
            None => {}
        }
    }
    Ok(())
}

/// Carries the plan out.
pub(crate) fn apply(
    tx: &mut WriteTx<'_, '_>,
    g: &Granted,
    plan: &Plan,
    accounts: Option<&Arc<dyn AccountMaker>>,
    report: &Report,
) -> Result<()> {
    let tree = &plan.tree;
    let mut ids: Vec<Option<Id>> = tree.slots.iter().map(|s| s.id).collect();
    let id_at = |ids: &[Option<Id>], i: usize| {
        ids.get(i)
            .copied()
            .flatten()
            .ok_or_else(|| Error::internal("a node before its parent"))
    };
    for (s, id) in tree
        .slots
        .iter()
        .filter(|s| s.changed)
        .filter_map(|s| Some((s, s.id?)))
    {
        let edit = EditNode {
            unit_kind: s.unit_kind.clone(),
            name: Some(s.name.clone()),
            short_name: Some(s.short_name.clone()),
            code: None,
            sort: s.sort,
        };
        node::update_node(tx, g, id, s.version, &edit)?;
    }
    for i in tree.to_create() {
        let Some(s) = tree.slot(i) else { continue };
        let new = NewNode {
            parent_id: s.parent.map(|p| id_at(&ids, p)).transpose()?,
            kind: s.kind,
            unit_kind: s.unit_kind.clone(),
            name: s.name.clone(),
            short_name: Some(s.short_name.clone()),
            code: s.code.clone(),
            sort: s.sort,
        };
        let made = node::create_node(tx, g, &new)?.id;
        if let Some(slot) = ids.get_mut(i) {
            *slot = Some(made);
        }
    }
    for e in &plan.people.entries {
        let mut person = e.id;
        if let (Some(id), true) = (e.id, e.changed) {
            people::update_person(tx, g, id, e.version, &e.name, e.mobile.as_deref())?;
        }
        for s in &e.seats {
            let new = NewIdentity {
                node_id: id_at(&ids, s.node)?,
                post: s.post.clone(),
                rank: Some(s.rank),
                is_head: s.is_head,
                is_liaison: s.is_liaison,
                is_primary: s.is_primary,
            };
            match (person, s.id) {
                (None, _) => {
                    person = Some(
                        people::create_person(tx, g, &e.name, e.mobile.as_deref(), &new)?
                            .0
                            .id,
                    )
                }
                (Some(p), None) => {
                    people::create_identity(tx, g, p, &new)?;
                }
                (Some(_), Some(id)) if s.changed => {
                    let edit = EditIdentity {
                        post: Some(s.post.clone()),
                        rank: Some(s.rank),
                        is_head: Some(s.is_head),
                        is_liaison: Some(s.is_liaison),
                        is_primary: Some(s.is_primary),
                    };
                    people::update_identity(tx, g, id, &edit)?;
                }
                _ => {}
            }
        }
        if let (Some(p), Some((login, line)), Some(service)) = (person, &e.login, accounts) {
            service
                .ensure(tx, p, login, None)
                .map_err(|x| match x.kind {
                    Kind::Internal | Kind::Unavailable => x,
                    _ => Error::field(
                        "登录名",
                        format!("“{PEOPLE_SHEET}”表第{line}行：{}", reason(&x)),
                    ),
                })?;
        }
    }
    let id = tx.new_id();
    tx.touch(
        "org_import",
        id,
        json!({"rows": report.rows, "created": report.created, "updated": report.updated}),
    )
}

fn reason(e: &Error) -> &str {
    e.fields
        .first()
        .map_or(e.detail.as_str(), |f| f.message.as_str())
}
