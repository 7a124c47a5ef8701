//! The context of one request: who asks, when, and through which database. Built once per request.

use crate::authz::{self, Relation, Standing, Verb};
use crate::user::{Throttle, User};
use crate::web::Arrival;
use base::secret::Keys;
use base::{Actor, Change, Clock, Kind, Problem, ProblemKind, Ref, Timestamp, id};
use serde_json::Value;
use snapshot::{Records, Sink};
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;
use store::{Db, ReadTx, WriteTx, log};
use tokio::sync::{Semaphore, watch};

/// Whether people may register by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Registration {
    /// Anybody may.
    Open,
    /// Only a site administrator creates accounts.
    Closed,
}

/// What the control plane is told from outside.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Base address of the control plane; the issuer of tokens.
    pub public_url: String,
    /// Base address of the gateway; the audience of tokens.
    pub gateway_url: String,
    /// Whether people may register by themselves.
    pub registration: Registration,
    /// Lifetime of access tokens whose client sets none, in seconds.
    pub access_token_seconds: i64,
    /// Lifetime of a browser session without use, in seconds.
    pub session_seconds: i64,
    /// Lifetime of a browser session however much it is used, in seconds.
    pub session_absolute_seconds: i64,
    /// Where Vite serves the console while it is being written; `None` everywhere else.
    pub console_dev_url: Option<String>,
    /// How mail is sent; `None` if it is not.
    pub mail: Option<crate::notice::mail::MailSettings>,
    /// Where webhooks may lead to.
    pub webhooks: crate::webhook::WebhookSettings,
}

/// The control plane: everything that requests share.
#[derive(Clone)]
pub struct Platform(Arc<Shared>);

/// What is inside [`Platform`].
pub struct Shared {
    /// The database.
    pub db: Db,
    /// The clock.
    pub clock: Clock,
    /// The keys derived from the master key.
    pub keys: Keys,
    /// What was configured.
    pub settings: Settings,
    /// Where gateways are told of changes.
    pub sink: Arc<dyn Sink>,
    /// Where gateways are asked for decisions and usage.
    pub records: Arc<dyn Records>,
    /// The last change that the gateway of this process knows.
    pub projected: watch::Sender<i64>,
    /// The last change that every reader has handled, by reader; for tests and health.
    pub readers: crate::reader::Positions,
    /// At most this many passwords are hashed at once.
    pub hashing: Semaphore,
    /// Counts failed sign-ins.
    pub throttle: Throttle,
    /// The signing keys in use.
    pub signing: crate::grant::KeyRing,
    /// The requests with an `Idempotency-Key` that are being carried out.
    pub once: crate::once::Running,
    /// What sends mails.
    pub mailer: crate::notice::mail::Mailer,
    /// What delivers to webhooks.
    pub couriers: crate::webhook::Couriers,
}

impl Platform {
    /// Puts the parts together. Nothing runs yet: see [`crate::start`].
    pub fn new(shared: Shared) -> Self {
        Self(Arc::new(shared))
    }
}

impl Deref for Platform {
    type Target = Shared;
    fn deref(&self) -> &Shared {
        &self.0
    }
}

/// A person or service account who has signed in.
#[derive(Clone, Debug)]
pub struct Signed {
    /// Who.
    pub id: id::UserId,
    /// By which name.
    pub username: String,
    /// Holds `site_admin`.
    pub site_admin: bool,
    /// The browser session, if it was one.
    pub session: Option<Session>,
}

/// The browser session that a request belongs to.
#[derive(Clone, Debug)]
pub struct Session {
    /// Identity; another whenever the password is checked.
    pub id: id::SessionId,
    /// What stays the same from one sign-in to the next.
    pub lineage: String,
    /// When the password was last checked.
    pub authenticated_at: Timestamp,
    /// When it ends if it is not used.
    pub expires_at: Timestamp,
    /// Whether the person still has to replace a password that was made for them.
    pub must_set_up: bool,
}

