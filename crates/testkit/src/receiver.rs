//! An endpoint for webhooks that keeps what it is told.

use crate::authority::Authority;
use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use base::secret::hmac_sha256;
use data_encoding::BASE64;
use http::{HeaderMap, StatusCode};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use serde_json::Value;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::watch;

/// What the endpoint was told.
#[derive(Clone, Debug)]
pub struct Told {
    /// The path and query.
    pub target: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: String,
}

impl Told {
    /// A header; empty if it is absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
    }

    /// The body as JSON; null if it is not.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or(Value::Null)
    }

    /// What happened.
    pub fn verb(&self) -> String {
        self.json()["type"].as_str().unwrap_or_default().to_owned()
    }

    /// Whether one of its signatures is by this secret (Standard Webhooks, `v1`), over what was received.
    ///
    /// # Panics
    /// The secret is none.
    pub fn is_signed_by(&self, secret: &str) -> bool {
        let key = secret.strip_prefix("whsec_").expect("a secret");
        let key = BASE64.decode(key.as_bytes()).expect("base64");
        let signed = format!("{}.{}.{}", self.header("webhook-id"), self.header("webhook-timestamp"), self.body);
        let expected = format!("v1,{}", BASE64.encode(&hmac_sha256(&key, signed.as_bytes())));
        self.header("webhook-signature").split(' ').any(|one| one == expected)
    }
}

/// What the endpoint answers.
#[derive(Clone, Debug)]
pub struct Answer {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: String,
}

impl Answer {
    /// An empty answer with this status.
    pub fn status(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: String::new() }
    }

    /// The same with one more header.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// The same with a body.
    #[must_use]
    pub fn saying(mut self, body: &str) -> Self {
        body.clone_into(&mut self.body);
        self
    }
}

type Manner = Box<dyn Fn(&Told) -> Answer + Send>;

struct Shared {
    manner: Mutex<Manner>,
    told: watch::Sender<Vec<Told>>,
    /// While true, answers wait.
    held: watch::Sender<bool>,
}

/// An endpoint on this machine. It ends with the test.
#[derive(Clone)]
pub struct Receiver {
    /// Where it listens.
    pub address: SocketAddr,
    protected: bool,
    shared: Arc<Shared>,
}

impl Receiver {
    /// One that says yes to everything, over plain HTTP.
    pub async fn start() -> Self {
        Self::with(None).await
    }

    /// One behind TLS, as `localhost`, if there is an authority.
    ///
    /// # Panics
    /// No port is free.
    pub async fn with(authority: Option<&Authority>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared {
            manner: Mutex::new(Box::new(|_| Answer::status(204))),
            told: watch::channel(Vec::new()).0,
            held: watch::channel(false).0,
        });
        let (state, acceptor) = (shared.clone(), authority.map(|authority| authority.acceptor("localhost")));
        tokio::spawn(async move {
            while let Ok((tcp, _)) = listener.accept().await {
                let (state, acceptor) = (state.clone(), acceptor.clone());
                tokio::spawn(async move {
                    match acceptor {
                        None => serve(state, tcp).await,
                        Some(acceptor) => {
                            if let Ok(tls) = acceptor.accept(tcp).await {
                                serve(state, tls).await;
                            }
                        }
                    }
                });
            }
        });
        Self { address, protected: authority.is_some(), shared }
    }

    /// Its address for webhooks.
    pub fn url(&self) -> String {
        match self.protected {
            true => format!("https://localhost:{}/hooks", self.address.port()),
            false => format!("http://{}/hooks", self.address),
        }
    }

    /// From now on it answers like this.
    pub fn answers(&self, manner: impl Fn(&Told) -> Answer + Send + 'static) {
        *self.shared.manner.lock().unwrap_or_else(PoisonError::into_inner) = Box::new(manner);
    }

    /// From now on it answers nothing, until it is let go.
    pub fn hold(&self, held: bool) {
        self.shared.held.send_replace(held);
    }

    /// What it was told so far.
    pub fn told(&self) -> Vec<Told> {
        self.shared.told.borrow().clone()
    }

    /// The verbs of what it was told so far.
    pub fn verbs(&self) -> Vec<String> {
        self.told().iter().map(Told::verb).collect()
    }

    /// Waits until it was told this many things.
    pub async fn wait(&self, many: usize) -> Vec<Told> {
        let mut told = self.shared.told.subscribe();
        told.wait_for(|told| told.len() >= many).await.expect("it lives as long as the test").clone()
    }
}

async fn serve(shared: Arc<Shared>, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
    let service = TowerToHyperService::new(Router::new().fallback(hear).with_state(shared));
    // Whoever hangs up early is none of the endpoint's business.
    drop(Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service).await);
}

async fn hear(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap_or_default();
    let target = parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default();
    let told = Told { target, headers: parts.headers, body: String::from_utf8_lossy(&body).into_owned() };
    shared.told.send_modify(|all| all.push(told.clone()));
    let mut held = shared.held.subscribe();
    let _let_go = held.wait_for(|held| !held).await;
    let answer = (shared.manner.lock().unwrap_or_else(PoisonError::into_inner))(&told);
    let mut response = (StatusCode::from_u16(answer.status).expect("a status"), answer.body).into_response();
    for (name, value) in answer.headers {
        response.headers_mut().insert(name, value.parse().expect("a header"));
    }
    response
}
