//! An upstream that answers with what it received.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::net::TcpListener;

/// An upstream that answers 200 with `{method, path, query, headers, body}` of the request.
#[derive(Clone)]
pub struct Upstream {
    /// Where it listens.
    pub address: SocketAddr,
    calls: Arc<AtomicU64>,
}

impl Upstream {
    /// Starts one.
    ///
    /// # Panics
    /// No port is free.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let calls = Arc::new(AtomicU64::new(0));
        let router = Router::new().fallback(echo).with_state(calls.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, calls }
    }

    /// Its address for destinations.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How many calls have reached it.
    pub fn calls(&self) -> u64 {
        self.calls.load(Ordering::Acquire)
    }
}

async fn echo(State(calls): State<Arc<AtomicU64>>, request: Request) -> Response {
    calls.fetch_add(1, Ordering::AcqRel);
    let (parts, body) = request.into_parts();
    let body: Bytes = axum::body::to_bytes(body, 16 << 20).await.unwrap_or_default();
    let mut headers = serde_json::Map::new();
    for (name, value) in &parts.headers {
        let text = String::from_utf8_lossy(value.as_bytes()).into_owned();
        headers
            .entry(name.as_str())
            .and_modify(|v| *v = json!(format!("{}, {text}", v.as_str().unwrap_or(""))))
            .or_insert(json!(text));
    }
    let seen = json!({
        "method": parts.method.as_str(), "path": parts.uri.path(), "query": parts.uri.query(),
        "headers": Value::Object(headers), "body": String::from_utf8_lossy(&body),
    });
    axum::Json(seen).into_response()
}
