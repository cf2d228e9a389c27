//! Who is behind a request.
use std::sync::Arc;

use axum::http::{HeaderMap, header};
use zs_base::Result;
use zs_ctx::Actor;

/// Name of the session cookie.
pub const SESSION_COOKIE: &str = "zs_session";

/// Turns a session token into a person; platform/access has the real one.
pub trait Authenticator: Send + Sync {
    /// The actor of a live session, or none.
    fn authenticate(&self, token: String) -> BoxFuture<'static, Result<Option<Arc<Actor>>>>;
}

/// A boxed future.
pub type BoxFuture<'a, T> = std::pin::Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The session token that a request carries.
pub fn session_token(headers: &HeaderMap) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .filter_map(|p| p.trim().split_once('='))
        .find(|(k, _)| *k == SESSION_COOKIE)
        .map(|(_, v)| v.to_owned())
}
