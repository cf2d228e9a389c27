//! HTTP: routes with a gate each, one arguments struct per endpoint, problem+json, OpenAPI from the registrations.
//!
//! A handler is `async fn(Ctx, Args) -> Result<Out>`. `Args` takes the path parameters together with the query (GET,
//! DELETE) or with the JSON body (POST, PUT); a path parameter always wins over a field of the same name.
#![forbid(unsafe_code)]

mod args;
mod auth;
mod openapi;
mod problem;
mod response;
mod routes;
mod server;
mod sse;

pub use auth::{Authenticator, BoxFuture, SESSION_COOKIE, session_token};
pub use openapi::openapi;
pub use problem::problem;
pub use response::{Body, Download, Response, attachment_name, json_response, set_cookie};
pub use routes::{Empty, HandlerFn, Method, NoArgs, Route, Routes};
pub use server::{WebOptions, router};
pub use sse::event_stream;

zs_base::codes! {
    BAD_JSON: Invalid "提交的内容格式不对：{}",
    BODY_TOO_LARGE: TooLarge "提交的内容太大，请精简后再提交",
    FOREIGN_ORIGIN: Forbidden "请求不是从本系统页面发出的，已拒绝",
    NO_SUCH_ROUTE: NotFound "没有这个接口",
}
