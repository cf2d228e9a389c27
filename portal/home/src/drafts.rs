//! 草稿: unfinished input. A draft belongs to its writer alone; saving it is no act of the office, so it is audited
//! without its content.
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use zs_base::{Cursor, Error, Id, Page, PageArgs, Result};
use zs_ctx::{Ctx, Op};
use zs_db::{Query, vals};
use zs_web::Empty;

/// Largest draft, bytes of JSON.
const LARGEST: usize = 512 * 1024;
/// Drafts of one person; the oldest gives way.
const MOST: i64 = 200;

pub(crate) const SAVE: Op = Op {
    key: "home.save_draft",
    title: "保存草稿",
};
pub(crate) const DROP: Op = Op {
    key: "home.drop_draft",
    title: "删除草稿",
};

zs_db::statements! {
    GET = "select id, kind, title, saved_at, path, data from home_draft where id = $1 and person_id = $2";
    INSERT = "insert into home_draft (id, person_id, kind, title, path, data, saved_at) values ($1, $2, $3, $4, $5, $6, $7)";
    UPDATE = "update home_draft set kind = $3, title = $4, path = $5, data = $6, saved_at = $7 where id = $1 and person_id = $2";
    DELETE = "delete from home_draft where id = $1 and person_id = $2";
    TRIM = "delete from home_draft where person_id = $1 and id in (select id from home_draft where person_id = $1 \
            order by saved_at desc, id desc limit 10000 offset 200)";
    COUNT = "select count(*) from home_draft where person_id = $1";
}

/// A draft in a list.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Draft {
    /// Id.
    pub id: Id,
    /// Kind of page, `incoming.register`.
    pub kind: String,
    /// Title for the list.
    pub title: String,
    /// When it was saved, ms UTC.
    pub saved_at: i64,
    /// Path of the page that goes on with it.
    pub path: String,
}

/// A draft with what was typed.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct DraftData {
    /// The draft.
    #[serde(flatten)]
    pub draft: Draft,
    /// What the page had in its fields.
    pub data: Value,
}

/// A draft by id.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct DraftId {
    /// Id.
    pub id: Id,
}

/// What is saved.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct SaveDraft {
    /// `new`, or the id of a draft.
    pub id: String,
    /// Kind of page.
    pub kind: String,
    /// Title.
    pub title: String,
    /// Path of the page.
    pub path: String,
    /// Fields of the page.
    pub data: Value,
}

/// The id of the saved draft.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct Saved {
    /// Id.
    pub id: Id,
}

pub(crate) async fn list(ctx: Ctx, a: PageArgs) -> Result<Page<Draft>> {
    let person = ctx.actor()?.person;
    let (limit, after) = (a.limit(), a.after()?);
    ctx.read(move |tx| {
        let mut q = Query::new(
            "select id, kind, title, saved_at, path from home_draft where person_id = ?",
            vals![person],
        );
        if let Some(c) = after {
            q.and("(saved_at, id) < (?, ?)", vals![c.as_number()?, c.id]);
        }
        q.push(" order by saved_at desc, id desc limit ?", vals![limit + 1]);
        let mut rows = Vec::new();
        for r in tx.rows(&q)? {
            let mut c = r.cols();
            rows.push(Draft {
                id: c.next()?,
                kind: c.next()?,
                title: c.next()?,
                saved_at: c.next()?,
                path: c.next()?,
            });
        }
        let mut page = Page::from_rows(rows, limit, |d| Cursor::number(d.saved_at, d.id.0));
        page.total = Some(tx.one(COUNT, vals![person])?.get(0)?);
        Ok(page)
    })
    .await
}

pub(crate) async fn get(ctx: Ctx, a: DraftId) -> Result<DraftData> {
    let person = ctx.actor()?.person;
    ctx.read(move |tx| {
        let r = tx
            .opt(GET, vals![a.id, person])?
            .ok_or_else(|| Error::not_found("这份草稿"))?;
        let mut c = r.cols();
        let draft = Draft {
            id: c.next()?,
            kind: c.next()?,
            title: c.next()?,
            saved_at: c.next()?,
            path: c.next()?,
        };
        Ok(DraftData {
            draft,
            data: c.json()?,
        })
    })
    .await
}

pub(crate) async fn save(ctx: Ctx, a: SaveDraft) -> Result<Saved> {
    let person = ctx.actor()?.person;
    let short = |name: &str, v: &str, most: usize| {
        if v.chars().count() > most {
            Err(Error::field(name, format!("不能超过 {most} 个字")))
        } else {
            Ok(())
        }
    };
    short("kind", &a.kind, 60)?;
    short("title", &a.title, 300)?;
    short("path", &a.path, 300)?;
    if !a.path.starts_with('/') || a.path.starts_with("//") {
        return Err(Error::field("path", "应为本系统内的页面地址"));
    }
    let data = a.data.to_string();
    if data.len() > LARGEST {
        return Err(Error::field("data", "草稿内容过大，请先把文件作为附件上传"));
    }
    let known = if a.id == "new" {
        None
    } else {
        Some(
            a.id.parse::<Id>()
                .map_err(|_| Error::not_found("这份草稿"))?,
        )
    };
    ctx.write(SAVE, move |tx| {
        let now = tx.now();
        let id = match known {
            Some(id) => {
                if tx.exec(
                    UPDATE,
                    vals![id, person, &a.kind, &a.title, &a.path, &data, now],
                )? == 0
                {
                    return Err(Error::not_found("这份草稿"));
                }
                id
            }
            None => {
                let id = tx.new_id();
                tx.exec(
                    INSERT,
                    vals![id, person, &a.kind, &a.title, &a.path, &data, now],
                )?;
                if tx.one(COUNT, vals![person])?.get::<i64>(0)? > MOST {
                    tx.exec(TRIM, vals![person])?;
                }
                id
            }
        };
        tx.touch(
            "home_draft",
            id,
            json!({"kind": a.kind, "bytes": data.len()}),
        )?;
        Ok(Saved { id })
    })
    .await
}

pub(crate) async fn drop_draft(ctx: Ctx, a: DraftId) -> Result<Empty> {
    let person = ctx.actor()?.person;
    ctx.write(DROP, move |tx| {
        if tx.exec(DELETE, vals![a.id, person])? == 0 {
            return Err(Error::not_found("这份草稿"));
        }
        tx.touch("home_draft", a.id, json!({}))?;
        Ok(Empty {})
    })
    .await
}
