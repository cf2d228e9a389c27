//! Personal things: settings, common phrases (常用语), saved filters.
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use zs_base::{Error, Id, Result};
use zs_ctx::Ctx;
use zs_db::vals;
use zs_web::{Empty, NoArgs};

use crate::me::{IdArgs, Items};
use crate::perm;

/// Longest value of a setting and query of a filter, bytes of JSON.
const LONGEST: usize = 8_000;
/// Settings, phrases and filters that one person may keep, each.
const MOST: i64 = 200;

zs_db::statements! {
    PREFS = "select key, value from access_pref where person_id = $1 order by key";
    PREF_COUNT = "select count(*) from access_pref where person_id = $1 and key <> $2";
    SET_PREF = "insert into access_pref (person_id, key, value) values ($1, $2, $3) on conflict (person_id, key) do update set value = $3";
    PHRASES = "select id, content, sort, person_id from access_phrase where person_id = $1 or person_id is null \
               order by case when person_id is null then 1 else 0 end, sort, id";
    PHRASE_COUNT = "select count(*), coalesce(max(sort), 0) from access_phrase where person_id = $1";
    ADD_PHRASE = "insert into access_phrase (id, person_id, content, sort) values ($1, $2, $3, $4)";
    SET_PHRASE = "update access_phrase set content = $3, sort = $4 where id = $1 and person_id = $2";
    DROP_PHRASE = "delete from access_phrase where id = $1 and person_id = $2";
    FILTERS = "select id, name, query from access_filter where person_id = $1 and list_key = $2 order by id";
    FILTER_COUNT = "select count(*) from access_filter where person_id = $1";
    ADD_FILTER = "insert into access_filter (id, person_id, list_key, name, query) values ($1, $2, $3, $4, $5) \
                  on conflict (person_id, list_key, name) do update set query = $5 returning id";
    DROP_FILTER = "delete from access_filter where id = $1 and person_id = $2";
}

fn text(field: &str, s: &str, most: usize) -> Result<String> {
    let s = s.trim();
    if s.is_empty() || s.chars().count() > most {
        return Err(Error::field(field, format!("请填写 1 至 {most} 个字")));
    }
    Ok(s.to_owned())
}

fn small(field: &str, v: &Value) -> Result<String> {
    let s = v.to_string();
    if s.len() > LONGEST {
        return Err(Error::field(field, "内容太多，请精简"));
    }
    Ok(s)
}

fn room(n: i64, what: &str) -> Result<()> {
    if n >= MOST {
        return Err(Error::field(
            what,
            format!("最多保存 {MOST} 条，请先删除不用的"),
        ));
    }
    Ok(())
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct Settings {
    values: Map<String, Value>,
}

pub(crate) async fn settings(ctx: Ctx, _: NoArgs) -> Result<Settings> {
    let person = ctx.actor()?.person;
    ctx.read(move |tx| {
        let mut values = Map::new();
        for r in tx.query(PREFS, vals![person])? {
            values.insert(r.get(0)?, r.json(1)?);
        }
        Ok(Settings { values })
    })
    .await
}

#[derive(Deserialize, JsonSchema)]
pub(crate) struct SetArgs {
    key: String,
    value: Value,
}

pub(crate) async fn set_setting(ctx: Ctx, a: SetArgs) -> Result<Empty> {
    let person = ctx.actor()?.person;
    let key = text("key", &a.key, 100)?;
    if !key
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'))
    {
        return Err(Error::field(
            "key",
            "设置名只能含字母、数字、点、横线和下划线",
        ));
    }
    let value = small("value", &a.value)?;
    ctx.write(perm::PREF, move |tx| {
        room(tx.one(PREF_COUNT, vals![person, &key])?.get(0)?, "key")?;
        tx.exec(SET_PREF, vals![person, &key, &value])?;
        tx.touch("preference", person, json!({"key": key}))?;
        Ok(Empty {})
    })
    .await
}

#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Phrase {
    id: Id,
    text: String,
    sort: i64,
    shared: bool,
}

pub(crate) async fn phrases(ctx: Ctx, _: NoArgs) -> Result<Items<Phrase>> {
    let person = ctx.actor()?.person;
    ctx.read(move |tx| {
        let rows = tx.query(PHRASES, vals![person])?;
        let items = rows.iter().map(|r| {
            Ok(Phrase {
                id: r.get(0)?,
                text: r.get(1)?,
                sort: r.get(2)?,
                shared: r.get::<Option<Id>>(3)?.is_none(),
            })
        });
        Ok(Items {
            items: items.collect::<Result<_>>()?,
        })
    })
    .await
}

