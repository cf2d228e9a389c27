//! Answers that are not plain JSON.
use axum::http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use zs_base::{Error, Result};

/// An HTTP answer.
pub type Response = axum::http::Response<Body>;
/// A body, possibly streamed.
pub use axum::body::Body;

/// JSON with an `ETag` when the top level has a `version`.
pub fn json_response(value: &impl Serialize) -> Result<Response> {
    let value = serde_json::to_value(value).map_err(Error::internal)?;
    let version = value.get("version").and_then(serde_json::Value::as_i64);
    let mut r = Response::new(Body::from(value.to_string()));
    let h = r.headers_mut();
    h.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    h.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(v) = version {
        h.insert(
            header::ETAG,
            HeaderValue::from_str(&format!("\"{v}\"")).map_err(Error::internal)?,
        );
    }
    Ok(r)
}

/// A file made for the reader.
#[derive(Debug)]
pub struct Download {
    /// File name with its ending, Chinese allowed.
    pub name: String,
    /// Media type.
    pub media_type: String,
    /// Bytes.
    pub bytes: Vec<u8>,
    /// Show in the page (only for media types that cannot run script) instead of saving.
    pub inline: bool,
}

impl Download {
    /// An XLSX file to save.
    pub fn xlsx(name: impl Into<String>, bytes: Vec<u8>) -> Self {
        Self {
            name: name.into(),
            media_type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".into(),
            bytes,
            inline: false,
        }
    }
    /// A PDF to look at.
    pub fn pdf(name: impl Into<String>, bytes: Vec<u8>) -> Self {
        Self {
            name: name.into(),
            media_type: "application/pdf".into(),
            bytes,
            inline: true,
        }
    }
    /// The answer.
    pub fn into_response(self) -> Result<Response> {
        let mut r = Response::new(Body::from(self.bytes));
        let h = r.headers_mut();
        h.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_str(&self.media_type).map_err(Error::internal)?,
        );
        h.insert(
            header::CONTENT_DISPOSITION,
            attachment_name(&self.name, self.inline)?,
        );
        h.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        Ok(r)
    }
}

/// `Content-Disposition` with a UTF-8 name (RFC 6266).
pub fn attachment_name(name: &str, inline: bool) -> Result<HeaderValue> {
    let mut enc = String::with_capacity(name.len() * 3);
    for b in name.bytes() {
        if b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_') {
            enc.push(char::from(b));
        } else {
            enc.push_str(&format!("%{b:02X}"));
        }
    }
    let how = if inline { "inline" } else { "attachment" };
    HeaderValue::from_str(&format!("{how}; filename*=UTF-8''{enc}")).map_err(Error::internal)
}

/// JSON `{}` that sets a cookie: `HttpOnly`, `SameSite=Strict`; an empty value removes it.
pub fn set_cookie(
    name: &str,
    value: &str,
    secure: bool,
    body: &impl Serialize,
) -> Result<Response> {
    let mut r = json_response(body)?;
    let age = if value.is_empty() { "; Max-Age=0" } else { "" };
    let secure = if secure { "; Secure" } else { "" };
    let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict{secure}{age}");
    r.headers_mut().insert(
        header::SET_COOKIE,
        HeaderValue::from_str(&cookie).map_err(Error::internal)?,
    );
    *r.status_mut() = StatusCode::OK;
    Ok(r)
}
