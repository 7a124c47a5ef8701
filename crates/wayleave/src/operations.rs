//! The operations listener: is it alive, is it ready, how does it do.

use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use http::{StatusCode, header};
use platform::Platform;
use serde_json::json;

/// `/healthz`, `/readyz`, `/metrics`.
pub fn router(platform: Platform) -> Router {
    Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .with_state(platform)
}

/// Ready when the database answers and the gateway knows every change that is in it.
async fn ready(State(platform): State<Platform>) -> impl IntoResponse {
    let database = platform.db.read().await.is_ok();
    let head = *platform.db.head().borrow();
    let applied = platform.records.applied();
    let ready = database && applied >= head;
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(json!({"ready": ready, "database": database, "change": head, "gateway_change": applied})))
}

/// Prometheus text exposition format.
async fn metrics(State(platform): State<Platform>) -> impl IntoResponse {
    let head = *platform.db.head().borrow();
    let mut text = String::new();
    let mut gauge = |name: &str, help: &str, value: i64| {
        text.push_str(&format!("# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}\n"));
    };
    gauge("wayleave_change_head", "Number of the last change in the log.", head);
    gauge(
        "wayleave_gateway_change_applied",
        "Number of the last change that the gateway has applied.",
        platform.records.applied(),
    );
    for (reader, seq) in platform.readers.snapshot() {
        text.push_str(&format!("wayleave_reader_change{{reader=\"{reader}\"}} {seq}\n"));
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text)
}