#[derive(Deserialize, JsonSchema)]
pub(crate) struct NewPhrase {
    text: String,
}

pub(crate) async fn add_phrase(ctx: Ctx, a: NewPhrase) -> Result<Phrase> {
    let person = ctx.actor()?.person;
    let content = text("text", &a.text, 200)?;
    ctx.write(perm::PHRASE, move |tx| {
        let row = tx.one(PHRASE_COUNT, vals![person])?;
        room(row.get(0)?, "text")?;
        let (id, sort) = (tx.new_id(), row.get::<i64>(1)? + 1);
        tx.exec(ADD_PHRASE, vals![id, person, &content, sort])?;
        tx.touch("phrase", id, json!({"added": true}))?;
        Ok(Phrase {
            id,
            text: content.clone(),
            sort,
            shared: false,
        })
    })
    .await
}

#[derive(Deserialize, JsonSchema)]
pub(crate) struct EditPhrase {
    id: Id,
    text: String,
    sort: i64,
}

pub(crate) async fn edit_phrase(ctx: Ctx, a: EditPhrase) -> Result<Empty> {
    let person = ctx.actor()?.person;
    let content = text("text", &a.text, 200)?;
    ctx.write(perm::PHRASE, move |tx| {
        if tx.exec(SET_PHRASE, vals![a.id, person, &content, a.sort])? == 0 {
            return Err(Error::not_found("您的这条常用语"));
        }
        tx.touch("phrase", a.id, json!({"edited": true}))?;
        Ok(Empty {})
    })
    .await
}

pub(crate) async fn drop_phrase(ctx: Ctx, a: IdArgs) -> Result<Empty> {
    let person = ctx.actor()?.person;
    ctx.write(perm::PHRASE, move |tx| {
        if tx.exec(DROP_PHRASE, vals![a.id, person])? == 0 {
            return Err(Error::not_found("您的这条常用语"));
        }
        tx.touch("phrase", a.id, json!({"dropped": true}))?;
        Ok(Empty {})
    })
    .await
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct Filter {
    id: Id,
    name: String,
    query: Value,
}

#[derive(Deserialize, JsonSchema)]
pub(crate) struct ListArgs {
    list: String,
}

pub(crate) async fn filters(ctx: Ctx, a: ListArgs) -> Result<Items<Filter>> {
    let person = ctx.actor()?.person;
    ctx.read(move |tx| {
        let rows = tx.query(FILTERS, vals![person, &a.list])?;
        let items = rows.iter().map(|r| {
            Ok(Filter {
                id: r.get(0)?,
                name: r.get(1)?,
                query: r.json(2)?,
            })
        });
        Ok(Items {
            items: items.collect::<Result<_>>()?,
        })
    })
    .await
}

#[derive(Deserialize, JsonSchema)]
pub(crate) struct NewFilter {
    list: String,
    name: String,
    query: Value,
}

#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Made {
    pub id: Id,
}

pub(crate) async fn add_filter(ctx: Ctx, a: NewFilter) -> Result<Made> {
    let person = ctx.actor()?.person;
    let (list, name) = (text("list", &a.list, 60)?, text("name", &a.name, 30)?);
    if !a.query.is_object() {
        return Err(Error::field("query", "筛选条件格式不对"));
    }
    let query = small("query", &a.query)?;
    ctx.write(perm::FILTER, move |tx| {
        room(tx.one(FILTER_COUNT, vals![person])?.get(0)?, "name")?;
        let id = tx.new_id();
        let id: Id = tx
            .one(ADD_FILTER, vals![id, person, &list, &name, &query])?
            .get(0)?;
        tx.touch("filter", id, json!({"list": list}))?;
        Ok(Made { id })
    })
    .await
}

pub(crate) async fn drop_filter(ctx: Ctx, a: IdArgs) -> Result<Empty> {
    let person = ctx.actor()?.person;
    ctx.write(perm::FILTER, move |tx| {
        if tx.exec(DROP_FILTER, vals![a.id, person])? == 0 {
            return Err(Error::not_found("您的这个筛选"));
        }
        tx.touch("filter", a.id, json!({"dropped": true}))?;
        Ok(Empty {})
    })
    .await
}
