//! The sample upstream of the demo: an API that is nothing but its OpenAPI document.
//!
//! It checks each request against the document (path, method, parameters, media type, body) and answers from it: the
//! documented status with the document's example, or with an instance made from the schema. What it received comes back
//! in the header `Sample-Echo`, without secrets; `/_echo` answers with nothing else. It keeps no state and knows nothing
//! about Wayleave: it stands for the APIs of others.

mod body;
mod contract;
mod echo;
mod instance;
mod parameter;
mod reply;
mod request;
mod route;
mod schema;

#[cfg(test)]
mod tests;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use contract::Contract;
use echo::Received;
use platform::document::Document;
use reply::Reply;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;

pub use request::{Call, fitting};

/// The largest request body that is read, in bytes.
const MOST_BODY: usize = 1024 * 1024;
/// How long calls in flight may take once the end was asked for.
const GRACE: Duration = Duration::from_secs(3);
/// Answers with what it received.
const ECHO: &str = "/_echo";

/// Serves each document under its mount, such as `/identity-management/v3`, until `shutdown` completes.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    documents: Vec<(String, Document)>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let contracts = documents.into_iter().map(|(mount, document)| Contract::new(&mount, document)).collect();
    let router = Router::new().fallback(answer).with_state(Arc::new(Sample { contracts }));
    let (told, asked) = tokio::sync::oneshot::channel::<()>();
    let server = axum::serve(listener, router).with_graceful_shutdown(async move {
        shutdown.await;
        drop(told);
    });
    let overdue = async move {
        // An error is the signal: the other end was dropped.
        let _ = asked.await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        ended = server.into_future() => ended,
        () = overdue => Ok(()),
    }
}

struct Sample {
    contracts: Vec<Contract>,
}

async fn answer(State(sample): State<Arc<Sample>>, request: Request<Body>) -> Response {
    let (head, body) = request.into_parts();
    let received = Received::new(&head);
    let reply = match axum::body::to_bytes(body, MOST_BODY).await {
        Ok(body) => sample.reply(&received, &body),
        Err(_) => Reply::problem(
            413,
            &format!("The body has more than {MOST_BODY} bytes, or did not arrive. Send less."),
            &[],
        ),
    };
    reply.into_response(&received)
}

impl Sample {
    fn reply(&self, received: &Received<'_>, body: &Bytes) -> Reply {
        if received.path == ECHO || received.path.strip_prefix(ECHO).is_some_and(|rest| rest.starts_with('/')) {
            return Reply::json(200, &received.whole(body));
        }
        let fitting = self.contracts.iter().filter_map(|contract| Some((contract, contract.below(received.path)?)));
        match fitting.max_by_key(|(contract, _)| contract.mount.len()) {
            Some((contract, path)) => contract.reply(path, received, body),
            None => {
                let mounts: Vec<String> = self.contracts.iter().map(|c| format!("`{}`", c.mount)).collect();
                let detail = format!(
                    "Nothing is served at `{}`. Call a path below {} or `{ECHO}`.",
                    echo::short(received.path),
                    mounts.join(", ")
                );
                Reply::problem(404, &detail, &[])
            }
        }
    }
}
