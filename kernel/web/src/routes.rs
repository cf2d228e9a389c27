//! Route registrations: there is no way to add one without a gate.
use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use zs_base::{Error, Result};
use zs_ctx::{Ctx, Gate};

use crate::auth::BoxFuture;
use crate::{BODY_TOO_LARGE, Download, Response, args, json_response};

/// JSON bodies over this are refused.
const JSON_LIMIT: usize = 2 * 1024 * 1024;

/// HTTP methods in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Method {
    Get,
    Post,
    Put,
    Delete,
}

impl Method {
    /// `GET` …
    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// No arguments.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct NoArgs {}

/// An empty answer, `{}`.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Empty {}

/// Path parameters by name.
pub type PathParams = BTreeMap<String, String>;
/// A boxed handler.
pub type HandlerFn = Arc<
    dyn Fn(Ctx, PathParams, Request<Body>) -> BoxFuture<'static, Result<Response>> + Send + Sync,
>;
type SchemaFn = fn(&mut SchemaGenerator) -> Schema;

/// One registered route.
#[derive(Clone)]
pub struct Route {
    /// Method.
    pub method: Method,
    /// `/incoming/{id}` under `/api/v1`.
    pub path: &'static str,
    /// Who may pass.
    pub gate: Gate,
    /// Chinese title, the OpenAPI summary.
    pub title: &'static str,
    /// Media type of the answer in OpenAPI.
    pub media_type: &'static str,
    pub(crate) args: SchemaFn,
    pub(crate) out: Option<SchemaFn>,
    pub(crate) raw_body: bool,
    pub(crate) run: HandlerFn,
}

impl std::fmt::Debug for Route {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} {:?}", self.method.name(), self.path, self.gate)
    }
}

/// The routes of a module.
#[derive(Clone, Debug, Default)]
pub struct Routes(pub Vec<Route>);

fn schema<T: JsonSchema>(g: &mut SchemaGenerator) -> Schema {
    T::json_schema(g)
}
fn named<T: JsonSchema>(g: &mut SchemaGenerator) -> Schema {
    g.subschema_for::<T>()
}

async fn read_args<A: DeserializeOwned>(
    method: Method,
    path: &PathParams,
    req: Request<Body>,
) -> Result<A> {
    if matches!(method, Method::Get | Method::Delete) {
        return args::from_query(path, req.uri().query());
    }
    let body = axum::body::to_bytes(req.into_body(), JSON_LIMIT)
        .await
        .map_err(|e| BODY_TOO_LARGE.err().because(e))?;
    args::from_body(path, &body)
}

