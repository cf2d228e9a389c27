//! The pages of `web/dist`, embedded: brotli twins, ETags, far-future caching of hashed assets, the shell for every other path.
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, Uri, header};
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../web/dist"]
#[allow_missing = true]
struct Dist;

/// Answers a path that is not the API's.
pub async fn page(uri: Uri, headers: HeaderMap) -> Response<Body> {
    let path = uri.path().trim_start_matches('/');
    let asset = path.starts_with("assets/");
    let path = if path.is_empty() { "index.html" } else { path };
    if let Some(r) = answer(path, asset, &headers) {
        return r;
    }
    // A path of the single-page app; a missing file with an ending is missing.
    let last = path.rsplit('/').next().unwrap_or_default();
    if asset || last.contains('.') {
        return status(StatusCode::NOT_FOUND);
    }
    answer("index.html", false, &headers).unwrap_or_else(|| status(StatusCode::NOT_FOUND))
}

fn status(s: StatusCode) -> Response<Body> {
    let mut r = Response::new(Body::empty());
    *r.status_mut() = s;
    r
}

fn answer(path: &str, asset: bool, headers: &HeaderMap) -> Option<Response<Body>> {
    let wants = |name: header::HeaderName, text: &str| {
        headers
            .get(name)
            .and_then(|v| v.to_str().ok())
            .is_some_and(|v| v.contains(text))
    };
    let brotli = if wants(header::ACCEPT_ENCODING, "br") {
        Dist::get(&format!("{path}.br"))
    } else {
        None
    };
    let compressed = brotli.is_some();
    let file: EmbeddedFile = match brotli {
        Some(f) => f,
        None => Dist::get(path)?,
    };
    let tag = format!(
        "\"{}\"",
        hex(file.metadata.sha256_hash().get(..12).unwrap_or_default())
    );
    let mut r = if wants(header::IF_NONE_MATCH, &tag) {
        status(StatusCode::NOT_MODIFIED)
    } else {
        Response::new(Body::from(file.data))
    };
    let h = r.headers_mut();
    h.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(media_type(path)),
    );
    h.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    let cache = if asset {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    h.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    if compressed {
        h.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
    }
    if let Ok(v) = HeaderValue::from_str(&tag) {
        h.insert(header::ETAG, v);
    }
    Some(r)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript",
        "css" => "text/css",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "wasm" => "application/wasm",
        _ => "application/octet-stream",
    }
}
