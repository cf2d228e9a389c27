//! Server-sent events.
use std::convert::Infallible;
use std::time::Duration;

use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::Stream;
use serde_json::Value;

use crate::Response;

/// A stream of `(event, data)` with a comment every 25 seconds, so that proxies keep it open.
pub fn event_stream(items: impl Stream<Item = (&'static str, Value)> + Send + 'static) -> Response {
    use futures_util::StreamExt as _;
    let events = items.map(|(name, data)| {
        Ok::<_, Infallible>(Event::default().event(name).data(data.to_string()))
    });
    Sse::new(events)
        .keep_alive(KeepAlive::new().interval(Duration::from_secs(25)))
        .into_response()
}