impl Routes {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }
    /// An endpoint that answers JSON.
    #[must_use]
    pub fn add<A, R, F, Fut>(
        self,
        method: Method,
        path: &'static str,
        gate: impl Into<Gate>,
        title: &'static str,
        f: F,
    ) -> Self
    where
        A: DeserializeOwned + JsonSchema + Send + 'static,
        R: Serialize + JsonSchema + 'static,
        F: Fn(Ctx, A) -> Fut + Send + Sync + Clone + 'static,
        Fut: Future<Output = Result<R>> + Send + 'static,
    {
        let run: HandlerFn = Arc::new(move |ctx, path, req| {
            let f = f.clone();
            Box::pin(async move {
                let a = read_args::<A>(method, &path, req).await?;
                json_response(&f(ctx, a).await?)
            })
        });
        self.push(
            method,
            path,
            gate.into(),
            title,
            "application/json",
            schema::<A>,
            Some(named::<R>),
            false,
            run,
        )
    }
    /// GET answering JSON.
    #[must_use]
    pub fn get<A, R, F, Fut>(
        self,
        path: &'static str,
        gate: impl Into<Gate>,
        title: &'static str,
        f: F,
    ) -> Self
    where
        A: DeserializeOwned + JsonSchema + Send + 'static,
        R: Serialize + JsonSchema + 'static,
        F: Fn(Ctx, A) -> Fut + Send + Sync + Clone + 'static,
        Fut: Future<Output = Result<R>> + Send + 'static,
    {
        self.add(Method::Get, path, gate, title, f)
    }
    /// POST of JSON answering JSON.
    #[must_use]
    pub fn post<A, R, F, Fut>(
        self,
        path: &'static str,
        gate: impl Into<Gate>,
        title: &'static str,
        f: F,
    ) -> Self
    where
        A: DeserializeOwned + JsonSchema + Send + 'static,
        R: Serialize + JsonSchema + 'static,
        F: Fn(Ctx, A) -> Fut + Send + Sync + Clone + 'static,
        Fut: Future<Output = Result<R>> + Send + 'static,
    {
        self.add(Method::Post, path, gate, title, f)
    }
    /// PUT of JSON answering JSON.
    #[must_use]
    pub fn put<A, R, F, Fut>(
        self,
        path: &'static str,
        gate: impl Into<Gate>,
        title: &'static str,
        f: F,
    ) -> Self
    where
        A: DeserializeOwned + JsonSchema + Send + 'static,
        R: Serialize + JsonSchema + 'static,
        F: Fn(Ctx, A) -> Fut + Send + Sync + Clone + 'static,
        Fut: Future<Output = Result<R>> + Send + 'static,
    {
        self.add(Method::Put, path, gate, title, f)
    }
    /// DELETE answering JSON.
    #[must_use]
    pub fn delete<A, R, F, Fut>(
        self,
        path: &'static str,
        gate: impl Into<Gate>,
        title: &'static str,
        f: F,
    ) -> Self
    where
        A: DeserializeOwned + JsonSchema + Send + 'static,
        R: Serialize + JsonSchema + 'static,
        F: Fn(Ctx, A) -> Fut + Send + Sync + Clone + 'static,
        Fut: Future<Output = Result<R>> + Send + 'static,
    {
        self.add(Method::Delete, path, gate, title, f)
    }
    /// GET answering a file made for the reader.
    #[must_use]
    pub fn download<A, F, Fut>(
        self,
        path: &'static str,
        gate: impl Into<Gate>,
        title: &'static str,
        f: F,
    ) -> Self
    where
        A: DeserializeOwned + JsonSchema + Send + 'static,
        F: Fn(Ctx, A) -> Fut + Send + Sync + Clone + 'static,
        Fut: Future<Output = Result<Download>> + Send + 'static,
    {
        let run: HandlerFn = Arc::new(move |ctx, path, req| {
            let f = f.clone();
            Box::pin(async move {
                let a = read_args::<A>(Method::Get, &path, req).await?;
                f(ctx, a).await?.into_response()
            })
        });
        self.push(
            Method::Get,
            path,
            gate.into(),
            title,
            "application/octet-stream",
            schema::<A>,
            None,
            false,
            run,
        )
    }
    /// An endpoint that reads or answers raw bytes (uploads, ranges, SSE, cookies). `A` comes from path and query only.
    #[must_use]
    pub fn raw<A, F, Fut>(
        self,
        method: Method,
        path: &'static str,
        gate: impl Into<Gate>,
        title: &'static str,
        f: F,
    ) -> Self
    where
        A: DeserializeOwned + JsonSchema + Send + 'static,
        F: Fn(Ctx, A, Request<Body>) -> Fut + Send + Sync + Clone + 'static,
        Fut: Future<Output = Result<Response>> + Send + 'static,
    {
        let run: HandlerFn = Arc::new(move |ctx, path, req| {
            let f = f.clone();
            Box::pin(async move {
                let a = args::from_query::<A>(&path, req.uri().query())?;
                f(ctx, a, req).await
            })
        });
        let raw_body = method == Method::Post || method == Method::Put;
        self.push(
            method,
            path,
            gate.into(),
            title,
            "application/octet-stream",
            schema::<A>,
            None,
            raw_body,
            run,
        )
    }
    /// POST of JSON whose answer is made by hand (it sets a cookie).
    #[must_use]
    pub fn post_response<A, R, F, Fut>(
        self,
        path: &'static str,
        gate: impl Into<Gate>,
        title: &'static str,
        f: F,
    ) -> Self
    where
        A: DeserializeOwned + JsonSchema + Send + 'static,
        R: JsonSchema + 'static,
        F: Fn(Ctx, A) -> Fut + Send + Sync + Clone + 'static,
        Fut: Future<Output = Result<Response>> + Send + 'static,
    {
        let run: HandlerFn = Arc::new(move |ctx, path, req| {
            let f = f.clone();
            Box::pin(async move {
                let a = read_args::<A>(Method::Post, &path, req).await?;
                f(ctx, a).await
            })
        });
        self.push(
            Method::Post,
            path,
            gate.into(),
            title,
            "application/json",
            schema::<A>,
            Some(named::<R>),
            false,
            run,
        )
    }
    #[expect(
        clippy::too_many_arguments,
        reason = "private; the public methods name the parts"
    )]
    fn push(
        mut self,
        method: Method,
        path: &'static str,
        gate: Gate,
        title: &'static str,
        media_type: &'static str,
        args: SchemaFn,
        out: Option<SchemaFn>,
        raw_body: bool,
        run: HandlerFn,
    ) -> Self {
        self.0.push(Route {
            method,
            path,
            gate,
            title,
            media_type,
            args,
            out,
            raw_body,
            run,
        });
        self
    }
    /// Both together.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }
    /// Fails when two routes have the same method and path.
    pub fn check(&self) -> Result<()> {
        let mut seen = std::collections::BTreeSet::new();
        for r in &self.0 {
            if !seen.insert((r.method, r.path)) {
                return Err(Error::internal(format!(
                    "two routes {} {}",
                    r.method.name(),
                    r.path
                )));
            }
        }
        Ok(())
    }
}
