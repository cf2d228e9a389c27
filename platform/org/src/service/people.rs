//! People and identities: entry, change, move (调动), leaving (离职).
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use zs_base::{Id, Result};
use zs_ctx::{Granted, WriteTx};
use zs_db::{Query, Tx, vals};

use super::check::{Form, guard_node, guard_person, guard_whole_person};
use super::heir;
use crate::code::{BAD_PARENT, NODE_INACTIVE, PERSON_HAS_LEFT, SAME_POST};
use crate::key::{name_key, pinyin_key};
use crate::model::{Heir, Identity, NewIdentity, Node, NodeKind, Person};
use crate::{api, read, rule};

/// Changes of an identity; what is absent stays.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct EditIdentity {
    /// Post.
    pub post: Option<String>,
    /// Rank.
    pub rank: Option<i64>,
    /// Head of the node.
    pub is_head: Option<bool>,
    /// Liaison of the node.
    pub is_liaison: Option<bool>,
    /// Main identity; `true` takes it from the others.
    pub is_primary: Option<bool>,
}

zs_db::statements! {
    INSERT_PERSON = "insert into org_person (id, name, name_key, pinyin_key, mobile, status, version, created_at, updated_at) \
        values ($1,$2,$3,$4,$5,'active',1,$6,$6)";
    UPDATE_PERSON = "update org_person set name = $3, name_key = $4, pinyin_key = $5, mobile = $6, updated_at = $7, version = version + 1 \
        where id = $1 and version = $2";
    SET_STATUS = "update org_person set status = $2, updated_at = $3, version = version + 1 where id = $1";
    INSERT_IDENTITY = "insert into org_identity (id, person_id, node_id, unit_id, division_id, post, rank, is_head, is_liaison, \
        is_primary, status, version, created_at) values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,'active',1,$11)";
    UPDATE_IDENTITY = "update org_identity set post = $2, rank = $3, is_head = $4, is_liaison = $5, is_primary = $6, version = version + 1 \
        where id = $1";
    END = "update org_identity set status = 'ended', heir_id = $2, ended_at = $3, is_primary = false, version = version + 1 \
        where id = $1 and status = 'active'";
    UNPRIMARY = "update org_identity set is_primary = false where person_id = $1 and is_primary and id <> $2";
    PRIMARY = "update org_identity set is_primary = true where id = $1";
    DROP_SUPERVISION = "delete from org_supervision where identity_id = $1";
    SUPERVISES = "insert into org_supervision (identity_id, node_id) values ($1, $2) on conflict (identity_id, node_id) do nothing";
}

fn person_form(name: &str, mobile: Option<&str>) -> Result<(String, Option<String>)> {
    let mut f = Form::default();
    let name = f.text("name", "姓名", name, 50, true);
    let mobile = f.text("mobile", "手机", mobile.unwrap_or_default(), 20, false);
    if !mobile.is_empty() {
        f.check("mobile", rule::mobile(&mobile));
    }
    f.done()?;
    Ok((name, Some(mobile).filter(|m| !m.is_empty())))
}

/// 新增人员 with the first identity.
pub fn create_person(
    tx: &mut WriteTx<'_, '_>,
    g: &Granted,
    name: &str,
    mobile: Option<&str>,
    first: &NewIdentity,
) -> Result<(Person, Identity)> {
    let (name, mobile) = person_form(name, mobile)?;
    let (id, now) = (tx.new_id(), tx.now());
    tx.exec(
        INSERT_PERSON,
        vals![id, &name, name_key(&name), pinyin_key(&name), mobile, now],
    )?;
    tx.touch("org_person", id, json!({"act": "create", "name": name}))?;
    let identity = add_identity(
        tx,
        g,
        id,
        &NewIdentity {
            is_primary: true,
            ..first.clone()
        },
    )?;
    Ok((read::person(tx, id)?, identity))
}

/// 修改人员: name and mobile; `version` is what the page saw.
pub fn update_person(
    tx: &mut WriteTx<'_, '_>,
    g: &Granted,
    id: Id,
    version: i64,
    name: &str,
    mobile: Option<&str>,
) -> Result<Person> {
    let old = guard_whole_person(tx, g, id)?;
    let (name, mobile) = person_form(name, mobile)?;
    let now = tx.now();
    tx.exec_one(
        UPDATE_PERSON,
        vals![
            id,
            version,
            &name,
            name_key(&name),
            pinyin_key(&name),
            &mobile,
            now
        ],
    )?;
    let mobile_changed = old.mobile != mobile;
    tx.touch(
        "org_person",
        id,
        json!({"act": "update", "from": old.name, "to": name, "mobile_changed": mobile_changed}),
    )?;
    read::person(tx, id)
}

