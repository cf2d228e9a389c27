//! OpenAPI 3.1 from the route registrations.
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};
use zs_ctx::Gate;

use crate::{Method, Routes};

/// The document; the same routes always give the same text.
pub fn openapi(routes: &Routes, version: &str) -> Value {
    let mut settings = SchemaSettings::draft2020_12();
    settings.definitions_path = "/components/schemas".into();
    settings.meta_schema = None;
    let mut g = settings.into_generator();
    let mut paths: Map<String, Value> = Map::new();
    for r in &routes.0 {
        let args = (r.args)(&mut g).to_value();
        let props = args
            .get("properties")
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default();
        let required: Vec<String> = args
            .get("required")
            .and_then(Value::as_array)
            .map(|a| {
                a.iter()
                    .filter_map(|v| v.as_str().map(str::to_owned))
                    .collect()
            })
            .unwrap_or_default();
        let in_path = |name: &str| r.path.contains(&format!("{{{name}}}"));
        let has_body = matches!(r.method, Method::Post | Method::Put) && !r.raw_body;
        let mut params = Vec::new();
        let mut body = Map::new();
        for (name, schema) in &props {
            if in_path(name) {
                params
                    .push(json!({"name": name, "in": "path", "required": true, "schema": schema}));
            } else if has_body {
                body.insert(name.clone(), schema.clone());
            } else {
                params.push(json!({"name": name, "in": "query", "required": required.contains(name), "schema": schema}));
            }
        }
        let mut op = json!({
            "summary": r.title,
            "operationId": operation_id(r.method, r.path),
            "tags": [r.path.split('/').nth(1).unwrap_or_default()],
            "x-gate": match r.gate { Gate::Perm(p) => p.key, Gate::SignedIn => "signed_in", Gate::Public(_) => "public" },
            "responses": {
                "200": { "description": "OK", "content": { r.media_type: { "schema": match r.out {
                    Some(out) => out(&mut g).to_value(),
                    None => json!({"type": "string", "contentMediaType": r.media_type}),
                } } } },
                "default": { "description": "Problem (RFC 9457)", "content": {
                    "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } } },
            },
        });
        if let Some(o) = op.as_object_mut() {
            if !params.is_empty() {
                o.insert("parameters".into(), Value::Array(params));
            }
            if r.raw_body {
                o.insert("requestBody".into(), json!({"required": true, "content": {"application/octet-stream": {"schema": {"type": "string", "contentMediaType": "application/octet-stream"}}}}));
            } else if has_body {
                let required: Vec<&String> =
                    required.iter().filter(|n| body.contains_key(*n)).collect();
                let mut schema = json!({"type": "object", "properties": body});
                if let (Some(s), false) = (schema.as_object_mut(), required.is_empty()) {
                    s.insert("required".into(), json!(required));
                }
                // A newtype or flattened arguments struct keeps its own form.
                if props.is_empty()
                    && args.get("properties").is_none()
                    && args.as_object().is_some_and(|o| o.len() > 1)
                {
                    schema = args.clone();
                }
                o.insert(
                    "requestBody".into(),
                    json!({"required": true, "content": {"application/json": {"schema": schema}}}),
                );
            }
        }
        let entry = paths
            .entry(format!("/api/v1{}", r.path))
            .or_insert_with(|| json!({}));
        if let Some(e) = entry.as_object_mut() {
            e.insert(r.method.name().to_ascii_lowercase(), op);
        }
    }
    let mut schemas = g.take_definitions(true);
    schemas.insert("Problem".into(), json!({
        "type": "object",
        "required": ["code", "detail", "status", "request_id"],
        "properties": {
            "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"},
            "code": {"type": "string"}, "detail": {"type": "string"}, "request_id": {"type": "string"},
            "fields": {"type": "array", "items": {"type": "object", "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}}}}
        }
    }));
    json!({
        "openapi": "3.1.0",
        "info": {"title": "中书 Zhongshu", "version": version},
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"session": {"type": "apiKey", "in": "cookie", "name": crate::SESSION_COOKIE}}
        },
        "security": [{"session": []}],
    })
}

fn operation_id(method: Method, path: &str) -> String {
    let mut id = method.name().to_ascii_lowercase();
    for part in path.split('/').filter(|p| !p.is_empty()) {
        id.push('_');
        id.push_str(part.trim_matches(|c| c == '{' || c == '}'));
    }
    id
}
