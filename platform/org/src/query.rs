//! Read models of the administration pages.
use std::collections::HashMap;

use zs_base::{Cursor, Id, Page, PageArgs, Result};
use zs_ctx::{Reach, Scope};
use zs_db::{Query, Tx, vals};

use crate::key::name_key;
use crate::model::{Identity, Node, NodeKind, Person};
use crate::read;

/// What the list of people is asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct PeopleFilter {
    pub(crate) q: Option<String>,
    pub(crate) node_id: Option<Id>,
    /// `active`, `left` or `all`.
    pub(crate) status: Option<String>,
    /// People found by login name.
    pub(crate) by_login: Vec<Id>,
}

/// A person with the active identities.
pub(crate) struct PersonWithIdentities {
    pub(crate) person: Person,
    pub(crate) pinyin_key: String,
    pub(crate) identities: Vec<Identity>,
}

fn push_scope(tx: &mut Tx<'_>, q: &mut Query, scope: &Scope) -> Result<()> {
    match scope.reach {
        Reach::All => {}
        Reach::Unit | Reach::UnitTree => {
            let top = read::node(tx, scope.unit)?;
            q.and(
                "exists (select 1 from org_identity i join org_node n on n.id = i.unit_id where i.person_id = p.id \
                 and n.path like ? and (i.status = 'active' or p.status = 'left'))",
                vals![read::subtree_pattern(&top.path)],
            );
        }
        Reach::Own | Reach::Division => {
            q.and("1 = 0", &[]);
        }
    }
    Ok(())
}

fn push_filter(tx: &mut Tx<'_>, q: &mut Query, f: &PeopleFilter) -> Result<()> {
    match f.status.as_deref() {
        Some("all") => {}
        Some("left") => {
            q.and("p.status = 'left'", &[]);
        }
        _ => {
            q.and("p.status = 'active'", &[]);
        }
    }
    if let Some(id) = f.node_id {
        let n = read::node(tx, id)?;
        q.and(
            "exists (select 1 from org_identity i join org_node n on n.id = i.node_id where i.person_id = p.id \
             and n.path like ? and (i.status = 'active' or p.status = 'left'))",
            vals![read::subtree_pattern(&n.path)],
        );
    }
    if let Some(key) =
        f.q.as_deref()
            .map(crate::search::query_key)
            .transpose()?
            .flatten()
    {
        q.and("(", &[]);
        q.push_contains("p.name_key", &key)
            .push(" or ", &[])
            .push_contains("p.pinyin_key", &key)
            .push(" or p.mobile = ? or ", vals![name_key(&key)])
            .push_in("p.id", f.by_login.iter().copied())
            .push(")", &[]);
    }
    Ok(())
}

/// People by pinyin, a page at a time.
pub(crate) fn people(
    tx: &mut Tx<'_>,
    f: &PeopleFilter,
    page: &PageArgs,
    scope: &Scope,
) -> Result<Page<PersonWithIdentities>> {
    let mut count = Query::new("select count(*) from org_person p where 1 = 1", &[]);
    push_scope(tx, &mut count, scope)?;
    push_filter(tx, &mut count, f)?;
    let total = tx.count(&count)?;
    let mut q = Query::new(
        "select p.id, p.name, p.mobile, p.status, p.version, p.pinyin_key from org_person p where 1 = 1",
        &[],
    );
    push_scope(tx, &mut q, scope)?;
    push_filter(tx, &mut q, f)?;
    if let Some(c) = page.after()? {
        q.and(
            "(p.pinyin_key > ? or (p.pinyin_key = ? and p.id > ?))",
            vals![&c.key, &c.key, c.id],
        );
    }
    q.push(
        " order by p.pinyin_key, p.id limit ?",
        vals![page.limit() + 1],
    );
    let mut rows = Vec::new();
    for r in tx.rows(&q)? {
        rows.push(PersonWithIdentities {
            person: Person::from_row(&r)?,
            pinyin_key: r.get(5)?,
            identities: Vec::new(),
        });
    }
    let ids: Vec<Id> = rows.iter().map(|r| r.person.id).collect();
    let mut by_person = identities_of(tx, &ids)?;
    for r in &mut rows {
        r.identities = by_person.remove(&r.person.id).unwrap_or_default();
    }
    let mut page = Page::from_rows(rows, page.limit(), |r| {
        Cursor::text(&r.pinyin_key, r.person.id.0)
    });
    page.total = Some(total);
    Ok(page)
}

/// The active identities of several people, the primary one first.
pub(crate) fn identities_of(tx: &mut Tx<'_>, persons: &[Id]) -> Result<HashMap<Id, Vec<Identity>>> {
    let mut q = Query::new(read::IDENTITY, &[]);
    q.push(" where i.status = 'active' and ", &[])
        .push_in("i.person_id", persons.iter().copied())
        .push(
            " order by case when i.is_primary then 0 else 1 end, i.id",
            &[],
        );
    let mut all: HashMap<Id, Vec<Identity>> = HashMap::new();
    for r in tx.rows(&q)? {
        let i = Identity::from_row(&r)?;
        all.entry(i.person_id).or_default().push(i);
    }
    Ok(all)
}

/// Mobile numbers of several people.
pub(crate) fn mobiles(tx: &mut Tx<'_>, persons: &[Id]) -> Result<HashMap<Id, Option<String>>> {
    let mut q = Query::new("select id, mobile from org_person where ", &[]);
    q.push_in("id", persons.iter().copied());
    tx.rows(&q)?
        .iter()
        .map(|r| Ok((r.get(0)?, r.get(1)?)))
        .collect()
}

/// For each node: has it active children, and how many people are in it (a unit's divisions included).
pub(crate) fn sizes(tx: &mut Tx<'_>, nodes: &[Node]) -> Result<HashMap<Id, (bool, i64)>> {
    let ids = |kind: Option<NodeKind>| -> Vec<Id> {
        nodes
            .iter()
            .filter(|n| kind.is_none_or(|k| n.kind == k))
            .map(|n| n.id)
            .collect()
    };
    let mut all: HashMap<Id, (bool, i64)> = nodes.iter().map(|n| (n.id, (false, 0))).collect();
    let mut q = Query::new(
        "select parent_id from org_node where status = 'active'",
        &[],
    );
    q.and_in("parent_id", ids(None))
        .push(" group by parent_id", &[]);
    for r in tx.rows(&q)? {
        if let Some(x) = all.get_mut(&r.get::<Id>(0)?) {
            x.0 = true;
        }
    }
    let mut units = Query::new(
        "select unit_id, count(*) from org_identity where status = 'active'",
        &[],
    );
    units
        .and_in("unit_id", ids(Some(NodeKind::Unit)))
        .push(" group by unit_id", &[]);
    let mut divisions = Query::new(
        "select node_id, count(*) from org_identity where status = 'active'",
        &[],
    );
    divisions
        .and_in("node_id", ids(Some(NodeKind::Division)))
        .push(" group by node_id", &[]);
    for q in [units, divisions] {
        for r in tx.rows(&q)? {
            if let Some(x) = all.get_mut(&r.get::<Id>(0)?) {
                x.1 = r.get(1)?;
            }
        }
    }
    for n in nodes.iter().filter(|n| n.kind == NodeKind::Region) {
        let q = Query::new(
            "select count(*) from org_identity i join org_node n on n.id = i.unit_id where i.status = 'active' and n.path like ?",
            vals![read::subtree_pattern(&n.path)],
        );
        let people = tx.count(&q)?;
        if let Some(x) = all.get_mut(&n.id) {
            x.1 = people;
        }
    }
    Ok(all)
}