/// 新增身份 (兼职): one more identity of a person; a person who had left is back with it.
pub fn create_identity(
    tx: &mut WriteTx<'_, '_>,
    g: &Granted,
    person: Id,
    new: &NewIdentity,
) -> Result<Identity> {
    if g.reach() == zs_ctx::Reach::All {
        read::person(tx, person)?;
    } else {
        guard_person(tx, g, person)?;
    }
    add_identity(tx, g, person, new)
}

fn add_identity(
    tx: &mut WriteTx<'_, '_>,
    g: &Granted,
    person: Id,
    new: &NewIdentity,
) -> Result<Identity> {
    let node = guard_node(tx, g, new.node_id)?;
    let p = read::person(tx, person)?;
    let mine = read::identities_of_person(tx, person)?;
    if mine.iter().any(|i| i.node_id() == node.id) {
        return Err(SAME_POST.with(&[&p.name, &node.name]));
    }
    let new = NewIdentity {
        is_primary: new.is_primary || mine.is_empty(),
        ..new.clone()
    };
    let id = insert_identity(tx, person, &node, &new)?;
    if p.status == "left" {
        let now = tx.now();
        tx.exec(SET_STATUS, vals![person, "active", now])?;
    }
    read::identity(tx, id)
}

/// The row of a new identity with its audit and event.
pub(crate) fn insert_identity(
    tx: &mut WriteTx<'_, '_>,
    person: Id,
    node: &Node,
    new: &NewIdentity,
) -> Result<Id> {
    let mut f = Form::default();
    let post = f.text("post", "职务", &new.post, 100, false);
    let rank = new.rank.unwrap_or(rule::DEFAULT_RANK);
    f.check("rank", rule::rank(rank));
    f.done()?;
    if !node.is_active() {
        return Err(NODE_INACTIVE.with(&[&node.name]));
    }
    if node.kind == NodeKind::Region {
        return Err(BAD_PARENT.with(&[&"人员", &"地区"]));
    }
    let unit = read::unit_of(tx, node.id)?;
    let division = (node.kind == NodeKind::Division).then_some(node.id);
    let (id, now) = (tx.new_id(), tx.now());
    tx.exec(
        INSERT_IDENTITY,
        vals![
            id,
            person,
            node.id,
            unit.id,
            division,
            &post,
            rank,
            new.is_head,
            new.is_liaison,
            new.is_primary,
            now
        ],
    )?;
    if new.is_primary {
        tx.exec(UNPRIMARY, vals![person, id])?;
    }
    tx.touch(
        "org_identity",
        id,
        json!({"act": "create", "person_id": person, "node_id": node.id, "post": post}),
    )?;
    tx.emit(api::IDENTITY_CHANGED, id, json!({"person_id": person}))?;
    Ok(id)
}

/// 修改身份: post, rank and marks.
pub fn update_identity(
    tx: &mut WriteTx<'_, '_>,
    g: &Granted,
    id: Id,
    edit: &EditIdentity,
) -> Result<Identity> {
    let old = heir::active(tx, g, id)?;
    let mut f = Form::default();
    let post = f.text(
        "post",
        "职务",
        edit.post.as_deref().unwrap_or(&old.post),
        100,
        false,
    );
    let rank = edit.rank.unwrap_or(old.rank);
    f.check("rank", rule::rank(rank));
    f.done()?;
    let (head, liaison) = (
        edit.is_head.unwrap_or(old.is_head),
        edit.is_liaison.unwrap_or(old.is_liaison),
    );
    // The main identity is only ever taken over by another one.
    let primary = old.is_primary || edit.is_primary == Some(true);
    tx.exec(
        UPDATE_IDENTITY,
        vals![id, &post, rank, head, liaison, primary],
    )?;
    if primary {
        tx.exec(UNPRIMARY, vals![old.person_id, id])?;
    }
    tx.touch(
        "org_identity",
        id,
        json!({"act": "update", "from": [old.post, old.rank, old.is_head, old.is_liaison], "to": [post, rank, head, liaison]}),
    )?;
    tx.emit(
        api::IDENTITY_CHANGED,
        id,
        json!({"person_id": old.person_id}),
    )?;
    read::identity(tx, id)
}