/// The context of one request.
#[derive(Clone)]
pub struct Cx {
    /// The control plane.
    pub platform: Platform,
    /// Who asks; `None` is nobody.
    pub who: Option<Signed>,
    /// When the request arrived. One instant for the whole request.
    pub now: Timestamp,
    /// The request's id.
    pub request: String,
    /// The version that If-Match names.
    pub if_match: Option<i64>,
    /// How the request came in, if it is one.
    pub arrival: Option<Arc<Arrival>>,
    /// The personal access token that was shown, if it was one.
    pub token: Option<id::PersonalTokenId>,
}

/// How long after the password was checked a session may do what could not be undone if it were somebody else's.
const FRESH_SECONDS: i64 = 600;

/// How long a write waits for the gateway in this process before it answers all the same.
const PROJECTION_PATIENCE: Duration = Duration::from_secs(10);

impl Cx {
    /// A context for the program itself.
    pub fn system(platform: &Platform) -> Self {
        let now = platform.clock.now();
        Self {
            platform: platform.clone(),
            who: None,
            now,
            request: String::new(),
            if_match: None,
            arrival: None,
            token: None,
        }
    }

    /// A context for what the program does for this person, who sees what they would see if they asked.
    pub fn on_behalf(platform: &Platform, user: User) -> Self {
        let who = Signed { id: user.id, username: user.username, site_admin: user.site_admin, session: None };
        Self { who: Some(who), ..Self::system(platform) }
    }

    /// The caller, who must have signed in.
    ///
    /// # Errors
    /// 401.
    pub fn signed(&self) -> Result<&Signed, Problem> {
        self.who.as_ref().ok_or_else(|| {
            Problem::new(
                ProblemKind::Unauthenticated,
                "Sign in, or send a personal access token as `Authorization: Bearer wlp_...`.",
            )
        })
    }

    /// Passes unless a browser session asks whose password was not checked lately: before secrets are made or ended,
    /// and before somebody is given or loses rights. A personal access token is a secret of its own and always passes.
    ///
    /// # Errors
    /// 401 `reauthenticate`.
    pub fn fresh(&self) -> Result<(), Problem> {
        let session = self.who.as_ref().and_then(|who| who.session.as_ref());
        let stale = |session: &Session| self.now >= session.authenticated_at.plus_seconds(FRESH_SECONDS);
        if session.is_none_or(|session| !stale(session)) {
            return Ok(());
        }
        let detail = "This takes a password that was checked within the last ten minutes. Send it to \
                      POST /api/v1/session/reauthenticate, then repeat the request.";
        Err(Problem::new(ProblemKind::Reauthenticate, detail).with("max_age_seconds", FRESH_SECONDS))
    }

    /// What everybody's standing begins with.
    pub fn standing(&self) -> Standing {
        let site_admin = self.who.as_ref().is_some_and(|w| w.site_admin);
        Standing::default()
            .and(Relation::Anyone)
            .and_if(self.who.is_some(), Relation::Registered)
            .and_if(site_admin, Relation::SiteAdmin)
    }

    /// Whether the caller is this user.
    pub fn is(&self, user: &id::UserId) -> bool {
        self.who.as_ref().is_some_and(|w| w.id == *user)
    }

    /// Whether the caller is the user that this names.
    pub fn is_ref(&self, named: &Ref) -> bool {
        named.kind == Kind::User && self.who.as_ref().is_some_and(|who| id::Id::as_str(&who.id) == named.id)
    }

    /// Passes if the caller may, and says who may if not.
    ///
    /// # Errors
    /// 401 if nobody is signed in, 403 if the caller may not.
    pub fn may(&self, standing: Standing, verb: Verb) -> Result<(), Problem> {
        if authz::may(standing, verb) {
            return Ok(());
        }
        self.signed()?;
        let who: Vec<&str> = verb.allowed().iter().map(|r| r.word()).collect();
        let detail = format!("Your role does not allow this; it takes {}.", who.join(" or "));
        Err(Problem::forbidden(detail).with("allowed_roles", who))
    }

    /// The same for something that the caller may not even know of: 404 instead of 403.
    ///
    /// # Errors
    /// 401 if nobody is signed in, 404 if the caller may not.
    pub fn may_see(&self, standing: Standing, verb: Verb, what: &str) -> Result<(), Problem> {
        if authz::may(standing, verb) {
            return Ok(());
        }
        self.signed()?;
        Err(Problem::not_found(what))
    }

