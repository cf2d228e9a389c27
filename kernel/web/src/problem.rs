//! RFC 9457: the one place where a kind becomes a status.
use axum::body::Body;
use axum::http::{Response, StatusCode, header};
use serde_json::json;
use zs_base::{Error, Kind};

/// The answer for an error; internal text stays in the log.
pub fn problem(e: &Error, request_id: &str) -> Response<Body> {
    let status = match e.kind {
        Kind::Invalid => StatusCode::BAD_REQUEST,
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Conflict | Kind::Stale => StatusCode::CONFLICT,
        Kind::Rule => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::TooMany => StatusCode::TOO_MANY_REQUESTS,
        Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    };
    if matches!(e.kind, Kind::Internal | Kind::Unavailable) {
        tracing::error!(request_id, error = ?e, "request failed");
    }
    let detail = if e.kind == Kind::Internal {
        zs_base::INTERNAL.text
    } else {
        e.detail.as_str()
    };
    let body = json!({
        "type": format!("/docs/errors/{}", e.code),
        "title": status.canonical_reason().unwrap_or_default(),
        "status": status.as_u16(),
        "code": e.code,
        "detail": detail,
        "fields": e.fields,
        "request_id": request_id,
    });
    let mut r = Response::new(Body::from(body.to_string()));
    *r.status_mut() = status;
    r.headers_mut().insert(
        header::CONTENT_TYPE,
        header::HeaderValue::from_static("application/problem+json"),
    );
    if status == StatusCode::SERVICE_UNAVAILABLE || status == StatusCode::TOO_MANY_REQUESTS {
        r.headers_mut()
            .insert(header::RETRY_AFTER, header::HeaderValue::from_static("2"));
    }
    r
}
