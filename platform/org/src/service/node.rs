//! The unit tree: create, change, move, merge, close (机构维护, 机构改革).
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use zs_base::{Error, Id, Result};
use zs_ctx::{Granted, WriteTx};
use zs_db::{Query, Tx, vals};

use super::check::{Form, guard_below, guard_node, lock_tree};
use crate::code::{BAD_PARENT, CODE_TAKEN, MOVE_CYCLE, NAME_TAKEN, NODE_INACTIVE, NODE_NOT_EMPTY};
use crate::key::{name_key, pinyin_key};
use crate::model::{NewNode, Node, NodeKind};
use crate::{api, read, rule};

pub use super::merge::merge_node;

/// Changes of a node; what is absent stays.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct EditNode {
    /// Kind of unit.
    pub unit_kind: Option<String>,
    /// Full name.
    pub name: Option<String>,
    /// Short name.
    pub short_name: Option<String>,
    /// Code; empty removes it.
    pub code: Option<String>,
    /// Order among siblings.
    pub sort: Option<i64>,
}

zs_db::statements! {
    INSERT = "insert into org_node (id, parent_id, kind, unit_kind, name, name_key, short_name, code, sort, status, path, pinyin_key, \
        version, created_at, updated_at) values ($1,$2,$3,$4,$5,$6,$7,$8,$9,'active',$10,$11,1,$12,$12)";
    UPDATE = "update org_node set unit_kind = $3, name = $4, name_key = $5, short_name = $6, code = $7, sort = $8, pinyin_key = $9, \
        updated_at = $10, version = version + 1 where id = $1 and version = $2";
    CLOSE = "update org_node set status = 'closed', updated_at = $3, version = version + 1 where id = $1 and version = $2";
    SET_PARENT = "update org_node set parent_id = $2, updated_at = $3, version = version + 1 where id = $1";
    SET_SORT = "update org_node set sort = $2 where id = $1";
    REBASE = "update org_node set path = replace(path, $1, $2) where path like $3";
    REUNIT = "update org_identity set unit_id = $1 where division_id in (select id from org_node where path like $2)";
    LAST_SORT = "select max(sort) from org_node where parent_id = $1";
    LAST_ROOT_SORT = "select max(sort) from org_node where parent_id is null";
    HELD = "select (select count(*) from org_node where parent_id = $1 and status = 'active'), \
        (select count(*) from org_identity where node_id = $1 and status = 'active')";
    UNSUPERVISE = "delete from org_supervision where node_id = $1";
}

fn search_key(name: &str, short: &str) -> String {
    let (a, b) = (pinyin_key(name), pinyin_key(short));
    if a == b {
        a
    } else {
        format!("{a}{}", b.trim_start_matches('|'))
    }
}

fn place(parent: Option<&Node>) -> String {
    parent.map_or_else(|| "最上级".to_owned(), |p| p.short_name.clone())
}

/// Refuses a name that an active sibling has.
pub(crate) fn free_name(
    tx: &mut Tx<'_>,
    parent: Option<&Node>,
    name: &str,
    but: Option<Id>,
) -> Result<()> {
    let mut q = Query::new(
        "select id from org_node where status = 'active' and name_key = ?",
        vals![name_key(name)],
    );
    match parent {
        Some(p) => q.and("parent_id = ?", vals![p.id]),
        None => q.and("parent_id is null", &[]),
    };
    q.and_opt("id <> ?", but);
    match tx.rows(&q)?.is_empty() {
        true => Ok(()),
        false => Err(NAME_TAKEN
            .with(&[&place(parent), &name])
            .and_field("name", "同级中已有同名机构，请换一个名称")),
    }
}

fn free_code(tx: &mut Tx<'_>, code: Option<&str>, but: Option<Id>) -> Result<()> {
    let Some(code) = code else { return Ok(()) };
    match read::node_by_code(tx, code)? {
        Some(n) if Some(n.id) != but => Err(CODE_TAKEN
            .with(&[&code, &n.name])
            .and_field("code", "这个编码已被使用，请换一个编码")),
        _ => Ok(()),
    }
}

pub(crate) fn fits(kind: NodeKind, parent: Option<&Node>) -> Result<()> {
    if let Some(p) = parent
        && !p.is_active()
    {
        return Err(NODE_INACTIVE.with(&[&p.name]));
    }
    if kind.fits_under(parent.map(|p| p.kind)) {
        return Ok(());
    }
    let above = parent.map_or("最上级", |p| p.kind.title());
    Err(BAD_PARENT.with(&[&kind.title(), &above]))
}

