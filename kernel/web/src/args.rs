//! Path, query and body become one arguments struct.
use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::Value;
use zs_base::{Error, Result};

use crate::BAD_JSON;

/// Arguments of a GET or DELETE: path parameters first, then the query without their names.
pub(crate) fn from_query<A: DeserializeOwned>(
    path: &BTreeMap<String, String>,
    query: Option<&str>,
) -> Result<A> {
    let mut pairs: Vec<(String, String)> =
        path.iter().map(|(k, v)| (k.clone(), v.clone())).collect();
    let asked: Vec<(String, String)> = serde_html_form::from_str(query.unwrap_or_default())
        .map_err(|e| Error::field("query", format!("查询参数无效：{e}")))?;
    pairs.extend(
        asked
            .into_iter()
            .filter(|(k, v)| !path.contains_key(k) && !v.is_empty()),
    );
    let text = serde_html_form::to_string(&pairs).map_err(Error::internal)?;
    serde_html_form::from_str(&text)
        .map_err(|e| Error::field("query", format!("查询参数无效：{e}")))
}

/// Arguments of a POST or PUT: the JSON object, the path parameters put over it.
pub(crate) fn from_body<A: DeserializeOwned>(
    path: &BTreeMap<String, String>,
    body: &[u8],
) -> Result<A> {
    let mut value: Value = if body.is_empty() {
        Value::Object(serde_json::Map::new())
    } else {
        serde_json::from_slice(body).map_err(|e| BAD_JSON.with(&[&e]))?
    };
    let Value::Object(map) = &mut value else {
        return Err(BAD_JSON.with(&[&"应为一个对象"]));
    };
    for (k, v) in path {
        map.insert(k.clone(), Value::String(v.clone()));
    }
    serde_json::from_value(value).map_err(|e| {
        let text = e.to_string();
        // serde names the field in backquotes: show it where the page can mark it.
        match text.split('`').nth(1) {
            Some(field) => Error::field(field, format!("这一项缺少或格式不对（{text}）")),
            None => BAD_JSON.with(&[&text]),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use zs_base::Id;

    #[derive(Deserialize, Debug, PartialEq)]
    struct A {
        id: Id,
        limit: Option<u32>,
        #[serde(default)]
        deep: bool,
    }

    fn path() -> BTreeMap<String, String> {
        BTreeMap::from([("id".into(), "7".into())])
    }

    #[test]
    fn a_path_parameter_wins_over_query_and_body() {
        let a: A = from_query(&path(), Some("id=9&limit=5&deep=true")).unwrap();
        assert_eq!(
            a,
            A {
                id: Id(7),
                limit: Some(5),
                deep: true
            }
        );
        let a: A = from_body(&path(), br#"{"id":"9","limit":5}"#).unwrap();
        assert_eq!(
            a,
            A {
                id: Id(7),
                limit: Some(5),
                deep: false
            }
        );
    }

    #[test]
    fn what_is_missing_is_named() {
        let e = from_body::<A>(&BTreeMap::new(), b"{}").unwrap_err();
        assert_eq!(e.fields[0].field, "id");
        assert!(from_query::<A>(&path(), Some("limit=x")).is_err());
        assert!(from_body::<A>(&path(), b"[1]").is_err());
    }
}
