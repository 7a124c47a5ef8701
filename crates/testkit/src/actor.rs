//! Somebody who uses the program over HTTP, and what comes back.

use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use std::net::SocketAddr;
use std::ops::Index;

pub(crate) type Http = Client<HttpConnector, Full<Bytes>>;

pub(crate) fn http() -> Http {
    Client::builder(TokioExecutor::new()).build_http()
}

/// Somebody who uses the program. Cloning shares the identity.
#[derive(Clone)]
pub struct Actor {
    http: Http,
    base: String,
    headers: Vec<(String, String)>,
    /// The user's id; empty for nobody.
    pub id: String,
    /// The user's name; empty for nobody.
    pub name: String,
}

impl Actor {
    /// Somebody who has not signed in, at a program that listens there.
    pub fn at(address: SocketAddr) -> Self {
        Self {
            http: http(),
            base: format!("http://{address}"),
            headers: Vec::new(),
            id: String::new(),
            name: String::new(),
        }
    }

    /// The same actor, who sends this header too.
    #[must_use]
    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut other = self.clone();
        other.headers.push((name.to_owned(), value.to_owned()));
        other
    }

    pub(crate) fn known_as(mut self, id: &str, name: &str) -> Self {
        id.clone_into(&mut self.id);
        name.clone_into(&mut self.name);
        self
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, None, Bytes::new()).await
    }

    /// DELETE.
    pub async fn delete(&self, path: &str) -> Reply {
        self.send(Method::DELETE, path, None, Bytes::new()).await
    }

    /// POST with a JSON body.
    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.send(Method::POST, path, Some("application/json"), body.to_string().into()).await
    }

    /// PUT with a JSON body.
    pub async fn put(&self, path: &str, body: Value) -> Reply {
        self.send(Method::PUT, path, Some("application/json"), body.to_string().into()).await
    }

    /// PATCH with a JSON body.
    pub async fn patch(&self, path: &str, body: Value) -> Reply {
        self.send(Method::PATCH, path, Some("application/json"), body.to_string().into()).await
    }

    /// POST of a form.
    pub async fn form(&self, path: &str, pairs: &[(&str, &str)]) -> Reply {
        let mut text = url::form_urlencoded::Serializer::new(String::new());
        text.extend_pairs(pairs);
        self.send(Method::POST, path, Some("application/x-www-form-urlencoded"), text.finish().into()).await
    }

    /// Anything.
    ///
    /// # Panics
    /// The program does not answer.
    pub async fn send(&self, method: Method, path: &str, media: Option<&str>, body: Bytes) -> Reply {
        let reply = self.attempt(method.clone(), path, media, body).await;
        reply.unwrap_or_else(|e| panic!("{method} {path}: no answer: {e}"))
    }

    /// Anything, at a program that may end before it has answered.
    ///
    /// # Errors
    /// There was no whole answer; says why.
    ///
    /// # Panics
    /// The method, path or a header cannot be sent at all.
    pub async fn attempt(&self, method: Method, path: &str, media: Option<&str>, body: Bytes) -> Result<Reply, String> {
        let mut request = Request::builder().method(method.clone()).uri(format!("{}{path}", self.base));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if let Some(media) = media {
            request = request.header("content-type", media);
        }
        let request = request.body(Full::new(body)).expect("a request that can be sent");
        let (parts, body) = self.http.request(request).await.map_err(|e| format!("{e:?}"))?.into_parts();
        let bytes = body.collect().await.map_err(|e| format!("half a body: {e:?}"))?.to_bytes();
        let json = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Ok(Reply { what: format!("{method} {path}"), status: parts.status, headers: parts.headers, bytes, json })
    }
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    what: String,
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub bytes: Bytes,
    /// The body as JSON; null if it is not.
    pub json: Value,
}

impl Reply {
    /// Passes if the status is this.
    ///
    /// # Panics
    /// It is another; the message shows what came back.
    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert!(self.status.as_u16() == status, "{}: {} instead of {status}: {}", self.what, self.status, self.text());
        self
    }

    /// Passes if it is this problem (RFC 9457), by its code.
    ///
    /// # Panics
    /// It is something else.
    #[track_caller]
    pub fn problem(self, status: u16, code: &str) -> Self {
        let reply = self.is(status);
        assert_eq!(reply.json["code"], code, "{}: {}", reply.what, reply.text());
        let media = reply.header("content-type");
        assert_eq!(media, "application/problem+json", "{}", reply.what);
        reply
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// A header; empty if it is absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or("")
    }

    /// A member as text.
    ///
    /// # Panics
    /// It is absent or no text.
    #[track_caller]
    pub fn str(&self, name: &str) -> String {
        match self.json[name].as_str() {
            Some(text) => text.to_owned(),
            None => panic!("{}: no text `{name}` in {}", self.what, self.text()),
        }
    }

    /// The items of a list.
    ///
    /// # Panics
    /// It is no list.
    #[track_caller]
    pub fn items(&self) -> &[Value] {
        match self.json["items"].as_array() {
            Some(items) => items,
            None => panic!("{}: no list in {}", self.what, self.text()),
        }
    }
}

impl Index<&str> for Reply {
    type Output = Value;
    fn index(&self, name: &str) -> &Value {
        &self.json[name]
    }
}
