//! Taking a key, keeping the answer, giving it again.

use super::rule::{self, Course, Known, REMEMBERED_SECONDS};
use super::sql;
use crate::cx::{Cx, Platform};
use crate::web::{self, MOST_BODY};
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use base::{Problem, Ref};
use http::{HeaderName, HeaderValue, Method, StatusCode, header};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use store::log;
use store::{Conn, Quiet};
use tokio::sync::watch;

/// The header, in lower case.
const KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// On an answer that was given before.
const REPEATED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// The largest body that a request with a key may have, in bytes: that of a document.
const MOST_REQUEST: usize = 8 * 1024 * 1024;
/// The largest answer that is kept, in bytes.
const MOST_ANSWER: usize = 256 * 1024;
/// What of an answer's head is kept. Never a cookie.
const KEPT: [HeaderName; 3] = [header::CONTENT_TYPE, header::LOCATION, header::ETAG];

/// The keys of the requests that this process is carrying out.
#[derive(Clone, Debug, Default)]
pub struct Running(Arc<Mutex<HashSet<(String, String)>>>);

impl Running {
    fn with<T>(&self, work: impl FnOnce(&mut HashSet<(String, String)>) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What one request holds under its key. Dropping it lets others have the key, if it was not used.
#[derive(Debug)]
pub struct Once {
    running: Running,
    scope: String,
    key: String,
    request: String,
    print: String,
    written: AtomicBool,
}

impl Drop for Once {
    fn drop(&mut self) {
        let held = (std::mem::take(&mut self.scope), std::mem::take(&mut self.key));
        self.running.with(|all| all.remove(&held));
    }
}

/// What becomes of a request.
pub enum Begun {
    /// It is carried out, holding this if it has a key.
    Go(Option<Arc<Once>>),
    /// It was answered before.
    Answered(Response),
}

/// An answer as it is kept.
#[derive(Serialize, Deserialize)]
struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

/// Looks for the key of a request, and what is known under it.
///
/// # Errors
/// 400 if the key is none, 413, 422 `key-reused`, 409 `key-running` or `answer-lost`; those of the database.
pub async fn begin(platform: &Platform, request: &mut Request, address: &str) -> Result<Begun, Problem> {
    let Some(value) = request.headers().get(KEY).filter(|_| takes_keys(request)) else { return Ok(Begun::Go(None)) };
    let key = rule::key(value.to_str().unwrap_or(""))?;
    let now = platform.clock.now();
    let Some((scope, most)) = scope(platform, request, address).await else { return Ok(Begun::Go(None)) };
    let print = print(request, most).await?;
    let name = web::name_of(request);
    if !platform.once.with(|all| all.insert((scope.clone(), key.clone()))) {
        return Err(rule::running(&key));
    }
    // From here on the key is let go whatever happens.
    let written = AtomicBool::new(false);
    let once = Once { running: platform.once.clone(), scope, key, request: name, print, written };
    let found = sql::find(&mut *platform.db.read().await?, &once.scope, &once.key).await?;
    let open = |sealed: &str| platform.keys.open(&once.about(), sealed).map_err(Problem::internal);
    let known = match &found {
        Some(row) => {
            let same = open(&row.print)?.as_slice() == once.print.as_bytes();
            Some(Known { at: row.at, same, answered: row.answer.is_some(), made: row.made.clone() })
        }
        None => None,
    };
    match (rule::course(&once.key, known.as_ref(), now)?, found.and_then(|row| row.answer)) {
        (Course::Repeat, Some(sealed)) => Ok(Begun::Answered(again(&open(&sealed)?)?)),
        _ => Ok(Begun::Go(Some(Arc::new(once)))),
    }
}

/// Whether this is a request to the management interface that may write. Signing in writes nothing that has to be kept.
fn takes_keys(request: &Request) -> bool {
    let path = request.uri().path();
    request.method() == Method::POST && path.starts_with("/api/v1/") && !path.starts_with("/api/v1/session")
}

/// Whose keys these are, and how large a body they may send. None for a caller who will be refused anyway.
async fn scope(platform: &Platform, request: &mut Request, address: &str) -> Option<(String, usize)> {
    let (parts, body) = std::mem::take(request).into_parts();
    let known = web::recognise(&parts, platform, platform.clock.now()).await;
    *request = Request::from_parts(parts, body);
    match known.ok()?.0 {
        Some(who) => Some((who.id.to_string(), MOST_REQUEST)),
        None => Some((format!("nobody {address}"), MOST_BODY)),
    }
}

/// What tells one request from another: method, address, media type, version and body. Leaves the request as it was.
async fn print(request: &mut Request, most: usize) -> Result<String, Problem> {
    let body = std::mem::take(request.body_mut());
    let bytes = web::read_body(body, most).await?;
    let head = |name: HeaderName| request.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or("").to_owned();
    let address = request.uri().path_and_query().map_or("/", |address| address.as_str());
    let (media, version) = (head(header::CONTENT_TYPE), head(header::IF_MATCH));
    let parts = [request.method().as_str(), address, &media, &version].map(str::as_bytes);
    let print = base::secret::sha256(parts.into_iter().chain([bytes.as_ref()]));
    *request.body_mut() = Body::from(bytes);
    Ok(print)
}

impl Once {
    /// What a sealed text belongs to: it opens nowhere else.
    fn about(&self) -> String {
        format!("kept answer {} {}", self.scope, self.key)
    }

    /// Takes the key in the transaction of what the request writes.
    ///
    /// # Errors
    /// 409 `key-running` if another request wrote under it meanwhile; those of the database.
    pub async fn reserve(&self, cx: &Cx, conn: &mut Conn, made: &Ref) -> Result<(), Problem> {
        if self.written.load(Ordering::Relaxed) {
            return Ok(());
        }
        let print = cx.platform.keys.seal(&self.about(), self.print.as_bytes()).map_err(Problem::internal)?;
        let new = sql::New {
            scope: &self.scope,
            key: &self.key,
            request: &self.request,
            at: cx.now,
            forgotten: cx.now.plus_seconds(-REMEMBERED_SECONDS),
            made,
            print: &print,
        };
        if sql::reserve(conn, &new).await? { Ok(()) } else { Err(rule::running(&self.key)) }
    }

    /// The write that took the key was committed.
    pub fn reserved(&self) {
        self.written.store(true, Ordering::Relaxed);
    }

    /// Keeps the answer, if anything was written; otherwise sending the request again does no harm. Answers it.
    pub async fn keep(self: Arc<Self>, platform: &Platform, response: Response) -> Response {
        if !self.written.load(Ordering::Relaxed) {
            return response;
        }
        let (parts, body) = response.into_parts();
        let bytes = match axum::body::to_bytes(body, usize::MAX).await {
            Ok(bytes) => bytes,
            Err(error) => {
                tracing::warn!(%error, "once.unread: an answer could not be read to be kept");
                return Response::from_parts(parts, Body::empty());
            }
        };
        let headers = KEPT.iter().filter_map(|name| Some((name, parts.headers.get(name)?.to_str().ok()?)));
        let headers = headers.map(|(name, value)| (name.to_string(), value.to_owned())).collect();
        let body = std::str::from_utf8(&bytes).ok().filter(|body| body.len() <= MOST_ANSWER).map(str::to_owned);
        if let Some(body) = body {
            let answer = Answer { status: parts.status.as_u16(), headers, body };
            if let Err(problem) = self.put(platform, &answer).await {
                tracing::warn!(?problem, "once.unkept: an answer could not be kept under its key");
            }
        }
        Response::from_parts(parts, Body::from(bytes))
    }

    async fn put(&self, platform: &Platform, answer: &Answer) -> Result<(), Problem> {
        let text = crate::to_json(answer)?;
        let sealed = platform.keys.seal(&self.about(), text.as_bytes()).map_err(Problem::internal)?;
        let statement = sql::keep(&self.scope, &self.key, &self.request, &sealed);
        Ok(platform.db.quiet_batch(Quiet::AnswerKept, vec![statement]).await?)
    }
}

/// The answer that was given before.
fn again(text: &[u8]) -> Result<Response, Problem> {
    let answer: Answer = serde_json::from_slice(text).map_err(Problem::internal)?;
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).map_err(Problem::internal)?;
    for (name, value) in answer.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    response.headers_mut().insert(REPEATED, HeaderValue::from_static("true"));
    Ok(response)
}

/// How many rows one transaction of a sweep takes.
const SWEPT: i64 = 1_000;
/// How often is swept.
const SWEEP_EVERY: Duration = Duration::from_secs(300);
/// How long it is known where a request came from, in seconds: 400 days.
const ORIGINS_SECONDS: i64 = 400 * 24 * 3600;

/// Forgets keys that are older than a day, and where requests came from after 400 days.
///
/// # Errors
/// Those of the database.
pub async fn sweep(platform: &Platform) -> Result<(), Problem> {
    let now = platform.clock.now();
    loop {
        let mut tx = platform.db.write().await?;
        let answers = sql::sweep(&mut tx, now.plus_seconds(-REMEMBERED_SECONDS), SWEPT).await?;
        let origins = log::forget_origins(&mut tx, now.plus_seconds(-ORIGINS_SECONDS), SWEPT).await?;
        tx.commit_quiet(Quiet::ExpiredSwept).await?;
        if answers + origins == 0 {
            return Ok(());
        }
    }
}

/// Sweeps until told to stop.
pub async fn run(platform: Platform, mut shutdown: watch::Receiver<bool>) {
    loop {
        if let Err(problem) = sweep(&platform).await {
            tracing::warn!(?problem, "once.sweep_failed");
        }
        tokio::select! {
            () = crate::reader::stopped(&mut shutdown) => return,
            () = tokio::time::sleep(SWEEP_EVERY) => {}
        }
    }
}
