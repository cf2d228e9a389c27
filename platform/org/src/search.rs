//! Search of units, divisions and people: Chinese, full pinyin or initials; exact before prefix before the rest.
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zs_base::{Error, Id, Result};
use zs_ctx::Scope;
use zs_db::{Query, Tx, vals};

use crate::key::name_key;
use crate::model::Node;

/// One thing found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Hit {
    /// `region`, `unit`, `division` or `person`.
    pub kind: String,
    /// Node, or person.
    pub id: Id,
    /// Name.
    pub name: String,
    /// Where it stands: path of a node, 单位·处室·职务 of a person.
    pub hint: String,
    /// The identity of a person.
    pub identity_id: Option<Id>,
}

const LONGEST: usize = 50;

/// Appends the match and rank of `q` on `{name_key}` and `{pinyin_key}`; text first, `?` in order.
fn like(q: &str, before: &str, after: &str) -> String {
    let mut s = String::from(before);
    for c in q.chars() {
        if matches!(c, '%' | '_' | '\\') {
            s.push('\\');
        }
        s.push(c);
    }
    s.push_str(after);
    s
}

/// The normalised query; too long is an error, empty is none.
pub(crate) fn query_key(q: &str) -> Result<Option<String>> {
    if q.chars().count() > LONGEST {
        return Err(Error::field("q", format!("请输入不超过{LONGEST}个字")));
    }
    let key: String = name_key(q).chars().filter(|c| *c != '|').collect();
    Ok((!key.is_empty()).then_some(key))
}

/// Finds active nodes and people. `kinds` is some of `region unit division person`. Names are open to everyone who may
/// read the organisation; a narrower scope sees its own unit only.
pub fn search(
    tx: &mut Tx<'_>,
    q: &str,
    kinds: &[&str],
    limit: i64,
    scope: &Scope,
) -> Result<Vec<Hit>> {
    let Some(key) = query_key(q)? else {
        return Ok(Vec::new());
    };
    let narrow = (scope.reach != zs_ctx::Reach::All).then_some(scope.unit);
    let mut found: Vec<(i64, usize, Hit)> = Vec::new();
    let wanted: Vec<&str> = kinds.iter().copied().filter(|k| *k != "person").collect();
    if !wanted.is_empty() {
        let top = match narrow {
            Some(u) => Some(crate::read::node(tx, u)?.path),
            None => None,
        };
        for (grade, n) in nodes_like(tx, &key, &wanted, limit, top.as_deref())? {
            let above: Vec<String> = crate::read::ancestors(tx, &n)?
                .into_iter()
                .filter(|a| a.id != n.id)
                .map(|a| a.short_name)
                .collect();
            found.push((
                grade,
                found.len(),
                Hit {
                    kind: n.kind.name().into(),
                    id: n.id,
                    name: n.name,
                    hint: above.join(" / "),
                    identity_id: None,
                },
            ));
        }
    }
    if kinds.contains(&"person") {
        for (grade, i) in people_like(tx, &key, limit, narrow)? {
            found.push((
                grade,
                found.len(),
                Hit {
                    kind: "person".into(),
                    id: i.person_id,
                    hint: i.hint(),
                    name: i.name,
                    identity_id: Some(i.id),
                },
            ));
        }
    }
    found.sort_by_key(|(grade, order, _)| (*grade, *order));
    found.truncate(usize::try_from(limit).unwrap_or(20));
    Ok(found.into_iter().map(|(_, _, h)| h).collect())
}

fn nodes_like(
    tx: &mut Tx<'_>,
    key: &str,
    kinds: &[&str],
    limit: i64,
    top: Option<&str>,
) -> Result<Vec<(i64, Node)>> {
    let mut q = Query::new(
        "select n.id, n.parent_id, n.kind, n.unit_kind, n.name, n.short_name, n.code, n.sort, n.status, n.heir_id, n.path, \
         n.version, case when n.name_key = ? or n.short_name = ? or n.pinyin_key like ? escape '\\' then 0 \
         when n.name_key like ? escape '\\' or n.pinyin_key like ? escape '\\' then 1 else 2 end as grade \
         from org_node n where n.status = 'active' and (n.name_key like ? escape '\\' or n.pinyin_key like ? escape '\\')",
        vals![
            key,
            key,
            like(key, "%|", "|%"),
            like(key, "", "%"),
            like(key, "%|", "%"),
            like(key, "%", "%"),
            like(key, "%", "%")
        ],
    );
    q.and_in("n.kind", kinds.iter().copied());
    q.and_opt("n.path like ?", top.map(crate::read::subtree_pattern));
    q.push(" order by 13, n.sort, n.id limit ?", vals![limit]);
    tx.rows(&q)?
        .iter()
        .map(|r| Ok((r.get(12)?, Node::from_row(r)?)))
        .collect()
}

/// Active identities whose person matches, best first.
pub(crate) fn people_like(
    tx: &mut Tx<'_>,
    key: &str,
    limit: i64,
    unit: Option<Id>,
) -> Result<Vec<(i64, crate::model::Identity)>> {
    let mut q = Query::new(
        "select i.id, i.person_id, p.name, i.unit_id, u.short_name, i.division_id, d.name, i.post, i.rank, i.is_head, \
         i.is_liaison, i.is_primary, i.status, case when p.name_key = ? or p.pinyin_key like ? escape '\\' then 0 \
         when p.name_key like ? escape '\\' or p.pinyin_key like ? escape '\\' then 1 else 2 end as grade \
         from org_identity i join org_person p on p.id = i.person_id join org_node u on u.id = i.unit_id \
         left join org_node d on d.id = i.division_id where i.status = 'active' \
         and (p.name_key like ? escape '\\' or p.pinyin_key like ? escape '\\')",
        vals![
            key,
            like(key, "%|", "|%"),
            like(key, "", "%"),
            like(key, "%|", "%"),
            like(key, "%", "%"),
            like(key, "%", "%")
        ],
    );
    q.and_opt("i.unit_id = ?", unit);
    q.push(" order by 14, i.rank, i.id limit ?", vals![limit]);
    tx.rows(&q)?
        .iter()
        .map(|r| Ok((r.get(13)?, crate::model::Identity::from_row(r)?)))
        .collect()
}
