//! Puts the routes behind the gates and the headers.
use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::RawPathParams;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method as HttpMethod, Request, header};
use axum::middleware::{self, Next};
use axum::routing::{MethodFilter, MethodRouter, on};
use zs_base::{Kind, Result, random_token};
use zs_ctx::{App, Ctx, Gate};

use crate::auth::{Authenticator, session_token};
use crate::routes::{HandlerFn, PathParams};
use crate::{FOREIGN_ORIGIN, Method, NO_SUCH_ROUTE, Response, Routes, openapi, problem};

/// What the server needs beside the routes.
#[derive(Clone)]
pub struct WebOptions {
    /// Sessions.
    pub auth: Arc<dyn Authenticator>,
    /// Version shown in the OpenAPI document.
    pub version: &'static str,
    /// HTTPS in front: cookies are `Secure` and HSTS is sent.
    pub secure: bool,
}

#[derive(Clone)]
struct State {
    app: App,
    options: WebOptions,
}

/// The router of the API; pages are added by the binary as a fallback.
pub fn router(app: App, routes: &Routes, options: WebOptions) -> Result<Router> {
    routes.check()?;
    let doc = openapi(routes, options.version).to_string();
    let secure = options.secure;
    let state = State { app, options };
    let mut by_path: BTreeMap<&'static str, MethodRouter> = BTreeMap::new();
    for r in &routes.0 {
        let filter = match r.method {
            Method::Get => MethodFilter::GET,
            Method::Post => MethodFilter::POST,
            Method::Put => MethodFilter::PUT,
            Method::Delete => MethodFilter::DELETE,
        };
        let (state, gate, run, title) = (state.clone(), r.gate, Arc::clone(&r.run), r.title);
        let handler = move |path: RawPathParams, req: Request<Body>| {
            serve(state.clone(), gate, Arc::clone(&run), title, path, req)
        };
        let entry = by_path.remove(r.path).unwrap_or_default();
        by_path.insert(r.path, entry.merge(on(filter, handler)));
    }
    let mut api = Router::new();
    for (path, methods) in by_path {
        api = api.route(path, methods);
    }
    api = api.fallback(|| async { problem(&NO_SUCH_ROUTE.err(), "-") });
    let api = Router::new().nest("/api/v1", api).route(
        "/api/openapi.json",
        axum::routing::get(move || {
            let doc = doc.clone();
            async move { ([(header::CONTENT_TYPE, "application/json")], doc) }
        }),
    );
    Ok(api.layer(middleware::from_fn(move |req, next| {
        headers(secure, req, next)
    })))
}

async fn serve(
    state: State,
    gate: Gate,
    run: HandlerFn,
    title: &'static str,
    path: RawPathParams,
    req: Request<Body>,
) -> Response {
    let id = random_token()
        .ok()
        .and_then(|t| t.get(..16).map(str::to_owned))
        .unwrap_or_default();
    match handle(&state, gate, run, title, &path, req, &id).await {
        Ok(r) => r,
        Err(e) => problem(&e, &id),
    }
}

async fn handle(
    state: &State,
    gate: Gate,
    run: HandlerFn,
    title: &'static str,
    path: &RawPathParams,
    req: Request<Body>,
    id: &str,
) -> Result<Response> {
    same_origin(&req)?;
    let actor = match session_token(req.headers()) {
        Some(token) => state.options.auth.authenticate(token).await?,
        None => None,
    };
    let request = facts(&req, id);
    let ctx = Ctx::new(state.app.clone(), actor, request);
    let changing = req.method() != HttpMethod::GET;
    let passed = match gate {
        Gate::Public(_) => Ok(()),
        Gate::SignedIn => ctx.actor().map(drop),
        Gate::Perm(p) => ctx.require(p).map(drop),
    };
    if let Err(e) = passed {
        if e.kind == Kind::Forbidden {
            ctx.audit_refusal(title, &e).await;
        }
        return Err(e);
    }
    let params: PathParams = path
        .iter()
        .map(|(k, v)| (k.to_owned(), v.to_owned()))
        .collect();
    let out = run(ctx.clone(), params, req).await;
    if let Err(e) = &out
        && e.kind == Kind::Forbidden
        && changing
    {
        ctx.audit_refusal(title, e).await;
    }
    out
}

fn facts(req: &Request<Body>, id: &str) -> zs_ctx::Request {
    let text = |name: &str| {
        req.headers()
            .get(name)
            .and_then(|v| v.to_str().ok())
            .map(str::to_owned)
    };
    zs_ctx::Request {
        id: id.to_owned(),
        ip: req
            .extensions()
            .get::<axum::extract::ConnectInfo<std::net::SocketAddr>>()
            .map(|c| c.0.ip().to_string()),
        user_agent: text("user-agent").map(|s| s.chars().take(200).collect()),
        idempotency_key: text("idempotency-key").filter(|k| (8..=64).contains(&k.len())),
        if_match: text("if-match").and_then(|v| v.trim_matches('"').parse().ok()),
        ..zs_ctx::Request::default()
    }
}

/// Unsafe methods must come from our own pages: `Sec-Fetch-Site`, else `Origin` equal to the host.
fn same_origin(req: &Request<Body>) -> Result<()> {
    if matches!(
        *req.method(),
        HttpMethod::GET | HttpMethod::HEAD | HttpMethod::OPTIONS
    ) {
        return Ok(());
    }
    let get = |h: HeaderName| req.headers().get(h).and_then(|v| v.to_str().ok());
    if let Some(site) = get(HeaderName::from_static("sec-fetch-site")) {
        return if matches!(site, "same-origin" | "none") {
            Ok(())
        } else {
            Err(FOREIGN_ORIGIN.err())
        };
    }
    match (get(header::ORIGIN), get(header::HOST)) {
        (Some(origin), Some(host)) if origin.split("://").nth(1) == Some(host) => Ok(()),
        (None, _) => Ok(()),
        _ => Err(FOREIGN_ORIGIN.err()),
    }
}

async fn headers(secure: bool, req: Request<Body>, next: Next) -> Response {
    let mut r = next.run(req).await;
    let h: &mut HeaderMap = r.headers_mut();
    let mut set = |k: &'static str, v: &'static str| {
        h.entry(HeaderName::from_static(k))
            .or_insert(HeaderValue::from_static(v));
    };
    set("x-content-type-options", "nosniff");
    set("x-frame-options", "SAMEORIGIN");
    set("referrer-policy", "same-origin");
    set("cross-origin-opener-policy", "same-origin");
    set(
        "content-security-policy",
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; \
         font-src 'self' data:; worker-src 'self' blob:; object-src 'self'; frame-src 'self' blob:; frame-ancestors 'self'; base-uri 'none'; form-action 'self'",
    );
    if secure {
        set("strict-transport-security", "max-age=31536000");
    }
    r
}

impl std::fmt::Debug for WebOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "WebOptions {{ version: {}, secure: {} }}",
            self.version, self.secure
        )
    }
}
