//! Who may be chosen for what: the level guard and the unit's own people (seed S2, domain.md §2).
use zs_base::{Id, Result};
use zs_db::Tx;

use crate::key::{name_key, pinyin_key};
use crate::model::{Identity, Node, NodeKind};
use crate::search::query_key;
use crate::service::recent::recent;
use crate::{api, read};

/// What the choice is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// 批示: the leaders of the own unit.
    Instruct,
    /// 传阅: the next level only.
    Circulate,
    /// 承办: the next level only.
    Undertake,
    /// 转办: people of the own unit.
    Transfer,
    /// 委托: people of the own unit.
    Delegate,
    /// 分级传阅: staff of the own division.
    Cascade,
}

impl Purpose {
    pub(crate) fn parse(s: &str) -> Option<Self> {
        Some(match s {
            "instruct" => Self::Instruct,
            "circulate" => Self::Circulate,
            "undertake" => Self::Undertake,
            "transfer" => Self::Transfer,
            "delegate" => Self::Delegate,
            "cascade" => Self::Cascade,
            _ => return None,
        })
    }
    fn name(self) -> &'static str {
        match self {
            Self::Instruct => "instruct",
            Self::Circulate => "circulate",
            Self::Undertake => "undertake",
            Self::Transfer => "transfer",
            Self::Delegate => "delegate",
            Self::Cascade => "cascade",
        }
    }
}

/// Something to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) kind: &'static str,
    pub(crate) id: Id,
    pub(crate) name: String,
    pub(crate) hint: String,
    pub(crate) rank: i64,
}

/// Choices that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Group {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) items: Vec<Choice>,
}

/// At most so many of one group.
const MOST: usize = 500;
/// At most so many recent ones.
const RECENT: i64 = 8;

fn of_identity(i: &Identity) -> Choice {
    let mut hint = i.division_name.clone().unwrap_or_default();
    if !i.post.is_empty() {
        if !hint.is_empty() {
            hint.push('·');
        }
        hint.push_str(&i.post);
    }
    Choice {
        kind: "identity",
        id: i.id,
        name: i.name.clone(),
        hint,
        rank: i.rank,
    }
}
fn of_node(n: &Node) -> Choice {
    Choice {
        kind: "node",
        id: n.id,
        name: n.short_name.clone(),
        hint: n.name.clone(),
        rank: n.sort,
    }
}
fn group(id: &str, title: &str, items: Vec<Choice>) -> Group {
    Group {
        id: id.to_owned(),
        title: title.to_owned(),
        items,
    }
}

/// Does the choice match the search text (Chinese, pinyin, initials)?
fn matches(c: &Choice, key: &str) -> bool {
    [&c.name, &c.hint].iter().any(|s| name_key(s).contains(key))
        || pinyin_key(&c.name).contains(key)
}

/// The groups for a purpose, as the identity `me` sees them.
pub(crate) fn choices(
    tx: &mut Tx<'_>,
    purpose: Purpose,
    me: Id,
    unit: Id,
    division: Option<Id>,
    q: &str,
) -> Result<Vec<Group>> {
    let mut groups = match purpose {
        Purpose::Instruct => vec![group("leaders", "本单位领导", leaders(tx, unit)?)],
        Purpose::Circulate => {
            let mut g = vec![group("leaders", "本单位领导", leaders(tx, unit)?)];
            g.extend(next_level(tx, unit)?);
            g
        }
        Purpose::Undertake => next_level(tx, unit)?,
        Purpose::Transfer | Purpose::Delegate => by_division(tx, me, unit)?,
        Purpose::Cascade => {
            let people = read::people_of(tx, division.unwrap_or(unit))?;
            let items = people
                .iter()
                .filter(|i| i.id != me)
                .map(of_identity)
                .collect();
            let mut g = vec![group("staff", "本处室人员", items)];
            if let Some(d) = division {
                let below = api::next_level(tx, d)?.iter().map(of_node).collect();
                g.push(group("divisions", "下级科室", below));
            }
            g
        }
    };
    let lately: Vec<Choice> = recent(tx, me, purpose.name(), RECENT)?
        .into_iter()
        .filter_map(|(kind, id)| {
            // Only what may still be chosen.
            groups
                .iter()
                .flat_map(|g| &g.items)
                .find(|c| c.kind == kind && c.id == id)
                .cloned()
        })
        .collect();
    groups.insert(0, group("recent", "最近选择", lately));
    if let Some(key) = query_key(q)? {
        for g in &mut groups {
            g.items.retain(|c| matches(c, &key));
        }
    }
    for g in &mut groups {
        g.items.truncate(MOST);
    }
    groups.retain(|g| !g.items.is_empty());
    Ok(groups)
}

/// The identities at the level of the unit itself, by rank; a unit that keeps all its people in divisions shows its heads.
fn leaders(tx: &mut Tx<'_>, unit: Id) -> Result<Vec<Choice>> {
    let mut people = read::people_of(tx, unit)?;
    if people.is_empty() {
        people = read::people_of_unit(tx, unit)?;
        people.retain(|i| i.is_head);
    }
    Ok(people.iter().map(of_identity).collect())
}

/// The own divisions and the direct child units, and who heads each division.
fn next_level(tx: &mut Tx<'_>, unit: Id) -> Result<Vec<Group>> {
    let nodes = read::next_level(tx, unit)?;
    let of_kind = |kind| {
        nodes
            .iter()
            .filter(|n| n.kind == kind)
            .map(of_node)
            .collect::<Vec<_>>()
    };
    let mut heads: Vec<Choice> = read::people_of_unit(tx, unit)?
        .iter()
        .filter(|i| {
            (i.is_head || i.is_liaison)
                && i.division_id
                    .is_some_and(|d| nodes.iter().any(|n| n.id == d))
        })
        .map(of_identity)
        .collect();
    heads.sort_by_key(|c| c.rank);
    Ok(vec![
        group("divisions", "本单位处室", of_kind(NodeKind::Division)),
        group("units", "下级单位", of_kind(NodeKind::Unit)),
        group("heads", "处室负责人和综合代表", heads),
    ])
}

/// The people of the own unit, its leaders first, then division by division; not oneself.
fn by_division(tx: &mut Tx<'_>, me: Id, unit: Id) -> Result<Vec<Group>> {
    let mut groups: Vec<Group> = Vec::new();
    for i in read::people_of_unit(tx, unit)?
        .iter()
        .filter(|i| i.id != me)
    {
        let (id, title) = match (&i.division_id, &i.division_name) {
            (Some(d), Some(n)) => (d.to_string(), n.clone()),
            _ => ("leaders".to_owned(), "本单位领导".to_owned()),
        };
        match groups.iter_mut().find(|g| g.id == id) {
            Some(g) => g.items.push(of_identity(i)),
            None => groups.push(group(&id, &title, vec![of_identity(i)])),
        }
    }
    groups.sort_by_key(|g| g.id != "leaders");
    Ok(groups)
}