/// The identity's row ends; the person's main identity passes to another.
pub(crate) fn finish(
    tx: &mut WriteTx<'_, '_>,
    i: &Identity,
    successor_or_heir: Option<Id>,
) -> Result<()> {
    let now = tx.now();
    tx.exec_one(END, vals![i.id, successor_or_heir, now])?;
    tx.exec(DROP_SUPERVISION, vals![i.id])?;
    let left = read::identities_of_person(tx, i.person_id)?;
    if let (Some(first), false) = (left.first(), left.iter().any(|x| x.is_primary)) {
        tx.exec(PRIMARY, vals![first.id])?;
    }
    let change = json!({"act": "end", "person_id": i.person_id, "heir_id": successor_or_heir});
    tx.touch("org_identity", i.id, &change)?;
    tx.emit(api::IDENTITY_ENDED, i.id, change)
}

/// 结束身份: refused while open items have no heir.
pub fn end_identity(
    tx: &mut WriteTx<'_, '_>,
    g: &Granted,
    id: Id,
    heir_id: Option<Id>,
) -> Result<Identity> {
    let i = heir::active(tx, g, id)?;
    let h = Heir {
        identity_id: id,
        heir_identity_id: heir_id,
        take_along: false,
    };
    heir::hand_over(tx, g, &i, Some(&h), None, &[id])?;
    finish(tx, &i, heir_id)?;
    read::identity(tx, id)
}

/// 人员调动: the old identity ends, a new one begins; the open items go to the heir, or along within the unit.
pub fn move_identity(
    tx: &mut WriteTx<'_, '_>,
    g: &Granted,
    id: Id,
    to: &NewIdentity,
    heir: &Heir,
) -> Result<Identity> {
    let i = heir::active(tx, g, id)?;
    let node = guard_node(tx, g, to.node_id)?;
    if read::identities_of_person(tx, i.person_id)?
        .iter()
        .any(|x| x.node_id() == node.id)
    {
        return Err(SAME_POST.with(&[&i.name, &node.name]));
    }
    let new = insert_identity(
        tx,
        i.person_id,
        &node,
        &NewIdentity {
            is_primary: i.is_primary,
            ..to.clone()
        },
    )?;
    let along = node.kind != NodeKind::Region && read::unit_of(tx, node.id)?.id == i.unit_id;
    heir::hand_over(tx, g, &i, Some(heir), along.then_some(new), &[id])?;
    finish(tx, &i, heir::named(Some(heir)).or(Some(new)))?;
    read::identity(tx, new)
}

/// 人员离职: all identities end, each with an heir for its open items; the account goes with [`api::PERSON_LEFT`].
pub fn leave(tx: &mut WriteTx<'_, '_>, g: &Granted, person: Id, heirs: &[Heir]) -> Result<Person> {
    let p = guard_whole_person(tx, g, person)?;
    if p.status == "left" {
        return Err(PERSON_HAS_LEFT.with(&[&p.name]));
    }
    let mine = read::identities_of_person(tx, person)?;
    let heirs: Vec<Heir> = heirs
        .iter()
        .map(|h| Heir {
            take_along: false,
            ..h.clone()
        })
        .collect();
    heir::require_all(tx, &mine, &heirs)?;
    let ending: Vec<Id> = mine.iter().map(|i| i.id).collect();
    for i in &mine {
        let h = heirs.iter().find(|h| h.identity_id == i.id);
        heir::hand_over(tx, g, i, h, None, &ending)?;
        finish(tx, i, heir::named(h))?;
    }
    let now = tx.now();
    tx.exec(SET_STATUS, vals![person, "left", now])?;
    tx.touch(
        "org_person",
        person,
        json!({"act": "leave", "identities": ending}),
    )?;
    tx.emit(api::PERSON_LEFT, person, json!({}))?;
    read::person(tx, person)
}

/// 设置分管领导: the nodes that this identity is in charge of, in place of the ones before.
pub fn set_supervision(
    tx: &mut WriteTx<'_, '_>,
    g: &Granted,
    identity: Id,
    nodes: &[Id],
) -> Result<()> {
    let i = heir::active(tx, g, identity)?;
    tx.exec(DROP_SUPERVISION, vals![identity])?;
    for n in nodes {
        guard_node(tx, g, *n)?;
        tx.exec(SUPERVISES, vals![identity, n])?;
    }
    tx.touch(
        "org_identity",
        i.id,
        json!({"act": "supervise", "nodes": nodes}),
    )
}

/// The nodes that an identity is in charge of.
pub(crate) fn supervised(tx: &mut Tx<'_>, identity: Id) -> Result<Vec<Id>> {
    let q = Query::new(
        "select node_id from org_supervision where identity_id = ? order by node_id",
        vals![identity],
    );
    tx.rows(&q)?.iter().map(|r| r.get(0)).collect()
}