    /// What is said of something that is not there: the same as of something that the caller may not know of.
    pub fn absent(&self, what: &str) -> Problem {
        match self.signed() {
            Ok(_) => Problem::not_found(what),
            Err(problem) => problem,
        }
    }

    /// Passes unless If-Match names another version.
    ///
    /// # Errors
    /// 412.
    pub fn expect_version(&self, version: i64) -> Result<(), Problem> {
        match self.if_match {
            Some(wanted) if wanted != version => Err(Problem::new(
                ProblemKind::Stale,
                format!("If-Match names version {wanted}, but it is at version {version}. Read it again."),
            )),
            _ => Ok(()),
        }
    }

    /// Begins a read.
    ///
    /// # Errors
    /// 503 if the database gives no connection.
    pub async fn read(&self) -> Result<ReadTx, Problem> {
        Ok(self.platform.db.read().await?)
    }

    /// Begins a write. It can only be closed by handing it a change: see [`Cx::commit`].
    ///
    /// # Errors
    /// 503 if the database gives no connection.
    pub async fn write(&self) -> Result<WriteTx, Problem> {
        Ok(self.platform.db.write().await?)
    }

    /// Who is written down as the author.
    pub fn actor(&self) -> Actor {
        self.who.as_ref().map_or(Actor::Nobody, |w| Actor::User(w.id.to_string()))
    }

    /// The session or token that the request was made with, by its id.
    fn via(&self) -> Option<String> {
        let session = self.who.as_ref().and_then(|who| who.session.as_ref());
        let token = self.token.as_ref().map(|token| format!("token:{token}"));
        session.map(|session| format!("session:{}", session.id)).or(token)
    }

    /// A change by the caller, now.
    pub fn change(&self, verb: &'static str, kind: Kind, id: &impl std::fmt::Display) -> Change {
        Change {
            at: self.now,
            actor: self.actor(),
            verb,
            subject: Ref::new(kind, id),
            touches: Vec::new(),
            note: None,
            detail: Value::Null,
            request: Some(self.request.clone()).filter(|r| !r.is_empty()),
        }
    }

    /// Commits and waits until the gateway of this process has swapped the change in, so that the next call is
    /// decided under it (X02). Answers the number of the last change.
    ///
    /// # Errors
    /// Those of the database. If the gateway does not keep up the write has happened all the same, and answers.
    pub async fn commit(&self, mut tx: WriteTx, changes: Vec<Change>) -> Result<i64, Problem> {
        if let (Some(arrival), Some(first)) = (&self.arrival, changes.first()) {
            log::keep_origin(&mut tx, &self.request, self.now, &arrival.origin, self.via()).await?;
            if let Some(once) = &arrival.once {
                once.reserve(self, &mut tx, &first.subject).await?;
            }
        }
        let seq = tx.commit(changes).await?;
        if let Some(once) = self.arrival.as_ref().and_then(|arrival| arrival.once.as_ref()) {
            once.reserved();
        }
        let mut projected = self.platform.projected.subscribe();
        let swapped = tokio::time::timeout(PROJECTION_PATIENCE, projected.wait_for(|applied| *applied >= seq)).await;
        if swapped.is_err() {
            tracing::warn!(change = seq, "projection.late: the gateway has not applied the change yet");
        }
        Ok(seq)
    }
}

/// Words onto a change: `cx.change(..).touching(..).noting(..)`.
pub trait Describe: Sized {
    /// Shows it on this resource's board too.
    fn touching(self, kind: Kind, id: &impl std::fmt::Display) -> Self;
    /// The person's own words.
    fn noting(self, note: Option<&str>) -> Self;
    /// Before and after, or whatever else people should be able to look up. Never a secret.
    fn detailing(self, detail: Value) -> Self;
    /// Done by the program itself.
    fn by_system(self) -> Self;
}

impl Describe for Change {
    fn touching(mut self, kind: Kind, id: &impl std::fmt::Display) -> Self {
        self.touches.push(Ref::new(kind, id));
        self
    }
    fn noting(mut self, note: Option<&str>) -> Self {
        self.note = note.map(str::to_owned);
        self
    }
    fn detailing(mut self, detail: Value) -> Self {
        self.detail = detail;
        self
    }
    fn by_system(mut self) -> Self {
        self.actor = Actor::System;
        self
    }
}
