//! Somebody who uses the management API over HTTP as a browser does: the demo is seeded through the front door.

use anyhow::{Context as _, Result, anyhow, bail};
use base::secret::Secret;
use bytes::Bytes;
use http::{HeaderValue, Method, Request, header};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use platform::user::SESSION_COOKIE;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::time::Duration;

/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A person with a browser session.
pub struct Caller {
    control: SocketAddr,
    client: Client<HttpConnector, Full<Bytes>>,
    session: Option<Session>,
}

struct Session {
    cookie: HeaderValue,
    csrf: HeaderValue,
}

impl Caller {
    /// Somebody who has not signed in.
    pub fn nobody(control: SocketAddr) -> Self {
        Self { control, client: Client::builder(TokioExecutor::new()).build_http(), session: None }
    }

    /// Somebody who has.
    ///
    /// # Errors
    /// Name or password is wrong, or the server does not answer.
    pub async fn sign_in(control: SocketAddr, username: &str, password: &Secret) -> Result<Self> {
        let mut caller = Self::nobody(control);
        let body = json!({"username": username, "password": password.reveal()});
        let (set_cookie, answer) =
            caller.send(Method::POST, "/api/v1/session", "application/json", body.to_string()).await?;
        let cookie = set_cookie.as_deref().and_then(|text| text.split(';').next());
        let cookie = cookie.filter(|pair| pair.starts_with(SESSION_COOKIE)).context("no session cookie was set")?;
        let mut cookie = HeaderValue::from_str(cookie)?;
        cookie.set_sensitive(true);
        let csrf = HeaderValue::from_str(text(&answer, "/csrf_token")?)?;
        caller.session = Some(Session { cookie, csrf });
        Ok(caller)
    }

    /// Ends the session.
    ///
    /// # Errors
    /// Those of [`Caller::post`].
    pub async fn sign_out(self) -> Result<()> {
        self.send(Method::DELETE, "/api/v1/session", "application/json", String::new()).await.map(|_| ())
    }

    /// `GET`s JSON.
    ///
    /// # Errors
    /// Those of [`Caller::post`].
    pub async fn get(&self, path: &str) -> Result<Value> {
        Ok(self.send(Method::GET, path, "application/json", Bytes::new()).await?.1)
    }

    /// `POST`s JSON.
    ///
    /// # Errors
    /// The server does not answer, or answers with a problem.
    pub async fn post(&self, path: &str, body: &Value) -> Result<Value> {
        Ok(self.send(Method::POST, path, "application/json", body.to_string()).await?.1)
    }

    /// `PUT`s JSON.
    ///
    /// # Errors
    /// Those of [`Caller::post`].
    pub async fn put(&self, path: &str, body: &Value) -> Result<Value> {
        Ok(self.send(Method::PUT, path, "application/json", body.to_string()).await?.1)
    }

    /// `PATCH`es JSON.
    ///
    /// # Errors
    /// Those of [`Caller::post`].
    pub async fn patch(&self, path: &str, body: &Value) -> Result<Value> {
        Ok(self.send(Method::PATCH, path, "application/json", body.to_string()).await?.1)
    }

    /// `POST`s an OpenAPI document as it is.
    ///
    /// # Errors
    /// Those of [`Caller::post`].
    pub async fn upload(&self, path: &str, document: &'static [u8]) -> Result<Value> {
        Ok(self.send(Method::POST, path, "application/octet-stream", document).await?.1)
    }

    /// Sends a request; answers the cookie that it sets, and its JSON.
    async fn send(
        &self,
        method: Method,
        path: &str,
        media: &'static str,
        body: impl Into<Bytes>,
    ) -> Result<(Option<String>, Value)> {
        let what = format!("{method} {path}");
        let mut request = Request::builder()
            .method(method)
            .uri(format!("http://{}{path}", self.control))
            .header(header::CONTENT_TYPE, media)
            .body(Full::new(body.into()))?;
        if let Some(session) = &self.session {
            request.headers_mut().insert(header::COOKIE, session.cookie.clone());
            request.headers_mut().insert("x-csrf-token", session.csrf.clone());
        }
        let answer = async {
            let (head, body) = self.client.request(request).await?.into_parts();
            anyhow::Ok((head, body.collect().await?.to_bytes()))
        };
        let (head, bytes) = tokio::time::timeout(PATIENCE, answer)
            .await
            .map_err(|_| anyhow!("{what}: no answer within {} seconds", PATIENCE.as_secs()))?
            .with_context(|| what.clone())?;
        let value: Value = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        if !head.status.is_success() {
            // A problem names the field and the fix; it never repeats a secret.
            let detail = value.get("detail").and_then(Value::as_str).unwrap_or("(no detail)");
            let fields = value.get("errors").map(Value::to_string).unwrap_or_default();
            bail!("{what}: {} {detail} {fields}", head.status);
        }
        let cookie = head.headers.get(header::SET_COOKIE).and_then(|value| value.to_str().ok()).map(str::to_owned);
        Ok((cookie, value))
    }
}

/// The text at a JSON pointer of an answer.
///
/// # Errors
/// There is none.
pub fn text<'v>(answer: &'v Value, pointer: &str) -> Result<&'v str> {
    answer.pointer(pointer).and_then(Value::as_str).with_context(|| format!("the answer has no text at {pointer}"))
}