fn changed(tx: &mut WriteTx<'_, '_>, id: Id, change: serde_json::Value) -> Result<()> {
    tx.touch("org_node", id, &change)?;
    tx.emit(api::NODE_CHANGED, id, change)
}

/// 新增机构: a new node below `parent_id`.
pub fn create_node(tx: &mut WriteTx<'_, '_>, g: &Granted, new: &NewNode) -> Result<Node> {
    lock_tree(tx)?;
    let parent = match new.parent_id {
        Some(p) => Some(guard_node(tx, g, p)?),
        None if g.reach() == zs_ctx::Reach::All => None,
        None => return Err(Error::field("parent_id", "请选择上级机构")),
    };
    let mut f = Form::default();
    let name = f.text("name", "名称", &new.name, 100, true);
    let short = f.text(
        "short_name",
        "简称",
        new.short_name.as_deref().unwrap_or_default(),
        50,
        false,
    );
    let code = f.text(
        "code",
        "编码",
        new.code.as_deref().unwrap_or_default(),
        40,
        false,
    );
    f.check("code", rule::code(&code));
    let unit_kind = match new.kind {
        NodeKind::Unit => Some(new.unit_kind.clone().unwrap_or_else(|| "other".into())),
        _ => None,
    };
    if let Some(k) = &unit_kind {
        f.check("unit_kind", rule::unit_kind(k));
    }
    f.done()?;
    fits(new.kind, parent.as_ref())?;
    free_name(tx, parent.as_ref(), &name, None)?;
    let code = Some(code).filter(|c| !c.is_empty());
    free_code(tx, code.as_deref(), None)?;
    let short = if short.is_empty() {
        name.clone()
    } else {
        short
    };
    let sort = match (new.sort, &parent) {
        (Some(s), _) => s,
        (None, Some(p)) => {
            tx.one(LAST_SORT, vals![p.id])?
                .get::<Option<i64>>(0)?
                .unwrap_or(0)
                + 10
        }
        (None, None) => {
            tx.one(LAST_ROOT_SORT, &[])?
                .get::<Option<i64>>(0)?
                .unwrap_or(0)
                + 10
        }
    };
    let (id, now) = (tx.new_id(), tx.now());
    let path = format!("{}{id}/", parent.as_ref().map_or("/", |p| p.path.as_str()));
    tx.exec(
        INSERT,
        vals![
            id,
            new.parent_id,
            new.kind.name(),
            unit_kind,
            &name,
            name_key(&name),
            &short,
            code,
            sort,
            path,
            search_key(&name, &short),
            now
        ],
    )?;
    changed(
        tx,
        id,
        json!({"act": "create", "kind": new.kind, "name": name, "parent_id": new.parent_id}),
    )?;
    read::node(tx, id)
}

/// 修改机构: name, code, order; `version` is what the page saw.
pub fn update_node(
    tx: &mut WriteTx<'_, '_>,
    g: &Granted,
    id: Id,
    version: i64,
    edit: &EditNode,
) -> Result<Node> {
    let old = guard_node(tx, g, id)?;
    let mut f = Form::default();
    let name = f.text(
        "name",
        "名称",
        edit.name.as_deref().unwrap_or(&old.name),
        100,
        true,
    );
    let short = f.text(
        "short_name",
        "简称",
        edit.short_name.as_deref().unwrap_or(&old.short_name),
        50,
        false,
    );
    let code = f.text(
        "code",
        "编码",
        edit.code
            .as_deref()
            .or(old.code.as_deref())
            .unwrap_or_default(),
        40,
        false,
    );
    f.check("code", rule::code(&code));
    let unit_kind = match old.kind {
        NodeKind::Unit => edit.unit_kind.clone().or_else(|| old.unit_kind.clone()),
        _ => None,
    };
    if let Some(k) = &unit_kind {
        f.check("unit_kind", rule::unit_kind(k));
    }
    f.done()?;
    if !old.is_active() {
        return Err(NODE_INACTIVE.with(&[&old.name]));
    }
    let parent = old.parent_id.map(|p| read::node(tx, p)).transpose()?;
    free_name(tx, parent.as_ref(), &name, Some(id))?;
    let code = Some(code).filter(|c| !c.is_empty());
    free_code(tx, code.as_deref(), Some(id))?;
    let short = if short.is_empty() {
        name.clone()
    } else {
        short
    };
    let now = tx.now();
    tx.exec_one(
        UPDATE,
        vals![
            id,
            version,
            unit_kind,
            &name,
            name_key(&name),
            &short,
            &code,
            edit.sort.unwrap_or(old.sort),
            search_key(&name, &short),
            now
        ],
    )?;
    changed(
        tx,
        id,
        json!({"act": "update", "from": [old.name, old.code], "to": [name, code]}),
    )?;
    read::node(tx, id)
}

/// Puts a node (and what is below it) under another parent, without asking who may.
pub(crate) fn rebase(tx: &mut Tx<'_>, n: &Node, parent: Option<&Node>) -> Result<()> {
    let now = tx.now();
    tx.exec(SET_PARENT, vals![n.id, parent.map(|p| p.id), now])?;
    let path = format!("{}{}/", parent.map_or("/", |p| p.path.as_str()), n.id);
    if path != n.path {
        // Ids are unique, so the old path of a node occurs only at the head of the paths below it.
        tx.exec(
            REBASE,
            vals![&n.path, &path, read::subtree_pattern(&n.path)],
        )?;
    }
    if n.kind == NodeKind::Division {
        let unit = read::unit_of(tx, n.id)?;
        tx.exec(REUNIT, vals![unit.id, read::subtree_pattern(&path)])?;
    }
    Ok(())
}

/// 移动机构: under another parent and before a sibling; cycles are refused. A division takes its people along.
pub fn move_node(
    tx: &mut WriteTx<'_, '_>,
    g: &Granted,
    id: Id,
    parent_id: Option<Id>,
    before: Option<Id>,
) -> Result<Node> {
    lock_tree(tx)?;
    let n = guard_below(tx, g, id)?;
    if !n.is_active() {
        return Err(NODE_INACTIVE.with(&[&n.name]));
    }
    let parent = match parent_id {
        Some(p) => Some(guard_node(tx, g, p)?),
        None if g.reach() == zs_ctx::Reach::All => None,
        None => return Err(Error::field("parent_id", "请选择上级机构")),
    };
    if parent.as_ref().is_some_and(|p| p.is_under(&n)) {
        return Err(MOVE_CYCLE.with(&[&n.name]));
    }
    fits(n.kind, parent.as_ref())?;
    free_name(tx, parent.as_ref(), &n.name, Some(id))?;
    rebase(tx, &n, parent.as_ref())?;
    let siblings = match parent_id {
        Some(p) => read::children(tx, p)?,
        None => read::roots(tx)?,
    };
    let mut order: Vec<Id> = siblings.iter().map(|s| s.id).filter(|s| *s != id).collect();
    let at = match before {
        Some(b) => order.iter().position(|s| *s == b).ok_or_else(|| {
            Error::field(
                "before_id",
                "要排在其前的机构不在这个上级下，请刷新后再移动",
            )
        })?,
        None => order.len(),
    };
    order.insert(at, id);
    for (sort, s) in (1i64..).zip(&order) {
        tx.exec(SET_SORT, vals![s, sort * 10])?;
    }
    changed(
        tx,
        id,
        json!({"act": "move", "from": n.parent_id, "to": parent_id}),
    )?;
    read::node(tx, id)
}

/// 撤销机构: only when nothing and nobody is left in it.
pub fn close_node(tx: &mut WriteTx<'_, '_>, g: &Granted, id: Id) -> Result<Node> {
    lock_tree(tx)?;
    let n = guard_below(tx, g, id)?;
    if !n.is_active() {
        return Err(NODE_INACTIVE.with(&[&n.name]));
    }
    let held = tx.one(HELD, vals![id])?;
    let (nodes, people): (i64, i64) = (held.get(0)?, held.get(1)?);
    if nodes + people > 0 {
        return Err(NODE_NOT_EMPTY.with(&[&n.name, &nodes, &people]));
    }
    let now = tx.now();
    tx.exec_one(CLOSE, vals![id, n.version, now])?;
    tx.exec(UNSUPERVISE, vals![id])?;
    changed(tx, id, json!({"act": "close", "name": n.name}))?;
    read::node(tx, id)
}
